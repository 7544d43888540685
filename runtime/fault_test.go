package runtime_test

import (
	"context"
	"errors"
	"iter"
	goruntime "runtime"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/runtime"
	"github.com/sonajobs/sona/runtime/model"
	"github.com/sonajobs/sona/runtime/model/scripted"
)

const (
	sayAgain   = "Sorry, I did not get that. Could you say it again?"
	cannotGoOn = "I am sorry, I cannot help you any further right now."
)

// watched keeps the requests of a model.
type watched struct {
	model.Model
	mu       sync.Mutex
	requests []model.Request
	open     atomic.Int32 // streams that are being read
}

func (w *watched) Generate(ctx context.Context, r model.Request) iter.Seq2[model.Part, error] {
	w.mu.Lock()
	w.requests = append(w.requests, r)
	w.mu.Unlock()
	return func(yield func(model.Part, error) bool) {
		w.open.Add(1)
		defer w.open.Add(-1)
		w.Model.Generate(ctx, r)(yield)
	}
}

func TestRule_AFaultOfTheModelHasAnOutcome(t *testing.T) {
	unavailable := func(after time.Duration) scripted.Reply {
		return scripted.Fail(&model.Error{Kind: model.Unavailable, RetryAfter: after})
	}
	for _, tt := range []struct {
		name    string
		replies []scripted.Reply
		want    string
		waits   time.Duration
	}{
		{"it passes when it is asked again", []scripted.Reply{unavailable(0), scripted.Say("Here.")}, "Here.", 0},
		{"after as long as the provider asks", []scripted.Reply{unavailable(time.Second), scripted.Say("Here.")}, "Here.", time.Second},
		{"after two seconds at most", []scripted.Reply{unavailable(time.Minute), scripted.Say("Here.")}, "Here.", 2 * time.Second},
		{"a time to wait that lies behind", []scripted.Reply{unavailable(-time.Minute), scripted.Say("Here.")}, "Here.", 0},
		{"too many requests", []scripted.Reply{scripted.Fail(&model.Error{Kind: model.RateLimited}), scripted.Say("Here.")}, "Here.", 0},
		{"twice", []scripted.Reply{unavailable(5 * time.Second), unavailable(0)}, sayAgain, 2 * time.Second},
		{"a bad request is not repeated", []scripted.Reply{scripted.Fail(&model.Error{Kind: model.BadRequest})}, sayAgain, 0},
		{"nor is what nobody knows", []scripted.Reply{scripted.Fail(errors.New("odd"))}, sayAgain, 0},
		{"a stream without its end", []scripted.Reply{scripted.Cut(), scripted.Say("Here.")}, "Here.", 0},
		{"in the middle of words", []scripted.Reply{scripted.Say("I will ").And(scripted.Cut())}, "I will " + sayAgain, 0},
		{"an empty reply", []scripted.Reply{scripted.Say(""), scripted.Say("Here.")}, "Here.", 0},
		{"a reply of blanks", []scripted.Reply{scripted.Say(" \n "), scripted.Say("Here.")}, "Here.", 0},
		{"a reply of nothing but its mark", []scripted.Reply{scripted.Say("[J1.2] "), scripted.Say("Here.")}, "Here.", 0},
		{"no word in time", []scripted.Reply{scripted.Wait(time.Hour), scripted.Say("Here.")}, "Here.", 10 * time.Second},
		{"never a word in time", []scripted.Reply{scripted.Wait(time.Hour), scripted.Wait(time.Hour)}, sayAgain, 20 * time.Second},
		{"a word just in time", []scripted.Reply{scripted.Wait(9 * time.Second).And(scripted.Say("Here."))}, "Here.", 9 * time.Second},
		{"a slow reply that has begun", []scripted.Reply{scripted.Say("He").And(scripted.Wait(25 * time.Second)).And(scripted.Say("re."))}, "Here.", 25 * time.Second},
		{"counting tokens is no word", []scripted.Reply{scripted.Count(model.Usage{In: 1}).And(scripted.Wait(time.Hour)), scripted.Say("Here.")}, "Here.", 10 * time.Second},
		{"silence in the middle of words", []scripted.Reply{scripted.Say("I will ").And(scripted.Wait(time.Hour))}, "I will " + sayAgain, 30 * time.Second},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				o := newOffice(t)
				m := scripted.New(append(tt.replies, scripted.Say("Go on."))...)
				chat := o.chat(t, runtime.Config{Model: m}, runtime.Incoming{})
				start := time.Now()
				require.Equal(t, tt.want, hear(t, chat, "Hi"))
				require.Equal(t, tt.waits, time.Since(start))
				require.Equal(t, "Go on.", hear(t, chat, "Hello?"), "the call goes on")
				for _, r := range m.Requests() {
					valid(t, r.Messages)
					for _, msg := range r.Messages {
						require.NotContains(t, msg.Text, "Sorry", "what is said for a fault is no part of the history")
					}
				}
				r := end(t, chat)
				if tt.want == "Here." {
					require.Empty(t, r.Notes, "what has passed is no trouble")
				} else {
					require.Equal(t, []call.NoteKind{call.NoteModel}, kinds(r))
				}
			})
		})
	}
}

func TestRule_TwoFaultsInARowLeaveByTheFallbackExit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		bad := scripted.Fail(&model.Error{Kind: model.BadRequest})
		c := o.chat(t, runtime.Config{Model: scripted.New(bad, scripted.Say("Hi."), bad, bad)}, runtime.Incoming{})
		require.Equal(t, sayAgain, hear(t, c, "Hi"))
		require.Equal(t, "Hi.", hear(t, c, "Hi"))
		require.Equal(t, sayAgain, hear(t, c, "So"), "a reply in between makes it a new row")
		require.Equal(t, cannotGoOn, hear(t, c, "Hello?"))
		require.Equal(t, call.Outcome{Kind: call.Fallback, Reason: "the language model could not go on", Exit: callflow.ExitFallback, Next: "voicemail"}, outcome(t, c))
		require.Equal(t, []call.NoteKind{call.NoteModel, call.NoteModel, call.NoteModel}, kinds(end(t, c)))
	})
}

// Whoever speaks into the last words of a call that cannot go on changes nothing.
func TestAFallbackIsNotCalledOffByTheCaller(t *testing.T) {
	o := newOffice(t)
	bad := scripted.Fail(&model.Error{Kind: model.BadRequest})
	c := o.chat(t, runtime.Config{Model: scripted.New(bad, bad)}, runtime.Incoming{})
	hear(t, c, "Hi")
	hearUntil(t, c, "Hi", 1)
	_, over := c.Over()
	require.False(t, over)
	require.Empty(t, hear(t, c, "What?"))
	require.Equal(t, call.Fallback, outcome(t, c).Kind)
}

func TestRule_AModelThatActsWithoutEndIsStoppedAndTwiceIsTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		replies := make([]scripted.Reply, 10)
		for i := range replies {
			replies[i] = scripted.Call("nothing", `{}`)
		}
		m := scripted.New(replies...)
		c := o.chat(t, runtime.Config{Model: m, Limits: runtime.Limits{Rounds: 3}}, runtime.Incoming{})
		require.Equal(t, sayAgain, hear(t, c, "Hi"))
		require.Len(t, m.Requests(), 3)
		require.Equal(t, cannotGoOn, hear(t, c, "Hi"))
		require.Len(t, m.Requests(), 6)
		require.Equal(t, call.Fallback, outcome(t, c).Kind)
		valid(t, m.Requests()[5].Messages)
	})
}

func TestRule_AModelOfTheHostsCanDoWhatItWants(t *testing.T) {
	for _, tt := range []struct {
		name     string
		generate func(ctx context.Context, yield func(model.Part, error) bool)
		want     string
		waits    time.Duration
	}{
		{"it panics", func(context.Context, func(model.Part, error) bool) { panic("oops") }, sayAgain, 0},
		{"it ends its goroutine", func(context.Context, func(model.Part, error) bool) { goruntime.Goexit() }, sayAgain, 0},
		{"it minds no context", func(context.Context, func(model.Part, error) bool) { <-time.After(time.Hour) }, sayAgain, 20 * time.Second},
		{"it speaks without end", func(_ context.Context, yield func(model.Part, error) bool) {
			for yield(model.Text("la "), nil) {
				<-time.After(4 * time.Second)
			}
		}, "la la la la la la la la " + sayAgain, 30 * time.Second},
		{"it yields nothing and everything twice", func(_ context.Context, yield func(model.Part, error) bool) {
			_ = yield(nil, nil) && yield(model.Text(""), nil) && yield(model.Text("Hi."), nil) && yield(model.Usage{In: 1}, nil) && yield(model.Usage{In: 2}, nil) && yield(model.Done{}, nil) &&
				yield(model.Text("more"), nil)
		}, "Hi.", 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				o := newOffice(t)
				c := o.chat(t, runtime.Config{Model: model.Func(func(ctx context.Context, _ model.Request) iter.Seq2[model.Part, error] {
					return func(yield func(model.Part, error) bool) { tt.generate(ctx, yield) }
				})}, runtime.Incoming{})
				began := time.Now()
				require.Equal(t, tt.want, hear(t, c, "Hi"))
				require.Equal(t, tt.waits, time.Since(began))
				end(t, c)
				time.Sleep(2 * time.Hour) // until the last of them has left
			})
		})
	}
	t.Run("it returns no stream", func(t *testing.T) {
		c := newOffice(t).chat(t, runtime.Config{Model: model.Func(func(context.Context, model.Request) iter.Seq2[model.Part, error] { return nil })}, runtime.Incoming{})
		require.Equal(t, sayAgain, hear(t, c, "Hi"))
	})
	t.Run("it speaks for a day at once", func(t *testing.T) {
		c := newOffice(t).chat(t, runtime.Config{Model: model.Func(func(context.Context, model.Request) iter.Seq2[model.Part, error] {
			return func(yield func(model.Part, error) bool) {
				for yield(model.Text("0123456789abcdef"), nil) {
				}
			}
		})}, runtime.Incoming{})
		require.Len(t, hear(t, c, "Hi"), 64<<10)
		require.Contains(t, end(t, c).Notes[0].Text, "longer than 65536 bytes")
	})
}

func TestTokensAreCountedAlsoOfRepliesThatFailed(t *testing.T) {
	o := newOffice(t)
	m := scripted.New(
		scripted.Count(model.Usage{In: 100, Cached: 50, Out: 1}).And(scripted.Cut()),
		scripted.Count(model.Usage{In: 100, Cached: 90, Out: 5}).And(scripted.Say("Hi.")))
	c := o.chat(t, runtime.Config{Model: m}, runtime.Incoming{})
	hear(t, c, "Hi")
	require.Equal(t, call.Usage{In: 200, Cached: 140, Out: 6}, end(t, c).Usage)
}

func TestAContextThatEndsIsYieldedLast(t *testing.T) {
	o := newOffice(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	c := o.chat(t, runtime.Config{Model: scripted.New(scripted.Say("Hi."), scripted.Say("Hi."))}, runtime.Incoming{})
	said, err := tryHear(ctx, c, "Hi")
	require.ErrorIs(t, err, context.Canceled)
	require.Empty(t, said)
	r := end(t, c)
	require.Equal(t, []string{"C: Hi"}, transcript(r.Turns), "the caller has said it all the same")
	require.Empty(t, r.Notes)
}

// The caller waits for the first model no longer than it may take, and hears the second one.
func TestRule_ASecondModelAnswersInPlaceOfOneThatFails(t *testing.T) {
	for _, tt := range []struct {
		name  string
		first scripted.Reply
		want  string
		waits time.Duration
	}{
		{"that is overloaded", scripted.Fail(&model.Error{Kind: model.Unavailable}), "Here.", 0},
		{"that is silent", scripted.Wait(time.Hour), "Here.", 3 * time.Second},
		{"that refuses the request", scripted.Fail(&model.Error{Kind: model.BadRequest}), "Here.", 0},
		{"not once words were heard", scripted.Say("I will ").And(scripted.Cut()), "I will " + sayAgain, 0},
	} {
		t.Run(tt.name, inBubble(func(t *testing.T) {
			second := scripted.New(scripted.Say("Here."))
			first := model.Func(func(ctx context.Context, r model.Request) iter.Seq2[model.Part, error] {
				return func(yield func(model.Part, error) bool) {
					ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
					defer cancel()
					scripted.New(tt.first).Generate(ctx, r)(yield)
				}
			})
			m := model.Fallback(first, second)
			c := newOffice(t).chat(t, runtime.Config{Model: m}, runtime.Incoming{})
			began := time.Now()
			require.Equal(t, tt.want, hear(t, c, "Hi"))
			require.Equal(t, tt.waits, time.Since(began))
			r := end(t, c)
			require.Equal(t, tt.want != "Here.", len(r.Notes) > 0)
		}))
	}
}
