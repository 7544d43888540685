package runtime_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime"
	"github.com/sonajobs/sona/runtime/model/scripted"
)

// exchange is what Sona says under the mark of the office's first job, and what the caller answers.
type exchange struct{ sona, caller string }

// talk holds a call of these exchanges and returns its record.
func (o office) talk(t *testing.T, exchanges ...exchange) call.Record {
	t.Helper()
	var replies []scripted.Reply
	for _, x := range exchanges {
		replies = append(replies, scripted.Follow(o.front.ID(), "1", x.sona))
	}
	c := o.chat(t, runtime.Config{Model: scripted.New(append(replies, scripted.Say("Thank you."))...)}, runtime.Incoming{})
	hear(t, c, "I have a  question")
	for _, x := range exchanges {
		hear(t, c, x.caller)
	}
	return end(t, c)
}

func TestASummaryHasTheVendorsShape(t *testing.T) {
	o := newOffice(t)
	r := o.talk(t, exchange{"What is your name?", "My name is Ann."}, exchange{"How many guests?", "Four, please"}, exchange{"Are you a member?", "Yes, I am"})
	raw, err := json.Marshal(r.Summary)
	require.NoError(t, err)
	require.JSONEq(t, `{
		"status": "completed",
		"summary": ["The caller said: “I have a question”", "Job used: Front desk.", "The caller hung up."],
		"nextSteps": [],
		"jobs": [{"icon": "", "name": "Front desk", "result": {"data": [
			{"name": "Name", "value": "Ann"}, {"name": "Guests", "value": 4}, {"name": "Member", "value": true}]}}]
	}`, string(raw))
}

func TestASummaryOfACallOfNothingHasTheShapeToo(t *testing.T) {
	o := newOffice(t)
	raw, err := json.Marshal(end(t, o.chat(t, runtime.Config{Model: scripted.New()}, runtime.Incoming{})).Summary)
	require.NoError(t, err)
	require.JSONEq(t, `{"status": "completed", "summary": ["The caller hung up."], "nextSteps": [], "jobs": []}`, string(raw))
}

func TestResultsAreTypedAndWhatIsNotKnownIsNull(t *testing.T) {
	for _, tt := range []struct {
		name      string
		exchanges []exchange
		want      []any // Name, Guests, Member
	}{
		{"nothing was asked", []exchange{{"Hm?", "Hm"}}, []any{nil, nil, nil}},
		{"a number in words, a no", []exchange{{"How many guests?", "There are twelve of us"}, {"Are you a member?", "No, sorry"}}, []any{nil, 12.0, false}},
		{"what is no number is none", []exchange{{"How many guests?", "A few"}, {"Are you a member?", "What is that?"}}, []any{nil, nil, nil}},
		{"asked in other words", []exchange{{"Lovely. And how many guests will there be?", "3"}, {"May I have your name?", "it's Ann"}}, []any{"Ann", 3.0, nil}},
		{"the last question of several", []exchange{{"Is it for tonight? What is your name?", "Ann"}}, []any{"Ann", nil, nil}},
		{"a statement that asks", []exchange{{"Please tell me your name.", "Ann"}}, []any{"Ann", nil, nil}},
		{"a later answer corrects", []exchange{{"What is your name?", "Ann"}, {"Sorry, what is your name again?", "Anna"}}, []any{"Anna", nil, nil}},
		{"a yes confirms what is read back", []exchange{{"What is your name?", "Ann"}, {"Your name is Ann, is that your name?", "Yes, that's right."}}, []any{"Ann", nil, nil}},
		{"a no corrects what is read back", []exchange{{"What is your name?", "Ann"}, {"Your name is Ann, is that your name?", "No, it's Anna."}}, []any{"Anna", nil, nil}},
		{"a number is corrected", []exchange{{"How many guests?", "Four"}, {"So how many guests, four?", "No, five"}}, []any{nil, 5.0, nil}},
		{"a bare no takes nothing back", []exchange{{"What is your name?", "Ann"}, {"What is your full name?", "No."}}, []any{"Ann", nil, nil}},
		{"declined", []exchange{{"What is your name?", "I'd rather not say"}}, []any{nil, nil, nil}},
		{"declined in one word", []exchange{{"What is your name?", "No."}}, []any{nil, nil, nil}},
		{"declined, with more words", []exchange{{"What is your name?", "No, really"}}, []any{nil, nil, nil}},
		{"not to be had", []exchange{{"What is your name?", "I don't know"}}, []any{nil, nil, nil}},
		{"a refusal in the middle of words is none", []exchange{{"What is your name?", "Wo-not Ann"}}, []any{"Wo-not Ann", nil, nil}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := newOffice(t).talk(t, tt.exchanges...)
			var got []any
			for _, d := range r.Summary.Jobs[0].Result.Data {
				got = append(got, d.Value)
			}
			require.Empty(t, cmp.Diff(tt.want, got))
			next := []string{}
			if tt.want[0] == nil {
				next = append(next, "Ask the caller for Name (Front desk).")
			}
			require.Equal(t, next, r.Summary.NextSteps, "a required result that is missing is left to do")
		})
	}
}

func TestAnswersBelongToTheJobTheyWereGivenTo(t *testing.T) {
	o := newOffice(t)
	spec := o.order.Spec()
	spec.Results = []job.Field{{Name: "Name", Ask: "What is your name?"}}
	_, err := o.ws.SaveJob(t.Context(), o.order.ID(), 1, spec, "")
	require.NoError(t, err)
	c := o.chat(t, runtime.Config{Model: scripted.New(
		scripted.Follow(o.front.ID(), "1", "What is your name?"), scripted.Follow(o.order.ID(), "1", "What is your name?"), scripted.Say("What is your name?"), scripted.Say("Thanks."),
	)}, runtime.Incoming{})
	for _, say := range []string{"Hi", "Ann", "Bob", "Cid"} {
		hear(t, c, say)
	}
	r := end(t, c)
	require.Equal(t, []call.JobResult{
		{Name: "Front desk", Result: call.Result{Data: []call.Datum{{Name: "Name", Value: "Ann"}, {Name: "Guests"}, {Name: "Member"}}}},
		{Name: "Find an order", Result: call.Result{Data: []call.Datum{{Name: "Name", Value: "Bob"}}}},
	}, r.Summary.Jobs, "an answer to a question that belongs to neither is nobody's")
}

func TestWithOneJobInUseQuestionsWithoutAMarkAreIts(t *testing.T) {
	o := newOffice(t)
	c := o.chat(t, runtime.Config{Model: scripted.New(scripted.Follow(o.front.ID(), "1", "Sure."), scripted.Say("What is your name?"), scripted.Say("Thanks."))}, runtime.Incoming{})
	for _, say := range []string{"Hi", "A table", "Ann"} {
		hear(t, c, say)
	}
	value, ok := end(t, c).Summary.Get("Front desk", "Name")
	require.True(t, ok)
	require.Equal(t, "Ann", value)
}

func TestEveryEndIsTold(t *testing.T) {
	for _, kind := range []call.OutcomeKind{call.Transferred, call.Voicemail, call.Ended, call.HungUp, call.NoInput, call.TimeLimit, call.Fallback, call.Failed} {
		o := newOffice(t)
		s := o.session(t, runtime.Config{Model: scripted.New()})
		require.NoError(t, s.Put(runtime.Finish{Outcome: call.Outcome{Kind: kind}}))
		r, err := s.Run(t.Context(), newLine(s))
		require.NoError(t, err)
		require.NotEmpty(t, r.Summary.Summary[len(r.Summary.Summary)-1], kind)
		require.Equal(t, kind.Exit(), r.Outcome.Exit)
	}
}

func TestManyEffectsLeaveTheStateNoteShort(t *testing.T) {
	o := newOffice(t)
	var replies []scripted.Reply
	for i := range 40 {
		replies = append(replies, scripted.Follow(o.order.ID(), "1", "One moment.").And(scripted.UseWith(o.order.ID(), "look_up", map[string]any{"number": fmt.Sprint(i)})), scripted.Say("[J2.1] Found."))
	}
	m := scripted.New(replies...)
	c := o.chat(t, runtime.Config{Model: m}, runtime.Incoming{})
	for range 40 {
		hear(t, c, "And the next?")
	}
	newest := note(m.Requests()[79])
	require.LessOrEqual(t, len(newest), 360)
	require.Contains(t, newest, "State: In hand: job J2, step 1. look_up is done.", "the job in hand always stays")
	require.Len(t, end(t, c).Effects, 40)
}
