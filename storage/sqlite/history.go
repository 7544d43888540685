package sqlite

import (
	"context"
	"math"
	"time"

	"github.com/sonajobs/sona/storage"
)

const (
	sqlHistory = `SELECT ` + sqlRowValue + `, r.revision FROM revision AS r WHERE r.doc = ? AND r.revision < ? ORDER BY r.revision DESC LIMIT ?`
	sqlPlaces  = `SELECT revision, seq FROM revision WHERE doc = ? AND revision < ? ORDER BY revision DESC LIMIT ?`
	sqlPlace   = `SELECT ` + sqlRowValue + ` FROM revision AS r WHERE r.seq = ?`
	sqlChanges = `SELECT seq, doc, id, revision, deleted, at, author FROM revision INDEXED BY revision_feed WHERE workspace = ? AND seq > ? ORDER BY seq LIMIT ?`
)

// History implements storage.Storage.
func (s *Storage) History(ctx context.Context, ws storage.WorkspaceID, ref storage.Ref, before, limit int) ([]storage.Doc, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err := storage.CheckLimit(limit); err != nil {
		return nil, err
	}
	var docs []storage.Doc
	err := s.consistently(ctx, func(c *conn) error {
		sh, err := s.shelves.find(c, ws, ref.Kind)
		if err != nil || sh.n == 0 || !storage.Storable(ref.ID) {
			return err
		}
		st := c.run(sqlEntry)
		st.int(sh.n)
		st.text(ref.ID)
		n, err := st.number()
		if err != nil || n == 0 {
			return err
		}
		if before <= 0 {
			before = math.MaxInt
		}
		docs, err = c.history(sh, ref, n, before, limit)
		if damaged(err) {
			docs, err = c.historyBroken(sh, ref, n, before, limit)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return docs, nil
}

func (c *conn) history(sh shelf, ref storage.Ref, n int64, before, limit int) ([]storage.Doc, error) {
	st := c.run(sqlHistory)
	st.int(n)
	st.int(int64(before))
	st.int(int64(limit))
	var docs []storage.Doc
	for st.next() {
		r := row{ws: sh.ws, doc: n, d: storage.Doc{Ref: ref, Revision: st.ColumnInt(rowColumns)}}
		if why := scan(&st, &r, false); why != "" {
			r.d = broken(storage.Doc{Ref: ref, Revision: r.d.Revision}, why)
		}
		docs = append(docs, r.d)
	}
	return docs, st.done()
}

// historyBroken is history where a page of the file is damaged: it reads row by row.
func (c *conn) historyBroken(sh shelf, ref storage.Ref, n int64, before, limit int) ([]storage.Doc, error) {
	places, err := c.places(n, before, limit)
	if err != nil {
		return nil, err
	}
	docs := make([]storage.Doc, 0, len(places))
	for _, p := range places {
		doc, why, err := c.place(sh, ref, n, p)
		if err != nil {
			return nil, err
		}
		if why != "" {
			doc = broken(storage.Doc{Ref: ref, Revision: p.revision}, why)
		}
		docs = append(docs, doc)
	}
	return docs, nil
}

// place is where a revision stands.
type place struct {
	revision int
	seq      int64
}

// places returns where the revisions of a document stand, newest first.
func (c *conn) places(n int64, before, limit int) ([]place, error) {
	st := c.run(sqlPlaces)
	st.int(n)
	st.int(int64(before))
	st.int(int64(limit))
	var places []place
	for st.next() {
		places = append(places, place{st.ColumnInt(0), st.ColumnInt64(1)})
	}
	return places, st.done()
}

// place returns the revision of document number n that stands there, or what is damaged.
func (c *conn) place(sh shelf, ref storage.Ref, n int64, p place) (d storage.Doc, why string, err error) {
	st := c.run(sqlPlace)
	st.int(p.seq)
	r := row{ws: sh.ws, doc: n, d: storage.Doc{Ref: ref, Revision: p.revision}}
	why = "its page cannot be read"
	if st.next() {
		why = scan(&st, &r, false)
	}
	if err := st.done(); err != nil && !damaged(err) {
		return storage.Doc{}, "", err
	}
	return r.d, why, nil
}

// Changes implements storage.Storage. The numbers of all workspaces of a file are one row: those of one
// workspace have gaps.
func (s *Storage) Changes(ctx context.Context, ws storage.WorkspaceID, after storage.Seq, limit int) ([]storage.Change, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err := storage.CheckLimit(limit); err != nil {
		return nil, err
	}
	var changes []storage.Change
	err := s.consistently(ctx, func(c *conn) error {
		changes = nil
		space, err := s.shelves.space(c, ws)
		if err != nil || space == 0 {
			return err
		}
		st := c.run(sqlChanges)
		st.int(space)
		st.int(max(0, int64(after)))
		st.int(int64(limit))
		var shelves []int64
		for st.next() {
			shelves = append(shelves, shelfOf(st.ColumnInt64(1)))
			changes = append(changes, storage.Change{
				Seq: storage.Seq(st.ColumnInt64(0)), Ref: storage.Ref{ID: st.ColumnText(2)}, Revision: st.ColumnInt(3),
				Deleted: st.ColumnInt64(4) != 0, At: time.UnixMicro(st.ColumnInt64(5)).UTC(), By: st.ColumnText(6),
			})
		}
		if err := st.done(); err != nil {
			return err
		}
		for i, n := range shelves {
			sh, err := s.shelves.number(c, n)
			if err != nil {
				return err
			}
			changes[i].Ref.Kind = sh.kind
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return changes, nil
}
