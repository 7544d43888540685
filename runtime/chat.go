package runtime

import (
	"context"
	"errors"
	"iter"

	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/runtime/prompt"
)

// Chat is a call by text: the host hands in what the caller said and iterates over what happens. Everything
// that was yielded counts as heard. One goroutine at a time. A Chat that is never ended leaves its record in
// progress.
type Chat struct{ e *engine }

// ID returns the call's ID.
func (c *Chat) ID() call.ID { return c.e.rec.ID }

// Prompt returns the prompt of the call.
func (c *Chat) Prompt() prompt.Prompt { return c.e.prompt }

// Over returns how the call ended; false while it goes on.
func (c *Chat) Over() (call.Outcome, bool) { return c.e.rec.Outcome, c.e.over }

// Turns returns what was said so far, oldest first.
func (c *Chat) Turns() []call.Turn { return append([]call.Turn(nil), c.e.rec.Turns...) }

var errGreeted = errors.New("runtime: Greet comes once, before the first Hear")

// Greet says the first words. It is called once, before the first Hear, else it yields an error; a host that
// speaks first itself leaves it out. After the end it yields [ErrOver].
func (c *Chat) Greet(ctx context.Context) iter.Seq2[Event, error] {
	return func(yield func(Event, error) bool) {
		switch {
		case c.e.over || c.e.ended:
			yield(nil, ErrOver)
		case len(c.e.spoken) > 0:
			yield(nil, errGreeted)
		default:
			c.e.greet()
			c.drain(ctx, yield)
		}
	}
}

// Hear hands in what the caller said and yields what happens until Sona waits for the caller again or the
// call is over. Leaving the loop before that interrupts Sona: what was not yielded was not said, a turn whose reply
// was still being made is marked as interrupted in the record, even if all there was of it had been yielded, and
// actions that were not begun never are; one that was begun is finished, and the next Hear or End takes its result.
// When ctx ends before that, its error is yielded last. After the end it yields [ErrOver].
func (c *Chat) Hear(ctx context.Context, text string) iter.Seq2[Event, error] {
	return func(yield func(Event, error) bool) {
		if c.e.over || c.e.ended {
			yield(nil, ErrOver)
			return
		}
		c.e.hear(ctx, text)
		c.drain(ctx, yield)
	}
}

// End closes the call, waits for an action under way, and returns the final record, also when the call was over
// already; a second End returns the same. A call that was not over counts as left by the caller. The error is always nil in this version: what could
// not be stored is said in the record.
func (c *Chat) End(ctx context.Context) (call.Record, error) {
	return c.e.end(ctx), nil
}

// drain runs the call until nothing is under way.
func (c *Chat) drain(ctx context.Context, yield func(Event, error) bool) {
	e := c.e
	through := false
	defer func() {
		if !through && !e.ended { // the loop was left, be it by a panic
			e.interrupt()
		}
	}()
	for {
		for ev, ok := e.next(); ok; ev, ok = e.next() {
			e.delivered(ev)
			if !yield(ev, nil) || e.ended {
				return
			}
		}
		if f, ok := e.mail.take(); ok {
			f()
			continue
		}
		if e.idle() {
			if e.ending == nil || e.over {
				through = true
				return
			}
			e.settle()
			continue
		}
		if ctx.Err() != nil {
			e.interrupt()
			through = true
			yield(nil, ctx.Err())
			return
		}
		if e.advance(ctx) {
			continue
		}
		select {
		case <-e.mail.ready:
		case <-ctx.Done():
		}
	}
}
