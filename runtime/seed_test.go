package runtime_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime"
	"github.com/sonajobs/sona/runtime/model/scripted"
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
