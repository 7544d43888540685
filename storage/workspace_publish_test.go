package storage_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/storage"
	"github.com/sonajobs/sona/storage/memory"
)

func TestPublish_IsStampedByWhoAndWhen(t *testing.T) {
	w := newWorkspace().By("ann")
	f := liveFlow(t, w)
	v, ok := f.Published()
	require.True(t, ok)
	assert.Equal(t, 1, v.Number())
	assert.Equal(t, "ann", v.By())
	assert.Equal(t, f.Stamp().At, v.At())
	got, err := w.Flow(t.Context(), f.ID())
	require.NoError(t, err)
	assert.True(t, got.Equal(f))
}

func TestPublish_NeedsTheNewestBase(t *testing.T) {
	w := newWorkspace()
	f, j := newDesk(t, w), newJob(t, w, "Job", "Do it.")
	attach(t, w, f.ID(), j.ID())
	_, err := w.Publish(t.Context(), f.ID(), 1)
	assertFlowConflict(t, w, err, 1, 2)
	_, err = w.Publish(t.Context(), f.ID(), 0)
	assertFlowConflict(t, w, err, 0, 2)
	_, err = w.Snapshot(t.Context(), f.ID())
	require.ErrorIs(t, err, storage.ErrUnpublished)
	fault, _ := errors.AsType[*storage.RefError](err)
	assert.Equal(t, flowDoc(f.ID()), fault.Ref)
	_, err = w.Publish(t.Context(), "nowhere", 1)
	assertNotFound(t, err, flowDoc("nowhere"))
}

func TestPublish_LosesTheRaceToWhoeverIsQuicker(t *testing.T) {
	s := &trouble{Storage: memory.New()}
	w, other := storage.Open(s, "acme"), storage.Open(s.Storage, "acme")
	f, j := newDesk(t, w), newJob(t, w, "Job", "Do it.")
	s.put = func(int, []storage.Doc) error {
		attach(t, other, f.ID(), j.ID())
		return nil
	}
	_, err := w.Publish(t.Context(), f.ID(), 1)
	s.put = nil
	assertFlowConflict(t, w, err, 1, 2)

	s.put = func(int, []storage.Doc) error { return other.DeleteFlow(t.Context(), f.ID(), 2) }
	_, err = w.Publish(t.Context(), f.ID(), 2)
	s.put = nil
	assertNotFound(t, err, flowDoc(f.ID()))
}

func TestPublish_WithoutChangesMakesNoRevisionAndAsksNoGate(t *testing.T) {
	w := newWorkspace()
	f := liveFlow(t, w)
	again, err := w.Publish(t.Context(), f.ID(), f.Revision(), func(context.Context, callflow.Snapshot) error {
		t.Error("the gate was asked")
		return nil
	})
	require.NoError(t, err)
	assert.True(t, again.Equal(f))
}

func TestPublish_ANumberHeldByAnotherPublishedFlowIsTaken(t *testing.T) {
	w := newWorkspace()
	holder, late := liveFlow(t, w), newDesk(t, w)
	_, err := w.Publish(t.Context(), late.ID(), 1)
	require.ErrorIs(t, err, storage.ErrTaken)
	fault, _ := errors.AsType[*storage.RefError](err)
	assert.Equal(t, flowDoc(holder.ID()), fault.Ref)
	assert.EqualError(t, err, fmt.Sprintf(`flow %q: [%q] is live on %q: flow %q: already has what only one may have: take it away there, or do without it here`,
		late.Name(), deskLine, holder.Name(), holder.ID()), "who has the number, and what to do")
	now, err := w.Flow(t.Context(), late.ID())
	require.NoError(t, err)
	assert.True(t, now.Equal(late), "and nothing was published")
}

func TestPublish_AsksTheGatesAboutTheDraftAndPublishesNothingThatOneRefuses(t *testing.T) {
	w := newWorkspace()
	j := newJob(t, w, "Job", "Do it.")
	f := newDesk(t, w, j.ID())
	refused, worse := errors.New("too long"), errors.New("too vague")
	var seen []string
	gate := func(verdict error) storage.Gate {
		return func(_ context.Context, s callflow.Snapshot) error {
			assert.True(t, s.IsDraft())
			assert.Equal(t, f.ID(), s.Flow().ID())
			seen = append(seen, namesOf(s.Jobs(sona))...)
			return verdict
		}
	}
	_, err := w.Publish(t.Context(), f.ID(), 1, gate(refused), gate(nil), gate(worse))
	assert.ErrorIs(t, err, refused)
	assert.ErrorIs(t, err, worse, "the author sees everything that is in the way")
	assert.ErrorContains(t, err, `flow "Desk": refused: too long`)
	assert.Equal(t, []string{"Job", "Job", "Job"}, seen)
	_, err = w.Snapshot(t.Context(), f.ID())
	assert.ErrorIs(t, err, storage.ErrUnpublished)

	_, err = w.Publish(t.Context(), f.ID(), 1, gate(nil))
	assert.NoError(t, err)
}

func TestPublish_AGateDuringWhichSomebodySavesIsAConflict(t *testing.T) {
	w := newWorkspace()
	f, j := newDesk(t, w), newJob(t, w, "Job", "Do it.")
	_, err := w.Publish(t.Context(), f.ID(), 1, func(ctx context.Context, _ callflow.Snapshot) error {
		return second(w.Attach(ctx, f.ID(), sona, j.ID()))
	})
	assertFlowConflict(t, w, err, 1, 2)
}

func TestPublish_SomebodyWhoSavesBeforeTheGateIsAskedIsAConflict(t *testing.T) {
	s := &trouble{Storage: memory.New()}
	w, other := storage.Open(s, "acme"), storage.Open(s.Storage, "acme")
	f, j := newDesk(t, w), newJob(t, w, "Job", "Do it.")
	_, err := w.Settings(t.Context())
	require.NoError(t, err)
	first := true
	s.get = func(int) error {
		if !first { // the first read is that of the flow, the second that of the draft's snapshot
			attach(t, other, f.ID(), j.ID())
		}
		first = false
		return nil
	}
	_, err = w.Publish(t.Context(), f.ID(), 1, func(context.Context, callflow.Snapshot) error {
		t.Error("the gate was asked about what nobody wanted to publish")
		return nil
	})
	s.get = nil
	assertFlowConflict(t, w, err, 1, 2)
}

func TestDiscard_GoesBackToWhatIsLive(t *testing.T) {
	w := newWorkspace()
	jobs := newJobs(t, w, 2)
	f := newDesk(t, w, jobs[0])
	same, err := w.Discard(t.Context(), f.ID(), 1)
	require.NoError(t, err)
	assert.True(t, same.Equal(f), "before the first publish there is nothing to go back to")

	publish(t, w, f.ID())
	attach(t, w, f.ID(), jobs[1])
	_, err = w.Discard(t.Context(), f.ID(), 2)
	assertFlowConflict(t, w, err, 2, 3)
	f, err = w.Discard(t.Context(), f.ID(), 3)
	require.NoError(t, err)
	assert.Equal(t, 4, f.Revision())
	assert.Equal(t, jobs[:1], draftJobs(t, f))
	assert.Empty(t, f.Changes())
}

// threeVersions is a flow that published job 1, then jobs 1 and 2, then job 2, with edits in between.
func threeVersions(t *testing.T, w *storage.Workspace) (callflow.ID, []job.ID) {
	jobs := newJobs(t, w, 3)
	id := liveFlow(t, w, jobs[0]).ID()
	for _, toggle := range []func(){
		func() { attach(t, w, id, jobs[1]) },
		func() { detach(t, w, id, jobs[0]) },
	} {
		toggle()
		attach(t, w, id, jobs[2]) // and back: revisions that publish nothing
		detach(t, w, id, jobs[2])
		publish(t, w, id)
	}
	return id, jobs
}

func TestVersions_YieldsEachOnceNewestFirst(t *testing.T) {
	w := newWorkspace()
	id, jobs := threeVersions(t, w)
	var numbers []int
	var attached [][]job.ID
	for _, v := range all(t, w.Versions(t.Context(), id)) {
		numbers = append(numbers, v.Number())
		attached = append(attached, sonaStep(t, v).Jobs)
	}
	assert.Equal(t, []int{3, 2, 1}, numbers)
	assert.Equal(t, [][]job.ID{jobs[1:2], jobs[:2], jobs[:1]}, attached)

	for v, err := range w.Versions(t.Context(), id) {
		require.NoError(t, err)
		assert.Equal(t, 3, v.Number())
		break
	}
	assert.Empty(t, all(t, w.Versions(t.Context(), newDesk(t, w).ID())), "nothing was published")
	for _, err := range w.Versions(t.Context(), "nowhere") {
		assertNotFound(t, err, flowDoc("nowhere"))
	}
	for _, err := range w.Versions(t.Context(), "a b") {
		_, ok := errors.AsType[*job.ValidationError](err)
		assert.True(t, ok)
	}
}

func TestVersions_OneThatCannotBeReadHidesNoOther(t *testing.T) {
	kept := memory.New()
	w := storage.Open(kept, "acme")
	f := liveFlow(t, w)
	spoil(t, kept, flowDoc(f.ID()))
	var numbers []int
	var faults int
	for v, err := range w.Versions(t.Context(), f.ID()) {
		if err != nil {
			faults++
			continue
		}
		numbers = append(numbers, v.Number())
	}
	assert.Equal(t, 1, faults)
	assert.Equal(t, []int{1}, numbers)
}

func TestVersions_GoesThroughALongHistory(t *testing.T) {
	w := newWorkspace()
	f, j := newDesk(t, w), newJob(t, w, "Job", "Do it.")
	for range 25 {
		attach(t, w, f.ID(), j.ID())
		publish(t, w, f.ID())
		detach(t, w, f.ID(), j.ID())
		publish(t, w, f.ID())
	}
	versions := all(t, w.Versions(t.Context(), f.ID()))
	require.Len(t, versions, 50)
	for i, v := range versions {
		assert.Equal(t, 50-i, v.Number())
	}
	f, err := w.Rollback(t.Context(), f.ID(), 101, versions[49])
	require.NoError(t, err)
	assert.Equal(t, []job.ID{j.ID()}, draftJobs(t, f))
}

func TestRollback_BringsAVersionIntoTheDraftOnly(t *testing.T) {
	w := newWorkspace()
	id, jobs := threeVersions(t, w)
	first := all(t, w.Versions(t.Context(), id))[2]
	f, err := w.Flow(t.Context(), id)
	require.NoError(t, err)

	_, err = w.Rollback(t.Context(), id, 1, first)
	assertFlowConflict(t, w, err, 1, f.Revision())
	f, err = w.Rollback(t.Context(), id, f.Revision(), first)
	require.NoError(t, err)
	assert.Equal(t, jobs[:1], draftJobs(t, f))
	assert.Equal(t, jobs[1:2], liveJobs(t, f))
	f = publish(t, w, id)
	assert.Equal(t, jobs[:1], liveJobs(t, f))
	v, _ := f.Published()
	assert.Equal(t, 4, v.Number())
}

func TestRollback_ToJobsThatWereDeletedReportsThemAsMissing(t *testing.T) {
	w := newWorkspace()
	id, jobs := threeVersions(t, w)
	require.NoError(t, w.DeleteJob(t.Context(), jobs[0], 1))
	f, err := w.Flow(t.Context(), id)
	require.NoError(t, err)
	_, err = w.Rollback(t.Context(), id, f.Revision(), all(t, w.Versions(t.Context(), id))[1])
	require.NoError(t, err)
	s := mockCall(t, w, id)
	assert.Equal(t, []string{"Job 2"}, namesOf(s.Jobs(sona)))
	assert.Equal(t, []callflow.Missing{{Step: sona, Job: jobs[0]}}, s.Missing())
}

func TestRollback_TakesOnlyVersionsThatThisFlowPublished(t *testing.T) {
	w := newWorkspace()
	id, _ := threeVersions(t, w)
	f, err := w.Flow(t.Context(), id)
	require.NoError(t, err)
	stranger, err := storage.Open(memory.New(), "other").CreateFlow(t.Context(), callflow.Simple("Other", deskLine, callflow.SonaStep{}))
	require.NoError(t, err)
	stranger, err = stranger.Publish(stranger.Stamp().At, "")
	require.NoError(t, err)
	foreign, _ := stranger.Published()
	for name, v := range map[string]callflow.Version{
		"a foreign version of a number that there is": foreign, "a draft": f.Draft(), "no version": {},
	} {
		_, err := w.Rollback(t.Context(), id, f.Revision(), v)
		assertNotFound(t, err, flowDoc(id))
		assert.ErrorContains(t, err, "version ", name)
	}
	now, err := w.Flow(t.Context(), id)
	require.NoError(t, err)
	assert.True(t, now.Equal(f))
}
