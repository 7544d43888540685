package sqlite

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/sonajobs/sona/storage"
)

// List implements storage.Storage. A list by key or by one term costs what it returns, at any depth. One by
// several terms costs at most what its rarest term has. One by Contains: see the package.
func (s *Storage) List(ctx context.Context, ws storage.WorkspaceID, q storage.Query) ([]storage.Doc, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err := storage.CheckQuery(q); err != nil {
		return nil, err
	}
	var docs []storage.Doc
	err := s.consistently(ctx, func(c *conn) error {
		sh, err := s.shelves.find(c, ws, q.Kind)
		if err != nil || sh.n == 0 || longest(q) > storage.MaxKey {
			return err
		}
		docs, err = c.list(sh, q)
		return err
	})
	if err != nil {
		return nil, err
	}
	return docs, nil
}

// longest returns the length of the longest text that a document must have, to be in the list.
func longest(q storage.Query) int {
	n := len(q.Contains)
	for _, t := range q.Terms {
		n = max(n, len(t))
	}
	return n
}

func (c *conn) list(sh shelf, q storage.Query) ([]storage.Doc, error) {
	w := walkOf(sh, q)
	terms := distinct(q.Terms)
	if q.Contains != "" && sh.named {
		keys, rare, err := c.search(&w, terms)
		if err != nil {
			return nil, err
		}
		if rare {
			return c.load(sh, keys)
		}
	}
	switch len(terms) {
	case 0:
		return c.rows(&w)
	case 1:
		w.term = &terms[0]
		return c.rows(&w)
	}
	keys, err := c.intersect(&w, terms)
	if err != nil {
		return nil, err
	}
	return c.load(sh, keys)
}

// rows returns the documents of a walk, joined in one statement. When a page of the file is damaged they are
// read one by one, so that it costs only those on it.
func (c *conn) rows(w *walk) ([]storage.Doc, error) {
	st := w.begin(c, true)
	docs := make([]storage.Doc, 0, min(w.limit, 512))
	for st.next() {
		r := row{ws: w.shelf.ws, doc: st.ColumnInt64(rowColumns), d: storage.Doc{
			Ref: storage.Ref{Kind: w.shelf.kind, ID: st.ColumnText(rowColumns + 2)}, Revision: st.ColumnInt(rowColumns + 1),
		}}
		if why := scan(&st, &r, false); why != "" {
			if r.d, _, st.err = c.newestBroken(w.shelf, r.d.ID, why); st.err != nil {
				break
			}
		}
		docs = append(docs, r.d)
	}
	err := st.done()
	if err == nil {
		return docs, nil
	}
	if !damaged(err) {
		return nil, err
	}
	keys, err := c.keys(w)
	if err != nil {
		return nil, err
	}
	return c.load(w.shelf, keys)
}

// keys returns the keys of a walk.
func (c *conn) keys(w *walk) ([]storage.Key, error) {
	st := w.begin(c, false)
	var keys []storage.Key
	for st.next() {
		keys = append(keys, storage.Key{Sort: st.ColumnText(0), ID: st.ColumnText(1)})
	}
	return keys, st.done()
}

// load returns the documents with these keys, in their order.
func (c *conn) load(sh shelf, keys []storage.Key) ([]storage.Doc, error) {
	docs := make([]storage.Doc, 0, len(keys))
	for _, k := range keys {
		doc, there, err := c.newest(sh, storage.Want{Ref: storage.Ref{Kind: sh.kind, ID: k.ID}})
		if err != nil {
			return nil, err
		}
		if there {
			docs = append(docs, doc)
		}
	}
	return docs, nil
}

// intersect returns the keys of the documents that have all of several terms. It leaps: where one term has no
// document at a place, the next place is where that term goes on. So it makes at most as many steps, times
// the number of terms, as the rarest term has documents.
func (c *conn) intersect(w *walk, terms []string) ([]storage.Key, error) {
	var keys []storage.Key
	leap := *w
	leap.contains, leap.limit = "", 1
	for at, agree := 0, 0; len(keys) < w.limit; at = (at + 1) % len(terms) {
		leap.term = &terms[at]
		next, err := c.keys(&leap)
		if err != nil || len(next) == 0 {
			return keys, err
		}
		k := next[0]
		if start := leap.start(); start.edge == atKey && start.at == k {
			agree++
		} else {
			agree = 1
		}
		*leap.start() = bound{atKey, k}
		if agree < len(terms) {
			continue
		}
		if strings.Contains(k.Sort, w.contains) {
			keys = append(keys, k)
		}
		*leap.start() = bound{beyondKey, k}
	}
	return keys, nil
}

// start returns the bound where the walk begins.
func (w *walk) start() *bound {
	if w.reverse {
		return &w.upper
	}
	return &w.lower
}

func compare(a, b storage.Key) int {
	return cmp.Or(cmp.Compare(a.Sort, b.Sort), cmp.Compare(a.ID, b.ID))
}

// inOrder sorts keys as a walk meets them and cuts them at its limit.
func (w *walk) inOrder(keys []storage.Key) []storage.Key {
	slices.SortFunc(keys, compare)
	if w.reverse {
		slices.Reverse(keys)
	}
	return keys[:min(len(keys), w.limit)]
}
