package runtime_test

import (
	"context"
	"fmt"
	"sync"
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
	"github.com/sonajobs/sona/runtime/model/scripted"
	"github.com/sonajobs/sona/storage"
	"github.com/sonajobs/sona/storage/memory"
)

func TestACallThatIsAnnouncedTwiceBeginsOnce(t *testing.T) {
	for _, tt := range []struct {
		name  string
		until func(*testing.T, office, *runtime.Chat) // what has become of the first call
	}{
		{"while the first goes on", func(*testing.T, office, *runtime.Chat) {}},
		{"after the first was heard", func(t *testing.T, _ office, c *runtime.Chat) { hear(t, c, "Hi") }},
		{"when the first is over", func(t *testing.T, _ office, c *runtime.Chat) { end(t, c) }},
		{"when the first was erased", func(t *testing.T, o office, _ *runtime.Chat) {
			require.NoError(t, o.ws.EraseCall(t.Context(), "call-1"))
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { // no time passes: both begin in the same instant
				o := newOffice(t)
				m := scripted.New(scripted.Say("Hi."), scripted.Say("Yes."))
				rt := o.runtime(t, runtime.Config{Model: m})
				first, err := rt.BeginChat(t.Context(), o.ws, incoming(runtime.Incoming{ID: "call-1"}))
				require.NoError(t, err)
				tt.until(t, o, first)
				before, _ := o.ws.Call(t.Context(), "call-1")

				_, err = rt.BeginChat(t.Context(), o.ws, incoming(runtime.Incoming{ID: "call-1"}))
				require.ErrorIs(t, err, storage.ErrConflict)
				require.EqualError(t, err, `runtime: begin: call "call-1": a call with this ID was recorded before: each call needs an ID of its own, and a call that is announced twice begins once`)
				_, err = rt.Begin(t.Context(), o.ws, incoming(runtime.Incoming{ID: "call-1"}))
				require.ErrorIs(t, err, storage.ErrConflict)

				after, _ := o.ws.Call(t.Context(), "call-1")
				require.Empty(t, cmp.Diff(before, after), "what is recorded of the first call stays")
			})
		})
	}
}

func TestOfManyAnnouncementsOfACallExactlyOneBegins(t *testing.T) {
	o := newOffice(t)
	rt := o.runtime(t, runtime.Config{Model: scripted.New()})
	errs := make([]error, 8)
	var all sync.WaitGroup
	for i := range errs {
		all.Go(func() { _, errs[i] = rt.Begin(t.Context(), o.ws, incoming(runtime.Incoming{ID: "call-1"})) })
	}
	all.Wait()
	begun := 0
	for _, err := range errs {
		if err == nil {
			begun++
			continue
		}
		require.ErrorIs(t, err, storage.ErrConflict)
	}
	require.Equal(t, 1, begun)
}

func TestWhenStorageIsDownACallBeginsAllTheSame(t *testing.T) {
	store := &flaky{Storage: memory.New()}
	o := newOfficeIn(t, store, callflow.Persona{})
	store.fails.Store(true)
	c := o.chat(t, runtime.Config{Model: scripted.New(scripted.Say("Hi."))}, runtime.Incoming{ID: "call-1"})
	store.fails.Store(false)
	require.Equal(t, "Hi.", hear(t, c, "Hi"))
	require.Equal(t, []call.NoteKind{call.NoteDegraded}, kinds(end(t, c)))
	_, err := o.ws.Call(t.Context(), "call-1")
	require.NoError(t, err)
}

func TestAnIncomingSaysWhereItGoes(t *testing.T) {
	o := newOffice(t)
	rt := o.runtime(t, runtime.Config{Model: scripted.New()})
	_, err := rt.BeginChat(t.Context(), o.ws, runtime.Incoming{})
	require.EqualError(t, err, "runtime: begin: neither To nor Flow is set in Incoming: set To to the line that was called, or Flow to the flow's ID")
	_, err = rt.Begin(t.Context(), o.ws, runtime.Incoming{Caller: call.Caller{Number: "+15550199"}})
	require.ErrorContains(t, err, "neither To nor Flow is set")

	c, err := rt.BeginChat(t.Context(), o.ws, runtime.Incoming{Flow: o.flow.ID(), To: "+15550999"})
	require.NoError(t, err, "the flow counts")
	require.Equal(t, callflow.Line("+15550999"), end(t, c).Number)

	snap, err := o.ws.Snapshot(t.Context(), o.flow.ID())
	require.NoError(t, err)
	_, err = rt.ChatOn(snap, runtime.Incoming{})
	require.NoError(t, err, "a snapshot says it by itself")
}

func TestWhatTheHostHasNotConfiguredIsNotedBeforeACallerAsksForIt(t *testing.T) {
	o := newOffice(t)
	noted := func(c runtime.Config) []call.Note {
		c.Model, c.Actions = scripted.New(), []runtime.Action{lookUp(echo)}
		rt, err := runtime.New(c)
		require.NoError(t, err)
		chat, err := rt.BeginChat(t.Context(), o.ws, incoming(runtime.Incoming{}))
		require.NoError(t, err)
		begun, err := o.ws.Call(t.Context(), chat.ID())
		require.NoError(t, err)
		for i := range begun.Notes {
			begun.Notes[i].At = time.Time{}
		}
		return begun.Notes
	}
	note := func(id job.ID, action job.ActionName, text string) call.Note {
		return call.Note{Kind: call.NoteActionUnavailable, Job: id, Action: action, Text: text}
	}
	const noText = "the host sends no text messages: set Config.SMS, or take the action out of the job"
	const noTransfer = "the host transfers no calls: set Config.Transfer, or take the action out of the job"
	require.Equal(t, []call.Note{note(o.front.ID(), job.SendSMS, noText), note(o.order.ID(), job.SendSMS, noText)},
		noted(runtime.Config{Transfer: runtime.Handoff}), "once for each job that uses it")
	require.Equal(t, []call.Note{note(o.front.ID(), job.TransferCall, noTransfer), note(o.order.ID(), job.TransferCall, noTransfer)},
		noted(runtime.Config{SMS: sms(new(int), nil)}))
	require.Empty(t, noted(runtime.Config{SMS: sms(new(int), nil), Transfer: runtime.Handoff}))

	spec := o.order.Spec()
	spec.Instructions = "1. {{action send_sms text=\"One\"}}\n2. {{action send_sms text=\"Two\"}}"
	_, err := o.ws.SaveJob(t.Context(), o.order.ID(), 1, spec, "")
	require.NoError(t, err)
	require.Len(t, noted(runtime.Config{Transfer: runtime.Handoff}), 2, "however often a job uses it")

	o = newOffice(t)
	for _, j := range []job.Job{o.front, o.order} {
		spec := j.Spec()
		spec.Instructions = "1. Say hello.\n2. {{action end_call}}"
		_, err := o.ws.SaveJob(t.Context(), j.ID(), 1, spec, "")
		require.NoError(t, err)
	}
	require.Empty(t, noted(runtime.Config{}), "what no job uses need not be configured")
}

// A webhook comes twice and storage is down for one of them, or for both. Both calls go on; what is stored is of one
// of them, whole, and never a mixture.
func TestOfTwoCallsUnderOneIDTheOneThatIsStoredFirstHasTheRecord(t *testing.T) {
	for _, tt := range []struct {
		name          string
		first, second bool // storage is down when it begins
		summarizer    bool
		down          bool // and still when the second ends
		keeps         int
	}{
		{"down for the second", false, true, false, false, 0},
		{"down for the first", true, false, false, false, 1},
		{"down for both", true, true, false, false, 0},
		{"down for the second until its end", false, true, false, true, 0},
		{"down for the second, with a summary by a model", false, true, true, false, 0},
		{"down for the second until its end, with a summary by a model", false, true, true, true, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				store := &flaky{Storage: memory.New()}
				o := newOfficeIn(t, store, callflow.Persona{})
				var handed atomic.Int32
				config := runtime.Config{Ledger: runtime.StorageLedger(store), OnRecord: func(context.Context, call.Record) error {
					handed.Add(1)
					return nil
				}}
				if tt.summarizer {
					config.Summarizer = scripted.New(scripted.Say(`{"summary":["A call."],"nextSteps":[],"results":{}}`), scripted.Say(`{"summary":["A call."],"nextSteps":[],"results":{}}`))
				}
				sent := 0
				config.SMS = sms(&sent, nil)
				begin := func(down bool) *runtime.Chat {
					store.fails.Store(down)
					defer store.fails.Store(false)
					time.Sleep(time.Second)
					config.Model = scripted.New(scripted.Use(o.front.ID(), job.SendSMS), scripted.Say("Sent."))
					c, err := o.runtime(t, config).BeginChat(t.Context(), o.ws, incoming(runtime.Incoming{ID: "call-1"}))
					require.NoError(t, err)
					return c
				}
				calls := []*runtime.Chat{begin(tt.first), begin(tt.second)}
				for i, c := range calls {
					store.fails.Store(tt.down && i == 1)
					require.Equal(t, "Sent.", hear(t, c, fmt.Sprintf("I am caller %d", i)))
				}
				require.Equal(t, 1, sent, "the ledger grants it once")
				var records []call.Record
				for i, c := range calls {
					store.fails.Store(tt.down && i == 1)
					records = append(records, end(t, c))
				}
				time.Sleep(2 * time.Second)
				store.fails.Store(false)
				time.Sleep(time.Hour)

				stored, err := o.ws.Call(t.Context(), "call-1")
				require.NoError(t, err)
				require.Equal(t, call.Completed, stored.Status)
				require.Empty(t, cmp.Diff(records[tt.keeps].Turns, stored.Turns))
				require.Empty(t, cmp.Diff(records[tt.keeps].Effects, stored.Effects))
				other := records[1-tt.keeps]
				require.Contains(t, kinds(other), call.NoteDegraded, "the record of the other says so")
				require.NotZero(t, handed.Load())
			})
		})
	}
}

// A first write that arrives although it seemed to fail is the call's own.
func TestAFirstWriteThatArrivedUnseenIsTheCallsOwn(t *testing.T) {
	store := &unsure{Storage: memory.New()}
	o := newOfficeIn(t, store, callflow.Persona{})
	store.fails.Store(true)
	c := o.chat(t, runtime.Config{Model: scripted.New(scripted.Say("Hi."))}, runtime.Incoming{ID: "call-1"})
	store.fails.Store(false)
	require.Equal(t, "Hi.", hear(t, c, "Hi"))
	r := end(t, c)
	stored, err := o.ws.Call(t.Context(), "call-1")
	require.NoError(t, err)
	require.Equal(t, call.Completed, stored.Status)
	require.Empty(t, cmp.Diff(r.Turns, stored.Turns))
}

// unsure is a storage that writes a record and answers that it failed.
type unsure struct {
	storage.Storage
	fails atomic.Bool
}

func (f *unsure) Put(ctx context.Context, ws storage.WorkspaceID, docs []storage.Doc) error {
	err := f.Storage.Put(ctx, ws, docs)
	if docs[0].Kind == storage.KindCall && f.fails.Load() {
		return errDisk
	}
	return err
}
