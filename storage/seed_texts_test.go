package storage_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/storage"
	"github.com/sonajobs/sona/storage/memory"
)

func TestSeed_01_CreatingAJobPutsItIntoTheOneLibraryAndListingReturnsEveryJob(t *testing.T) {
	s := memory.New()
	w := storage.Open(s, "acme")
	message := newJob(t, w, "Take a message", "Goal: take a message.")
	booking := newJob(t, w.By("bob"), "Book a table", "Goal: book a table.")
	elsewhere := newJob(t, storage.Open(s, "other"), "Elsewhere", "Goal: be elsewhere.")

	again := storage.Open(s, "acme") // whoever opens it sees the same library
	assert.Empty(t, cmp.Diff([]job.Job{booking, message}, all(t, again.AllJobs(t.Context()))))
	page, err := again.Jobs(t.Context(), storage.JobQuery{})
	require.NoError(t, err)
	assert.Empty(t, cmp.Diff([]job.Job{booking, message}, page.Jobs))
	_, err = again.Job(t.Context(), elsewhere.ID())
	assert.ErrorIs(t, err, storage.ErrNotFound, "another workspace has a library of its own")
}

func TestSeed_03_EveryStepOfTheWorkspaceSeesTheWholeLibraryWithoutCopies(t *testing.T) {
	w := newWorkspace()
	want := []string{"Book a table", "Take a complaint", "Take a message"}
	for _, name := range want {
		newJob(t, w, name, "Goal: "+name)
	}
	for n := range 3 { // three numbers with two steps each
		f, err := w.CreateFlow(t.Context(), twoSteps(fmt.Sprint("Flow ", n), callflow.Line(fmt.Sprintf("+1555000000%d", n)), nil, nil))
		require.NoError(t, err)
		for _, step := range f.Draft().SonaSteps() {
			page, err := w.JobChoices(t.Context(), f.ID(), step, storage.JobQuery{})
			require.NoError(t, err)
			assert.Equal(t, want, offered(page), "%s of %s", step, f.Name())
		}
	}
	changes, err := w.Changes(t.Context(), 0, 0)
	require.NoError(t, err)
	jobs := 0
	for _, c := range changes {
		if c.Ref.Kind == storage.KindJob {
			jobs++
		}
	}
	assert.Equal(t, 3, jobs, "each job was written once, however many numbers there are")
}

func offered(page storage.ChoicePage) []string {
	names := make([]string, len(page.Choices))
	for i, c := range page.Choices {
		names[i] = c.Job.Name()
	}
	return names
}

func TestSeed_04_TenThousandJobsAreImportedAndListedCompletely(t *testing.T) {
	const many = 10_000
	w := newWorkspace()
	done, err := w.ImportJobs(t.Context(), counted(many))
	require.NoError(t, err)
	assert.Equal(t, storage.Imported{Created: many}, done)
	f := newFlow(t, w, "Main", "+15550000001", "job-09999")

	n := 0
	for j, err := range w.AllJobs(t.Context()) {
		require.NoError(t, err)
		require.Equal(t, fmt.Sprintf("Job %05d", n), j.Name(), "every job, once, in order")
		n++
	}
	assert.Equal(t, many, n)

	listed := 0
	for q := (storage.JobQuery{Limit: storage.MaxLimit}); ; {
		page, err := w.JobChoices(t.Context(), f.ID(), callflow.Sona, q)
		require.NoError(t, err)
		for _, c := range page.Choices {
			require.Equal(t, fmt.Sprintf("Job %05d", listed), c.Job.Name())
			require.Equal(t, listed == many-1, c.On)
			listed++
		}
		if q.After = page.Next; page.Next == (storage.Key{}) {
			break
		}
	}
	assert.Equal(t, many, listed)
	one := newJob(t, w, "One more", "Goal: there is no limit.")
	_, err = w.Job(t.Context(), one.ID())
	assert.NoError(t, err)
}

func TestSeed_12_ASavedJobIsAtOnceInTheListThatEveryStepOffers(t *testing.T) {
	w, flow, _ := published(t)
	draft := newFlow(t, w, "Draft only", "+15550000002")
	newJob(t, w, "Brand new", "Goal: be offered.")
	for _, id := range []callflow.ID{flow.ID(), draft.ID()} {
		page, err := w.JobChoices(t.Context(), id, callflow.Sona, storage.JobQuery{Text: "brand new"})
		require.NoError(t, err)
		assert.Equal(t, []string{"Brand new"}, offered(page))
	}
	after, err := w.Flow(t.Context(), flow.ID())
	require.NoError(t, err)
	assert.Equal(t, flow.Revision(), after.Revision(), "without a publish")
}

func TestSeed_13_ANewJobIsAttachedToNothingUntilItIsToggledOn(t *testing.T) {
	w, flow, _ := published(t)
	j := newJob(t, w, "Brand new", "Goal: be toggled on.")
	choice := func() storage.Choice {
		page, err := w.JobChoices(t.Context(), flow.ID(), callflow.Sona, storage.JobQuery{Text: "brand new"})
		require.NoError(t, err)
		require.Len(t, page.Choices, 1)
		return page.Choices[0]
	}
	uses, err := w.Impact(t.Context(), j.ID())
	require.NoError(t, err)
	assert.Empty(t, uses)
	assert.Empty(t, cmp.Diff(storage.Choice{Job: j}, choice()), "off, here and for callers")

	_, err = w.Attach(t.Context(), flow.ID(), callflow.Sona, j.ID())
	require.NoError(t, err)
	assert.Empty(t, cmp.Diff(storage.Choice{Job: j, On: true}, choice()))
}

func TestSeed_18_TheSelectionListShowsEveryJobWithItsToggleForThisStep(t *testing.T) {
	w := newWorkspace()
	a, b, c := newJob(t, w, "A", "x"), newJob(t, w, "B", "x"), newJob(t, w, "C", "x")
	f, err := w.CreateFlow(t.Context(), twoSteps("Main", "+15550000001", []job.ID{a.ID(), b.ID()}, []job.ID{c.ID()}))
	require.NoError(t, err)
	f, err = w.Publish(t.Context(), f.ID(), f.Revision())
	require.NoError(t, err)
	_, err = w.Detach(t.Context(), f.ID(), "front", a.ID())
	require.NoError(t, err)

	for step, want := range map[callflow.StepID][]storage.Choice{
		"front": {{Job: a, Live: true}, {Job: b, On: true, Live: true}, {Job: c}},
		"back":  {{Job: a}, {Job: b}, {Job: c, On: true, Live: true}},
	} {
		page, err := w.JobChoices(t.Context(), f.ID(), step, storage.JobQuery{})
		require.NoError(t, err)
		assert.Empty(t, cmp.Diff(want, page.Choices), "step %s", step)
	}
}

func TestSeed_23_BeforeSavingTheAuthorSeesEveryStepFlowAndNumberThatTheEditWillReach(t *testing.T) {
	w, flow, j := published(t)
	night, err := w.CreateFlow(t.Context(), callflow.Spec{Name: "Night", Numbers: []callflow.Line{"+15550000002", "+15550000003"},
		Steps: twoSteps("", "", []job.ID{j.ID()}, []job.ID{j.ID()}).Steps})
	require.NoError(t, err)
	newFlow(t, w, "Without it", "+15550000004")

	uses, err := w.Impact(t.Context(), j.ID())
	require.NoError(t, err)
	assert.Empty(t, cmp.Diff([]storage.Use{
		{Flow: flow.ID(), Name: "Main", Step: "sona", Numbers: []callflow.Line{"+15550000001"}, Draft: true, Live: true},
		{Flow: night.ID(), Name: "Night", Step: "front", Numbers: []callflow.Line{"+15550000002", "+15550000003"}, Draft: true},
		{Flow: night.ID(), Name: "Night", Step: "back", Numbers: []callflow.Line{"+15550000002", "+15550000003"}, Draft: true},
	}, uses))
}

func TestSeed_25_TwoAuthorsNeverOverwriteEachOtherUnseen(t *testing.T) {
	w := newWorkspace()
	j := newJob(t, w, "Book a table", numbered("Goal: book a table.", "1. Ask for the day.", "2. Ask for the name."))
	ann := typed("Book a table", numbered("Goal: book a table.", "1. Ask for the day and time.", "2. Ask for the name."))
	bob := typed("Book a table", numbered("Goal: book a table.", "1. Ask for the day.", "2. Ask for the name.", "3. Read it back."))

	_, err := w.By("ann").SaveJob(t.Context(), j.ID(), j.Revision(), ann, "")
	require.NoError(t, err)
	_, err = w.By("bob").SaveJob(t.Context(), j.ID(), j.Revision(), bob, "")
	conflict, ok := errors.AsType[*storage.JobConflictError](err)
	require.True(t, ok, "bob saw revision 1, ann saved 2: %v", err)

	live, err := w.Job(t.Context(), j.ID())
	require.NoError(t, err)
	assert.Equal(t, ann, live.Spec(), "ann's text stands")
	assert.Equal(t, bob, conflict.Mine, "bob's is in his hands")

	merged, clashes := conflict.Merge()
	assert.Empty(t, clashes)
	live, err = w.By("bob").SaveJob(t.Context(), j.ID(), conflict.Theirs.Revision(), merged, "")
	require.NoError(t, err)
	assert.Equal(t, numbered("Goal: book a table.", "1. Ask for the day and time.", "2. Ask for the name.", "3. Read it back."), live.Spec().Instructions)
}
