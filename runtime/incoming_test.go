package runtime_test

import (
	"sync"
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
