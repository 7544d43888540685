package sqlite

import (
	"sync"

	"github.com/sonajobs/sona/storage"
)

// A document has a number: its shelf's number and, in the low bits, a running one. So the documents of a
// shelf are a range of numbers.
const shelfBits = 40

func shelfOf(doc int64) int64 { return doc >> shelfBits }

// shelf is one kind of document in one workspace, as the file numbers it.
type shelf struct {
	n     int64 // 0: there is none
	ws    int64
	kind  storage.Kind
	named bool // gram knows its sort keys
}

// named reports whether the sort keys of a kind are names that people look for parts of: contract and
// Workspace say that those of calls and settings are not. It only decides what a new shelf costs and gains;
// the shelf remembers it.
func named(kind storage.Kind) bool { return kind != storage.KindCall && kind != storage.KindSettings }

// shelves remembers the numbers of workspaces and shelves, which never change once they are committed. Only
// readers fill it: a writer sees numbers that may be taken back and given to others.
type shelves struct {
	mu     sync.RWMutex
	spaces map[storage.WorkspaceID]int64
	byName map[shelfName]shelf
	byN    map[int64]shelf
}

func newShelves() *shelves {
	return &shelves{spaces: map[storage.WorkspaceID]int64{}, byName: map[shelfName]shelf{}, byN: map[int64]shelf{}}
}

// known returns the number of a workspace and a shelf in it, as far as they are remembered.
func (s *shelves) known(ws storage.WorkspaceID, kind storage.Kind) (int64, shelf) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	n := s.spaces[ws]
	return n, s.byName[shelfName{n, kind}]
}

type shelfName struct {
	ws   int64
	kind storage.Kind
}

const (
	sqlSpace     = `SELECT n FROM workspace WHERE name = ?`
	sqlSpaceName = `SELECT name FROM workspace WHERE n = ?`
	sqlAddSpace  = `INSERT INTO workspace (name) VALUES (?)`
	sqlShelf     = `SELECT n, named FROM shelf WHERE workspace = ? AND kind = ?`
	sqlShelfBy   = `SELECT workspace, kind, named FROM shelf WHERE n = ?`
	sqlAddShelf  = `INSERT INTO shelf (workspace, kind, named) VALUES (?, ?, ?)`
	sqlLastDoc   = `SELECT max(n) FROM doc WHERE n >= ? AND n < ?`
)

// space returns the number of a workspace, 0 if there is none.
func (s *shelves) space(c *conn, ws storage.WorkspaceID) (int64, error) {
	if n, _ := s.known(ws, ""); n > 0 {
		return n, nil
	}
	if !storage.Storable(string(ws)) {
		return 0, nil // SQLite ends a text at U+0000
	}
	n, err := readSpace(c, ws)
	if err == nil && n > 0 {
		s.mu.Lock()
		s.spaces[ws] = n
		s.mu.Unlock()
	}
	return n, err
}

func readSpace(c *conn, ws storage.WorkspaceID) (int64, error) {
	st := c.run(sqlSpace)
	st.text(string(ws))
	return st.number()
}

// find returns the shelf of a kind, one with the number 0 if there is none.
func (s *shelves) find(c *conn, ws storage.WorkspaceID, kind storage.Kind) (shelf, error) {
	if _, sh := s.known(ws, kind); sh.n > 0 {
		return sh, nil
	}
	space, err := s.space(c, ws)
	if err != nil || space == 0 || !storage.Storable(string(kind)) {
		return shelf{}, err
	}
	sh, err := readShelf(c, space, kind)
	if err == nil && sh.n > 0 {
		s.remember(sh)
	}
	return sh, err
}

func readShelf(c *conn, space int64, kind storage.Kind) (shelf, error) {
	st := c.run(sqlShelf)
	st.int(space)
	st.text(string(kind))
	sh := shelf{ws: space, kind: kind}
	if st.next() {
		sh.n, sh.named = st.ColumnInt64(0), st.ColumnInt64(1) == 1
	}
	return sh, st.done()
}

func (s *shelves) remember(sh shelf) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.byName[shelfName{sh.ws, sh.kind}] = sh
	s.byN[sh.n] = sh
}

// number returns the shelf with a number.
func (s *shelves) number(c *conn, n int64) (shelf, error) {
	s.mu.RLock()
	known, ok := s.byN[n]
	s.mu.RUnlock()
	if ok {
		return known, nil
	}
	st := c.run(sqlShelfBy)
	st.int(n)
	sh := shelf{}
	if st.next() {
		sh = shelf{n: n, ws: st.ColumnInt64(0), kind: storage.Kind(st.ColumnText(1)), named: st.ColumnInt64(2) == 1}
	}
	err := st.done()
	if err == nil && sh.n > 0 {
		s.remember(sh)
	}
	return sh, err
}

// opened are the shelves that one write transaction uses, with those that it made.
type opened struct {
	*shelves
	ws    storage.WorkspaceID
	space int64
	of    map[storage.Kind]shelf
}

// shelf returns the shelf of a kind and makes it, and the workspace, if there is none.
func (o *opened) shelf(c *conn, kind storage.Kind) (sh shelf, err error) {
	if sh, ok := o.of[kind]; ok {
		return sh, nil
	}
	if o.space == 0 {
		if o.space, err = o.workspace(c); err != nil {
			return shelf{}, err
		}
	}
	if _, sh = o.known(o.ws, kind); sh.n > 0 {
		o.of[kind] = sh
		return sh, nil
	}
	if sh, err = readShelf(c, o.space, kind); err != nil {
		return shelf{}, err
	}
	if sh.n == 0 {
		sh.named = named(kind)
		st := c.run(sqlAddShelf)
		st.int(o.space)
		st.text(string(kind))
		st.int(flag(sh.named))
		if err := st.exec(); err != nil {
			return shelf{}, err
		}
		sh.n = c.db.LastInsertRowID()
	}
	o.of[kind] = sh
	return sh, nil
}

func (o *opened) workspace(c *conn) (int64, error) {
	if n, _ := o.known(o.ws, ""); n > 0 {
		return n, nil
	}
	n, err := readSpace(c, o.ws)
	if err != nil || n > 0 {
		return n, err
	}
	st := c.run(sqlAddSpace)
	st.text(string(o.ws))
	if err := st.exec(); err != nil {
		return 0, err
	}
	return c.db.LastInsertRowID(), nil
}

func flag(b bool) int64 {
	if b {
		return 1
	}
	return 0
}
