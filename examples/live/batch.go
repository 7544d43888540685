package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/runtime/mockcall"
	"github.com/sonajobs/sona/runtime/model"
)

// batch is all the calls.
type batch struct {
	model    model.Model
	desks    map[deskName]desk
	runs     int
	begun    time.Time
	progress io.Writer

	mu   sync.Mutex
	todo []scenario
	made [][]*made // by scenario and run; nil until made
	done int
}

// made is one call that was made.
type made struct {
	wrong      error // nil when every check passed
	transcript string
	turns      int
	usage      call.Usage
	first      []time.Duration
}

// run makes the calls, several at a time, the first run of each scenario before the second. It ends early when ctx
// does, or when the model refuses in a way that no further call can change.
func (b *batch) run(ctx context.Context, todo []scenario, parallel int) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	b.todo, b.made = todo, make([][]*made, len(todo))
	for i := range b.made {
		b.made[i] = make([]*made, b.runs)
	}
	type place struct{ scenario, run int }
	places := make(chan place)
	var workers sync.WaitGroup
	for range parallel {
		workers.Go(func() {
			for p := range places {
				m, err := b.call(ctx, todo[p.scenario])
				if ctx.Err() != nil {
					continue // cut off: it tells nothing
				}
				if err != nil {
					stop(fmt.Errorf("the model refuses every request: %w", err))
					continue
				}
				b.keep(p.scenario, p.run, m)
			}
		})
	}
	for run := range b.runs {
		for i := range todo {
			select {
			case places <- place{i, run}:
			case <-ctx.Done():
			}
		}
	}
	close(places)
	workers.Wait()
	return context.Cause(ctx)
}

// call makes one call. The error says that there is no use in making more.
func (b *batch) call(ctx context.Context, s scenario) (*made, error) {
	d := b.desks[s.desk]
	w := &watched{model: b.model}
	r, err := mockcall.RunOn(ctx, d.snapshot, mockcall.Config{Caller: caller(s.opening, s.answers), Faults: s.faults, Model: w})
	if r == nil {
		return &made{wrong: err}, nil
	}
	if hopeless := w.hopeless(); hopeless != nil {
		return nil, hopeless
	}
	wrong := []error{err}
	for _, check := range append([]mockcall.Check{mockcall.Uses(d.jobs[s.job].ID())}, s.checks...) {
		wrong = append(wrong, check(r))
	}
	for _, n := range r.Record.Notes {
		if n.Kind == call.NoteModel && errors.Join(wrong...) != nil { // why, perhaps
			wrong = append(wrong, errors.New(n.Text))
		}
	}
	return &made{wrong: errors.Join(wrong...), transcript: r.Transcript(), turns: len(r.Record.Turns), usage: r.Record.Usage, first: w.times()}, nil
}

func (b *batch) keep(scenario, run int, m *made) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.made[scenario][run] = m
	b.done++
	all := len(b.todo) * b.runs
	verdict := "passed"
	if m.wrong != nil {
		verdict = "failed"
	}
	rest := time.Duration(float64(time.Since(b.begun)) / float64(b.done) * float64(all-b.done))
	printf(b.progress, "%*d/%d %s %d: %s; about %s left\n", len(fmt.Sprint(all)), b.done, all, b.todo[scenario].name, run+1, verdict, rest.Round(time.Second))
}

// result is what came of one scenario.
type result struct {
	scenario string
	made     []*made // nil where none was made
}

func (b *batch) results() []result {
	b.mu.Lock()
	defer b.mu.Unlock()
	var all []result
	for i, s := range b.todo {
		all = append(all, result{s.name, b.made[i]})
	}
	return all
}
