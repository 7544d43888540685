package cassette_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/internal/golden"
	"github.com/sonajobs/sona/runtime/model"
	"github.com/sonajobs/sona/runtime/model/cassette"
	"github.com/sonajobs/sona/runtime/prompt"
)

// conversation is a request with all that one can hold.
func conversation(last string) model.Request {
	return model.Request{
		Prompt: prompt.Prompt{Stable: "You are Sona.\nBe brief.\nNever promise a price.", Context: "# 10. This call\nNow: Monday\nCaller: +15550100",
			Tools: []prompt.Tool{{Name: "look_up", Description: "Looks up an order.", Parameters: []byte(`{"type":"object"}`)}}},
		Messages: []model.Message{
			{Role: model.User, Text: "Where is my order?"},
			{Role: model.Assistant, Text: "I look it up.", Calls: []model.ToolCall{{ID: "1", Name: "look_up", Arguments: []byte(`{"number":"7"}`)}}},
			{Role: model.Tool, CallID: "1", Text: "on its way"},
			{Role: model.User, Text: last},
		},
		MaxTokens: 200, Schema: []byte(`{"type":"string"}`),
	}
}

func TestAMismatchShowsWhatDiffersFromTheNearest(t *testing.T) {
	path := file(t)
	c := open(t, path, cassette.Record, plays([]any{stop}, []any{stop}, []any{stop}))
	for _, r := range []model.Request{user("Hello"), conversation("When does it arrive?"), user("Good bye")} {
		_, err := parts(t.Context(), c, r)
		require.NoError(t, err)
	}
	require.NoError(t, c.Close())

	var all strings.Builder
	for _, tt := range []struct {
		name   string
		change func(*model.Request)
	}{
		{"another question", func(r *model.Request) { r.Messages[3].Text = "When does it come?" }},
		{"another prompt", func(r *model.Request) {
			r.Prompt.Stable = "You are Sona.\nBe very brief.\nBe kind.\nNever promise a price."
		}},
		{"another argument and limit", func(r *model.Request) {
			r.Messages[1].Calls[0].Arguments = []byte(`{"number":"8"}`)
			r.MaxTokens = 300
		}},
		{"nothing in common", func(r *model.Request) { *r = user("¿Hola?") }},
		{"a long line that differs far behind", func(r *model.Request) {
			r.Messages[3].Text = strings.Repeat("really ", 200) + "now?"
		}},
		{"very much more", func(r *model.Request) {
			for i := range 100 {
				r.Messages = append(r.Messages, model.Message{Role: model.User, Text: fmt.Sprintf("line %d", i)})
			}
		}},
		{"a key", func(r *model.Request) { r.Messages[3].Text = planted["an API key"] }},
	} {
		r := conversation("When does it arrive?")
		tt.change(&r)
		_, err := parts(t.Context(), open(t, path, cassette.Replay, nil), r)
		mismatch, ok := errors.AsType[*cassette.MismatchError](err)
		require.True(t, ok)
		require.Zero(t, mismatch.Times)
		require.LessOrEqual(t, strings.Count(mismatch.Diff, "\n"), 40)
		require.Less(t, len(err.Error()), 10_000)
		require.NotContains(t, err.Error(), "a1B2a1B2")
		fmt.Fprintf(&all, "== %s\n%s\n", tt.name, strings.ReplaceAll(err.Error(), path, "a.json"))
	}
	golden.Assert(t, "testdata/mismatch.golden", []byte(all.String()))
}

func TestAMismatchOfALongLineShowsWhereItDiffers(t *testing.T) {
	long := strings.Repeat("the same words again and again ", 50)
	path := record(t, user(long+"and six"), []any{stop})
	_, err := parts(t.Context(), open(t, path, cassette.Replay, nil), user(long+"and seven"))
	require.ErrorContains(t, err, "and six")
	require.ErrorContains(t, err, "and seven")
}

func TestAMismatchOfHugeTextsIsShortAndSoon(t *testing.T) {
	text := func(word string) string {
		var b strings.Builder
		for i := range 20_000 {
			fmt.Fprintf(&b, "%s %d\n", word, i)
		}
		return b.String()
	}
	path := record(t, user(text("this")), []any{stop})
	_, err := parts(t.Context(), open(t, path, cassette.Replay, nil), user(text("that")))
	require.ErrorContains(t, err, "lines more")
	require.Less(t, len(err.Error()), 10_000)
}

func TestAnEmptyCassetteHasNoNearest(t *testing.T) {
	path := record(t, user("Hi"), []any{stop})
	h := open(t, path, cassette.Replay, nil)
	_, err := parts(t.Context(), h, user("Ho"))
	require.ErrorContains(t, err, "- user: Hi\n+ user: Ho\n")

	traffic := file(t)
	rec := openHTTP(t, traffic, cassette.Record, answer(nil, "ok"))
	_, err = send(t, rec, "POST", "https://a.b/v1", `{"messages":[{"content":"one\ntwo"}],"model":"m"}`, nil)
	require.NoError(t, err)
	require.NoError(t, rec.Close())
	_, err = send(t, openHTTP(t, traffic, cassette.Replay, nil), "POST", "https://a.b/v1", `{"model":"m","messages":[{"content":"one\nthree"}]}`, nil)
	require.ErrorContains(t, err, "- two\"\n+ three\"\n")
}
