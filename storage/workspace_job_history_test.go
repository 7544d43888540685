package storage_test

import (
	"context"
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

func TestHistoryShowsEveryRevisionNewestFirst(t *testing.T) {
	w := newWorkspace()
	j := newJob(t, w, "Take a message", "Goal: revision 1.")
	saved := []job.Job{j}
	for n := 1; n < 1_100; n++ {
		next, err := w.By(fmt.Sprint("author ", n)).SaveJob(t.Context(), j.ID(), n, typed("Take a message", fmt.Sprintf("Goal: revision %d.", n+1)), "")
		require.NoError(t, err)
		saved = append([]job.Job{next}, saved...)
	}
	assert.Empty(t, cmp.Diff(saved, all(t, w.JobHistory(t.Context(), j.ID()))))
	for newest, err := range w.JobHistory(t.Context(), j.ID()) {
		require.NoError(t, err)
		assert.Equal(t, 1_100, newest.Revision())
		break // the reader may stop
	}
	second, err := w.JobRevision(t.Context(), j.ID(), 2)
	require.NoError(t, err)
	assert.Equal(t, "Goal: revision 2.", second.Spec().Instructions)
}

func TestRestoringAnOldRevisionIsANewRevision(t *testing.T) {
	w := newWorkspace()
	j := newJob(t, w, "Take a message", "Goal: good.")
	_, err := w.SaveJob(t.Context(), j.ID(), 1, typed("Take a message", "Goal: bad."), "")
	require.NoError(t, err)

	restored, err := w.By("ann").RestoreJob(t.Context(), j, 2)
	require.NoError(t, err)
	assert.Equal(t, "Goal: good.", restored.Spec().Instructions)
	assert.Equal(t, job.Stamp{Revision: 3, At: restored.Stamp().At, By: "ann", Note: "restores revision 1"}, restored.Stamp())

	again, err := w.RestoreJob(t.Context(), j, 3)
	require.NoError(t, err)
	assert.Empty(t, cmp.Diff(restored, again), "it stands there already")
	_, err = w.RestoreJob(t.Context(), j, 2)
	conflict, ok := errors.AsType[*storage.JobConflictError](err)
	require.True(t, ok, "%v", err)
	assert.Empty(t, cmp.Diff(restored, conflict.Theirs))
	assert.Equal(t, j.Spec(), conflict.Mine)
}

func TestADeletedJobIsGoneAndCanBeBroughtBack(t *testing.T) {
	w := newWorkspace().By("ann")
	j := newJob(t, w, "Take a message", "Goal: take a message.")
	require.NoError(t, w.DeleteJob(t.Context(), j.ID(), 1))

	_, err := w.Job(t.Context(), j.ID())
	assert.ErrorIs(t, err, storage.ErrNotFound)
	_, err = w.SaveJob(t.Context(), j.ID(), 2, typed("x", "x"), "")
	assert.ErrorIs(t, err, storage.ErrNotFound)
	assert.ErrorIs(t, w.DeleteJob(t.Context(), j.ID(), 2), storage.ErrNotFound)
	_, err = w.JobRevision(t.Context(), j.ID(), 2)
	assert.ErrorIs(t, err, storage.ErrNotFound, "a deletion has no text")
	assert.Empty(t, all(t, w.AllJobs(t.Context())))
	history := all(t, w.JobHistory(t.Context(), j.ID()))
	assert.Empty(t, cmp.Diff([]job.Job{j}, history))

	changes, err := w.Changes(t.Context(), 0, 0)
	require.NoError(t, err)
	assert.True(t, changes[1].Deleted)
	assert.Equal(t, "ann", changes[1].By, "the feed tells who deleted it")

	back, err := w.RestoreJob(t.Context(), history[0], history[0].Revision())
	require.NoError(t, err, "from the last text that the history shows")
	assert.Equal(t, 3, back.Revision())
	assert.Equal(t, j.Spec(), back.Spec())
	read, err := w.Job(t.Context(), j.ID())
	require.NoError(t, err)
	assert.Empty(t, cmp.Diff(back, read))

	require.NoError(t, w.DeleteJob(t.Context(), j.ID(), 3))
	back, err = w.RestoreJob(t.Context(), j, 4)
	require.NoError(t, err, "from the deletion itself")
	assert.Equal(t, 5, back.Revision())
	assert.Equal(t, []int{5, 3, 1}, revisions(all(t, w.JobHistory(t.Context(), j.ID()))))
}

func TestRestoringFromABaseThatIsOlderThanTheDeletionIsAConflict(t *testing.T) {
	w := newWorkspace()
	j := newJob(t, w, "Take a message", "Goal: one.")
	_, err := w.SaveJob(t.Context(), j.ID(), 1, typed("Take a message", "Goal: two."), "")
	require.NoError(t, err)
	require.NoError(t, w.DeleteJob(t.Context(), j.ID(), 2))
	_, err = w.RestoreJob(t.Context(), j, 1)
	conflict, ok := errors.AsType[*storage.JobConflictError](err)
	require.True(t, ok, "%v", err)
	assert.Equal(t, "Goal: two.", conflict.Theirs.Spec().Instructions, "the last text")
	assert.Equal(t, 3, conflict.Theirs.Revision(), "a base that will do")
}

func TestTheIDOfADeletedJobMayBeUsedAgain(t *testing.T) {
	w := newWorkspace()
	first, err := w.CreateJobAs(t.Context(), "take-a-message", typed("Take a message", "Goal: one."))
	require.NoError(t, err)
	require.NoError(t, w.DeleteJob(t.Context(), first.ID(), 1))
	again, err := w.CreateJobAs(t.Context(), "take-a-message", typed("Take a message", "Goal: one."))
	require.NoError(t, err)
	assert.Equal(t, 3, again.Revision())
	assert.Equal(t, []int{3, 1}, revisions(all(t, w.JobHistory(t.Context(), first.ID()))))
}

func TestCreatingDoesNotTurnInCirclesWithAStorageThatContradictsItself(t *testing.T) {
	s := &trouble{Storage: memory.New()}
	w := storage.Open(s, "acme")
	j := newJob(t, w, "Take a message", "Goal: one.")
	require.NoError(t, w.DeleteJob(t.Context(), j.ID(), 1))
	s.put = func(_ int, docs []storage.Doc) error {
		return &storage.RefError{Ref: docs[0].Ref, Err: storage.ErrConflict}
	}
	_, err := w.CreateJobAs(t.Context(), j.ID(), typed("x", "x"))
	assert.ErrorIs(t, err, storage.ErrConflict)
}

func TestADeleteFromAnOldTextIsRefused(t *testing.T) {
	w := newWorkspace()
	j := newJob(t, w, "Take a message", "Goal: one.")
	theirs, err := w.By("bob").SaveJob(t.Context(), j.ID(), 1, typed("Take a message", "Goal: two."), "")
	require.NoError(t, err)
	err = w.DeleteJob(t.Context(), j.ID(), 1)
	conflict, ok := errors.AsType[*storage.JobConflictError](err)
	require.True(t, ok, "%v", err)
	merged, clashes := conflict.Merge()
	assert.Empty(t, clashes, "a delete types nothing")
	assert.Equal(t, theirs.Spec(), merged)
}

func TestAJobInUseCannotBeDeleted(t *testing.T) {
	w, flow, j := published(t)
	err := w.DeleteJob(t.Context(), j.ID(), 1)
	require.ErrorIs(t, err, storage.ErrInUse)
	inUse, ok := errors.AsType[*storage.InUseError](err)
	require.True(t, ok)
	assert.Equal(t, []storage.Use{{Flow: flow.ID(), Name: "Main", Step: callflow.Sona, Numbers: flow.Numbers(), Draft: true, Live: true}}, inUse.Uses)
	assert.EqualError(t, err, fmt.Sprintf(
		`job "Take a message" (%s): cannot be deleted while it is used by flow "Main" step "sona" (draft and live): detach it there and publish`, j.ID()))

	flow, err = w.Detach(t.Context(), flow.ID(), callflow.Sona, j.ID())
	require.NoError(t, err)
	err = w.DeleteJob(t.Context(), j.ID(), 1)
	assert.ErrorIs(t, err, storage.ErrInUse, "callers still meet it")
	assert.ErrorContains(t, err, `flow "Main" step "sona" (live)`)

	_, err = w.Publish(t.Context(), flow.ID(), flow.Revision())
	require.NoError(t, err)
	assert.NoError(t, w.DeleteJob(t.Context(), j.ID(), 1))
}

func TestTheMessageOfAMuchUsedJobStaysShort(t *testing.T) {
	w := newWorkspace()
	j := newJob(t, w, "Take a message", "Goal: take a message.")
	for i := range 5 {
		newFlow(t, w, fmt.Sprint("Flow ", i), callflow.Line(fmt.Sprintf("+1555000000%d", i)), j.ID())
	}
	err := w.DeleteJob(t.Context(), j.ID(), 1)
	assert.ErrorContains(t, err, `flow "Flow 0" step "sona" (draft), flow "Flow 1" step "sona" (draft), flow "Flow 2" step "sona" (draft) and 2 more: detach`)
}

func TestARevisionThatCannotBeReadHidesNoOlderOne(t *testing.T) {
	s := memory.New()
	w := storage.Open(s, "acme")
	j := newJob(t, w, "Take a message", "Goal: one.")
	spoil(t, s, jobDoc(j.ID()))
	third, err := w.RestoreJob(t.Context(), j, 2)
	require.NoError(t, err)
	var seen []string
	for j, err := range w.JobHistory(t.Context(), j.ID()) {
		seen = append(seen, fmt.Sprintf("%d %v", j.Revision(), err))
	}
	assert.Equal(t, []string{"3 <nil>",
		fmt.Sprintf("0 job %q: revision 2 cannot be read: unexpected end of JSON input", j.ID()), "1 <nil>"}, seen)

	_, err = w.SaveJob(t.Context(), j.ID(), 2, typed("Take a message", "Goal: mine."), "")
	conflict, ok := errors.AsType[*storage.JobConflictError](err)
	require.True(t, ok, "a base that cannot be read is no reason to lose a text: %v", err)
	assert.True(t, conflict.Base.IsZero())
	assert.Empty(t, cmp.Diff(third, conflict.Theirs))
	merged, clashes := conflict.Merge()
	assert.Equal(t, "Goal: one.\nGoal: mine.", merged.Instructions)
	assert.Len(t, clashes, 1)
}

func TestSomethingUnreadableInTheWayOfALostRaceIsReported(t *testing.T) {
	s := &trouble{Storage: memory.New()}
	w := storage.Open(s, "acme")
	j := newJob(t, w, "Take a message", "Goal: one.")
	s.put = func(int, []storage.Doc) error { spoil(t, s.Storage, jobDoc(j.ID())); return nil }
	_, err := w.SaveJob(t.Context(), j.ID(), 1, typed("Take a message", "Goal: mine."), "")
	assert.EqualError(t, err, fmt.Sprintf("job %q: revision 2 cannot be read: unexpected end of JSON input", j.ID()))
}

func TestARestorePassesTheGates(t *testing.T) {
	w, _, j := published(t)
	_, err := w.SaveJob(t.Context(), j.ID(), 1, typed("Take a message", "Goal: two."), "")
	require.NoError(t, err)
	refused := errors.New("no")
	_, err = w.RestoreJob(t.Context(), j, 2, func(context.Context, callflow.Snapshot) error { return refused })
	assert.ErrorIs(t, err, refused)
}
