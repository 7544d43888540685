package openai

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

// Deadline names a deadline of Config.
type Deadline string

// The deadlines.
const (
	FirstToken Deadline = "first token"
	Idle       Deadline = "idle"
	Total      Deadline = "total"
)

// DeadlineError says which deadline passed. It comes inside a *model.Error of kind unavailable.
type DeadlineError struct {
	Deadline Deadline
	After    time.Duration
}

func (e *DeadlineError) Error() string {
	switch e.Deadline {
	case FirstToken:
		return fmt.Sprintf("openai: no first token within %s", e.After)
	case Idle:
		return fmt.Sprintf("openai: nothing more came for %s", e.After)
	case Total:
	}
	return fmt.Sprintf("openai: the reply took longer than %s", e.After)
}

// stage is what a stream is waiting for.
type stage int

const (
	starting stage = iota // for its first token
	running               // for the next chunk
	ending                // for what may follow a finish reason: usage and the terminator
	draining              // for the end of the body, behind the terminator
)

const (
	longestEnding   = 2 * time.Second       // the reply is whole then; whoever waits for it waits no longer
	longestDraining = 50 * time.Millisecond // a new connection costs about as much
	mostDrained     = 16 << 10
)

// clock ends a request whose deadline passed. Only waiting counts, and a wait goes on until a chunk came. One
// timer serves all stages: a stream does not set one for each chunk, the timer looks how long the wait is.
type clock struct {
	cancel context.CancelCauseFunc
	first  time.Duration
	idle   time.Duration
	base   time.Time
	total  *time.Timer

	stage atomic.Int64
	since atomic.Int64 // when the wait began, from base; busy while the reader does not wait

	began int64 // when the latest wait began; with came the reader's own
	came  bool  // a chunk, since then

	mu      sync.Mutex
	timer   *time.Timer
	stopped bool
}

const busy = -1

func startClock(cancel context.CancelCauseFunc, first, idle, total time.Duration) *clock {
	c := &clock{cancel: cancel, first: first, idle: idle, base: time.Now()}
	if total > 0 {
		late := &DeadlineError{Total, total}
		c.total = time.AfterFunc(total, func() { cancel(late) })
	}
	c.arm(c.limit(starting))
	return c
}

// limit returns the longest wait of a stage; 0 is none.
func (c *clock) limit(s stage) time.Duration {
	switch s {
	case starting:
		return c.first
	case ending:
		if c.idle > 0 {
			return min(c.idle, longestEnding)
		}
		return longestEnding
	case draining:
		return longestDraining
	case running:
	}
	return c.idle
}

// enter begins the next stage, for a reader that does not wait at the moment.
func (c *clock) enter(s stage) {
	if stage(c.stage.Load()) >= s {
		return
	}
	c.stage.Store(int64(s))
	c.came = true
	c.arm(c.limit(s))
}

// chunk tells that something came that counts.
func (c *clock) chunk() { c.came = c.came || stage(c.stage.Load()) != starting }

// wait begins a wait, or goes on with one in which nothing came that counts.
func (c *clock) wait() {
	if c.came {
		c.came, c.began = false, int64(time.Since(c.base))
	}
	c.since.Store(c.began)
}

// work interrupts a wait.
func (c *clock) work() { c.since.Store(busy) }

func (c *clock) arm(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.stopped:
	case d <= 0:
		if c.timer != nil {
			c.timer.Stop()
		}
	case c.timer == nil:
		c.timer = time.AfterFunc(d, c.ring)
	default:
		c.timer.Reset(d)
	}
}

// ring looks how long the wait is, and comes back when it may be over.
func (c *clock) ring() {
	now := stage(c.stage.Load())
	limit := c.limit(now)
	if limit <= 0 {
		return
	}
	since := c.since.Load()
	left := limit
	if since != busy {
		left = limit - (time.Since(c.base) - time.Duration(since))
	}
	if left > 0 {
		c.arm(left)
		return
	}
	name := Idle
	if now == starting {
		name = FirstToken
	}
	c.cancel(&DeadlineError{name, limit})
}

func (c *clock) stop() {
	if c.total != nil {
		c.total.Stop()
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.stopped = true
	if c.timer != nil {
		c.timer.Stop()
	}
}
