// Package driver is a storage driver as somebody outside of the library would write it: the five methods of
// [storage.Storage] over maps behind one lock, in a page or two. No rule about jobs, flows or calls stands
// here; a driver compares revisions and finds documents by key and term, and its test is one call of
// storagetest.Run.
//
// It is a skeleton to put a medium under, and forgets everything when the process ends. Lists are walked
// from their beginning, so it is quick enough for some ten thousand documents a workspace.
package driver

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/sonajobs/sona/storage"
)

// Store is a storage.Storage. The zero Store is empty and ready; do not copy it.
type Store struct {
	mu     sync.RWMutex
	spaces map[storage.WorkspaceID]*space
}

// space is one workspace. What it points to is written again only by an erasure.
type space struct {
	docs map[storage.Ref][]*storage.Doc  // the revisions of each document, oldest first
	list map[storage.Kind][]*storage.Doc // the newest, undeleted revisions, in the order of their keys
	log  []*storage.Doc                  // every revision: change n is log[n-1]
}

// Get implements storage.Storage. It sends values that the asker holds, too, which the contract allows.
func (s *Store) Get(ctx context.Context, ws storage.WorkspaceID, want []storage.Want) ([]storage.Doc, error) {
	return s.read(ctx, ws, func(sp *space) (found []*storage.Doc) {
		asked := map[storage.Ref]bool{}
		for _, w := range want {
			if d := last(sp.docs[w.Ref]); d != nil && !d.Deleted && !asked[w.Ref] {
				found = append(found, d)
			}
			asked[w.Ref] = true
		}
		return found
	})
}

// List implements storage.Storage.
func (s *Store) List(ctx context.Context, ws storage.WorkspaceID, q storage.Query) ([]storage.Doc, error) {
	if err := storage.CheckQuery(q); err != nil {
		return nil, err
	}
	return s.read(ctx, ws, func(sp *space) (found []*storage.Doc) {
		all := slices.Values(sp.list[q.Kind])
		if q.Reverse {
			all = func(yield func(*storage.Doc) bool) {
				slices.Backward(sp.list[q.Kind])(func(_ int, d *storage.Doc) bool { return yield(d) })
			}
		}
		for d := range all {
			if selected(d, q) {
				found = append(found, d)
			}
			if len(found) == q.Limit {
				break
			}
		}
		return found
	})
}

func selected(d *storage.Doc, q storage.Query) bool {
	after := compare(d, q.After) > 0
	if q.Reverse {
		after = compare(d, q.After) < 0 || q.After == storage.Key{}
	}
	lacks := func(term string) bool { return !slices.Contains(d.Terms, term) }
	return after && q.From <= d.Sort && (d.Sort < q.To || q.To == "") &&
		strings.Contains(d.Sort, q.Contains) && !slices.ContainsFunc(q.Terms, lacks)
}

// History implements storage.Storage.
func (s *Store) History(ctx context.Context, ws storage.WorkspaceID, ref storage.Ref, before, limit int) ([]storage.Doc, error) {
	if err := storage.CheckLimit(limit); err != nil {
		return nil, err
	}
	return s.read(ctx, ws, func(sp *space) []*storage.Doc {
		past := slices.Clone(sp.docs[ref])
		if before > 0 {
			past = past[:min(before-1, len(past))]
		}
		slices.Reverse(past)
		return past[:min(limit, len(past))]
	})
}

// Changes implements storage.Storage.
func (s *Store) Changes(ctx context.Context, ws storage.WorkspaceID, after storage.Seq, limit int) ([]storage.Change, error) {
	if err := storage.CheckLimit(limit); err != nil {
		return nil, err
	}
	var first int
	docs, err := s.read(ctx, ws, func(sp *space) []*storage.Doc {
		first = int(min(max(after, 0), storage.Seq(len(sp.log))))
		return sp.log[first:][:min(limit, len(sp.log)-first)]
	})
	changes := make([]storage.Change, len(docs))
	for i, d := range docs {
		changes[i] = storage.Change{Seq: storage.Seq(first + i + 1), Ref: d.Ref, Revision: d.Revision, Deleted: d.Deleted, At: d.At, By: d.By}
	}
	return changes, err
}

// Put implements storage.Storage. First all documents are judged, then all are written.
func (s *Store) Put(ctx context.Context, ws storage.WorkspaceID, docs []storage.Doc) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := storage.CheckPut(ws, docs); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	sp := s.spaces[ws]
	if sp == nil {
		sp = &space{docs: map[storage.Ref][]*storage.Doc{}, list: map[storage.Kind][]*storage.Doc{}}
	}
	if err := sp.judge(docs); err != nil {
		return err
	}
	if s.spaces == nil {
		s.spaces = map[storage.WorkspaceID]*space{}
	}
	s.spaces[ws] = sp
	for _, d := range docs {
		sp.write(d)
	}
	return nil
}

// judge says whether docs can be put, each after the ones before it.
func (sp *space) judge(docs []storage.Doc) error {
	put := map[storage.Ref]*storage.Doc{} // the newest revisions of this Put
	for i := range docs {
		d := &docs[i]
		newest := cmp.Or(put[d.Ref], last(sp.docs[d.Ref]), &storage.Doc{})
		if d.Revision != newest.Revision+1 {
			return &storage.RefError{Ref: d.Ref, Err: storage.ErrConflict}
		}
		put[d.Ref] = d
		for _, other := range slices.Concat(sp.list[d.Kind], ) {
		}
	}
	return nil
}
