package cassette_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/runtime/model"
	"github.com/sonajobs/sona/runtime/model/cassette"
	"github.com/sonajobs/sona/runtime/model/modeltest"
	"github.com/sonajobs/sona/runtime/prompt"
)

func TestARecordedReplyIsPlayedAsItWas(t *testing.T) {
	call := func(arguments string) model.ToolCall {
		return model.ToolCall{ID: "call_1", Name: "look_up", Arguments: json.RawMessage(arguments)}
	}
	for _, tt := range []struct {
		name  string
		reply []any
		kind  model.ErrorKind
		after time.Duration
		err   error
	}{
		{"text in pieces", []any{model.Text("We "), model.Text("close\n"), model.Text("at six. <&> \u2028 👍"), stop}, "", 0, nil},
		{"text cut in a character", []any{model.Text("Caf\xc3"), model.Text("\xa9"), stop}, "", 0, nil},
		{"text before and after a call", []any{model.Text("a"), call(`{"n":1}`), model.Text("b"), model.Usage{In: 3, Cached: 2, Out: 1}, model.Text("c"), model.Usage{In: 4}, model.Done{Reason: model.ToolCalls}}, "", 0, nil},
		{"calls", []any{call(`{"z":1,"a":12345678901234567890,"t":"<&>\u0041"}`), call(`{ "spaced" : [1, 2] }`), call(``), call(`{}`), call(`{"half`), call("no\nJSON"), call(`"text"`), call(`{"base64":"x"}`), call("\xff"), model.Done{Reason: model.ToolCalls}}, "", 0, nil},
		{"nothing but its end", []any{model.Done{}}, "", 0, nil},
		{"a reason of its own", []any{model.Text("a"), model.Done{Reason: "unheard_of"}}, "", 0, nil},
		{"cut by a limit", []any{model.Text("a"), model.Done{Reason: model.Length}}, "", 0, nil},
		{"withheld", []any{model.Done{Reason: model.Filtered}}, "", 0, nil},
		{"no end", []any{model.Text("a")}, "", 0, nil},
		{"nothing at all", []any{}, "", 0, nil},
		{"rate limited", []any{&model.Error{Kind: model.RateLimited, RetryAfter: 1500 * time.Millisecond, Err: errors.New("slow down")}}, model.RateLimited, 1500 * time.Millisecond, errors.New("model: rate_limited: slow down")},
		{"unavailable", []any{model.Text("a"), &model.Error{Kind: model.Unavailable}}, model.Unavailable, 0, errors.New("model: unavailable")},
		{"a bad request", []any{&model.Error{Kind: model.BadRequest, Err: errors.New("two\nlines")}}, model.BadRequest, 0, errors.New("model: bad_request: two\nlines")},
		{"truncated", []any{model.Text("a"), &model.Error{Kind: model.Truncated}}, model.Truncated, 0, errors.New("model: truncated")},
		{"an error of no kind", []any{errors.New("lost")}, "", 0, errors.New("lost")},
		{"a deadline of its own", []any{fmt.Errorf("first token: %w", context.DeadlineExceeded)}, "", 0, errors.New("first token: context deadline exceeded")},
	} {
		t.Run(tt.name, func(t *testing.T) {
			path := file(t)
			c := open(t, path, cassette.Record, plays(tt.reply))
			want, live := parts(t.Context(), c, user("Hi"))
			require.NoError(t, c.Close())

			c = open(t, path, cassette.Replay, nil)
			got, err := parts(t.Context(), c, user("Hi"))
			require.Empty(t, cmp.Diff(want, got, cmp.Transformer("raw", func(r json.RawMessage) string { return string(r) })))
			require.Empty(t, c.Left())
			if tt.err == nil {
				require.NoError(t, err)
				return
			}
			require.EqualError(t, err, tt.err.Error())
			require.Equal(t, model.Retryable(live), model.Retryable(err))
			require.Equal(t, errors.Is(live, context.DeadlineExceeded), errors.Is(err, context.DeadlineExceeded))
			if fault, ok := errors.AsType[*model.Error](err); ok {
				require.Equal(t, tt.kind, fault.Kind)
				require.Equal(t, tt.after, fault.RetryAfter)
			} else {
				require.Empty(t, tt.kind)
			}
		})
	}
}

func TestEqualRequestsGetTheirAnswersInOrder(t *testing.T) {
	path := file(t)
	c := open(t, path, cassette.Record, plays([]any{model.Text("one"), stop}, []any{model.Text("other"), stop}, []any{model.Text("two"), stop}))
	for _, said := range []string{"Hi", "Bye", "Hi"} {
		says(t, c, user(said))
	}
	require.NoError(t, c.Close())
	c = open(t, path, cassette.Replay, nobody(t))
	require.Equal(t, []cassette.Recording{{Number: 1, Asked: "user: Hi"}, {Number: 2, Asked: "user: Bye"}, {Number: 3, Asked: "user: Hi"}}, c.Left())
	require.Equal(t, "one", says(t, c, user("Hi")))
	require.Equal(t, "two", says(t, c, user("Hi")))
	require.Equal(t, []cassette.Recording{{Number: 2, Asked: "user: Bye"}}, c.Left())
	_, err := parts(t.Context(), c, user("Hi"))
	mismatch, ok := errors.AsType[*cassette.MismatchError](err)
	require.True(t, ok)
	require.Equal(t, 2, mismatch.Times)
	require.ErrorContains(t, err, "is recorded 2 times and was made once more")
	require.False(t, model.Retryable(err))
	require.Equal(t, "other", says(t, c, user("Bye")))
	require.NoError(t, c.Close())
}

func TestWhatARequestSaysIsWhatIsCompared(t *testing.T) {
	base := func() model.Request {
		return model.Request{
			Prompt: prompt.Prompt{Stable: "You are Sona.", Tools: []prompt.Tool{{Name: "look_up", Description: "Looks up.", Parameters: json.RawMessage(`{"type":"object","properties":{}}`)}}}.
				For(prompt.CallContext{Now: time.Date(2026, 1, 2, 3, 4, 0, 0, time.UTC), Number: "+15550100"}),
			Messages: []model.Message{{Role: model.User, Text: "Hi"}, {Role: model.Assistant, Calls: []model.ToolCall{{ID: "1", Name: "look_up", Arguments: json.RawMessage(`{"a":1,"b":2.50}`)}}},
				{Role: model.Tool, CallID: "1", Text: "ok"}},
			MaxTokens: 100, Schema: json.RawMessage(`{"type":"object"}`),
		}
	}
	path := record(t, base(), []any{model.Text("yes"), stop})
	for _, tt := range []struct {
		name   string
		change func(*model.Request)
		same   bool
	}{
		{"nothing", func(*model.Request) {}, true},
		{"the time", func(r *model.Request) {
			r.Prompt = r.Prompt.For(prompt.CallContext{Now: time.Date(2031, 7, 1, 9, 9, 0, 0, time.UTC), Number: "+15550100"})
		}, true},
		{"blanks and the order of keys in JSON", func(r *model.Request) {
			r.Schema = json.RawMessage("{ \"type\" : \"object\" }")
			r.Messages[1].Calls[0].Arguments = json.RawMessage(`{"b": 2.50, "a": 1}`)
			r.Prompt.Tools[0].Parameters = json.RawMessage(`{"properties": {}, "type": "object"}`)
		}, true},
		{"the number called", func(r *model.Request) {
			r.Prompt = r.Prompt.For(prompt.CallContext{Number: "+15550111"})
		}, false},
		{"the prompt", func(r *model.Request) { r.Prompt.Stable += " " }, false},
		{"a tool", func(r *model.Request) { r.Prompt.Tools[0].Description = "Looks." }, false},
		{"a message", func(r *model.Request) { r.Messages[0].Text = "hi" }, false},
		{"a role", func(r *model.Request) { r.Messages[0].Role = model.System }, false},
		{"an argument", func(r *model.Request) { r.Messages[1].Calls[0].Arguments = json.RawMessage(`{"a":1,"b":2.5}`) }, false},
		{"a call's ID", func(r *model.Request) { r.Messages[2].CallID = "2" }, false},
		{"one message more", func(r *model.Request) { r.Messages = append(r.Messages, model.Message{Role: model.User}) }, false},
		{"the limit", func(r *model.Request) { r.MaxTokens++ }, false},
		{"the schema", func(r *model.Request) { r.Schema = nil }, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := base()
			tt.change(&r)
			_, err := parts(t.Context(), open(t, path, cassette.Replay, nil), r)
			require.Equal(t, tt.same, err == nil, "%v", err)
		})
	}
}

func TestTheModesSayWhoIsAsked(t *testing.T) {
	path := record(t, user("Hi"), []any{model.Text("old"), stop})

	c := open(t, path, cassette.RecordMissing, plays([]any{model.Text("new"), stop}))
	require.Equal(t, "old", says(t, c, user("Hi")))
	require.Equal(t, "new", says(t, c, user("Hi")))
	require.NoError(t, c.Close())

	c = open(t, path, cassette.Replay, nobody(t))
	require.Equal(t, "old", says(t, c, user("Hi")))
	require.Equal(t, "new", says(t, c, user("Hi")))
	require.NoError(t, c.Close())

	before := read(t, path)
	c = open(t, path, cassette.Record, plays([]any{model.Text("newest"), stop}))
	require.NoError(t, c.Close())
	require.Equal(t, before, read(t, path), "a recording of nothing replaces nothing")
	c = open(t, path, cassette.Record, plays([]any{model.Text("newest"), stop}))
	require.Equal(t, "newest", says(t, c, user("Hi")))
	require.NoError(t, c.Close())
	c = open(t, path, cassette.Replay, nil)
	require.Equal(t, "newest", says(t, c, user("Hi")))
	require.Empty(t, c.Left())
	require.Equal(t, "replay, record, record missing, mode 7", fmt.Sprintf("%v, %v, %v, %v", cassette.Replay, cassette.Record, cassette.RecordMissing, cassette.Mode(7)))
}

func TestOpenSaysWhatIsMissing(t *testing.T) {
	path := file(t)
	_, err := cassette.Open(path, cassette.Replay, nil)
	require.ErrorIs(t, err, os.ErrNotExist)
	require.NoDirExists(t, filepath.Dir(path), "to replay makes nothing")
	_, err = cassette.Open(path, cassette.Record, nil)
	require.EqualError(t, err, "cassette: no model to record")
	_, err = cassette.Open(path, 7, nobody(t))
	require.EqualError(t, err, "cassette: there is no mode 7")
	c, err := cassette.Open(path, cassette.RecordMissing, nobody(t))
	require.NoError(t, err, "what is missing is to be recorded")
	require.NoError(t, c.Close())
	require.NoFileExists(t, path)
}

func TestARecordingThatIsKilledLeavesTheOldFile(t *testing.T) {
	path := record(t, user("Hi"), []any{model.Text("old"), stop})
	before := read(t, path)
	c := open(t, path, cassette.Record, plays([]any{model.Text("new"), stop}))
	require.Equal(t, "new", says(t, c, user("Hi")))
	require.Equal(t, before, read(t, path), "nothing is written before Close")
	require.NoError(t, c.Close())
	require.NotEqual(t, before, read(t, path))
	names, err := os.ReadDir(filepath.Dir(path))
	require.NoError(t, err)
	require.Len(t, names, 1, "nothing else is left")
}

func TestAClosedCassetteAnswersNothingAndClosesOnce(t *testing.T) {
	path := file(t)
	c := open(t, path, cassette.Record, plays([]any{model.Text("a"), stop}, []any{model.Text("b"), stop}))
	says(t, c, user("Hi"))
	require.NoError(t, c.Close())
	before := read(t, path)
	require.NoError(t, os.Remove(path))
	require.NoError(t, c.Close(), "once is enough")
	require.NoFileExists(t, path)
	_, err := parts(t.Context(), c, user("Hi"))
	require.ErrorContains(t, err, "the cassette is closed")
	require.False(t, model.Retryable(err))
	require.Contains(t, before, `"Hi"`)
}

func TestAReplyThatIsLeftIsRecordedAsFarAsItWasHeard(t *testing.T) {
	path := file(t)
	reply := []any{model.Text("We "), model.Text("close "), model.Text("at six."), stop}
	c := open(t, path, cassette.Record, plays(reply, reply, reply))
	for part, err := range c.Generate(t.Context(), user("left")) {
		require.NoError(t, err)
		require.Equal(t, model.Text("We "), part)
		break
	}
	ctx, cancel := context.WithCancel(t.Context())
	_, err := model.Collect(open(t, path, cassette.RecordMissing, model.Func(func(ctx context.Context, _ model.Request) iter.Seq2[model.Part, error] {
		return func(yield func(model.Part, error) bool) {
			cancel()
			yield(nil, ctx.Err())
		}
	})).Generate(ctx, user("cancelled elsewhere")), nil)
	require.ErrorIs(t, err, context.Canceled)
	next, done := iter.Pull2(c.Generate(t.Context(), user("still open")))
	defer done()
	for range 2 {
		part, err, more := next()
		require.True(t, more, "%v, %v", part, err)
	}
	require.NoError(t, c.Close())

	c = open(t, path, cassette.Replay, nil)
	for _, tt := range []struct{ said, heard string }{{"left", "We "}, {"still open", "We close "}} {
		got, err := model.Collect(c.Generate(t.Context(), user(tt.said)), nil)
		require.ErrorContains(t, err, "left or cancelled")
		require.True(t, model.Retryable(err), "it is truncated")
		require.Equal(t, tt.heard, got.Text)
	}
	for part, err := range open(t, path, cassette.Replay, nil).Generate(t.Context(), user("left")) {
		require.NoError(t, err, "who leaves at the same place notices nothing")
		require.Equal(t, model.Text("We "), part)
		break
	}
}

func TestManyMayRecordAndReplayAtOnce(t *testing.T) {
	path := file(t)
	echo := model.Func(func(_ context.Context, r model.Request) iter.Seq2[model.Part, error] {
		return func(yield func(model.Part, error) bool) {
			_ = yield(model.Text("You said "), nil) && yield(model.Text(r.Messages[0].Text), nil) && yield(stop, nil)
		}
	})
	for _, mode := range []cassette.Mode{cassette.Record, cassette.Replay, cassette.RecordMissing} {
		c := open(t, path, mode, echo)
		var all sync.WaitGroup
		for i := range 8 {
			all.Go(func() {
				for k := range 20 {
					said := fmt.Sprintf("%d.%d", i, k%10)
					reply, err := model.Collect(c.Generate(context.Background(), user(said)), nil)
					if err != nil || reply.Text != "You said "+said {
						t.Errorf("%v: %q: %q, %v", mode, said, reply.Text, err)
					}
					_, _ = c.Left(), c.Stale(nil)
				}
			})
		}
		all.Wait()
		require.Empty(t, c.Left())
		require.NoError(t, c.Close())
	}
}

func TestRedactChangesWhatIsWrittenAndComparedAlike(t *testing.T) {
	redact := func(s string) string { return strings.ReplaceAll(s, "Ada Lovelace", "[caller]") }
	path := file(t)
	r := user("I am Ada Lovelace")
	r.Prompt = prompt.Prompt{Stable: "You serve Ada Lovelace."}
	r.Messages = append(r.Messages, model.Message{Role: model.Assistant, Text: "Ada Lovelace", Calls: []model.ToolCall{{ID: "1", Name: "n", Arguments: json.RawMessage(`{"name":"Ada Lovelace"}`)}}})
	config := cassette.Config{Path: path, Mode: cassette.Record, Redact: redact}
	c, err := config.Open(plays([]any{model.Text("Hello "), model.Text("Ada "), model.Text("Lovelace"), model.Text("!"),
		model.ToolCall{ID: "2", Name: "n", Arguments: json.RawMessage(`{"name":"Ada Lovelace"}`)}, errors.New("Ada Lovelace is unknown")}))
	require.NoError(t, err)
	_, err = parts(t.Context(), c, r)
	require.EqualError(t, err, "Ada Lovelace is unknown", "who records hears it as it is")
	require.NoError(t, c.Close())
	require.NotContains(t, read(t, path), "Ada")
	require.NotContains(t, read(t, path), "Lovelace")

	config.Mode = cassette.Replay
	c, err = config.Open(nil)
	require.NoError(t, err)
	got, err := model.Collect(c.Generate(t.Context(), r), nil)
	require.EqualError(t, err, "[caller] is unknown")
	require.Equal(t, "Hello [caller]!", got.Text)
	require.JSONEq(t, `{"name":"[caller]"}`, string(got.Calls[0].Arguments))
}

// recordedOf is a far side without silence that is recorded first.
func recordedOf(t *testing.T, far *modeltest.Far) string {
	t.Helper()
	var replies [][]any
	for _, r := range far.Replies() {
		var parts []any
		for _, s := range r {
			switch s := s.(type) {
			case modeltest.Text:
				parts = append(parts, model.Text(s))
			case modeltest.Call:
				parts = append(parts, model.ToolCall(s))
			case modeltest.Usage:
				parts = append(parts, model.Usage(s))
			case modeltest.Finish:
				parts = append(parts, model.Done{Reason: model.Reason(s)})
			case modeltest.Fault:
				parts = append(parts, &model.Error{Kind: s.Kind, RetryAfter: s.RetryAfter, Err: errors.New("no")})
			case modeltest.HalfCall, modeltest.Cut, modeltest.Wait:
			}
		}
		replies = append(replies, parts)
	}
	return record(t, far.Request(), replies...)
}

func TestACassetteIsAModel(t *testing.T) {
	t.Run("that records", func(t *testing.T) {
		modeltest.Run(t, func(t *testing.T, far *modeltest.Far) model.Model {
			c := open(t, file(t), cassette.Record, far.Model())
			t.Cleanup(func() { require.NoError(t, c.Close()) })
			return c
		})
	})
	t.Run("that replays", func(t *testing.T) {
		const alone = "a recording has no far side, and no silence"
		modeltest.Run(t, func(t *testing.T, far *modeltest.Far) model.Model {
			return open(t, recordedOf(t, far), cassette.Replay, nobody(t))
		},
			modeltest.Cannot{Case: "Leaving the loop tells the far side", Why: alone},
			modeltest.Cannot{Case: "A context that ends tells the far side", Why: alone},
			modeltest.Cannot{Case: "A deadline in a long silence ends the stream with its error", Why: alone})
	})
}
