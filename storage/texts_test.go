package storage_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/storage"
	"github.com/sonajobs/sona/storage/memory"
)

// What the tests of jobs, pages, settings and the feed share.

func newWorkspace() *storage.Workspace { return storage.Open(memory.New(), "acme") }

func typed(name, instructions string) job.Spec {
	return job.Spec{Name: name, Instructions: instructions}
}

func numbered(lines ...string) string { return strings.Join(lines, "\n") }

func newJob(t testing.TB, w *storage.Workspace, name, instructions string) job.Job {
	t.Helper()
	j, err := w.CreateJob(t.Context(), typed(name, instructions))
	require.NoError(t, err)
	return j
}

// all collects a sequence that must not fail.
func all[T any](t testing.TB, seq iter.Seq2[T, error]) []T {
	t.Helper()
	var found []T
	for v, err := range seq {
		require.NoError(t, err)
		found = append(found, v)
	}
	return found
}

func namesOf(jobs []job.Job) []string {
	names := make([]string, len(jobs))
	for i, j := range jobs {
		names[i] = j.Name()
	}
	return names
}

func revisions(jobs []job.Job) []int {
	numbers := make([]int, len(jobs))
	for i, j := range jobs {
		numbers[i] = j.Revision()
	}
	return numbers
}

// trouble is a Storage in which somebody else acts, or the medium fails, at the worst moment. Each
// function is called with how often its method was called before.
type trouble struct {
	storage.Storage
	mu      sync.Mutex
	calls   map[string]int
	get     func(n int) error
	list    func(n int) error
	history func(n int) error
	put     func(n int, docs []storage.Doc) error
	changes func(n int) error
}

func (s *trouble) count(method string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.calls == nil {
		s.calls = map[string]int{}
	}
	n := s.calls[method]
	s.calls[method]++
	return n
}

func (s *trouble) Get(ctx context.Context, ws storage.WorkspaceID, want []storage.Want) ([]storage.Doc, error) {
	if n := s.count("get"); s.get != nil {
		if err := s.get(n); err != nil {
			return nil, err
		}
	}
	return s.Storage.Get(ctx, ws, want)
}

func (s *trouble) List(ctx context.Context, ws storage.WorkspaceID, q storage.Query) ([]storage.Doc, error) {
	if n := s.count("list"); s.list != nil {
		if err := s.list(n); err != nil {
			return nil, err
		}
	}
	return s.Storage.List(ctx, ws, q)
}

func (s *trouble) History(ctx context.Context, ws storage.WorkspaceID, ref storage.Ref, before, limit int) ([]storage.Doc, error) {
	if n := s.count("history"); s.history != nil {
		if err := s.history(n); err != nil {
			return nil, err
		}
	}
	return s.Storage.History(ctx, ws, ref, before, limit)
}

func (s *trouble) Put(ctx context.Context, ws storage.WorkspaceID, docs []storage.Doc) error {
	if n := s.count("put"); s.put != nil {
		if err := s.put(n, docs); err != nil {
			return err
		}
	}
	return s.Storage.Put(ctx, ws, docs)
}

func (s *trouble) Changes(ctx context.Context, ws storage.WorkspaceID, after storage.Seq, limit int) ([]storage.Change, error) {
	if n := s.count("changes"); s.changes != nil {
		if err := s.changes(n); err != nil {
			return nil, err
		}
	}
	return s.Storage.Changes(ctx, ws, after, limit)
}

var errDisk = errors.New("the disk is gone")

func failAlways(int) error { return errDisk }

// spoil puts a revision that nobody can read after the newest one of a document.
func spoil(t testing.TB, s storage.Storage, ref storage.Ref) {
	t.Helper()
	docs, err := s.History(t.Context(), "acme", ref, 0, 1)
	require.NoError(t, err)
	require.Len(t, docs, 1)
	doc := docs[0]
	doc.Revision++
	doc.Value = []byte(`{"id":`)
	require.NoError(t, s.Put(t.Context(), "acme", []storage.Doc{doc}))
}

func jobDoc(id job.ID) storage.Ref { return storage.Ref{Kind: storage.KindJob, ID: string(id)} }

// counted gives n jobs with distinct names.
func counted(n int) iter.Seq2[job.ID, job.Spec] {
	return func(yield func(job.ID, job.Spec) bool) {
		for i := range n {
			name := fmt.Sprintf("Job %05d", i)
			if !yield(job.ID(fmt.Sprintf("job-%05d", i)), typed(name, "Goal: "+name)) {
				return
			}
		}
	}
}
