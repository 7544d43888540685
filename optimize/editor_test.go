package optimize_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/job/lint"
	"github.com/sonajobs/sona/optimize"
)

// numbering is an optimizer that numbers every line.
var numbering = optimize.Func(func(_ context.Context, r optimize.Request) (optimize.Suggestion, error) {
	lines := strings.Split(job.Clean(r.Spec.Instructions), "\n")
	for i, l := range lines {
		if !strings.HasPrefix(l, "1. ") && strings.TrimSpace(l) != "" {
			lines[i] = "1. " + l
		}
	}
	return optimize.Suggestion{Instructions: strings.Join(lines, "\n"), Engine: "numbering"}, nil
})

// replacing is an optimizer that replaces words.
func replacing(old, with string) optimize.Optimizer {
	return optimize.Func(func(_ context.Context, r optimize.Request) (optimize.Suggestion, error) {
		return optimize.Suggestion{Instructions: strings.ReplaceAll(r.Spec.Instructions, old, with), Engine: "replacing"}, nil
	})
}

var errDown = errors.New("down")

var failing = optimize.Func(func(context.Context, optimize.Request) (optimize.Suggestion, error) {
	return optimize.Suggestion{}, errDown
})

func saved(t testing.TB, s job.Spec) job.Job {
	t.Helper()
	j, err := job.Restore("job-1", job.Stamp{Revision: 1}, s)
	require.NoError(t, err)
	return j
}

func TestUndoTakesBackOneOptimizeAfterTheOther(t *testing.T) {
	ask := 0
	e := optimize.NewEditor(optimize.Func(func(_ context.Context, r optimize.Request) (optimize.Suggestion, error) {
		ask++
		return optimize.Suggestion{Instructions: strings.Repeat("\n", ask) + r.Spec.Instructions}, nil
	}), saved(t, spec("Ask.")))
	var texts []string
	for range 3 {
		texts = append(texts, e.Spec().Instructions)
		_, err := e.Optimize(t.Context(), optimize.Request{})
		require.NoError(t, err)
	}
	last := e.Spec().Instructions
	for i := 2; i >= 0; i-- {
		require.NoError(t, e.Undo())
		assert.Equal(t, texts[i], e.Spec().Instructions)
	}
	require.ErrorIs(t, e.Undo(), optimize.ErrNothingToUndo)
	for range 3 {
		require.NoError(t, e.Redo())
	}
	assert.Equal(t, last, e.Spec().Instructions)
	require.ErrorIs(t, e.Redo(), optimize.ErrNothingToRedo)
}

func TestUndoKeepsWhatWasTypedIntoOtherFields(t *testing.T) {
	e := optimize.NewEditor(numbering, saved(t, spec("Ask.")))
	_, err := e.Optimize(t.Context(), optimize.Request{})
	require.NoError(t, err)
	s := e.Spec()
	s.Name = "Renamed"
	e.Type(s)
	require.NoError(t, e.Undo())
	assert.Equal(t, job.Spec{Name: "Renamed", Instructions: "Ask."}, e.Spec())
}

func TestAFailedOptimizeChangesNothing(t *testing.T) {
	for _, o := range []optimize.Optimizer{failing, replacing("7", "8"), replacing("Ask for 7 names.", " "), nil} {
		e := optimize.NewEditor(o, saved(t, spec("Ask for 7 names.\r\n")))
		before := e.Spec()
		_, err := e.Optimize(t.Context(), optimize.Request{})
		require.Error(t, err)
		assert.Equal(t, before, e.Spec())
		assert.ErrorIs(t, e.Undo(), optimize.ErrNothingToUndo)
	}
}

func TestAnOptimizeThatChangesNothingIsNothingToUndo(t *testing.T) {
	e := optimize.NewEditor(replacing("x", "x"), job.Job{})
	e.Type(spec("Ask.\r\nTell."))
	p, err := e.Optimize(t.Context(), optimize.Request{})
	require.NoError(t, err)
	assert.True(t, p.NoChange())
	assert.Equal(t, "Ask.\r\nTell.", e.Spec().Instructions, "as it was typed")
	assert.ErrorIs(t, e.Undo(), optimize.ErrNothingToUndo)
}

func TestDirtyIsWhatASaveWouldChange(t *testing.T) {
	e := optimize.NewEditor(numbering, job.Job{})
	assert.False(t, e.Dirty(), "an empty new job")
	e.Type(spec("Ask.\r\nTell."))
	assert.True(t, e.Dirty())
	j, err := e.Candidate()
	require.NoError(t, err)
	e.Saved(j)
	assert.False(t, e.Dirty(), "saving cleans line ends")
	assert.True(t, j.Equal(e.Base()))
	e.Saved(job.Job{})
	assert.True(t, j.Equal(e.Base()), "the zero Job is no save")
}

func TestCandidatesOfANewJobShareOneID(t *testing.T) {
	e := optimize.NewEditor(numbering, job.Job{})
	_, err := e.Candidate()
	require.Error(t, err, "an empty text is no job")
	e.Type(spec("Ask."))
	a, err := e.Candidate()
	require.NoError(t, err)
	e.Type(spec("Ask more."))
	b, err := e.Candidate()
	require.NoError(t, err)
	assert.Equal(t, a.ID(), b.ID())
	assert.Equal(t, "Ask more.", b.Spec().Instructions)

	e.Saved(saved(t, spec("Ask.")))
	c, err := e.Candidate()
	require.NoError(t, err)
	assert.Equal(t, job.ID("job-1"), c.ID())
	assert.Equal(t, 1, c.Revision())
}

func TestAnEditorForgetsTheOldestOfAHundredSteps(t *testing.T) {
	n := 0
	e := optimize.NewEditor(optimize.Func(func(context.Context, optimize.Request) (optimize.Suggestion, error) {
		n++
		return optimize.Suggestion{Instructions: strings.Repeat("\n", n) + "Ask."}, nil
	}), saved(t, spec("Ask.")))
	for range 120 {
		_, err := e.Optimize(t.Context(), optimize.Request{})
		require.NoError(t, err)
	}
	undone := 0
	for e.Undo() == nil {
		undone++
	}
	assert.Equal(t, 100, undone)
}

func TestSpecsOfTheEditorAreCopies(t *testing.T) {
	s := job.Spec{Name: "Job", Instructions: "Ask.", Results: []job.Field{{Name: "day"}}}
	e := optimize.NewEditor(numbering, job.Job{})
	e.Type(s)
	s.Results[0].Name = "changed"
	got := e.Spec()
	got.Results[0].Name = "changed, too"
	assert.Equal(t, "day", e.Spec().Results[0].Name)
}

func TestTheOptimizerSeesWhatItNeeds(t *testing.T) {
	var seen optimize.Request
	e := optimize.NewEditor(optimize.Func(func(_ context.Context, r optimize.Request) (optimize.Suggestion, error) {
		seen = r
		return optimize.Suggestion{Instructions: r.Spec.Instructions}, nil
	}), job.Job{})
	e.Type(spec("Ask."))
	_, err := e.Optimize(t.Context(), optimize.Request{Hints: []string{"short"}, Spec: spec("ignored")})
	require.NoError(t, err)
	assert.Equal(t, spec("Ask."), seen.Spec)
	assert.Equal(t, []string{"short"}, seen.Hints)
	assert.Equal(t, lint.Spec(spec("Ask."), lint.Context{}), seen.Findings)
}
