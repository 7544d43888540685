package mockcall_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/optimize"
	"github.com/sonajobs/sona/runtime/mockcall"
	"github.com/sonajobs/sona/storage"
)

// rewrites is an optimizer that replaces one part of a text by another.
func rewrites(old, by string, asked *[]optimize.Request) optimize.Optimizer {
	return optimize.Func(func(_ context.Context, r optimize.Request) (optimize.Suggestion, error) {
		*asked = append(*asked, r)
		return optimize.Suggestion{Instructions: strings.Replace(r.Spec.Instructions, old, by, 1), Engine: "test"}, nil
	})
}

func TestASearchKeepsWhatPasses(t *testing.T) {
	s := newShop(t)
	search := func(o optimize.Optimizer, held ...mockcall.Scenario) *mockcall.Found {
		t.Helper()
		asks := always("asks for the surname")
		asks.Checks = []mockcall.Check{mockcall.Asks("surname")}
		f, err := mockcall.Search(t.Context(), s.ws, mockcall.Config{Flow: s.flow.ID()}, o,
			mockcall.SearchConfig{Job: s.link.ID(), Scenarios: []mockcall.Scenario{always("texts"), asks}, Held: held})
		require.NoError(t, err)
		return f
	}
	// A question that its results do not word is asked in the words of the job.
	spec := s.link.Spec()
	spec.Results = nil
	saved, err := s.ws.SaveJob(t.Context(), s.link.ID(), 1, spec, "")
	require.NoError(t, err)

	var asked []optimize.Request
	f := search(rewrites("caller's name", "caller's surname", &asked))
	require.Contains(t, f.After.Spec().Instructions, "surname")
	require.Equal(t, saved.Hash(), f.Before.Hash())
	require.True(t, f.Steps[0].Kept)
	require.Equal(t, 1, f.Steps[0].Comparison.Gained)
	require.Len(t, asked[0].Calls, 1, "the optimizer sees what fails")
	now, err := s.ws.Job(t.Context(), s.link.ID())
	require.NoError(t, err)
	require.Equal(t, 2, now.Revision(), "nothing was saved")

	held := always("held")
	held.Checks = []mockcall.Check{func(r *mockcall.Result) error {
		if mockcall.Asks("surname")(r) == nil {
			return errors.New("too formal")
		}
		return nil
	}}
	f = search(rewrites("caller's name", "caller's surname", &asked), held)
	require.True(t, f.Steps[0].Kept)
	require.Equal(t, 1, f.Held.Lost)
	require.True(t, f.After.Equal(f.Before), "what was held back has the last word")

	f = search(rewrites("https://example.com/prices", "https://example.com/other", &asked))
	require.NotEmpty(t, f.Steps[0].Refused, "the guard refuses, nothing is rehearsed")
	require.True(t, f.After.Equal(f.Before))

	_, err = mockcall.Search(t.Context(), s.ws, mockcall.Config{Flow: s.flow.ID()}, optimize.Rules(), mockcall.SearchConfig{Job: job.NewID(), Scenarios: []mockcall.Scenario{always("x")}})
	require.ErrorIs(t, err, storage.ErrNotFound)
}
