package runtime_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime"
	"github.com/sonajobs/sona/runtime/model/scripted"
)

// transferring is a session whose caller has agreed to be transferred while Sona says so.
func transferring(t *testing.T, transfer runtime.Transferer, more ...scripted.Reply) (*running, *scripted.Model) {
	t.Helper()
	o := newOffice(t)
	m := scripted.New(append([]scripted.Reply{scripted.Say("Shall I transfer you?"),
		scripted.Say("I am connecting you to the desk now.").And(scripted.Use(o.front.ID(), job.TransferCall))}, more...)...)
	r := ring(t, o, runtime.Config{Model: m, Transfer: transfer})
	r.put(t, runtime.PlayedOut{}, caller("A person please"))
	r.put(t, runtime.PlayedOut{}, caller("Yes"))
	return r, m
}

func TestRule_ATransferIsCompleteWhenTheWordsBeforeItWereHeard(t *testing.T) {
	for name, inputs := range map[string][]runtime.Input{
		"after the words":                         nil,
		"when they were played":                   {runtime.PlayedOut{}},
		"when the line says that it is connected": {runtime.TransferStatus{State: runtime.TransferConnected}},
		"when the line goes with the transfer":    {runtime.HungUp{}},
		"also when the caller speaks into it":     {caller("Thanks")},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r, m := transferring(t, runtime.Handoff)
				r.put(t, inputs...)
				record := r.over(t)
				require.Equal(t, call.Transferred, record.Outcome.Kind)
				require.Equal(t, job.Target{Kind: job.TargetInbox, ID: "desk"}, record.Outcome.Target)
				require.Len(t, m.Requests(), 2)
			})
		})
	}
}

func TestRule_ATransferThatFailsOnTheLineGoesOnAndIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, m := transferring(t, runtime.Handoff, scripted.Say("Nobody answers there."), scripted.Say("Sure."))
		r.put(t, runtime.TransferStatus{Key: "of another", State: runtime.TransferFailed})
		require.Len(t, m.Requests(), 2)
		r.put(t, runtime.TransferStatus{State: runtime.TransferFailed, Reason: "no answer"})
		require.Contains(t, last(m.Requests()[2]).Text, `"ok":false,"note":"the transfer failed: no answer"`)
		require.Contains(t, note(m.Requests()[2]), "transfer_call failed.")
		valid(t, m.Requests()[2].Messages)
		r.put(t, runtime.PlayedOut{}, caller("Take a message then"))
		r.put(t, runtime.PlayedOut{}, runtime.HungUp{})
		record := r.over(t)
		require.Equal(t, call.HungUp, record.Outcome.Kind)
		require.Equal(t, "the transfer failed: no answer", record.Effects[0].Err)
		require.Equal(t, []call.NoteKind{call.NoteUnreachable}, kinds(record))
		require.Equal(t, "S: Nobody answers there.", transcript(record.Turns)[5])
	})
}

func TestRule_ATransferThatFailsBeforeItsServiceComesBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slow := runtime.TransferFunc(func(context.Context, runtime.CallInfo, job.Target) error {
			time.Sleep(5 * time.Second)
			return nil
		})
		r, _ := transferring(t, slow, scripted.Say("Nobody answers there."))
		r.put(t, runtime.TransferStatus{State: runtime.TransferFailed, Reason: "busy"})
		time.Sleep(10 * time.Second)
		r.put(t, runtime.PlayedOut{}, runtime.HungUp{})
		record := r.over(t)
		require.Equal(t, call.HungUp, record.Outcome.Kind)
		require.Equal(t, "the transfer failed: busy", record.Effects[0].Err)
		require.True(t, record.Effects[0].Done)
	})
}

// Some lines tell sooner than the service that was asked: then the service has no say any more.
func TestRule_ATransferThatTheLineConfirmsBeforeItsServiceComesBack(t *testing.T) {
	for _, err := range []error{nil, errors.New("busy")} {
		synctest.Test(t, func(t *testing.T) {
			slow := runtime.TransferFunc(func(context.Context, runtime.CallInfo, job.Target) error {
				time.Sleep(5 * time.Second)
				return err
			})
			r, m := transferring(t, slow, scripted.Say("Nobody answers there."))
			r.put(t, runtime.TransferStatus{State: runtime.TransferConnected})
			record := r.over(t)
			require.Equal(t, call.Transferred, record.Outcome.Kind)
			require.Equal(t, []time.Duration{5 * time.Second}, r.line.ended, "at once, without waiting for words")
			require.True(t, record.Effects[0].Done)
			require.Empty(t, record.Effects[0].Err)
			require.Empty(t, record.Notes)
			require.Equal(t, 1, m.Left())
		})
	}
}

func TestRule_ALineThatGoesBeforeTheTransferIsConfirmedWasTransferred(t *testing.T) {
	for _, tt := range []struct {
		err  error
		want call.OutcomeKind
	}{{nil, call.Transferred}, {errors.New("busy"), call.HungUp}} {
		synctest.Test(t, func(t *testing.T) {
			r, _ := transferring(t, runtime.TransferFunc(func(context.Context, runtime.CallInfo, job.Target) error {
				time.Sleep(5 * time.Second)
				return tt.err
			}))
			r.put(t, runtime.HungUp{})
			record := r.over(t)
			require.Equal(t, tt.want, record.Outcome.Kind)
			require.Equal(t, []time.Duration{5 * time.Second}, r.line.ended, "End tells how it ended")
			require.True(t, record.Effects[0].Done)
		})
	}
}
