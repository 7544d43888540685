package sqlite_test

import (
	"context"
	"sync/atomic"
	"testing"

	"github.com/sonajobs/sona/storage"
	"github.com/sonajobs/sona/storage/sqlite"
	"github.com/sonajobs/sona/storage/storagetest"
)

// turns is one file that is open twice, as in two processes: every call goes to the other one than the call
// before. All that they share is the file.
type turns struct {
	of [2]*sqlite.Storage
	n  atomic.Int64
}

func (s *turns) next() *sqlite.Storage { return s.of[s.n.Add(1)%2] }

func (s *turns) Get(ctx context.Context, ws storage.WorkspaceID, want []storage.Want) ([]storage.Doc, error) {
	return s.next().Get(ctx, ws, want)
}

func (s *turns) List(ctx context.Context, ws storage.WorkspaceID, q storage.Query) ([]storage.Doc, error) {
	return s.next().List(ctx, ws, q)
}

func (s *turns) History(ctx context.Context, ws storage.WorkspaceID, ref storage.Ref, before, limit int) ([]storage.Doc, error) {
	return s.next().History(ctx, ws, ref, before, limit)
}

func (s *turns) Put(ctx context.Context, ws storage.WorkspaceID, docs []storage.Doc) error {
	return s.next().Put(ctx, ws, docs)
}

func (s *turns) Changes(ctx context.Context, ws storage.WorkspaceID, after storage.Seq, limit int) ([]storage.Change, error) {
	return s.next().Changes(ctx, ws, after, limit)
}

func TestStorageOnAFileThatIsOpenTwice(t *testing.T) {
	t.Parallel()
	storagetest.Run(t, func(t *testing.T) storage.Storage {
		path := newPath(t)
		return &turns{of: [2]*sqlite.Storage{open(t, path, fast), open(t, path, fast)}}
	})
}
