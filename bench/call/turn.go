package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	goruntime "runtime"
	"slices"
	"time"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/runtime"
	"github.com/sonajobs/sona/runtime/model"
)

const turnsOfACall = 40

// cost is what a turn takes.
type cost struct {
	time   time.Duration // median of the calls
	allocs float64       // least of them: what the scheduler adds differs by chance
	bytes  float64       // least
}

// turns measures calls of forty turns, in turns: with a short and a long prompt, and with an action in each turn.
func turns(ctx context.Context, s size) ([]line, error) {
	type way struct {
		name string
		chat func(round int) error
		all  []cost
	}
	var ways []*way
	for _, w := range []struct {
		name       string
		characters int
		model      model.Model
	}{{"10 kB prompt", short, answers()}, {"100 kB prompt", long, answers()}, {"10 kB, with an action", short, looksUp()}, {"100 kB, with an action", long, looksUp()}} {
		rt, err := newRuntime(w.model, runtime.Limits{})
		if err != nil {
			return nil, err
		}
		var desks []callflow.Snapshot // each has a nonce of its own, whose beginning some words may share
		for range 8 {
			snap, err := desk(ctx, w.characters)
			if err != nil {
				return nil, err
			}
			desks = append(desks, snap)
		}
		ways = append(ways, &way{name: w.name, chat: func(round int) error { return chat(ctx, rt, desks[round%len(desks)]) }})
	}
	for round := range s.rounds {
		for _, w := range ways {
			if err := w.chat(round); err != nil { // warm
				return nil, err
			}
			goruntime.GC()
			var before, after goruntime.MemStats
			goruntime.ReadMemStats(&before)
			began := time.Now()
			if err := w.chat(round); err != nil {
				return nil, err
			}
			took := time.Since(began)
			goruntime.ReadMemStats(&after)
			w.all = append(w.all, cost{took / turnsOfACall, float64(after.Mallocs-before.Mallocs) / turnsOfACall, float64(after.TotalAlloc-before.TotalAlloc) / turnsOfACall})
		}
	}
	var lines []line
	var got []cost
	for _, w := range ways {
		c := cost{
			time:   median(w.all, func(c cost) time.Duration { return c.time }),
			allocs: slices.MinFunc(w.all, func(a, b cost) int { return cmp.Compare(a.allocs, b.allocs) }).allocs,
			bytes:  slices.MinFunc(w.all, func(a, b cost) int { return cmp.Compare(a.bytes, b.bytes) }).bytes,
		}
		got = append(got, c)
		lines = append(lines, line{name: w.name, value: fmt.Sprintf("%.1f µs, %.1f allocs, %.1f kB", float64(c.time)/1e3, c.allocs, c.bytes/1000)})
	}
	return append(lines,
		near("allocs, 100 kB beside 10 kB", got[0].allocs, got[1].allocs, 0.02),
		near("bytes, 100 kB beside 10 kB", got[0].bytes, got[1].bytes, 0.02),
		near("with an action: allocs, 100 kB beside 10 kB", got[2].allocs, got[3].allocs, 0.02),
		near("with an action: bytes, 100 kB beside 10 kB", got[2].bytes, got[3].bytes, 0.02)), nil
}

func chat(ctx context.Context, rt *runtime.Runtime, snap callflow.Snapshot) error {
	c, err := rt.ChatOn(snap, runtime.Incoming{})
	if err != nil {
		return err
	}
	for range turnsOfACall {
		said := false
		for ev, err := range c.Hear(ctx, "Where is my order, please?") {
			if err != nil {
				return err
			}
			if s, ok := ev.(runtime.Said); ok {
				said = said || s.Text != ""
			}
		}
		if !said {
			return errors.New("a turn without an answer")
		}
	}
	_, err = c.End(ctx)
	return err
}

// median returns the middle value of what by says of all.
func median[T any, V time.Duration | float64](all []T, by func(T) V) V {
	values := make([]V, len(all))
	for i, v := range all {
		values[i] = by(v)
	}
	slices.Sort(values)
	return values[len(values)/2]
}
