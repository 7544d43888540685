package lint

import (
	"fmt"
	"slices"
	"strings"
)

var ruleOptimize = &rule{
	RuleInfo: RuleInfo{
		ID: "optimize", Practice: Clarity, Severity: Hint, Language: "any",
		Title:   "Optimize can help",
		Catches: "A text with three or more findings about how it is built.",
		Why:     "Goal, order and refusals are easier to put right all at once than one after the other.",
		Source:  "Seed 53",
		How:     "Findings of the rules about goal, order, refusals and length are counted, without those that the author ignores.",
		Bad: []Example{
			says("1. Ask for the full name, the phone number and the email address.\n3. Ask for the message. Wrap up as usual.\n2. Say when the office calls back.\n\n## Notes"),
		},
		Good: []Example{
			says("This job takes a message.\n\n1. Ask for the full name.\n2. Ask for the message.\n3. Say goodbye.\n\nIf the caller declines a question, skip it."),
			says("1. Ask for the full name.\n2. Ask for the message."),
		},
	},
	late: true,
	text: func(t *text, found report) {
		if len(t.found) < 3 {
			return
		}
		titles := slices.Compact(slices.Sorted(slices.Values(t.found)))
		such := "“" + strings.Join(titles[:min(len(titles), 3)], "”, “") + "”"
		found(Finding{
			Message: fmt.Sprintf("Optimize can propose a better text: %d findings are about how this one is built, such as %s.", len(t.found), such),
		})
	},
}
