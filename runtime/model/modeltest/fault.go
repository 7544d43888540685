package modeltest

import (
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/runtime/model"
)

var faultCases = []testCase{
	{"A fault has its kind", []Reply{{Fault{Kind: model.RateLimited}}, {Fault{Kind: model.Unavailable}}, {Fault{Kind: model.BadRequest}}}, func(p *probe) {
		for _, want := range []model.ErrorKind{model.RateLimited, model.Unavailable, model.BadRequest} {
			reply, fault := p.fails()
			require.Equal(p, want, fault.Kind, "%v", fault)
			require.Equal(p, model.Reply{}, reply)
		}
	}},
	{"A fault says how long the far side asks to wait, and nothing when it does not ask", []Reply{
		{Fault{Kind: model.RateLimited, RetryAfter: 2 * time.Second}}, {Fault{Kind: model.RateLimited}},
		{Fault{Kind: model.Unavailable, RetryAfter: 90 * time.Second}}, {Fault{Kind: model.Unavailable}},
	}, func(p *probe) {
		for _, want := range []time.Duration{2 * time.Second, 0, 90 * time.Second, 0} {
			_, fault := p.fails()
			require.Equal(p, want, fault.RetryAfter)
		}
	}},
	{"A fault in the middle is an error, and what came until then is kept", []Reply{{Text("We close "), Text("at "), Fault{Kind: model.Unavailable}}}, func(p *probe) {
		reply, _ := p.fails()
		require.Equal(p, "We close at ", reply.Text)
		require.Zero(p, reply.Reason, "it is not done")
	}},
	{"A fault is over with its request", []Reply{
		{Fault{Kind: model.Unavailable}}, say("one"), {Text("a"), Fault{Kind: model.Unavailable}}, say("two"), {Fault{Kind: model.BadRequest}}, say("three"),
	}, func(p *probe) {
		for _, want := range []string{"one", "two", "three"} {
			_, fault := p.fails()
			require.NotEmpty(p, fault.Kind)
			p.says(want)
		}
	}},
}
