package callflow_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/callflow/knowledge"
	"github.com/sonajobs/sona/job"
)

func TestDraft_AttachAndDetachAreIdempotentAndKeepTheOrder(t *testing.T) {
	f := attach(t, simple(t, callflow.SonaStep{}), "b", "a", "b", "c")
	draft, _ := attached(t, f)
	assert.Equal(t, []job.ID{"b", "a", "c"}, draft)

	f = edit(t, f, func(d *callflow.Draft) error {
		require.NoError(t, d.Detach("sona", "a"))
		require.NoError(t, d.Detach("sona", "a"))
		return d.Detach("sona", "never-on")
	})
	draft, _ = attached(t, f)
	assert.Equal(t, []job.ID{"b", "c"}, draft)
}

func TestDraft_TheEleventhJobIsRefusedAndTheTenStay(t *testing.T) {
	ten := jobIDs(10)
	edit(t, attach(t, simple(t, callflow.SonaStep{}), ten...), func(d *callflow.Draft) error {
		_, ok := errors.AsType[*callflow.TooManyJobsError](d.Attach("sona", "one-more"))
		assert.True(t, ok)
		assert.NoError(t, d.Attach("sona", ten[3]), "one that is on stays on")
		assert.Equal(t, ten, d.Steps()[0].Is.(callflow.SonaStep).Jobs)

		require.NoError(t, d.Detach("sona", ten[0]))
		assert.NoError(t, d.Attach("sona", "one-more"), "detaching frees a place")
		return nil
	})
}

func TestDraft_MoveJobOrdersThePrompt(t *testing.T) {
	for _, tt := range []struct {
		to   int
		want []job.ID
	}{
		{0, []job.ID{"c", "a", "b", "d"}},
		{1, []job.ID{"a", "c", "b", "d"}},
		{2, []job.ID{"a", "b", "c", "d"}},
		{3, []job.ID{"a", "b", "d", "c"}},
		{-9, []job.ID{"c", "a", "b", "d"}},
		{99, []job.ID{"a", "b", "d", "c"}},
	} {
		f := edit(t, attach(t, simple(t, callflow.SonaStep{}), "a", "b", "c", "d"), func(d *callflow.Draft) error {
			return d.MoveJob("sona", "c", tt.to)
		})
		draft, _ := attached(t, f)
		assert.Equal(t, tt.want, draft, "to %d", tt.to)
	}
	_, err := simple(t, callflow.SonaStep{}).EditDraft(func(d *callflow.Draft) error { return d.MoveJob("sona", "a", 0) })
	assertStepError(t, err, "sona", callflow.RuleNotAttached)
}

func TestDraft_PagesAreSelectedLikeJobsButWithoutALimit(t *testing.T) {
	f := edit(t, simple(t, callflow.SonaStep{}), func(d *callflow.Draft) error {
		for _, p := range []knowledge.ID{"p", "q", "p"} {
			require.NoError(t, d.AttachPage("sona", p))
		}
		for range 20 {
			require.NoError(t, d.AttachPage("sona", knowledge.NewID()))
		}
		require.NoError(t, d.DetachPage("sona", "p"))
		return d.DetachPage("sona", "p")
	})
	pages := sonaOf(t, f.Draft()).Pages
	assert.Len(t, pages, 21)
	assert.Equal(t, knowledge.ID("q"), pages[0])
}

func TestDraft_EditSonaIsCheckedAtOnceAndAnErrorChangesNothing(t *testing.T) {
	f := edit(t, simple(t, callflow.SonaStep{Greeting: "Hello."}), func(d *callflow.Draft) error {
		err := d.EditSona("sona", func(s *callflow.SonaStep) { s.Greeting, s.Persona.Languages = "Bye.", []callflow.Language{"de"} })
		assertStepError(t, err, "sona", callflow.RuleInvalid)
		return nil
	})
	assert.Equal(t, "Hello.", sonaOf(t, f.Draft()).Greeting)

	f = edit(t, f, func(d *callflow.Draft) error {
		return d.EditSona("sona", func(s *callflow.SonaStep) { s.History = true })
	})
	assert.True(t, sonaOf(t, f.Draft()).History)
}

func TestDraft_StepsMayBeAddedInAnyOrderAndAreCheckedTogetherInTheEnd(t *testing.T) {
	f := edit(t, simple(t, callflow.SonaStep{}), func(d *callflow.Draft) error {
		require.NoError(t, d.SetStep(callflow.Step{ID: "hours", Is: callflow.HostStep{Name: "hours", Exits: []callflow.Exit{"open", "closed"}},
			Next: map[callflow.Exit]callflow.StepID{"open": "ring", "closed": "sona"}}))
		require.NoError(t, d.SetStep(callflow.Step{ID: "ring", Is: callflow.HostStep{Name: "ring", Exits: []callflow.Exit{"missed"}}}))
		require.NoError(t, d.Connect("ring", "missed", "sona"))
		return d.SetEntry("hours")
	})
	assert.Equal(t, callflow.StepID("hours"), f.Draft().Entry())
	assert.Len(t, f.Draft().Steps(), 5)
	ring, _ := f.Draft().Step("ring")
	assert.Equal(t, map[callflow.Exit]callflow.StepID{"missed": "sona"}, ring.Next)

	f = edit(t, f, func(d *callflow.Draft) error { return d.Connect("ring", "missed", "") })
	ring, _ = f.Draft().Step("ring")
	assert.Empty(t, ring.Next, "an exit that leads nowhere ends the call")

	_, err := f.EditDraft(func(d *callflow.Draft) error {
		return d.SetStep(callflow.Step{ID: "hours", Is: callflow.HangupStep{}, Next: map[callflow.Exit]callflow.StepID{"open": "ring"}})
	})
	assertStepError(t, err, "hours", callflow.RuleUnknownExit)
	_, err = f.EditDraft(func(d *callflow.Draft) error {
		return d.SetStep(callflow.Step{ID: "ring", Is: callflow.VoicemailStep{}, Next: map[callflow.Exit]callflow.StepID{"done": "nowhere"}})
	})
	assertStepError(t, err, "ring", callflow.RuleDangling)
}

func TestDraft_RemovingAStepEndsTheCallWhereExitsLedToIt(t *testing.T) {
	f := edit(t, simple(t, callflow.SonaStep{}), func(d *callflow.Draft) error { return d.RemoveStep("voicemail") })
	sona, _ := f.Draft().Step("sona")
	assert.Equal(t, map[callflow.Exit]callflow.StepID{"ended": "hangup"}, sona.Next)

	_, err := f.EditDraft(func(d *callflow.Draft) error { return d.RemoveStep("sona") })
	assertStepError(t, err, "sona", callflow.RuleInvalid)
	assert.ErrorContains(t, err, "set another entry first")
}

func TestDraft_EveryMethodRefusesStepsThatAreUnknownOrOfAnotherKind(t *testing.T) {
	methods := map[string]func(d *callflow.Draft, step callflow.StepID) error{
		"Attach":     func(d *callflow.Draft, s callflow.StepID) error { return d.Attach(s, "a") },
		"Detach":     func(d *callflow.Draft, s callflow.StepID) error { return d.Detach(s, "a") },
		"MoveJob":    func(d *callflow.Draft, s callflow.StepID) error { return d.MoveJob(s, "a", 0) },
		"AttachPage": func(d *callflow.Draft, s callflow.StepID) error { return d.AttachPage(s, "p") },
		"DetachPage": func(d *callflow.Draft, s callflow.StepID) error { return d.DetachPage(s, "p") },
		"EditSona":   func(d *callflow.Draft, s callflow.StepID) error { return d.EditSona(s, func(*callflow.SonaStep) {}) },
	}
	for name, method := range methods {
		t.Run(name, func(t *testing.T) {
			f := simple(t, callflow.SonaStep{Jobs: []job.ID{"a"}})
			_, err := f.EditDraft(func(d *callflow.Draft) error { return method(d, "nowhere") })
			assertStepError(t, err, "nowhere", callflow.RuleUnknownStep)
			_, err = f.EditDraft(func(d *callflow.Draft) error { return method(d, "voicemail") })
			assertStepError(t, err, "voicemail", callflow.RuleNotSona)
		})
	}
	for name, method := range map[string]func(d *callflow.Draft) error{
		"RemoveStep": func(d *callflow.Draft) error { return d.RemoveStep("nowhere") },
		"SetEntry":   func(d *callflow.Draft) error { return d.SetEntry("nowhere") },
		"Connect":    func(d *callflow.Draft) error { return d.Connect("nowhere", "done", "hangup") },
	} {
		_, err := simple(t, callflow.SonaStep{}).EditDraft(method)
		assertStepError(t, err, "nowhere", callflow.RuleUnknownStep)
		assert.NotEmpty(t, name)
	}
	_, err := simple(t, callflow.SonaStep{}).EditDraft(func(d *callflow.Draft) error { return d.Connect("sona", "done", "hangup") })
	assertStepError(t, err, "sona", callflow.RuleUnknownExit)
	_, err = simple(t, callflow.SonaStep{}).EditDraft(func(d *callflow.Draft) error { return d.Connect("sona", "ended", "nowhere") })
	assertStepError(t, err, "sona", callflow.RuleDangling)
	_, err = simple(t, callflow.SonaStep{}).EditDraft(func(d *callflow.Draft) error { return d.SetStep(callflow.Step{ID: "a b"}) })
	assertStepError(t, err, "a b", callflow.RuleInvalid)
}

func TestDraft_AfterEditDraftItIsClosed(t *testing.T) {
	var kept *callflow.Draft
	f := edit(t, simple(t, callflow.SonaStep{}), func(d *callflow.Draft) error { kept = d; return nil })
	for _, err := range []error{
		kept.Attach("sona", "a"), kept.Detach("sona", "a"), kept.MoveJob("sona", "a", 0),
		kept.AttachPage("sona", "p"), kept.DetachPage("sona", "p"),
		kept.EditSona("sona", func(*callflow.SonaStep) { t.Error("it must not run") }),
		kept.SetStep(callflow.Step{ID: "a", Is: callflow.HangupStep{}}), kept.RemoveStep("hangup"),
		kept.SetEntry("hangup"), kept.Connect("sona", "ended", ""),
	} {
		assert.ErrorIs(t, err, callflow.ErrDraftClosed)
	}
	assert.Nil(t, kept.Steps())
	draft, _ := attached(t, f)
	assert.Empty(t, draft)
}

func TestDraft_WhatItHandsOutIsACopy(t *testing.T) {
	f := edit(t, simple(t, callflow.SonaStep{Jobs: []job.ID{"a"}}), func(d *callflow.Draft) error {
		s := d.Steps()
		s[0].Is.(callflow.SonaStep).Jobs[0] = "spoiled"
		s[0].Next["ended"] = "spoiled"
		s[1] = callflow.Step{}
		return nil
	})
	assert.True(t, f.Equal(edit(t, f, func(*callflow.Draft) error { return nil })))
	draft, _ := attached(t, f)
	assert.Equal(t, []job.ID{"a"}, draft)
}

func TestDraft_WhatWasHandedInIsCopied(t *testing.T) {
	jobs := []job.ID{"a"}
	next := map[callflow.Exit]callflow.StepID{"ended": "hangup"}
	var kept []job.ID
	f := edit(t, simple(t, callflow.SonaStep{}), func(d *callflow.Draft) error {
		require.NoError(t, d.SetStep(callflow.Step{ID: "sona", Is: callflow.SonaStep{Jobs: jobs}, Next: next}))
		return d.EditSona("sona", func(s *callflow.SonaStep) { kept = s.Jobs })
	})
	jobs[0], kept[0], next["ended"] = "spoiled", "spoiled", "spoiled"
	draft, _ := attached(t, f)
	assert.Equal(t, []job.ID{"a"}, draft)
	sona, _ := f.Draft().Step("sona")
	assert.Equal(t, callflow.StepID("hangup"), sona.Next["ended"])
}

func assertStepError(t *testing.T, err error, step callflow.StepID, rule string) {
	t.Helper()
	fault, ok := errors.AsType[*callflow.StepError](err)
	if assert.True(t, ok, "%v", err) {
		assert.Equal(t, step, fault.Step)
		assert.Equal(t, rule, fault.Rule)
	}
}
