package storagetest

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/sonajobs/sona/storage"
)

// shareBugs share what is not to be shared: a workspace, a slice, a context.
var shareBugs = []bug{
	{name: "cross-tenant read: Get", caught: []string{
		"Workspaces: Get sees its own only",
		"Workspaces: an unknown one is an empty one, to all reads",
	}, plant: func(f *fault) {
		spaces := f.tenants()
		f.get = func(ctx context.Context, ws storage.WorkspaceID, want []storage.Want) ([]storage.Doc, error) {
			docs, err := f.s.Get(ctx, ws, want)
			for other := range spaces(ws) {
				more, _ := f.s.Get(ctx, other, want)
				for _, d := range more {
					if !slices.ContainsFunc(docs, func(e storage.Doc) bool { return e.Ref == d.Ref }) {
						docs = append(docs, d)
					}
				}
			}
			return docs, err
		}
	}},
	{name: "cross-tenant read: List by terms", caught: []string{
		"Workspaces: List sees its own only",
	}, plant: func(f *fault) {
		spaces := f.tenants()
		f.list = func(ctx context.Context, ws storage.WorkspaceID, q storage.Query) ([]storage.Doc, error) {
			docs, err := f.s.List(ctx, ws, q)
			for other := range spaces(ws) {
				if len(q.Terms) > 0 {
					more, _ := f.s.List(ctx, other, q)
					docs = append(docs, more...)
				}
			}
			return docs, err
		}
	}},
	{name: "cross-tenant read: List by key", caught: []string{
		"Workspaces: List sees its own only",
	}, plant: func(f *fault) {
		spaces := f.tenants()
		f.list = func(ctx context.Context, ws storage.WorkspaceID, q storage.Query) ([]storage.Doc, error) {
			docs, err := f.s.List(ctx, ws, q)
			for other := range spaces(ws) {
				if len(q.Terms) == 0 {
					more, _ := f.s.List(ctx, other, q)
					docs = append(docs, more...)
				}
			}
			return docs, err
		}
	}},
	{name: "cross-tenant read: History", caught: []string{
		"Workspaces: History sees its own only",
	}, plant: func(f *fault) {
		spaces := f.tenants()
		f.history = func(ctx context.Context, ws storage.WorkspaceID, ref storage.Ref, before, limit int) ([]storage.Doc, error) {
			docs, err := f.s.History(ctx, ws, ref, before, limit)
			for other := range spaces(ws) {
				more, _ := f.s.History(ctx, other, ref, before, limit)
				docs = append(docs, more...)
			}
			return docs, err
		}
	}},
	{name: "cross-tenant read: Changes", caught: []string{
		"Workspaces: Changes tells of its own only",
	}, plant: func(f *fault) {
		spaces := f.tenants()
		f.changes = func(ctx context.Context, ws storage.WorkspaceID, after storage.Seq, limit int) ([]storage.Change, error) {
			changes, err := f.s.Changes(ctx, ws, after, limit)
			for other := range spaces(ws) {
				more, _ := f.s.Changes(ctx, other, after, limit)
				changes = append(changes, more...)
			}
			return changes, err
		}
	}},
	{name: "cross-tenant write: revisions are compared with another workspace", caught: []string{
		"Workspaces: Put touches its own only",
	}, plant: func(f *fault) {
		spaces := f.tenants()
		tenantPut := f.put
		f.put = func(ctx context.Context, ws storage.WorkspaceID, docs []storage.Doc) error {
			for other := range spaces(ws) {
				if len(docs) > 0 && f.newest(ctx, other, docs[0].Ref).Revision > docs[0].Revision {
					return &storage.RefError{Ref: docs[0].Ref, Err: storage.ErrConflict}
				}
			}
			return tenantPut(ctx, ws, docs)
		}
	}},
	{name: "cross-tenant write: unique strings are one for all workspaces", caught: []string{
		"Workspaces: each has its own unique strings",
		"Workspaces: writers of two do not disturb each other",
	}, plant: func(f *fault) {
		held := map[string]storage.WorkspaceID{}
		f.refuse(func(_ context.Context, ws storage.WorkspaceID, docs []storage.Doc) error {
			for _, d := range docs {
				for _, s := range d.Unique {
					if by, ok := held[s]; ok && by != ws {
						return &storage.RefError{Ref: d.Ref, Err: storage.ErrTaken}
					}
					held[s] = ws
				}
			}
			return nil
		})
	}},
	{name: "one name of workspace and kind", caught: []string{
		"Workspaces: workspace and kind are two names, however they are put together",
	}, plant: glued(func(ws storage.WorkspaceID, r storage.Ref) string {
		return string(ws) + string(r.Kind) + "\x00" + r.ID
	})},
	{name: "one name of kind and ID", caught: []string{
		"Text: kind and ID are two names, however they are put together",
	}, plant: glued(func(ws storage.WorkspaceID, r storage.Ref) string {
		return string(ws) + "\x00" + string(r.Kind) + ":" + r.ID
	})},
	{name: "kinds are a closed set", caught: []string{
		"Text: any storable string is a kind",
	}, plant: func(f *fault) {
		f.refuse(func(_ context.Context, _ storage.WorkspaceID, docs []storage.Doc) error {
			for _, d := range docs {
				if d.Kind == "NULL" {
					return errors.New("no such kind")
				}
			}
			return nil
		})
	}},
	{name: "shared slice: Put keeps the author's", caught: []string{
		"Slices: Put keeps none of those it was given",
	}, plant: func(f *fault) {
		kept := map[string]storage.Doc{}
		name := func(ws storage.WorkspaceID, d storage.Doc) string { return fmt.Sprint(ws, d.Ref, d.Revision) }
		f.put = func(ctx context.Context, ws storage.WorkspaceID, docs []storage.Doc) error {
			err := f.s.Put(ctx, ws, docs)
			f.mu.Lock()
			defer f.mu.Unlock()
			for _, d := range docs {
				if err == nil {
					kept[name(ws, d)] = d
				}
			}
			return err
		}
		f.get = func(ctx context.Context, ws storage.WorkspaceID, want []storage.Want) ([]storage.Doc, error) {
			docs, err := f.s.Get(ctx, ws, want)
			f.mu.Lock()
			defer f.mu.Unlock()
			for i, d := range docs {
				if k := kept[name(ws, d)]; len(d.Value) > 0 {
					docs[i].Value, docs[i].Terms, docs[i].Unique = k.Value, k.Terms, k.Unique
				}
			}
			return docs, err
		}
	}},
	{name: "shared slice: Get hands out its own", caught: []string{
		"Slices: what Get handed out is the asker's",
		"Slices: what two reads handed out is not shared",
	}, plant: func(f *fault) {
		memo := map[string][]storage.Doc{}
		f.get = func(ctx context.Context, ws storage.WorkspaceID, want []storage.Want) ([]storage.Doc, error) {
			docs, err := f.s.Get(ctx, ws, want)
			return f.share(memo, ws, docs), err
		}
	}},
	{name: "shared slice: List hands out its own", caught: []string{
		"Slices: what List handed out is the asker's",
	}, plant: func(f *fault) {
		memo := map[string][]storage.Doc{}
		f.list = func(ctx context.Context, ws storage.WorkspaceID, q storage.Query) ([]storage.Doc, error) {
			docs, err := f.s.List(ctx, ws, q)
			return f.share(memo, ws, docs), err
		}
	}},
	{name: "shared slice: History hands out its own", caught: []string{
		"Slices: what History handed out is the asker's",
	}, plant: func(f *fault) {
		memo := map[string][]storage.Doc{}
		f.history = func(ctx context.Context, ws storage.WorkspaceID, ref storage.Ref, before, limit int) ([]storage.Doc, error) {
			docs, err := f.s.History(ctx, ws, ref, before, limit)
			return f.share(memo, ws, docs), err
		}
	}},
	{name: "shared slice: Changes hands out its own", caught: []string{
		"Slices: what Changes handed out is the asker's",
	}, plant: func(f *fault) {
		memo := map[string][]storage.Change{}
		f.changes = func(ctx context.Context, ws storage.WorkspaceID, after storage.Seq, limit int) ([]storage.Change, error) {
			changes, err := f.s.Changes(ctx, ws, after, limit)
			f.mu.Lock()
			defer f.mu.Unlock()
			key := fmt.Sprint(ws, after, limit, len(changes))
			if _, ok := memo[key]; !ok {
				memo[key] = changes
			}
			return memo[key], err
		}
	}},
	{name: "swallowed context", caught: []string{
		"Cancelled: Get returns the context's error at once",
		"Cancelled: List returns the context's error at once",
		"Cancelled: History returns the context's error at once",
		"Cancelled: Changes returns the context's error at once",
		"Cancelled: Put returns the context's error at once and writes nothing",
	}, plant: func(f *fault) {
		f.get = func(ctx context.Context, ws storage.WorkspaceID, want []storage.Want) ([]storage.Doc, error) {
			return f.s.Get(context.WithoutCancel(ctx), ws, want)
		}
		f.list = func(ctx context.Context, ws storage.WorkspaceID, q storage.Query) ([]storage.Doc, error) {
			return f.s.List(context.WithoutCancel(ctx), ws, q)
		}
		f.history = func(ctx context.Context, ws storage.WorkspaceID, ref storage.Ref, before, limit int) ([]storage.Doc, error) {
			return f.s.History(context.WithoutCancel(ctx), ws, ref, before, limit)
		}
		f.put = func(ctx context.Context, ws storage.WorkspaceID, docs []storage.Doc) error {
			return f.s.Put(context.WithoutCancel(ctx), ws, docs)
		}
		f.changes = func(ctx context.Context, ws storage.WorkspaceID, after storage.Seq, limit int) ([]storage.Change, error) {
			return f.s.Changes(context.WithoutCancel(ctx), ws, after, limit)
		}
	}},
	{name: "an ended context is told of after the write", caught: []string{
		"Cancelled: Put returns the context's error at once and writes nothing",
	}, plant: func(f *fault) {
		f.put = func(ctx context.Context, ws storage.WorkspaceID, docs []storage.Doc) error {
			return errors.Join(f.s.Put(context.WithoutCancel(ctx), ws, docs), ctx.Err())
		}
	}},
	{name: "a context that is over ends later calls", caught: []string{
		"Cancelled: the context of a call that is over does not matter",
	}, plant: func(f *fault) {
		var first context.Context
		f.put = func(ctx context.Context, ws storage.WorkspaceID, docs []storage.Doc) error {
			f.mu.Lock()
			if first == nil {
				first = ctx //nolint:fatcontext // this is the bug
			}
			f.mu.Unlock()
			if err := f.s.Put(ctx, ws, docs); err != nil {
				return err
			}
			return first.Err()
		}
	}},
}

// tenants remembers the workspaces that are written to, and returns what yields all but one of them.
func (f *fault) tenants() func(but storage.WorkspaceID) map[storage.WorkspaceID]bool {
	known := map[storage.WorkspaceID]bool{}
	put := f.put
	f.put = func(ctx context.Context, ws storage.WorkspaceID, docs []storage.Doc) error {
		f.mu.Lock()
		known[ws] = true
		f.mu.Unlock()
		return put(ctx, ws, docs)
	}
	return func(but storage.WorkspaceID) map[storage.WorkspaceID]bool {
		f.mu.Lock()
		defer f.mu.Unlock()
		others := map[storage.WorkspaceID]bool{}
		for ws := range known {
			if ws != but {
				others[ws] = true
			}
		}
		return others
	}
}

// glued returns a bug that keeps revisions under one name made of several.
func glued(name func(storage.WorkspaceID, storage.Ref) string) func(*fault) {
	return func(f *fault) {
		revisions := map[string]int{}
		f.refuse(func(_ context.Context, ws storage.WorkspaceID, docs []storage.Doc) error {
			for _, d := range docs {
				if d.Revision <= revisions[name(ws, d.Ref)] {
					return &storage.RefError{Ref: d.Ref, Err: storage.ErrConflict}
				}
				revisions[name(ws, d.Ref)] = d.Revision
			}
			return nil
		})
	}
}

// share hands out the slices of a document that it handed out before.
func (f *fault) share(memo map[string][]storage.Doc, ws storage.WorkspaceID, docs []storage.Doc) []storage.Doc {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i, d := range docs {
		key := fmt.Sprint(ws, d.Ref, d.Revision, len(d.Value))
		if _, ok := memo[key]; !ok {
			memo[key] = docs[i : i+1 : i+1]
			memo[key] = []storage.Doc{d}
		}
		docs[i] = memo[key][0]
	}
	return docs
}
