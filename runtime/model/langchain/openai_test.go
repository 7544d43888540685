package langchain_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
	"github.com/tmc/langchaingo/llms"

	"github.com/sonajobs/sona/runtime/model"
	"github.com/sonajobs/sona/runtime/model/langchain"
)

const (
	said       = `{"choices":[{"delta":{"content":%q}}]}`
	delta      = `{"choices":[{"delta":{"tool_calls":[%s]}}]}`
	ended      = `{"choices":[{"delta":{},"finish_reason":%q}]}`
	callBegins = `{"index":0,"id":"a","type":"function","function":{"name":"look_up","arguments":""}}`
	callGoesOn = `{"index":0,"function":{"arguments":"{\"n\":1}"}}`
)

func f(format string, args ...any) string { return fmt.Sprintf(format, args...) }

// TestOpenAIsCallsAreNeverSpoken: the client sends the JSON of calls where the text comes.
func TestOpenAIsCallsAreNeverSpoken(t *testing.T) {
	m := openaiAt(t, stream(t, f(said, "I look"), f(delta, callBegins), f(delta, callGoesOn), f(said, " it up."), f(ended, "tool_calls"), "[DONE]"))
	_, streamed, err := raw(t, m)
	require.NoError(t, err)
	require.Contains(t, streamed, `"look_up"`, "the fault is gone: the fence is not needed any more")

	got, err := ask(t, m)
	require.NoError(t, err)
	require.Equal(t, "I look it up.", got.Text)
	require.Len(t, got.Calls, 1)
	require.JSONEq(t, `{"n":1}`, string(got.Calls[0].Arguments))
}

func TestTextThatLooksLikeACallIsTextAfterAll(t *testing.T) {
	for _, text := range [][]string{
		{"Write ", `{"name":"x"}`, " or so."},
		{`[{"a":1}]`},
		{`[{"id":"a"}]`},
		{"  {", "not JSON"},
		{`[ {`, `"a"`, `}]`},
		{"{{name}}"},
	} {
		var events []string
		for _, piece := range text {
			events = append(events, f(said, piece))
		}
		got, err := ask(t, openaiAt(t, stream(t, append(events, f(ended, "stop"), "[DONE]")...)))
		require.NoError(t, err)
		require.Equal(t, strings.Join(text, ""), got.Text)
	}
}

// TestOpenAIsParallelCallsAreWholeOrAnError: the client knows no index. It gives each piece of arguments to the
// call that began last, takes a piece that repeats the type or has no arguments for a new call, drops what
// comes before the first, and merges a call without a type into the one before.
func TestOpenAIsParallelCallsAreWholeOrAnError(t *testing.T) {
	const (
		a, b   = `{"index":0,"id":"a","type":"function","function":{"name":"x","arguments":%q}}`, `{"index":1,"id":"b","type":"function","function":{"name":"y","arguments":%q}}`
		am, bm = `{"index":0,"function":{"arguments":%q}}`, `{"index":1,"function":{"arguments":%q}}`
	)
	for _, tt := range []struct {
		name   string
		deltas []string
		want   []model.ToolCall // none is an error
	}{
		{"one after the other", []string{f(a, ""), f(am, `{"n":`), f(am, `1}`), f(b, ""), f(bm, `{"n":2}`)}, []model.ToolCall{{ID: "a", Name: "x", Arguments: []byte(`{"n":1}`)}, {ID: "b", Name: "y", Arguments: []byte(`{"n":2}`)}}},
		{"all at once", []string{f(a, `{"n":1}`) + "," + f(b, `{"n":2}`)}, []model.ToolCall{{ID: "a", Name: "x", Arguments: []byte(`{"n":1}`)}, {ID: "b", Name: "y", Arguments: []byte(`{"n":2}`)}}},
		{"one, without arguments", []string{f(a, "")}, []model.ToolCall{{ID: "a", Name: "x", Arguments: []byte(`{}`)}}},
		{"an empty piece at the end", []string{f(a, ""), f(am, `{"n":1}`), f(am, ``)}, []model.ToolCall{{ID: "a", Name: "x", Arguments: []byte(`{"n":1}`)}}},
		{"an empty piece in the middle", []string{f(a, ""), f(am, `{"n"`), f(am, ``), f(am, `:1}`)}, []model.ToolCall{{ID: "a", Name: "x", Arguments: []byte(`{"n":1}`)}}},
		{"each piece repeats its call", []string{f(a, ""), f(a, `{"n":`), f(a, `1}`)}, []model.ToolCall{{ID: "a", Name: "x", Arguments: []byte(`{"n":1}`)}}},
		{"interleaved, each piece repeats its call", []string{f(a, `{"n":`), f(b, `{"n":`), f(a, `1}`), f(b, `2}`)}, []model.ToolCall{{ID: "a", Name: "x", Arguments: []byte(`{"n":1}`)}, {ID: "b", Name: "y", Arguments: []byte(`{"n":2}`)}}},

		{"a name that comes later", []string{`{"index":0,"id":"a","type":"function","function":{"arguments":""}}`, `{"index":0,"id":"a","function":{"name":"x","arguments":"{\"n\":1}"}}`}, []model.ToolCall{{ID: "a", Name: "x", Arguments: []byte(`{"n":1}`)}}},

		{"interleaved", []string{f(a, ""), f(b, ""), f(am, `{"n":1}`), f(bm, `{"n":2}`)}, nil},
		{"interleaved, and the arguments of one are those of the other", []string{f(a, ""), f(b, ""), f(am, `{"n":1}`)}, nil},
		{"interleaved within", []string{f(a, ""), f(am, `{"n":`), f(b, ""), f(am, `1}`), f(bm, `{"n":2}`)}, nil},
		{"a first call without a type", []string{`{"index":0,"id":"a","function":{"name":"x","arguments":"{\"n\":1}"}}`}, nil},
		{"a first call without a type, and a whole one", []string{`{"index":0,"id":"a","function":{"name":"x","arguments":"{\"n\":1}"}}`, f(b, `{"n":2}`)}, nil},
		{"a second call without a type", []string{f(a, ""), `{"index":1,"id":"b","function":{"name":"y","arguments":"{\"n\":2}"}}`}, nil},
		{"a call without a name", []string{`{"index":0,"id":"a","type":"function","function":{"arguments":"{}"}}`}, nil},
		{"arguments that are no object", []string{f(a, `[1]`)}, nil},
		{"arguments that are cut", []string{f(a, `{"n":`)}, nil},
		{"two of one ID", []string{f(a, `{}`), f(a, `{}`)}, nil},
		{"two of one ID and two names", []string{f(a, `{"n":1}`), `{"index":1,"id":"a","type":"function","function":{"name":"y","arguments":"{\"n\":2}"}}`}, []model.ToolCall{{ID: "a", Name: "x", Arguments: []byte(`{"n":1}`)}, {ID: "a", Name: "y", Arguments: []byte(`{"n":2}`)}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var events []string
			for _, d := range tt.deltas {
				events = append(events, f(delta, d))
			}
			got, err := ask(t, openaiAt(t, stream(t, append(events, f(ended, "tool_calls"), "[DONE]")...)))
			if tt.want == nil {
				require.Equal(t, model.Unavailable, kind(err), "%v: %v", got, err)
				require.Empty(t, got.Calls)
				return
			}
			require.NoError(t, err)
			require.Empty(t, cmp.Diff(tt.want, got.Calls))
		})
	}
}

func TestWholeTakesCallsFromARequestWithoutAStream(t *testing.T) {
	streams := true
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		asked, _ := io.ReadAll(r.Body)
		streams = strings.Contains(string(asked), `"stream"`)
		_, _ = io.WriteString(w, `{"choices":[{"message":{"content":"Both.","tool_calls":[
			{"id":"a","type":"function","function":{"name":"x","arguments":""}},{"id":"b","type":"function","function":{"name":"y","arguments":"{\"n\":12345678901234567890}"}}]}}]}`)
	})
	m := langchain.New(langchain.Whole(openaiAt(t, url)), nil, llms.WithStreamingReasoningFunc(func(context.Context, []byte, []byte) error { return nil }))
	got, err := model.Collect(m.Generate(t.Context(), hi), nil)
	require.NoError(t, err, "nor is a reason needed: the answer is one JSON value, which is not cut")
	require.False(t, streams)
	require.Empty(t, cmp.Diff(model.Reply{Text: "Both.", Reason: model.Stop, Calls: []model.ToolCall{
		{ID: "a", Name: "x", Arguments: []byte(`{}`)}, {ID: "b", Name: "y", Arguments: []byte(`{"n":12345678901234567890}`)}}}, got))
}

// TestOpenAIsBrokenStreamsAreTruncated: the client returns what it has, without an error.
func TestOpenAIsBrokenStreamsAreTruncated(t *testing.T) {
	for _, tt := range []struct {
		name   string
		events []string
	}{
		{"cut", []string{f(said, "We close")}},
		{"cut within a call", []string{f(said, "We close"), f(delta, callBegins)}},
		{"cut after a call", []string{f(said, "We close"), f(delta, callBegins), f(delta, callGoesOn)}},
		{"an error in it", []string{f(said, "We close"), `{"error":{"message":"overloaded","code":502}}`}},
		{"an error and an end", []string{f(said, "We close"), `{"error":{"message":"overloaded"}}`, "[DONE]"}},
		{"the reason is overwritten by a chunk that follows", []string{f(said, "We close"), f(ended, "stop"), f(said, ""), "[DONE]"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m := openaiAt(t, stream(t, tt.events...))
			r, _, err := raw(t, m)
			require.NoError(t, err, "the fault is gone: the fence is not needed any more")
			require.Empty(t, r.Choices[0].StopReason)

			got, err := ask(t, m)
			fails(t, err, model.Truncated, "no stop reason")
			require.Equal(t, "We close", got.Text)
			require.Empty(t, got.Calls)
		})
	}
}

func TestAStreamThatSaysItFailedIsUnavailable(t *testing.T) {
	_, err := ask(t, openaiAt(t, stream(t, f(said, "We close"), f(ended, "error"), "[DONE]")))
	fails(t, err, model.Unavailable, "error")
}

// TestOpenAIsCancelledStreamIsCancelled: the client returns what it has, sometimes without an error.
func TestOpenAIsCancelledStreamIsCancelled(t *testing.T) {
	gone := make(chan struct{})
	m := langchain.New(openaiAt(t, serve(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		_, _ = io.WriteString(w, "data: "+f(said, "We close")+"\n\n")
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
		close(gone)
	})))
	ctx, cancel := context.WithCancel(t.Context())
	got, err := model.Collect(m.Generate(ctx, hi), func(model.Part) bool {
		cancel()
		return true
	})
	require.ErrorIs(t, err, context.Canceled)
	require.Equal(t, model.Reply{Text: "We close"}, got)
	<-gone
}

// TestStatusesAreKinds: the client's errors are plain text.
func TestStatusesAreKinds(t *testing.T) {
	const limit = `{"error":{"message":"Rate limit reached for gpt-4.1 on tokens per min (TPM): Limit 30000, Used 29000. Please try again in 1.5s. Visit …","code":"rate_limit_exceeded"}}`
	for _, tt := range []struct {
		status int
		body   string
		want   model.ErrorKind
		pause  time.Duration
	}{
		{429, limit, model.RateLimited, 1500 * time.Millisecond},
		{429, `{"error":{"message":"Please retry after 6 seconds."}}`, model.RateLimited, 6 * time.Second},
		{429, `not JSON`, model.RateLimited, 0},
		{500, `{"error":{"message":"Internal"}}`, model.Unavailable, 0},
		{503, ``, model.Unavailable, 0},
		{529, `{"error":{"message":"Overloaded"}}`, model.Unavailable, 0},
		{408, ``, model.Unavailable, 0},
		{400, `{"error":{"message":"The 4290 tokens are too many, 5000 too. Try again in 3s."}}`, model.BadRequest, 0},
		{401, `{"error":{"message":"Incorrect API key provided"}}`, model.BadRequest, 0},
		{404, `{"error":{"message":"No such model: gpt-429"}}`, model.BadRequest, 0},
	} {
		for name, m := range map[string]llms.Model{"openai": openaiAt(t, body(t, tt.status, tt.body)), "anthropic": anthropicAt(t, body(t, tt.status, tt.body))} {
			t.Run(fmt.Sprintf("%s %d %s", name, tt.status, tt.body), func(t *testing.T) {
				_, err := ask(t, m)
				fails(t, err, tt.want, fmt.Sprint(tt.status))
				var fault *model.Error
				require.ErrorAs(t, err, &fault)
				require.Equal(t, tt.pause, fault.RetryAfter)
			})
		}
	}
}

// TestALegacyCallIsAnErrorAndNoPanic: the client forgets it in a stream, and then follows a nil pointer.
func TestALegacyCallIsAnErrorAndNoPanic(t *testing.T) {
	const piece = `{"choices":[{"delta":{"function_call":{"name":"x","arguments":"{}"}}}]}`
	m := openaiAt(t, stream(t, piece, f(ended, "function_call"), "[DONE]"))
	require.Panics(t, func() { _, _, _ = raw(t, m) }, "the fault is gone: the fence is not needed any more")
	_, err := ask(t, m)
	fails(t, err, model.Unavailable, "panicked")

	_, err = ask(t, openaiAt(t, stream(t, piece, f(ended, "stop"), "[DONE]")))
	fails(t, err, model.Unavailable, "a call of the reply was lost")

	got, err := ask(t, langchain.Whole(openaiAt(t, body(t, 200, `{"choices":[{"finish_reason":"function_call","message":{"function_call":{"name":"x","arguments":"{}"}}}]}`))))
	require.NoError(t, err)
	require.Empty(t, cmp.Diff([]model.ToolCall{{Name: "x", Arguments: []byte("{}")}}, got.Calls))
}

func TestAnswersThatAreNoneAreErrors(t *testing.T) {
	for _, tt := range []struct {
		name, body string
		want       model.ErrorKind
	}{
		{"nothing", ``, model.Truncated},
		{"no stream", `<html>`, model.Truncated},
		{"no choices", "data: {\"choices\":[]}\n\ndata: [DONE]\n\n", model.Truncated},
		{"a line without end", "data: " + string(make([]byte, 100_000)), model.Unavailable},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := ask(t, openaiAt(t, body(t, 200, tt.body)))
			require.Equal(t, tt.want, kind(err), "%v", err)
			_, err = ask(t, langchain.Whole(openaiAt(t, body(t, 200, tt.body))))
			require.Error(t, err)
			require.True(t, model.Retryable(err), "%v", err)
		})
	}
}

func TestTheCandidatesAreOne(t *testing.T) {
	const two = `{"choices":[{"index":%d,"delta":{"content":%q}}]}`
	asked := make(chan []byte, 2)
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		text, _ := io.ReadAll(r.Body)
		asked <- text
		_, _ = fmt.Fprintf(w, "data: "+two+"\n\ndata: "+two+"\n\ndata: "+ended+"\n\n", 0, "Yes", 1, "No", "stop")
	})
	got, _, err := raw(t, openaiAt(t, url))
	require.NoError(t, err)
	require.Equal(t, "YesNo", got.Choices[0].Content, "the fault is gone: the fence is not needed any more")
	<-asked

	_, err = model.Collect(langchain.New(openaiAt(t, url), llms.WithN(3), llms.WithCandidateCount(3)).Generate(t.Context(), hi), nil)
	require.NoError(t, err)
	require.Contains(t, []any{nil, 1.0}, field(t, <-asked, "n"))
}
