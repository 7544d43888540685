package runtime

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/sonajobs/sona/callflow/call"
)

// deliveries counts what is still to be done for calls that have ended.
type deliveries struct {
	mu   sync.Mutex
	n    int
	none chan struct{} // closed when n falls to 0; nil while nobody waits
}

func (d *deliveries) begin() {
	d.mu.Lock()
	d.n++
	d.mu.Unlock()
}

func (d *deliveries) end() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.n--; d.n == 0 && d.none != nil {
		close(d.none)
		d.none = nil
	}
}

// wait returns a channel that is closed when there are none.
func (d *deliveries) wait() <-chan struct{} {
	d.mu.Lock()
	defer d.mu.Unlock()
	none := d.none
	switch {
	case d.n == 0:
		none = make(chan struct{})
		close(none)
	case none == nil:
		none = make(chan struct{})
		d.none = none
	}
	return none
}

// Flush waits until all that calls leave behind is done, or ctx ends: summaries by a model, records that storage did
// not take at once, and OnRecord. Call it before the process ends; what it does not wait for [Runtime.CloseAbandoned]
// makes good at the next start.
func (r *Runtime) Flush(ctx context.Context) error {
	select {
	case <-r.records.wait():
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// deliver hands a record to the host, again when it fails. The call does not wait for it.
func (r *Runtime) deliver(ctx context.Context, rec call.Record) {
	if r.config.OnRecord == nil {
		return
	}
	ctx = context.WithoutCancel(ctx)
	r.records.begin()
	go func() {
		defer r.records.end()
		const tries = 3
		for n := 1; ; n++ {
			err := r.onRecord(ctx, rec)
			if err == nil {
				return
			}
			r.log().WarnContext(ctx, "OnRecord failed", "gen_ai.conversation.id", rec.ID, "try", n, "error.type", fmt.Sprintf("%T", err))
			if n == tries {
				return
			}
			time.Sleep(time.Duration(n) * time.Second)
		}
	}()
}

func (r *Runtime) onRecord(ctx context.Context, rec call.Record) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("OnRecord panicked: %T", p)
		}
	}()
	return r.config.OnRecord(ctx, rec)
}
