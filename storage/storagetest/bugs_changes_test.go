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
	{name: "reused sequence: one for all of a Put", plant: func(f *fault) {
		first := map[storage.WorkspaceID]map[storage.Seq]storage.Seq{}
		f.put = func(ctx context.Context, ws storage.WorkspaceID, docs []storage.Doc) error {
			f.mu.Lock()
			defer f.mu.Unlock()
			err := f.s.Put(ctx, ws, docs)
			if all, _ := f.s.Changes(ctx, ws, 0, many); err == nil {
				if first[ws] == nil {
					first[ws] = map[storage.Seq]storage.Seq{}
				}
				for _, c := range all[len(all)-len(docs):] {
					first[ws][c.Seq] = all[len(all)-len(docs)].Seq
				}
			}
			return err
		}
		f.changes = func(ctx context.Context, ws storage.WorkspaceID, after storage.Seq, limit int) ([]storage.Change, error) {
			f.mu.Lock()
			defer f.mu.Unlock()
			changes, err := f.s.Changes(ctx, ws, after, limit)
			for i, c := range changes {
				changes[i].Seq = first[ws][c.Seq]
			}
			return changes, err
		}
	}},
	{name: "reused sequence: it starts again after an erasure", plant: feed(func(changes []storage.Change) []storage.Change {
		for i, c := range changes {
			if i > 0 && changes[i-1].Deleted && !c.Deleted {
				changes[i].Seq = 1
			}
		}
		return changes
	})},
	{name: "the first Seq is 0", plant: func(f *fault) {
		f.changes = func(ctx context.Context, ws storage.WorkspaceID, after storage.Seq, limit int) ([]storage.Change, error) {
			changes, err := f.s.Changes(ctx, ws, after+1, limit)
			if after <= 0 {
				changes, err = f.s.Changes(ctx, ws, 0, limit)
			}
			for i := range changes {
				changes[i].Seq--
			}
			return changes, err
		}
	}},
	{name: "the newest change first", plant: feed(func(changes []storage.Change) []storage.Change {
		slices.Reverse(changes)
		return changes
	})},
	{name: "one change for a document", plant: feed(func(changes []storage.Change) []storage.Change {
		var last []storage.Change
		for i, c := range changes {
			if !slices.ContainsFunc(changes[i+1:], func(d storage.Change) bool { return d.Ref == c.Ref }) {
				last = append(last, c)
			}
		}
		return last
	})},
	{name: "after is included", plant: func(f *fault) {
		f.changes = func(ctx context.Context, ws storage.WorkspaceID, after storage.Seq, limit int) ([]storage.Change, error) {
			return f.s.Changes(ctx, ws, after-1, limit)
		}
	}},
	{name: "a feed has no limit", plant: func(f *fault) {
		f.changes = func(ctx context.Context, ws storage.WorkspaceID, after storage.Seq, limit int) ([]storage.Change, error) {
			return f.s.Changes(ctx, ws, after, limit*many)
		}
	}},
	{name: "a change below what was returned: numbered before the commit", plant: func(f *fault) {
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
	{name: "a change is told of before it is there", plant: func(f *fault) {
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
	{name: "an erasure takes the changes, too", plant: func(f *fault) {
		f.changes = func(ctx context.Context, ws storage.WorkspaceID, after storage.Seq, limit int) ([]storage.Change, error) {
			changes, err := f.s.Changes(ctx, ws, after, limit)
			return slices.DeleteFunc(changes, func(c storage.Change) bool {
				past, _ := f.s.History(ctx, ws, c.Ref, c.Revision+1, 1)
				return len(past) == 1 && len(past[0].Value) == 0
			}), err
		}
	}},
	{name: "a change of its own time", plant: feed(func(changes []storage.Change) []storage.Change {
		for i := range changes {
			changes[i].At = time.Now().UTC().Truncate(time.Microsecond)
		}
		return changes
	})},
	{name: "a Put that fails is in the feed", plant: func(f *fault) {
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

// feed returns a bug that changes what Changes returns.
func feed(change func([]storage.Change) []storage.Change) func(*fault) {
	return func(f *fault) {
		f.changes = func(ctx context.Context, ws storage.WorkspaceID, after storage.Seq, limit int) ([]storage.Change, error) {
			changes, err := f.s.Changes(ctx, ws, after, limit)
			return change(changes), err
		}
	}
}
