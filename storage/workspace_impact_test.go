package storage_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/storage"
	"github.com/sonajobs/sona/storage/memory"
)

// twoSteps is a flow with two Sona steps, one after the other.
func twoSteps(name string, number callflow.Line, first, second []job.ID) callflow.Spec {
	return callflow.Spec{Name: name, Numbers: []callflow.Line{number}, Steps: []callflow.Step{
		{ID: "front", Is: callflow.SonaStep{Jobs: first}, Next: map[callflow.Exit]callflow.StepID{callflow.ExitFallback: "back"}},
		{ID: "back", Is: callflow.SonaStep{Jobs: second}},
	}}
}

func TestImpactNamesEveryStepOfEveryFlow(t *testing.T) {
	w := newWorkspace()
	j, k := newJob(t, w, "J", "x").ID(), newJob(t, w, "K", "x").ID()
	both, err := w.CreateFlow(t.Context(), twoSteps("b both", "+15550000002", []job.ID{j, k}, []job.ID{j}))
	require.NoError(t, err)
	both, err = w.Publish(t.Context(), both.ID(), both.Revision())
	require.NoError(t, err)
	both, err = w.Detach(t.Context(), both.ID(), "back", j) // in the draft only
	require.NoError(t, err)
	both, err = w.Detach(t.Context(), both.ID(), "front", k)
	require.NoError(t, err)
	draft := newFlow(t, w, "A draft", "+15550000001", j)
	newFlow(t, w, "unconcerned", "+15550000003")

	uses, err := w.Impact(t.Context(), j)
	require.NoError(t, err)
	assert.Empty(t, cmp.Diff([]storage.Use{
		{Flow: draft.ID(), Name: "A draft", Step: "sona", Numbers: []callflow.Line{"+15550000001"}, Draft: true},
		{Flow: both.ID(), Name: "b both", Step: "front", Numbers: []callflow.Line{"+15550000002"}, Draft: true, Live: true},
		{Flow: both.ID(), Name: "b both", Step: "back", Numbers: []callflow.Line{"+15550000002"}, Live: true},
	}, uses))
	assert.Equal(t, `flow "A draft" step "sona" (draft)`, uses[0].String())

	uses, err = w.Impact(t.Context(), k)
	require.NoError(t, err)
	assert.Empty(t, cmp.Diff([]storage.Use{
		{Flow: both.ID(), Name: "b both", Step: "front", Numbers: []callflow.Line{"+15550000002"}, Live: true},
	}, uses))
	unused, err := w.Impact(t.Context(), newJob(t, w, "Unused", "x").ID())
	require.NoError(t, err)
	assert.Empty(t, unused)
	_, err = w.Impact(t.Context(), "no id")
	_, ok := errors.AsType[*job.ValidationError](err)
	assert.True(t, ok)
}

func TestImpactReachesBeyondOnePageOfFlows(t *testing.T) {
	w := newWorkspace()
	j := newJob(t, w, "J", "x").ID()
	const flows = 230
	for i := range flows {
		newFlow(t, w, fmt.Sprintf("Flow %03d", flows-i), callflow.Line(fmt.Sprintf("+1555000%04d", i)), j)
	}
	uses, err := w.Impact(t.Context(), j)
	require.NoError(t, err)
	require.Len(t, uses, flows)
	assert.True(t, slices.IsSortedFunc(uses, func(a, b storage.Use) int {
		if a.Name < b.Name {
			return -1
		}
		return 1
	}))
}

func TestAFlowThatCannotBeReadIsReportedBesideTheOthers(t *testing.T) {
	s := memory.New()
	w := storage.Open(s, "acme")
	j := newJob(t, w, "J", "x").ID()
	good := newFlow(t, w, "Good", "+15550000001", j)
	bad := newFlow(t, w, "Bad", "+15550000002", j)
	bad, err := w.Publish(t.Context(), bad.ID(), 1) // so that it stands in both lists
	require.NoError(t, err)
	spoil(t, s, storage.Ref{Kind: storage.KindFlow, ID: string(bad.ID())})

	uses, err := w.Impact(t.Context(), j)
	assert.EqualError(t, err, fmt.Sprintf("flow %q: revision 3 cannot be read: unexpected end of JSON input", bad.ID()))
	require.Len(t, uses, 1)
	assert.Equal(t, good.ID(), uses[0].Flow)
	assert.Error(t, w.DeleteJob(t.Context(), j, 1), "nobody knows who would miss it")
	_, err = w.Job(t.Context(), j)
	assert.NoError(t, err)
}

func TestTheSelectionListShowsTheWholeLibraryWithItsToggles(t *testing.T) {
	w := newWorkspace()
	var ids []job.ID
	for _, name := range []string{"A", "B", "C", "D"} {
		ids = append(ids, newJob(t, w, name, "x").ID())
	}
	f := newFlow(t, w, "Main", "+15550000001", ids[0], ids[1])
	f, err := w.Publish(t.Context(), f.ID(), f.Revision())
	require.NoError(t, err)
	_, err = w.Detach(t.Context(), f.ID(), callflow.Sona, ids[0])
	require.NoError(t, err)
	_, err = w.Attach(t.Context(), f.ID(), callflow.Sona, ids[2])
	require.NoError(t, err)

	var shown []string
	q := storage.JobQuery{Limit: 3}
	for more := true; more; {
		page, err := w.JobChoices(t.Context(), f.ID(), callflow.Sona, q)
		require.NoError(t, err)
		for _, c := range page.Choices {
			shown = append(shown, fmt.Sprintf("%s on=%t live=%t", c.Job.Name(), c.On, c.Live))
		}
		q.After, more = page.Next, page.Next != storage.Key{}
	}
	assert.Equal(t, []string{"A on=false live=true", "B on=true live=true", "C on=true live=false", "D on=false live=false"}, shown)
}

func TestTheSelectionListIsOfASonaStep(t *testing.T) {
	w := newWorkspace()
	j := newJob(t, w, "J", "x").ID()
	f, err := w.CreateFlow(t.Context(), twoSteps("Main", "+15550000001", []job.ID{j}, []job.ID{j}))
	require.NoError(t, err)
	f, err = w.Publish(t.Context(), f.ID(), f.Revision())
	require.NoError(t, err)
	f, err = w.EditDraft(t.Context(), f.ID(), f.Revision(), func(d *callflow.Draft) error {
		return errors.Join(d.RemoveStep("back"), d.SetStep(callflow.Step{ID: "voicemail", Is: callflow.VoicemailStep{}}))
	})
	require.NoError(t, err)

	page, err := w.JobChoices(t.Context(), f.ID(), "back", storage.JobQuery{})
	require.NoError(t, err, "callers still meet a step that the draft has lost")
	assert.Equal(t, []bool{false, true}, []bool{page.Choices[0].On, page.Choices[0].Live})

	for step, message := range map[callflow.StepID]string{
		"voicemail": `flow "Main": step "voicemail": is no Sona step`,
		"nowhere":   `flow "Main": step "nowhere": no step has this ID`,
	} {
		_, err = w.JobChoices(t.Context(), f.ID(), step, storage.JobQuery{})
		_, ok := errors.AsType[*callflow.StepError](err)
		assert.True(t, ok)
		assert.EqualError(t, err, message)
	}
	_, err = w.JobChoices(t.Context(), "no id", callflow.Sona, storage.JobQuery{})
	assert.ErrorContains(t, err, "id:")
	_, err = w.JobChoices(t.Context(), callflow.NewID(), callflow.Sona, storage.JobQuery{})
	assert.ErrorIs(t, err, storage.ErrNotFound)
	_, err = w.JobChoices(t.Context(), f.ID(), "front", storage.JobQuery{After: storage.Key{ID: "\xff"}})
	assert.ErrorContains(t, err, "after:")
}
