package call_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/job"
)

// desk is a flow with a Sona step, and its only job "Take a message".
type desk struct {
	flow    callflow.Flow
	message job.Job
	lead    job.Job
}

func newDesk(t *testing.T, publish bool, attach ...string) desk {
	t.Helper()
	d := desk{message: makeJob(t, "Take a message", "The caller wants to leave a message for somebody.",
		"This job takes a message.\n1. Ask for the message.\n2. Text a receipt: {{action send_sms text=\"Thanks\"}}\n3. {{action transfer_call to=\"inbox:desk\"}}"),
		lead: makeJob(t, "Qualify a lead", "The caller wants a price for our work.", "This job qualifies a lead.\n1. Ask for the budget.")}
	f, err := callflow.New(callflow.Simple("desk", "+15550100", callflow.SonaStep{}))
	require.NoError(t, err)
	f, err = f.EditDraft(func(dr *callflow.Draft) error {
		for _, name := range attach {
			id := d.message.ID()
			if name == "lead" {
				id = d.lead.ID()
			}
			if err := dr.Attach(callflow.Sona, id); err != nil {
				return err
			}
		}
		return nil
	})
	require.NoError(t, err)
	if publish {
		f, err = f.Publish(time.Unix(0, 0), "ann")
		require.NoError(t, err)
	}
	d.flow = f
	return d
}

func makeJob(t *testing.T, name, intent, instructions string) job.Job {
	t.Helper()
	j, err := job.New(job.Spec{Name: name, CallerIntent: intent, Instructions: instructions})
	require.NoError(t, err)
	return j
}

// now is the flow as it stands.
func (d desk) now() callflow.Snapshot {
	v := d.flow.Draft()
	if p, ok := d.flow.Published(); ok {
		v = p
	}
	return callflow.NewSnapshot(d.flow, v, []job.Job{d.message, d.lead}, nil, callflow.Settings{})
}

// record is a call on the Sona step with these jobs attached, on which the caller said this.
func (d desk) record(said string, used []job.ID, jobs ...job.Job) call.Record {
	r := call.Record{Step: callflow.Sona, Version: 1, Jobs: map[job.ID]int{}, Used: used, Outcome: call.Outcome{Kind: call.HungUp}}
	for _, j := range jobs {
		r.Jobs[j.ID()] = 1
	}
	if said != "" {
		r.Turns = []call.Turn{{By: call.ByAgent, Text: "Hello."}, {By: call.ByCaller, Text: said}}
	}
	return r
}

func TestSeed_56_WhyAJobOrActionDidNotRunHasAnAnswer(t *testing.T) {
	attached := newDesk(t, true, "message", "lead")
	id := attached.message.ID()
	usedIt := []job.ID{id}

	cases := []struct {
		name string
		want call.ReasonKind
		desk func() desk
		call func(d desk) call.Record
	}{
		{"it is not attached in the live flow", call.NotAttached,
			func() desk { return newDesk(t, true) },
			func(d desk) call.Record { return d.record("a message please", nil) }},
		{"it is attached in the draft only", call.AttachedInDraftOnly,
			func() desk { return newDesk(t, false, "message") },
			func(d desk) call.Record { return d.record("a message please", nil) }},
		{"it was attached after the call", call.AttachedSince, nil,
			func(d desk) call.Record { return d.record("a message please", nil, d.lead) }},
		{"it was deleted when the call began", call.JobMissing, nil,
			func(d desk) call.Record {
				r := d.record("a message please", nil)
				r.Notes = []call.Note{{Kind: call.NoteMissingJob, Job: id}}
				return r
			}},
		{"the call reached no Sona step: somebody answered", call.StepNotReached, nil,
			func(desk) call.Record { return call.Record{Outcome: call.Outcome{Kind: call.Ended}} }},
		{"the call ran on another step", call.StepNotReached, nil,
			func(d desk) call.Record {
				r := d.record("a message please", nil)
				r.Step = "night"
				return r
			}},
		{"another job fits what the caller said as well", call.AnotherJobFits, nil,
			func(d desk) call.Record {
				return d.record("I want to leave a message about a price", []job.ID{d.lead.ID()}, d.message, d.lead)
			}},
		{"the caller's words have nothing in common with it", call.NothingFitted, nil,
			func(d desk) call.Record { return d.record("zebra crossing", nil, d.message) }},
		{"the caller said nothing", call.NothingFitted, nil,
			func(d desk) call.Record { return d.record("", nil, d.message) }},
		{"its action is not configured", call.ActionNotConfigured, nil,
			func(d desk) call.Record {
				r := d.record("a message please", usedIt, d.message)
				r.Notes = []call.Note{{Kind: call.NoteActionUnavailable, Job: id, Action: job.SendSMS, Text: "no sender"}}
				return r
			}},
		{"the caller declined", call.CallerDeclined, nil,
			func(d desk) call.Record {
				r := d.record("a message please", usedIt, d.message)
				r.Notes = []call.Note{{Kind: call.NoteDeclined, Job: id, Action: job.TransferCall, Text: "the caller said no"}}
				return r
			}},
		{"the target was unreachable", call.TargetUnreachable, nil,
			func(d desk) call.Record {
				r := d.record("a message please", usedIt, d.message)
				r.Effects = []call.Effect{{Job: id, Action: job.TransferCall, Err: "busy", Done: true}}
				return r
			}},
		{"the call ended before the job came to its action", call.ActionNotReached, nil,
			func(d desk) call.Record { return d.record("a message please", usedIt, d.message) }},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			d := attached
			j := d.message
			if c.desk != nil {
				d = c.desk()
				j = d.message
			}
			reasons := call.WhyNot(c.call(d), d.now(), j)
			require.NotEmpty(t, reasons)
			require.Equal(t, c.want, reasons[0].Kind, "%+v", reasons)
			require.NotEmpty(t, reasons[0].Text)
		})
	}
}

func TestAJobWithoutIntentAndGoalIsToldSo(t *testing.T) {
	d := newDesk(t, true, "message")
	bare := makeJob(t, "Stuff", "", "1. Ask for the colour.")
	reasons := call.WhyNot(d.record("a message please", nil, bare), d.now(), bare)
	require.NotEmpty(t, reasons)
	require.Equal(t, call.NoIntent, reasons[0].Kind)
}

func TestAJobThatRanWithAllItsActionsHasNoReason(t *testing.T) {
	d := newDesk(t, true, "message")
	r := d.record("a message please", []job.ID{d.message.ID()}, d.message)
	for _, a := range []job.ActionName{job.SendSMS, job.TransferCall} {
		r.Effects = append(r.Effects, call.Effect{Job: d.message.ID(), Action: a, Done: true})
	}
	require.Empty(t, call.WhyNot(r, d.now(), d.message))
	require.Empty(t, call.WhyNot(r, d.now(), job.Job{}))
}
