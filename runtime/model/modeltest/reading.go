package modeltest

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"sync"
	"time"

	"github.com/sonajobs/sona/runtime/model"
)

// reading is one stream that is read, and what it does that no stream may do.
type reading struct {
	each  func(model.Part) bool // as of model.Collect; may be nil
	mu    sync.Mutex            // held while a part is taken
	ended bool                  // Done or an error came
	left  bool
	parts []model.Part
	err   error

	wrong  sync.Mutex
	faults []string
}

// take is the loop's body.
func (r *reading) take(part model.Part, err error) bool {
	if !r.mu.TryLock() {
		return r.fault("two parts are yielded at once")
	}
	defer r.mu.Unlock()
	switch {
	case r.left:
		return r.fault("something comes after the loop was left: %T, %v", part, err)
	case r.ended:
		return r.fault("something comes after the end: %T, %v", part, err)
	case err != nil && part != nil:
		r.fault("a part and an error come together: %T, %v", part, err)
	}
	if err != nil {
		r.ended, r.err = true, err
		return true
	}
	switch part.(type) {
	case model.Text, model.ToolCall, model.Usage:
	case model.Done:
		r.ended = true
	default:
		r.fault("a part is none: %T", part)
	}
	r.parts = append(r.parts, part)
	if r.each != nil && !r.each(part) {
		r.left = true
	}
	return !r.left
}

func (r *reading) fault(format string, args ...any) bool {
	r.wrong.Lock()
	defer r.wrong.Unlock()
	if len(r.faults) < 10 {
		r.faults = append(r.faults, fmt.Sprintf(format, args...))
	}
	return false
}

// found is what the stream did wrong.
func (r *reading) found() []string {
	r.wrong.Lock()
	defer r.wrong.Unlock()
	return slices.Clone(r.faults)
}

// outcome is the reply that was read, by the rules of model.Collect.
func (r *reading) outcome() (model.Reply, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return model.Collect(func(yield func(model.Part, error) bool) {
		for _, p := range r.parts {
			if !yield(p, nil) {
				return
			}
		}
		if r.err != nil {
			yield(nil, r.err)
		}
	}, func(model.Part) bool { return true })
}

// read reads a stream to its end, or until each returns false. It may be called from any goroutine; what the
// stream does wrong stands in the reading.
func read(stream iter.Seq2[model.Part, error], each func(model.Part) bool, patience time.Duration) *reading {
	r := &reading{each: each}
	if stream == nil {
		r.fault("Generate returns no stream")
		return r
	}
	over := make(chan string, 1)
	go func() {
		says := "the stream ended its goroutine"
		defer func() {
			if p := recover(); p != nil {
				says = fmt.Sprintf("the stream panicked: %v", p)
			}
			over <- says
		}()
		stream(r.take)
		says = ""
	}()
	select {
	case says := <-over:
		if says != "" {
			r.fault("%s", says)
		}
		return r
	case <-time.After(patience):
		return &reading{faults: []string{"the stream does not come to its end"}}
	}
}

// ask asks the model and reads its whole reply.
func (p *probe) ask(r model.Request) (model.Reply, error) {
	p.Helper()
	return p.askUntil(p.ctx, r, nil)
}

// askUntil asks the model under a context and reads until each returns false.
func (p *probe) askUntil(ctx context.Context, r model.Request, each func(model.Part) bool) (model.Reply, error) {
	p.Helper()
	return p.sound(read(p.m.Generate(ctx, r), each, p.patience))
}

// sound ends the case when a stream did what no stream may do; else it returns the reply. A loop that was left
// has no error.
func (p *probe) sound(r *reading) (model.Reply, error) {
	p.Helper()
	found := r.found()
	for _, f := range found {
		p.Errorf("%s", f)
	}
	if len(found) > 0 {
		p.FailNow()
	}
	reply, err := r.outcome()
	if r.left {
		err = nil
	}
	return reply, err
}
