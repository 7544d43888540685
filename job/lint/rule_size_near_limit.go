package lint

import (
	"fmt"
	"strings"

	"github.com/sonajobs/sona/job"
)

var ruleSizeNearLimit = &rule{
	RuleInfo: RuleInfo{
		ID: "size-near-limit", Practice: Clarity, Severity: Hint, Language: "any",
		Title:   "Nearly full",
		Catches: "Instructions and caller intent that take up nine tenths of their limit.",
		Why:     "There is little room left for the next change, and a long text is followed less well than a short one.",
		Source:  "Seed 7",
		How:     "The characters of both are counted as the limit counts them. A text beyond the limit cannot be saved and is no finding.",
		Bad: []Example{
			says("Ask for the name. " + strings.Repeat("Say hello. ", 850)),
		},
		Good: []Example{
			says("Ask for the name. Say goodbye."),
			says(strings.Repeat("Say hello. ", 700)),
		},
	},
	text: func(t *text, found report) {
		if len(t.s) < job.MaxInstructions*9/10-4*job.MaxCallerIntent {
			return
		}
		n := job.Count(t.spec.CallerIntent) + job.Count(t.s)
		if n < job.MaxInstructions*9/10 || n > job.MaxInstructions {
			return
		}
		found(Finding{
			Message:  fmt.Sprintf("Instructions and caller intent have %d of %d characters.", n, job.MaxInstructions),
			Question: "Are there facts in it that belong on a Knowledge page, or a part that is a job of its own?",
		})
	},
}
