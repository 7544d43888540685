package ownmodel

import (
	"encoding/json"

	"github.com/sonajobs/sona/runtime/model"
)

// request is what the endpoint is asked.
type request struct {
	System    string          `json:"system"`
	Messages  []message       `json:"messages"`
	Tools     []tool          `json:"tools,omitempty"`
	MaxTokens int             `json:"maxTokens,omitempty"`
	Schema    json.RawMessage `json:"schema,omitempty"`
}

// message is one entry of the conversation. The last one may have the role system: it is the state of the call, and
// stays where it is, so that what comes before it can be cached.
type message struct {
	Role   model.Role `json:"role"`
	Text   string     `json:"text,omitempty"`
	Calls  []toolCall `json:"calls,omitempty"`
	CallID string     `json:"callId,omitempty"`
}

type toolCall struct {
	ID        string          `json:"id"`
	Name      string          `json:"name"`
	Arguments json.RawMessage `json:"arguments"`
}

type tool struct {
	Name        string          `json:"name"`
	Description string          `json:"description"`
	Parameters  json.RawMessage `json:"parameters"`
}

// newRequest says in the endpoint's words what the library asks.
func newRequest(r model.Request) request {
	out := request{System: r.Prompt.System(), MaxTokens: r.MaxTokens, Schema: r.Schema}
	for _, m := range r.Messages {
		sent := message{Role: m.Role, Text: m.Text, CallID: m.CallID}
		for _, c := range m.Calls {
			sent.Calls = append(sent.Calls, toolCall(c))
		}
		out.Messages = append(out.Messages, sent)
	}
	for _, t := range r.Prompt.Tools {
		out.Tools = append(out.Tools, tool(t))
	}
	return out
}

// line is one line of the answer: one of its fields is set.
type line struct {
	Text  string       `json:"text"`
	Call  *toolCall    `json:"call"`
	Usage *usage       `json:"usage"`
	Done  model.Reason `json:"done"` // stop, tool_calls, length or filtered
	Error string       `json:"error"`
}

type usage struct {
	In     int `json:"in"`
	Cached int `json:"cached"`
	Out    int `json:"out"`
}

// part says in the library's words what the endpoint answered; nil for a line of a later version.
func (l line) part() model.Part {
	switch {
	case l.Done != "":
		return model.Done{Reason: l.Done}
	case l.Call != nil:
		return model.ToolCall(*l.Call)
	case l.Usage != nil:
		return model.Usage(*l.Usage)
	case l.Text != "":
		return model.Text(l.Text)
	}
	return nil
}
