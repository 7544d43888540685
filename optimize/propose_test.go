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

func propose(t *testing.T, o optimize.Optimizer, s job.Spec) optimize.Proposal {
	t.Helper()
	p, err := optimize.Propose(t.Context(), o, optimize.Request{Spec: s})
	require.NoError(t, err)
	return p
}

func TestAProposalTellsEverything(t *testing.T) {
	s := spec("Ask for 2 names.\nBe polite.")
	p := propose(t, optimize.Func(func(context.Context, optimize.Request) (optimize.Suggestion, error) {
		return optimize.Suggestion{Instructions: "1. Ask for two names.\n2. Be friendly.", Questions: []string{"Which day?"}, Engine: "test"}, nil
	}), s)
	assert.False(t, p.NoChange())
	assert.Equal(t, "1. Ask for two names.\n2. Be friendly.", p.Instructions())
	assert.Equal(t, []optimize.Change{{Before: "Ask for 2 names.\nBe polite.", After: "1. Ask for two names.\n2. Be friendly."}}, p.Changes())
	assert.Equal(t, []string{"Which day?"}, p.Questions())
	assert.Equal(t, "test", p.Engine())
	assert.Empty(t, p.Passed())
	before, after := p.Findings()
	assert.Equal(t, lint.Spec(s, lint.Context{}), before)
	assert.Equal(t, lint.Spec(spec(p.Instructions()), lint.Context{}), after)
	assert.Equal(t, optimize.Facts(s.Instructions), p.Facts())
	require.Len(t, p.Warnings(), 1)
	assert.Equal(t, optimize.GuardWording, p.Warnings()[0].Guard)
	assert.Equal(t, "polite", p.Warnings()[0].Lost)
	assert.Equal(t, "friendly", p.Warnings()[0].New)
}

func TestApplyNeedsTheAuthorsWordOnEachWarning(t *testing.T) {
	s := spec("Ask for the day.\nBe polite.")
	p := propose(t, optimize.Func(func(context.Context, optimize.Request) (optimize.Suggestion, error) {
		return optimize.Suggestion{Instructions: "Ask for the date.\nBe friendly."}, nil
	}), s)
	w := p.Warnings()
	require.Len(t, w, 2)
	_, err := p.Apply(s)
	require.ErrorIs(t, err, optimize.ErrNotAccepted)
	_, err = p.Apply(s, w[1])
	require.ErrorIs(t, err, optimize.ErrNotAccepted)
	got, err := p.Apply(s, w[1], w[0])
	require.NoError(t, err)
	assert.Equal(t, spec("Ask for the date.\nBe friendly."), got)
}

func TestApplyRefusesATextThatHasMovedOn(t *testing.T) {
	s := job.Spec{Name: "Job", CallerIntent: "The caller asks.", Instructions: "Ask.\nTell."}
	p := propose(t, numbering, s)
	moved := s
	moved.Instructions = "Ask.\nTell more."
	_, err := p.Apply(moved)
	require.ErrorIs(t, err, optimize.ErrStale)
	moved = s
	moved.CallerIntent = "The caller complains."
	_, err = p.Apply(moved)
	require.ErrorIs(t, err, optimize.ErrStale)

	moved = s
	moved.Name, moved.Description, moved.Instructions = "Renamed", "About", "Ask.\r\nTell."
	got, err := p.Apply(moved)
	require.NoError(t, err, "other fields, and line ends, may be others")
	assert.Equal(t, job.Spec{Name: "Renamed", Description: "About", CallerIntent: s.CallerIntent, Instructions: "1. Ask.\n1. Tell."}, got)
}

func TestNoChangeGivesTheTextBackByteForByte(t *testing.T) {
	s := spec("Ask.\r\nTell.")
	p := propose(t, replacing("x", "x"), s)
	assert.True(t, p.NoChange())
	assert.Empty(t, p.Changes())
	got, err := p.Apply(s)
	require.NoError(t, err)
	assert.Equal(t, s, got)
}

func TestTheZeroProposalProposesNothing(t *testing.T) {
	var p optimize.Proposal
	assert.True(t, p.NoChange())
	assert.Empty(t, p.Instructions())
	_, err := p.Apply(spec("Ask."))
	assert.ErrorIs(t, err, optimize.ErrStale)
}

func TestASuggestionThatLosesAFactIsRefused(t *testing.T) {
	_, err := optimize.Propose(t.Context(), replacing("7 names", "names"), optimize.Request{Spec: spec("Ask for 7 names. Never guess.")})
	refused, ok := errors.AsType[*optimize.RefusedError](err)
	require.True(t, ok, "%v", err)
	assert.Equal(t, "Ask for names. Never guess.", refused.Suggestion.Instructions)
	assert.Equal(t, `suggestion refused: The number "7" is gone.`, err.Error())

	_, err = optimize.Propose(t.Context(), replacing("Ask for 7 names. Never", "Always"), optimize.Request{Spec: spec("Ask for 7 names. Never guess.")})
	assert.ErrorContains(t, err, "more)")
}

func TestASuggestionBeyondTheLimitIsRefusedEvenWhenTheTextWas(t *testing.T) {
	long := spec(strings.Repeat("Ask for a thing.\n", 700))
	_, err := optimize.Propose(t.Context(), replacing("x", "x"), optimize.Request{Spec: long})
	refused, ok := errors.AsType[*optimize.RefusedError](err)
	require.True(t, ok, "%v", err)
	assert.Equal(t, optimize.GuardLimit, refused.Violations[0].Guard)
}

func TestErrorsOfAnOptimizerComeBack(t *testing.T) {
	_, err := optimize.Propose(t.Context(), failing, optimize.Request{Spec: spec("Ask.")})
	require.ErrorIs(t, err, errDown)
	_, err = optimize.Propose(t.Context(), nil, optimize.Request{Spec: spec("Ask.")})
	require.ErrorContains(t, err, "there is none")
}

func TestFallbackPassesOverWhatFailsOrIsRefused(t *testing.T) {
	s := spec("Ask for 7 names.")
	for _, c := range []struct {
		name  string
		first optimize.Optimizer
		why   string
	}{{"fails", failing, "down"}, {"loses a number", replacing("7 ", ""), `suggestion refused: The number "7" is gone.`}} {
		p := propose(t, optimize.Fallback(c.first, numbering), s)
		assert.Equal(t, "numbering", p.Engine(), c.name)
		assert.Equal(t, []string{c.why}, p.Passed(), c.name)
	}
	p := propose(t, optimize.Fallback(numbering, failing), s)
	assert.Empty(t, p.Passed())

	_, err := optimize.Propose(t.Context(), optimize.Fallback(failing, failing), optimize.Request{Spec: s})
	require.ErrorIs(t, err, errDown)

	ctx, stop := context.WithCancel(t.Context())
	stop()
	asked := false
	_, err = optimize.Propose(ctx, optimize.Fallback(failing, optimize.Func(func(context.Context, optimize.Request) (optimize.Suggestion, error) {
		asked = true
		return optimize.Suggestion{}, nil
	})), optimize.Request{Spec: s})
	require.ErrorIs(t, err, context.Canceled)
	assert.False(t, asked, "nobody waits any more")
}
