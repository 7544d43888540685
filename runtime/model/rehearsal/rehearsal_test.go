package rehearsal_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/callflow/knowledge"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime"
	"github.com/sonajobs/sona/runtime/mockcall"
	"github.com/sonajobs/sona/runtime/model"
	"github.com/sonajobs/sona/runtime/model/rehearsal"
	"github.com/sonajobs/sona/runtime/prompt"
)

var (
	booking = job.Spec{Name: "Book a table", CallerIntent: "The caller wants to book a table for dinner.",
		Instructions: "This job books a table.\n1. Ask for the number of guests.\n2. Ask for the day.\n3. Thank the caller and say goodbye: {{action end_call}}"}
	complaint = job.Spec{Name: "Take a complaint", CallerIntent: "The caller is unhappy about the food or the service.",
		Instructions: "This job takes a complaint.\n1. Ask what went wrong.\n2. Tell the caller that the manager calls back tomorrow."}
)

func TestTheJobIsPickedByWhatTheCallerMeans(t *testing.T) {
	table, trouble := newJob(t, booking), newJob(t, complaint)
	for _, c := range []struct {
		name, says string
		used       []job.ID
		answer     string
	}{
		{"one job fits", "I'd like to book a table for four", []job.ID{table.ID()}, "Could you tell me the number of guests?"},
		{"the other job fits", "I was unhappy with the service", []job.ID{trouble.ID()}, "Could you tell me what went wrong?"},
		{"no job fits", "zebra crossing", nil, "I can help with “Book a table”, “Take a complaint”. Which one is it?"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := rehearse(t, mockcall.Script(c.says), nil, table, trouble)
			require.Equal(t, c.used, r.Record.Used)
			require.Contains(t, says(r)[1], c.answer)
		})
	}
}

func TestACallerWhoNamesOneOfTwoJobsGetsIt(t *testing.T) {
	table, trouble := newJob(t, booking), newJob(t, complaint)
	r := rehearse(t, mockcall.Script("zebra", "the complaint please"), nil, table, trouble)
	require.Equal(t, []job.ID{trouble.ID()}, r.Record.Used)

	for answer, want := range map[string]int{"cancel it": 0, "make one": 1, "hm": 0} {
		two := []job.Job{
			newJob(t, job.Spec{Name: "Cancel a booking", Instructions: "1. Ask for the name."}),
			newJob(t, job.Spec{Name: "Make a booking", Instructions: "1. Ask for the day."}),
		}
		r = rehearse(t, mockcall.Script("it is about a booking", answer), nil, two...)
		require.Equal(t, "Is it about “Cancel a booking”, or about “Make a booking”?", says(r)[1])
		require.Equal(t, []job.ID{two[want].ID()}, r.Record.Used, answer)
	}
}

func TestAnOnlyJobIsOfferedWhenNothingFits(t *testing.T) {
	table := newJob(t, booking)
	r := rehearse(t, mockcall.Script("hello there", "yes, exactly", "four"), nil, table)
	require.Equal(t, "I can help with “Book a table”. Is that what you need?", says(r)[1])
	require.Equal(t, []job.ID{table.ID()}, r.Record.Used)
}

func TestACallerWhomNothingFitsIsLetGo(t *testing.T) {
	r := rehearse(t, mockcall.Script("zebra", "giraffe", "lion"), nil, newJob(t, booking))
	require.Contains(t, says(r)[3], "I cannot help with that. Thank you for calling. Goodbye.")
	require.Empty(t, r.Record.Used)

	r = rehearse(t, mockcall.Script("hello"), nil)
	require.Contains(t, says(r)[1], "Goodbye.")
}

func TestStepsAreWalkedInOrderAndOneThingIsAskedATime(t *testing.T) {
	r := rehearse(t, mockcall.Script("book a table", "four", "Friday"), nil, newJob(t, booking))
	require.Equal(t, []string{
		"Could you tell me the number of guests?",
		"Could you tell me the day?",
		"Thank you. Goodbye.",
	}, says(r)[1:])
	require.Equal(t, call.Ended, r.Record.Outcome.Kind)
	require.Equal(t, []string{"1", "2", "3"}, stepsOf(r))
}

func stepsOf(r *mockcall.Result) []string {
	var steps []string
	for _, t := range r.Record.Turns {
		if t.By == call.ByAgent && t.Job != "" {
			steps = append(steps, t.Step)
		}
	}
	return steps
}

func TestWhatAListNamesIsAskedOneAfterTheOther(t *testing.T) {
	j := newJob(t, job.Spec{Name: "Register", Instructions: "This job registers a caller.\n1. Ask the caller for:\n   - their name\n   - their street\n2. Say goodbye."})
	r := rehearse(t, mockcall.Script("register me", "Ann", "Elm Street"), nil, j)
	require.Equal(t, []string{"Could you tell me your name?", "Could you tell me your street?"}, says(r)[1:3])
}

func TestADeclinedQuestionIsDealtWithAsTheJobSays(t *testing.T) {
	const steps = "This job books a table.\n1. Ask for the number of guests.\n2. Ask for the day.\n"
	const no = "I'd rather not say"
	for _, c := range []struct {
		name, rule string
		hears      []string
	}{
		{"nothing said: once more, then skipped", "", []string{"number of guests", "number of guests", "the day"}},
		{"skip", "If the caller declines a question, skip it.", []string{"number of guests", "the day"}},
		{"ask once more", "If the caller declines a question, ask once more, then skip it.", []string{"number of guests", "number of guests", "the day"}},
		{"voicemail", "If the caller declines a question, send them to voicemail: {{action voicemail}}", []string{"number of guests", "leave a message after the tone"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			j := newJob(t, job.Spec{Name: "Book a table", Instructions: steps + "\n" + c.rule})
			r := rehearse(t, mockcall.Script("book a table", no, no, no, no, no), nil, j)
			said := says(r)[1:]
			for i, want := range c.hears {
				require.Contains(t, said[i], want, r.Transcript())
			}
		})
	}
}

func TestToDeclineIsNoChangeOfSubject(t *testing.T) {
	other := newJob(t, job.Spec{Name: "Change an address", CallerIntent: "The caller has a new address.", Instructions: "1. Ask for the new street."})
	r := rehearse(t, mockcall.Script("book a table", "I'd rather not say my address", "four"), nil, newJob(t, booking), other)
	require.Contains(t, says(r)[2], "number of guests", r.Transcript())
}

func TestAnswersComeFromKnowledgeAndTheQuestionIsAskedAgain(t *testing.T) {
	page, err := knowledge.New(knowledge.Spec{Title: "Opening hours", Text: "The kitchen is open from 6 pm to 10 pm.\nParking is behind the house."})
	require.NoError(t, err)
	r := rehearse(t, mockcall.Script("book a table", "Where can I find parking?", "four"), []knowledge.Page{page}, newJob(t, booking))
	require.Equal(t, "Parking is behind the house. Could you tell me the number of guests?", says(r)[2])

	r = rehearse(t, mockcall.Script("When is the kitchen open?"), []knowledge.Page{page}, newJob(t, complaint))
	require.Contains(t, says(r)[1], "The kitchen is open from 6 pm to 10 pm.")
}

func TestAChangeOfSubjectIsTakenUpAndTheFirstJobOfferedAgain(t *testing.T) {
	table, trouble := newJob(t, booking), newJob(t, complaint)
	r := rehearse(t, mockcall.Script("book a table", "Actually, first I am unhappy about the food and the service", "It was cold", "Yes", "four", "Friday"), nil, table, trouble)
	require.Equal(t, []job.ID{table.ID(), trouble.ID()}, r.Record.Used)
	require.Contains(t, says(r)[2], "Could you tell me what went wrong?")
	require.Contains(t, says(r)[3], "Shall we go back to “Book a table”?")
	require.Contains(t, says(r)[4], "number of guests")
	require.Equal(t, call.Ended, r.Record.Outcome.Kind)
}

func TestATransferIsAskedForAndOnlyAgreedOnesAreMade(t *testing.T) {
	j := newJob(t, job.Spec{Name: "Talk to sales", Instructions: "This job brings callers to sales.\n1. {{action transfer_call to=\"inbox:sales\"}}\n2. Tell the caller that sales calls back."})
	mockcall.Assert(t, rehearse(t, mockcall.Script("talk to sales", "yes please"), nil, j),
		mockcall.Ends(call.Transferred), mockcall.Once(job.TransferCall, mockcall.To("inbox:sales")), mockcall.Asks("transfer you"))
	r := rehearse(t, mockcall.Script("talk to sales", "no, thanks"), nil, j)
	mockcall.Assert(t, r, mockcall.Ends(call.HungUp), mockcall.Never(job.TransferCall))
	require.Contains(t, says(r)[2], "Sales calls back.")
}

func TestAFailedActionIsToldHonestlyAndTheJobGoesOn(t *testing.T) {
	j := newJob(t, job.Spec{Name: "Text the link", Instructions: "This job texts a link.\n1. {{action send_sms text=\"The link\"}}\n   - If the text fails, tell the caller that we email it.\n2. Ask for the name."})
	for _, c := range []struct {
		name  string
		fault error
		want  string
	}{
		{"sent", nil, "Did the text arrive?"},
		{"failed", &runtime.SMSError{Reason: runtime.SMSLandline}, "could not be sent"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, err := mockcall.RunOn(t.Context(), step(t, nil, j), mockcall.Config{Caller: mockcall.Script("text me the link", "yes", "Ann"),
				Faults: map[job.ActionName]error{job.SendSMS: c.fault}})
			require.NoError(t, err)
			require.Contains(t, strings.Join(says(r), "\n"), c.want)
			require.Contains(t, strings.Join(says(r), "\n"), "Could you tell me the name?")
		})
	}
}

func TestAnActionOfTheHostIsNamedWithArgumentsOfItsShape(t *testing.T) {
	j := newJob(t, job.Spec{Name: "Look up an order", Instructions: "This job looks up an order.\n1. Ask for the order number.\n2. {{action look_up_order}}\n3. Say goodbye."})
	schema := `{"type":"object","properties":{"number":{"type":"string"},"count":{"type":"integer"},"gift":{"type":"boolean"},"size":{"enum":["s","l"]},"tags":{"type":"array"},"extra":{"type":"object"}},"required":["number","count","gift","size","tags","extra"]}`
	action := runtime.Action{Spec: job.ActionSpec{Name: "look_up_order", Description: "Finds an order.", Parameters: json.RawMessage(schema)}, Do: mustNotRun}
	r, err := mockcall.RunOn(t.Context(), step(t, nil, j), mockcall.Config{Caller: mockcall.Script("look up my order", "A-17"), Actions: []runtime.Action{action}})
	require.NoError(t, err)
	mockcall.Assert(t, r, mockcall.Once("look_up_order", mockcall.Equal("number", "A-17"), mockcall.Equal("count", 1), mockcall.Equal("gift", true),
		mockcall.Equal("size", "s"), mockcall.Equal("tags", []any{}), mockcall.Equal("extra", map[string]any{})))
}

func TestAJobThatSendsCallersInCirclesEnds(t *testing.T) {
	j := newJob(t, job.Spec{Name: "Circle", Instructions: "This job goes in circles.\n1. Tell the caller that we are here.\n2. Say goodbye.\n   - If the caller agrees, go to step 1."})
	r := rehearse(t, mockcall.Script("circle please", "no"), nil, j)
	require.NotEmpty(t, says(r))

	loop := newJob(t, job.Spec{Name: "Loop", Instructions: "This job loops.\n1. Ask whether it works.\n   - If the caller says no, go to step 1."})
	r = rehearse(t, mockcall.Script("loop please", "no", "no", "no", "yes"), nil, loop)
	require.Contains(t, says(r)[len(says(r))-1], "anything else")
}

func TestAClosedJobIsOpenedFirst(t *testing.T) {
	long := booking
	long.Instructions += "\n" + strings.Repeat("Be kind to every caller. ", 200)
	j := newJob(t, long)
	s := step(t, nil, j)
	p, err := prompt.Build(s, callflow.Sona, prompt.Options{})
	require.NoError(t, err)
	require.Equal(t, prompt.Full, p.Plan.Kind)

	r, err := mockcall.RunOn(t.Context(), s, mockcall.Config{Caller: mockcall.Script("book a table", "four", "Friday"),
		Profile: prompt.Profile{InstructionCap: p.Tokens / 2}})
	require.NoError(t, err)
	require.Equal(t, prompt.Index, r.Prompt.Plan.Kind)
	mockcall.Assert(t, r, mockcall.Uses(j.ID()), mockcall.Ends(call.Ended))
}

func TestTheSameRequestGivesTheSameReply(t *testing.T) {
	s := step(t, nil, newJob(t, booking), newJob(t, complaint))
	p, err := prompt.Build(s, callflow.Sona, prompt.Options{})
	require.NoError(t, err)
	request := model.Request{Prompt: p, Messages: []model.Message{
		{Role: model.User, Text: "book a table"}, {Role: model.Assistant, Text: "[J1.1] …"}, {Role: model.User, Text: "four"}}}
	first, err := model.Collect(rehearsal.New().Generate(t.Context(), request), nil)
	require.NoError(t, err)
	require.Equal(t, "[J1.2] Could you tell me the day?", first.Text)
	second, err := model.Collect(rehearsal.New().Generate(t.Context(), request), nil)
	require.NoError(t, err)
	require.Equal(t, first, second)
}

func TestTwoThingsSaidInARowAreOne(t *testing.T) {
	s := step(t, nil, newJob(t, booking))
	p, err := prompt.Build(s, callflow.Sona, prompt.Options{})
	require.NoError(t, err)
	got, err := model.Collect(rehearsal.New().Generate(t.Context(), model.Request{Prompt: p, Messages: []model.Message{
		{Role: model.User, Text: "hello"}, {Role: model.User, Text: "book a table"}}}), nil)
	require.NoError(t, err)
	require.Equal(t, "[J1.1] Could you tell me the number of guests?", got.Text)
}

func TestACancelledRequestSaysSo(t *testing.T) {
	s := step(t, nil, newJob(t, booking))
	p, err := prompt.Build(s, callflow.Sona, prompt.Options{})
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = model.Collect(rehearsal.New().Generate(ctx, model.Request{Prompt: p, Messages: []model.Message{{Role: model.User, Text: "hello"}}}), nil)
	require.ErrorIs(t, err, context.Canceled)
}
