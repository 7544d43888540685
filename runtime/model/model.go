// Package model is the port to language models. A [Model] turns a request into a stream of parts; the
// library brings scripted and rehearsal models for tests and for a first look, and hosts plug in their own
// with a few lines. It imports runtime/prompt, whose Prompt travels inside the request with tools and plan,
// so that nothing is said twice.
package model

import (
	"context"
	"encoding/json"
	"iter"

	"github.com/sonajobs/sona/runtime/prompt"
)

// Model generates one reply.
type Model interface {
	// Generate streams the reply to r. The stream ends with a Done, or with one error and nothing after it;
	// a stream that ends otherwise is treated as [Truncated]. Leaving the loop cancels the request, and so
	// does ctx; after either nothing of it goes on. A stream that is not read asks nothing; read a second
	// time it is a new request or an error. Errors are *[Error] where the kind of fault is known. A
	// Model is safe for concurrent use and keeps nothing of r after the stream has ended.
	Generate(ctx context.Context, r Request) iter.Seq2[Part, error]
}

// Func is a Model that is a function.
type Func func(ctx context.Context, r Request) iter.Seq2[Part, error]

// Generate calls f.
func (f Func) Generate(ctx context.Context, r Request) iter.Seq2[Part, error] { return f(ctx, r) }

// Request is what a model is asked. A client of the host's own needs little of the prompt: System for the
// one system message, and Tools.
type Request struct {
	Prompt    prompt.Prompt
	Messages  []Message       // oldest first
	MaxTokens int             // of the reply; 0 = the model's own limit
	Schema    json.RawMessage // JSON Schema that the reply must follow (structured output); none when empty
}

// Role is whose message it is.
type Role string

// The roles.
const (
	System    Role = "system" // only as the last message: the state note of this turn
	User      Role = "user"
	Assistant Role = "assistant"
	Tool      Role = "tool" // the result of a call
)

// Message is one entry of the conversation.
type Message struct {
	Role   Role
	Text   string
	Calls  []ToolCall // of an assistant's message
	CallID string     // of a tool's message: which call it answers
}

// Part is a piece of a reply: [Text], [ToolCall], [Usage] or [Done]. The set is closed.
type Part interface{ part() }

// Text is a piece of what is said, cut anywhere.
type Text string

// ToolCall asks for an action. It is always whole: a client collects the pieces of its arguments.
type ToolCall struct {
	ID        string // as the model gave it; names the call in the tool's message
	Name      string // as the model gave it; a client filters none
	Arguments json.RawMessage
}

// Usage counts tokens. A later Usage of the same stream replaces an earlier one.
type Usage struct {
	In     int // all input tokens
	Cached int // of these, read from the provider's cache
	Out    int
}

// Done ends a stream that is whole.
type Done struct {
	Reason Reason
}

// Reason is why a model stopped.
type Reason string

// The reasons.
const (
	Stop      Reason = "stop"
	ToolCalls Reason = "tool_calls"
	Length    Reason = "length" // cut by a limit of tokens
	Filtered  Reason = "filtered"
)

func (Text) part()     {}
func (ToolCall) part() {}
func (Usage) part()    {}
func (Done) part()     {}
