package sqlite

import (
	"strings"

	"github.com/sonajobs/sona/storage"
)

// edge says where a walk through an index begins or ends.
type edge int

const (
	open      edge = iota // at the end of the shelf or term
	atSort                // the lower end: at this sort key; the upper end: below it
	beyondKey             // strictly beyond this key, in the direction away from it
	atKey                 // at this key or beyond it
)

// bound is one end of a walk, with its place.
type bound struct {
	edge edge
	at   storage.Key
}

// shape is what decides the text of a statement that walks through a list. Everything else is bound. There are
// so few shapes that every connection keeps all that it met.
type shape struct {
	term         bool // through the documents of one term, else through the shelf
	lower, upper edge
	contains     bool // only where the sort key contains something
	reverse      bool
	rows         bool // with their revisions, else keys only
}

// sql returns the text. The order of its parameters is that of walk.bind.
func (s shape) sql() string {
	var b strings.Builder
	b.WriteString(`SELECT `)
	switch {
	case s.rows:
		b.WriteString(sqlRowValue + `, d.n, d.revision, k.id`)
	default:
		b.WriteString(`k.sort, k.id`)
	}
	switch {
	case s.term && s.rows:
		b.WriteString(` FROM term AS k CROSS JOIN doc AS d ON d.shelf = k.shelf AND d.id = k.id`)
	case s.term:
		b.WriteString(` FROM term AS k`)
	case s.rows:
		b.WriteString(` FROM doc AS k INDEXED BY doc_sort CROSS JOIN doc AS d ON d.shelf = k.shelf AND d.id = k.id`)
	default:
		b.WriteString(` FROM doc AS k INDEXED BY doc_sort`)
	}
	if s.rows {
		b.WriteString(` CROSS JOIN revision AS r ON r.seq = d.seq`)
	}
	if s.term {
		b.WriteString(` WHERE k.shelf = ? AND k.term = ?`)
	} else {
		b.WriteString(` WHERE k.shelf = ? AND k.deleted = 0`)
	}
	b.WriteString(map[edge]string{
		atSort: ` AND k.sort >= ?`, beyondKey: ` AND (k.sort, k.id) > (?, ?)`, atKey: ` AND (k.sort, k.id) >= (?, ?)`,
	}[s.lower])
	b.WriteString(map[edge]string{
		atSort: ` AND k.sort < ?`, beyondKey: ` AND (k.sort, k.id) < (?, ?)`, atKey: ` AND (k.sort, k.id) <= (?, ?)`,
	}[s.upper])
	if s.contains {
		b.WriteString(` AND instr(k.sort, ?) > 0`)
	}
	if s.reverse {
		b.WriteString(` ORDER BY k.sort DESC, k.id DESC LIMIT ?`)
	} else {
		b.WriteString(` ORDER BY k.sort, k.id LIMIT ?`)
	}
	return b.String()
}

// shapes returns all shapes that a walk can have.
func shapes() []shape {
	var all []shape
	flags := []bool{false, true}
	for _, term := range flags {
		for lower := open; lower <= atKey; lower++ {
			for upper := open; upper <= atKey; upper++ {
				for _, contains := range flags {
					for _, reverse := range flags {
						for _, rows := range flags {
							all = append(all, shape{term, lower, upper, contains, reverse, rows})
						}
					}
				}
			}
		}
	}
	return all
}

// texts are the statements of all shapes, made once.
var texts = func() map[shape]string {
	m := map[shape]string{}
	for _, s := range shapes() {
		m[s] = s.sql()
	}
	return m
}()

// walk is one run through a list, in the order of keys.
type walk struct {
	shelf        shelf
	term         *string
	lower, upper bound
	contains     string
	reverse      bool
	limit        int
}

// walkOf returns the walk that a query asks for, without its terms.
func walkOf(sh shelf, q storage.Query) walk {
	w := walk{shelf: sh, contains: q.Contains, reverse: q.Reverse, limit: q.Limit}
	if q.From != "" {
		w.lower = bound{atSort, storage.Key{Sort: q.From}}
	}
	if q.To != "" {
		w.upper = bound{atSort, storage.Key{Sort: q.To}}
	}
	switch {
	case q.After == storage.Key{}:
	case !q.Reverse && q.After.Sort >= q.From:
		w.lower = bound{beyondKey, q.After}
	case q.Reverse && (q.To == "" || q.After.Sort < q.To):
		w.upper = bound{beyondKey, q.After}
	}
	return w
}

// holds reports whether a key lies between the bounds.
func (w *walk) holds(k storage.Key) bool { return w.aboveLower(k) && w.belowUpper(k) }

func (w *walk) aboveLower(k storage.Key) bool {
	switch w.lower.edge {
	case atSort:
		return k.Sort >= w.lower.at.Sort
	case beyondKey:
		return compare(k, w.lower.at) > 0
	case atKey:
		return compare(k, w.lower.at) >= 0
	case open:
	}
	return true
}

func (w *walk) belowUpper(k storage.Key) bool {
	switch w.upper.edge {
	case atSort:
		return k.Sort < w.upper.at.Sort
	case beyondKey:
		return compare(k, w.upper.at) < 0
	case atKey:
		return compare(k, w.upper.at) <= 0
	case open:
	}
	return true
}

// begin begins the run on a connection.
func (w *walk) begin(c *conn, rows bool) statement {
	st := c.run(texts[shape{w.term != nil, w.lower.edge, w.upper.edge, w.contains != "", w.reverse, rows}])
	st.int(w.shelf.n)
	if w.term != nil {
		st.text(*w.term)
	}
	for _, b := range []bound{w.lower, w.upper} {
		switch b.edge {
		case atSort:
			st.text(b.at.Sort)
		case beyondKey, atKey:
			st.text(b.at.Sort)
			st.text(b.at.ID)
		case open:
		}
	}
	if w.contains != "" {
		st.text(w.contains)
	}
	st.int(int64(w.limit))
	return st
}
