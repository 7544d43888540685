package optimize_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/optimize"
	"github.com/sonajobs/sona/storage"
	"github.com/sonajobs/sona/storage/memory"
)

// Optimizing and saving do not know each other; a host brings them together like this.

func TestSeed_32_AfterASaveAndARestartTheOldTextComesBackFromHistory(t *testing.T) {
	kept := memory.New()
	w := storage.Open(kept, "acme").By("ann")
	for _, text := range realTexts(t) {
		if job.Count(text.Text) > job.MaxInstructions-2 {
			continue
		}
		old, err := w.CreateJob(t.Context(), spec(text.Text))
		require.NoError(t, err)
		e := optimize.NewEditor(optimize.Func(double), old)
		_, err = e.Optimize(t.Context(), optimize.Request{})
		require.NoError(t, err)
		now, err := w.SaveJob(t.Context(), old.ID(), e.Base().Revision(), e.Spec(), "optimized")
		require.NoError(t, err)
		e.Saved(now)
		require.False(t, e.Dirty())

		again := storage.Open(kept, "acme") // no editor remembers anything
		before, err := again.JobRevision(t.Context(), old.ID(), now.Revision()-1)
		require.NoError(t, err)
		back, err := again.RestoreJob(t.Context(), before, now.Revision())
		require.NoError(t, err)
		require.Equal(t, old.Spec().Instructions, back.Spec().Instructions)
	}
}

func TestAnOptimizedTextWithAStaleBaseIsMergedByTheHost(t *testing.T) {
	w := storage.Open(memory.New(), "acme")
	old, err := w.CreateJob(t.Context(), spec("Ask for the day.\nAsk for the name.\nAsk for the number."))
	require.NoError(t, err)
	e := optimize.NewEditor(replacing("Ask for the day.", "- Ask for the day."), old)
	_, err = w.By("bob").SaveJob(t.Context(), old.ID(), old.Revision(), spec("Ask for the day.\nAsk for the name.\nAsk for the number, and read it back."), "")
	require.NoError(t, err)

	_, err = e.Optimize(t.Context(), optimize.Request{})
	require.NoError(t, err)
	_, err = w.By("ann").SaveJob(t.Context(), old.ID(), e.Base().Revision(), e.Spec(), "")
	conflict, ok := errors.AsType[*storage.JobConflictError](err)
	require.True(t, ok, "%v", err)
	merged, clashes := conflict.Merge()
	require.Empty(t, clashes)
	e.Type(merged)
	now, err := w.By("ann").SaveJob(t.Context(), old.ID(), conflict.Theirs.Revision(), e.Spec(), "")
	require.NoError(t, err)
	e.Saved(now)
	assert.False(t, e.Dirty())
	assert.Equal(t, "- Ask for the day.\nAsk for the name.\nAsk for the number, and read it back.", now.Spec().Instructions)
	require.ErrorIs(t, e.Undo(), optimize.ErrEditedSince)
	require.NoError(t, e.Restore(), "the text before Optimize is still there")
}
