package prompt_test

import (
	"cmp"
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/internal/corpus"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime/prompt"
)

// largestTexts returns the ten longest real texts that are legal as a job, from all the files that have some.
func largestTexts(t testing.TB) []job.Spec {
	t.Helper()
	type row struct{ ID, Name, Text, Instructions string }
	seen := map[string]bool{}
	var specs []job.Spec
	for _, file := range []string{"instructions/dev.jsonl", "abcd/dev/job_guidelines.jsonl", "eva/dev/job_documents.jsonl",
		"livekit/dev/job_documents.jsonl", "prompts/dev/job_documents.jsonl", "tau2/dev/job_documents.jsonl"} {
		for _, r := range corpus.Lines[row](t, file) {
			spec := job.Spec{Name: fmt.Sprintf("Text %d", len(specs)+1), Instructions: cmp.Or(r.Instructions, r.Text)}.Clean()
			if !seen[spec.Instructions] && spec.Check() == nil {
				seen[spec.Instructions] = true
				specs = append(specs, spec)
			}
		}
	}
	slices.SortStableFunc(specs, func(a, b job.Spec) int { return cmp.Compare(job.Count(b.Instructions), job.Count(a.Instructions)) })
	return specs[:callflow.MaxJobsPerStep]
}

// The ten longest real texts stand whole in the prompt of a model of 200,000 tokens, close where only
// 16,384 may be instructions, and are named with what they cost where not even that has room.
func TestTheLargestRealTextsFitOrAreNamed(t *testing.T) {
	s := scene{jobs: largestTexts(t)}
	characters := 0
	for _, j := range s.jobs {
		characters += job.Count(j.Instructions)
	}
	s.options.Profile = prompt.Profile{Name: "large", ContextTokens: 200_000}
	full := s.build(t)
	require.Equal(t, prompt.Full, full.Plan.Kind)
	checkStructure(t, full)

	s.options.Profile = prompt.Profile{Name: "capped", ContextTokens: 200_000, InstructionCap: 16_384}
	closed := s.build(t)
	require.Greater(t, full.Tokens, 16_384)
	require.Equal(t, prompt.Index, closed.Plan.Kind)
	checkStructure(t, closed)
	for _, j := range closed.Plan.Jobs {
		opened, err := closed.OpenJob(j.Handle)
		require.NoError(t, err)
		require.Contains(t, full.Stable, opened, "what is opened is what would have stood there")
	}
	t.Logf("%d characters: %d tokens open, %d closed", characters, full.Tokens, closed.Tokens)

	s.pages = realScene(t).pages
	_, err := prompt.Build(s.snapshot(t), callflow.Sona, s.options)
	var budget *prompt.BudgetError
	require.ErrorAs(t, err, &budget)
	require.Greater(t, budget.Need, budget.Have)
	require.NotEmpty(t, budget.Page)
	require.NotEmpty(t, budget.Cheapest)
	t.Log(budget)
	_, err = prompt.Build(s.without(t, budget.Cheapest...), callflow.Sona, s.options)
	require.NoError(t, err, "what it says to take out is enough")

	s.options.Finds = true
	found := s.build(t)
	require.Equal(t, prompt.Index, found.Plan.Kind)
	require.NotEmpty(t, found.Plan.Pages)
	require.NotEmpty(t, found.Plan.Found)
	t.Logf("%d pages stand in the prompt, %d are found: %d tokens", len(found.Plan.Pages), len(found.Plan.Found), found.Tokens)

	s.options.Profile.InstructionCap = 1_000
	_, err = prompt.Build(s.snapshot(t), callflow.Sona, s.options)
	require.ErrorAs(t, err, &budget)
	require.NotEmpty(t, budget.Shrink)
	require.Contains(t, err.Error(), budget.Cheapest[0].String())
	t.Log(budget)
}
