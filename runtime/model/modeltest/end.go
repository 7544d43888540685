package modeltest

import (
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/runtime/model"
)

var endCases = []testCase{
	{"A reply ends with one Done and its reason", []Reply{
		{Text("a"), Finish(model.Stop)}, {Text("a"), Finish(model.Length)}, {Text("a"), Finish(model.Filtered)},
		acts(call("call_1", "look_up", `{"number":"7"}`)),
	}, func(p *probe) {
		for _, want := range []model.Reason{model.Stop, model.Length, model.Filtered, model.ToolCalls} {
			require.Equal(p, want, p.whole().Reason)
		}
	}},
	{"A reply of nothing is a Done", []Reply{{Finish(model.Stop)}}, func(p *probe) {
		require.Equal(p, model.Reply{Reason: model.Stop}, p.whole())
	}},
	{"A reason that nobody has heard of ends a reply all the same", []Reply{{Text("We close at six."), Finish("unheard_of")}}, func(p *probe) {
		reply, err := p.ask(p.far.Request())
		require.NoError(p, err)
		require.Equal(p, "We close at six.", reply.Text)
	}},
	{"A stream that is cut is no reply, and what came until then is kept", []Reply{{Text("We close "), Text("at "), Cut{}}, say("six.")}, func(p *probe) {
		reply, fault := p.fails()
		require.Equal(p, model.Truncated, fault.Kind)
		require.Equal(p, "We close at ", reply.Text)
		require.Zero(p, reply.Reason)
		p.says("six.")
	}},
	{"A stream that is cut before it began is no reply", []Reply{{Cut{}}, say("six.")}, func(p *probe) {
		reply, fault := p.fails()
		require.True(p, model.Retryable(fault), "%v: asking again may help", fault)
		require.Equal(p, model.Reply{}, reply)
		p.says("six.")
	}},
	{"A stream that is cut after a call is no reply", []Reply{{call("call_1", "look_up", `{"number":"7"}`), Cut{}}}, func(p *probe) {
		_, fault := p.fails()
		require.Equal(p, model.Truncated, fault.Kind)
	}},
	{"Usage is counted, and a later count replaces an earlier one", []Reply{
		{Usage{In: 100, Cached: 60, Out: 1}, Text("six."), Usage{In: 120, Cached: 80, Out: 9}, Finish(model.Stop)},
		{Text("six."), Usage{In: 7, Out: 2}, Finish(model.Stop)},
		say("six."),
	}, func(p *probe) {
		for _, want := range []model.Usage{{In: 120, Cached: 80, Out: 9}, {In: 7, Out: 2}, {}} {
			require.Equal(p, want, p.whole().Usage)
		}
	}},
}
