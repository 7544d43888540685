package runtime

import (
	"context"
	"iter"
	"strings"
	"sync"
)

// feed lets any number of goroutines look at the events of a call. What is said while nobody looks is kept joined:
// a reply has hundreds of pieces, and most calls are looked at by nobody.
type feed struct {
	mu       sync.Mutex
	all      []Event
	said     Said            // of which text are the pieces so far
	text     strings.Builder // in the place of said's
	open     bool            // there is one
	watching int             // how many look
	more     chan struct{}   // closed when something is added; nil while nobody waits
	closed   bool
}

func newFeed() *feed { return &feed{} }

func (f *feed) add(ev Event) {
	f.mu.Lock()
	defer f.mu.Unlock()
	s, said := ev.(Said)
	if f.open && said && f.watching == 0 && f.said.joins(s) {
		f.said.Last = s.Last
		f.text.WriteString(s.Text)
		return
	}
	f.shut()
	if said && f.watching == 0 {
		f.said, f.open = s, true
		f.text.WriteString(s.Text)
		return
	}
	f.all = append(f.all, ev)
	f.wake()
}

// joins reports whether next goes on with s.
func (s Said) joins(next Said) bool {
	return !s.Last && s.Turn == next.Turn && s.Job == next.Job && s.Step == next.Step && s.Source == next.Source
}

// shut ends what is being joined.
func (f *feed) shut() {
	if f.open {
		f.said.Text = f.text.String()
		f.all = append(f.all, f.said)
		f.said, f.open = Said{}, false
		f.text.Reset()
	}
}

// wake lets those who wait look again.
func (f *feed) wake() {
	if f.more != nil {
		close(f.more)
		f.more = nil
	}
}

func (f *feed) close() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.shut()
	f.closed = true
	f.wake()
}

// watch counts those who look.
func (f *feed) watch(one int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.shut()
	f.watching += one
}

func (f *feed) events(ctx context.Context) iter.Seq[Event] {
	return func(yield func(Event) bool) {
		f.watch(1)
		defer f.watch(-1)
		for next := 0; ; {
			f.mu.Lock()
			if f.more == nil && !f.closed {
				f.more = make(chan struct{})
			}
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
