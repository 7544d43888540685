package harness_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/examples/harness"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime"
	"github.com/sonajobs/sona/runtime/mockcall"
	"github.com/sonajobs/sona/runtime/model"
	"github.com/sonajobs/sona/runtime/model/scripted"
	"github.com/sonajobs/sona/storage"
	"github.com/sonajobs/sona/storage/memory"
)

// The first tests rehearse: no model is asked, and a job that cannot be walked to its end is found.

func TestATableIsBooked(t *testing.T) {
	d := open(t)
	r := d.call(t, mockcall.Config{Caller: mockcall.Script("I'd like to book a table.", "Next Friday.", "Four.", "Jane Doe.")})
	mockcall.Assert(t, r,
		mockcall.Uses(d.Table.ID()),
		mockcall.Asks("how many guests"),
		mockcall.Once(harness.BookTable, mockcall.Equal("area", "terrace")),
		mockcall.Before(harness.BookTable, job.EndCall),
		mockcall.Collected("Book a table", "Day", "Next Friday"),
		mockcall.Collected("Book a table", "Guests", 4),
		mockcall.Collected("Book a table", "Name", "Jane Doe"),
		mockcall.Ends(call.Ended),
		mockcall.Turns(10),
		says("The table is booked."),
	)
}

func TestACallerWhoKeepsTheirNameGetsATableToo(t *testing.T) {
	d := open(t)
	r := d.call(t, mockcall.Config{Caller: mockcall.Script("Please reserve a table.", "Tomorrow.", "Two.", "I'd rather not say.")})
	mockcall.Assert(t, r,
		mockcall.Once(harness.BookTable),
		mockcall.Collected("Book a table", "Name", nil),
		mockcall.Ends(call.Ended),
	)
}

func TestTheManagerIsFetchedForThoseWhoWantIt(t *testing.T) {
	d := open(t)
	r := d.call(t, mockcall.Config{Caller: mockcall.Script("I want to speak to the manager.", "Yes.")})
	mockcall.Assert(t, r, mockcall.Once(job.TransferCall, mockcall.To("member:manager/front")), mockcall.Ends(call.Transferred))

	r = d.call(t, mockcall.Config{Caller: mockcall.Script("I want to speak to the manager.", "No, thanks.")})
	mockcall.Assert(t, r, mockcall.Never(job.TransferCall), mockcall.Ends(call.Ended), says("The manager calls back."))
}

// Faults show what a caller hears when something outside does not work.

func TestATextThatFailsIsNotClaimed(t *testing.T) {
	d := open(t)
	r := d.call(t, mockcall.Config{
		Caller: mockcall.Script("What is on the menu?"),
		Faults: map[job.ActionName]error{job.SendSMS: &runtime.SMSError{Reason: runtime.SMSLandline}},
	})
	mockcall.Assert(t, r, mockcall.Exactly(0, job.SendSMS), says("could not be sent"), mockcall.Ends(call.Ended))

	r = d.call(t, mockcall.Config{
		Caller: mockcall.Script("A table, please.", "Tonight.", "Six.", "Jane Doe."),
		Faults: map[job.ActionName]error{harness.BookTable: errors.New("all tables are taken")},
	})
	mockcall.Assert(t, r, mockcall.Exactly(0, harness.BookTable), neverSays("is booked"), mockcall.Ends(call.Ended))
}

// A candidate is an edit that nobody saved. A saved one would be live at once, so this is the way to try it.

func TestAnEditIsTriedBeforeItIsSaved(t *testing.T) {
	d := open(t)
	spec := d.Table.Spec()
	spec.Instructions = strings.Replace(spec.Instructions, "4. Book", "4. Ask whether a child seat is needed.\n5. Book", 1)
	spec.Instructions = strings.NewReplacer("5. Tell", "6. Tell", "6. Thank", "7. Thank", "go to step 6", "go to step 7").Replace(spec.Instructions)
	candidate, err := d.Table.With(spec)
	if err != nil {
		t.Fatal(err)
	}

	caller := mockcall.Script("Book a table, please.", "Sunday.", "Three.", "Jane Doe.", "Yes.")
	tried := d.call(t, mockcall.Config{Caller: caller, Candidates: []job.Job{candidate}})
	mockcall.Assert(t, tried, mockcall.Asks("child seat"), mockcall.Once(harness.BookTable), mockcall.Ends(call.Ended))

	// The library has the old text, and so have calls without the candidate.
	saved, err := d.workspace.Job(t.Context(), d.Table.ID())
	if err != nil {
		t.Fatal(err)
	}
	if !saved.Equal(d.Table) {
		t.Errorf("the mock call changed the library: %v", saved)
	}
	now := d.call(t, mockcall.Config{Caller: caller})
	if mockcall.Asks("child seat")(now) == nil {
		t.Error("the candidate is asked for without being given")
	}
	for r, err := range d.workspace.Calls(t.Context(), storage.CallQuery{Tests: true}) {
		t.Errorf("a mock call was stored: %s, %v", r.ID, err)
	}
}

// A scripted model plays what a language model might do, also what it should not.

func TestTheBookingHoldsWhatTheModelFilledInAndWhatTheJobFixed(t *testing.T) {
	d := open(t)
	m := scripted.New(
		scripted.Follow(d.Table.ID(), "1", "For which day?"),
		scripted.Follow(d.Table.ID(), "4", "One moment.").And(scripted.UseWith(d.Table.ID(), harness.BookTable,
			map[string]any{"area": "inside", "day": "Friday", "guests": 4})),
		scripted.Follow(d.Table.ID(), "6", "Booked. Goodbye!").And(scripted.Use(d.Table.ID(), job.EndCall)),
	)
	r := d.call(t, mockcall.Config{Model: m, Caller: mockcall.Script("A table for four.", "Friday.")})
	mockcall.Assert(t, r,
		mockcall.Once(harness.BookTable, mockcall.Equal("area", "terrace"), mockcall.Equal("day", "Friday"), mockcall.Equal("guests", 4)),
		mockcall.Ends(call.Ended),
	)
	if m.Left() > 0 {
		t.Errorf("%d replies were not asked for", m.Left())
	}
	if got := r.Record.Turns[2].Step; got != "1" {
		t.Errorf("the first question belongs to step %q", got)
	}
}

func TestAModelThatDoesNotAskFirstTransfersNobody(t *testing.T) {
	d := open(t)
	m := scripted.New(
		scripted.Use(d.Manager.ID(), job.TransferCall),
		scripted.Follow(d.Manager.ID(), "1", "Shall I transfer you to the manager?"),
		scripted.Say("I am connecting you.").And(scripted.Use(d.Manager.ID(), job.TransferCall)),
	)
	r := d.call(t, mockcall.Config{Model: m, Caller: mockcall.Script("Get me the manager!", "Yes.")})
	mockcall.Assert(t, r, mockcall.Once(job.TransferCall), mockcall.Ends(call.Transferred))

	// What the model was told about its first, premature call.
	told := slices.DeleteFunc(m.Requests()[1].Messages, func(msg model.Message) bool { return msg.Role != model.Tool })
	if len(told) != 1 || !strings.Contains(told[0].Text, "ask") {
		t.Errorf("the model was told %+v", told)
	}
}

// Live carries the host's own function out, marked as a test towards it.

func TestTheActionItselfMakesABooking(t *testing.T) {
	d := open(t)
	booked := map[string]harness.Booking{}
	m := scripted.New(
		scripted.UseWith(d.Table.ID(), harness.BookTable, map[string]any{"day": "Friday", "guests": 4}),
		scripted.Say("Booked. Goodbye!").And(scripted.Use(d.Table.ID(), job.EndCall)),
	)
	r, err := mockcall.Run(t.Context(), d.workspace, mockcall.Config{
		Flow: d.Flow, Model: m, Caller: mockcall.Script("A table for four on Friday."), Live: true,
		Actions: harness.Actions(func(_ context.Context, key string, b harness.Booking) error {
			booked[key] = b
			return nil
		}),
	})
	if err != nil {
		t.Fatal(err)
	}
	mockcall.Assert(t, r, mockcall.Once(harness.BookTable))
	if want := (harness.Booking{Area: "terrace", Day: "Friday", Guests: 4}); len(booked) != 1 || booked[r.Record.Effects[0].Key] != want {
		t.Errorf("booked %+v, not %+v", booked, want)
	}
}

// A check that cannot fail checks nothing.

func TestTheChecksCanFail(t *testing.T) {
	d := open(t)
	r := d.call(t, mockcall.Config{Caller: mockcall.Script("Please send me the menu.", "Yes.")})
	mockcall.Assert(t, r, mockcall.Once(job.SendSMS), mockcall.Ends(call.Ended))

	for _, c := range []struct {
		check mockcall.Check
		names string // what its error is about
	}{
		{mockcall.Ends(call.Voicemail), "voicemail"},
		{mockcall.Uses(d.Table.ID()), "Book a table"},
		{mockcall.Exactly(2, job.SendSMS), "send_sms"},
		{mockcall.Once(job.SendSMS, mockcall.Equal("text", "Hello")), "text"},
		{mockcall.Never(job.EndCall), "end_call"},
		{mockcall.Did(job.TransferCall), "transfer_call"},
		{mockcall.Before(job.EndCall, job.SendSMS), "end_call"},
		{mockcall.Asks("how many guests"), "how many guests"},
		{mockcall.Turns(1), "1"},
		{mockcall.Collected("Book a table", "Guests", 4), "Guests"},
		{says("The table is booked."), "The table is booked."},
	} {
		err := c.check(r)
		if err == nil || !strings.Contains(err.Error(), c.names) {
			t.Errorf("the error of the check about %q: %v", c.names, err)
		}
	}
}

// says is a check of the host's own. It looks for words; the better checks look at effects and results.
func says(words string) mockcall.Check {
	return func(r *mockcall.Result) error {
		for _, turn := range r.Record.Turns {
			if turn.By == call.ByAgent && strings.Contains(turn.Heard(), words) {
				return nil
			}
		}
		return fmt.Errorf("no turn of Sona has the words %q", words)
	}
}

func neverSays(words string) mockcall.Check {
	return func(r *mockcall.Result) error {
		if says(words)(r) == nil {
			return fmt.Errorf("a turn of Sona has the words %q", words)
		}
		return nil
	}
}

// desk is a workspace of its own for each test.
type desk struct {
	harness.Desk
	workspace *storage.Workspace
}

func open(t *testing.T) desk {
	t.Helper()
	ws := storage.Open(memory.New(), "trattoria")
	d, err := harness.Open(t.Context(), ws)
	if err != nil {
		t.Fatal(err)
	}
	return desk{d, ws}
}

// call rehearses the draft. The host's actions are dry.
func (d desk) call(t *testing.T, c mockcall.Config) *mockcall.Result {
	t.Helper()
	c.Flow = d.Flow
	c.Actions = harness.Actions(func(context.Context, string, harness.Booking) error {
		t.Error("a dry call books a table")
		return nil
	})
	r, err := mockcall.Run(t.Context(), d.workspace, c)
	if err != nil {
		t.Fatal(err)
	}
	return r
}
