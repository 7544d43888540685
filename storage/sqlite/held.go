package sqlite

import (
	"slices"
	"sync"

	"github.com/sonajobs/sona/storage"
)

const (
	heldBytes = 16 << 20 // of documents without their values
	heldWants = 128      // a Get of more is an import or an export, and would push out what calls begin with
	heldSync  = 1_000    // so many revisions are looked at to catch up; after more everything is dropped
)

// held keeps what Get said about documents, without their values: the newest revision, or that there is none. It
// is what the file holds at one place of the feed, at. A Get that asks only for revisions that the asker has is
// answered from here, after the file said that its feed ends at that place.
type held struct {
	mu    sync.RWMutex
	at    int64
	docs  map[heldKey]*heldDoc
	bytes int
	most  int
}

type heldKey struct {
	shelf int64
	id    string
}

type heldDoc struct {
	doc    storage.Doc // without the value
	absent bool        // there is none, or it is deleted
	bytes  int
}

func newHeld(most int) *held { return &held{docs: map[heldKey]*heldDoc{}, most: most} }

// seen is what a connection saw last: while SQLite gives the same version the feed ends at the same place.
type seen struct {
	version int64 // 0: nothing yet
	head    int64
}

const sqlVersion = `PRAGMA data_version`

// version returns SQLite's number for the state of the file, which changes when anybody else commits. It is
// never 0.
func (c *conn) version() (int64, error) {
	st := c.run(sqlVersion)
	n, err := st.number()
	return n + 1, err
}

// answer returns what is wanted if it is held as the file has it at head or later, and no value is needed.
func (h *held) answer(s *shelves, ws storage.WorkspaceID, want []storage.Want, head int64) ([]storage.Doc, bool) {
	if len(want) > heldWants {
		return nil, false
	}
	h.mu.RLock()
	defer h.mu.RUnlock()
	if h.at < head {
		return nil, false
	}
	var (
		space [heldWants]*heldDoc
		found = space[:0]
		sh    shelf
	)
	for i := range want {
		w := &want[i]
		if sh.n == 0 || sh.kind != w.Kind {
			if _, sh = s.known(ws, w.Kind); sh.n == 0 {
				return nil, false
			}
		}
		d := h.docs[heldKey{sh.n, w.ID}]
		if d == nil {
			return nil, false
		}
		if d.absent {
			continue
		}
		if d.doc.Revision != w.Have {
			return nil, false
		}
		if !slices.Contains(found, d) {
			found = append(found, d)
		}
	}
	docs := make([]storage.Doc, len(found))
	for i, d := range found {
		docs[i] = d.doc
		docs[i].Unique, docs[i].Terms = slices.Clone(d.doc.Unique), slices.Clone(d.doc.Terms)
	}
	return docs, true
}

// catchUp brings h to the state of the file that the running read transaction sees, and c with it.
func (h *held) catchUp(c *conn) error {
	version, err := c.version()
	if err != nil || version == c.seen.version {
		return err
	}
	head, err := c.head()
	if err != nil {
		return err
	}
	if head == c.seen.head && c.seen.version != 0 {
		h.clear(head) // somebody committed, and put nothing: no business of ours, so nothing is sure
	} else if err := h.follow(c, head); err != nil {
		return err
	}
	c.seen = seen{version, head}
	return nil
}

const sqlSince = `SELECT doc, id FROM revision WHERE seq > ? ORDER BY seq LIMIT ?`

// follow drops what was put since.
func (h *held) follow(c *conn, head int64) error {
	h.mu.RLock()
	from := h.at
	h.mu.RUnlock()
	if from >= head {
		return nil
	}
	if head-from > heldSync {
		h.clear(head)
		return nil
	}
	st := c.run(sqlSince)
	st.int(from)
	st.int(heldSync)
	var keys []heldKey
	for st.next() {
		keys = append(keys, heldKey{shelfOf(st.ColumnInt64(0)), st.ColumnText(1)})
	}
	if err := st.done(); err != nil {
		return err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.at >= head {
		return nil // others were faster
	}
	for _, key := range keys {
		h.drop(key)
	}
	h.at = head
	return nil
}

func (h *held) clear(head int64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	clear(h.docs)
	h.bytes, h.at = 0, max(h.at, head)
}

func (h *held) drop(key heldKey) {
	if d := h.docs[key]; d != nil {
		h.bytes -= d.bytes
		delete(h.docs, key)
	}
}

// committed drops what this process put. The revisions have the numbers first to last.
func (h *held) committed(of map[storage.Kind]shelf, docs []storage.Doc, first, last int64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for i := range docs {
		h.drop(heldKey{of[docs[i].Kind].n, docs[i].ID})
	}
	if h.at == first-1 {
		h.at = last // else somebody else put something before, which follow will find
	}
}

// keep holds what a read transaction found out, if that is still how it is.
func (h *held) keep(head int64, found map[heldKey]*heldDoc) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.at != head {
		return
	}
	for key, d := range found {
		h.drop(key)
		d.bytes = 400 + len(key.id) + len(d.doc.By) + len(d.doc.Note) + len(d.doc.Sort)
		for _, set := range [][]string{d.doc.Unique, d.doc.Terms} {
			for _, s := range set {
				d.bytes += 16 + len(s)
			}
		}
		h.docs[key] = d
		h.bytes += d.bytes
	}
	for key := range h.docs { // in no order
		if h.bytes <= h.most {
			break
		}
		h.drop(key)
	}
}
