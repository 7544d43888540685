package mockcall_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime/mockcall"
	"github.com/sonajobs/sona/runtime/model/scripted"
)

// A check that cannot fail shows nothing: each is tried on a call that it accepts and on one that it refuses.
func TestEveryCheckCanFail(t *testing.T) {
	r := &mockcall.Result{Record: call.Record{
		Used:    []job.ID{"message"},
		Outcome: call.Outcome{Kind: call.Ended, Reason: "done"},
		Turns: []call.Turn{
			{By: call.ByAgent, Text: "What is your name?"}, {By: call.ByCaller, Text: "Ann, why do you ask?"}, {By: call.ByAgent, Text: "Thank you."}},
		Effects: []call.Effect{
			{Action: job.SendSMS, Args: json.RawMessage(`{"text":"Hi","phone":"+1 (555) 010-0199","n":2}`), Done: true},
			{Action: job.TransferCall, Target: job.Target{Kind: job.TargetInbox, ID: "sales"}, Err: "busy", Done: true},
			{Action: "book", Args: json.RawMessage(`{"day":"Friday"}`), Done: true},
			{Action: "book", Args: json.RawMessage(`{"day":"Monday"}`), Done: true},
			{Action: "slow", Args: json.RawMessage(`[]`)},
		},
		Summary: call.Summary{Jobs: []call.JobResult{{Name: "Message", Result: call.Result{Data: []call.Datum{{Name: "Guests", Value: 4.0}, {Name: "Day"}}}}}},
	}}
	for _, c := range []struct {
		name   string
		holds  mockcall.Check
		fails  mockcall.Check
		saying string
	}{
		{"Ends", mockcall.Ends(call.Ended), mockcall.Ends(call.Voicemail), `ended "ended" (done), not "voicemail"`},
		{"Uses", mockcall.Uses("message"), mockcall.Uses("lead"), `job "lead" was not used`},
		{"Did", mockcall.Did("book"), mockcall.Did(job.EndCall), "done 0 times, expected at least once"},
		{"Did, but it failed", mockcall.Did("book"), mockcall.Did(job.TransferCall), "not counted: busy"},
		{"Did, but it did not come back", mockcall.Did("book"), mockcall.Did("slow"), "did not come back"},
		{"Once", mockcall.Once(job.SendSMS), mockcall.Once("book"), "done 2 times"},
		{"Once with an argument", mockcall.Once("book", mockcall.Equal("day", "Friday")), mockcall.Once("book", mockcall.Equal("day", "Sunday")), `argument day is "Friday", not "Sunday"`},
		{"an argument that is not there", mockcall.Did("book"), mockcall.Did("book", mockcall.Equal("hour", 7)), "has no argument hour"},
		{"an argument that is no JSON", mockcall.Did("book"), mockcall.Did("book", mockcall.Equal("day", func() {})), "expected value"},
		{"arguments that are no object", mockcall.Did("book"), mockcall.Did("slow", mockcall.Equal("x", 1)), "did not come back"},
		{"a number", mockcall.Once(job.SendSMS, mockcall.Equal("n", 2)), mockcall.Once(job.SendSMS, mockcall.Equal("n", "2")), "argument n"},
		{"a phone number", mockcall.Once(job.SendSMS, mockcall.Phone("phone", "+15550100199")), mockcall.Once(job.SendSMS, mockcall.Phone("phone", "+15550100198")), "not the number"},
		{"a phone number that is no text", mockcall.Did("book"), mockcall.Once(job.SendSMS, mockcall.Phone("n", "2")), "no text"},
		{"a phone number that is not there", mockcall.Did("book"), mockcall.Once("book", mockcall.Phone("n", "2")), "no argument n"},
		{"a target", mockcall.Never(job.EndCall), mockcall.Did(job.TransferCall, mockcall.To("inbox:support")), "busy"},
		{"a wrong target", mockcall.Never(job.EndCall), mockcall.Did("book", mockcall.To("inbox:support")), "not inbox:support"},
		{"an unreadable target", mockcall.Never(job.EndCall), mockcall.Did("book", mockcall.To("support")), "no transfer target"},
		{"Never", mockcall.Never(job.Voicemail), mockcall.Never(job.TransferCall), "transfer_call was tried"},
		{"Exactly", mockcall.Exactly(2, "book"), mockcall.Exactly(3, "book"), "expected 3 times"},
		{"Before", mockcall.Before(job.SendSMS, "book"), mockcall.Before("book", job.SendSMS), "did not come before"},
		{"Before with one that never was", mockcall.Before(job.SendSMS, "book"), mockcall.Before(job.SendSMS, job.EndCall), "-1 is never"},
		{"Asks", mockcall.Asks("YOUR NAME"), mockcall.Asks("why do you"), "no question of Sona"},
		{"Turns", mockcall.Turns(3), mockcall.Turns(2), "3 turns, at most 2"},
		{"Collected", mockcall.Collected("Message", "Guests", 4), mockcall.Collected("Message", "Guests", "4"), `is 4, not "4"`},
		{"Collected nothing", mockcall.Collected("Message", "Day", nil), mockcall.Collected("Message", "Hour", nil), "no result"},
	} {
		t.Run(c.name, func(t *testing.T) {
			require.NoError(t, c.holds(r))
			require.ErrorContains(t, c.fails(r), c.saying)
		})
	}
}

func TestAssertReportsWhatFailedWithTheTranscript(t *testing.T) {
	r := &mockcall.Result{Record: call.Record{Model: "rehearsal", Turns: []call.Turn{{By: call.ByCaller, Text: "Hello"}}}}
	for _, c := range []struct {
		name   string
		result *mockcall.Result
		checks []mockcall.Check
		want   string
	}{
		{"a check that fails", r, []mockcall.Check{mockcall.Ends(call.Ended), mockcall.Turns(1)}, "mock call (rehearsal):\nended"},
		{"with the transcript", r, []mockcall.Check{mockcall.Ends(call.Ended)}, "Caller: Hello"},
		{"no check", r, nil, "without a check"},
		{"no result", nil, []mockcall.Check{mockcall.Turns(1)}, "no result"},
		{"an unnamed model", &mockcall.Result{}, []mockcall.Check{mockcall.Ends(call.Ended)}, "unnamed model"},
		{"checks that hold", r, []mockcall.Check{mockcall.Turns(1)}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			var fake recorder
			mockcall.Assert(&fake, c.result, c.checks...)
			if c.want == "" {
				require.Empty(t, fake.errors)
				return
			}
			require.Contains(t, strings.Join(fake.errors, "\n"), c.want)
		})
	}
}

// What a scripted model was told wrongly is no fault of the jobs: whoever reads a failed check has to see it.
func TestAssertShowsWhatWentOtherwise(t *testing.T) {
	s := newShop(t)
	r := s.run(t, mockcall.Config{Model: scripted.New(scripted.Use("job_x", job.SendSMS)), Caller: mockcall.Script("The prices, please.")})
	r.Record.Notes = append(r.Record.Notes, call.Note{Kind: call.NoteDeclined, Job: s.link.ID(), Action: job.TransferCall, Text: "two\nlines"})
	var fake recorder
	mockcall.Assert(&fake, r, mockcall.Once(job.SendSMS))
	require.Len(t, fake.errors, 1)
	said, notes, found := strings.Cut(fake.errors[0], "note: ")
	require.True(t, found, fake.errors[0])
	require.Contains(t, said, "Caller: The prices, please.\n", "the notes stand under the transcript")
	require.Equal(t, "model: the model failed: scripted: job job_x has no action send_sms that can be carried out\n"+
		"note: declined, job \"Text the link\", transfer_call: two lines\n", notes)

	fake.errors = nil
	mockcall.Assert(&fake, &mockcall.Result{}, mockcall.Once(job.SendSMS))
	require.NotContains(t, fake.errors[0], "note")
}

func TestAResultOfACallThatNeverBeganHasNoTranscript(t *testing.T) {
	var none *mockcall.Result
	require.Empty(t, none.Transcript())
	require.Empty(t, new(mockcall.Result).Transcript())
}

// recorder is a testing.TB that keeps what is reported.
type recorder struct {
	testing.TB
	errors []string
}

func (r *recorder) Helper() {}

func (r *recorder) Errorf(format string, args ...any) {
	r.errors = append(r.errors, fmt.Sprintf(format, args...))
}
