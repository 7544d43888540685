package model_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/runtime/model"
)

// stream is a stream of these parts; an error among them ends it.
func stream(parts ...any) iter.Seq2[model.Part, error] {
	return func(yield func(model.Part, error) bool) {
		for _, p := range parts {
			if err, ok := p.(error); ok {
				yield(nil, err)
				return
			}
			part, _ := p.(model.Part)
			if !yield(part, nil) {
				return
			}
		}
	}
}

// says is a model that answers with these parts, and keeps what it was asked.
func says(asked *model.Request, parts ...any) model.Model {
	return model.Func(func(_ context.Context, r model.Request) iter.Seq2[model.Part, error] {
		*asked = r
		return stream(parts...)
	})
}

func kind(err error) model.ErrorKind {
	if e, ok := errors.AsType[*model.Error](err); ok {
		return e.Kind
	}
	return ""
}

func TestAStreamIsWholeWhenItEndsWithDone(t *testing.T) {
	call := model.ToolCall{ID: "1", Name: "look_up"}
	lost := errors.New("connection lost")
	for _, tt := range []struct {
		name  string
		parts []any
		want  model.Reply
		err   error
		kind  model.ErrorKind
	}{
		{"text in pieces", []any{model.Text("Hel"), model.Text("lo"), model.Done{Reason: model.Stop}}, model.Reply{Text: "Hello", Reason: model.Stop}, nil, ""},
		{"calls, and usage that is replaced", []any{call, model.Usage{In: 1}, call, model.Usage{In: 7, Out: 2}, model.Done{Reason: model.ToolCalls}},
			model.Reply{Calls: []model.ToolCall{call, call}, Usage: model.Usage{In: 7, Out: 2}, Reason: model.ToolCalls}, nil, ""},
		{"nothing but its end", []any{model.Done{}}, model.Reply{}, nil, ""},
		{"what comes after the end is not looked at", []any{model.Text("a"), model.Done{}, model.Text("b"), lost}, model.Reply{Text: "a"}, nil, ""},
		{"no end", []any{model.Text("Hel")}, model.Reply{Text: "Hel"}, nil, model.Truncated},
		{"nothing at all", nil, model.Reply{}, nil, model.Truncated},
		{"an error in the middle", []any{model.Text("Hel"), lost, model.Done{}}, model.Reply{Text: "Hel"}, lost, ""},
		{"a part that is none", []any{nil, model.Text("a"), model.Done{}}, model.Reply{Text: "a"}, nil, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := model.Collect(stream(tt.parts...), nil)
			require.Empty(t, cmp.Diff(tt.want, got), "what came until then is there, also with an error")
			require.Equal(t, tt.kind, kind(err))
			if tt.err != nil {
				require.ErrorIs(t, err, tt.err)
			} else if tt.kind == "" {
				require.NoError(t, err)
			}
		})
	}
}

func TestWhoeverCollectsSeesEachPartAndMayStop(t *testing.T) {
	var seen []model.Part
	parts := []any{model.Text("a"), model.Usage{In: 1}, model.Text("b"), model.Done{Reason: model.Stop}}
	_, err := model.Collect(stream(parts...), func(p model.Part) bool {
		seen = append(seen, p)
		return true
	})
	require.NoError(t, err)
	require.Equal(t, []model.Part{model.Text("a"), model.Usage{In: 1}, model.Text("b"), model.Done{Reason: model.Stop}}, seen)

	stopped := false
	reply, err := model.Collect(func(yield func(model.Part, error) bool) {
		stopped = !yield(model.Text("a"), nil)
	}, func(model.Part) bool { return false })
	require.NoError(t, err, "to stop is no fault")
	require.Equal(t, "a", reply.Text)
	require.True(t, stopped, "the stream is left")
}

func TestCompleteAsksOneThing(t *testing.T) {
	var asked model.Request
	text, err := model.Complete(t.Context(), says(&asked, model.Text("Four."), model.Done{Reason: model.Stop}), "You count.", "Two and two?")
	require.NoError(t, err)
	require.Equal(t, "Four.", text)
	require.Equal(t, "You count.", asked.Prompt.System())
	require.Equal(t, []model.Message{{Role: model.User, Text: "Two and two?"}}, asked.Messages)
}

func TestCompleteGivesNoHalfReplies(t *testing.T) {
	for _, tt := range []struct {
		name  string
		parts []any
		kind  model.ErrorKind
	}{
		{"cut by its limit", []any{model.Text("Fo"), model.Done{Reason: model.Length}}, model.Truncated},
		{"withheld", []any{model.Text("Fo"), model.Done{Reason: model.Filtered}}, model.BadRequest},
		{"without a word", []any{model.Text(" "), model.Done{Reason: model.Stop}}, model.Unavailable},
		{"without its end", []any{model.Text("Fo")}, model.Truncated},
		{"with an error", []any{model.Text("Fo"), &model.Error{Kind: model.RateLimited}}, model.RateLimited},
	} {
		t.Run(tt.name, func(t *testing.T) {
			text, err := model.Complete(t.Context(), says(new(model.Request), tt.parts...), "", "?")
			require.Empty(t, text)
			require.Equal(t, tt.kind, kind(err))
		})
	}
}

func TestErrorsTellWhatCanBeDone(t *testing.T) {
	detail := errors.New("429")
	err := fmt.Errorf("asking: %w", &model.Error{Kind: model.RateLimited, RetryAfter: time.Second, Err: detail})
	require.Equal(t, "asking: model: rate_limited: 429", err.Error())
	require.ErrorIs(t, err, detail)
	require.Equal(t, "model: truncated", (&model.Error{Kind: model.Truncated}).Error())
	for kind, again := range map[model.ErrorKind]bool{model.RateLimited: true, model.Unavailable: true, model.Truncated: true, model.BadRequest: false} {
		require.Equal(t, again, model.Retryable(fmt.Errorf("x: %w", &model.Error{Kind: kind})), kind)
	}
	require.False(t, model.Retryable(detail), "of what is not known nothing is promised")
	require.False(t, model.Retryable(nil))
}
