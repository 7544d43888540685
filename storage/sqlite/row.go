package sqlite

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"slices"
	"strings"
	"time"

	"github.com/sonajobs/sona/storage"
)

// row is one row of table revision. What is known before it is read, from the key that led to it, is not read
// again: the checksum says whether it is so.
type row struct {
	ws, doc    int64       // known
	d          storage.Doc // Ref and Revision are known
	uniques    []byte      // packed; of a row that was read they are SQLite's memory until the next step
	terms      []byte
	head, body int64
}

// The columns that scan reads of a revision r. The value, which comes last, is left out for somebody who has the
// revision that is bound there, so that its pages are not read.
const (
	sqlRow       = `r.deleted, r.at, r.author, r.note, r.sort, r.uniques, r.terms, r.head, r.body, `
	sqlRowValue  = sqlRow + `r.value`
	sqlRowUnless = sqlRow + `CASE r.revision WHEN ? THEN NULL ELSE r.value END`
	rowColumns   = 10
)

// scan reads the row that st stands on, the first columns, into what is known of it. It returns what is
// damaged, "" if nothing is. With leftOut the value was not read.
func scan(st *statement, r *row, leftOut bool) (why string) {
	r.d.Deleted = st.ColumnInt64(0) != 0
	r.d.At = time.UnixMicro(st.ColumnInt64(1)).UTC()
	r.d.By, r.d.Note, r.d.Sort = st.ColumnText(2), st.ColumnText(3), st.ColumnText(4)
	r.uniques, r.terms = st.ColumnRawBlob(5), st.ColumnRawBlob(6)
	r.head, r.body = st.ColumnInt64(7), st.ColumnInt64(8)
	if raw := st.ColumnRawBlob(9); len(raw) > 0 {
		r.d.Value = append(make([]byte, 0, len(raw)), raw...) // no byte more than that
	}
	if why = r.why(leftOut); why != "" {
		return why
	}
	var err error
	if r.d.Unique, err = unpack(r.uniques); err == nil {
		r.d.Terms, err = unpack(r.terms)
	}
	if err != nil {
		return err.Error()
	}
	return ""
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

func checksum(b []byte) int64 { return int64(crc32.Checksum(b, castagnoli)) }

// headSum is the checksum of everything but the value. It is of the row as it stands, so that what was written
// by an older version keeps its sum.
func (r *row) headSum() int64 {
	var space [512]byte
	b := space[:0]
	for _, n := range []int64{r.ws, r.doc, int64(r.d.Revision), flag(r.d.Deleted), r.d.At.UnixMicro()} {
		b = binary.BigEndian.AppendUint64(b, uint64(n))
	}
	for _, s := range []string{r.d.ID, r.d.By, r.d.Note, r.d.Sort} {
		b = append(append(b, s...), 0)
	}
	b = append(append(append(b, r.uniques...), 0xff), r.terms...)
	return checksum(b)
}

// why says what is damaged in the row, "" if nothing is. A value that was left out is not looked at.
func (r *row) why(leftOut bool) string {
	switch {
	case r.head != r.headSum():
		return "what is said about the value is not as it was put"
	case !leftOut && r.body != checksum(r.d.Value):
		return "the value is not as it was put"
	}
	return ""
}

// pack writes a set of strings as one blob: each with a zero byte behind it, which no storable string has
// inside. They are sorted and without repeats, so equal sets are equal bytes.
func pack(set []string) []byte {
	if len(set) == 0 {
		return nil
	}
	size := 0
	for _, s := range set {
		size += len(s) + 1
	}
	b := make([]byte, 0, size)
	for _, s := range set {
		b = append(append(b, s...), 0)
	}
	return b
}

var errNoSet = errors.New("a set of strings has no end")

// unpack reads what pack wrote.
func unpack(b []byte) ([]string, error) {
	if len(b) == 0 {
		return nil, nil
	}
	if b[len(b)-1] != 0 {
		return nil, errNoSet
	}
	return strings.Split(string(b[:len(b)-1]), "\x00"), nil
}

// distinct returns the strings of a set in order, each once.
func distinct(set []string) []string {
	if len(set) == 0 {
		return nil
	}
	set = slices.Clone(set)
	slices.Sort(set)
	return slices.Compact(set)
}

// broken returns the document that stands for a damaged one: what is known of it, and a value that is no JSON.
func broken(d storage.Doc, why string) storage.Doc {
	d.Value = []byte(fmt.Sprintf("%v revision %d: %v: %s", d.Ref, d.Revision, ErrCorrupt, why))
	return d
}

const sqlHead = `SELECT max(seq) FROM revision`

// head returns the last place in the feed of all workspaces, 0 if nothing was ever put.
func (c *conn) head() (int64, error) {
	st := c.run(sqlHead)
	return st.number()
}
