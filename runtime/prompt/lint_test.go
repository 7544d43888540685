package prompt_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/job/lint"
	"github.com/sonajobs/sona/runtime/prompt"
)

// An edit of one job, before it is saved: what is newly amiss in each step that it reaches, also between its jobs.
func TestNewFindingsAreWhatAnEditBringsAStep(t *testing.T) {
	hours := job.Spec{Name: "Hours", CallerIntent: "The caller asks when we are open.",
		Instructions: "Goal: tell the opening hours.\n\n1. Say that we are open on Monday from 9:00 to 17:00.\n2. Ask a few questions."}
	visit := job.Spec{Name: "Visit", CallerIntent: "The caller wants to come by.",
		Instructions: "Goal: arrange a visit.\n\n1. Ask which day suits. If the caller declines, skip it.\n2. Say goodbye and end the call."}
	before := twoSteps(t, hours, visit)
	visit.Instructions = "Goal: arrange a visit.\n\n1. Ask which day suits. If the caller declines, skip it.\n2. Say that we are open on Monday from 8:00 to 17:00.\n3. Say goodbye and end the call."
	after := twoSteps(t, hours, visit)

	rules := func(step callflow.StepID) (ids []lint.RuleID) {
		found, err := prompt.NewFindings(before, after, step, prompt.Options{})
		require.NoError(t, err)
		for _, f := range found {
			ids = append(ids, f.Rule)
		}
		return ids
	}
	require.Equal(t, []lint.RuleID{"hours-conflict"}, rules("day"), "and not what was there before")
	require.Empty(t, rules("night"), "which does not have the other job")

	found, err := prompt.NewFindings(after, after, "day", prompt.Options{})
	require.NoError(t, err)
	require.Empty(t, found)
	_, err = prompt.NewFindings(before, after, "nowhere", prompt.Options{})
	require.ErrorAs(t, err, new(*callflow.StepError))
	found, err = prompt.NewFindings(snapshot(), after, "day", prompt.Options{})
	require.NoError(t, err)
	require.NotEmpty(t, found, "a step that was not there before has nothing old")
}
