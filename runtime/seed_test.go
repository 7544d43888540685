package runtime_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime"
	"github.com/sonajobs/sona/runtime/model/rehearsal"
	"github.com/sonajobs/sona/runtime/model/scripted"
	"github.com/sonajobs/sona/storage"
	"github.com/sonajobs/sona/storage/memory"
)

func TestSeed_41_ACallHasTheLiveAttachedJobsAsTheyStandWhenItBegins(t *testing.T) {
	o := newOffice(t)
	rt := o.runtime(t, runtime.Config{Model: scripted.New()})
	begin := func() *runtime.Chat {
		c, err := rt.BeginChat(t.Context(), o.ws, incoming(runtime.Incoming{}))
		require.NoError(t, err)
		return c
	}
	inProgress := begin()

	spec := o.order.Spec()
	spec.Instructions += "\n5. Say thank you."
	_, err := o.ws.SaveJob(t.Context(), o.order.ID(), 1, spec, "")
	require.NoError(t, err)
	extra, err := o.ws.CreateJob(t.Context(), job.Spec{Name: "Extra", Instructions: "1. Wait."})
	require.NoError(t, err)
	_, err = o.ws.Attach(t.Context(), o.flow.ID(), callflow.Sona, extra.ID())
	require.NoError(t, err)
	later := begin()

	require.NotContains(t, inProgress.Prompt().Stable, "Say thank you", "a call in progress keeps what it began with")
	require.Contains(t, later.Prompt().Stable, "Say thank you", "the next call has the edit")
	require.Equal(t, map[job.ID]int{o.front.ID(): 1, o.order.ID(): 1}, end(t, inProgress).Jobs)
	require.Equal(t, map[job.ID]int{o.front.ID(): 1, o.order.ID(): 2}, end(t, later).Jobs, "what is attached in the draft only is not live")

	f, err := o.ws.Flow(t.Context(), o.flow.ID())
	require.NoError(t, err)
	_, err = o.ws.Publish(t.Context(), f.ID(), f.Revision())
	require.NoError(t, err)
	published := end(t, begin())
	require.Equal(t, map[job.ID]int{o.front.ID(): 1, o.order.ID(): 2, extra.ID(): 1}, published.Jobs)
	require.Equal(t, 2, published.Version)
}

func TestSeed_42_TheJobIsWhatTheModelTookTheCallerToMeanAndNoneIsAllowed(t *testing.T) {
	o := newOffice(t)
	c := o.chat(t, runtime.Config{Model: scripted.New(
		scripted.Say("[J0] I cannot help with that."),
		scripted.Follow(o.order.ID(), "1", "Which number?"),
		scripted.Say("And which year?"),
		scripted.Say("[J9.4] Hm."),
	)}, runtime.Incoming{})
	hear(t, c, "The weather?")
	hear(t, c, "My order.")
	hear(t, c, "Seven.")
	hear(t, c, "2026.")

	r := end(t, c)
	require.Equal(t, []job.ID{o.order.ID()}, r.Used, "no keypad, no menu: the model said which job it follows")
	require.Empty(t, cmp.Diff([]call.Turn{
		{By: call.ByCaller, Text: "The weather?"},
		{By: call.ByAgent, Text: "I cannot help with that.", Source: call.SourceDeclared}, // none, and it said so
		{By: call.ByCaller, Text: "My order."},
		{By: call.ByAgent, Text: "Which number?", Job: o.order.ID(), Step: "1", Source: call.SourceDeclared},
		{By: call.ByCaller, Text: "Seven."},
		{By: call.ByAgent, Text: "And which year?", Source: call.SourceUnknown}, // no mark: never guessed
		{By: call.ByCaller, Text: "2026."},
		{By: call.ByAgent, Text: "Hm.", Source: call.SourceUnknown}, // a mark of no attached job tells nothing
	}, r.Turns, withoutTimes))
}

// The job says what becomes of a question that the caller declines; where it says nothing Sona asks once more and goes
// on. The prompt tells every model so, and the rehearsal does it.
func TestSeed_46_ADeclinedQuestionIsSkippedAskedOnceMoreOrLeadsToVoicemail(t *testing.T) {
	const guests, day, voicemail = "number of guests", "the day", "message after the tone"
	for _, tt := range []struct {
		name, rule string
		asks       []string // what is asked for until the end
		ends       call.OutcomeKind
	}{
		{"skip", "If the caller declines a question, skip it.", []string{guests, day}, call.Ended},
		{"ask once more", "If the caller declines a question, ask once more, then skip it.", []string{guests, guests, day, day}, call.Ended},
		{"voicemail", "If the caller declines a question, send them to voicemail: {{action voicemail}}", []string{guests}, call.Voicemail},
		{"the job says nothing", "", []string{guests, guests, day, day}, call.Ended},
		{"asking without end is bounded all the same", "If the caller declines a question, ask again and again until they answer.", []string{guests, guests, day, day}, call.Ended},
	} {
		t.Run(tt.name, func(t *testing.T) {
			ws := storage.Open(memory.New(), "acme")
			j, err := ws.CreateJob(t.Context(), job.Spec{Name: "Book a table", CallerIntent: "The caller wants to book a table.",
				Instructions: "This job books a table.\n1. Ask for the number of guests.\n2. Ask for the day.\n3. {{action end_call}}\n\n" + tt.rule,
				Results:      []job.Field{{Name: "Guests", Ask: "What is the number of guests?"}, {Name: "Day", Ask: "Which is the day?"}}})
			require.NoError(t, err)
			f, err := ws.CreateFlow(t.Context(), callflow.Simple("Desk", "+15550100", callflow.SonaStep{Jobs: []job.ID{j.ID()}}))
			require.NoError(t, err)
			_, err = ws.Publish(t.Context(), f.ID(), f.Revision())
			require.NoError(t, err)
			rt, err := runtime.New(runtime.Config{Model: rehearsal.New()})
			require.NoError(t, err)
			c, err := rt.BeginChat(t.Context(), ws, incoming(runtime.Incoming{}))
			require.NoError(t, err)
			require.Contains(t, c.Prompt().Stable, "does not want to answer", "the rule is part of the prompt")

			var asked []string
			said := hear(t, c, "I want to book a table")
			for range 20 {
				for _, question := range []string{guests, day} {
					if strings.Contains(said, question) {
						asked = append(asked, question)
					}
				}
				if _, over := c.Over(); over {
					break
				}
				said = hear(t, c, "I'd rather not say")
			}
			require.Equal(t, tt.asks, asked)
			require.Equal(t, tt.ends, outcome(t, c).Kind, "and the call comes to an end: %s", said)
			r := end(t, c)
			if tt.ends == call.Voicemail {
				require.Contains(t, said, voicemail)
				require.Equal(t, callflow.ExitVoicemail, r.Outcome.Exit)
			}
			for _, d := range r.Summary.Jobs {
				for _, datum := range d.Result.Data {
					require.Nil(t, datum.Value, "what was declined is not made up")
				}
			}
		})
	}
}

func TestSeed_47_VoicemailEndsSonasPartAndTheFlowGoesOnAtItsVoicemailStep(t *testing.T) {
	o := newOffice(t)
	c := o.chat(t, runtime.Config{Model: scripted.New(scripted.Say("After the tone.").And(scripted.Use(o.front.ID(), job.Voicemail)))}, runtime.Incoming{})

	require.Equal(t, "After the tone.", hear(t, c, "I want to leave a message"))

	require.Equal(t, call.Outcome{Kind: call.Voicemail, Exit: callflow.ExitVoicemail, Next: "voicemail"}, outcome(t, c))
	_, err := tryHear(t.Context(), c, "Hello?")
	require.ErrorIs(t, err, runtime.ErrOver, "Sona's part is over")
	r := end(t, c)
	require.Equal(t, call.Completed, r.Status)
	require.Len(t, r.Effects, 1)
	require.True(t, r.Effects[0].Done)
	require.Contains(t, r.Summary.NextSteps, "Listen to the voicemail.")
}
