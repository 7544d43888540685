package sqlite

import (
	"context"
	"slices"

	"github.com/sonajobs/sona/storage"
)

// Get implements storage.Storage. Where the asker has the newest revision of everything, and it was read
// before, it costs one question whether anybody committed since.
func (s *Storage) Get(ctx context.Context, ws storage.WorkspaceID, want []storage.Want) ([]storage.Doc, error) {
	var docs []storage.Doc
	err := s.reading(ctx, func(c *conn) error {
		if len(want) == 0 {
			return nil
		}
		if len(want) == 1 && want[0].Have == 0 { // one statement is a consistent read by itself
			return s.alone(ctx, c, func() (err error) {
				docs, err = s.get(c, ws, want, false)
				return err
			})
		}
		if !slices.ContainsFunc(want, func(w storage.Want) bool { return w.Have > 0 }) {
			// Whoever has nothing needs all values; what to hold of it is seen when they ask again.
			return s.snapshot(ctx, c, func() (err error) {
				docs, err = s.get(c, ws, want, false)
				return err
			})
		}
		c.db.SetInterrupt(ctx) // until the next transaction
		version, err := c.version()
		if err != nil && !busy(err) {
			return explain(ctx, s.path, err)
		}
		if err == nil && version == c.seen.version {
			var ok bool
			if docs, ok = s.held.answer(s.shelves, ws, want, c.seen.head); ok {
				return nil
			}
		}
		return s.snapshot(ctx, c, func() error {
			err := s.held.catchUp(c)
			switch {
			case damaged(err): // the end of the feed: that is no reason to hide documents
				c.seen = seen{}
				docs, err = s.get(c, ws, want, false)
				return err
			case err != nil:
				return err
			}
			var ok bool
			if docs, ok = s.held.answer(s.shelves, ws, want, c.seen.head); !ok {
				docs, err = s.get(c, ws, want, len(want) <= heldWants)
			}
			return err
		})
	})
	if err != nil {
		return nil, err
	}
	return docs, nil
}

// get reads what is wanted from the file, and keeps what it found out if it should.
func (s *Storage) get(c *conn, ws storage.WorkspaceID, want []storage.Want, keep bool) ([]storage.Doc, error) {
	var (
		docs   = make([]storage.Doc, 0, len(want))
		found  = make(map[heldKey]*heldDoc, len(want))
		sh     shelf
		shKind storage.Kind
		err    error
	)
	for i, w := range once(want) {
		if i == 0 || shKind != w.Kind {
			shKind = w.Kind
			if sh, err = s.shelves.find(c, ws, w.Kind); err != nil {
				return nil, err
			}
		}
		if sh.n == 0 || !storage.Storable(w.ID) {
			continue
		}
		doc, there, err := c.newest(sh, w)
		if err != nil {
			return nil, err
		}
		if there {
			docs = append(docs, doc)
		}
		if keep {
			d := &heldDoc{doc: doc, absent: !there}
			d.doc.Value = nil
			d.doc.Unique, d.doc.Terms = slices.Clone(doc.Unique), slices.Clone(doc.Terms)
			found[heldKey{sh.n, w.ID}] = d
		}
	}
	if keep {
		s.held.keep(c.seen.head, found)
	}
	return docs, nil
}

// once returns each wanted document once. Who has two revisions of it gets the value.
func once(want []storage.Want) []storage.Want {
	place := make(map[storage.Ref]int, len(want))
	distinct := make([]storage.Want, 0, len(want))
	for _, w := range want {
		i, again := place[w.Ref]
		switch {
		case !again:
			place[w.Ref] = len(distinct)
			distinct = append(distinct, w)
		case distinct[i].Have != w.Have:
			distinct[i].Have = 0
		}
	}
	return distinct
}

const sqlGet = `SELECT ` + sqlRowUnless + `, d.n, d.revision FROM doc AS d CROSS JOIN revision AS r ON r.seq = d.seq WHERE d.shelf = ? AND d.id = ? AND d.deleted = 0`

// newest reads the newest revision of a document. One that is damaged comes back as broken.
func (c *conn) newest(sh shelf, w storage.Want) (storage.Doc, bool, error) {
	st := c.run(sqlGet)
	st.int(int64(w.Have))
	st.int(sh.n)
	st.text(w.ID)
	if !st.next() {
		if err := st.done(); err == nil || !damaged(err) {
			return storage.Doc{}, false, err
		}
		return c.newestBroken(sh, w.ID, "its page cannot be read")
	}
	r := row{ws: sh.ws, doc: st.ColumnInt64(rowColumns), d: storage.Doc{Ref: storage.Ref{Kind: sh.kind, ID: w.ID}, Revision: st.ColumnInt(rowColumns + 1)}}
	why := scan(&st, &r, r.d.Revision == w.Have)
	if err := st.done(); err != nil {
		return storage.Doc{}, false, err
	}
	if why != "" {
		return c.newestBroken(sh, w.ID, why)
	}
	return r.d, true, nil
}

// newestBroken returns a document whose newest revision is damaged.
func (c *conn) newestBroken(sh shelf, id, why string) (storage.Doc, bool, error) {
	st := c.run(sqlEntry)
	st.int(sh.n)
	st.text(id)
	if !st.next() || st.ColumnInt64(2) != 0 {
		return storage.Doc{}, false, st.done()
	}
	d := storage.Doc{Ref: storage.Ref{Kind: sh.kind, ID: id}, Revision: st.ColumnInt(1), Sort: st.ColumnText(4)}
	return broken(d, why), true, st.done()
}
