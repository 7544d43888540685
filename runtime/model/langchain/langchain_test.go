package langchain_test

import (
	"context"
	"errors"
	"net/url"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/tmc/langchaingo/llms"
	"github.com/tmc/langchaingo/llms/anthropic"
	"github.com/tmc/langchaingo/llms/openai"

	"github.com/sonajobs/sona/runtime/model"
	"github.com/sonajobs/sona/runtime/model/langchain"
)

func TestAReplyIsReadToItsEnd(t *testing.T) {
	call := called("a", "x", `{"n":1}`)
	for _, tt := range []struct {
		name string
		m    foreign
		want model.Reply
	}{
		{"streamed", says(choice(llms.ContentChoice{Content: "We close.", StopReason: "stop"}), "We ", "", "close."), model.Reply{Text: "We close.", Reason: model.Stop}},
		{"not streamed", says(choice(llms.ContentChoice{Content: "We close.", StopReason: "stop"})), model.Reply{Text: "We close.", Reason: model.Stop}},
		{"not streamed, and no reason", says(choice(llms.ContentChoice{Content: "We close."})), model.Reply{Text: "We close.", Reason: model.Stop}},
		{"streamed, and not said again", says(choice(llms.ContentChoice{StopReason: "stop"}), "We ", "close."), model.Reply{Text: "We close.", Reason: model.Stop}},
		{"nothing", says(choice(llms.ContentChoice{StopReason: "end_turn"})), model.Reply{Reason: model.Stop}},
		{"a call", says(choice(llms.ContentChoice{ToolCalls: []llms.ToolCall{call}, FuncCall: call.FunctionCall, StopReason: "stop"})), model.Reply{Calls: []model.ToolCall{{ID: "a", Name: "x", Arguments: []byte(`{"n":1}`)}}, Reason: model.Stop}},
		{"calls without IDs", says(choice(llms.ContentChoice{ToolCalls: []llms.ToolCall{called("", "x", `{}`), called("", "x", ` {"n":1} `)}, StopReason: "FinishReasonStop"}), "a"), model.Reply{Text: "a", Calls: []model.ToolCall{{Name: "x", Arguments: []byte(`{}`)}, {Name: "x", Arguments: []byte(`{"n":1}`)}}, Reason: model.Stop}},
		{"choices that are none", says(&llms.ContentResponse{Choices: []*llms.ContentChoice{nil, {Content: "a", StopReason: "stop"}, nil}}, "a"), model.Reply{Text: "a", Reason: model.Stop}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := ask(t, tt.m)
			require.NoError(t, err)
			require.Empty(t, cmp.Diff(tt.want, got))
		})
	}
}

func TestAReplyThatCannotBeReliedOnIsAnError(t *testing.T) {
	long := strings.Repeat("x", 1<<20)
	for _, tt := range []struct {
		name  string
		m     foreign
		want  model.ErrorKind
		words string
	}{
		{"no response", says(nil), model.Truncated, "holds nothing"},
		{"no choice", says(&llms.ContentResponse{}), model.Truncated, "holds nothing"},
		{"a nil choice", says(&llms.ContentResponse{Choices: []*llms.ContentChoice{nil}}), model.Truncated, "holds nothing"},
		{"no reason, streamed", says(choice(llms.ContentChoice{Content: "a"}), "a"), model.Truncated, "no stop reason"},
		{"no reason, streamed nothing", says(choice(llms.ContentChoice{Content: ""}), ""), model.Truncated, "no stop reason"},
		{"no reason, not streamed, and a call", says(choice(llms.ContentChoice{Content: "a", ToolCalls: []llms.ToolCall{called("a", "x", "{}")}})), model.Truncated, "no stop reason"},
		{"no reason that googleai knows", says(choice(llms.ContentChoice{Content: "a", StopReason: "FinishReasonUnspecified"})), model.Truncated, "no stop reason"},
		{"another text", says(choice(llms.ContentChoice{Content: "b", StopReason: "stop"}), "a"), model.Truncated, "not what was streamed"},
		{"a text held back and lost", says(choice(llms.ContentChoice{StopReason: "stop"}), "{a}"), model.Unavailable, "lost"},
		{"a text held back and lost, after another", says(choice(llms.ContentChoice{StopReason: "stop"}), "a", "{b}"), model.Truncated, "not what was streamed"},
		{"calls that are announced and lost, as bedrock does", says(choice(llms.ContentChoice{Content: "a", StopReason: "tool_use"}), "a"), model.Unavailable, "lost"},
		{"a text that is the beginning of a call to the letter", says(choice(llms.ContentChoice{Content: `[{"function":{"name":"x"}}]`, StopReason: "stop"}), `[{"function":{"name":"x"}}]`), model.Unavailable, "lost"},
		{"a call without a function", says(choice(llms.ContentChoice{ToolCalls: []llms.ToolCall{{ID: "a"}}, StopReason: "stop"})), model.Unavailable, "lost"},
		{"a call of a filtered reply", says(choice(llms.ContentChoice{ToolCalls: []llms.ToolCall{called("a", "x", "{}")}, StopReason: "refusal"})), model.Truncated, "cut"},
		{"text without end", says(choice(llms.ContentChoice{StopReason: "stop"}), long, "x"), model.Truncated, "longer"},
		{"text without end, not streamed", says(choice(llms.ContentChoice{Content: long + "x", StopReason: "stop"})), model.Truncated, "longer"},
		{"arguments without end", says(choice(llms.ContentChoice{StopReason: "stop"}), `[{"function":{"arguments":"`+long+`x"}}]`), model.Truncated, "longer"},
		{"calls without end", says(choice(llms.ContentChoice{StopReason: "stop"}), "["+strings.Repeat(`{"function":{"name":"x"}},`, 1000)+`{"function":{"name":"x"}}]`), model.Truncated, "longer"},
		{"calls without end, not streamed", says(choice(llms.ContentChoice{ToolCalls: slices.Repeat([]llms.ToolCall{called("a", "x", "{}")}, 1001), StopReason: "stop"})), model.Truncated, "longer"},
		{"arguments without end, not streamed", says(choice(llms.ContentChoice{ToolCalls: []llms.ToolCall{called("a", "x", `{"a":"`+long+`"}`)}, StopReason: "stop"})), model.Truncated, "longer"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := ask(t, tt.m)
			fails(t, err, tt.want, tt.words)
			require.Empty(t, got.Calls)
			require.Zero(t, got.Reason)
		})
	}
}

func TestWhatAModelDoesToItsGoroutineIsAnError(t *testing.T) {
	var none *llms.CallOptions
	for name, m := range map[string]llms.Model{
		"a panic": foreign(func(context.Context, []llms.MessageContent, llms.CallOptions) (*llms.ContentResponse, error) {
			panic("key sk-123 is wrong")
		}),
		"a nil pointer": foreign(func(context.Context, []llms.MessageContent, llms.CallOptions) (*llms.ContentResponse, error) {
			return nil, errors.New(none.Model)
		}),
		"a nil model": nil,
		"a panic after text": foreign(func(ctx context.Context, _ []llms.MessageContent, o llms.CallOptions) (*llms.ContentResponse, error) {
			_ = o.StreamingFunc(ctx, []byte("We close"))
			panic(errors.New("no"))
		}),
		"its end": foreign(func(context.Context, []llms.MessageContent, llms.CallOptions) (*llms.ContentResponse, error) {
			runtime.Goexit()
			return nil, nil //nolint:nilnil // never reached
		}),
	} {
		t.Run(name, func(t *testing.T) {
			_, err := ask(t, m)
			fails(t, err, model.Unavailable, "the model")
			require.NotContains(t, err.Error(), "sk-123")
		})
	}
}

// TestCancellingWaitsForNobody: the model below minds neither its context nor the error of its streaming
// function.
func TestCancellingWaitsForNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var returned atomic.Int32
		deaf := langchain.New(foreign(func(ctx context.Context, _ []llms.MessageContent, o llms.CallOptions) (*llms.ContentResponse, error) {
			for range 60 {
				_ = o.StreamingFunc(ctx, []byte("tick "))
				time.Sleep(time.Second)
			}
			returned.Add(1)
			return choice(llms.ContentChoice{Content: strings.Repeat("tick ", 60), StopReason: "stop"}), nil
		}))

		began := time.Now()
		got, err := model.Collect(deaf.Generate(t.Context(), hi), func(model.Part) bool { return false })
		require.NoError(t, err)
		require.Equal(t, "tick ", got.Text)
		require.Zero(t, time.Since(began), "the loop was left")

		ctx, cancel := context.WithTimeout(t.Context(), 1500*time.Millisecond)
		defer cancel()
		got, err = model.Collect(deaf.Generate(ctx, hi), nil)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.Equal(t, "tick tick ", got.Text)
		require.Equal(t, 1500*time.Millisecond, time.Since(began))

		require.Panics(t, func() {
			_, _ = model.Collect(deaf.Generate(t.Context(), hi), func(model.Part) bool { panic("in the loop") })
		})
		require.Zero(t, returned.Load())
		time.Sleep(2 * time.Minute)
		require.EqualValues(t, 3, returned.Load(), "each goroutine has ended")
	})
}

func TestAModelThatWaitsToBeHeardIsLetGo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		got, err := model.Collect(langchain.New(says(choice(llms.ContentChoice{Content: "ab", StopReason: "stop"}), "a", "b")).Generate(t.Context(), hi), func(model.Part) bool {
			synctest.Wait() // until it waits with the second piece
			return false
		})
		require.NoError(t, err)
		require.Equal(t, "a", got.Text)
	})
}

func TestACancelledReplyIsCancelledWhateverTheModelSays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for range 50 {
			ctx, cancel := context.WithCancel(t.Context())
			_, err := model.Collect(langchain.New(foreign(func(ctx context.Context, _ []llms.MessageContent, o llms.CallOptions) (*llms.ContentResponse, error) {
				_ = o.StreamingFunc(ctx, []byte("We"))
				return nil, errors.New("request cancelled")
			})).Generate(ctx, hi), func(model.Part) bool {
				synctest.Wait() // until it has returned
				cancel()
				return true
			})
			require.Equal(t, context.Canceled, err)
		}
	})
	ctx, cancel := context.WithCancel(t.Context())
	got, err := model.Collect(langchain.New(foreign(func(context.Context, []llms.MessageContent, llms.CallOptions) (*llms.ContentResponse, error) {
		cancel()
		return choice(llms.ContentChoice{Content: "We", StopReason: "stop"}), nil
	})).Generate(ctx, hi), nil)
	require.ErrorIs(t, err, context.Canceled)
	require.Equal(t, model.Reply{}, got)

	ctx, cancel = context.WithCancel(t.Context())
	got, err = model.Collect(langchain.New(says(choice(llms.ContentChoice{Content: "We", ToolCalls: []llms.ToolCall{called("a", "x", "{}")}, StopReason: "stop"}), "We")).Generate(ctx, hi), func(p model.Part) bool {
		if _, ok := p.(model.ToolCall); ok {
			cancel()
		}
		return true
	})
	require.ErrorIs(t, err, context.Canceled)
	require.Len(t, got.Calls, 1)
	require.Zero(t, got.Reason)

	never := foreign(func(context.Context, []llms.MessageContent, llms.CallOptions) (*llms.ContentResponse, error) {
		t.Error("a request whose context has ended is not made")
		return nil, errors.New("no")
	})
	_, err = model.Collect(langchain.New(never).Generate(ctx, hi), nil)
	require.ErrorIs(t, err, context.Canceled)
}

func TestAStreamingFunctionOutlivesItsRequest(t *testing.T) {
	late := make(chan func(context.Context, []byte) error, 1)
	_, err := ask(t, foreign(func(_ context.Context, _ []llms.MessageContent, o llms.CallOptions) (*llms.ContentResponse, error) {
		late <- o.StreamingFunc
		return choice(llms.ContentChoice{Content: "a", StopReason: "stop"}), nil
	}))
	require.NoError(t, err)
	require.ErrorIs(t, (<-late)(t.Context(), []byte("b")), context.Canceled)
}

// TestOptionsShareNothing: options write into maps that they share, and clients append to slices in them.
// Run with -race.
func TestOptionsShareNothing(t *testing.T) {
	shared := map[string]any{"anthropic:beta_headers": make([]string, 1, 8), "thinking_config": &llms.ThinkingConfig{}}
	m := langchain.New(foreign(func(_ context.Context, _ []llms.MessageContent, o llms.CallOptions) (*llms.ContentResponse, error) {
		headers, _ := o.Metadata["anthropic:beta_headers"].([]string)
		headers = append(headers, "one more")
		config, _ := o.Metadata["thinking_config"].(*llms.ThinkingConfig)
		config.BudgetTokens++
		o.Metadata["mine"] = headers
		if o.StreamingReasoningFunc != nil || config.BudgetTokens != 1 || config.Mode != llms.ThinkingModeLow || o.Metadata["openai:use_legacy_max_tokens"] != true {
			return nil, errors.New("options are lost or shared")
		}
		return choice(llms.ContentChoice{Content: "a", StopReason: "stop"}), nil
	}), llms.WithMetadata(shared), openai.WithLegacyMaxTokensField(), anthropic.WithExtendedOutput(), llms.WithThinkingMode(llms.ThinkingModeLow), llms.WithStreamingReasoningFunc(func(context.Context, []byte, []byte) error { return nil }))
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			_, err := model.Collect(m.Generate(t.Context(), hi), nil)
			assert.NoError(t, err)
		})
	}
	all.Wait()
}

func TestToolsAreThePromptsOrTheHosts(t *testing.T) {
	tools := []llms.Tool{{Type: "function", Function: &llms.FunctionDefinition{Name: "own"}}}
	var got []string
	m := langchain.New(foreign(func(_ context.Context, _ []llms.MessageContent, o llms.CallOptions) (*llms.ContentResponse, error) {
		got = nil
		for _, tool := range o.Tools {
			got = append(got, tool.Function.Name)
		}
		return choice(llms.ContentChoice{StopReason: "stop"}), nil
	}), llms.WithTools(tools))
	for _, tt := range []struct {
		request model.Request
		want    []string
	}{{hi, []string{"own"}}, {conversation(), []string{"look_up", "hang_up", "wait"}}} {
		_, err := model.Collect(m.Generate(t.Context(), tt.request), nil)
		require.NoError(t, err)
		require.Equal(t, tt.want, got)
	}
}

func TestFaultsAreToldApart(t *testing.T) {
	own := &model.Error{Kind: model.BadRequest, Err: errors.New("mine")}
	for _, tt := range []struct {
		err   error
		want  model.ErrorKind
		shown string
	}{
		{llms.NewError(llms.ErrCodeRateLimit, "p", "m"), model.RateLimited, "model: rate_limited: p: rate_limit: m"},
		{llms.NewError(llms.ErrCodeAuthentication, "p", "m"), model.BadRequest, "model: bad_request: p: authentication: m"},
		{llms.NewError(llms.ErrCodeUnknown, "p", "status code: 429"), model.RateLimited, "model: rate_limited: p: unknown: status code: 429"},
		{errors.New("googleapi: Error 503: busy"), model.Unavailable, "model: unavailable: googleapi: Error 503: busy"},
		{errors.New("operation error Bedrock: StatusCode: 400, RequestID: 429"), model.BadRequest, "model: bad_request: operation error Bedrock: StatusCode: 400, RequestID: 429"},
		{errors.New("connection reset"), model.Unavailable, "model: unavailable: connection reset"},
		{context.DeadlineExceeded, model.Unavailable, "model: unavailable: context deadline exceeded"},
		{&url.Error{Op: "Post", URL: "https://h/v1?key=secret", Err: errors.New("refused")}, model.Unavailable, "model: unavailable: Post: refused"},
		{errors.New("two\nlines\x00"), model.Unavailable, "model: unavailable: two"},
		{errors.New("a\x1b[31m\xffb"), model.Unavailable, "model: unavailable: a [31mb"},
		{errors.New(strings.Repeat("é", 200)), model.Unavailable, "model: unavailable: " + strings.Repeat("é", 100) + "…"},
		{errors.New("x" + strings.Repeat("é", 200)), model.Unavailable, "model: unavailable: x" + strings.Repeat("é", 99) + "…"},
		{own, model.BadRequest, "model: bad_request: mine"},
	} {
		t.Run(tt.shown, func(t *testing.T) {
			_, err := ask(t, foreign(func(context.Context, []llms.MessageContent, llms.CallOptions) (*llms.ContentResponse, error) {
				return nil, tt.err
			}))
			require.Equal(t, tt.want, kind(err))
			require.EqualError(t, err, tt.shown)
			require.ErrorIs(t, err, tt.err)
		})
	}
}

func TestReasonsAreTranslated(t *testing.T) {
	for word, want := range map[string]model.Reason{
		"stop": model.Stop, "end_turn": model.Stop, "stop_sequence": model.Stop, "FinishReasonStop": model.Stop, "COMPLETE": model.Stop, "FINISH": model.Stop, "unheard_of": model.Stop, "停": model.Stop,
		"length": model.Length, "max_tokens": model.Length, "FinishReasonMaxTokens": model.Length, "model_length": model.Length,
		"content_filter": model.Filtered, "refusal": model.Filtered, "FinishReasonSafety": model.Filtered, "CONTENT_FILTERED": model.Filtered,
		"error": "", "FinishReasonUnspecified": "", "null": "",
	} {
		t.Run(word, func(t *testing.T) {
			got, err := ask(t, says(choice(llms.ContentChoice{Content: "a", StopReason: word})))
			require.Equal(t, want, got.Reason)
			require.Equal(t, want == "", err != nil)
		})
	}
}

func TestUsageIsReadUnderTheNamesOfEachProvider(t *testing.T) {
	for _, tt := range []struct {
		name string
		info map[string]any
		want model.Usage
	}{
		{"openai", map[string]any{"PromptTokens": 100, "PromptCachedTokens": 60, "CompletionTokens": 7, "TotalTokens": 107}, model.Usage{In: 100, Cached: 60, Out: 7}},
		{"anthropic", map[string]any{"InputTokens": 10, "CacheReadInputTokens": 80, "CacheCreationInputTokens": 10, "OutputTokens": 7}, model.Usage{In: 100, Cached: 80, Out: 7}},
		{"googleai", map[string]any{"input_tokens": int32(100), "output_tokens": int32(7), "PromptTokens": int32(100), "CompletionTokens": int32(7), "CachedTokens": int32(60), "CacheReadInputTokens": int32(60)}, model.Usage{In: 100, Cached: 60, Out: 7}},
		{"bedrock", map[string]any{"input_tokens": int64(100), "output_tokens": 7}, model.Usage{In: 100, Out: 7}},
		{"mistral", map[string]any{"usage": struct {
			PromptTokens     int `json:"prompt_tokens"`
			CompletionTokens int `json:"completion_tokens"`
		}{100, 7}}, model.Usage{In: 100, Out: 7}},
		{"ollama", map[string]any{"PromptTokens": 100, "CompletionTokens": 7.0, "ThinkingContent": ""}, model.Usage{In: 100, Out: 7}},
		{"nonsense", map[string]any{"PromptTokens": "many", "CompletionTokens": -5, "InputTokens": 1e300, "usage": func() {}}, model.Usage{}},
		{"nothing", nil, model.Usage{}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			both := &llms.ContentResponse{Choices: []*llms.ContentChoice{{Content: "a", StopReason: "stop", GenerationInfo: tt.info}, {StopReason: "stop", GenerationInfo: tt.info}, {StopReason: "stop"}}}
			got, err := ask(t, says(both))
			require.NoError(t, err)
			require.Equal(t, tt.want, got.Usage, "each choice has the usage of all")
		})
	}
}
