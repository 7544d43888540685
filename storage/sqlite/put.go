package sqlite

import (
	"context"
	"errors"
	"fmt"

	"github.com/sonajobs/sona/storage"
)

// Put implements storage.Storage. A value of more than [MaxValue] bytes is refused. The errors of the file are
// [ErrBusy], [ErrFull], [ErrReadOnly], [ErrCorrupt], *[SchemaError] and [ErrClosed]: nothing was written.
func (s *Storage) Put(ctx context.Context, ws storage.WorkspaceID, docs []storage.Doc) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := storage.CheckPut(ws, docs); err != nil {
		return err
	}
	for i := range docs {
		if n := len(docs[i].Value); n > MaxValue {
			return fmt.Errorf("%v: value: %d bytes: at most %d", docs[i].Ref, n, MaxValue)
		}
	}
	if len(docs) == 0 {
		return nil
	}
	p := put{shelves: opened{shelves: s.shelves, ws: ws, of: map[storage.Kind]shelf{}}, next: map[int64]int64{}}
	err := s.writing(ctx, func(c *conn) error {
		if err := sameSchema(c, len(migrations())); err != nil {
			return err
		}
		p.conn = c
		for i := range docs {
			if err := p.append(&docs[i]); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		s.held.committed(p.shelves.of, docs, p.first, p.last)
	}
	return err
}

// put is one write transaction of Put.
type put struct {
	*conn
	shelves     opened
	next        map[int64]int64 // shelf → the number of its next new document
	first, last int64           // seq of the first and the last revision
}

// entry is the row of table doc, with the sets of the revision that it names.
type entry struct {
	n        int64 // 0: there is none
	revision int64
	deleted  bool
	seq      int64
	sort     string
	uniques  []string
	terms    []string
}

const (
	sqlEntry     = `SELECT n, revision, deleted, seq, sort FROM doc WHERE shelf = ? AND id = ?`
	sqlSets      = `SELECT uniques, terms FROM revision WHERE seq = ?`
	sqlAddDoc    = `INSERT INTO doc (shelf, id, n, revision, deleted, seq, sort) VALUES (?, ?, ?, ?, ?, ?, ?)`
	sqlMoveDoc   = `UPDATE doc SET revision = ?, deleted = ?, seq = ? WHERE shelf = ? AND id = ?`
	sqlSortDoc   = `UPDATE doc SET sort = ? WHERE shelf = ? AND id = ?`
	sqlAddRow    = `INSERT INTO revision (workspace, doc, id, revision, deleted, at, author, note, sort, uniques, terms, head, body, value) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
	sqlErase     = `UPDATE revision SET value = x'', body = 0 WHERE doc = ? AND revision < ? AND length(value) > 0`
	sqlHolder    = `SELECT id FROM holder WHERE shelf = ? AND name = ?`
	sqlAddHolder = `INSERT INTO holder (shelf, name, id) VALUES (?, ?, ?)`
	sqlDelHolder = `DELETE FROM holder WHERE shelf = ? AND name = ?`
	sqlAddTerm   = `INSERT INTO term (shelf, term, sort, id) VALUES (?, ?, ?, ?)`
	sqlDelTerm   = `DELETE FROM term WHERE shelf = ? AND term = ? AND sort = ? AND id = ?`
	sqlAddGram   = `INSERT INTO gram (rowid, name) VALUES (?, ?)`
	sqlDelGram   = `INSERT INTO gram (gram, rowid, name) VALUES ('delete', ?, ?)`
)

// gramEnd is what follows a name in gram, so that its last characters too begin a sequence of three.
const gramEnd = "\x01\x01"

// append makes d the newest revision of its document.
func (p *put) append(d *storage.Doc) error {
	sh, err := p.shelves.shelf(p.conn, d.Kind)
	if err != nil {
		return err
	}
	old, err := p.entry(sh, d.ID)
	if err != nil {
		return err
	}
	if int64(d.Revision) != old.revision+1 {
		return &storage.RefError{Ref: d.Ref, Err: storage.ErrConflict}
	}
	fresh := entry{n: old.n, revision: int64(d.Revision), deleted: d.Deleted, sort: d.Sort}
	uniques, terms := distinct(d.Unique), distinct(d.Terms)
	if !d.Deleted {
		if err := p.free(sh, d, uniques); err != nil {
			return err
		}
		fresh.uniques, fresh.terms = uniques, terms
	}
	if fresh.n == 0 {
		if fresh.n, err = p.number(sh); err != nil {
			return err
		}
	}
	r := row{ws: sh.ws, doc: fresh.n, d: *d, uniques: pack(uniques), terms: pack(terms)}
	if fresh.seq, err = p.insert(&r); err != nil {
		return err
	}
	if err := p.index(sh, d.ID, old, fresh); err != nil {
		return err
	}
	if d.Deleted && len(d.Value) == 0 {
		p.erased()
		st := p.run(sqlErase)
		st.int(fresh.n)
		st.int(fresh.revision)
		return st.exec()
	}
	return nil
}

// entry reads what stands there now. A tombstone has no sets that matter.
func (p *put) entry(sh shelf, id string) (entry, error) {
	st := p.run(sqlEntry)
	st.int(sh.n)
	st.text(id)
	var e entry
	if st.next() {
		e = entry{n: st.ColumnInt64(0), revision: st.ColumnInt64(1), deleted: st.ColumnInt64(2) != 0, seq: st.ColumnInt64(3), sort: st.ColumnText(4)}
	}
	if err := st.done(); err != nil || e.n == 0 || e.deleted {
		return e, err
	}
	st = p.run(sqlSets)
	st.int(e.seq)
	if !st.next() {
		if err := st.done(); err != nil {
			return e, err
		}
		return e, p.corrupt(sh, id, e, "it is not there")
	}
	uniques, err := unpack(st.ColumnRawBlob(0))
	terms, errTerms := unpack(st.ColumnRawBlob(1))
	e.uniques, e.terms = uniques, terms
	if err := st.done(); err != nil {
		if damaged(err) {
			err = p.corrupt(sh, id, e, "its page cannot be read")
		}
		return e, err
	}
	if err = errors.Join(err, errTerms); err != nil {
		err = p.corrupt(sh, id, e, err.Error())
	}
	return e, err
}

// corrupt is the error for a document of which it is not known what finds it, so that nothing can be put in its place.
func (p *put) corrupt(sh shelf, id string, e entry, why string) error {
	return &CorruptError{p.shelves.ws, storage.Ref{Kind: sh.kind, ID: id}, int(e.revision), why}
}

// free asserts that nobody else holds the strings of d.
func (p *put) free(sh shelf, d *storage.Doc, uniques []string) error {
	for _, s := range uniques {
		holder, held, err := p.holder(sh, s)
		if err != nil {
			return err
		}
		if held && holder != d.ID {
			return &storage.RefError{Ref: storage.Ref{Kind: d.Kind, ID: holder}, Err: storage.ErrTaken}
		}
	}
	return nil
}

// holder returns the document that holds a unique string.
func (c *conn) holder(sh shelf, name string) (id string, held bool, err error) {
	st := c.run(sqlHolder)
	st.int(sh.n)
	st.text(name)
	if held = st.next(); held {
		id = st.ColumnText(0)
	}
	return id, held, st.done()
}

// number returns the number of a new document.
func (p *put) number(sh shelf) (int64, error) {
	n := p.next[sh.n]
	if n == 0 {
		last, err := p.lastNumber(sh)
		if err != nil {
			return 0, err
		}
		n = last + 1
	}
	p.next[sh.n] = n + 1
	return n, nil
}

// lastNumber returns the highest number of a document on the shelf; that of the shelf itself if it is empty.
func (c *conn) lastNumber(sh shelf) (int64, error) {
	first := sh.n << shelfBits
	st := c.run(sqlLastDoc)
	st.int(first)
	st.int(first + 1<<shelfBits)
	last, err := st.number()
	return max(first, last), err
}

func (p *put) insert(r *row) (int64, error) {
	st := p.run(sqlAddRow)
	st.int(r.ws)
	st.int(r.doc)
	st.text(r.d.ID)
	st.int(int64(r.d.Revision))
	st.int(flag(r.d.Deleted))
	st.int(r.d.At.UnixMicro())
	st.text(r.d.By)
	st.text(r.d.Note)
	st.text(r.d.Sort)
	st.blob(r.uniques)
	st.blob(r.terms)
	st.int(r.headSum())
	st.int(checksum(r.d.Value))
	st.blob(r.d.Value)
	if err := st.exec(); err != nil {
		return 0, err
	}
	if len(r.d.Value) > 1<<20 {
		if err := st.ClearBindings(); err != nil { // it holds a copy
			return 0, err
		}
	}
	seq := p.db.LastInsertRowID()
	if p.first == 0 {
		p.first = seq
	}
	p.last = seq
	return seq, nil
}
