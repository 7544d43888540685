package lint

import "fmt"

var ruleOverBudget = &rule{RuleInfo: RuleInfo{
	ID: "over-budget", Practice: Together, Severity: Warning, Language: "any", Set: true,
	Title:   "More text than the step may have",
	Catches: "The jobs, pages, rules and greeting of a step are more than Context.MaxTokens.",
	Why:     "Sona gets an overview only and looks texts up while the caller waits, or the flow is refused.",
	Source:  "Issue 7: budget",
	How:     "Three bytes are counted as one token. Only where MaxTokens is given.",
	Bad: []Example{
		together(Context{MaxTokens: 40}, spec("Book a table", "1. Ask for a day.\n2. Ask for a name.\n3. Ask for the number of guests and read everything back."), spec("Take a message", "1. Ask for a message.")),
	},
	Good: []Example{
		together(Context{MaxTokens: 400}, spec("Book a table", "1. Ask for a day.\n2. Ask for a name."), spec("Take a message", "1. Ask for a message.")),
		together(Context{}, spec("Book a table", "1. Ask for a day.\n2. Ask for a name."), spec("Take a message", "1. Ask for a message.")),
	},
}, set: func(s *set, report report) {
	if s.ctx.MaxTokens <= 0 || len(s.sources) == 0 {
		return
	}
	all, most, largest := 0, 0, -1
	for i, src := range s.sources {
		n := len(src.t.s)
		if src.kind == ofJob {
			n += len(src.t.spec.Name) + len(src.t.spec.Description) + len(src.t.spec.CallerIntent)
		}
		if all += n; n > most {
			most, largest = n, i
		}
	}
	need := (all + bytesPerToken - 1) / bytesPerToken
	if need <= s.ctx.MaxTokens || largest < 0 {
		return
	}
	f := s.found(largest, noSpan)
	f.Message = fmt.Sprintf("The step has about %d tokens of text, at most %d fit; the largest is %s with about %d.", need, s.ctx.MaxTokens, s.title(largest),
		(most+bytesPerToken-1)/bytesPerToken)
	f.Question = "What of it do callers never ask for?"
	f.Ignore = "more text than the step may have"
	report(f)
}}

const bytesPerToken = 3
