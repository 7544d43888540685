package storagetest

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/sonajobs/sona/storage"
)

// getBugs are broken in Get.
var getBugs = []bug{
	{name: "stale Get", caught: []string{
		"Get returns the newest revision of each document that is wanted",
		"Concurrent: a write that returned nil is seen by every later read, whoever reads",
	}, plant: func(f *fault) {
		type key struct {
			ws  storage.WorkspaceID
			ref storage.Ref
		}
		held := map[key]storage.Doc{}
		f.get = func(ctx context.Context, ws storage.WorkspaceID, want []storage.Want) ([]storage.Doc, error) {
			docs, err := f.s.Get(ctx, ws, want)
			f.mu.Lock()
			defer f.mu.Unlock()
			for i, d := range docs {
				if old, ok := held[key{ws, d.Ref}]; ok {
					docs[i] = old
				} else if len(d.Value) > 0 {
					held[key{ws, d.Ref}] = d
				}
			}
			return docs, err
		}
	}},
	{name: "Get by pieces", caught: []string{
		"Concurrent: Get sees both documents of a Put or neither",
	}, plant: func(f *fault) {
		var puts atomic.Int64
		f.put = func(ctx context.Context, ws storage.WorkspaceID, docs []storage.Doc) error {
			defer puts.Add(1)
			return f.s.Put(ctx, ws, docs)
		}
		f.get = func(ctx context.Context, ws storage.WorkspaceID, want []storage.Want) ([]storage.Doc, error) {
			var found []storage.Doc
			for _, w := range want {
				docs, err := f.s.Get(ctx, ws, []storage.Want{w})
				if err != nil {
					return nil, err
				}
				found = append(found, docs...)
				for before, spins := puts.Load(), 0; spins < 1_000 && puts.Load() == before; spins++ {
					runtime.Gosched() // time for a Put between the pieces
				}
			}
			return found, nil
		}
	}},
	{name: "no value for whoever has any", caught: []string{
		"Get gives the newest value where Have is older, 0 or above the newest",
	}, plant: haves(func(_ storage.Doc, have int) bool { return have != 0 })},
	{name: "no value for whoever has as much or more", caught: []string{
		"Get gives the newest value where Have is older, 0 or above the newest",
	}, plant: haves(func(d storage.Doc, have int) bool { return have >= d.Revision })},
	{name: "one Have for all", caught: []string{
		"Get judges each Have by its own document",
	}, plant: func(f *fault) {
		f.get = func(ctx context.Context, ws storage.WorkspaceID, want []storage.Want) ([]storage.Doc, error) {
			want = slices.Clone(want)
			for i := range want {
				want[i].Have = want[len(want)-1].Have
			}
			return f.s.Get(ctx, ws, want)
		}
	}},
	{name: "the last want for a document decides", caught: []string{
		"Get answers a document that is wanted twice once, with its value if one of the wants needs it",
	}, plant: func(f *fault) {
		f.get = func(ctx context.Context, ws storage.WorkspaceID, want []storage.Want) ([]storage.Doc, error) {
			var last []storage.Want
			for i, w := range want {
				if !slices.ContainsFunc(want[i+1:], func(v storage.Want) bool { return v.Ref == w.Ref }) {
					last = append(last, w)
				}
			}
			return f.s.Get(ctx, ws, last)
		}
	}},
	{name: "an answer for each want", caught: []string{
		"Get answers a document that is wanted twice once, with its value if one of the wants needs it",
	}, plant: func(f *fault) {
		f.get = func(ctx context.Context, ws storage.WorkspaceID, want []storage.Want) ([]storage.Doc, error) {
			docs, err := f.s.Get(ctx, ws, want)
			for i, w := range want {
				for _, v := range want[:i] {
					if v == w && len(docs) > 0 {
						docs = append(docs, docs[0])
					}
				}
			}
			return docs, err
		}
	}},
	{name: "less than the value is left out, too", caught: []string{
		"Get may leave out the value where the newest revision is Have, and nothing else",
	}, plant: func(f *fault) {
		f.get = func(ctx context.Context, ws storage.WorkspaceID, want []storage.Want) ([]storage.Doc, error) {
			docs, err := f.s.Get(ctx, ws, want)
			for i, d := range docs {
				if len(d.Value) == 0 {
					docs[i] = storage.Doc{Ref: d.Ref, Revision: d.Revision}
				}
			}
			return docs, err
		}
	}},
	{name: "absence is an error", caught: []string{
		"Get leaves out what is absent",
		"History of what was never put is empty",
	}, plant: func(f *fault) {
		f.get = func(ctx context.Context, ws storage.WorkspaceID, want []storage.Want) ([]storage.Doc, error) {
			docs, err := f.s.Get(ctx, ws, want)
			if err == nil && len(docs) < len(want) {
				err = storage.ErrNotFound
			}
			return docs, err
		}
		f.history = func(ctx context.Context, ws storage.WorkspaceID, ref storage.Ref, before, limit int) ([]storage.Doc, error) {
			docs, err := f.s.History(ctx, ws, ref, before, limit)
			if err == nil && len(docs) == 0 {
				err = storage.ErrNotFound
			}
			return docs, err
		}
	}},
	{name: "a name that cannot be is an error", caught: []string{
		"Get finds nothing under a name that no Put accepts",
		"Workspaces: an unknown one is an empty one, to all reads",
	}, plant: func(f *fault) {
		check := func(ws storage.WorkspaceID, ref storage.Ref) error {
			return storage.CheckPut(ws, []storage.Doc{{Ref: ref}})
		}
		f.get = func(ctx context.Context, ws storage.WorkspaceID, want []storage.Want) ([]storage.Doc, error) {
			for _, w := range want {
				if err := check(ws, w.Ref); err != nil {
					return nil, err
				}
			}
			return f.s.Get(ctx, ws, want)
		}
		f.history = func(ctx context.Context, ws storage.WorkspaceID, ref storage.Ref, before, limit int) ([]storage.Doc, error) {
			if err := check(ws, ref); err != nil {
				return nil, err
			}
			return f.s.History(ctx, ws, ref, before, limit)
		}
	}},
	{name: "deletion is not looked at", caught: []string{
		"Get leaves out what is deleted",
	}, plant: func(f *fault) {
		f.get = func(ctx context.Context, ws storage.WorkspaceID, want []storage.Want) ([]storage.Doc, error) {
			docs, err := f.s.Get(ctx, ws, want)
			for _, w := range want {
				if d := f.newest(ctx, ws, w.Ref); d.Deleted {
					docs = append(docs, d)
				}
			}
			return docs, err
		}
	}},
	{name: "the kind is not looked at", caught: []string{
		"Get tells documents of one ID apart by their kind",
		"History is of one document",
	}, plant: func(f *fault) {
		f.get = func(ctx context.Context, ws storage.WorkspaceID, want []storage.Want) ([]storage.Doc, error) {
			docs, err := f.s.Get(ctx, ws, want)
			for i, d := range docs {
				other, _ := f.s.Get(ctx, ws, []storage.Want{{Ref: refOf(otherKind, d.ID)}})
				if len(other) > 0 {
					docs[i] = other[0]
				}
			}
			return docs, err
		}
		f.history = func(ctx context.Context, ws storage.WorkspaceID, ref storage.Ref, before, limit int) ([]storage.Doc, error) {
			docs, err := f.s.History(ctx, ws, ref, before, limit)
			if err != nil {
				return nil, err
			}
			other, err := f.s.History(ctx, ws, refOf(otherKind, ref.ID), before, limit)
			return append(docs, other...), err
		}
	}},
	{name: "IDs are folded", caught: []string{
		"Text: any storable string is an ID, and no two of them are one",
	}, plant: func(f *fault) {
		f.get = func(ctx context.Context, ws storage.WorkspaceID, want []storage.Want) ([]storage.Doc, error) {
			want = slices.Clone(want)
			for i := range want {
				want[i].ID = strings.ToLower(want[i].ID)
			}
			return f.s.Get(ctx, ws, want)
		}
	}},
	{name: "a get of nothing gets all", caught: []string{
		"Get of nothing is nothing",
	}, plant: func(f *fault) {
		f.get = func(ctx context.Context, ws storage.WorkspaceID, want []storage.Want) ([]storage.Doc, error) {
			if len(want) == 0 {
				return f.s.List(ctx, ws, storage.Query{Kind: kind, Limit: many})
			}
			return f.s.Get(ctx, ws, want)
		}
	}},
	{name: "at most 999 wants at once", caught: []string{
		"Get answers a thousand wants at once",
	}, plant: func(f *fault) {
		f.get = func(ctx context.Context, ws storage.WorkspaceID, want []storage.Want) ([]storage.Doc, error) {
			if len(want) > 999 {
				return nil, errors.New("too many parameters")
			}
			return f.s.Get(ctx, ws, want)
		}
	}},
	{name: "Get sorts the asker's wants", caught: []string{
		"Slices: the wants and the terms of a query stay the asker's",
	}, plant: func(f *fault) {
		f.get = func(ctx context.Context, ws storage.WorkspaceID, want []storage.Want) ([]storage.Doc, error) {
			slices.SortFunc(want, func(a, b storage.Want) int { return strings.Compare(a.ID, b.ID) })
			return f.s.Get(ctx, ws, want)
		}
	}},
}

// haves returns a bug that leaves out values by a rule of its own.
func haves(leaveOut func(d storage.Doc, have int) bool) func(*fault) {
	return func(f *fault) {
		f.get = func(ctx context.Context, ws storage.WorkspaceID, want []storage.Want) ([]storage.Doc, error) {
			docs, err := f.s.Get(ctx, ws, want)
			for i, d := range docs {
				for _, w := range want {
					if w.Ref == d.Ref && leaveOut(d, w.Have) {
						docs[i].Value = nil
					}
				}
			}
			return docs, err
		}
	}
}

// historyBugs are broken in History.
var historyBugs = []bug{
	{name: "history from the beginning", caught: []string{
		"History returns the revisions newest first, each as it was put",
	}, plant: pastBy(slices.Reverse[[]storage.Doc])},
	{name: "before is included", caught: []string{
		"History starts below before, at the newest when it is 0 or less, and returns at most limit",
	}, plant: past(func(before, limit int) (int, int) { return max(before+1, 1) * min(before, 1), limit })},
	{name: "before 0 is before the first", caught: []string{
		"History starts below before, at the newest when it is 0 or less, and returns at most limit",
	}, plant: func(f *fault) {
		f.history = func(ctx context.Context, ws storage.WorkspaceID, ref storage.Ref, before, limit int) ([]storage.Doc, error) {
			docs, err := f.s.History(ctx, ws, ref, before, limit)
			if before < 0 {
				docs = nil
			}
			return docs, err
		}
	}},
	{name: "a history has no limit", caught: []string{
		"History starts below before, at the newest when it is 0 or less, and returns at most limit",
	}, plant: past(func(before, limit int) (int, int) { return before, max(limit, many) })},
	{name: "tombstones are no history", caught: []string{
		"History has tombstones in their place",
		"Tombstone: Get and List leave the document out, History keeps it",
	}, plant: func(f *fault) {
		f.history = func(ctx context.Context, ws storage.WorkspaceID, ref storage.Ref, before, limit int) ([]storage.Doc, error) {
			docs, err := f.s.History(ctx, ws, ref, before, limit)
			return slices.DeleteFunc(docs, func(d storage.Doc) bool { return d.Deleted }), err
		}
	}},
	{name: "a history of texts only", caught: []string{
		"History returns the revisions newest first, each as it was put",
	}, plant: pastBy(func(docs []storage.Doc) {
		for i := range docs {
			docs[i].Sort, docs[i].Terms = docs[0].Sort, docs[0].Terms
		}
	})},
}

// past returns a bug that asks for another part of the history.
func past(change func(before, limit int) (int, int)) func(*fault) {
	return func(f *fault) {
		f.history = func(ctx context.Context, ws storage.WorkspaceID, ref storage.Ref, before, limit int) ([]storage.Doc, error) {
			before, limit = change(before, limit)
			return f.s.History(ctx, ws, ref, before, limit)
		}
	}
}
