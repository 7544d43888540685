package runtime_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime"
	"github.com/sonajobs/sona/runtime/model"
	"github.com/sonajobs/sona/runtime/model/scripted"
	"github.com/sonajobs/sona/runtime/prompt"
	"github.com/sonajobs/sona/storage"
	"github.com/sonajobs/sona/storage/memory"
)

func TestARecordIsThereFromTheBeginningOfTheCallOn(t *testing.T) {
	o := newOffice(t)
	c := o.chat(t, runtime.Config{Model: scripted.New(scripted.Say("Hi.")), Profile: prompt.Profile{Name: "big"}}, runtime.Incoming{ID: "call-1", Caller: call.Caller{Number: "+15550199", Name: "Ann"}})
	begun, err := o.ws.Call(t.Context(), "call-1")
	require.NoError(t, err, "a host that is killed leaves a trace")
	require.Equal(t, call.InProgress, begun.Status)
	require.Equal(t, call.SummaryAbsent, begun.Summary.Status)
	require.Equal(t, call.Caller{Number: "+15550199", Name: "Ann"}, begun.Caller)
	require.Equal(t, callflow.Line("+15550100"), begun.Number)
	require.Equal(t, "big", begun.Model)
	require.Equal(t, c.Prompt().Receipt, begun.Receipt)
	require.Equal(t, 1, begun.Version)
	require.Equal(t, o.flow.ID(), begun.Flow)
	require.Equal(t, callflow.Sona, begun.Step)
	require.False(t, begun.Test)

	hear(t, c, "Hi")
	r := end(t, c)
	stored, err := o.ws.Call(t.Context(), "call-1")
	require.NoError(t, err)
	require.Equal(t, call.Completed, stored.Status)
	require.Equal(t, r.Turns[0].Text, stored.Turns[0].Text)
	require.Equal(t, call.SummaryCompleted, stored.Summary.Status)
}

func TestACallWithoutAnIDGetsOne(t *testing.T) {
	o := newOffice(t)
	a, b := o.chat(t, runtime.Config{Model: scripted.New()}, runtime.Incoming{}), o.chat(t, runtime.Config{Model: scripted.New()}, runtime.Incoming{})
	require.NotEqual(t, a.ID(), b.ID())
}

func TestTestsAreMarked(t *testing.T) {
	o := newOffice(t)
	for name, run := range map[string]struct {
		config runtime.Config
		in     runtime.Incoming
		dry    bool
	}{
		"by the host":          {runtime.Config{}, runtime.Incoming{Test: true}, false},
		"by doing nothing dry": {runtime.Config{Dry: true}, runtime.Incoming{}, true},
	} {
		t.Run(name, func(t *testing.T) {
			run.config.Model = scripted.New(scripted.Use(o.front.ID(), job.SendSMS), scripted.Say("Sent."))
			told := false
			run.config.SMS = runtime.SMSFunc(func(_ context.Context, i runtime.CallInfo, _ string) error {
				told = i.Test
				return nil
			})
			c := o.chat(t, run.config, run.in)
			hear(t, c, "Hi")
			r := end(t, c)
			require.True(t, r.Test)
			require.True(t, told)
			require.Equal(t, run.dry, r.Effects[0].Dry)
		})
	}
}

// flaky is a storage that can be made to fail, or to hang, when a call is recorded.
type flaky struct {
	storage.Storage
	fails, hangs atomic.Bool
}

var errDisk = errors.New("the disk says: Hi there")

func (f *flaky) Put(ctx context.Context, ws storage.WorkspaceID, docs []storage.Doc) error {
	switch record := docs[0].Kind == storage.KindCall; {
	case record && f.fails.Load():
		return errDisk
	case record && f.hangs.Load():
		<-ctx.Done()
		return ctx.Err()
	}
	return f.Storage.Put(ctx, ws, docs)
}

func TestACallNeverFailsForStorage(t *testing.T) {
	store := &flaky{Storage: memory.New()}
	o := newOfficeIn(t, store, callflow.Persona{})
	store.fails.Store(true)
	sent := 0
	m := scripted.New(scripted.Use(o.front.ID(), job.SendSMS), scripted.Say("Sent."))
	c := o.chat(t, runtime.Config{Model: m, SMS: sms(&sent, nil)}, runtime.Incoming{ID: "call-1"})
	require.Equal(t, "Sent.", hear(t, c, "Hi"))
	require.Equal(t, 1, sent)
	store.fails.Store(false)
	r := end(t, c)
	require.Equal(t, []call.NoteKind{call.NoteDegraded}, kinds(r), "said once, however often it failed")
	stored, err := o.ws.Call(t.Context(), "call-1")
	require.NoError(t, err, "the next write holds all of it")
	require.Len(t, stored.Effects, 1)
	require.Equal(t, kinds(r), kinds(stored))
}

func TestStorageThatHangsHoldsACallerUpForSecondsOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := &flaky{Storage: memory.New()}
		o := newOfficeIn(t, store, callflow.Persona{})
		store.hangs.Store(true)
		began := time.Now()
		rt := o.runtime(t, runtime.Config{Model: scripted.New(scripted.Say("Hi."))})
		c, err := rt.BeginChat(t.Context(), o.ws, incoming(runtime.Incoming{}))
		require.NoError(t, err)
		require.Equal(t, 3*time.Second, time.Since(began))
		require.Equal(t, "Hi.", hear(t, c, "Hi"))
		require.Equal(t, []call.NoteKind{call.NoteDegraded}, kinds(end(t, c)))
		store.hangs.Store(false)
		require.NoError(t, rt.Flush(t.Context()))
	})
}

func TestRule_ARecordIsStoredWhenStorageComesBack(t *testing.T) {
	for _, tt := range []struct {
		away time.Duration
		want call.Status
	}{{0, call.Completed}, {500 * time.Millisecond, call.Completed}, {50 * time.Second, call.Completed}, {10 * time.Minute, call.InProgress}} {
		synctest.Test(t, func(t *testing.T) {
			store := &flaky{Storage: memory.New()}
			o := newOfficeIn(t, store, callflow.Persona{})
			handed := 0
			rt := o.runtime(t, runtime.Config{Model: scripted.New(scripted.Say("Hi.")), OnRecord: func(ctx context.Context, r call.Record) error {
				handed++
				stored, err := o.ws.Call(ctx, r.ID)
				require.NoError(t, err)
				require.Equal(t, tt.want, stored.Status, "first stored, then handed over: nobody hands over another one")
				return nil
			}})
			c, err := rt.BeginChat(t.Context(), o.ws, incoming(runtime.Incoming{ID: "call-1"}))
			require.NoError(t, err)
			hear(t, c, "Hi")
			if tt.away > 0 {
				store.fails.Store(true)
				time.AfterFunc(tt.away, func() { store.fails.Store(false) })
			}
			began := time.Now()
			end(t, c)
			require.Zero(t, time.Since(began), "the call does not wait")
			require.NoError(t, rt.Flush(t.Context()))
			require.Equal(t, 1, handed)
			stored, err := o.ws.Call(t.Context(), "call-1")
			require.NoError(t, err)
			require.Equal(t, tt.want, stored.Status, tt.away)
			if tt.want == call.Completed {
				require.Len(t, stored.Turns, 2)
				return
			}
			tt.want = call.Broken
			time.Sleep(10 * time.Minute)
			n, err := rt.CloseAbandoned(t.Context(), o.ws, time.Minute)
			require.NoError(t, err)
			require.Equal(t, 1, n, "what is given up is closed by the next start")
			require.NoError(t, rt.Flush(t.Context()))
		})
	}
}

func TestARecordOfAnErasedCallStaysErased(t *testing.T) {
	o := newOffice(t)
	c := o.chat(t, runtime.Config{Model: scripted.New(scripted.Say("Hi."))}, runtime.Incoming{ID: "call-1"})
	require.NoError(t, o.ws.EraseCall(t.Context(), "call-1"))
	require.Equal(t, "Hi.", hear(t, c, "Hi"))
	require.Equal(t, []call.NoteKind{call.NoteDegraded}, kinds(end(t, c)))
	_, err := o.ws.Call(t.Context(), "call-1")
	require.ErrorIs(t, err, storage.ErrNotFound)
}

func TestARecordThatWasHandedOutIsSharedWithNobody(t *testing.T) {
	o := newOffice(t)
	chat := func(id call.ID) *runtime.Chat {
		m := scripted.New(scripted.Follow(o.front.ID(), "", "What is your name?"), scripted.Use(o.front.ID(), job.SendSMS), scripted.Say("Sent."))
		c := o.chat(t, runtime.Config{Model: m, SMS: sms(new(int), nil)}, runtime.Incoming{ID: id})
		hear(t, c, "Hi")
		hear(t, c, "Ann")
		return c
	}
	c := chat("call-1")
	r, want := end(t, c), end(t, c)
	r.Turns[0].Text, r.Effects[0].Err, r.Used[0], r.Jobs["x"], r.Pages["x"], r.Receipt.Inputs["x"] = "x", "x", "x", 1, 1, "x"
	r.Summary.Summary[0], r.Summary.Jobs[0].Name, r.Summary.Jobs[0].Result.Data[0].Value = "x", "x", "x"
	turns := c.Turns()
	turns[0].Text = "x"
	require.Empty(t, cmp.Diff(want, end(t, c)))
	require.NotContains(t, chat("call-2").Prompt().Receipt.Inputs, "x")
}

func TestRedactIsAppliedToAllThatLeavesTheCall(t *testing.T) {
	o := newOffice(t)
	spec := o.order.Spec()
	spec.Results = []job.Field{{Name: "Card", Type: job.NumberField, Ask: "What is the card number?"}, {Name: "Holder", Ask: "Who is the holder?"}, {Name: "Guests", Type: job.NumberField, Ask: "How many guests?"}}
	_, err := o.ws.SaveJob(t.Context(), o.order.ID(), 1, spec, "")
	require.NoError(t, err)
	var handed call.Record
	hide := strings.NewReplacer("4111222233334444", "•", "Ann", "•", "secret", "•")
	action := lookUp(func(context.Context, runtime.CallInfo, json.RawMessage) (json.RawMessage, error) {
		return json.RawMessage(`{"holder":["Ann",4111222233334444,12345678901234567890,true,null]}`), nil
	})
	failing := scripted.UseWith(o.order.ID(), "look_up", map[string]any{"number": "of Ann"})
	m := scripted.New(
		scripted.Follow(o.order.ID(), "1", "What is the card number?"),
		scripted.Follow(o.order.ID(), "1", "Who is the holder?"),
		scripted.Follow(o.order.ID(), "1", "How many guests?"),
		failing.And(scripted.Use(o.front.ID(), job.SendSMS)), scripted.Fail(errors.New("secret")),
	)
	rt := o.runtime(t, runtime.Config{Model: m, Redact: hide.Replace, Actions: []runtime.Action{action}, SMS: sms(new(int), errors.New("secret")),
		OnRecord: func(_ context.Context, r call.Record) error {
			handed = r
			return nil
		}})
	c, err := rt.BeginChat(t.Context(), o.ws, incoming(runtime.Incoming{ID: "call-1"}))
	require.NoError(t, err)
	for _, say := range []string{"I am Ann", "It's 4111222233334444", "Ann", "Two"} {
		hear(t, c, say)
	}
	r := end(t, c)
	require.NoError(t, rt.Flush(t.Context()))
	stored, err := o.ws.Call(t.Context(), "call-1")
	require.NoError(t, err)

	require.Empty(t, cmp.Diff(r, handed))
	for name, record := range map[string]call.Record{"returned": r, "stored": stored} {
		raw, err := json.Marshal(record)
		require.NoError(t, err)
		for _, word := range []string{"Ann", "4111222233334444", "secret"} {
			require.NotContains(t, string(raw), word, name)
		}
		require.JSONEq(t, `{"number":"of •","source":"shop"}`, string(record.Effects[0].Args))
		require.JSONEq(t, `{"holder":["•","•",12345678901234567890,true,null]}`, string(record.Effects[0].Result))
		require.Equal(t, "•", record.Effects[1].Err)
		require.Equal(t, "I am •", record.Turns[0].Text)
		require.Equal(t, []call.Datum{{Name: "Card", Value: "•"}, {Name: "Holder", Value: "•"}, {Name: "Guests", Value: 2.0}}, record.Summary.Jobs[0].Result.Data)
		require.Equal(t, "the model failed: •", record.Notes[len(record.Notes)-1].Text)
	}
	require.Contains(t, m.Requests()[1].Messages[2].Text, "4111222233334444", "the model has to know")
}

func TestOfAnInterruptedTurnOnlyWhatWasHeardIsKeptWhenItIsRedacted(t *testing.T) {
	o := newOffice(t)
	c := o.chat(t, runtime.Config{Model: scripted.New(scripted.Say("one two three"), scripted.Say("Yes.")), Redact: func(s string) string { return strings.ToUpper(s) + "!" }}, runtime.Incoming{})
	hearUntil(t, c, "hi", 2)
	hear(t, c, "wait")
	r := end(t, c)
	require.Equal(t, []string{"C: HI!", "S: ONE TWO!—", "C: WAIT!", "S: YES.!"}, transcript(r.Turns))
	require.Equal(t, "ONE TWO!", r.Turns[1].Text)
	require.Empty(t, r.Outcome.Reason, "what is empty stays so")
}

func TestARedactThatPanicsLetsNothingOut(t *testing.T) {
	o := newOffice(t)
	var log bytes.Buffer
	c := o.chat(t, runtime.Config{Model: scripted.New(scripted.Say("Hi.")), Log: slog.New(slog.NewTextHandler(&log, nil)), Redact: func(string) string { panic("secret") }}, runtime.Incoming{})
	require.Equal(t, "Hi.", hear(t, c, "Hi"))
	require.Equal(t, []string{"C: ", "S: "}, transcript(end(t, c).Turns))
	require.Contains(t, log.String(), "Redact panicked")
	require.NotContains(t, log.String(), "secret")
}

func TestOnRecordIsTriedThreeTimesAndTheCallDoesNotWait(t *testing.T) {
	for _, tt := range []struct {
		name  string
		fails int // times
		panic bool
		calls int32
		takes time.Duration
	}{
		{"at once", 0, false, 1, 0},
		{"the second time, a second later", 1, false, 2, time.Second},
		{"the third time, two more seconds later", 2, false, 3, 3 * time.Second},
		{"never", 9, false, 3, 3 * time.Second},
		{"it panics", 1, true, 2, time.Second},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				o := newOffice(t)
				var calls atomic.Int32
				rt := o.runtime(t, runtime.Config{Model: scripted.New(scripted.Say("Hi.")), OnRecord: func(_ context.Context, r call.Record) error {
					if !r.EndedAt.IsZero() && int(calls.Add(1)) <= tt.fails {
						if tt.panic {
							panic("the host's own")
						}
						return errors.New("not now")
					}
					return nil
				}})
				require.NoError(t, rt.Flush(t.Context()), "there is nothing to wait for")
				ctx, cancel := context.WithCancel(t.Context())
				c, err := rt.BeginChat(ctx, o.ws, incoming(runtime.Incoming{}))
				require.NoError(t, err)
				began := time.Now()
				_, err = c.End(ctx)
				require.NoError(t, err)
				cancel()
				require.Zero(t, time.Since(began), "the call does not wait")
				if tt.takes > 0 {
					soon, stop := context.WithTimeout(t.Context(), tt.takes/2)
					require.ErrorIs(t, rt.Flush(soon), context.DeadlineExceeded)
					stop()
				}
				require.NoError(t, rt.Flush(t.Context()))
				require.Equal(t, tt.takes, time.Since(began))
				require.Equal(t, tt.calls, calls.Load())
			})
		})
	}
}

func TestFlushMayBeCalledWhileCallsEnd(t *testing.T) {
	o := newOffice(t)
	rt := o.runtime(t, runtime.Config{Model: scripted.New(), OnRecord: func(context.Context, call.Record) error { return nil }})
	done := make(chan struct{})
	go func() {
		defer close(done)
		for range 50 {
			_ = rt.Flush(context.Background())
		}
	}()
	for range 50 {
		c, err := rt.BeginChat(t.Context(), o.ws, incoming(runtime.Incoming{}))
		require.NoError(t, err)
		end(t, c)
	}
	<-done
}

func TestLogsHoldNoWordsOfTheCaller(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // OnRecord is tried again after seconds
		var log bytes.Buffer
		store := &flaky{Storage: memory.New()}
		o := newOfficeIn(t, store, callflow.Persona{})
		m := scripted.New(
			scripted.UseWith(o.order.ID(), "look_up", map[string]any{"number": "xyzzy"}), scripted.Fail(&model.Error{Kind: model.BadRequest, Err: errors.New("you sent xyzzy")}),
			scripted.Use(o.front.ID(), job.SendSMS), scripted.Fail(errors.New("xyzzy")))
		rt := o.runtime(t, runtime.Config{Model: m, Log: slog.New(slog.NewJSONHandler(&log, nil)), SMS: sms(new(int), errors.New("xyzzy")),
			Actions:  []runtime.Action{lookUp(func(context.Context, runtime.CallInfo, json.RawMessage) (json.RawMessage, error) { panic("xyzzy") })},
			OnRecord: func(context.Context, call.Record) error { return errors.New("xyzzy") }})
		store.fails.Store(true)
		c, err := rt.BeginChat(t.Context(), o.ws, incoming(runtime.Incoming{Caller: call.Caller{Number: "+15550199", Name: "xyzzy"}, Values: map[string]string{"name": "xyzzy"}}))
		require.NoError(t, err)
		hear(t, c, "xyzzy")
		hear(t, c, "xyzzy")
		end(t, c)
		require.NoError(t, rt.Flush(t.Context()))
		for _, want := range []string{"record not stored", "action panicked", "model failed", `"error.type":"bad_request"`, "OnRecord failed"} {
			require.Contains(t, log.String(), want)
		}
		require.NotContains(t, log.String(), "xyzzy")
		require.NotContains(t, log.String(), "Hi there")
		require.NotContains(t, log.String(), "+15550199")
	})
}
