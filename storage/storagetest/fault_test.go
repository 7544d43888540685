package storagetest

import (
	"context"
	"slices"
	"strings"
	"sync"

	"github.com/sonajobs/sona/storage"
)

// fault is a storage that does as the one below it, but for what a bug has replaced.
type fault struct {
	s       storage.Storage // the good one
	mu      sync.Mutex      // for what a bug remembers
	get     func(ctx context.Context, ws storage.WorkspaceID, want []storage.Want) ([]storage.Doc, error)
	list    func(ctx context.Context, ws storage.WorkspaceID, q storage.Query) ([]storage.Doc, error)
	history func(ctx context.Context, ws storage.WorkspaceID, ref storage.Ref, before, limit int) ([]storage.Doc, error)
	put     func(ctx context.Context, ws storage.WorkspaceID, docs []storage.Doc) error
	changes func(ctx context.Context, ws storage.WorkspaceID, after storage.Seq, limit int) ([]storage.Change, error)
}

func newFault(s storage.Storage) *fault {
	return &fault{s: s, get: s.Get, list: s.List, history: s.History, put: s.Put, changes: s.Changes}
}

func (f *fault) Get(ctx context.Context, ws storage.WorkspaceID, want []storage.Want) ([]storage.Doc, error) {
	return f.get(ctx, ws, want)
}

func (f *fault) List(ctx context.Context, ws storage.WorkspaceID, q storage.Query) ([]storage.Doc, error) {
	return f.list(ctx, ws, q)
}

func (f *fault) History(ctx context.Context, ws storage.WorkspaceID, ref storage.Ref, before, limit int) ([]storage.Doc, error) {
	return f.history(ctx, ws, ref, before, limit)
}

func (f *fault) Put(ctx context.Context, ws storage.WorkspaceID, docs []storage.Doc) error {
	return f.put(ctx, ws, docs)
}

func (f *fault) Changes(ctx context.Context, ws storage.WorkspaceID, after storage.Seq, limit int) ([]storage.Change, error) {
	return f.changes(ctx, ws, after, limit)
}

// The three commonest shapes of a bug: documents that go in wrong, documents that come out wrong, and a
// Put that refuses what it should not.

// in makes every document pass through change on its way into Put.
func (f *fault) in(change func(*storage.Doc)) {
	f.put = func(ctx context.Context, ws storage.WorkspaceID, docs []storage.Doc) error {
		docs = slices.Clone(docs)
		for i := range docs {
			change(&docs[i])
		}
		return f.s.Put(ctx, ws, docs)
	}
}

// out makes every document pass through change on its way out of Get, List and History.
func (f *fault) out(change func(*storage.Doc)) {
	all := func(docs []storage.Doc, err error) ([]storage.Doc, error) {
		for i := range docs {
			change(&docs[i])
		}
		return docs, err
	}
	f.get = func(ctx context.Context, ws storage.WorkspaceID, want []storage.Want) ([]storage.Doc, error) {
		return all(f.s.Get(ctx, ws, want))
	}
	f.list = func(ctx context.Context, ws storage.WorkspaceID, q storage.Query) ([]storage.Doc, error) {
		return all(f.s.List(ctx, ws, q))
	}
	f.history = func(ctx context.Context, ws storage.WorkspaceID, ref storage.Ref, before, limit int) ([]storage.Doc, error) {
		return all(f.s.History(ctx, ws, ref, before, limit))
	}
}

// refuse lets check have a look at each Put first. The lock is held.
func (f *fault) refuse(check func(ctx context.Context, ws storage.WorkspaceID, docs []storage.Doc) error) {
	f.put = func(ctx context.Context, ws storage.WorkspaceID, docs []storage.Doc) error {
		f.mu.Lock()
		defer f.mu.Unlock()
		if err := check(ctx, ws, docs); err != nil {
			return err
		}
		return f.s.Put(ctx, ws, docs)
	}
}

// newest returns the newest revision, tombstones too.
func (f *fault) newest(ctx context.Context, ws storage.WorkspaceID, ref storage.Ref) storage.Doc {
	docs, err := f.s.History(ctx, ws, ref, 0, 1)
	if err != nil || len(docs) == 0 {
		return storage.Doc{}
	}
	return docs[0]
}

// listRules is List once more, in parts, so that a bug can replace one of them.
type listRules struct {
	order    func(a, b storage.Doc) int
	beyond   func(d storage.Doc, q storage.Query) bool // strictly after After
	bounds   func(d storage.Doc, q storage.Query) bool
	contains func(sort, part string) bool
	terms    func(has, want []string) bool
}

func goodRules() listRules {
	return listRules{
		order: byKey,
		beyond: func(d storage.Doc, q storage.Query) bool {
			c := byKey(d, storage.Doc{Ref: ref(q.After.ID), Sort: q.After.Sort})
			return q.After == storage.Key{} || !q.Reverse && c > 0 || q.Reverse && c < 0
		},
		bounds:   func(d storage.Doc, q storage.Query) bool { return d.Sort >= q.From && (q.To == "" || d.Sort < q.To) },
		contains: strings.Contains,
		terms:    containsAll,
	}
}

func byKey(a, b storage.Doc) int {
	if c := strings.Compare(a.Sort, b.Sort); c != 0 {
		return c
	}
	return strings.Compare(a.ID, b.ID)
}

// listBy replaces List by one that follows rules.
func (f *fault) listBy(change func(*listRules)) {
	rules := goodRules()
	change(&rules)
	f.list = func(ctx context.Context, ws storage.WorkspaceID, q storage.Query) ([]storage.Doc, error) {
		if err := storage.CheckQuery(q); err != nil {
			return nil, err
		}
		docs, err := f.s.List(ctx, ws, storage.Query{Kind: q.Kind, Limit: many})
		slices.SortStableFunc(docs, rules.order)
		if q.Reverse {
			slices.Reverse(docs)
		}
		docs = slices.DeleteFunc(docs, func(d storage.Doc) bool {
			return !rules.beyond(d, q) || !rules.bounds(d, q) || !rules.contains(d.Sort, q.Contains) || !rules.terms(d.Terms, q.Terms)
		})
		return docs[:min(len(docs), q.Limit)], err
	}
}
