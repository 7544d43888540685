package lint

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/job"
)

func TestWhatAnEditBringsIsToldFromWhatWasThere(t *testing.T) {
	spec := job.Spec{Name: "Take a message", CallerIntent: "The caller wants to leave a message.",
		Instructions: "Goal: take a message.\n\n1. Ask a few questions.\n2. If the caller declines, skip it.\n3. Say goodbye and end the call."}
	before := Spec(spec, Context{})
	require.NotEmpty(t, before)
	spec.Instructions = "Goal: take a message, please.\n\n1. Greet them.\n2. Ask a few questions.\n3. If the caller declines, skip it.\n4. Try to be kind.\n5. Say goodbye and end the call."
	after := Spec(spec, Context{})
	var rules []RuleID
	for _, f := range Added(before, after) {
		rules = append(rules, f.Rule)
	}
	require.Equal(t, []RuleID{"hedged-instruction"}, rules)
	require.Empty(t, Added(after, after))
	require.Equal(t, after, Added(nil, after))
	require.Empty(t, Added(before, nil))
}
