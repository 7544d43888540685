package job_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/internal/corpus"
	"github.com/sonajobs/sona/job"
)

// guideline is one job of a retailer, with its steps as its authors structured them.
type guideline struct {
	ID, Name, Description, Instructions string
	Structured                          struct {
		Actions []struct {
			Text    string
			Subtext []string
		}
	}
}

// All 37 jobs of the retailer: the outline finds the steps that their authors numbered, in order, and the
// bullets below each.
func TestOutlineFindsTheStepsOfRealJobs(t *testing.T) {
	rows := corpus.Lines[guideline](t, "abcd/dev/job_guidelines.jsonl")
	steps, bullets, agree := 0, 0, 0
	for _, row := range rows {
		o := job.ParseOutline(row.Instructions)
		actions := row.Structured.Actions
		require.Len(t, o.Steps(), len(actions), row.ID)
		steps++
		for i, step := range o.Steps() {
			require.True(t, step.Ordered, row.ID)
			require.Equal(t, strings.Fields(actions[i].Text), strings.Fields(step.Span.In(row.Instructions)), "%s: step %d", row.ID, i+1)
			bullets++
			if below(o, step) == len(actions[i].Subtext) {
				agree++
			} else {
				t.Logf("%s: step %s: %d bullets, %d expected", row.ID, step.Number, below(o, step), len(actions[i].Subtext))
			}
		}
	}
	t.Logf("steps: %d of %d jobs; bullets: %d of %d steps", steps, len(rows), agree, bullets)
}

// below counts the items one level below it.
func below(o job.Outline, of job.Item) int {
	n, inside := 0, false
	for _, it := range o.Items {
		switch {
		case it.Span == of.Span && it.Number == of.Number:
			inside = true
		case inside && it.Depth <= of.Depth:
			return n
		case inside && it.Depth == of.Depth+1:
			n++
		}
	}
	return n
}
