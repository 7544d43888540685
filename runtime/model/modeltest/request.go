package modeltest

import (
	"encoding/json"
	"runtime"
	"strings"
	"time"
	"weak"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/runtime/model"
	"github.com/sonajobs/sona/runtime/prompt"
)

var requestCases = []testCase{
	{"The request is not written to", []Reply{say("a"), acts(call("call_1", "look_up", `{"number":"7"}`)), {Fault{Kind: model.Unavailable}}}, func(p *probe) {
		for range 3 {
			p.untouched(nil)
		}
	}},
	{"The request is not kept", []Reply{say("a")}, func(p *probe) {
		p.letsGo()
	}},
	{"A request may be changed when its stream has ended", []Reply{say("one"), say("two")}, func(p *probe) {
		r := p.far.Request()
		_, err := p.ask(r)
		require.NoError(p, err)
		spoil(r)
		p.says("two")
	}},
	{"A request with nothing in it is answered or refused", []Reply{say("a")}, func(p *probe) {
		reply, err := p.ask(model.Request{})
		if err == nil {
			require.Equal(p, "a", reply.Text)
		}
	}},
}

// untouched asks, and asserts that nothing of the request was changed, the room behind its messages included.
func (p *probe) untouched(each func(model.Part) bool) {
	p.Helper()
	r := p.far.Request()
	messages := make([]model.Message, len(r.Messages), len(r.Messages)+4)
	copy(messages, r.Messages)
	r.Messages = messages
	before := copyOf(r)
	_, _ = p.askUntil(p.ctx, r, each)
	require.Empty(p, cmp.Diff(visible(before), visible(r)), "the request before (-) and after (+)")
	for _, m := range messages[len(messages):cap(messages)] {
		require.Equal(p, model.Message{}, m, "something was written behind the messages")
	}
}

// visible is what a request shows.
func visible(r model.Request) any {
	return struct {
		Stable, Context string
		Tools           []prompt.Tool
		Messages        []model.Message
		MaxTokens       int
		Schema          json.RawMessage
	}{r.Prompt.Stable, r.Prompt.Context, r.Prompt.Tools, r.Messages, r.MaxTokens, r.Schema}
}

// spoil overwrites all of a request that can be written to.
func spoil(r model.Request) {
	for i := range r.Messages {
		for _, c := range r.Messages[i].Calls {
			clear(c.Arguments)
		}
		r.Messages[i] = model.Message{Role: model.User, Text: "spoiled"}
	}
	for i := range r.Prompt.Tools {
		clear(r.Prompt.Tools[i].Parameters)
	}
	clear(r.Schema)
}

// letsGo asserts that the messages of a request are garbage when its stream has ended.
func (p *probe) letsGo() {
	p.Helper()
	messages, arguments := p.pass()
	late := time.NewTimer(p.patience)
	defer late.Stop()
	for {
		runtime.GC()
		if messages.Value() == nil && arguments.Value() == nil {
			break
		}
		select {
		case <-late.C:
			p.Errorf("messages of the request are still there: %t, arguments of a call in them: %t", messages.Value() != nil, arguments.Value() != nil)
			p.FailNow()
		case <-time.After(time.Millisecond):
		}
	}
	runtime.KeepAlive(p.m)
}

// pass asks with a request that nobody holds but the model.
//
//go:noinline
func (p *probe) pass() (weak.Pointer[model.Message], weak.Pointer[byte]) {
	p.Helper()
	r := p.far.Request()
	arguments := []byte(`{"number":"` + strings.Repeat("7", 100) + `"}`)
	r.Messages = append(r.Messages,
		model.Message{Role: model.Assistant, Calls: []model.ToolCall{{ID: "call_9", Name: "look_up", Arguments: arguments}}},
		model.Message{Role: model.Tool, CallID: "call_9", Text: "{}"})
	_, _ = p.ask(r)
	return weak.Make(&r.Messages[0]), weak.Make(&arguments[0])
}
