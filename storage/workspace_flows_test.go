package storage_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/callflow/knowledge"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/storage"
	"github.com/sonajobs/sona/storage/memory"
)

func flowDoc(id callflow.ID) storage.Ref {
	return storage.Ref{Kind: storage.KindFlow, ID: string(id)}
}

// assertNotFound says which document is missing.
func assertNotFound(t testing.TB, err error, ref storage.Ref) {
	t.Helper()
	require.ErrorIs(t, err, storage.ErrNotFound)
	fault, ok := errors.AsType[*storage.RefError](err)
	require.True(t, ok)
	assert.Equal(t, ref, fault.Ref)
}

// assertFlowConflict says what stands in the way, and that nothing was written.
func assertFlowConflict(t testing.TB, w *storage.Workspace, err error, base, theirs int) {
	t.Helper()
	require.ErrorIs(t, err, storage.ErrConflict)
	conflict, ok := errors.AsType[*storage.FlowConflictError](err)
	require.True(t, ok)
	assert.Equal(t, base, conflict.Base)
	assert.Equal(t, theirs, conflict.Theirs.Revision())
	now, err := w.Flow(t.Context(), conflict.Theirs.ID())
	require.NoError(t, err)
	assert.True(t, now.Equal(conflict.Theirs))
}

func TestCreateFlow_SavesTheFirstRevisionWithItsAuthor(t *testing.T) {
	w := newWorkspace().By("ann")
	f := newDesk(t, w)
	assert.Equal(t, 1, f.Revision())
	assert.Equal(t, "ann", f.Stamp().By)
	assert.False(t, f.Stamp().At.IsZero())
	got, err := w.Flow(t.Context(), f.ID())
	require.NoError(t, err)
	assert.True(t, got.Equal(f), "what is read back is what was returned")
	_, published := got.Published()
	assert.False(t, published)
}

func TestCreateFlow_RefusesWhatBreaksARuleOrNamesWhatIsNotThere(t *testing.T) {
	w := newWorkspace()
	_, err := w.CreateFlow(t.Context(), callflow.Simple("", deskLine, callflow.SonaStep{}))
	_, ok := errors.AsType[*job.ValidationError](err)
	assert.True(t, ok)
	_, err = w.CreateFlow(t.Context(), callflow.Simple("Desk", deskLine, callflow.SonaStep{Jobs: []job.ID{"nobody"}}))
	assertNotFound(t, err, jobDoc("nobody"))
	assert.ErrorContains(t, err, `flow "Desk": names a job that is not in this workspace: job "nobody"`)
	_, err = w.CreateFlow(t.Context(), callflow.Simple("Desk", deskLine, callflow.SonaStep{Pages: []knowledge.ID{"nowhere"}}))
	assertNotFound(t, err, storage.Ref{Kind: storage.KindPage, ID: "nowhere"})
	assert.Empty(t, all(t, w.Flows(t.Context())))
}

func TestFlows_AreYieldedByNameHoweverMany(t *testing.T) {
	w := newWorkspace()
	for i := range 130 {
		name := fmt.Sprintf("flow %03d", (i*37)%130)
		_, err := w.CreateFlow(t.Context(), callflow.Simple(name, deskLine, callflow.SonaStep{}))
		require.NoError(t, err)
	}
	flows := all(t, w.Flows(t.Context()))
	require.Len(t, flows, 130)
	for i, f := range flows {
		assert.Equal(t, fmt.Sprintf("flow %03d", i), f.Name())
	}
	for _, err := range w.Flows(t.Context()) {
		require.NoError(t, err)
		break // the sequence stops when its reader does
	}
}

func TestFlowByNumber_PrefersTheFlowThatIsLive(t *testing.T) {
	w := newWorkspace()
	for _, name := range []string{"A draft", "B draft", "Z live"} {
		f, err := w.CreateFlow(t.Context(), callflow.Simple(name, deskLine, callflow.SonaStep{}))
		require.NoError(t, err)
		got, err := w.FlowByNumber(t.Context(), deskLine)
		require.NoError(t, err)
		assert.Equal(t, "A draft", got.Name(), "of drafts the first by name")
		if name == "Z live" {
			publish(t, w, f.ID())
		}
	}
	got, err := w.FlowByNumber(t.Context(), "+1 (555) 123-0000")
	require.NoError(t, err)
	assert.Equal(t, "Z live", got.Name(), "however the number is written")

	_, err = w.FlowByNumber(t.Context(), shopLine)
	assertNotFound(t, err, storage.Ref{Kind: storage.KindFlow, ID: "number:" + string(shopLine)})
	_, err = w.FlowByNumber(t.Context(), "no line")
	require.ErrorIs(t, err, storage.ErrNotFound)
	_, ok := errors.AsType[*job.FieldError](err)
	assert.True(t, ok, "and it says what a line looks like")
}

func TestEditDraft_NeedsTheNewestBaseAndRunsOnce(t *testing.T) {
	w := newWorkspace()
	f := newDesk(t, w)
	runs := 0
	greet := func(text string) func(*callflow.Draft) error {
		return func(d *callflow.Draft) error {
			runs++
			return d.EditSona(sona, func(s *callflow.SonaStep) { s.Greeting = text })
		}
	}
	first, err := w.By("ann").EditDraft(t.Context(), f.ID(), 1, greet("Ann here."))
	require.NoError(t, err)
	assert.Equal(t, 2, first.Revision())

	_, err = w.By("bob").EditDraft(t.Context(), f.ID(), 1, greet("Bob here."))
	assertFlowConflict(t, w, err, 1, 2)
	assert.EqualError(t, err, `flow "Desk": edited from revision 1, but the newest is 2 by "ann": load it and edit again`)
	assert.Equal(t, 1, runs, "on a stale base the edit does not even run")

	again, err := w.EditDraft(t.Context(), f.ID(), 2, greet("Ann here."))
	require.NoError(t, err)
	assert.True(t, again.Equal(first), "an edit that changes nothing makes no revision")
}

func TestEditDraft_DoesNotRunAgainWhenSomebodyElseIsQuicker(t *testing.T) {
	s := &trouble{Storage: memory.New()}
	w, other := storage.Open(s, "acme"), storage.Open(s.Storage, "acme")
	f, j := newDesk(t, w), newJob(t, w, "Job", "Do it.")
	s.put = func(int, []storage.Doc) error {
		attach(t, other, f.ID(), j.ID())
		return nil
	}
	runs := 0
	_, err := w.EditDraft(t.Context(), f.ID(), 1, func(d *callflow.Draft) error {
		runs++
		return d.EditSona(sona, func(s *callflow.SonaStep) { s.Greeting = "Mine." })
	})
	s.put = nil
	assertFlowConflict(t, w, err, 1, 2)
	assert.Equal(t, 1, runs)
	conflict, _ := errors.AsType[*storage.FlowConflictError](err)
	assert.Equal(t, []job.ID{j.ID()}, draftJobs(t, conflict.Theirs))
	assert.Empty(t, sonaStep(t, conflict.Theirs.Draft()).Greeting)
}

func TestEditDraft_RefusesWhatItNewlyNamesAndIsNotThere(t *testing.T) {
	w := newWorkspace()
	j := newJob(t, w, "Job", "Do it.")
	p := newPage(t, w, "Prices", "30 dollars.")
	f := newDesk(t, w)
	foreign := newJob(t, storage.Open(memory.New(), "other"), "Foreign", "Do it.")

	_, err := w.EditDraft(t.Context(), f.ID(), 1, func(d *callflow.Draft) error {
		require.NoError(t, d.Attach(sona, j.ID()))
		return d.Attach(sona, foreign.ID())
	})
	assertNotFound(t, err, jobDoc(foreign.ID()))
	_, err = w.EditDraft(t.Context(), f.ID(), 1, func(d *callflow.Draft) error { return d.AttachPage(sona, "nowhere") })
	assertNotFound(t, err, storage.Ref{Kind: storage.KindPage, ID: "nowhere"})
	_, err = w.EditDraft(t.Context(), f.ID(), 1, func(d *callflow.Draft) error { return d.Attach("nowhere", j.ID()) })
	_, ok := errors.AsType[*callflow.StepError](err)
	assert.True(t, ok)
	now, err := w.Flow(t.Context(), f.ID())
	require.NoError(t, err)
	assert.True(t, now.Equal(f), "nothing of it was saved")

	now, err = w.EditDraft(t.Context(), f.ID(), 1, func(d *callflow.Draft) error {
		require.NoError(t, d.AttachPage(sona, p.ID()))
		return d.Attach(sona, j.ID())
	})
	require.NoError(t, err)
	assert.Equal(t, []job.ID{j.ID()}, draftJobs(t, now))
}

func TestAttach_RefusesWhatIsNotThereAndWhatIsIllFormed(t *testing.T) {
	kept := memory.New()
	w, other := storage.Open(kept, "acme"), storage.Open(kept, "other")
	f, j := newDesk(t, w), newJob(t, w, "Job", "Do it.")
	foreign := newJob(t, other, "Foreign", "Do it.")

	_, err := w.Attach(t.Context(), f.ID(), sona, foreign.ID())
	assertNotFound(t, err, jobDoc(foreign.ID()))
	_, err = w.AttachPage(t.Context(), f.ID(), sona, knowledge.ID(j.ID()))
	assertNotFound(t, err, storage.Ref{Kind: storage.KindPage, ID: string(j.ID())})
	_, err = other.Attach(t.Context(), f.ID(), sona, foreign.ID())
	assertNotFound(t, err, flowDoc(f.ID()))
	for name, act := range map[string]func() error{
		"an ill-formed job":  func() error { return second(w.Attach(t.Context(), f.ID(), sona, "a b")) },
		"an ill-formed page": func() error { return second(w.AttachPage(t.Context(), f.ID(), sona, "")) },
		"an ill-formed flow": func() error { return second(w.Attach(t.Context(), "a:b", sona, j.ID())) },
		"Flow":               func() error { return second(w.Flow(t.Context(), "")) },
		"EditDraft":          func() error { return second(w.EditDraft(t.Context(), "\x00", 1, nil)) },
		"DeleteFlow":         func() error { return w.DeleteFlow(t.Context(), "é", 1) },
		"Snapshot":           func() error { return second(w.Snapshot(t.Context(), "a b")) },
	} {
		_, ok := errors.AsType[*job.ValidationError](act())
		assert.True(t, ok, name)
	}
	_, err = w.Attach(t.Context(), f.ID(), "voicemail", j.ID())
	fault, ok := errors.AsType[*callflow.StepError](err)
	require.True(t, ok)
	assert.Equal(t, callflow.RuleNotSona, fault.Rule)

	now, err := w.Flow(t.Context(), f.ID())
	require.NoError(t, err)
	assert.Equal(t, 1, now.Revision(), "nothing of it was saved")
}

func TestAttach_TogglesPagesLikeJobs(t *testing.T) {
	w := newWorkspace()
	f, p := newDesk(t, w), newPage(t, w, "Prices", "30 dollars.")
	for range 2 {
		now, err := w.AttachPage(t.Context(), f.ID(), sona, p.ID())
		require.NoError(t, err)
		assert.Equal(t, 2, now.Revision())
		assert.Equal(t, []knowledge.ID{p.ID()}, sonaStep(t, now.Draft()).Pages)
	}
	for range 2 {
		now, err := w.DetachPage(t.Context(), f.ID(), sona, p.ID())
		require.NoError(t, err)
		assert.Equal(t, 3, now.Revision())
		assert.Empty(t, sonaStep(t, now.Draft()).Pages)
	}
}

func TestSetNumbers_IsLiveAtOnceAndGivesNoNumberTwice(t *testing.T) {
	w := newWorkspace()
	held := liveFlow(t, w)
	shop, err := w.CreateFlow(t.Context(), callflow.Simple("Shop", shopLine, callflow.SonaStep{}))
	require.NoError(t, err)
	shop = publish(t, w, shop.ID())

	_, err = w.SetNumbers(t.Context(), shop.ID(), shop.Revision(), []callflow.Line{shopLine, deskLine})
	require.ErrorIs(t, err, storage.ErrTaken)
	fault, _ := errors.AsType[*storage.RefError](err)
	assert.Equal(t, flowDoc(held.ID()), fault.Ref, "it names the holder")
	assert.ErrorContains(t, err, string(deskLine))

	_, err = w.SetNumbers(t.Context(), held.ID(), 1, nil)
	assertFlowConflict(t, w, err, 1, held.Revision())
	_, err = w.SetNumbers(t.Context(), held.ID(), held.Revision(), []callflow.Line{"x"})
	_, ok := errors.AsType[*job.ValidationError](err)
	assert.True(t, ok)
	held, err = w.SetNumbers(t.Context(), held.ID(), held.Revision(), []callflow.Line{"204"})
	require.NoError(t, err)
	same, err := w.SetNumbers(t.Context(), held.ID(), held.Revision(), []callflow.Line{" 204 "})
	require.NoError(t, err)
	assert.Equal(t, held.Revision(), same.Revision())

	shop, err = w.SetNumbers(t.Context(), shop.ID(), shop.Revision(), []callflow.Line{shopLine, deskLine})
	require.NoError(t, err, "the number was released")
	got, err := w.FlowByNumber(t.Context(), deskLine)
	require.NoError(t, err)
	assert.Equal(t, shop.ID(), got.ID())
}

func TestDeleteFlow_ReleasesItsNumberAndKeepsItsHistory(t *testing.T) {
	w := newWorkspace()
	f := liveFlow(t, w)
	other := newDesk(t, w)
	_, err := w.Publish(t.Context(), other.ID(), other.Revision())
	require.ErrorIs(t, err, storage.ErrTaken)

	assertFlowConflict(t, w, w.DeleteFlow(t.Context(), f.ID(), 1), 1, 2)
	require.NoError(t, w.DeleteFlow(t.Context(), f.ID(), 2))
	_, err = w.Flow(t.Context(), f.ID())
	assertNotFound(t, err, flowDoc(f.ID()))
	assertNotFound(t, w.DeleteFlow(t.Context(), f.ID(), 3), flowDoc(f.ID()))
	_, err = w.Snapshot(t.Context(), f.ID())
	assertNotFound(t, err, flowDoc(f.ID()))
	_, err = w.Attach(t.Context(), f.ID(), sona, newJob(t, w, "Job", "Do it.").ID())
	assertNotFound(t, err, flowDoc(f.ID()))

	assert.Len(t, all(t, w.Versions(t.Context(), f.ID())), 1, "what it published can still be told")
	publish(t, w, other.ID())
}

func TestFlows_OneThatCannotBeReadNamesItselfAndHidesNoOther(t *testing.T) {
	kept := memory.New()
	w := storage.Open(kept, "acme")
	broken := liveFlow(t, w)
	good, err := w.CreateFlow(t.Context(), callflow.Simple("Other", shopLine, callflow.SonaStep{}))
	require.NoError(t, err)
	spoil(t, kept, flowDoc(broken.ID()))

	var seen []callflow.ID
	var faults []error
	for f, err := range w.Flows(t.Context()) {
		if err != nil {
			faults = append(faults, err)
			continue
		}
		seen = append(seen, f.ID())
	}
	assert.Equal(t, []callflow.ID{good.ID()}, seen)
	require.Len(t, faults, 1)

	j := newJob(t, w, "Job", "Do it.")
	for name, err := range map[string]error{
		"Flows":    faults[0],
		"Flow":     second(w.Flow(t.Context(), broken.ID())),
		"Attach":   second(w.Attach(t.Context(), broken.ID(), sona, j.ID())),
		"Edit":     second(w.EditDraft(t.Context(), broken.ID(), 3, nil)),
		"Publish":  second(w.Publish(t.Context(), broken.ID(), 3)),
		"Delete":   w.DeleteFlow(t.Context(), broken.ID(), 3),
		"Snapshot": second(w.Snapshot(t.Context(), broken.ID())),
		"For":      second(w.SnapshotFor(t.Context(), deskLine)),
	} {
		fault, ok := errors.AsType[*storage.RefError](err)
		require.True(t, ok, name)
		assert.Equal(t, flowDoc(broken.ID()), fault.Ref, name)
		assert.NotErrorIs(t, err, storage.ErrNotFound, name)
	}
	docs, err := kept.History(t.Context(), "acme", flowDoc(broken.ID()), 0, 10)
	require.NoError(t, err)
	assert.Len(t, docs, 3, "nothing was written over it")
}

func TestFlows_ACancelledContextEndsEveryMethodAndSavesNothing(t *testing.T) {
	w := newWorkspace()
	f, j := liveFlow(t, w), newJob(t, w, "Job", "Do it.")
	ctx := cancelled(t)
	for name, err := range map[string]error{
		"CreateFlow":    second(w.CreateFlow(ctx, callflow.Simple("X", "204", callflow.SonaStep{}))),
		"Flow":          second(w.Flow(ctx, f.ID())),
		"FlowByNumber":  second(w.FlowByNumber(ctx, deskLine)),
		"EditDraft":     second(w.EditDraft(ctx, f.ID(), 2, func(*callflow.Draft) error { return nil })),
		"Attach":        second(w.Attach(ctx, f.ID(), sona, j.ID())),
		"SetNumbers":    second(w.SetNumbers(ctx, f.ID(), 2, nil)),
		"DeleteFlow":    w.DeleteFlow(ctx, f.ID(), 2),
		"Publish":       second(w.Publish(ctx, f.ID(), 2)),
		"Discard":       second(w.Discard(ctx, f.ID(), 2)),
		"Rollback":      second(w.Rollback(ctx, f.ID(), 2, callflow.Version{})),
		"Snapshot":      second(w.Snapshot(ctx, f.ID())),
		"SnapshotFor":   second(w.SnapshotFor(ctx, deskLine)),
		"DraftSnapshot": second(w.DraftSnapshot(ctx, f.ID())),
	} {
		assert.ErrorIs(t, err, context.Canceled, name)
	}
	for _, err := range w.Flows(ctx) {
		assert.Error(t, err)
	}
	for _, err := range w.Versions(ctx, f.ID()) {
		assert.Error(t, err)
	}
	assert.Len(t, all(t, w.Flows(t.Context())), 1)
}
