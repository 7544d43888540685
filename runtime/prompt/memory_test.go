package prompt_test

import (
	"fmt"
	"runtime"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/runtime/prompt"
)

// heap returns the bytes that are in use.
func heap() int {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int(m.HeapAlloc)
}

// 10,000 calls of 100 steps hold 100 stable parts: one each, however many calls share it.
func TestCallsShareTheStablePart(t *testing.T) {
	if testing.Short() {
		t.Skip("holds 20 MB")
	}
	const steps, calls = 100, 10_000
	s := large()
	s.options.Parts = new(prompt.Parts)
	snaps := make([]callflow.Snapshot, 0, steps)
	before := heap()
	text := 0
	for i := range steps {
		s.step.Greeting = fmt.Sprintf("Hello, this is number %d.", i)
		snap := s.snapshot(t)
		p, err := prompt.Build(snap, callflow.Sona, s.options)
		require.NoError(t, err)
		snaps, text = append(snaps, snap), text+len(p.Stable)
	}
	built := heap() - before
	running := make([]prompt.Prompt, calls)
	for i := range running {
		c := ordinaryCall()
		c.Caller = call.Caller{Number: call.Address(fmt.Sprintf("+1555%07d", i))}
		p, err := prompt.Build(snaps[i%steps], callflow.Sona, s.options)
		require.NoError(t, err)
		running[i] = p.For(c)
	}
	grown := heap() - before - built
	held := map[*byte]bool{}
	for _, p := range running {
		held[unsafe.StringData(p.Stable)] = true
	}
	require.Len(t, held, steps)
	each := grown / calls
	t.Logf("%d stable parts of %d kB: the steps hold %d kB each, %d calls hold %d bytes each besides", steps, text/steps>>10, built/steps>>10, calls, each)
	require.Less(t, each, 2048, "a call holds its context, and shares the rest")
	runtime.KeepAlive(running)
	runtime.KeepAlive(snaps)
}
