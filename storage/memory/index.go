package memory

import (
	"context"
	"iter"
	"slices"
	"strings"

	"github.com/sonajobs/sona/storage"
)

// index finds the newest, undeleted revisions of one kind: by key, by term, by unique string. Their Terms
// are sorted and without repeats (see own).
type index struct {
	all    sorted
	terms  map[string]*sorted
	unique map[string]*storage.Doc
}

func newIndex() *index {
	return &index{terms: map[string]*sorted{}, unique: map[string]*storage.Doc{}}
}

// holder returns another document that holds a unique string of d, nil if there is none.
func (ix *index) holder(d *storage.Doc) *storage.Doc {
	if ix == nil || d.Deleted {
		return nil
	}
	for _, s := range d.Unique {
		if h := ix.unique[s]; h != nil && h.ID != d.ID {
			return h
		}
	}
	return nil
}

// replace puts the new revision of a document in the place of the old one; either may be nil.
func (ix *index) replace(old, fresh *storage.Doc) {
	if old != nil && !old.Deleted {
		ix.remove(old)
	}
	if fresh != nil && !fresh.Deleted {
		ix.insert(fresh)
	}
}

func (ix *index) insert(d *storage.Doc) {
	ix.all.insert(d)
	for _, t := range d.Terms {
		set := ix.terms[t]
		if set == nil {
			set = &sorted{}
			ix.terms[t] = set
		}
		set.insert(d)
	}
	for _, s := range d.Unique {
		ix.unique[s] = d
	}
}

func (ix *index) remove(d *storage.Doc) {
	ix.all.remove(d)
	for _, t := range d.Terms {
		if set := ix.terms[t]; set != nil {
			set.remove(d)
			if set.len() == 0 {
				delete(ix.terms, t)
			}
		}
	}
	for _, s := range d.Unique {
		delete(ix.unique, s)
	}
}

// list walks the smallest set that has all answers, from the place where the first can stand to the place
// where the last can.
func (ix *index) list(ctx context.Context, q storage.Query) ([]storage.Doc, error) {
	set := ix.smallest(q.Terms)
	if set == nil {
		return nil, nil
	}
	docs := make([]storage.Doc, 0, min(q.Limit, set.len(), 256))
	looked := 0
	for d := range walk(set, q) {
		if looked++; looked%1_000 == 0 { // a scan for Contains may be long
			if err := ctx.Err(); err != nil {
				return nil, err
			}
		}
		if beyond(d, q) {
			break
		}
		if !matches(d, q) {
			continue
		}
		docs = append(docs, *d)
		if len(docs) == q.Limit {
			break
		}
	}
	return docs, nil
}

// smallest returns the smallest of the sets that the query intersects, nil if one of them is empty.
func (ix *index) smallest(terms []string) *sorted {
	set := &ix.all
	for _, t := range terms {
		of := ix.terms[t]
		if of == nil {
			return nil
		}
		if of.len() < set.len() {
			set = of
		}
	}
	return set
}

// walk yields the set in the query's direction from the first place that After, From and To allow.
func walk(set *sorted, q storage.Query) iter.Seq[*storage.Doc] {
	at := q.After
	if !q.Reverse {
		if at.Sort < q.From {
			at = storage.Key{Sort: q.From}
		}
		return set.up(at)
	}
	if q.To != "" && (at == storage.Key{} || at.Sort >= q.To) {
		at = storage.Key{Sort: q.To}
	}
	if at == (storage.Key{}) {
		return set.downAll
	}
	return set.down(at)
}

// beyond reports that no document from d on, in the query's direction, can lie in [From, To).
func beyond(d *storage.Doc, q storage.Query) bool {
	if q.Reverse {
		return d.Sort < q.From
	}
	return q.To != "" && d.Sort >= q.To
}

func matches(d *storage.Doc, q storage.Query) bool {
	if d.Key() == q.After || !strings.Contains(d.Sort, q.Contains) {
		return false
	}
	for _, t := range q.Terms {
		if _, has := slices.BinarySearch(d.Terms, t); !has {
			return false
		}
	}
	return true
}
