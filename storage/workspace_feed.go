package storage

import (
	"context"
	"iter"
	"slices"
	"time"
)

// How Watch asks: at once while there is something to tell, then after watchFirst, twice as long each
// time that there is nothing new, at most watchMost.
const (
	watchFirst = 25 * time.Millisecond
	watchMost  = time.Second
	watchPage  = 100
)

// MaxChanges is the most changes that [Workspace.Changes] returns at once.
const MaxChanges = 1_000

// Changes returns what was saved and deleted in this workspace after a place in the feed, oldest first,
// one change for each revision. It returns at the head of the feed: nothing when there is nothing new. Go
// on after the Seq of the last change; 0 is before the first. The limit is MaxChanges when it is 0 or less.
func (w *Workspace) Changes(ctx context.Context, after Seq, limit int) ([]Change, error) {
	if limit < 1 || limit > MaxChanges {
		limit = MaxChanges
	}
	return w.storage.Changes(ctx, w.id, after, limit)
}

// Watch yields what Changes returns and follows the feed until ctx ends; then the loop is over, without an
// error. With kinds it yields changes of these kinds only. A change is told within about a second, sooner
// in a busy workspace. An error of storage is yielded as such, and Watch goes on asking for as long as the
// loop goes on; no change is skipped.
func (w *Workspace) Watch(ctx context.Context, after Seq, kinds ...Kind) iter.Seq2[Change, error] {
	return func(yield func(Change, error) bool) {
		at, wait := after, watchFirst
		for ctx.Err() == nil {
			changes, err := w.storage.Changes(ctx, w.id, at, watchPage)
			if err != nil && (ctx.Err() != nil || !yield(Change{}, err)) {
				return
			}
			for _, c := range changes {
				at = c.Seq
				if len(kinds) > 0 && !slices.Contains(kinds, c.Ref.Kind) {
					continue
				}
				if ctx.Err() != nil || !yield(c, nil) {
					return
				}
			}
			switch len(changes) {
			case watchPage:
				continue // there is more
			case 0:
			default:
				wait = watchFirst
			}
			select {
			case <-ctx.Done():
				return
			case <-time.After(wait):
			}
			wait = min(2*wait, watchMost)
		}
	}
}
