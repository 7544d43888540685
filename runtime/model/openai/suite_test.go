package openai

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"
	"time"

	"github.com/sonajobs/sona/runtime/model"
	"github.com/sonajobs/sona/runtime/model/modeltest"
)

func TestModel(t *testing.T) {
	modeltest.Run(t, func(t *testing.T, far *modeltest.Far) model.Model {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { play(w, r, far.Next()) }))
		t.Cleanup(s.Close)
		return at(t, s.URL)
	})
}

var refusals = map[model.ErrorKind]int{model.RateLimited: http.StatusTooManyRequests, model.Unavailable: http.StatusServiceUnavailable, model.BadRequest: http.StatusBadRequest}

// play answers a request as the suite says: the server of the suite's own kind.
func play(w http.ResponseWriter, r *http.Request, reply modeltest.Reply) {
	_, _ = io.Copy(io.Discard, r.Body)
	flush := func() { _ = http.NewResponseController(w).Flush() }
	send := func(chunk any) {
		text, err := json.Marshal(chunk)
		if err != nil {
			text = []byte(err.Error())
		}
		_, _ = fmt.Fprintf(w, "data: %s\n\n", text)
		flush()
	}
	type o = map[string]any
	delta := func(d o) o {
		return o{"id": "c", "object": "chat.completion.chunk", "choices": []o{{"index": 0, "delta": d, "finish_reason": nil}}}
	}
	calls := -1
	call := func(id, name string, arguments ...json.RawMessage) {
		calls++
		send(delta(o{"tool_calls": []o{{"index": calls, "id": id, "type": "function", "function": o{"name": name, "arguments": ""}}}}))
		for _, piece := range arguments {
			send(delta(o{"tool_calls": []o{{"index": calls, "function": o{"arguments": string(piece)}}}}))
		}
	}
	w.Header().Set("Content-Type", "text/event-stream")
	for i, step := range reply {
		switch s := step.(type) {
		case modeltest.Text:
			send(delta(o{"content": string(s)}))
		case modeltest.Call:
			half := len(s.Arguments) / 2
			call(s.ID, s.Name, s.Arguments[:half], s.Arguments[half:])
		case modeltest.HalfCall:
			call(s.ID, s.Name, s.Arguments)
		case modeltest.Usage:
			send(o{"choices": []o{}, "usage": o{"prompt_tokens": s.In, "completion_tokens": s.Out, "prompt_tokens_details": o{"cached_tokens": s.Cached}}})
		case modeltest.Finish:
			word := string(s)
			if s == modeltest.Finish(model.Filtered) {
				word = "content_filter"
			}
			send(o{"choices": []o{{"index": 0, "delta": o{}, "finish_reason": word}}})
			_, _ = io.WriteString(w, "data: [DONE]\n\n")
		case modeltest.Fault:
			if s.RetryAfter > 0 {
				w.Header().Set("Retry-After", strconv.Itoa(int(s.RetryAfter/time.Second)))
			}
			if i == 0 {
				w.WriteHeader(refusals[s.Kind])
				return
			}
			send(o{"error": o{"code": refusals[s.Kind], "message": "no"}})
		case modeltest.Cut:
			return
		case modeltest.Wait:
			flush()
			s.Until(r.Context())
		}
	}
}
