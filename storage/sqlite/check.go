package sqlite

import (
	"context"
	"errors"
	"fmt"
	"math"

	"github.com/sonajobs/sona/storage"
)

const (
	checkDocs = 200   // documents that are checked in one read transaction
	mostBad   = 1_000 // errors that Check returns
)

const (
	sqlIntegrity = `PRAGMA integrity_check(100)`
	sqlShelves   = `SELECT min(n) FROM shelf WHERE n > ?`
	sqlDocs      = `SELECT id, n, revision, deleted, seq, sort FROM doc WHERE shelf = ? AND id > ? ORDER BY id LIMIT ?`
)

// Check reads the whole file and returns what is damaged: nil for nothing, else errors joined, of which each
// matches [ErrCorrupt], at most about 1,000. Those about a document are *[CorruptError] and name it. It looks at
// the pages and indexes as SQLite sees them, then at the checksums of every revision, and whether
// lists, terms and unique strings are those of the newest revisions.
//
// It takes seconds for each gigabyte, runs beside everything else and keeps one reader busy.
func (s *Storage) Check(ctx context.Context) error {
	s.longReads.Add(1)
	defer s.longReads.Add(-1)
	var bad []error
	err := s.consistently(ctx, func(c *conn) error {
		bad = nil
		st := c.run(sqlIntegrity)
		for st.next() {
			if text := st.ColumnText(0); text != "ok" {
				bad = append(bad, fmt.Errorf("sqlite: %s: %w: %s", s.path, ErrCorrupt, text))
			}
		}
		return st.done()
	})
	if err != nil && !damaged(err) {
		return err
	}
	if err != nil {
		bad = append(bad, err)
	}
	for n := int64(0); len(bad) < mostBad; {
		var sh shelf
		err := s.consistently(ctx, func(c *conn) error {
			st := c.run(sqlShelves)
			st.int(n)
			var err error
			if n, err = st.number(); err != nil || n == 0 {
				return err
			}
			sh, err = s.shelves.number(c, n)
			return err
		})
		if err != nil && !damaged(err) {
			return err
		}
		if err != nil {
			bad = append(bad, err)
		}
		if err != nil || n == 0 {
			break
		}
		found, err := s.checkShelf(ctx, sh, mostBad-len(bad))
		if err != nil {
			return err
		}
		bad = append(bad, found...)
	}
	return errors.Join(bad...)
}

// checkShelf checks the documents of a shelf, in pages.
func (s *Storage) checkShelf(ctx context.Context, sh shelf, most int) (bad []error, err error) {
	for last, more := "", true; more && len(bad) < most; {
		err := s.consistently(ctx, func(c *conn) error {
			docs, err := c.docsAfter(sh, last)
			if err != nil {
				return err
			}
			k := checker{conn: c, shelf: sh}
			if k.ws, err = c.spaceName(sh.ws); err != nil {
				return err
			}
			for _, d := range docs {
				last = d.id
				if err := k.document(d); err != nil {
					return err
				}
			}
			more = len(docs) == checkDocs
			bad = append(bad, k.bad...)
			return nil
		})
		if damaged(err) {
			return append(bad, err), nil // the pages of the shelf itself; SQLite's check says more
		}
		if err != nil {
			return nil, err
		}
	}
	return bad, nil
}

// listed is a row of table doc with its ID.
type listed struct {
	id string
	entry
}

func (c *conn) docsAfter(sh shelf, id string) ([]listed, error) {
	st := c.run(sqlDocs)
	st.int(sh.n)
	st.text(id)
	st.int(checkDocs)
	var docs []listed
	for st.next() {
		docs = append(docs, listed{st.ColumnText(0), entry{
			n: st.ColumnInt64(1), revision: st.ColumnInt64(2), deleted: st.ColumnInt64(3) != 0, seq: st.ColumnInt64(4), sort: st.ColumnText(5),
		}})
	}
	return docs, st.done()
}

func (c *conn) spaceName(n int64) (storage.WorkspaceID, error) {
	st := c.run(sqlSpaceName)
	st.int(n)
	name := ""
	if st.next() {
		name = st.ColumnText(0)
	}
	return storage.WorkspaceID(name), st.done()
}

// checker checks documents of one shelf.
type checker struct {
	*conn
	shelf shelf
	ws    storage.WorkspaceID
	bad   []error
}

func (k *checker) report(id string, revision int, why string) {
	k.bad = append(k.bad, &CorruptError{k.ws, storage.Ref{Kind: k.shelf.kind, ID: id}, revision, why})
}

// document checks all revisions of a document, and that what finds it agrees with the newest.
func (k *checker) document(d listed) error {
	ref := storage.Ref{Kind: k.shelf.kind, ID: d.id}
	places, err := k.places(d.n, math.MaxInt, math.MaxInt)
	if err != nil {
		return err
	}
	if len(places) == 0 || places[0] != (place{int(d.revision), d.seq}) || len(places) != int(d.revision) {
		k.report(d.id, 0, "its revisions are not all there")
	}
	for i, p := range places {
		doc, why, err := k.place(k.shelf, ref, d.n, p)
		if err != nil {
			return err
		}
		if why != "" {
			k.report(d.id, p.revision, why)
			continue
		}
		if i == 0 {
			if err := k.found(d, doc); err != nil {
				return err
			}
		}
	}
	return nil
}

// found checks that lists, terms and unique strings find the newest revision.
func (k *checker) found(d listed, newest storage.Doc) error {
	if newest.Sort != d.sort || newest.Deleted != d.deleted {
		k.report(d.id, newest.Revision, "lists show another revision")
	}
	if newest.Deleted {
		return nil
	}
	key := storage.Key{Sort: newest.Sort, ID: d.id}
	if has, err := k.hasTerms(k.shelf, key, newest.Terms); err != nil {
		return err
	} else if !has {
		k.report(d.id, newest.Revision, "a term does not find it")
	}
	for _, s := range newest.Unique {
		holder, held, err := k.holder(k.shelf, s)
		if err != nil {
			return err
		}
		if !held || holder != d.id {
			k.report(d.id, newest.Revision, "it does not hold a unique string of its own")
		}
	}
	return nil
}
