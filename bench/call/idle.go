package main

import (
	"context"
	"errors"
	"fmt"
	goruntime "runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/runtime"
)

// idle measures calls that wait for their callers all at once, as live sessions: what each holds, and how long it takes
// until each has heard an answer when all speak at the same moment.
func idle(ctx context.Context, s size) ([]line, error) {
	var lines []line
	var held []float64
	for _, p := range []struct {
		name       string
		characters int
	}{{"10 kB prompt", short}, {"100 kB prompt", long}} {
		w, err := wait(ctx, s.idle, p.characters)
		if err != nil {
			return nil, err
		}
		held = append(held, w.heap+w.stack)
		lines = append(lines,
			line{name: fmt.Sprintf("%s: %d calls hold, each", p.name, s.idle), value: fmt.Sprintf("%.1f kB heap + %.1f kB stack", w.heap/1000, w.stack/1000)},
			line{name: "  goroutines, each", value: fmt.Sprintf("%.2f", w.goroutines)},
			line{name: "  callers that heard an answer", value: fmt.Sprintf("%d in %.0f ms", w.answered, float64(w.took)/1e6), target: "all of them", met: w.answered == s.idle})
	}
	return append(lines, near("bytes of a call, 100 kB beside 10 kB", held[0], held[1], 0.05)), nil
}

// waiting is what calls hold that wait, each, and how they are answered.
type waiting struct {
	heap, stack, goroutines float64
	answered                int
	took                    time.Duration
}

func wait(ctx context.Context, n, characters int) (w waiting, err error) {
	snap, err := desk(ctx, characters)
	if err != nil {
		return w, err
	}
	rt, err := newRuntime(answers(), runtime.Limits{})
	if err != nil {
		return w, err
	}
	if err := chat(ctx, rt, snap); err != nil { // makes the prompt
		return w, err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	before := inUse()
	var (
		sessions  = make([]*runtime.Session, n)
		running   sync.WaitGroup
		utterance sync.WaitGroup // one of each call
		failed    atomic.Int64
		answered  atomic.Int64
	)
	defer running.Wait()
	defer cancel()
	utterance.Add(n)
	for i := range sessions {
		if sessions[i], err = rt.BeginOn(snap, runtime.Incoming{Caller: call.Caller{Number: "+15550199"}}); err != nil {
			return w, err
		}
		running.Go(func() {
			if _, err := sessions[i].Run(ctx, &ear{session: sessions[i], said: func() { utterance.Done() }}); err != nil {
				failed.Add(1)
			}
		})
	}
	utterance.Wait() // all have greeted
	after := inUse()
	w.heap, w.stack, w.goroutines = (after.heap-before.heap)/float64(n), (after.stack-before.stack)/float64(n), (after.goroutines-before.goroutines)/float64(n)

	utterance.Add(n)
	began := time.Now()
	for _, s := range sessions {
		if err := s.Put(runtime.CallerSaid{Text: "Where is my order, please?"}); err != nil {
			return w, err
		}
	}
	utterance.Wait()
	w.took = time.Since(began)
	for _, s := range sessions {
		if err := s.Put(runtime.HungUp{}); err != nil {
			return w, err
		}
	}
	running.Wait()
	for _, s := range sessions {
		var turns int
		for ev := range s.Events(ctx) {
			if said, ok := ev.(runtime.Said); ok && said.Turn == 2 && said.Last {
				turns++
			}
		}
		answered.Add(int64(turns))
	}
	if failed.Load() > 0 {
		return w, errors.New("calls have failed")
	}
	w.answered = int(answered.Load())
	return w, nil
}

// ear is the port of a caller to whom all that is said is heard at once.
type ear struct {
	session *runtime.Session
	said    func() // an utterance
}

func (e *ear) Say(_ context.Context, s runtime.Speech) error {
	if !s.Last {
		return nil
	}
	_ = e.session.Put(runtime.PlayedOut{Utterance: s.Utterance})
	e.said()
	return nil
}

func (*ear) Flush(context.Context) error { return nil }

func (*ear) End(context.Context, call.Outcome) error { return nil }

type memoryUse struct{ heap, stack, goroutines float64 }

func inUse() memoryUse {
	var m goruntime.MemStats
	for range 3 {
		goruntime.GC()
	}
	goruntime.ReadMemStats(&m)
	return memoryUse{float64(m.HeapAlloc), float64(m.StackInuse), float64(goruntime.NumGoroutine())}
}
