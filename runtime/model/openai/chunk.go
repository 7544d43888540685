package openai

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"

	"github.com/sonajobs/sona/runtime/model"
)

// answer is a chunk of a stream, or a whole answer. Fields whose kind differs between servers stay raw.
type answer struct {
	Error   json.RawMessage `json:"error"`
	Object  json.RawMessage `json:"object"`
	Type    json.RawMessage `json:"type"`
	Message json.RawMessage `json:"message"`
	Detail  json.RawMessage `json:"detail"`
	Groq    struct {
		Error json.RawMessage `json:"error"`
	} `json:"x_groq"` //nolint:tagliatelle // as the server has it
	Choices []choice        `json:"choices"`
	Usage   json.RawMessage `json:"usage"`
}

type choice struct {
	Index   json.RawMessage `json:"index"`
	Delta   *says           `json:"delta"`
	Message *says           `json:"message"`
	Finish  json.RawMessage `json:"finish_reason"` //nolint:tagliatelle // as servers have it
	Error   json.RawMessage `json:"error"`
}

// says is what a choice says. Reasoning is not read: it is never spoken.
type says struct {
	Content  json.RawMessage `json:"content"`
	Refusal  json.RawMessage `json:"refusal"`
	Calls    []callPiece     `json:"tool_calls"`    //nolint:tagliatelle // as servers have it
	Function *function       `json:"function_call"` //nolint:tagliatelle // as servers had it before tools
}

type callPiece struct {
	Index    json.RawMessage `json:"index"`
	ID       json.RawMessage `json:"id"`
	Function function        `json:"function"`
}

type function struct {
	Name      json.RawMessage `json:"name"`
	Arguments json.RawMessage `json:"arguments"`
}

// chunk takes a chunk of any kind.
func (d *decoder) chunk(b []byte) error {
	var a answer
	if json.Unmarshal(b, &a) != nil {
		return malformed("a chunk of the stream is not one of a chat completion")
	}
	if e := d.reported(&a, b); e != nil {
		return within(d.hide(e))
	}
	d.pace.chunk()
	d.count(a.Usage)
	for i := range a.Choices {
		c := &a.Choices[i]
		if n, ok := number(c.Index); ok && n != 0 {
			continue
		}
		s := c.Delta
		if s == nil && d.length == 0 && len(d.calls.all) == 0 {
			s = c.Message // of a server that sends the whole in one piece
		}
		if err := d.says(s, false); err != nil {
			return err
		}
		if err := d.finished(c); err != nil {
			return err
		}
	}
	return nil
}

// object takes an answer that is no stream.
func (d *decoder) object() error {
	var raw json.RawMessage
	dec := json.NewDecoder(bytes.NewReader(d.single))
	switch err := dec.Decode(&raw); {
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return errCut
	case err != nil:
		return malformed("the answer is no JSON")
	}
	if rest := d.single[dec.InputOffset():]; len(bytes.TrimSpace(rest)) > 0 {
		return malformed("the answer is more than one object")
	}
	var a answer
	if json.Unmarshal(raw, &a) != nil {
		if e := readError(raw); e != nil && raw[0] == '[' {
			return within(d.hide(e))
		}
		return malformed("the answer is not one of a chat completion")
	}
	if e := d.reported(&a, raw); e != nil {
		return within(d.hide(e))
	}
	if len(a.Choices) == 0 {
		return malformed("the answer has no choices")
	}
	d.count(a.Usage)
	c := &a.Choices[0]
	s := c.Message
	if s == nil {
		s = c.Delta
	}
	if s == nil {
		return malformed("the answer has no message")
	}
	if err := d.says(s, true); err != nil {
		return err
	}
	d.done = true
	return d.finished(c)
}

// reported returns the error that a chunk reports instead of saying something.
func (d *decoder) reported(a *answer, b []byte) *APIError {
	kind, _ := word(a.Object)
	class, _ := word(a.Type)
	switch {
	case isSet(a.Error), kind == "error", class == "error", d.alarm && a.Choices == nil,
		a.Choices == nil && (isSet(a.Message) || isSet(a.Detail)):
		return readError(b)
	case isSet(a.Groq.Error):
		return readErrorObject(a.Groq.Error)
	}
	for i := range a.Choices {
		if isSet(a.Choices[i].Error) {
			return readErrorObject(a.Choices[i].Error)
		}
	}
	return nil
}

// says takes what a choice says. Of an answer that is whole each call is one of its own.
func (d *decoder) says(s *says, whole bool) error {
	if s == nil {
		return nil
	}
	said, ok := content(s.Content)
	if !ok {
		return malformed("the content of a chunk is no text")
	}
	refusal, _ := word(s.Refusal)
	d.refused = d.refused || refusal != ""
	if err := d.say([]byte(said+refusal), false); err != nil {
		return err
	}
	for i := range s.Calls {
		if err := d.piece(&s.Calls[i], whole); err != nil {
			return err
		}
	}
	if f := s.Function; f != nil {
		if name, _ := word(f.Name); name != "" || isSet(f.Arguments) {
			return d.piece(&callPiece{Index: json.RawMessage("0"), Function: *f}, whole)
		}
	}
	return nil
}

func (d *decoder) piece(p *callPiece, whole bool) error {
	d.pace.enter(running)
	return d.calls.add(p, whole)
}

func (d *decoder) finished(c *choice) error {
	if w, _ := word(c.Finish); w != "" {
		return d.ends(w)
	}
	return nil
}

// content reads text, or the text among the parts of a list. What a model thinks is another kind of part.
func content(raw json.RawMessage) (string, bool) {
	if !isSet(raw) {
		return "", true
	}
	if s, ok := word(raw); ok {
		return s, true
	}
	var parts []struct {
		Type string `json:"type"`
		Text string `json:"text"`
	}
	if json.Unmarshal(raw, &parts) != nil {
		return "", false
	}
	var text strings.Builder
	for _, p := range parts {
		if p.Type == "text" || p.Type == "output_text" {
			text.WriteString(p.Text)
		}
	}
	return text.String(), true
}

// count takes a count of tokens, in the spellings of the servers. The latest that counts anything holds.
func (d *decoder) count(raw json.RawMessage) {
	if !isSet(raw) {
		return
	}
	var u struct {
		In      json.RawMessage `json:"prompt_tokens"`           //nolint:tagliatelle // as servers have it
		Out     json.RawMessage `json:"completion_tokens"`       //nolint:tagliatelle // as servers have it
		Hit     json.RawMessage `json:"prompt_cache_hit_tokens"` //nolint:tagliatelle // DeepSeek
		Cached  json.RawMessage `json:"cached_tokens"`           //nolint:tagliatelle // Moonshot
		Read    json.RawMessage `json:"cache_read_input_tokens"` //nolint:tagliatelle // gateways to Anthropic
		Details json.RawMessage `json:"prompt_tokens_details"`   //nolint:tagliatelle // OpenAI
	}
	if json.Unmarshal(raw, &u) != nil {
		return
	}
	var details struct {
		Cached json.RawMessage `json:"cached_tokens"` //nolint:tagliatelle // OpenAI
	}
	if isSet(u.Details) && json.Unmarshal(u.Details, &details) != nil {
		details.Cached = nil
	}
	d.counts(tally{tokens(u.In), tokens(u.Out), tokens(details.Cached), tokens(u.Hit), tokens(u.Cached), tokens(u.Read)})
}

// tally is a count as servers write it: what was read from a cache stands in one of four fields.
type tally struct{ in, out, details, hit, cached, read int }

func (d *decoder) counts(t tally) {
	u := model.Usage{In: t.in, Out: t.out, Cached: min(t.in, max(t.details, t.hit, t.cached, t.read))}
	if u != (model.Usage{}) {
		d.usage = u
	}
}

func tokens(raw json.RawMessage) int {
	n, _ := number(raw)
	return max(0, n)
}
