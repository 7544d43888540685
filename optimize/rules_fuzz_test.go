package optimize_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/job/lint"
	"github.com/sonajobs/sona/optimize"
)

// FuzzRules holds the rules to what they promise for every text: lossless, at rest, within the limits.
func FuzzRules(f *testing.F) {
	for _, s := range append(seeds,
		"- Ask for the name.\n- Say it back.\n- Say goodbye.", "# A\n\n1. Ask. Tell. Look it up. Say it.\n3. Say goodbye.\n\n## Goal\n\nTake a message.",
		"Ask for it.\n\nIf the caller refuses, go on.\n\nSay it.\n\nIf the caller does not want to talk, say goodbye.\n\nThank them.", "First, ask. Then tell. Step 2: say it.\n* a\n  1) b\n  2) c",
	) {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := optimize.Rules().Optimize(t.Context(), optimize.Request{Spec: spec(text)})
		if err != nil {
			var wrong *job.ValidationError
			require.ErrorAs(t, err, &wrong)
			return
		}
		after := s.Instructions
		require.Equal(t, job.Clean(after), after)
		require.LessOrEqual(t, job.Count(after), job.MaxInstructions)
		if after == job.Clean(text) {
			return
		}
		for _, v := range optimize.Check(spec(text), spec(after), lint.Context{}) {
			require.False(t, v.Hard || v.Guard != optimize.GuardOrder, "%v", v)
		}
		require.Empty(t, newFindings(text, after))
		again, err := optimize.Rules().Optimize(t.Context(), optimize.Request{Spec: spec(after)})
		require.NoError(t, err)
		require.Equal(t, after, again.Instructions)
	})
}
