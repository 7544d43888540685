package modeltest

import (
	"runtime"
	"slices"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/runtime/model"
)

// many is how often a case does what might leave something behind.
const many = 16

// beginning is what a silent reply says.
const beginning = "We close "

// silent is a reply that says something and then nothing until it is cancelled.
func silent() Reply {
	return Reply{Text(beginning), Wait{}, Text("never."), Finish(model.Stop)}
}

// manySilent is a plain reply, then many silent ones, then a plain one.
func manySilent() []Reply {
	return slices.Concat([]Reply{say("one")}, slices.Repeat([]Reply{silent()}, many), []Reply{say("two")})
}

var leaveCases = []testCase{
	{"Leaving the loop ends the stream, wherever it is", slices.Repeat([]Reply{{Text("a "), Text("b "), call("call_1", "look_up", `{"number":"7"}`), Usage{In: 1}, Finish(model.ToolCalls)}}, 5), func(p *probe) {
		for n := range 5 {
			seen := 0
			_, err := p.askUntil(p.ctx, p.far.Request(), func(model.Part) bool {
				seen++
				return seen <= n
			})
			require.NoError(p, err)
		}
	}},
	{"Leaving the loop does not wait for the rest", []Reply{silent(), say("six.")}, func(p *probe) {
		reply, err := p.askUntil(p.ctx, p.far.Request(), func(model.Part) bool { return false })
		require.NoError(p, err)
		require.NotEmpty(p, reply.Text)
		p.says("six.")
	}},
	{"Leaving the loop tells the far side", []Reply{silent(), silent()}, func(p *probe) {
		for range 2 {
			_, err := p.askUntil(p.ctx, p.far.Request(), func(model.Part) bool { return false })
			require.NoError(p, err)
			p.soon("leaving the loop")
		}
	}},
	{"Leaving the loop leaves no goroutine behind", manySilent(), func(p *probe) {
		p.leavesNothing(func() {
			_, err := p.askUntil(p.ctx, p.far.Request(), func(model.Part) bool { return false })
			require.NoError(p, err)
		})
	}},
}

// leavesNothing asserts that doing something many times leaves no goroutines behind. A few may stay: the
// connections that a client keeps, and whatever else runs beside the suite.
func (p *probe) leavesNothing(do func()) {
	p.Helper()
	p.says("one")
	before := runtime.NumGoroutine()
	for range many {
		do()
	}
	late := time.NewTimer(p.patience)
	defer late.Stop()
	for runtime.NumGoroutine() > before+many/2 {
		select {
		case <-late.C:
			p.Errorf("%d goroutines before %d streams, %d after them", before, many, runtime.NumGoroutine())
			p.FailNow()
		case <-time.After(time.Millisecond):
		}
	}
	p.says("two")
}
