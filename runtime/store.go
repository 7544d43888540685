package runtime

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/storage"
)

// storeTries is how often a final record is written, after 1, 2, 4 … seconds: a database that comes back within a
// minute misses none. What is given up stays in progress, for CloseAbandoned.
const storeTries = 7

// storeLater writes down the final record of a call that found storage failing and hands it over then; begun tells that
// an earlier one is stored. What storage never takes is handed over all the same. Nobody waits but Flush.
func (r *Runtime) storeLater(ctx context.Context, ws *storage.Workspace, rec call.Record, begun bool) {
	ctx = context.WithoutCancel(ctx)
	r.records.begin()
	go func() {
		defer r.records.end()
		time.Sleep(time.Second)
		if r.store(ctx, ws, rec, begun) {
			r.deliver(ctx, rec)
		}
	}()
}

// store writes a final record down, again when storage fails; false when somebody else has the last word about it,
// since the call was erased or closed.
func (r *Runtime) store(ctx context.Context, ws *storage.Workspace, rec call.Record, begun bool) bool {
	for n := range storeTries {
		storing, cancel := context.WithTimeout(ctx, r.limits.Action)
		err := write(storing, ws, rec, begun)
		cancel()
		if err == nil {
			return true
		}
		r.log().ErrorContext(ctx, "record not stored", "gen_ai.conversation.id", rec.ID, "status", rec.Status, "try", n+1, "error.type", fmt.Sprintf("%T", err))
		if errors.Is(err, storage.ErrConflict) {
			return false
		}
		if n < storeTries-1 {
			time.Sleep(time.Second << n)
		}
	}
	return true
}
