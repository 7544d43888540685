package runtime

import (
	"encoding/json"
	"fmt"

	"github.com/sonajobs/sona/callflow/call"
)

// redacted is Config.Redact. Where it panics nothing leaves the call.
func (r *Runtime) redacted(text string) (out string) {
	defer func() {
		if p := recover(); p != nil {
			r.log().Error("Redact panicked", "panic", fmt.Sprintf("%T", p))
			out = ""
		}
	}()
	return r.config.Redact(text)
}

// redact takes f over everything that was said, done or noted. What an interrupted turn left unsaid goes: its
// length means nothing after f. The record's slices are its own.
func redact(r *call.Record, f func(string) string) {
	for i := range r.Turns {
		t := &r.Turns[i]
		t.Text = f(t.Heard())
		if t.Interrupted {
			t.Spoken = count(t.Text)
		}
	}
	for i := range r.Effects {
		r.Effects[i].Args = redactJSON(r.Effects[i].Args, f)
		r.Effects[i].Result = redactJSON(r.Effects[i].Result, f)
		r.Effects[i].Err = redactSome(r.Effects[i].Err, f)
	}
	for i := range r.Notes {
		r.Notes[i].Text = f(r.Notes[i].Text)
	}
	r.Outcome.Reason = redactSome(r.Outcome.Reason, f)
	redactSummary(&r.Summary, f)
}

func redactSummary(s *call.Summary, f func(string) string) {
	for i := range s.Summary {
		s.Summary[i] = f(s.Summary[i])
	}
	for i := range s.NextSteps {
		s.NextSteps[i] = f(s.NextSteps[i])
	}
	for i := range s.Jobs {
		data := s.Jobs[i].Result.Data
		for k := range data {
			data[k].Value = redactDatum(data[k].Value, f)
		}
	}
}

// redactSome leaves an empty text empty: it says that there is nothing to tell.
func redactSome(text string, f func(string) string) string {
	if text == "" {
		return ""
	}
	return f(text)
}

// redactDatum takes f over a value of a result. A number that f changes becomes a text.
func redactDatum(v any, f func(string) string) any {
	switch v := v.(type) {
	case string:
		return f(v)
	case float64:
		digits := string(encode(v))
		if text := f(digits); text != digits {
			return text
		}
	}
	return v
}

// redactJSON takes f over every text and number, so that the result is still JSON. Keys stay: they are the
// action's.
func redactJSON(raw json.RawMessage, f func(string) string) json.RawMessage {
	if len(raw) == 0 {
		return raw
	}
	v, err := decode(raw)
	if err != nil {
		return nil // what cannot be read cannot be redacted either
	}
	return encode(redactValue(v, f))
}

func redactValue(v any, f func(string) string) any {
	switch v := v.(type) {
	case string:
		return f(v)
	case json.Number:
		if text := f(v.String()); text != v.String() {
			return text
		}
	case []any:
		for i := range v {
			v[i] = redactValue(v[i], f)
		}
	case map[string]any:
		for k := range v {
			v[k] = redactValue(v[k], f)
		}
	}
	return v
}
