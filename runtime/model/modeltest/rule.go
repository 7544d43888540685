package modeltest

import (
	"context"
	"errors"
	"sync"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/runtime/model"
)

// ruleCases ask nothing of what is said.
var ruleCases = []testCase{
	{"A reply ends with one Done", nil, func(p *probe) {
		reply := p.whole()
		require.NotEmpty(p, reply.Reason)
		require.GreaterOrEqual(p, p.length(), 2, "the request of a Check is answered in two parts at least")
	}},
	{"Leaving the loop ends the stream, wherever it is", nil, func(p *probe) {
		for n := range p.length() {
			seen := 0
			_, err := p.askUntil(p.ctx, p.far.Request(), func(model.Part) bool {
				seen++
				return seen <= n
			})
			require.NoError(p, err)
		}
	}},
	{"A context that has ended is the error, and nothing is said", nil, func(p *probe) {
		ctx, cancel := context.WithCancel(p.ctx)
		cancel()
		p.ended(ctx, context.Canceled)
	}},
	{"Cancelling ends the stream, wherever it is", nil, func(p *probe) {
		length := p.length()
		for n := range length {
			ctx, cancel := context.WithCancel(p.ctx)
			seen := 0
			_, err := p.askUntil(ctx, p.far.Request(), func(model.Part) bool {
				if seen++; seen == n+1 {
					cancel()
				}
				return true
			})
			cancel()
			require.LessOrEqual(p, seen, n+2, "a part that was there already may come, and no other")
			require.True(p, err == nil && seen == length || errors.Is(err, context.Canceled), "%v after %d parts", err, seen)
		}
	}},
	{"The request is not written to", nil, func(p *probe) { p.untouched(nil) }},
	{"The request is not kept", nil, func(p *probe) { p.letsGo() }},
	{"Many may ask at once", nil, func(p *probe) {
		readings := make([]*reading, crowd)
		var all sync.WaitGroup
		for i := range crowd {
			all.Go(func() { readings[i] = read(p.m.Generate(p.ctx, p.far.Request()), nil, p.patience) })
		}
		all.Wait()
		for _, r := range readings {
			_, err := p.sound(r)
			require.NoError(p, err)
		}
	}},
	{"Streams that are read in turns do not mix", nil, func(p *probe) {
		for _, r := range p.inTurns() {
			_, err := p.sound(r)
			require.NoError(p, err)
		}
	}},
}

// length is how many parts a reply has.
func (p *probe) length() int {
	p.Helper()
	n := 0
	_, err := p.askUntil(p.ctx, p.far.Request(), func(model.Part) bool {
		n++
		return true
	})
	require.NoError(p, err)
	return n
}
