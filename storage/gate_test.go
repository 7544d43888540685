package storage_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/callflow/knowledge"
	"github.com/sonajobs/sona/storage"
	"github.com/sonajobs/sona/storage/memory"
)

var errNotLikeThis = errors.New("not like this")

// watching is a gate that writes down which flow it was asked about and with which text, and gives its
// verdict.
func watching(seen *[]string, verdict error) storage.Gate {
	return func(_ context.Context, s callflow.Snapshot) error {
		for _, j := range s.Jobs(sona) {
			*seen = append(*seen, s.Flow().Name()+": "+j.Spec().Instructions)
		}
		for _, p := range s.Pages(sona) {
			*seen = append(*seen, s.Flow().Name()+": "+p.Text())
		}
		return verdict
	}
}

func TestGates_OfAJobEditSeeEveryLiveFlowWithTheCandidateInPlace(t *testing.T) {
	w := newWorkspace()
	j, other := newJob(t, w, "Job", "Old."), newJob(t, w, "Other", "Other.")
	for name, number := range map[string]callflow.Line{"A": "201", "B": "202"} {
		publish(t, w, newFlow(t, w, name, number, j.ID(), other.ID()).ID())
	}
	newDesk(t, w, j.ID()) // a draft that nobody meets
	gone := newFlow(t, w, "Gone", "209", j.ID())
	publish(t, w, gone.ID())
	detach(t, w, gone.ID(), j.ID())
	publish(t, w, gone.ID()) // no longer live there

	var seen []string
	saved := rewrite(t, w, j.ID(), "New.", watching(&seen, nil))
	assert.Equal(t, []string{"A: New.", "A: Other.", "B: New.", "B: Other."}, seen)
	assert.Equal(t, 2, saved.Revision())
}

func TestGates_ThatRefuseKeepTheOldTextLive(t *testing.T) {
	w := newWorkspace()
	j := newJob(t, w, "Job", "Old.")
	f := liveFlow(t, w, j.ID())
	var seen []string
	_, err := w.SaveJob(t.Context(), j.ID(), 1, typed("Job", "New."), "", watching(&seen, errNotLikeThis), watching(&seen, nil))
	assert.ErrorIs(t, err, errNotLikeThis)
	assert.ErrorContains(t, err, `flow "Desk": refused: not like this`)
	assert.Len(t, seen, 2, "all gates are asked")
	assert.Equal(t, "Old.", newCall(t, w, f.ID()).Jobs(sona)[0].Spec().Instructions)
}

func TestGates_OfAPageEditSeeEveryLiveFlowWithTheCandidateInPlace(t *testing.T) {
	w := newWorkspace()
	p := newPage(t, w, "Prices", "30 dollars.")
	f, err := w.CreateFlow(t.Context(), callflow.Simple("Desk", deskLine, callflow.SonaStep{Pages: []knowledge.ID{p.ID()}}))
	require.NoError(t, err)
	var seen []string
	save := func(base int, text string, verdict error) error {
		return second(w.SavePage(t.Context(), p.ID(), base, knowledge.Spec{Title: "Prices", Text: text}, "", watching(&seen, verdict)))
	}
	require.NoError(t, save(1, "31 dollars.", errNotLikeThis), "nobody is reached, so nobody is asked")
	publish(t, w, f.ID())
	assert.ErrorIs(t, save(2, "32 dollars.", errNotLikeThis), errNotLikeThis)
	require.NoError(t, save(2, "33 dollars.", nil))
	assert.Equal(t, []string{"Desk: 32 dollars.", "Desk: 33 dollars."}, seen)
}

func TestGates_AFlowDeletedMeanwhileIsNotAsked(t *testing.T) {
	s := &trouble{Storage: memory.New()}
	w, other := storage.Open(s, "acme"), storage.Open(s.Storage, "acme")
	j := newJob(t, w, "Job", "Old.")
	f := liveFlow(t, w, j.ID())
	listed := false
	s.list = func(int) error { listed = true; return nil }
	s.get = func(int) error {
		if listed {
			listed = false
			return other.DeleteFlow(t.Context(), f.ID(), f.Revision())
		}
		return nil
	}
	var seen []string
	rewrite(t, w, j.ID(), "New.", watching(&seen, errNotLikeThis))
	assert.Empty(t, seen)
}

func TestGates_ThatCannotBeAskedRefuse(t *testing.T) {
	kept := memory.New()
	s := &trouble{Storage: kept}
	w := storage.Open(s, "acme")
	j := newJob(t, w, "Job", "Old.")
	f := liveFlow(t, w, j.ID())
	var seen []string
	save := func(ctx context.Context, gate storage.Gate) error {
		return second(w.SaveJob(ctx, j.ID(), 1, typed("Job", "New."), "", gate))
	}

	s.list = failAlways
	assert.ErrorIs(t, save(t.Context(), watching(&seen, nil)), errDisk)
	s.list = nil
	newCall(t, w, f.ID())
	reads := 0
	s.get = func(int) error { // the first read is that of the job itself
		if reads++; reads > 1 {
			return errDisk
		}
		return nil
	}
	assert.ErrorIs(t, save(t.Context(), watching(&seen, nil)), errDisk)
	s.get = nil
	ctx, cancel := context.WithCancel(t.Context())
	err := save(ctx, func(context.Context, callflow.Snapshot) error { cancel(); return nil })
	assert.ErrorIs(t, err, context.Canceled)

	spoil(t, kept, flowDoc(f.ID()))
	fault, ok := errors.AsType[*storage.RefError](save(t.Context(), watching(&seen, nil)))
	require.True(t, ok, "an edit that reaches what cannot be read is not let through")
	assert.Equal(t, flowDoc(f.ID()), fault.Ref)
	assert.Empty(t, seen)
	now, err := w.Job(t.Context(), j.ID())
	require.NoError(t, err)
	assert.Equal(t, 1, now.Revision())
}
