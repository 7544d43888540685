package main

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	goruntime "runtime"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/runtime"
	"github.com/sonajobs/sona/runtime/model"
)

const (
	tokensASecond = 30
	token         = " word" // as models cut their text: the blank comes first
	mostLate      = 20 * time.Millisecond
)

// streaming measures how late words are: from when the model has one until the line is handed it, on two cores, with
// all calls in the middle of a long reply. The floor is the same without the runtime: a goroutine that hands on what
// another one has, over a channel.
func streaming(ctx context.Context, s size) ([]line, error) {
	defer goruntime.GOMAXPROCS(goruntime.GOMAXPROCS(2))
	floor, err := handOver(ctx, s)
	if err != nil {
		return nil, err
	}
	ours, err := stream(ctx, s)
	if err != nil {
		return nil, err
	}
	worst := worstCall(ours)
	return []line{
		{name: fmt.Sprintf("%d calls, %d tokens: a channel", s.streaming, count(floor)), value: delays(floor)},
		{name: fmt.Sprintf("%d calls, %d tokens: the runtime", s.streaming, count(ours)), value: delays(ours)},
		{name: "  its slowest call", value: fmt.Sprintf("p99 %.2f ms", millis(worst)), target: fmt.Sprintf("at most %v", mostLate), met: worst <= mostLate},
	}, nil
}

// pace calls next tokensASecond times a second for as long as s says, until it returns false.
func pace(ctx context.Context, s size, next func(time.Time) bool) {
	const step = time.Second / tokensASecond
	select { // calls are not in step with each other
	case <-time.After(rand.N(step)): //nolint:gosec // it hides nothing
	case <-ctx.Done():
	}
	tick := time.NewTicker(step)
	defer tick.Stop()
	for range int(s.lasts / step) {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
		if !next(time.Now()) {
			return
		}
	}
}

func handOver(ctx context.Context, s size) ([][]time.Duration, error) {
	late := make([][]time.Duration, s.streaming)
	var all sync.WaitGroup
	for i := range late {
		c := make(chan time.Time, 1)
		all.Go(func() {
			defer close(c)
			pace(ctx, s, func(at time.Time) bool {
				c <- at
				return true
			})
		})
		all.Go(func() {
			for at := range c {
				late[i] = append(late[i], time.Since(at))
			}
		})
	}
	all.Wait()
	return late, ctx.Err()
}

// speaker is a call that streams: what its model had when, and what its line was handed.
type speaker struct {
	session *runtime.Session
	mu      sync.Mutex
	had     []time.Time // each token
	said    int         // bytes
	late    []time.Duration
}

func (s *speaker) Say(_ context.Context, sp runtime.Speech) error {
	now := time.Now()
	if sp.Utterance == 1 {
		if sp.Last {
			_ = s.session.Put(runtime.PlayedOut{})
		}
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.said == 0 && sp.Text != "" {
		s.said = 1 // a reply has no blank at its beginning
	}
	s.said += len(sp.Text)
	for n := len(s.late); n < len(s.had) && (n+1)*len(token) <= s.said; n++ {
		s.late = append(s.late, now.Sub(s.had[n]))
	}
	if sp.Last {
		_ = s.session.Put(runtime.HungUp{})
	}
	return nil
}

func (*speaker) Flush(context.Context) error { return nil }

func (*speaker) End(context.Context, call.Outcome) error { return nil }

func stream(ctx context.Context, s size) ([][]time.Duration, error) {
	snap, err := desk(ctx, short)
	if err != nil {
		return nil, err
	}
	speakers := make([]*speaker, s.streaming)
	m := model.Func(func(ctx context.Context, r model.Request) iter.Seq2[model.Part, error] {
		n, err := strconv.Atoi(lastOf(r)) // callers say which call it is
		return func(yield func(model.Part, error) bool) {
			if err != nil {
				yield(nil, err)
				return
			}
			sp := speakers[n]
			pace(ctx, s, func(at time.Time) bool {
				sp.mu.Lock()
				sp.had = append(sp.had, at)
				sp.mu.Unlock()
				return yield(model.Text(token), nil)
			})
			yield(model.Done{Reason: model.Stop}, nil)
		}
	})
	rt, err := newRuntime(m, runtime.Limits{Reply: s.lasts + time.Minute, FirstWord: time.Minute})
	if err != nil {
		return nil, err
	}
	var all sync.WaitGroup
	for i := range speakers {
		session, err := rt.BeginOn(snap, runtime.Incoming{})
		if err != nil {
			return nil, err
		}
		speakers[i] = &speaker{session: session}
		if err := session.Put(runtime.CallerSaid{Text: strconv.Itoa(i)}); err != nil {
			return nil, err
		}
	}
	for _, sp := range speakers {
		all.Go(func() { _, _ = sp.session.Run(ctx, sp) })
	}
	all.Wait()
	late := make([][]time.Duration, len(speakers))
	for i, sp := range speakers {
		late[i] = sp.late
		if len(sp.late) == 0 || len(sp.late) != len(sp.had) {
			return nil, errors.Join(ctx.Err(), fmt.Errorf("call %d: %d words of %d were handed over", i, len(sp.late), len(sp.had)))
		}
	}
	return late, ctx.Err()
}

func lastOf(r model.Request) string {
	for _, m := range slices.Backward(r.Messages) {
		if m.Role == model.User {
			return m.Text
		}
	}
	return ""
}

func count(all [][]time.Duration) (n int) {
	for _, one := range all {
		n += len(one)
	}
	return n
}

func delays(all [][]time.Duration) string {
	flat := slices.Concat(all...)
	return fmt.Sprintf("p50 %.2f  p99 %.2f  most %.2f ms", millis(part(flat, 0.5)), millis(part(flat, 0.99)), millis(slices.Max(flat)))
}

// worstCall returns the largest p99 of a call.
func worstCall(all [][]time.Duration) (worst time.Duration) {
	for _, one := range all {
		worst = max(worst, part(one, 0.99))
	}
	return worst
}

// part returns the value below which that part of all values lies.
func part(all []time.Duration, p float64) time.Duration {
	all = slices.Sorted(slices.Values(all))
	return all[min(len(all)-1, int(float64(len(all))*p))]
}

func millis(d time.Duration) float64 { return float64(d) / 1e6 }
