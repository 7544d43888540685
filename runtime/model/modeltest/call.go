package modeltest

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/runtime/model"
)

func call(id, name, arguments string) Call {
	return Call{ID: id, Name: name, Arguments: json.RawMessage(arguments)}
}

// acts is a whole reply of these steps that ends for its calls.
func acts(steps ...Step) Reply { return append(slices.Clip(steps), Finish(model.ToolCalls)) }

var callCases = []testCase{
	{"A call comes whole", []Reply{acts(call("call_1", "look_up", `{"number":"7"}`))}, func(p *probe) {
		reply := p.whole()
		p.calls([]Call{call("call_1", "look_up", `{"number":"7"}`)}, reply.Calls)
		require.Empty(p, reply.Text)
		require.Equal(p, model.ToolCalls, reply.Reason)
	}},
	{"Parallel calls come in order, each with its own arguments", []Reply{acts(
		call("call_1", "look_up", `{"number":"1"}`), call("call_2", "look_up", `{"number":"2"}`),
		call("call_3", "send_sms", `{}`), call("call_4", "look_up", `{"number":"1"}`))}, func(p *probe) {
		p.calls([]Call{call("call_1", "look_up", `{"number":"1"}`), call("call_2", "look_up", `{"number":"2"}`),
			call("call_3", "send_sms", `{}`), call("call_4", "look_up", `{"number":"1"}`)}, p.whole().Calls)
	}},
	{"Text and calls of one reply both come", []Reply{acts(Text("I look "), Text("it up."), call("call_1", "look_up", `{"number":"7"}`))}, func(p *probe) {
		reply := p.whole()
		require.Equal(p, "I look it up.", reply.Text, "what stands in a call is never text")
		p.calls([]Call{call("call_1", "look_up", `{"number":"7"}`)}, reply.Calls)
	}},
	{"Arguments keep every value", []Reply{acts(call("call_1", "look_up", everything))}, func(p *probe) {
		reply := p.whole()
		p.calls([]Call{call("call_1", "look_up", everything)}, reply.Calls)
		require.Truef(p, json.Valid(reply.Calls[0].Arguments), "%s", reply.Calls[0].Arguments)
	}},
	{"A call without arguments is one all the same", []Reply{acts(call("call_1", "send_sms", ``)), acts(call("call_2", "send_sms", `{}`))}, func(p *probe) {
		p.calls([]Call{call("call_1", "send_sms", ``)}, p.whole().Calls)
		p.calls([]Call{call("call_2", "send_sms", `{}`)}, p.whole().Calls)
	}},
	{"A tool that nobody offered is passed on", []Reply{acts(call("call_1", "no_such_tool", `{"a":1}`))}, func(p *probe) {
		p.calls([]Call{call("call_1", "no_such_tool", `{"a":1}`)}, p.whole().Calls)
	}},
	{"Arguments that are no JSON come as they are or are an error, and are never mended", broken(), func(p *probe) {
		for _, r := range broken() {
			want := r[0].(Call)
			reply, err := p.ask(p.far.Request())
			if err == nil {
				p.calls([]Call{want}, reply.Calls)
				continue
			}
			require.Empty(p, reply.Calls, "%s", want.Arguments)
		}
	}},
	{"Half a call is none when the stream is cut", []Reply{
		{Text("I look it up."), HalfCall(call("call_1", "look_up", `{"number":"7`)), Cut{}},
		{call("call_1", "look_up", `{"number":"7"}`), HalfCall(call("call_2", "look_up", `{"num`)), Cut{}},
	}, func(p *probe) {
		reply, fault := p.fails()
		require.Equal(p, model.Truncated, fault.Kind)
		require.Equal(p, "I look it up.", reply.Text)
		require.Empty(p, reply.Calls)
		reply, fault = p.fails()
		require.Equal(p, model.Truncated, fault.Kind)
		for _, c := range reply.Calls {
			require.Equal(p, "call_1", c.ID)
		}
	}},
	{"Half a call is none when a limit cuts it", []Reply{{HalfCall(call("call_1", "look_up", `{"number":"7`)), Finish(model.Length)}}, func(p *probe) {
		reply, err := p.ask(p.far.Request())
		require.Empty(p, reply.Calls)
		if err == nil {
			require.Equal(p, model.Length, reply.Reason)
		}
	}},
	{"Calls of one reply are not those of the next", []Reply{
		acts(call("call_1", "look_up", `{"number":"1"}`), call("call_2", "look_up", `{"number":"2"}`)),
		acts(call("call_3", "look_up", `{"number":"3"}`)), say("Done."),
	}, func(p *probe) {
		require.Len(p, p.whole().Calls, 2)
		p.calls([]Call{call("call_3", "look_up", `{"number":"3"}`)}, p.whole().Calls)
		p.says("Done.")
	}},
}

// everything is arguments with each kind of value in them.
const everything = `{"text":"a \"b\" \\ \n \u00e9 李 👍 </x>","empty":"","big":12345678901234567890,"small":-0.1e-7,"yes":true,"none":null,"list":[1,[],{"a":{}}],"object":{"z":1,"a":2}}`

// broken are replies with one call whose arguments are no JSON.
func broken() []Reply {
	var all []Reply
	for i, arguments := range []string{`{"number":"7"`, `{"number":"7"}}`, `number 7`, `{"a":1}{"b":2}`} {
		all = append(all, acts(call(fmt.Sprintf("call_%d", i), "look_up", arguments)))
	}
	return all
}
