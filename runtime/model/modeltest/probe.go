package modeltest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/runtime/model"
	"github.com/sonajobs/sona/runtime/prompt"
)

// probe is the model under test and its far side, with the questions of a case made short. Its methods end
// the case on the first surprise, so only the goroutine of the case may call them.
type probe struct {
	reporter
	m        model.Model
	far      *Far
	ctx      context.Context //nolint:containedctx // one case of a test, which lives as long as it
	patience time.Duration
}

func newProbe(t reporter, m model.Model, far *Far) *probe {
	return &probe{reporter: t, m: m, far: far, ctx: t.Context(), patience: patience}
}

// request is what the suite asks: everything that a request can hold but a schema, which not every model
// takes.
func request() model.Request {
	return model.Request{
		Prompt: prompt.Prompt{
			Stable:  "You are Sona, the agent on the phone of a garage.",
			Context: "Caller's number: +15550100",
			Tools: []prompt.Tool{
				{Name: "look_up", Description: "Looks up an order.", Parameters: json.RawMessage(`{"type":"object","properties":{"number":{"type":"string"}},"required":["number"]}`)},
				{Name: "send_sms", Description: "Sends a text message.", Parameters: json.RawMessage(`{"type":"object","properties":{}}`)},
			},
		},
		Messages: []model.Message{
			{Role: model.User, Text: "Is my car ready?"},
			{Role: model.Assistant, Text: "One moment.", Calls: []model.ToolCall{{ID: "call_0", Name: "look_up", Arguments: json.RawMessage(`{"number":"the blue one in the yard"}`)}}},
			{Role: model.Tool, Text: `{"ready":true}`, CallID: "call_0"},
			{Role: model.Assistant, Text: "It is."},
			{Role: model.User, Text: "And when do you close?"},
			{Role: model.System, Text: "The caller was heard twice."},
		},
		MaxTokens: 300,
	}
}

// copyOf is a request that shares nothing with r that could be written to but the prompt.
func copyOf(r model.Request) model.Request {
	r.Messages = slices.Clone(r.Messages)
	for i := range r.Messages {
		r.Messages[i].Calls = slices.Clone(r.Messages[i].Calls)
		for k := range r.Messages[i].Calls {
			c := &r.Messages[i].Calls[k]
			c.Arguments = bytes.Clone(c.Arguments)
		}
	}
	r.Schema = bytes.Clone(r.Schema)
	r.Prompt.Tools = slices.Clone(r.Prompt.Tools)
	for i := range r.Prompt.Tools {
		r.Prompt.Tools[i].Parameters = bytes.Clone(r.Prompt.Tools[i].Parameters)
	}
	return r
}

// whole asks, and asserts that the reply is there to its end.
func (p *probe) whole() model.Reply {
	p.Helper()
	reply, err := p.ask(p.far.Request())
	require.NoError(p, err)
	return reply
}

// says asks, and asserts that the reply is this text, whole.
func (p *probe) says(text string) {
	p.Helper()
	reply := p.whole()
	require.Equal(p, text, reply.Text)
	require.Empty(p, reply.Calls)
}

// fails asks, and returns the reply as far as it came and the error that ended it.
func (p *probe) fails() (model.Reply, *model.Error) {
	p.Helper()
	reply, err := p.ask(p.far.Request())
	require.Error(p, err)
	fault, ok := errors.AsType[*model.Error](err)
	require.True(p, ok, "the error is a %T: no *model.Error is in it: %v", err, err)
	require.NotEmpty(p, err.Error())
	return reply, fault
}

// calls asserts that these calls were asked for, in this order. Arguments are compared as JSON.
func (p *probe) calls(want []Call, got []model.ToolCall) {
	p.Helper()
	require.Len(p, got, len(want), "calls")
	for i, w := range want {
		require.Equal(p, w.Name, got[i].Name, "the name of call %d", i)
		require.Equal(p, w.ID, got[i].ID, "the ID of call %d", i)
		require.Equal(p, canonical(w.Arguments), canonical(got[i].Arguments), "the arguments of call %d", i)
	}
}

// canonical is JSON in the one form that equal values share; numbers keep their digits. No arguments are
// those of an empty object. What is no JSON stays as it is.
func canonical(raw json.RawMessage) string {
	if len(bytes.TrimSpace(raw)) == 0 {
		return "{}"
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var v any
	if !json.Valid(raw) || d.Decode(&v) != nil {
		return string(raw)
	}
	text, err := json.Marshal(v)
	if err != nil {
		return string(raw)
	}
	return string(text)
}

// soon asserts that the far side is told of a cancel.
func (p *probe) soon(what string) {
	p.Helper()
	select {
	case <-p.far.told:
	case <-time.After(p.patience):
		p.Errorf("%s: the far side is not told", what)
		p.FailNow()
	}
}
