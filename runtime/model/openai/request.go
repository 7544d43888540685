package openai

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"

	"github.com/sonajobs/sona/runtime/model"
	"github.com/sonajobs/sona/runtime/prompt"
)

// boundary is what [prompt.Prompt.System] puts between the stable part and the context.
const boundary = "\n"

// mostCacheKey is how many characters OpenAI takes.
const mostCacheKey = 64

// marks end a part of the system message.
var marks = map[CacheMarks]string{
	Breakpoints:  `,"prompt_cache_breakpoint":{"mode":"explicit"}`,
	CacheControl: `,"cache_control":{"type":"ephemeral"}`,
}

// body writes the body of a request in pieces: what is the same in every request, what is the same for all
// calls of a published step, and the rest.
func (c *Client) body(r model.Request) (*payload, error) {
	w, err := c.stable.get(r.Prompt)
	if err != nil {
		return nil, err
	}
	before, err := c.options(r)
	if err != nil {
		return nil, err
	}
	segments := append(make([][]byte, 0, 7), c.head, before, w.offer)
	if w.offer != nil {
		segments = append(segments, c.tooled)
	}
	open, rest := c.system(r.Prompt)
	if rest, err = c.messages(rest, r.Messages); err != nil {
		return nil, err
	}
	return newPayload(append(segments, open, w.escaped, append(rest, "]}"...))), nil
}

// options writes what this request asks for besides its messages.
func (c *Client) options(r model.Request) ([]byte, error) {
	b := make([]byte, 0, 160+len(r.Schema))
	if r.MaxTokens > 0 {
		b = append(b, `,"`+c.config.MaxTokensField+`":`...)
		b = strconv.AppendInt(b, int64(r.MaxTokens), 10)
	}
	if key := r.Prompt.Receipt.Stable; key != "" && c.config.CacheKey {
		b = append(b, `,"prompt_cache_key":"`...)
		b = append(appendEscaped(b, key[:min(len(key), mostCacheKey)]), '"')
	}
	if len(r.Schema) > 0 {
		if !json.Valid(r.Schema) {
			return nil, badRequest("the schema is no JSON")
		}
		b = append(b, `,"response_format":{"type":"json_schema","json_schema":{"name":"reply","strict":true,"schema":`...)
		b = append(append(b, r.Schema...), "}}"...)
	}
	return b, nil
}

// The system message begins in one of these ways.
var (
	unsaid = []byte(`,"messages":[`)
	asText = []byte(`,"messages":[{"role":"system","content":"`)
	asPart = []byte(`,"messages":[{"role":"system","content":[{"type":"text","text":"`)
)

// system returns what stands before and after the stable part. The parts of a marked message add up to the
// same text.
func (c *Client) system(p prompt.Prompt) (open, rest []byte) {
	rest = make([]byte, 0, 2048+len(p.Context))
	mark := marks[c.config.CacheMarks]
	switch {
	case p.Stable == "" && p.Context == "":
		return unsaid, rest
	case mark == "" || p.Stable == "":
		if p.Context != "" {
			rest = appendEscaped(append(rest, `\n`...), p.Context)
		}
		return asText, append(rest, `"},`...)
	}
	rest = append(append(append(rest, '"'), mark...), '}')
	if p.Context != "" {
		rest = appendEscaped(append(rest, `,{"type":"text","text":"`...), boundary+p.Context)
		rest = append(rest, `"}`...)
	}
	return asPart, append(rest, `]},`...)
}

// messages appends the conversation, without the comma that it may end with.
func (c *Client) messages(b []byte, messages []model.Message) ([]byte, error) {
	for i, m := range messages {
		role := m.Role
		switch role {
		case model.System:
			role = c.config.NoteRole
		case model.User, model.Assistant, model.Tool:
		default:
			return nil, badRequest(fmt.Sprintf("message %d has the role %.20q", i, role))
		}
		b = append(append(append(b, `{"role":"`...), role...), '"')
		if m.Role == model.Tool {
			b = appendEscaped(append(b, `,"tool_call_id":"`...), m.CallID)
			b = append(b, '"')
		}
		if m.Text == "" && len(m.Calls) > 0 {
			b = append(b, `,"content":null`...)
		} else {
			b = appendEscaped(append(b, `,"content":"`...), m.Text)
			b = append(b, '"')
		}
		if len(m.Calls) > 0 {
			b = appendCalls(b, m.Calls)
		}
		b = append(b, "},"...)
	}
	if n := len(b); n > 0 && b[n-1] == ',' {
		b = b[:n-1]
	}
	return b, nil
}

func appendCalls(b []byte, calls []model.ToolCall) []byte {
	b = append(b, `,"tool_calls":[`...)
	for i, call := range calls {
		if i > 0 {
			b = append(b, ',')
		}
		arguments := string(call.Arguments)
		if arguments == "" {
			arguments = "{}"
		}
		b = appendEscaped(append(b, `{"id":"`...), call.ID)
		b = appendEscaped(append(b, `","type":"function","function":{"name":"`...), call.Name)
		b = appendEscaped(append(b, `","arguments":"`...), arguments)
		b = append(b, `"}}`...)
	}
	return append(b, ']')
}

// write writes the stable part of p and its tools.
func write(key cacheKey, p prompt.Prompt) (*written, error) {
	w := &written{key: key, text: p.Stable, tools: slices.Clone(p.Tools), escaped: escape(p.Stable)}
	for i := range w.tools {
		w.tools[i].Parameters = slices.Clone(w.tools[i].Parameters) // the caller's may change
	}
	for i, t := range p.Tools {
		if len(t.Parameters) > 0 && !json.Valid(t.Parameters) {
			return nil, badRequest(fmt.Sprintf("the parameters of the tool %.64q are no JSON", t.Name))
		}
		if i == 0 {
			w.offer = append(w.offer, `,"tools":[`...)
		} else {
			w.offer = append(w.offer, ',')
		}
		w.offer = appendEscaped(append(w.offer, `{"type":"function","function":{"name":"`...), t.Name)
		w.offer = appendEscaped(append(w.offer, `","description":"`...), t.Description)
		w.offer = append(w.offer, '"')
		if len(t.Parameters) > 0 {
			w.offer = append(append(w.offer, `,"parameters":`...), t.Parameters...)
		}
		w.offer = append(w.offer, "}}"...)
	}
	if w.offer != nil {
		w.offer = append(w.offer, ']')
	}
	return w, nil
}
