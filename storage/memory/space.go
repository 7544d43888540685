package memory

import (
	"context"
	"slices"
	"sync"

	"github.com/sonajobs/sona/storage"
)

// space is one workspace. A *storage.Doc in it is one revision, shared by the history, the indexes and
// the feed; it is written once more only when its Value is erased, under the lock.
type space struct {
	mu      sync.RWMutex
	records map[storage.Ref]*record
	kinds   map[storage.Kind]*index
	feed    []*storage.Doc // change n is feed[n-1]
}

// record is one document: its revisions, oldest first, revision n at n-1.
type record struct {
	revisions []*storage.Doc
}

func newSpace() *space {
	return &space{records: map[storage.Ref]*record{}, kinds: map[storage.Kind]*index{}}
}

// newest returns the newest revision, nil if there is none.
func (r *record) newest() *storage.Doc {
	if r == nil || len(r.revisions) == 0 {
		return nil
	}
	return r.revisions[len(r.revisions)-1]
}

func (sp *space) get(want []storage.Want) []storage.Doc {
	found := make([]storage.Doc, 0, len(want))
	place := make(map[storage.Ref]int, len(want))
	for _, w := range want {
		d := sp.records[w.Ref].newest()
		if d == nil || d.Deleted {
			continue
		}
		i, again := place[w.Ref]
		if !again {
			i = len(found)
			place[w.Ref] = i
			found = append(found, *d)
			found[i].Value = nil
		}
		if w.Have != d.Revision {
			found[i].Value = d.Value
		}
	}
	return found
}

func (sp *space) list(ctx context.Context, q storage.Query) ([]storage.Doc, error) {
	ix := sp.kinds[q.Kind]
	if ix == nil {
		return nil, nil
	}
	return ix.list(ctx, q)
}

func (sp *space) history(ref storage.Ref, before, limit int) []storage.Doc {
	r := sp.records[ref]
	if r == nil {
		return nil
	}
	last := len(r.revisions)
	if before > 0 {
		last = min(last, before-1)
	}
	docs := make([]storage.Doc, 0, min(last, limit))
	for _, d := range slices.Backward(r.revisions[max(0, last-limit):last]) {
		docs = append(docs, *d)
	}
	return docs
}

// put appends all docs or none. It keeps pointers to the elements of docs.
func (sp *space) put(ctx context.Context, docs []storage.Doc) error {
	for i := range docs {
		err := ctx.Err()
		if err == nil {
			err = sp.append(&docs[i])
		}
		if err != nil {
			for ; i > 0; i-- {
				sp.takeBack(&docs[i-1])
			}
			return err
		}
	}
	// Nothing can fail from here on, so what cannot be taken back comes last.
	for i := range docs {
		if d := &docs[i]; d.Deleted && len(d.Value) == 0 {
			sp.erase(d)
		}
		sp.feed = append(sp.feed, &docs[i])
	}
	return nil
}

// append makes d the newest revision of its document, or says why not and changes nothing.
func (sp *space) append(d *storage.Doc) error {
	r, ix := sp.records[d.Ref], sp.kinds[d.Kind]
	old := r.newest()
	if newest := revision(old); d.Revision != newest+1 {
		return &storage.RefError{Ref: d.Ref, Err: storage.ErrConflict}
	}
	if holder := ix.holder(d); holder != nil {
		return &storage.RefError{Ref: holder.Ref, Err: storage.ErrTaken}
	}
	if r == nil {
		r = &record{}
		sp.records[d.Ref] = r
	}
	if ix == nil {
		ix = newIndex()
		sp.kinds[d.Kind] = ix
	}
	ix.replace(old, d)
	r.revisions = append(r.revisions, d)
	return nil
}

// takeBack undoes append.
func (sp *space) takeBack(d *storage.Doc) {
	r := sp.records[d.Ref]
	r.revisions = r.revisions[:len(r.revisions)-1]
	sp.kinds[d.Kind].replace(d, r.newest())
	if len(r.revisions) == 0 {
		delete(sp.records, d.Ref)
	}
}

// erase drops the values of the revisions before the tombstone. The history, the indexes and the feed
// share these documents, so nothing keeps them alive.
func (sp *space) erase(tombstone *storage.Doc) {
	for _, d := range sp.records[tombstone.Ref].revisions[:tombstone.Revision-1] {
		d.Value = nil
	}
}

func (sp *space) changes(after storage.Seq, limit int) []storage.Change {
	first := int(min(max(after, 0), storage.Seq(len(sp.feed))))
	last := first + min(limit, len(sp.feed)-first)
	changes := make([]storage.Change, 0, last-first)
	for i, d := range sp.feed[first:last] {
		changes = append(changes, storage.Change{
			Seq: storage.Seq(first + i + 1), Ref: d.Ref, Revision: d.Revision, Deleted: d.Deleted, At: d.At, By: d.By,
		})
	}
	return changes
}

func revision(d *storage.Doc) int {
	if d == nil {
		return 0
	}
	return d.Revision
}
