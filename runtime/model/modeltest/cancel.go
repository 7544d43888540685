package modeltest

import (
	"context"
	"strings"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/runtime/model"
)

var cancelCases = []testCase{
	{"A context that has ended is the error, and nothing is said", []Reply{say("a"), say("a")}, func(p *probe) {
		ctx, cancel := context.WithCancel(p.ctx)
		cancel()
		p.ended(ctx, context.Canceled)
		ctx, cancel = context.WithDeadline(p.ctx, time.Unix(0, 0))
		defer cancel()
		p.ended(ctx, context.DeadlineExceeded)
	}},
	{"A context that ends in the middle ends the stream with its error", []Reply{silent(), say("six.")}, func(p *probe) {
		p.cancelled()
		p.says("six.")
	}},
	{"A deadline in a long silence ends the stream with its error", []Reply{{Wait{}, Text("six."), Finish(model.Stop)}}, func(p *probe) {
		ctx, cancel := context.WithTimeout(p.ctx, 30*time.Millisecond)
		defer cancel()
		p.ended(ctx, context.DeadlineExceeded)
	}},
	{"A context that ends tells the far side", []Reply{silent(), silent()}, func(p *probe) {
		for range 2 {
			p.cancelled()
			p.soon("a context that ends")
		}
	}},
	{"A context that ends leaves no goroutine behind", manySilent(), func(p *probe) {
		p.leavesNothing(p.cancelled)
	}},
}

// ended asserts that a reply under ctx is nothing but an error that is the context's.
func (p *probe) ended(ctx context.Context, want error) {
	p.Helper()
	reply, err := p.askUntil(ctx, p.far.Request(), nil)
	require.ErrorIs(p, err, want)
	require.Equal(p, model.Reply{}, reply)
}

// cancelled asks, cancels the context at the first part, and asserts that nothing else is said.
func (p *probe) cancelled() {
	p.Helper()
	ctx, cancel := context.WithCancel(p.ctx)
	defer cancel()
	reply, err := p.askUntil(ctx, p.far.Request(), func(model.Part) bool {
		cancel()
		return true
	})
	require.ErrorIs(p, err, context.Canceled)
	require.NotEmpty(p, reply.Text)
	require.True(p, strings.HasPrefix(beginning, reply.Text), "%q was said", reply.Text)
	require.Zero(p, reply.Reason)
}
