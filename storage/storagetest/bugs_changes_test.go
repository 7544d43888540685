package storagetest

import (
	"context"
	"runtime"
	"slices"
	"time"

	"github.com/sonajobs/sona/storage"
)

// changesBugs are broken in Changes.
var changesBugs = []bug{
	{name: "reused sequence: a number is used twice", caught: []string{
		"Changes have a Seq above 0 that rises and is used once",
		"Changes returns what comes after, at most limit, and goes on where the reader stopped",
	}, plant: feed(func(changes []storage.Change) []storage.Change {
		for i := range changes {
			changes[i].Seq = (changes[i].Seq + 1) / 2
		}
		return changes
	})},
	{name: "reused sequence: it starts again after an erasure", caught: []string{
		"Changes have a Seq above 0 that rises and is used once",
	}, plant: feed(func(changes []storage.Change) []storage.Change {
		for i := range changes {
			if i > 0 && changes[i-1].Deleted {
				changes[i].Seq = 1
			}
		}
		return changes
	})},
	{name: "the first Seq is 0", caught: []string{
		"Changes have a Seq above 0 that rises and is used once",
	}, plant: feed(func(changes []storage.Change) []storage.Change {
		for i := range changes {
			changes[i].Seq--
		}
		return changes
	})},
	{name: "the newest change first", caught: []string{
		"Changes tells of each revision once, in the order of the Puts and inside them",
	}, plant: feed(func(changes []storage.Change) []storage.Change {
		slices.Reverse(changes)
		return changes
	})},
	{name: "one change for a document", caught: []string{
		"Changes tells of each revision once, in the order of the Puts and inside them",
	}, plant: feed(func(changes []storage.Change) []storage.Change {
		var last []storage.Change
		for i, c := range changes {
			if !slices.ContainsFunc(changes[i+1:], func(d storage.Change) bool { return d.Ref == c.Ref }) {
				last = append(last, c)
			}
		}
		return last
	})},
	{name: "after is included", caught: []string{
		"Changes at the end returns nothing and does not wait",
	}, plant: func(f *fault) {
		f.changes = func(ctx context.Context, ws storage.WorkspaceID, after storage.Seq, limit int) ([]storage.Change, error) {
			return f.s.Changes(ctx, ws, after-1, limit)
		}
	}},
	{name: "a feed has no limit", caught: []string{
		"Changes returns what comes after, at most limit, and goes on where the reader stopped",
	}, plant: func(f *fault) {
		f.changes = func(ctx context.Context, ws storage.WorkspaceID, after storage.Seq, limit int) ([]storage.Change, error) {
			return f.s.Changes(ctx, ws, after, limit*many)
		}
	}},
	{name: "a change below what was returned: numbered before the commit", caught: []string{
		"Changes read on while 8 others write misses nothing: none appears below one that was returned",
	}, plant: func(f *fault) {
		late := map[storage.Seq]bool{}
		f.changes = func(ctx context.Context, ws storage.WorkspaceID, after storage.Seq, limit int) ([]storage.Change, error) {
			f.mu.Lock()
			defer f.mu.Unlock()
			changes, err := f.s.Changes(ctx, ws, after, limit)
			return slices.DeleteFunc(changes, func(c storage.Change) bool {
				hide := c.Seq%20 == 1 && !late[c.Seq] && c.Seq != changes[len(changes)-1].Seq
				late[c.Seq] = late[c.Seq] || hide
				return hide
			}), err
		}
	}},
	{name: "a change is told of before it is there", caught: []string{
		"Changes tells only of what every later read sees",
	}, plant: func(f *fault) {
		var coming []storage.Change
		told := 0
		f.put = func(ctx context.Context, ws storage.WorkspaceID, docs []storage.Doc) error {
			f.mu.Lock()
			coming, told = nil, 0
			for _, d := range docs {
				coming = append(coming, storage.Change{Ref: d.Ref, Revision: d.Revision})
			}
			f.mu.Unlock()
			for range 1_000 { // time for a reader
				f.mu.Lock()
				seen := told > 1
				f.mu.Unlock()
				if seen {
					break
				}
				runtime.Gosched()
			}
			f.mu.Lock()
			defer f.mu.Unlock()
			coming = nil
			return f.s.Put(ctx, ws, docs)
		}
		f.changes = func(ctx context.Context, ws storage.WorkspaceID, after storage.Seq, limit int) ([]storage.Change, error) {
			f.mu.Lock()
			defer f.mu.Unlock()
			changes, err := f.s.Changes(ctx, ws, after, limit)
			if len(changes) == 0 && err == nil && len(coming) > 0 {
				told++
				return []storage.Change{{Seq: after + 1, Ref: coming[0].Ref, Revision: coming[0].Revision}}, nil
			}
			return changes, err
		}
	}},
	{name: "an erasure takes the changes, too", caught: []string{
		"Changes still tells of revisions whose values were erased",
	}, plant: func(f *fault) {
		f.changes = func(ctx context.Context, ws storage.WorkspaceID, after storage.Seq, limit int) ([]storage.Change, error) {
			changes, err := f.s.Changes(ctx, ws, after, limit)
			return slices.DeleteFunc(changes, func(c storage.Change) bool {
				past, _ := f.s.History(ctx, ws, c.Ref, c.Revision+1, 1)
				return len(past) == 1 && len(past[0].Value) == 0
			}), err
		}
	}},
	{name: "a change of its own time", caught: []string{
		"Changes tells of each revision once, in the order of the Puts and inside them",
	}, plant: feed(func(changes []storage.Change) []storage.Change {
		for i := range changes {
			changes[i].At = time.Now().UTC().Truncate(time.Microsecond)
		}
		return changes
	})},
	{name: "a Put that fails is in the feed", caught: []string{
		"Changes tells nothing of a Put that failed",
	}, plant: func(f *fault) {
		failed := map[storage.WorkspaceID]int{}
		f.put = func(ctx context.Context, ws storage.WorkspaceID, docs []storage.Doc) error {
			err := f.s.Put(ctx, ws, docs)
			f.mu.Lock()
			defer f.mu.Unlock()
			if err != nil {
				failed[ws]++
			}
			return err
		}
		f.changes = func(ctx context.Context, ws storage.WorkspaceID, after storage.Seq, limit int) ([]storage.Change, error) {
			f.mu.Lock()
			defer f.mu.Unlock()
			changes, err := f.s.Changes(ctx, ws, after, limit)
			if failed[ws] > 0 && err == nil && after == 0 {
				changes = append(changes, storage.Change{Seq: storage.Seq(many + failed[ws])})
			}
			return changes, err
		}
	}},
}

// feed returns a bug that changes the feed.
func feed(change func([]storage.Change) []storage.Change) func(*fault) {
	return func(f *fault) {
		f.changes = func(ctx context.Context, ws storage.WorkspaceID, after storage.Seq, limit int) ([]storage.Change, error) {
			if err := storage.CheckLimit(limit); err != nil {
				return nil, err
			}
			changes, err := f.s.Changes(ctx, ws, 0, many)
			changes = slices.DeleteFunc(change(changes), func(c storage.Change) bool { return c.Seq <= after && after > 0 })
			return changes[:min(limit, len(changes))], err
		}
	}
}
