package storagetest

import (
	"slices"
	"strings"
	"time"

	"github.com/sonajobs/sona/storage"
)

// model is the contract once more, as plainly as it can be said: a log of all revisions of one workspace,
// scanned for every question. The suite compares drivers with it.
type model struct {
	log []storage.Doc
}

// newest returns the newest revision of ref, tombstones too.
func (m *model) newest(ref storage.Ref) (newest storage.Doc, found bool) {
	for _, d := range m.log {
		if d.Ref == ref {
			newest, found = d, true
		}
	}
	return newest, found
}

// alive returns the newest, undeleted revisions of a kind in the order of their keys.
func (m *model) alive(k storage.Kind) []storage.Doc {
	newest := map[storage.Ref]int{}
	for _, d := range m.log {
		newest[d.Ref] = d.Revision
	}
	var alive []storage.Doc
	for _, d := range m.log {
		if d.Kind == k && d.Revision == newest[d.Ref] && !d.Deleted {
			alive = append(alive, d)
		}
	}
	slices.SortFunc(alive, func(a, b storage.Doc) int {
		return strings.Compare(a.Sort+"\x00"+a.ID, b.Sort+"\x00"+b.ID)
	})
	return alive
}

func (m *model) get(want []storage.Want) []storage.Doc {
	var found []storage.Doc
	for _, w := range want {
		if d, ok := m.newest(w.Ref); ok && !d.Deleted {
			found = append(found, d)
		}
	}
	return found
}

func (m *model) list(q storage.Query) []storage.Doc {
	docs := m.alive(q.Kind)
	if q.Reverse {
		slices.Reverse(docs)
	}
	var found []storage.Doc
	for _, d := range docs {
		key, after := d.Sort+"\x00"+d.ID, q.After.Sort+"\x00"+q.After.ID
		beyond := q.After == storage.Key{} || !q.Reverse && key > after || q.Reverse && key < after
		if beyond && d.Sort >= q.From && (q.To == "" || d.Sort < q.To) &&
			strings.Contains(d.Sort, q.Contains) && containsAll(d.Terms, q.Terms) && len(found) < q.Limit {
			found = append(found, d)
		}
	}
	return found
}

func (m *model) history(ref storage.Ref, before, limit int) []storage.Doc {
	var found []storage.Doc
	for _, d := range slices.Backward(m.log) {
		if d.Ref == ref && (before <= 0 || d.Revision < before) && len(found) < limit {
			found = append(found, d)
		}
	}
	return found
}

func (m *model) put(docs []storage.Doc) error {
	next := model{log: slices.Clone(m.log)}
	for _, d := range docs {
		newest, _ := next.newest(d.Ref)
		if d.Revision != newest.Revision+1 {
			return &storage.RefError{Ref: d.Ref, Err: storage.ErrConflict}
		}
		if holder, taken := next.holder(d); taken {
			return &storage.RefError{Ref: holder, Err: storage.ErrTaken}
		}
		if d.Deleted && len(d.Value) == 0 {
			for i := range next.log {
				if next.log[i].Ref == d.Ref {
					next.log[i].Value = nil
				}
			}
		}
		d.At = d.At.UTC().Truncate(time.Microsecond)
		next.log = append(next.log, d)
	}
	m.log = next.log
	return nil
}

// holder returns another document that holds a unique string of d.
func (m *model) holder(d storage.Doc) (holder storage.Ref, taken bool) {
	if d.Deleted || len(d.Unique) == 0 {
		return storage.Ref{}, false
	}
	for _, other := range m.alive(d.Kind) {
		if other.ID != d.ID && shares(other.Unique, d.Unique) {
			return other.Ref, true
		}
	}
	return storage.Ref{}, false
}

// changes returns all changes; the Seqs are the model's own.
func (m *model) changes() []storage.Change {
	var changes []storage.Change
	for i, d := range m.log {
		changes = append(changes, storage.Change{
			Seq: storage.Seq(i + 1), Ref: d.Ref, Revision: d.Revision, Deleted: d.Deleted, At: d.At, By: d.By,
		})
	}
	return changes
}

func containsAll(list, all []string) bool {
	return !slices.ContainsFunc(all, func(s string) bool { return !slices.Contains(list, s) })
}

func shares(a, b []string) bool {
	return slices.ContainsFunc(a, func(s string) bool { return slices.Contains(b, s) })
}
