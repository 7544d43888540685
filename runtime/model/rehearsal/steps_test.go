package rehearsal_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/callflow/knowledge"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime/mockcall"
)

// walked runs a job of the name "Callback" with these steps and returns what Sona said after its greeting.
func walked(t *testing.T, steps string, says ...string) (*mockcall.Result, []string) {
	t.Helper()
	j := newJob(t, job.Spec{Name: "Callback", Instructions: "This job arranges a callback.\n" + steps,
		Results: []job.Field{{Name: "callback number", Type: job.PhoneField}}})
	r := rehearse(t, mockcall.Script(append([]string{"a callback please"}, says...)...), nil, j)
	lines := []string{}
	for _, s := range r.Record.Turns {
		if s.By == call.ByAgent {
			lines = append(lines, s.Heard())
		}
	}
	return r, lines[1:]
}

func TestWhatIsReadBackCanBeCorrected(t *testing.T) {
	const steps = "1. Ask for the callback number.\n2. Read the number back.\n3. Ask for the day."
	for _, c := range []struct {
		name  string
		says  []string
		hears []string
	}{
		{"right", []string{"555 0100", "yes"}, []string{"callback number?", "I have noted: 555 0100. Is that right?", "the day?"}},
		{"corrected at once", []string{"555 0100", "no, 555 0199"}, []string{"callback number?", "555 0100", "the day?"}},
		{"wrong, and asked again", []string{"555 0100", "no", "555 0199"}, []string{"callback number?", "555 0100", "Sorry. Could you tell me the callback number?", "the day?"}},
		{"right, and more", []string{"555 0100", "yes, and 555 0199 in the evening"}, []string{"callback number?", "555 0100", "the day?"}},
		{"nothing to read back", []string{"I don't have one"}, []string{"callback number?", "the day?"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, said := walked(t, steps, c.says...)
			for i, want := range c.hears {
				require.Contains(t, said[i], want, strings.Join(said, "\n"))
			}
		})
	}
}

func TestACallbackThatIsPromisedIsSaid(t *testing.T) {
	r, said := walked(t, "1. Say that the manager calls back.\n2. Ask for the callback number.\n3. Say that the manager calls back tomorrow.", "555 0100")
	require.Equal(t, []string{"The manager calls back. Could you tell me the callback number?", "The manager calls back tomorrow. Is there anything else I can do for you?"}, said)
	mockcall.Assert(t, r, mockcall.Uses(r.Prompt.Plan.Jobs[0].Job.ID()))
}

func TestARequiredResultThatNoStepAsksForIsAskedBeforeTheEnd(t *testing.T) {
	j := newJob(t, job.Spec{Name: "Register", Instructions: "This job registers a caller.\n1. Say that this takes a minute.\n2. Say goodbye: {{action end_call}}",
		Results: []job.Field{{Name: "shoe_size", Type: job.NumberField, Required: true}, {Name: "member", Type: job.YesNoField, Required: true, Ask: "Are you a member?"}, {Name: "hobby"}}})
	r := rehearse(t, mockcall.Script("register me", "42", "yes"), nil, j)
	mockcall.Assert(t, r, mockcall.Collected("Register", "shoe_size", 42), mockcall.Collected("Register", "member", true), mockcall.Collected("Register", "hobby", nil),
		mockcall.Ends(call.Ended))
	require.Equal(t, "This takes a minute. Could you tell me the shoe size?", says(r)[1])
}

func TestStepsBranchOnWhatTheCallerAnswers(t *testing.T) {
	for _, c := range []struct {
		name, steps string
		says        []string
		hears       []string
	}{
		{"yes goes on elsewhere", "1. Ask whether it is urgent.\n   - If the caller says yes, go to step 3.\n2. Ask for the day.\n3. Ask for the street.",
			[]string{"yes"}, []string{"urgent?", "the street?"}},
		{"no goes on", "1. Ask whether it is urgent.\n   - If the caller says yes, go to step 3.\n2. Ask for the day.\n3. Ask for the street.",
			[]string{"no"}, []string{"urgent?", "the day?"}},
		{"a step under a condition is passed over", "1. Ask whether they want a visit.\n2. If the caller agreed, ask for the street.\n3. Ask for the day.",
			[]string{"no"}, []string{"a visit?", "the day?"}},
		{"a step for those who said no", "1. Ask whether they want a visit.\n2. If the caller does not want one, ask for the email.\n3. Ask for the day.",
			[]string{"yes"}, []string{"a visit?", "the day?"}},
		{"a step that does not exist is passed over", "1. Ask whether it is urgent.\n   - If the caller says yes, go to step 9.\n2. Ask for the day.",
			[]string{"yes"}, []string{"urgent?", "the day?"}},
		{"bullets without numbers", "- Ask for the day.\n- Ask for the street.", []string{"Friday"}, []string{"the day?", "the street?"}},
		{"a branch that acts", "1. Ask whether they want to record it.\n   - If the caller agrees, {{action voicemail}}\n2. Ask for the day.",
			[]string{"yes"}, []string{"record it?", "Please leave your message after the tone."}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, said := walked(t, c.steps, c.says...)
			for i, want := range c.hears {
				require.Contains(t, said[i], want, strings.Join(said, "\n"))
			}
		})
	}
}

func TestTheQuestionBeforeATransferIsItsConsent(t *testing.T) {
	const steps = "1. Ask whether the caller wants to speak with sales now.\n2. {{action transfer_call to=\"inbox:sales\"}}\n3. Ask for the day."
	r, said := walked(t, steps, "yes, please")
	mockcall.Assert(t, r, mockcall.Ends(call.Transferred))
	require.Equal(t, "I am connecting you now.", said[1])

	const branch = "1. Ask for the day.\n   - If the caller would like it, {{action transfer_call to=\"inbox:sales\"}}\n2. Ask for the street."
	_, said = walked(t, branch, "Friday")
	require.Contains(t, said[1], "the street?", "a condition that cannot be told is not taken for granted")
}

func TestATransferThatFailsIsToldAndTheJobGoesOn(t *testing.T) {
	j := newJob(t, job.Spec{Name: "Callback", Instructions: "This job arranges a callback.\n1. {{action transfer_call to=\"inbox:sales\"}}\n   - If the transfer fails, go to step 3.\n2. Ask for the day.\n3. Ask for the street."})
	r, err := mockcall.RunOn(t.Context(), step(t, nil, j), mockcall.Config{Caller: mockcall.Script("a callback please", "yes"),
		Faults: map[job.ActionName]error{job.TransferCall: errBusy}})
	require.NoError(t, err)
	require.Contains(t, says(r)[len(says(r))-1], "I am sorry, I cannot connect you right now. Could you tell me the street?")
}

func TestAQuestionOfTheCallerIsAnsweredWhereverTheJobStands(t *testing.T) {
	page, err := knowledge.New(knowledge.Spec{Title: "Hours", Text: "We are open from 8 am to 6 pm."})
	require.NoError(t, err)
	j := newJob(t, job.Spec{Name: "Callback", Instructions: "This job arranges a callback.\n1. Ask for the callback number.\n2. Read the number back.\n3. {{action send_sms text=\"Thanks\"}}\n4. Ask for the day."})
	r := rehearse(t, mockcall.Script("a callback please", "555 0100", "When are you open?", "yes", "When do you open?", "yes", "When do you open?"), []knowledge.Page{page}, j)
	said := strings.Join(says(r), "\n")
	require.Contains(t, said, "We are open from 8 am to 6 pm. Shall we go on?")
	require.Contains(t, said, "We are open from 8 am to 6 pm. Did the text arrive?")
	require.Contains(t, said, "We are open from 8 am to 6 pm. Could you tell me the day?")
}

func TestAfterTheJobThereMayBeMore(t *testing.T) {
	j := newJob(t, job.Spec{Name: "Callback", Instructions: "This job arranges a callback.\n1. Ask for the day."})
	r := rehearse(t, mockcall.Script("a callback please", "Friday", "yes", "another callback", "Monday", "no, thanks"), nil, j)
	said := strings.Join(says(r), "\n")
	require.Contains(t, said, "What is it?")
	require.Equal(t, 2, strings.Count(said, "Could you tell me the day?"))
	require.Contains(t, said, "Goodbye.")

	ends := newJob(t, job.Spec{Name: "Callback", Instructions: "This job arranges a callback.\n1. Ask for the day.\n\nIf the caller is rude, {{action end_call}}"})
	r = rehearse(t, mockcall.Script("a callback please", "Friday", "no, thanks"), nil, ends)
	mockcall.Assert(t, r, mockcall.Ends(call.Ended), mockcall.Once(job.EndCall))
}
