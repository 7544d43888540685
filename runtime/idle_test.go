package runtime_test

import (
	"context"
	"os"
	goruntime "runtime"
	"strconv"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/runtime"
	"github.com/sonajobs/sona/runtime/model/scripted"
)

// ear is the Port of a caller who waits for the end of each utterance.
type ear struct{ heard chan struct{} }

func (e *ear) Say(_ context.Context, s runtime.Speech) error {
	if s.Last {
		e.heard <- struct{}{}
	}
	return nil
}

func (e *ear) Flush(context.Context) error { return nil }

func (e *ear) End(context.Context, call.Outcome) error { return nil }

// idle runs n calls at once, lets each hear the greeting, and returns how many bytes a call holds while it waits
// for its caller. Then each caller speaks, and hears an answer.
func idle(t *testing.T, n int, s callflow.Snapshot) float64 {
	t.Helper()
	rt, err := runtime.New(runtime.Config{Model: &loop{replies: []scripted.Reply{scripted.Say("Certainly.")}}, Limits: runtime.Limits{Silence: -1}})
	require.NoError(t, err)
	held := func() float64 {
		var m goruntime.MemStats
		goruntime.GC()
		goruntime.ReadMemStats(&m)
		return float64(m.HeapAlloc + m.StackInuse)
	}
	fortyTurns(t, rt, s) // builds the prompt
	before := held()
	sessions, ears := make([]*runtime.Session, n), make([]*ear, n)
	var running sync.WaitGroup
	for i := range n {
		sessions[i], err = rt.BeginOn(s, runtime.Incoming{})
		require.NoError(t, err)
		ears[i] = &ear{heard: make(chan struct{}, 1)}
		running.Go(func() {
			_, err := sessions[i].Run(t.Context(), ears[i])
			assert.NoError(t, err)
		})
	}
	for _, e := range ears {
		<-e.heard
	}
	each := (held() - before) / float64(n)
	for _, s := range sessions {
		require.NoError(t, s.Put(runtime.PlayedOut{}))
		require.NoError(t, s.Put(caller("Where is my order?")))
	}
	for _, e := range ears {
		<-e.heard
	}
	for _, s := range sessions {
		require.NoError(t, s.Put(runtime.HungUp{}))
	}
	running.Wait()
	return each
}

// SONA_CALLS says how many calls; 1,000.
func TestManyCallsWaitAtOnceAndTheirMemoryDoesNotDependOnThePrompt(t *testing.T) {
	n := 1000
	if s := os.Getenv("SONA_CALLS"); s != "" {
		var err error
		n, err = strconv.Atoi(s)
		require.NoError(t, err)
	}
	short, long := idle(t, n, longPrompt(t, 200)), idle(t, n, longPrompt(t, 10_000))
	t.Logf("%d calls wait; bytes a call: %.0f with 2,000 characters of jobs, %.0f with 100,000", n, short, long)
	require.InDelta(t, short, long, 16<<10)
	require.Less(t, long, float64(64<<10))
}
