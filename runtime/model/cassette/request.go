package cassette

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/sonajobs/sona/internal/digest"
	"github.com/sonajobs/sona/runtime/model"
	"github.com/sonajobs/sona/runtime/prompt"
)

// storedRequest is what a model was asked. Prompts stand apart, since many requests share one.
type storedRequest struct {
	Prompt    string          `json:"prompt,omitempty"` // its name in the file
	Context   text            `json:"context,omitempty"`
	Messages  []storedMessage `json:"messages,omitempty"`
	MaxTokens int             `json:"maxTokens,omitempty"`
	Schema    json.RawMessage `json:"schema,omitempty"`
}

type storedMessage struct {
	Role   model.Role   `json:"role"`
	Text   text         `json:"text,omitempty"`
	Calls  []storedCall `json:"calls,omitempty"`
	CallID string       `json:"callId,omitempty"`
}

// storedPrompt is what all calls of a step share.
type storedPrompt struct {
	Stable text         `json:"stable"`
	Tools  []storedTool `json:"tools,omitempty"`
}

type storedTool struct {
	Name        string          `json:"name"`
	Description text            `json:"description,omitempty"`
	Parameters  json.RawMessage `json:"parameters,omitempty"`
}

// name is what recordings call a prompt.
func (p storedPrompt) name() string {
	if p.Stable == "" && len(p.Tools) == 0 {
		return ""
	}
	return digest.Of(rendered(p))[:16]
}

// washer takes out of texts what a file does not hold: the nonce of one prompt, and what the caller redacts.
type washer struct {
	prompt prompt.Prompt // holds the nonce
	redact func(string) string
}

// wash is a text for the file. A Prompt shows itself without its nonce: so it shows any text.
func (w washer) wash(s string) string {
	w.prompt.Stable, w.prompt.Context = s, ""
	s = w.prompt.String()
	if w.redact != nil {
		s = w.redact(s)
	}
	return s
}

func (w washer) json(raw []byte) json.RawMessage { return value([]byte(w.wash(string(raw)))) }

// question is a request as it is compared and written, with its prompt.
type question struct {
	prompt  storedPrompt
	request storedRequest
}

func (w washer) question(r model.Request) question {
	q := question{
		prompt:  storedPrompt{Stable: text(w.wash(r.Prompt.Stable))},
		request: storedRequest{Context: text(w.wash(r.Prompt.Context)), MaxTokens: r.MaxTokens, Schema: w.json(r.Schema)},
	}
	for _, t := range r.Prompt.Tools {
		q.prompt.Tools = append(q.prompt.Tools, storedTool{t.Name, text(w.wash(t.Description)), w.json(t.Parameters)})
	}
	for _, m := range r.Messages {
		kept := storedMessage{Role: m.Role, Text: text(w.wash(m.Text)), CallID: m.CallID}
		for _, c := range m.Calls {
			kept.Calls = append(kept.Calls, w.call(c))
		}
		q.request.Messages = append(q.request.Messages, kept)
	}
	q.request.Prompt = q.prompt.name()
	return q
}

func (w washer) call(c model.ToolCall) storedCall {
	return keepCall(model.ToolCall{ID: w.wash(c.ID), Name: w.wash(c.Name), Arguments: []byte(w.wash(string(c.Arguments)))})
}

// key is what equal questions share. The order of keys in JSON does not count, nor does the time of the call.
func (q question) key() string {
	r := q.request
	r.Prompt, r.Context, r.Schema = "", text(timeless(string(r.Context))), value(r.Schema)
	r.Messages = make([]storedMessage, len(q.request.Messages))
	for i, m := range q.request.Messages {
		calls := make([]storedCall, len(m.Calls))
		for k, c := range m.Calls {
			calls[k] = storedCall{ID: c.ID, Name: c.Name, Arguments: value(c.part().Arguments)}
		}
		m.Calls = calls
		r.Messages[i] = m
	}
	p := q.prompt
	p.Tools = make([]storedTool, len(q.prompt.Tools))
	for i, t := range q.prompt.Tools {
		t.Parameters = value(t.Parameters)
		p.Tools[i] = t
	}
	return digest.Of(rendered(p) + rendered(r))
}

func rendered(v any) string {
	raw, err := encode(v)
	if err != nil { // a schema that is no JSON was made a text before
		return fmt.Sprint(v)
	}
	return string(raw)
}

// timeless is a prompt's context without the line that tells the time.
func timeless(context string) string {
	const now = "Now: "
	head, rest, ok := strings.Cut("\n"+context, "\n"+now)
	if !ok {
		return context
	}
	_, rest, _ = strings.Cut(rest, "\n")
	return strings.TrimPrefix(head+"\n"+rest, "\n")
}

func (r recording) question(prompts map[string]storedPrompt) question {
	return question{prompts[r.Request.Prompt], r.Request}
}

func (r recording) key(prompts map[string]storedPrompt) string { return r.question(prompts).key() }

// compacted is JSON without blanks, a copy.
func compacted(raw []byte) (json.RawMessage, bool) {
	var b bytes.Buffer
	if len(raw) == 0 || json.Compact(&b, raw) != nil {
		return nil, false
	}
	return b.Bytes(), true
}

// lines shows a question to people.
func (q question) lines() []string {
	var all []string
	add := func(head, body string) {
		for i, l := range strings.Split(strings.TrimSuffix(body, "\n"), "\n") {
			if i == 0 {
				l = head + l
			} else {
				l = "  " + l
			}
			all = append(all, l)
		}
	}
	if q.prompt.Stable != "" {
		add("prompt: ", string(q.prompt.Stable))
	}
	for _, t := range q.prompt.Tools {
		add("tool "+t.Name+": ", string(t.Description))
		add("tool "+t.Name+" takes ", string(value(t.Parameters)))
	}
	if q.request.Context != "" {
		add("context: ", timeless(string(q.request.Context)))
	}
	for _, m := range q.request.Messages {
		head := string(m.Role)
		if m.CallID != "" {
			head += " " + m.CallID
		}
		if m.Text != "" || len(m.Calls) == 0 {
			add(head+": ", string(m.Text))
		}
		for _, c := range m.Calls {
			add(fmt.Sprintf("%s calls %s (%s): ", head, c.Name, c.ID), string(value(c.part().Arguments)))
		}
	}
	if q.request.MaxTokens != 0 {
		add("most tokens: ", fmt.Sprint(q.request.MaxTokens))
	}
	if len(q.request.Schema) > 0 {
		add("schema: ", string(value(q.request.Schema)))
	}
	return all
}
