package langchain_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/runtime/model"
	"github.com/sonajobs/sona/runtime/model/langchain"
)

const (
	began    = `{"type":"message_start","message":{"usage":{"input_tokens":3,"cache_creation_input_tokens":20,"cache_read_input_tokens":100}}}`
	opened   = `{"type":"content_block_start","index":%d,"content_block":{"type":%q,"id":"id%d","name":"look_up"}}`
	spoken   = `{"type":"content_block_delta","index":%d,"delta":{"type":"text_delta","text":%q}}`
	thought  = `{"type":"content_block_delta","index":%d,"delta":{"type":"thinking_delta","thinking":%q}}`
	argument = `{"type":"content_block_delta","index":%d,"delta":{"type":"input_json_delta","partial_json":%q}}`
	closed   = `{"type":"content_block_stop","index":%d}`
	finished = `{"type":"message_delta","delta":{"stop_reason":%q},"usage":{"output_tokens":9}}`
	over     = `{"type":"message_stop"}`
)

// TestAllBlocksOfAnthropicAreOneReply: the client gives one choice for each, with the usage of all.
func TestAllBlocksOfAnthropicAreOneReply(t *testing.T) {
	m := anthropicAt(t, stream(t, began,
		f(opened, 0, "thinking", 0), f(thought, 0, "Hm, a secret."), f(closed, 0),
		f(opened, 1, "text", 1), f(spoken, 1, "I look "), f(spoken, 1, "it up."), f(closed, 1),
		f(opened, 2, "tool_use", 2), f(argument, 2, `{"n":`), f(argument, 2, `1}`), f(closed, 2),
		f(opened, 3, "text", 3), f(spoken, 3, " One moment."), f(closed, 3),
		f(opened, 4, "tool_use", 4), f(closed, 4),
		f(finished, "tool_use"), over))
	r, _, err := raw(t, m)
	require.NoError(t, err)
	require.Len(t, r.Choices, 5)
	require.Empty(t, r.Choices[0].Content, "whoever reads the first choice gets nothing")

	got, err := ask(t, m)
	require.NoError(t, err)
	require.Empty(t, cmp.Diff(model.Reply{
		Text:   "I look it up. One moment.",
		Calls:  []model.ToolCall{{ID: "id2", Name: "look_up", Arguments: []byte(`{"n":1}`)}, {ID: "id4", Name: "look_up", Arguments: []byte(`{}`)}},
		Usage:  model.Usage{In: 123, Cached: 100, Out: 9},
		Reason: model.ToolCalls,
	}, got))
}

func TestAnthropicsBrokenStreamsAreErrors(t *testing.T) {
	for _, tt := range []struct {
		name   string
		events []string
		want   model.ErrorKind
		words  string
	}{
		{"cut", nil, model.Truncated, "no response"},
		{"overloaded", []string{`{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}`}, model.Unavailable, "overloaded_error"},
		{"too many requests", []string{`{"type":"error","error":{"type":"rate_limit_error","message":"Please try again in 7s."}}`}, model.RateLimited, "rate_limit_error"},
		{"a bad request", []string{`{"type":"error","error":{"type":"invalid_request_error","message":"No."}}`}, model.BadRequest, "invalid_request_error"},
		{"an error of no kind", []string{`{"type":"error","error":{"type":"new_error","message":"No."}}`}, model.Unavailable, "new_error"},
		{"a block of another kind", []string{f(opened, 1, "server_tool_use", 1)}, model.Unavailable, "server_tool_use"},
		{"no JSON", []string{`{"type":`}, model.Unavailable, "parse"},
		{"an end without a reason", []string{f(closed, 0), over}, model.Truncated, "no stop reason"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := ask(t, anthropicAt(t, stream(t, append([]string{began, f(opened, 0, "text", 0), f(spoken, 0, "We close")}, tt.events...)...)))
			fails(t, err, tt.want, tt.words)
			require.Equal(t, "We close", got.Text)
		})
	}
}

// TestACutCallOfAnthropicIsNone: a call whose arguments never came looks like one without any.
func TestACutCallOfAnthropicIsNone(t *testing.T) {
	m := anthropicAt(t, stream(t, began, f(opened, 0, "tool_use", 0), f(argument, 0, `{"n":`), f(finished, "max_tokens"), over))
	r, _, err := raw(t, m)
	require.NoError(t, err)
	require.Equal(t, "{}", r.Choices[0].ToolCalls[0].FunctionCall.Arguments, "the fault is gone: the fence is not needed any more")
	got, err := ask(t, m)
	fails(t, err, model.Truncated, "cut within its calls")
	require.Empty(t, got.Calls)
}

// TestRoundedNumbersAreErrors: the client decodes arguments with float64, and writes them anew.
func TestRoundedNumbersAreErrors(t *testing.T) {
	for _, tt := range []struct {
		arguments string
		want      string // empty is an error
	}{
		{`{"order":9007199254740993}`, ""},
		{`{"a":[{"order":-12345678901234567890}]}`, ""},
		{`{"order":1e30}`, ""},
		{`{"order":9007199254740991}`, `{"order":9007199254740991}`},
		{`{"card":4111111111111111,"lat":52.520008,"small":1e-9,"text":"9007199254740993"}`, `{"card":4111111111111111,"lat":52.520008,"small":1e-9,"text":"9007199254740993"}`},
	} {
		t.Run(tt.arguments, func(t *testing.T) {
			m := anthropicAt(t, stream(t, began, f(opened, 0, "tool_use", 0), f(argument, 0, tt.arguments), f(closed, 0), f(finished, "tool_use"), over))
			got, err := ask(t, m)
			if tt.want == "" {
				r, _, err2 := raw(t, m)
				require.NoError(t, err2)
				require.NotEqual(t, tt.arguments, r.Choices[0].ToolCalls[0].FunctionCall.Arguments, "the fault is gone: the fence is not needed any more")
				fails(t, err, model.Unavailable, "may have been rounded")
				return
			}
			require.NoError(t, err)
			require.JSONEq(t, tt.want, string(got.Calls[0].Arguments))
		})
	}
	got, err := ask(t, openaiAt(t, stream(t, f(delta, `{"index":0,"id":"a","type":"function","function":{"name":"x","arguments":"{\"order\":9007199254740993}"}}`), f(ended, "tool_calls"), "[DONE]")))
	require.NoError(t, err, "a client that keeps the text rounds nothing")
	require.Equal(t, `{"order":9007199254740993}`, string(got.Calls[0].Arguments))
}

func TestAnErrorQuotesNoBody(t *testing.T) {
	_, err := ask(t, langchain.Whole(anthropicAt(t, body(t, 200, `{"content":[{"type":"server_tool_use","input":"what the caller said"}],"stop_reason":"end_turn"}`))))
	fails(t, err, model.Unavailable, "server_tool_use")
	require.NotContains(t, err.Error(), "caller")
}
