package storage_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/callflow/knowledge"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/storage"
	"github.com/sonajobs/sona/storage/memory"
)

func TestSnapshotOf_GivesTheCallWhatItHad(t *testing.T) {
	w := newWorkspace()
	jobs := newJobs(t, w, 2)
	p := newPage(t, w, "Prices", "30 dollars.")
	f, err := w.CreateFlow(t.Context(), callflow.Simple("Desk", deskLine, callflow.SonaStep{Greeting: "Old.", Jobs: jobs, Pages: []knowledge.ID{p.ID()}}))
	require.NoError(t, err)
	f = publish(t, w, f.ID())
	then := newCall(t, w, f.ID())
	r := recordOf(then, "CA1")

	rewrite(t, w, jobs[0], "Something else.")
	_, err = w.SavePage(t.Context(), p.ID(), 1, knowledge.Spec{Title: "Prices", Text: "31 dollars."}, "")
	require.NoError(t, err)
	_, err = w.SaveSettings(t.Context(), 1, callflow.SettingsSpec{Guardrails: []string{"Be kind."}})
	require.NoError(t, err)
	_, err = w.EditDraft(t.Context(), f.ID(), 2, func(d *callflow.Draft) error {
		return d.EditSona(sona, func(s *callflow.SonaStep) { s.Greeting, s.Jobs, s.Pages = "New.", nil, nil })
	})
	require.NoError(t, err)
	f = publish(t, w, f.ID())
	require.NoError(t, w.DeleteJob(t.Context(), jobs[1], 1))
	require.NoError(t, w.DeleteFlow(t.Context(), f.ID(), f.Revision()))

	was, err := w.SnapshotOf(t.Context(), r)
	require.NoError(t, err, "also of a flow and a job that were deleted")
	assert.True(t, slices.EqualFunc(then.Jobs(sona), was.Jobs(sona), job.Job.Equal))
	assert.True(t, slices.EqualFunc(then.Pages(sona), was.Pages(sona), knowledge.Page.Equal))
	assert.Equal(t, then.Settings(), was.Settings())
	assert.True(t, then.Flow().Equal(was.Flow()))
	assert.Equal(t, "Old.", sonaStep(t, was.Version()).Greeting)
	assert.Empty(t, was.Missing())
}

func TestSnapshotOf_SaysWhatCannotBeToldAnyMore(t *testing.T) {
	kept := memory.New()
	w := storage.Open(kept, "acme")
	j := newJob(t, w, "Job", "Do it.")
	f := liveFlow(t, w, j.ID())
	r := recordOf(newCall(t, w, f.ID()), "CA1")

	draft := r
	draft.Version = 0
	_, err := w.SnapshotOf(t.Context(), draft)
	assertNotFound(t, err, flowDoc(f.ID()))
	future := r
	future.Version = 2
	_, err = w.SnapshotOf(t.Context(), future)
	assertNotFound(t, err, flowDoc(f.ID()))
	_, err = storage.Open(kept, "other").SnapshotOf(t.Context(), r)
	assertNotFound(t, err, flowDoc(f.ID()))
	lost := r
	lost.Settings = 9
	_, err = w.SnapshotOf(t.Context(), lost)
	assertNotFound(t, err, storage.Ref{Kind: storage.KindSettings, ID: "settings"})

	byHand := r
	byHand.Settings, byHand.Jobs, byHand.Pages = 0, map[job.ID]int{j.ID(): 7}, map[knowledge.ID]int{"nowhere": 1}
	s, err := w.SnapshotOf(t.Context(), byHand)
	require.NoError(t, err)
	assert.Equal(t, []callflow.Missing{{Step: sona, Job: j.ID()}}, s.Missing())
	assert.Empty(t, s.Workspace())

	require.NoError(t, kept.Put(t.Context(), "acme", []storage.Doc{{Ref: jobDoc(j.ID()), Revision: 2, Deleted: true}}))
	s, err = w.SnapshotOf(t.Context(), r)
	require.NoError(t, err)
	assert.Len(t, s.Missing(), 1, "a text that was erased is gone for ever")
}

func TestSnapshotOf_TroubleComesThrough(t *testing.T) {
	for name, broken := range map[string]storage.Ref{"job": {Kind: storage.KindJob}, "page": {Kind: storage.KindPage}, "settings": {Kind: storage.KindSettings, ID: "settings"}, "flow": {Kind: storage.KindFlow}} {
		kept := memory.New()
		w := storage.Open(kept, "acme")
		j, p := newJob(t, w, "Job", "Do it."), newPage(t, w, "Prices", "30 dollars.")
		f, err := w.CreateFlow(t.Context(), callflow.Simple("Desk", deskLine, callflow.SonaStep{Jobs: []job.ID{j.ID()}, Pages: []knowledge.ID{p.ID()}}))
		require.NoError(t, err)
		publish(t, w, f.ID())
		r := recordOf(newCall(t, w, f.ID()), "CA1")
		for kind, id := range map[storage.Kind]string{storage.KindJob: string(j.ID()), storage.KindPage: string(p.ID()), storage.KindFlow: string(f.ID())} {
			if broken.Kind == kind {
				broken.ID = id
			}
		}
		spoil(t, kept, broken)
		r.Jobs[j.ID()], r.Pages[p.ID()] = newest(t, kept, jobDoc(j.ID())), newest(t, kept, storage.Ref{Kind: storage.KindPage, ID: string(p.ID())})
		r.Settings = newest(t, kept, storage.Ref{Kind: storage.KindSettings, ID: "settings"})
		_, err = storage.Open(kept, "acme").SnapshotOf(t.Context(), r)
		fault, ok := errors.AsType[*storage.RefError](err)
		require.True(t, ok, name)
		assert.Equal(t, broken, fault.Ref)
		_, err = w.SnapshotOf(cancelled(t), r)
		assert.ErrorIs(t, err, context.Canceled)
	}
	s := &trouble{Storage: memory.New()}
	w := storage.Open(s, "acme")
	f := liveFlow(t, w, newJobs(t, w, 1)...)
	r := recordOf(newCall(t, w, f.ID()), "CA1")
	n := 0
	s.history = func(int) error {
		if n++; n > 1 { // the first is that of the flow
			return errDisk
		}
		return nil
	}
	_, err := w.SnapshotOf(t.Context(), r)
	assert.ErrorIs(t, err, errDisk)
}

func newest(t testing.TB, s storage.Storage, ref storage.Ref) int {
	docs, err := s.History(t.Context(), "acme", ref, 0, 1)
	require.NoError(t, err)
	return docs[0].Revision
}

// recordOf is the record of a call on a snapshot, over, with all its jobs used.
func recordOf(s callflow.Snapshot, id call.ID) call.Record {
	r := call.Record{ID: id, Flow: s.Flow().ID(), Step: sona, Version: s.Version().Number(), Number: deskLine,
		Caller: call.Caller{Number: "+15559876543"}, Jobs: map[job.ID]int{}, Pages: map[knowledge.ID]int{},
		Settings: s.Settings().Revision(), Status: call.Completed, Outcome: call.Outcome{Kind: call.Ended, Exit: callflow.ExitEnded},
		StartedAt: nine, EndedAt: nine.Add(minute)}
	for _, j := range s.Jobs(sona) {
		r.Jobs[j.ID()] = j.Revision()
		r.Used = append(r.Used, j.ID())
	}
	for _, p := range s.Pages(sona) {
		r.Pages[p.ID()] = p.Revision()
	}
	return r
}

// A record of long ago costs no walk through all that its flow has been since.
func TestSnapshotOf_FindsOldVersionsInALongHistory(t *testing.T) {
	s := &trouble{Storage: memory.New()}
	w := storage.Open(s, "acme")
	f, j := newDesk(t, w), newJob(t, w, "Job", "Do it.")
	const versions = 200
	for n := range versions {
		attach(t, w, f.ID(), j.ID())
		for range n % 3 { // drafts in between
			detach(t, w, f.ID(), j.ID())
			attach(t, w, f.ID(), j.ID())
		}
		publish(t, w, f.ID())
		detach(t, w, f.ID(), j.ID())
		publish(t, w, f.ID())
	}
	require.NoError(t, w.DeleteFlow(t.Context(), f.ID(), newest(t, s, flowDoc(f.ID()))))
	reads := 0
	s.history = func(int) error {
		reads++
		return nil
	}
	for _, number := range []int{1, 2, 3, 77, 128, 2*versions - 20, 2*versions - 1, 2 * versions} {
		reads = 0
		was, err := w.SnapshotOf(t.Context(), call.Record{Flow: f.ID(), Version: number})
		require.NoError(t, err)
		assert.Equal(t, number, was.Version().Number())
		live, _ := was.Flow().Published()
		assert.Equal(t, number, live.Number())
		assert.Empty(t, was.Flow().Changes(), "the revision that published it, and no later one")
		assert.LessOrEqual(t, reads, 12, "version %d", number)
	}
	reads = 0
	_, err := w.SnapshotOf(t.Context(), call.Record{Flow: f.ID(), Version: 2*versions + 1})
	assertNotFound(t, err, flowDoc(f.ID()))
	assert.Equal(t, 1, reads)

	n := 0
	s.history = func(int) error {
		if n++; n > 2 {
			return errDisk
		}
		return nil
	}
	_, err = w.SnapshotOf(t.Context(), call.Record{Flow: f.ID(), Version: 1})
	assert.ErrorIs(t, err, errDisk)
}
