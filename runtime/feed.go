package runtime

import (
	"context"
	"iter"
	"sync"
)

// feed lets any number of goroutines look at the events of a call.
type feed struct {
	mu     sync.Mutex
	all    []Event
	more   chan struct{} // closed and replaced whenever something is added
	closed bool
}

func newFeed() *feed { return &feed{more: make(chan struct{})} }

func (f *feed) add(ev Event) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.all = append(f.all, ev)
	close(f.more)
	f.more = make(chan struct{})
}

func (f *feed) close() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.closed = true
	close(f.more)
}

func (f *feed) events(ctx context.Context) iter.Seq[Event] {
	return func(yield func(Event) bool) {
		for next := 0; ; {
			f.mu.Lock()
			all, more, closed := f.all, f.more, f.closed
			f.mu.Unlock()
			for ; next < len(all); next++ {
				if !yield(all[next]) {
					return
				}
			}
			if closed {
				return
			}
			select {
			case <-more:
			case <-ctx.Done():
				return
			}
		}
	}
}
