package runtime_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime"
	"github.com/sonajobs/sona/runtime/model"
	"github.com/sonajobs/sona/runtime/model/scripted"
	"github.com/sonajobs/sona/storage/memory"
)

// weather is a world in which anything may fail, as one seed tells.
type weather struct {
	t      *testing.T
	rand   *rand.Rand
	o      office
	store  *flaky
	rt     *runtime.Runtime
	m      *scripted.Model
	mu     sync.Mutex
	done   map[string]int // how often an effect's service was called and did it, or may have
	record []call.Record  // handed to OnRecord
}

func newWeather(t *testing.T, seed uint64) *weather {
	w := &weather{t: t, rand: rand.New(rand.NewPCG(seed, 1)), store: &flaky{Storage: memory.New()}, done: map[string]int{}}
	w.o = newOfficeIn(t, w.store, callflow.Persona{})
	w.m = w.script(150)
	service := func(ctx context.Context, i runtime.CallInfo) error { return w.serve(ctx, i.Key) }
	w.rt = w.o.runtime(t, runtime.Config{Model: w.m, HearGreeting: w.dice(2) == 0, Limits: runtime.Limits{Call: []time.Duration{30 * time.Second, 2 * time.Minute, 10 * time.Minute}[w.dice(3)], History: 300 + w.dice(3000)},
		SMS:      runtime.SMSFunc(func(ctx context.Context, i runtime.CallInfo, _ string) error { return service(ctx, i) }),
		Transfer: runtime.TransferFunc(func(ctx context.Context, i runtime.CallInfo, _ job.Target) error { return service(ctx, i) }),
		Actions: []runtime.Action{lookUp(func(ctx context.Context, i runtime.CallInfo, _ json.RawMessage) (json.RawMessage, error) {
			return json.RawMessage(`{}`), service(ctx, i)
		})},
		OnRecord: func(_ context.Context, r call.Record) error {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.record = append(w.record, r)
			return nil
		}})
	return w
}

// script is a model with so many replies.
func (w *weather) script(n int) *scripted.Model {
	replies := make([]scripted.Reply, n)
	for i := range replies {
		replies[i] = w.reply()
		if i > 0 && w.dice(4) == 0 { // as a model does that minds its prompt
			replies[i-1], replies[i] = scripted.Say("Shall I transfer you? "), scripted.Say("Certainly. ").And(scripted.Use(w.o.front.ID(), job.TransferCall))
		}
	}
	return scripted.New(replies...)
}

// dice answers from 0 to n-1. Services ask at any time, so it is locked.
func (w *weather) dice(n int) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.rand.IntN(n)
}

func (w *weather) pause() time.Duration {
	return []time.Duration{0, 0, time.Millisecond, time.Second, 40 * time.Second}[w.dice(5)]
}

// reply is something that a model may do, in one stream.
func (w *weather) reply() scripted.Reply {
	r := scripted.Say([]string{"[J1.1] ", "[J2] ", "[J0] ", "[J7] ", "", ""}[w.dice(6)])
	for range 1 + w.dice(3) {
		r = r.And([]scripted.Reply{
			scripted.Say("Certainly, one moment please. "),
			scripted.Say("Shall I transfer you? "),
			scripted.Say("[J2.1] Anything else? [J"),
			scripted.Use(w.o.front.ID(), job.SendSMS),
			scripted.Use(w.o.order.ID(), job.SendSMS),
			scripted.UseWith(w.o.order.ID(), "look_up", map[string]any{"number": fmt.Sprint(w.dice(3))}),
			scripted.Use(w.o.front.ID(), job.TransferCall),
			scripted.Use(w.o.order.ID(), job.TransferCall),
			scripted.Say("Goodbye. ").And(scripted.Use(w.o.front.ID(), job.EndCall)),
			scripted.Use(w.o.front.ID(), job.Voicemail),
			scripted.Call("no/such tool", "{"),
			scripted.Wait(w.pause()),
			scripted.Wait(w.pause()),
			scripted.Count(model.Usage{In: 1}),
			scripted.Cut(),
			scripted.Fail(&model.Error{Kind: model.Unavailable, RetryAfter: w.pause()}),
		}[w.dice(16)])
	}
	return r
}

// serve is a service that may be slow, fail or panic. What it did or may have done is counted.
func (w *weather) serve(ctx context.Context, key string) error {
	count := func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.done[key]++
	}
	switch w.dice(6) {
	case 0:
		return errors.New("no")
	case 1:
		panic("oops")
	case 2:
		<-time.After(w.pause())
		if ctx.Err() != nil {
			count()
			return ctx.Err()
		}
	case 3:
		select {
		case <-time.After(w.pause()):
		case <-ctx.Done():
			count()
			return ctx.Err()
		}
	}
	count()
	return nil
}

// input is something that may happen on a line.
func (w *weather) input(says func() string) runtime.Input {
	switch w.dice(18) {
	case 0, 1, 2, 3:
		return runtime.CallerSaid{Text: says()}
	case 4:
		return runtime.CallerSaid{Text: "a guess", Partial: true}
	case 5:
		return runtime.CallerPressed{Digits: []string{"1", "41#", "*", "x"}[w.dice(4)]}
	case 6:
		return runtime.Interrupted{Unknown: true}
	case 7:
		return runtime.Interrupted{Heard: "Cer"}
	case 8:
		return runtime.Interrupted{Utterance: runtime.UtteranceID(w.dice(5)), Heard: "Cert"}
	case 9, 10, 11:
		return runtime.PlayedOut{}
	case 12:
		return runtime.PlayedOut{Upto: 7}
	case 13:
		return runtime.PlayedOut{Utterance: runtime.UtteranceID(w.dice(9))}
	case 14:
		return runtime.TransferStatus{State: runtime.TransferFailed, Reason: "busy"}
	case 15:
		return runtime.TransferStatus{State: runtime.TransferConnected}
	case 16:
		return runtime.TransferStatus{State: runtime.TransferUnknown}
	default:
		return runtime.Note{Key: "a", Value: "b"}
	}
}

func (w *weather) says() string {
	return []string{"Yes please.", "No, what are your hours?", "Order 7", "", "A person", "Bye"}[w.dice(6)]
}

// check looks at what is true of every call, whatever happened.
func (w *weather) check(r call.Record, heard string) {
	t := w.t
	w.store.fails.Store(false)
	require.NoError(t, w.rt.Flush(t.Context()))
	w.mu.Lock()
	defer w.mu.Unlock()
	require.Len(t, w.record, 1, "one record")
	require.Equal(t, r.Outcome, w.record[0].Outcome)
	require.NotEmpty(t, r.Outcome.Kind)
	require.Equal(t, r.Outcome.Kind.Exit(), r.Outcome.Exit)
	require.NotEqual(t, call.InProgress, r.Status)
	require.False(t, r.EndedAt.Before(r.StartedAt))
	_, err := json.Marshal(r)
	require.NoError(t, err)

	for _, request := range w.m.Requests() {
		valid(t, request.Messages)
	}
	var said strings.Builder
	for i, turn := range r.Turns {
		if turn.By == call.ByCaller {
			continue
		}
		said.WriteString(turn.Heard())
		require.NotEmpty(t, turn.Heard(), "turn %d was heard by nobody", i)
		require.NotRegexp(t, `\[J\d+(\.\w+)*\]`, turn.Text)
		require.Equal(t, turn.Source == call.SourceUnknown, turn.Job == "" && turn.Source != call.SourceDeclared)
		require.True(t, turn.Job == "" || slices.Contains(r.Used, turn.Job), "a turn's job was used")
	}
	if heard != "?" {
		require.Equal(t, heard, said.String(), "the record has what was heard")
	}
	for key, n := range w.done {
		require.Equal(t, 1, n, "effect %s happened more than once", key)
		require.True(t, slices.ContainsFunc(r.Effects, func(f call.Effect) bool { return f.Key == key }), "an effect without its trace")
	}
	kept := map[string]int{}
	for _, f := range r.Effects {
		if f.Err == "" || !f.Done {
			kept[f.Key]++
		}
		if f.Action == job.TransferCall {
			require.Contains(t, r.Transcript(), "Shall I transfer you?", "a transfer without a question")
		}
	}
	for key, n := range kept {
		require.Equal(t, 1, n, "effect %s stands there more than once", key)
	}
}

// seeds is how many calls each of the three simulations holds: 150, or a third of what SONA_CHAOS says.
func seeds(t *testing.T) uint64 {
	if n := os.Getenv("SONA_CHAOS"); n != "" {
		all, err := strconv.ParseUint(n, 10, 32)
		require.NoError(t, err)
		return max(1, (all+2)/3)
	}
	if testing.Short() {
		return 20
	}
	return 150
}

func TestWhateverHappensAChatKeepsItsPromises(t *testing.T) {
	kinds := map[call.OutcomeKind]int{}
	for seed := range seeds(t) {
		synctest.Test(t, func(t *testing.T) {
			w := newWeather(t, seed)
			c, err := w.rt.BeginChat(t.Context(), w.o.ws, incoming(runtime.Incoming{}))
			require.NoError(t, err)
			var heard strings.Builder
			listen := func(events func(func(runtime.Event, error) bool), cancel context.CancelFunc) {
				most := []int{1, 2, 3, 5, 100, 100, 100, 100}[w.dice(8)]
				for ev, err := range events {
					if err != nil {
						require.ErrorIs(t, err, context.Canceled)
						continue
					}
					if s, ok := ev.(runtime.Said); ok {
						heard.WriteString(s.Text)
					}
					if most--; most == 0 {
						if w.dice(2) == 0 {
							break
						}
						cancel()
					}
				}
			}
			for n := range 12 {
				if _, over := c.Over(); over {
					break
				}
				w.store.fails.Store(w.dice(5) == 0)
				ctx, cancel := context.WithCancel(t.Context())
				if w.dice(4) == 0 {
					time.AfterFunc(w.pause(), cancel)
				}
				if n == 0 && w.dice(2) == 0 {
					listen(c.Greet(ctx), cancel)
				}
				if _, over := c.Over(); !over {
					listen(c.Hear(ctx, w.says()), cancel)
				}
				cancel()
			}
			r := end(t, c)
			kinds[r.Outcome.Kind]++
			time.Sleep(time.Hour) // until the last service has left
			w.check(r, heard.String())
		})
	}
	if seeds(t) >= 150 {
		for _, kind := range []call.OutcomeKind{call.Transferred, call.Voicemail, call.Ended, call.HungUp, call.Fallback} {
			require.NotZero(t, kinds[kind], "no simulated call ended so: %v", kinds)
		}
	}
}

func TestWhateverHappensASessionKeepsItsPromises(t *testing.T) {
	kinds := map[call.OutcomeKind]int{}
	for seed := range seeds(t) {
		synctest.Test(t, func(t *testing.T) {
			w := newWeather(t, seed+1_000_000)
			s, err := w.rt.Begin(t.Context(), w.o.ws, incoming(runtime.Incoming{}))
			require.NoError(t, err)
			l := &witness{line: newLine(s), w: w}
			if w.dice(10) == 0 {
				l.fails = []string{"Say", "Flush", "End"}[w.dice(3)]
			}
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			done := make(chan struct{})
			var r call.Record
			go func() {
				defer close(done)
				r, err = s.Run(ctx, l)
			}()
			most := w.dice(40) // inputs; then the caller says nothing any more, or leaves
			leaves := w.dice(3) > 0
			for n := 0; n <= most; n++ {
				w.store.fails.Store(w.dice(5) == 0)
				in := w.input(l.says)
				if leaves && n == most {
					in = []runtime.Input{runtime.HungUp{}, runtime.Finish{}}[w.dice(2)]
					if w.dice(3) == 0 {
						l.free = true
						cancel()
					}
				}
				switch in.(type) {
				case runtime.PlayedOut, runtime.HungUp, runtime.Finish:
					l.free = true // what must be heard was heard, or the line is gone
				}
				if s.Put(in) != nil {
					break
				}
				time.Sleep([]time.Duration{0, 0, time.Millisecond, time.Second, 3 * time.Second, 3 * time.Second, 12 * time.Second, 40 * time.Second}[w.dice(8)])
				synctest.Wait() // so that what is put next is put after what the line was told
			}
			began := time.Now()
			<-done
			require.Less(t, time.Since(began), 15*time.Minute, "no call is stuck")
			kinds[r.Outcome.Kind]++
			require.Len(t, l.ended, 1, "End is called once")
			require.Equal(t, err != nil, errors.Is(err, errLine) || errors.Is(err, context.Canceled))
			require.ErrorIs(t, s.Put(runtime.HungUp{}), runtime.ErrOver)
			events := 0
			for ev := range s.Events(t.Context()) {
				events++
				if over, ok := ev.(runtime.Over); ok {
					require.Equal(t, r.Outcome, over.Outcome)
				}
			}
			require.NotZero(t, events)
			time.Sleep(time.Hour)
			w.check(r, "?")
			l.check(r)
		})
	}
	if seeds(t) >= 150 {
		for _, kind := range []call.OutcomeKind{call.Transferred, call.Voicemail, call.Ended, call.HungUp, call.Fallback, call.Failed, call.NoInput, call.TimeLimit} {
			require.NotZero(t, kinds[kind], "no simulated call ended so: %v", kinds)
		}
	}
}
