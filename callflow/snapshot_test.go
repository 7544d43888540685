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

// joined returns a flow with two Sona steps, published as version 1, and its snapshot: day has the jobs a
// and b and the page p, night has b and c.
func joined(t testing.TB) (callflow.Flow, callflow.Snapshot) {
	t.Helper()
	f, err := steps(t,
		callflow.Step{ID: "day", Is: callflow.SonaStep{Greeting: "Hello.", Jobs: []job.ID{"b", "a"}, Pages: ids("p")}},
		callflow.Step{ID: "night", Is: callflow.SonaStep{Jobs: []job.ID{"b", "c"}, Pages: ids("p", "q")}},
		callflow.Step{ID: "vm", Is: callflow.VoicemailStep{}}).Publish(monday, "")
	require.NoError(t, err)
	v, _ := f.Published()
	return f, callflow.NewSnapshot(f, v,
		[]job.Job{makeJob(t, "a", 1, "A"), makeJob(t, "b", 4, "B"), makeJob(t, "unrelated", 1, "U")},
		[]knowledge.Page{makePage(t, "p", "Prices"), makePage(t, "other", "Other")},
		callflow.Settings{}.Stamped("acme", "nonce", job.Stamp{Revision: 3}))
}

func namesOf(jobs []job.Job) (names []string) {
	for _, j := range jobs {
		names = append(names, j.Name())
	}
	return names
}

func TestSnapshot_JoinsAVersionWithWhatItNames(t *testing.T) {
	f, s := joined(t)
	assert.Equal(t, "acme", s.Workspace())
	assert.True(t, s.Flow().Equal(f))
	assert.Equal(t, 1, s.Version().Number())
	assert.False(t, s.IsDraft())
	assert.Equal(t, 3, s.Settings().Revision())
	assert.Equal(t, []string{"B", "A"}, namesOf(s.Jobs("day")), "in the order of the step")
	assert.Equal(t, []string{"B"}, namesOf(s.Jobs("night")), "without those that are missing")
	assert.Len(t, s.Pages("day"), 1)
	step, err := s.SonaStep("day")
	require.NoError(t, err)
	assert.Equal(t, "Hello.", step.Greeting)
}

func TestSnapshot_ReportsWhatIsNamedAndDoesNotExist(t *testing.T) {
	_, s := joined(t)
	assert.Equal(t, []callflow.Missing{{Step: "night", Job: "c"}, {Step: "night", Page: "q"}}, s.Missing())
}

func TestSnapshot_StepsThatAreNoSonaStepsHaveNothing(t *testing.T) {
	_, s := joined(t)
	for _, id := range []callflow.StepID{"vm", "nowhere"} {
		assert.Empty(t, s.Jobs(id))
		assert.Empty(t, s.Pages(id))
	}
	_, err := s.SonaStep("vm")
	assertStepError(t, err, "vm", callflow.RuleNotSona)
	_, err = s.SonaStep("nowhere")
	assertStepError(t, err, "nowhere", callflow.RuleUnknownStep)
}

func TestSnapshot_OnlySonaStepIsForFlowsThatHaveJustOne(t *testing.T) {
	one := simple(t, callflow.SonaStep{})
	id, err := callflow.NewSnapshot(one, one.Draft(), nil, nil, callflow.Settings{}).OnlySonaStep()
	require.NoError(t, err)
	assert.Equal(t, callflow.Sona, id)

	_, two := joined(t)
	_, err = two.OnlySonaStep()
	assertStepError(t, err, "day", callflow.RuleWhichStep)
	assert.ErrorContains(t, err, `["day" "night"]`)

	none := steps(t, callflow.Step{ID: "vm", Is: callflow.VoicemailStep{}})
	_, err = callflow.NewSnapshot(none, none.Draft(), nil, nil, callflow.Settings{}).OnlySonaStep()
	assertStepError(t, err, "", callflow.RuleNoSonaStep)
}

func TestSnapshot_WithJobPutsACandidateInThePlaceOfItsJob(t *testing.T) {
	_, s := joined(t)
	candidate, err := makeJob(t, "b", 4, "B").With(job.Spec{Name: "B, better", Instructions: "Do it better."})
	require.NoError(t, err)

	with, err := s.WithJob("day", candidate)
	require.NoError(t, err)
	assert.Equal(t, []string{"B, better", "A"}, namesOf(with.Jobs("day")))
	assert.Equal(t, []string{"B, better"}, namesOf(with.Jobs("night")), "every step that has the job")
	assert.True(t, with.IsDraft(), "no caller may meet a candidate")
	assert.Equal(t, "acme", with.Workspace())

	assert.Equal(t, []string{"B", "A"}, namesOf(s.Jobs("day")), "the snapshot it was made from stays as it is")
	assert.False(t, s.IsDraft())
}

func TestSnapshot_WithJobAttachesACandidateThatIsNotOn(t *testing.T) {
	_, s := joined(t)
	candidate, err := job.New(job.Spec{Name: "New", Instructions: "Try this."})
	require.NoError(t, err)
	with, err := s.WithJob("day", candidate)
	require.NoError(t, err)
	assert.Equal(t, []string{"B", "A", "New"}, namesOf(with.Jobs("day")))
	assert.Equal(t, []string{"B"}, namesOf(with.Jobs("night")))

	with, err = with.WithJob("night", makeJob(t, "c", 1, "C"))
	require.NoError(t, err, "candidates add up")
	assert.Equal(t, []string{"B", "C"}, namesOf(with.Jobs("night")), "one that was missing is there")
	assert.Equal(t, []callflow.Missing{{Step: "night", Page: "q"}}, with.Missing())
}

func TestSnapshot_WithJobKeepsTheLimitAndRefusesWhatIsNoCandidateOrNoStep(t *testing.T) {
	full := simple(t, callflow.SonaStep{Jobs: jobIDs(10)})
	s := callflow.NewSnapshot(full, full.Draft(), nil, nil, callflow.Settings{})
	_, err := s.WithJob("sona", makeJob(t, "one-more", 1, "X"))
	_, ok := errors.AsType[*callflow.TooManyJobsError](err)
	assert.True(t, ok)
	_, err = s.WithJob("sona", makeJob(t, "job-3", 1, "X"))
	assert.NoError(t, err, "one that is on takes no place")

	_, err = s.WithJob("voicemail", makeJob(t, "a", 1, "A"))
	assertStepError(t, err, "voicemail", callflow.RuleNotSona)
	_, err = s.WithJob("nowhere", makeJob(t, "a", 1, "A"))
	assertStepError(t, err, "nowhere", callflow.RuleUnknownStep)
	_, err = s.WithJob("sona", job.Job{})
	assert.ErrorContains(t, err, `flow "Desk": step "sona": the zero Job is no candidate`)
}

func TestSnapshot_WhatItHandsOutIsACopy(t *testing.T) {
	_, s := joined(t)
	step, err := s.SonaStep("day")
	require.NoError(t, err)
	step.Jobs[0] = "spoiled"
	s.Jobs("day")[0] = job.Job{}
	s.Pages("day")[0] = knowledge.Page{}
	s.Missing()[0] = callflow.Missing{}

	again, err := s.SonaStep("day")
	require.NoError(t, err)
	assert.Equal(t, []job.ID{"b", "a"}, again.Jobs)
	assert.Equal(t, []string{"B", "A"}, namesOf(s.Jobs("day")))
	assert.Len(t, s.Pages("day"), 1)
	assert.Len(t, s.Missing(), 2)
}

// What was made of a snapshot may be kept under its identity: no other snapshot ever has it.
func TestSnapshot_ItsIdentityIsItsOwn(t *testing.T) {
	_, s := joined(t)
	_, again := joined(t) // the same texts
	with, err := s.WithJob("day", makeJob(t, "b", 4, "B"))
	require.NoError(t, err)
	kept := map[callflow.Identity]string{}
	for name, snap := range map[string]callflow.Snapshot{"joined": s, "joined again": again, "with a candidate of the same text": with, "zero": {}} {
		of := snap
		kept[snap.Identity()] = name
		assert.Equal(t, name, kept[of.Identity()], "a copy is the same snapshot")
	}
	assert.Len(t, kept, 4)
	assert.Equal(t, "zero", kept[callflow.Identity{}])
}

func TestSnapshot_TheZeroSnapshotIsEmpty(t *testing.T) {
	var s callflow.Snapshot
	assert.Empty(t, s.Workspace())
	assert.Empty(t, s.Missing())
	_, err := s.OnlySonaStep()
	assertStepError(t, err, "", callflow.RuleNoSonaStep)
	_, err = s.WithJob("sona", makeJob(t, "a", 1, "A"))
	assertStepError(t, err, "sona", callflow.RuleUnknownStep)
}
