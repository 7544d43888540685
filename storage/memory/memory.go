package memory

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/sonajobs/sona/storage"
)

// New returns an empty Storage. Each is a world of its own.
func New() storage.Storage { return &store{} }

// store holds the workspaces. Each has its own lock, so that tenants do not wait for each other.
type store struct {
	spaces sync.Map // storage.WorkspaceID → *space
}

// look returns the workspace for reading, nil if nothing was ever put there.
func (s *store) look(ws storage.WorkspaceID) *space {
	sp, ok := s.spaces.Load(ws)
	if !ok {
		return nil
	}
	return sp.(*space)
}

// open returns the workspace for writing.
func (s *store) open(ws storage.WorkspaceID) *space {
	if sp := s.look(ws); sp != nil {
		return sp
	}
	sp, _ := s.spaces.LoadOrStore(ws, newSpace())
	return sp.(*space)
}

// Get implements storage.Storage.
func (s *store) Get(ctx context.Context, ws storage.WorkspaceID, want []storage.Want) ([]storage.Doc, error) {
	return read(ctx, s.look(ws), func(sp *space) ([]storage.Doc, error) { return sp.get(want), nil })
}

// List implements storage.Storage.
func (s *store) List(ctx context.Context, ws storage.WorkspaceID, q storage.Query) ([]storage.Doc, error) {
	if err := storage.CheckQuery(q); err != nil {
		return nil, err
	}
	return read(ctx, s.look(ws), func(sp *space) ([]storage.Doc, error) { return sp.list(ctx, q) })
}

// History implements storage.Storage.
func (s *store) History(ctx context.Context, ws storage.WorkspaceID, ref storage.Ref, before, limit int) ([]storage.Doc, error) {
	if err := storage.CheckLimit(limit); err != nil {
		return nil, err
	}
	return read(ctx, s.look(ws), func(sp *space) ([]storage.Doc, error) { return sp.history(ref, before, limit), nil })
}

// Put implements storage.Storage.
func (s *store) Put(ctx context.Context, ws storage.WorkspaceID, docs []storage.Doc) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := storage.CheckPut(ws, docs); err != nil || len(docs) == 0 {
		return err
	}
	kept := own(docs)
	sp := s.open(ws)
	sp.mu.Lock()
	defer sp.mu.Unlock()
	return sp.put(ctx, kept)
}

// Changes implements storage.Storage.
func (s *store) Changes(ctx context.Context, ws storage.WorkspaceID, after storage.Seq, limit int) ([]storage.Change, error) {
	if err := storage.CheckLimit(limit); err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	sp := s.look(ws)
	if sp == nil {
		return nil, nil
	}
	sp.mu.RLock()
	defer sp.mu.RUnlock()
	return sp.changes(after, limit), nil
}

// read runs one read of a workspace and copies what it found. Only the slice headers are copied under
// the lock: what they point to is never written again.
func read(ctx context.Context, sp *space, find func(*space) ([]storage.Doc, error)) ([]storage.Doc, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if sp == nil {
		return nil, nil
	}
	docs, err := locked(sp, find)
	if err != nil {
		return nil, err
	}
	for i := range docs {
		docs[i] = clone(docs[i])
	}
	return docs, nil
}

func locked(sp *space, find func(*space) ([]storage.Doc, error)) ([]storage.Doc, error) {
	sp.mu.RLock()
	defer sp.mu.RUnlock()
	return find(sp)
}

// own returns what is kept of docs: copies, the time cut as the contract says, the sets without repeats.
func own(docs []storage.Doc) []storage.Doc {
	kept := make([]storage.Doc, len(docs))
	for i, d := range docs {
		d = clone(d)
		d.At = d.At.UTC().Truncate(time.Microsecond)
		slices.Sort(d.Terms)
		d.Terms = slices.Compact(d.Terms)
		kept[i] = d
	}
	return kept
}

// clone returns d with slices of its own.
func clone(d storage.Doc) storage.Doc {
	d.Unique = slices.Clone(d.Unique)
	d.Terms = slices.Clone(d.Terms)
	d.Value = slices.Clone(d.Value)
	return d
}
