package lint

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/job"
)

func (e Example) lint(t *testing.T) []Finding {
	t.Helper()
	if len(e.Jobs) == 1 {
		return Spec(e.Jobs[0], e.Context)
	}
	var jobs []job.Job
	for _, s := range e.Jobs {
		j, err := job.New(s)
		require.NoError(t, err)
		jobs = append(jobs, j)
	}
	return Set(jobs, e.Context)
}

// Every rule finds what its bad examples show and nothing in its good ones; what it reports is complete.
func TestEveryRuleFindsItsBadExamplesAndNoneOfItsGoodOnes(t *testing.T) {
	for _, r := range catalogue {
		t.Run(string(r.ID), func(t *testing.T) {
			require.NotEmpty(t, r.Bad)
			require.NotEmpty(t, r.Good)
			of := func(e Example) []Finding {
				return slices.DeleteFunc(e.lint(t), func(f Finding) bool { return f.Rule != r.ID })
			}
			for _, e := range r.Bad {
				found := of(e)
				assert.NotEmpty(t, found, "%q", e.Jobs)
				for _, f := range found {
					requireComplete(t, e, f)
				}
			}
			for _, e := range r.Good {
				assert.Empty(t, of(e), "%q", e.Jobs)
			}
		})
	}
}

func requireComplete(t *testing.T, e Example, f Finding) {
	t.Helper()
	assert.NotEmpty(t, f.Field)
	assert.NotEmpty(t, f.Ignore)
	assert.Regexp(t, `^[\p{Lu}"“].*[.?!]$`, f.Message)
	assert.Regexp(t, `^\p{Lu}.*[.?!]$`, f.Why)
	carries := 0
	for _, has := range []bool{f.Fix != nil, f.Offer != nil, f.Question != ""} {
		if has {
			carries++
		}
	}
	assert.LessOrEqual(t, carries, 1, "%s carries more than one of fix, offer, question", f.Rule)
	hidden := e
	hidden.Context.Ignore = []string{f.Ignore}
	for _, g := range hidden.lint(t) {
		assert.NotEqual(t, f.Ignore, g.Ignore, "it is hidden by its key")
	}
}

func TestEveryRuleIsDescribed(t *testing.T) {
	seen := map[RuleID]bool{}
	for _, r := range Rules() {
		assert.False(t, seen[r.ID], "%s stands there twice", r.ID)
		seen[r.ID] = true
		assert.Regexp(t, `^[a-z]+(-[a-z]+)*$`, r.ID)
		for name, text := range map[string]string{"Title": r.Title, "Catches": r.Catches, "Why": r.Why, "Source": r.Source, "How": r.How} {
			assert.NotEmpty(t, text, "%s: %s", r.ID, name)
		}
		assert.True(t, strings.HasSuffix(r.Catches, ".") && strings.HasSuffix(r.Why, ".") && strings.HasSuffix(r.How, "."), r.ID)
		assert.True(t, r.Language == "any" || r.Language == "en", r.ID)
		assert.NotZero(t, r.Severity, r.ID)
		_, ok := byID(r.ID)
		assert.True(t, ok)
	}
	for _, r := range catalogue {
		assert.Equal(t, r.Set, r.set != nil, r.ID)
		assert.NotEqual(t, r.text == nil, r.set == nil, r.ID)
	}
}
