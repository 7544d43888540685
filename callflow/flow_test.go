package callflow_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/job"
)

var monday = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

func TestNew_NameIsRequiredAndAtMostAHundredCharacters(t *testing.T) {
	s := callflow.Simple(strings.Repeat("é", 100), desk, callflow.SonaStep{})
	_, err := callflow.New(s)
	require.NoError(t, err)

	for name, rule := range map[string]string{"": job.RuleRequired, "\n": job.RuleRequired, strings.Repeat("é", 101): job.RuleMaxLength, "\xff": job.RuleUTF8} {
		s.Name = name
		_, err := callflow.New(s)
		fault, ok := errors.AsType[*job.FieldError](err)
		require.True(t, ok, "%q", name)
		assert.Equal(t, "name", fault.Field)
		assert.Equal(t, rule, fault.Rule)
	}

	s.Name = "Front\ndesk\u200b"
	f, err := callflow.New(s)
	require.NoError(t, err)
	assert.Equal(t, "Front desk", f.Name())
}

func TestNew_NumbersAreNormalAndNamedOnceAndAllBadOnesAreReported(t *testing.T) {
	s := callflow.Simple("Desk", "+1 (555) 123-0000", callflow.SonaStep{})
	s.Numbers = append(s.Numbers, "+15551230000", "204", "SIP:desk@EXAMPLE.com")
	f, err := callflow.New(s)
	require.NoError(t, err)
	assert.Equal(t, []callflow.Line{"+15551230000", "204", "sip:desk@example.com"}, f.Numbers())

	s.Numbers = []callflow.Line{"204", "anonymous", ""}
	_, err = callflow.New(s)
	invalid, ok := errors.AsType[*job.ValidationError](err)
	require.True(t, ok)
	assert.Len(t, invalid.Fields, 2)

	s.Numbers = nil
	f, err = callflow.New(s)
	require.NoError(t, err, "a flow may be prepared before it has a number")
	assert.Empty(t, f.Numbers())
}

func TestNew_StepsMustHangTogether(t *testing.T) {
	hangup := callflow.Step{ID: "hangup", Is: callflow.HangupStep{}}
	for _, tt := range []struct {
		name  string
		entry callflow.StepID
		steps []callflow.Step
		step  callflow.StepID
		rule  string
	}{
		{"no steps", "", nil, "", callflow.RuleUnknownStep},
		{"an entry that is no step", "sona", []callflow.Step{hangup}, "sona", callflow.RuleUnknownStep},
		{"two steps with one ID", "", []callflow.Step{hangup, hangup}, "hangup", callflow.RuleSameStep},
		{"an exit that the kind has not", "", []callflow.Step{{ID: "hangup", Is: callflow.HangupStep{}, Next: map[callflow.Exit]callflow.StepID{"done": "hangup"}}}, "hangup", callflow.RuleUnknownExit},
		{"an exit to no step", "", []callflow.Step{{ID: "vm", Is: callflow.VoicemailStep{}, Next: map[callflow.Exit]callflow.StepID{"done": "hangup"}}}, "vm", callflow.RuleDangling},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f, err := callflow.New(callflow.Spec{Name: "Desk", Entry: tt.entry, Steps: tt.steps})
			assertStepError(t, err, tt.step, tt.rule)
			assert.True(t, f.IsZero())
		})
	}
	f := steps(t, hangup, callflow.Step{ID: "sona", Is: callflow.SonaStep{}})
	assert.Equal(t, callflow.StepID("hangup"), f.Draft().Entry(), "the first step is the entry where none is named")
}

func TestNew_FlowsThatGoInCirclesAndStepsThatNothingLeadsToAreAllowed(t *testing.T) {
	steps(t,
		callflow.Step{ID: "menu", Is: callflow.HostStep{Name: "menu", Exits: []callflow.Exit{"1", "again"}},
			Next: map[callflow.Exit]callflow.StepID{"again": "menu", "1": "sona"}},
		callflow.Step{ID: "sona", Is: callflow.SonaStep{}},
		callflow.Step{ID: "later", Is: callflow.VoicemailStep{}})
}

func TestSimple_LeadsFromSonaToVoicemailToTheEnd(t *testing.T) {
	f := simple(t, callflow.SonaStep{Greeting: "Hello."})
	assert.Equal(t, []callflow.Line{desk}, f.Numbers())
	v := f.Draft()
	assert.Equal(t, callflow.Sona, v.Entry())
	assert.Equal(t, []callflow.StepID{callflow.Sona}, v.SonaSteps())
	sona, _ := v.Step(callflow.Sona)
	assert.Equal(t, map[callflow.Exit]callflow.StepID{
		callflow.ExitVoicemail: "voicemail", callflow.ExitFallback: "voicemail", callflow.ExitEnded: "hangup"}, sona.Next)
	voicemail, _ := v.Step("voicemail")
	assert.Equal(t, callflow.StepID("hangup"), voicemail.Next[callflow.ExitDone])
	_, ok := v.Step("nowhere")
	assert.False(t, ok)
}

func TestFlow_IsNotPublishedAndNotSavedWhenItIsNew(t *testing.T) {
	f := simple(t, callflow.SonaStep{})
	_, published := f.Published()
	assert.False(t, published)
	assert.Zero(t, f.Revision())
	assert.Zero(t, f.Stamp())
	assert.False(t, f.IsZero())
	assert.NotEqual(t, f.ID(), simple(t, callflow.SonaStep{}).ID())
	_, err := callflow.ParseID(string(f.ID()))
	assert.NoError(t, err)
	_, err = callflow.ParseID("no blanks")
	_, ok := errors.AsType[*job.ValidationError](err)
	assert.True(t, ok)
	assert.Contains(t, f.String(), `flow "Desk" (flow_`)
}

func TestPublish_TakesTheDraftAndNothingElseDoes(t *testing.T) {
	f := attach(t, simple(t, callflow.SonaStep{}), "a")
	first, err := f.Publish(monday, "ann")
	require.NoError(t, err)
	v, published := first.Published()
	require.True(t, published)
	assert.Equal(t, 1, v.Number())
	assert.Equal(t, monday, v.At())
	assert.Equal(t, "ann", v.By())
	assert.Zero(t, first.Draft().Number())
	_, before := f.Published()
	assert.False(t, before, "the flow it was made from stays as it is")

	edited := attach(t, first, "b")
	draft, live := attached(t, edited)
	assert.Equal(t, []job.ID{"a", "b"}, draft)
	assert.Equal(t, []job.ID{"a"}, live)

	second, err := edited.Publish(monday.Add(time.Hour), "bob")
	require.NoError(t, err)
	v, _ = second.Published()
	assert.Equal(t, 2, v.Number())
	assert.Equal(t, "bob", v.By())
}

func TestPublish_WithoutChangesIsTheSameFlow(t *testing.T) {
	f, err := simple(t, callflow.SonaStep{}).Publish(monday, "ann")
	require.NoError(t, err)
	again, err := f.Publish(monday.Add(time.Hour), "bob")
	require.NoError(t, err)
	assert.True(t, again.Equal(f))
}

func TestPublish_OfNoFlowIsRefused(t *testing.T) {
	_, err := callflow.Flow{}.Publish(monday, "")
	assert.ErrorContains(t, err, "no flow")
	assert.True(t, callflow.Flow{}.IsZero())
	_, err = callflow.Flow{}.EditDraft(func(*callflow.Draft) error { return nil })
	assert.Error(t, err)
}

func TestDiscard_GoesBackToWhatIsPublished(t *testing.T) {
	f := attach(t, simple(t, callflow.SonaStep{}), "a")
	assert.True(t, f.Discard().Equal(f), "before the first publish there is nothing to go back to")

	f, err := f.Publish(monday, "")
	require.NoError(t, err)
	f = attach(t, f, "b").Discard()
	draft, live := attached(t, f)
	assert.Equal(t, live, draft)
	assert.Empty(t, f.Changes())
	assert.Zero(t, f.Draft().Number())
}

func TestRollback_BringsAnEarlierVersionIntoTheDraftOnly(t *testing.T) {
	f, err := attach(t, simple(t, callflow.SonaStep{}), "a").Publish(monday, "")
	require.NoError(t, err)
	first, _ := f.Published()
	f, err = attach(t, f, "b").Publish(monday, "")
	require.NoError(t, err)

	f = f.Rollback(first)
	draft, live := attached(t, f)
	assert.Equal(t, []job.ID{"a"}, draft)
	assert.Equal(t, []job.ID{"a", "b"}, live)
	assert.Zero(t, f.Draft().Number())
	assert.Zero(t, f.Draft().At())

	f, err = f.Publish(monday, "")
	require.NoError(t, err)
	v, _ := f.Published()
	assert.Equal(t, 3, v.Number(), "going back is a publish of its own")
	assert.True(t, f.Rollback(callflow.Version{}).Equal(f), "the zero Version is no version")
}

func TestEditDraft_WhatTheEditReturnsComesBackAndNothingChanges(t *testing.T) {
	f := attach(t, simple(t, callflow.SonaStep{}), "a")
	mine := errors.New("changed my mind")
	g, err := f.EditDraft(func(d *callflow.Draft) error {
		require.NoError(t, d.Detach(callflow.Sona, "a"))
		return mine
	})
	assert.ErrorIs(t, err, mine)
	assert.EqualError(t, err, `flow "Desk": changed my mind`)
	assert.True(t, g.IsZero())
	draft, _ := attached(t, f)
	assert.Equal(t, []job.ID{"a"}, draft)
}

func TestFlow_WhatItHandsOutIsACopy(t *testing.T) {
	f, err := attach(t, simple(t, callflow.SonaStep{}), "a").Publish(monday, "")
	require.NoError(t, err)
	want, err := f.MarshalJSON()
	require.NoError(t, err)

	f.Numbers()[0] = "spoiled"
	v, _ := f.Published()
	for _, v := range []callflow.Version{f.Draft(), v} {
		v.Steps()[0].Next["ended"] = "spoiled"
		v.Steps()[0] = callflow.Step{}
		sonaOf(t, v).Jobs[0] = "spoiled"
		jobs, _ := v.Names()
		jobs[0] = "spoiled"
		v.SonaSteps()[0] = "spoiled"
	}
	got, err := f.MarshalJSON()
	require.NoError(t, err)
	assert.JSONEq(t, string(want), string(got))
}

func TestVersion_NamesEachJobAndPageOfAllStepsOnce(t *testing.T) {
	f := steps(t,
		callflow.Step{ID: "day", Is: callflow.SonaStep{Jobs: []job.ID{"b", "a"}, Pages: ids("q")}},
		callflow.Step{ID: "vm", Is: callflow.VoicemailStep{}},
		callflow.Step{ID: "night", Is: callflow.SonaStep{Jobs: []job.ID{"a", "c"}, Pages: ids("p", "q")}})
	jobs, pages := f.Draft().Names()
	assert.Equal(t, []job.ID{"b", "a", "c"}, jobs)
	assert.Equal(t, ids("q", "p"), pages)
	assert.Equal(t, []callflow.StepID{"day", "night"}, f.Draft().SonaSteps())
}

func TestStamped_IsTheDoorForStorage(t *testing.T) {
	f := simple(t, callflow.SonaStep{})
	at := job.Stamp{Revision: 7, At: monday, By: "ann", Note: "why"}
	g := f.Stamped(at)
	assert.Equal(t, at, g.Stamp())
	assert.Equal(t, 7, g.Revision())
	assert.Zero(t, f.Revision())
	assert.False(t, f.Equal(g))
}
