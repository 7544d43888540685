package model_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/runtime/model"
	"github.com/sonajobs/sona/runtime/model/modeltest"
)

// counted is a model that counts how often it is asked.
func counted(n *atomic.Int32, m model.Model) model.Model {
	return model.Func(func(ctx context.Context, r model.Request) iter.Seq2[model.Part, error] {
		return func(yield func(model.Part, error) bool) {
			n.Add(1)
			m.Generate(ctx, r)(yield)
		}
	})
}

// plays is a model that answers with these parts.
func plays(parts ...any) model.Model { return says(new(model.Request), parts...) }

func TestTheSecondModelIsAskedWhenTheFirstFailsUnheard(t *testing.T) {
	call := model.ToolCall{ID: "1", Name: "look_up"}
	plain := errors.New("connection refused")
	end := model.Done{Reason: model.Stop}
	second := []any{model.Text("Two."), model.Usage{In: 5, Cached: 2, Out: 1}, end}
	two := model.Reply{Text: "Two.", Usage: model.Usage{In: 5, Cached: 2, Out: 1}, Reason: model.Stop}
	added := two
	added.Usage = model.Usage{In: 15, Cached: 4, Out: 2}
	for _, tt := range []struct {
		name  string
		first []any
		want  model.Reply
		err   error // nil: as second
		kind  model.ErrorKind
	}{
		{"it answers", []any{model.Text("One."), end}, model.Reply{Text: "One.", Reason: model.Stop}, nil, ""},
		{"it counts tokens before it answers", []any{model.Usage{In: 10}, model.Usage{In: 11}, model.Text("One."), model.Usage{In: 12}, end}, model.Reply{Text: "One.", Usage: model.Usage{In: 12}, Reason: model.Stop}, nil, ""},
		{"it acts", []any{call, model.Done{Reason: model.ToolCalls}}, model.Reply{Calls: []model.ToolCall{call}, Reason: model.ToolCalls}, nil, ""},
		{"too many requests", []any{&model.Error{Kind: model.RateLimited}}, two, nil, ""},
		{"an outage", []any{&model.Error{Kind: model.Unavailable}}, two, nil, ""},
		{"its own deadline for the first word", []any{fmt.Errorf("first token: %w", context.DeadlineExceeded)}, two, nil, ""},
		{"a request that it does not take", []any{&model.Error{Kind: model.BadRequest}}, two, nil, ""},
		{"an error of no kind", []any{plain}, two, nil, ""},
		{"a stream that ends", nil, two, nil, ""},
		{"a stream that is cut", []any{&model.Error{Kind: model.Truncated}}, two, nil, ""},
		{"an empty reply", []any{model.Text(""), nil, end}, two, nil, ""},
		{"a reply that its filter withheld", []any{model.Done{Reason: model.Filtered}}, two, nil, ""},
		{"a failure after tokens were counted", []any{model.Usage{In: 10, Cached: 2, Out: 1}, plain}, added, nil, ""},
		{"a failure after a word", []any{model.Text("On"), plain}, model.Reply{Text: "On"}, plain, ""},
		{"a failure after a call", []any{call, &model.Error{Kind: model.Unavailable}}, model.Reply{Calls: []model.ToolCall{call}}, nil, model.Unavailable},
		{"a stream that ends after a word", []any{model.Text("On")}, model.Reply{Text: "On"}, nil, model.Truncated},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var asked [2]atomic.Int32
			m := model.Fallback(counted(&asked[0], plays(tt.first...)), counted(&asked[1], plays(second...)))
			got, err := model.Collect(m.Generate(t.Context(), model.Request{}), nil)
			require.Empty(t, cmp.Diff(tt.want, got))
			require.Equal(t, tt.kind, kind(err))
			switch {
			case tt.err != nil:
				require.ErrorIs(t, err, tt.err)
			case tt.kind == "":
				require.NoError(t, err)
			}
			require.EqualValues(t, 1, asked[0].Load())
			heard := got.Text == "Two."
			require.Equal(t, heard, asked[1].Load() == 1, "second is asked when it is needed, and then only")
		})
	}
}

func TestTokensOfTheFirstAreCountedWhateverComesAfter(t *testing.T) {
	m := model.Fallback(plays(model.Usage{In: 10, Out: 1}, errors.New("down")), plays(model.Text("Two."), model.Done{Reason: model.Stop}))
	got, err := model.Collect(m.Generate(t.Context(), model.Request{}), nil)
	require.NoError(t, err)
	require.Equal(t, model.Usage{In: 10, Out: 1}, got.Usage, "also when second counts none")

	m = model.Fallback(plays(model.Usage{In: 10}, errors.New("down")), plays(model.Usage{In: 5}, errors.New("down")))
	got, err = model.Collect(m.Generate(t.Context(), model.Request{}), nil)
	require.Error(t, err)
	require.Equal(t, model.Usage{In: 15}, got.Usage, "also when both fail")
}

func TestWhenBothFailTheErrorIsTheOneToActOn(t *testing.T) {
	limited := func(after time.Duration) error {
		return &model.Error{Kind: model.RateLimited, RetryAfter: after, Err: errors.New("429")}
	}
	bad, plain := &model.Error{Kind: model.BadRequest, Err: errors.New("no such key")}, errors.New("down")
	for _, tt := range []struct {
		name          string
		first, second error
		want          model.Error // its kind and when to ask again
		text          string
	}{
		{"first may pass", limited(time.Second), bad, model.Error{Kind: model.RateLimited, RetryAfter: time.Second},
			"model: rate_limited: 429 (the model after it: model: bad_request: no such key)"},
		{"second may pass", bad, limited(time.Second), model.Error{Kind: model.RateLimited, RetryAfter: time.Second},
			"model: rate_limited: 429 (the model before it: model: bad_request: no such key)"},
		{"second passes sooner", limited(9 * time.Second), limited(time.Second), model.Error{Kind: model.RateLimited, RetryAfter: time.Second}, ""},
		{"first passes sooner", limited(time.Second), limited(9 * time.Second), model.Error{Kind: model.RateLimited, RetryAfter: time.Second}, ""},
		{"second has a kind", plain, bad, model.Error{Kind: model.BadRequest}, ""},
		{"first has a kind", bad, plain, model.Error{Kind: model.BadRequest}, ""},
		{"neither has", plain, errors.New("out"), model.Error{}, "down (the model after it: out)"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m := model.Fallback(plays(tt.first), plays(tt.second))
			_, err := model.Collect(m.Generate(t.Context(), model.Request{}), nil)
			require.ErrorIs(t, err, tt.first)
			require.ErrorIs(t, err, tt.second)
			require.Equal(t, tt.want.Kind, kind(err))
			require.Equal(t, model.Retryable(tt.first) || model.Retryable(tt.second), model.Retryable(err))
			if fault, ok := errors.AsType[*model.Error](err); ok {
				require.Equal(t, tt.want.RetryAfter, fault.RetryAfter)
			}
			if tt.text != "" {
				require.EqualError(t, err, tt.text)
			}
		})
	}
	second := errors.New("lost")
	_, err := model.Collect(model.Fallback(plays(plain), plays(model.Text("Tw"), second)).Generate(t.Context(), model.Request{}), nil)
	require.Equal(t, second, err, "once second was heard, first does not matter any more")
}

func TestWhoLeavesOrCancelsAsksNoSecondModel(t *testing.T) {
	var asked atomic.Int32
	second := counted(&asked, plays(model.Text("Two."), model.Done{Reason: model.Stop}))
	for part, err := range model.Fallback(plays(model.Usage{In: 1}, model.Text("One."), errors.New("down")), second).Generate(t.Context(), model.Request{}) {
		require.NoError(t, err)
		require.Equal(t, model.Usage{In: 1}, part)
		break
	}
	for part, err := range model.Fallback(plays(model.Text("One."), errors.New("down")), second).Generate(t.Context(), model.Request{}) {
		require.Equal(t, model.Text("One."), part)
		require.NoError(t, err)
		break
	}
	ctx, cancel := context.WithCancel(t.Context())
	first := model.Func(func(ctx context.Context, _ model.Request) iter.Seq2[model.Part, error] {
		return func(yield func(model.Part, error) bool) {
			cancel()
			yield(nil, ctx.Err())
		}
	})
	_, err := model.Collect(model.Fallback(first, second).Generate(ctx, model.Request{}), nil)
	require.ErrorIs(t, err, context.Canceled)
	require.Zero(t, asked.Load())

	parts := 0
	for _, err := range model.Fallback(plays(model.Usage{In: 1}, errors.New("down")), second).Generate(t.Context(), model.Request{}) {
		require.NoError(t, err)
		parts++
		break
	}
	require.Equal(t, 1, parts, "the tokens of first are a part that can be left at")
	require.Zero(t, asked.Load())
}

func TestAFallbackOfNothing(t *testing.T) {
	require.Nil(t, model.Fallback(nil, nil))
	m := plays(model.Text("One."), model.Done{Reason: model.Stop})
	for _, only := range []model.Model{model.Fallback(m, nil), model.Fallback(nil, m)} {
		got, err := model.Collect(only.Generate(t.Context(), model.Request{}), nil)
		require.NoError(t, err)
		require.Equal(t, "One.", got.Text)
	}
	none := model.Func(func(context.Context, model.Request) iter.Seq2[model.Part, error] { return nil })
	got, err := model.Collect(model.Fallback(none, m).Generate(t.Context(), model.Request{}), nil)
	require.NoError(t, err)
	require.Equal(t, "One.", got.Text)
}

func TestFallbacksNest(t *testing.T) {
	down := func(after time.Duration) model.Model {
		return plays(model.Usage{In: 1}, &model.Error{Kind: model.Unavailable, RetryAfter: after})
	}
	good := plays(model.Text("Hi."), model.Usage{In: 1}, model.Done{Reason: model.Stop})
	for name, m := range map[string]model.Model{
		"to the right": model.Fallback(down(1), model.Fallback(down(2), good)),
		"to the left":  model.Fallback(model.Fallback(down(1), down(2)), good),
	} {
		got, err := model.Collect(m.Generate(t.Context(), model.Request{}), nil)
		require.NoError(t, err, name)
		require.Equal(t, model.Reply{Text: "Hi.", Usage: model.Usage{In: 3}, Reason: model.Stop}, got, name)
	}
	_, err := model.Collect(model.Fallback(down(3), model.Fallback(down(2), down(1))).Generate(t.Context(), model.Request{}), nil)
	fault, _ := errors.AsType[*model.Error](err)
	require.EqualValues(t, 1, fault.RetryAfter)
}

func TestAFallbackIsAModel(t *testing.T) {
	down := model.Func(func(context.Context, model.Request) iter.Seq2[model.Part, error] { return stream(errors.New("down")) })
	nothing := modeltest.Cannot{Case: "A reply of nothing is a Done", Why: "a reply of nothing is a failure: the other model is asked"}
	t.Run("by its first", func(t *testing.T) {
		modeltest.Run(t, func(_ *testing.T, far *modeltest.Far) model.Model { return model.Fallback(far.Model(), down) }, nothing)
	})
	t.Run("by its second", func(t *testing.T) {
		modeltest.Run(t, func(_ *testing.T, far *modeltest.Far) model.Model { return model.Fallback(down, far.Model()) }, nothing)
	})
}

// An outage of the first provider is not heard.
func ExampleFallback() {
	down := plays(&model.Error{Kind: model.Unavailable})
	spare := plays(model.Text("We close at six."), model.Done{Reason: model.Stop})

	text, err := model.Complete(context.Background(), model.Fallback(down, spare), "You know the hours.", "When do you close?")
	fmt.Println(text, err)
	// Output: We close at six. <nil>
}
