package optimize_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/job/lint"
	"github.com/sonajobs/sona/optimize"
)

func TestSeed_30_OptimizeRewritesTheInstructionsWithinTheLimits(t *testing.T) {
	e := optimize.NewEditor(numbering, saved(t, spec("Ask for the day.\nAsk for the name.")))
	p, err := e.Optimize(t.Context(), optimize.Request{})
	require.NoError(t, err)
	assert.Equal(t, "1. Ask for the day.\n1. Ask for the name.", e.Spec().Instructions)
	assert.Empty(t, p.Warnings())
	require.NoError(t, e.Spec().Check())

	for _, beyond := range []string{"", " \n", string(make([]byte, 10)), longText(10_001)} {
		_, err := optimize.Propose(t.Context(), replacing("Ask for the day.", beyond), optimize.Request{Spec: spec("Ask for the day.")})
		_, ok := err.(*optimize.RefusedError) //nolint:errorlint // Propose documents the type
		assert.True(t, ok, "%v", err)
	}
}

func longText(n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = "ask "[i%4]
	}
	return string(b)
}

func TestSeed_31_OptimizeWorksOnAnUnsavedNewJobAndOnAnySavedOne(t *testing.T) {
	unsaved := optimize.NewEditor(numbering, job.Job{})
	unsaved.Type(job.Spec{Instructions: "Ask.\nTell."}) // not even a name yet
	_, err := unsaved.Optimize(t.Context(), optimize.Request{})
	require.NoError(t, err)
	assert.Equal(t, "1. Ask.\n1. Tell.", unsaved.Spec().Instructions)

	for _, text := range realTexts(t) {
		if job.Count(text.Text) > job.MaxInstructions {
			continue
		}
		e := optimize.NewEditor(replacing(" ", "  "), saved(t, spec(text.Text)))
		_, err := e.Optimize(t.Context(), optimize.Request{})
		if _, tooLong := err.(*optimize.RefusedError); tooLong { //nolint:errorlint // Propose documents the type
			continue
		}
		require.NoError(t, err)
	}
	for _, text := range realTexts(t) {
		e := optimize.NewEditor(optimize.Rules(), job.Job{})
		e.Type(job.Spec{Instructions: text.Text})
		p, err := e.Optimize(t.Context(), optimize.Request{})
		if job.Count(text.Text) > job.MaxInstructions {
			var beyond *job.ValidationError
			require.ErrorAs(t, err, &beyond)
			continue
		}
		require.NoError(t, err)
		require.LessOrEqual(t, job.Count(e.Spec().Instructions), job.MaxInstructions)
		if !p.NoChange() {
			require.NoError(t, e.Undo())
		}
		require.Equal(t, text.Text, e.Spec().Instructions)
	}
}

// double is an optimizer that changes blanks alone.
func double(_ context.Context, r optimize.Request) (optimize.Suggestion, error) {
	return optimize.Suggestion{Instructions: "\n" + r.Spec.Instructions + "\n"}, nil
}

func TestSeed_32_UndoRightAfterGivesBackTheExactBytes(t *testing.T) {
	for _, text := range realTexts(t) {
		for _, typed := range []string{text.Text, "\ufeff" + text.Text + "\r\n\x00"} {
			e := optimize.NewEditor(optimize.Func(double), job.Job{})
			e.Type(spec(typed))
			_, err := e.Optimize(t.Context(), optimize.Request{})
			if job.Count(typed) > job.MaxInstructions-2 {
				require.Error(t, err)
				require.Equal(t, typed, e.Spec().Instructions)
				continue
			}
			require.NoError(t, err)
			require.NotEqual(t, typed, e.Spec().Instructions)
			require.NoError(t, e.Undo())
			require.Equal(t, typed, e.Spec().Instructions)
		}
	}
}

func TestSeed_33_UndoWithoutOptimizeIsATypedErrorAndRestoreIsOfferedAfterAManualEdit(t *testing.T) {
	e := optimize.NewEditor(numbering, saved(t, spec("Ask.")))
	require.ErrorIs(t, e.Undo(), optimize.ErrNothingToUndo)
	require.ErrorIs(t, e.Restore(), optimize.ErrNothingToUndo)

	_, err := e.Optimize(t.Context(), optimize.Request{})
	require.NoError(t, err)
	e.Type(spec("1. Ask twice."))
	require.ErrorIs(t, e.Undo(), optimize.ErrEditedSince)
	assert.Equal(t, "1. Ask twice.", e.Spec().Instructions, "never silently")
	require.NoError(t, e.Restore())
	assert.Equal(t, "Ask.", e.Spec().Instructions)
	require.NoError(t, e.Redo())
	assert.Equal(t, "1. Ask twice.", e.Spec().Instructions, "and the edit is not lost")
}

func TestSeed_34_OptimizeAloneSavesNothing(t *testing.T) {
	live := saved(t, spec("Ask."))
	e := optimize.NewEditor(numbering, live)
	_, err := e.Optimize(t.Context(), optimize.Request{})
	require.NoError(t, err)
	assert.True(t, live.Equal(e.Base()), "callers hear the old text")
	assert.Equal(t, "Ask.", live.Spec().Instructions)
	assert.True(t, e.Dirty())
	candidate, err := e.Candidate()
	require.NoError(t, err)
	assert.Equal(t, "1. Ask.", candidate.Spec().Instructions, "a mock call can hear the new one")
	e.Saved(saved(t, e.Spec()))
	assert.False(t, e.Dirty())
	require.NoError(t, e.Undo(), "there is a way back after a save")
	assert.True(t, e.Dirty(), "which is to be saved, too")
}

func TestSeed_35_ActionsFactsNumbersNamesURLsAndConditionsSurvive(t *testing.T) {
	for old, with := range map[string]string{
		`{{action send_sms text="See https://rosas.example/map"}}`: "", "Tuesday": "Monday", "at most 8": "at most 9", "Marco": "Paolo",
		"https://rosas.example/map": "https://rosas.example", "unless": "if", "Before": "After", "If the caller asks for Marco, ": "Never ",
	} {
		_, err := optimize.Propose(t.Context(), replacing(old, with), optimize.Request{Spec: spec(desk), Lint: lint.Context{}})
		_, refused := err.(*optimize.RefusedError) //nolint:errorlint // Propose documents the type
		assert.True(t, refused, "%q → %q: %v", old, with, err)
	}
	s := job.Spec{Name: "Desk", Description: "About", CallerIntent: "The caller wants a table.", Instructions: desk, Results: []job.Field{{Name: "day"}}}
	p, err := optimize.Propose(t.Context(), optimize.Func(double), optimize.Request{Spec: s})
	require.NoError(t, err)
	got, err := p.Apply(s, p.Warnings()...)
	require.NoError(t, err)
	got.Instructions = s.Instructions
	assert.Equal(t, s, got, "it changes instructions only")
}

func TestSeed_36_TheOptimizerIsPluggable(t *testing.T) {
	for _, o := range []optimize.Optimizer{numbering, replacing("Ask", "1. Ask"), optimize.Fallback(failing, numbering)} {
		p, err := optimize.Propose(t.Context(), o, optimize.Request{Spec: spec("Ask.")})
		require.NoError(t, err)
		assert.Equal(t, "1. Ask.", p.Instructions())
	}

	// without a model and a network there are the rules
	p, err := optimize.Propose(t.Context(), optimize.Fallback(failing, optimize.Rules()), optimize.Request{Spec: spec("Take a message.\n\n- Ask for the name.\n- Say it back.\n- Say goodbye.")})
	require.NoError(t, err)
	assert.Equal(t, "Take a message.\n\n1. Ask for the name.\n2. Say it back.\n3. Say goodbye.", p.Instructions())
	assert.Equal(t, "rules", p.Engine())
	assert.Len(t, p.Passed(), 1)
}
