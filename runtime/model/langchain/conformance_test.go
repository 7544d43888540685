package langchain_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/sonajobs/sona/runtime/model"
	"github.com/sonajobs/sona/runtime/model/langchain"
	"github.com/sonajobs/sona/runtime/model/modeltest"
)

func TestOpenAIKeepsTheContract(t *testing.T) {
	modeltest.Run(t, func(t *testing.T, side *modeltest.Far) model.Model {
		return langchain.New(openaiAt(t, play(t, side, func(send sender) func(modeltest.Step) {
			return openaiWriter{send}.step
		})))
	})
}

func TestAnthropicKeepsTheContract(t *testing.T) {
	modeltest.Run(t, func(t *testing.T, side *modeltest.Far) model.Model {
		return langchain.New(anthropicAt(t, play(t, side, func(send sender) func(modeltest.Step) {
			return (&anthropicWriter{send: send, block: -1}).step
		})))
	},
		modeltest.Cannot{Case: "A reply of nothing is a Done", Why: "the client takes a message without content for no message"},
		modeltest.Cannot{Case: "Arguments keep every value", Why: "the client decodes numbers as float64; one beyond 2⁵³ is an error here"},
	)
}

// sender writes a line of a stream and sends it off.
type sender func(format string, args ...any)

// play is a server that plays the far side of the suite in the words of a provider. langchaingo drops the
// header with the time to wait, so it stands in the text, as it does with providers.
func play(t *testing.T, side *modeltest.Far, writer func(sender) func(modeltest.Step)) string {
	t.Helper()
	statuses := map[model.ErrorKind]int{model.RateLimited: 429, model.Unavailable: 503, model.BadRequest: 400}
	return serve(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "text/event-stream")
		step := writer(func(format string, args ...any) {
			_, _ = fmt.Fprintf(w, format+"\n\n", args...)
			_ = http.NewResponseController(w).Flush()
		})
		for i, s := range side.Next() {
			wait, waits := s.(modeltest.Wait)
			fault, fails := s.(modeltest.Fault)
			switch {
			case waits:
				wait.Until(r.Context())
			case fails && i == 0:
				message := "No."
				if fault.RetryAfter > 0 {
					message = fmt.Sprintf("No. Please try again in %s.", fault.RetryAfter)
				}
				w.WriteHeader(statuses[fault.Kind])
				_, _ = fmt.Fprintf(w, `{"error":{"message":%q}}`, message)
			default:
				step(s)
			}
		}
	})
}

func encode(v any) string {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(raw)
}

// openaiWriter writes the steps of replies as OpenAI streams them.
type openaiWriter struct{ send sender }

func (w openaiWriter) step(step modeltest.Step) {
	switch s := step.(type) {
	case modeltest.Text:
		w.send(`data: {"choices":[{"index":0,"delta":{"content":%s},"finish_reason":null}]}`, encode(s))
	case modeltest.Call:
		w.call(s.ID, s.Name, string(s.Arguments))
	case modeltest.HalfCall:
		w.call(s.ID, s.Name, string(s.Arguments))
	case modeltest.Usage:
		w.send(`data: {"choices":[],"usage":{"prompt_tokens":%d,"completion_tokens":%d,"prompt_tokens_details":{"cached_tokens":%d}}}`, s.In, s.Out, s.Cached)
	case modeltest.Finish:
		word := string(s)
		if model.Reason(s) == model.Filtered {
			word = "content_filter"
		}
		w.send(`data: {"choices":[{"index":0,"delta":{},"finish_reason":%s}]}`, encode(word))
		w.send("data: [DONE]")
	case modeltest.Fault:
		w.send(`data: {"error":{"message":"No."}}`)
	}
}

func (w openaiWriter) call(id, name, arguments string) {
	const line = `data: {"choices":[{"index":0,"delta":{"tool_calls":[%s]},"finish_reason":null}]}`
	w.send(line, fmt.Sprintf(`{"index":0,"id":%s,"type":"function","function":{"name":%s,"arguments":""}}`, encode(id), encode(name)))
	for piece := range strings.SplitAfterSeq(arguments, ",") {
		w.send(line, fmt.Sprintf(`{"index":0,"function":{"arguments":%s}}`, encode(piece)))
	}
}

// anthropicWriter writes the steps of replies as Anthropic streams them.
type anthropicWriter struct {
	send  sender
	block int  // the last one
	text  bool // it is one of text
	open  bool
	began bool
	usage modeltest.Usage
}

func (w *anthropicWriter) step(step modeltest.Step) {
	if _, cut := step.(modeltest.Cut); !cut && !w.began {
		w.began = true
		w.eventf(`{"type":"message_start","message":{"id":"msg_1","role":"assistant","content":[],"usage":{"input_tokens":0,"output_tokens":0}}}`)
		w.eventf(`{"type":"ping"}`)
	}
	switch s := step.(type) {
	case modeltest.Text:
		w.start(true, `{"type":"text","text":""}`)
		w.eventf(`{"type":"content_block_delta","index":%d,"delta":{"type":"text_delta","text":%s}}`, w.block, encode(s))
	case modeltest.Call:
		w.call(s.ID, s.Name, string(s.Arguments))
	case modeltest.HalfCall:
		w.call(s.ID, s.Name, string(s.Arguments))
	case modeltest.Usage:
		w.usage = s
	case modeltest.Finish:
		w.stop()
		words := map[model.Reason]string{model.Stop: "end_turn", model.ToolCalls: "tool_use", model.Length: "max_tokens", model.Filtered: "refusal"}
		word, ok := words[model.Reason(s)]
		if !ok {
			word = string(s)
		}
		w.eventf(`{"type":"message_delta","delta":{"stop_reason":%s},"usage":{"input_tokens":%d,"cache_read_input_tokens":%d,"output_tokens":%d}}`,
			encode(word), w.usage.In-w.usage.Cached, w.usage.Cached, w.usage.Out)
		w.eventf(`{"type":"message_stop"}`)
	case modeltest.Fault:
		w.eventf(`{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}`)
	}
}

func (w *anthropicWriter) eventf(format string, args ...any) { w.send("data: "+format, args...) }

func (w *anthropicWriter) start(text bool, block string) {
	if w.open && w.text && text {
		return
	}
	w.stop()
	w.block, w.text, w.open = w.block+1, text, true
	w.eventf(`{"type":"content_block_start","index":%d,"content_block":%s}`, w.block, block)
}

func (w *anthropicWriter) stop() {
	if w.open {
		w.eventf(`{"type":"content_block_stop","index":%d}`, w.block)
	}
	w.open = false
}

func (w *anthropicWriter) call(id, name, arguments string) {
	w.start(false, fmt.Sprintf(`{"type":"tool_use","id":%s,"name":%s,"input":{}}`, encode(id), encode(name)))
	for piece := range strings.SplitAfterSeq(arguments, ",") {
		w.eventf(`{"type":"content_block_delta","index":%d,"delta":{"type":"input_json_delta","partial_json":%s}}`, w.block, encode(piece))
	}
}
