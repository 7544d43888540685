// Package driver is a storage driver as somebody outside of the library would write it: the five methods of
// [storage.Storage] in two pages. No rule about jobs, flows or calls stands here; a driver compares revisions
// and finds documents by key and term, and its test is one call of storagetest.Run.
//
// It keeps a log of all revisions and a map of the newest ones, so every call takes as long as there are
// documents, and all is gone when the process ends: a skeleton to put a medium under.
package driver

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/sonajobs/sona/storage"
)

// Store is a storage.Storage.
type Store struct {
	mu     sync.RWMutex
	spaces map[storage.WorkspaceID]*space
}

// space is one workspace. A revision stands in the log and in the map as the same pointer, and is written
// again only when it is erased.
type space struct {
	log    []*storage.Doc               // every revision: change n is log[n-1]
	newest map[storage.Ref]*storage.Doc // tombstones, too
}

// New returns an empty Store.
func New() *Store { return &Store{spaces: map[storage.WorkspaceID]*space{}} }

// Get implements storage.Storage. It sends values that the asker holds, too, which the contract allows.
func (s *Store) Get(ctx context.Context, ws storage.WorkspaceID, want []storage.Want) ([]storage.Doc, error) {
	return s.read(ctx, ws, func(sp *space) (found []*storage.Doc) {
		asked := map[storage.Ref]bool{}
		for _, w := range want {
			if d := sp.newest[w.Ref]; d != nil && !d.Deleted && !asked[w.Ref] {
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
		for _, d := range sp.newest {
			if selects(q, d) {
				found = append(found, d)
			}
		}
		slices.SortFunc(found, func(a, b *storage.Doc) int { return compare(a.Key(), b.Key()) })
		if q.Reverse {
			slices.Reverse(found)
		}
		return found[:min(q.Limit, len(found))]
	})
}

func selects(q storage.Query, d *storage.Doc) bool {
	after := compare(d.Key(), q.After) > 0
	if q.Reverse {
		after = compare(d.Key(), q.After) < 0 || q.After == storage.Key{}
	}
	lacks := func(term string) bool { return !slices.Contains(d.Terms, term) }
	return d.Kind == q.Kind && !d.Deleted && after && q.From <= d.Sort && (d.Sort < q.To || q.To == "") &&
		strings.Contains(d.Sort, q.Contains) && !slices.ContainsFunc(q.Terms, lacks)
}

// compare orders by Sort, then ID, both as bytes.
func compare(a, b storage.Key) int {
	return cmp.Or(cmp.Compare(a.Sort, b.Sort), cmp.Compare(a.ID, b.ID))
}

// History implements storage.Storage.
func (s *Store) History(ctx context.Context, ws storage.WorkspaceID, ref storage.Ref, before, limit int) ([]storage.Doc, error) {
	if err := storage.CheckLimit(limit); err != nil {
		return nil, err
	}
	return s.read(ctx, ws, func(sp *space) (found []*storage.Doc) {
		for _, d := range slices.Backward(sp.log) {
			if d.Ref == ref && (before <= 0 || d.Revision < before) && len(found) < limit {
				found = append(found, d)
			}
		}
		return found
	})
}

// Changes implements storage.Storage.
func (s *Store) Changes(ctx context.Context, ws storage.WorkspaceID, after storage.Seq, limit int) ([]storage.Change, error) {
	if err := storage.CheckLimit(limit); err != nil {
		return nil, err
	}
	seq := max(after, 0)
	docs, err := s.read(ctx, ws, func(sp *space) []*storage.Doc {
		rest := sp.log[min(seq, storage.Seq(len(sp.log))):]
		return rest[:min(limit, len(rest))]
	})
	var changes []storage.Change
	for _, d := range docs {
		seq++
		changes = append(changes, storage.Change{Seq: seq, Ref: d.Ref, Revision: d.Revision, Deleted: d.Deleted, At: d.At, By: d.By})
	}
	return changes, err
}

// read runs find on a workspace and hands out copies of what it found.
func (s *Store) read(ctx context.Context, ws storage.WorkspaceID, find func(*space) []*storage.Doc) ([]storage.Doc, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	var docs []storage.Doc
	if sp := s.spaces[ws]; sp != nil {
		for _, d := range find(sp) {
			docs = append(docs, clone(*d))
		}
	}
	return docs, nil
}

// Put implements storage.Storage. All documents are judged on a copy of the map, each after the ones before
// it; then nothing can fail any more.
func (s *Store) Put(ctx context.Context, ws storage.WorkspaceID, docs []storage.Doc) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := storage.CheckPut(ws, docs); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	sp := cmp.Or(s.spaces[ws], &space{newest: map[storage.Ref]*storage.Doc{}})
	newest, log := maps.Clone(sp.newest), sp.log
	for _, d := range docs {
		if err := judge(newest, d); err != nil {
			return err
		}
		d = clone(d)
		d.At = d.At.UTC().Truncate(time.Microsecond)
		newest[d.Ref], log = &d, append(log, &d)
	}
	erase(log, len(sp.log))
	s.spaces[ws] = &space{log: log, newest: newest}
	return nil
}

// judge says whether d can be put when these are the newest revisions.
func judge(newest map[storage.Ref]*storage.Doc, d storage.Doc) error {
	if old := cmp.Or(newest[d.Ref], &storage.Doc{}); d.Revision != old.Revision+1 {
		return &storage.RefError{Ref: d.Ref, Err: storage.ErrConflict}
	}
	if d.Deleted || len(d.Unique) == 0 {
		return nil
	}
	held := func(s string) bool { return slices.Contains(d.Unique, s) }
	for ref, other := range newest {
		if ref.Kind == d.Kind && ref.ID != d.ID && !other.Deleted && slices.ContainsFunc(other.Unique, held) {
			return &storage.RefError{Ref: ref, Err: storage.ErrTaken}
		}
	}
	return nil
}

// erase takes the values that tombstones without a value erase; the new revisions begin at from.
func erase(log []*storage.Doc, from int) {
	for i := from; i < len(log); i++ {
		if tombstone := log[i]; tombstone.Deleted && len(tombstone.Value) == 0 {
			for _, d := range log[:i] {
				if d.Ref == tombstone.Ref {
					d.Value = nil
				}
			}
		}
	}
}

func clone(d storage.Doc) storage.Doc {
	d.Unique, d.Terms, d.Value = slices.Clone(d.Unique), slices.Clone(d.Terms), slices.Clone(d.Value)
	return d
}
