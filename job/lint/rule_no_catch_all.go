package lint

import (
	"slices"
	"strings"

	"github.com/sonajobs/sona/job"
)

var ruleNoCatchAll = &rule{RuleInfo: RuleInfo{
	ID: "no-catch-all", Practice: Together, Severity: Hint, Language: "en", Set: true,
	Title:   "No job for everything else",
	Catches: "None of two or more jobs takes a message, answers other questions or brings callers to a person.",
	Why:     "Callers who want something else hear that Sona cannot help, and hang up without leaving a word.",
	Source:  "Seed 42: none fits is an allowed result",
	How:     "Names, intents, goals and descriptions are looked through for messages, voicemail, other questions, people. A rule for all jobs that speaks of other callers counts, too.",
	Bad: []Example{
		together(Context{}, about("Book a table", "The caller wants a table."), about("Cancel a table", "The caller wants to cancel a table.")),
	},
	Good: []Example{
		together(Context{}, about("Book a table", "The caller wants a table."), about("Take a message", "The caller wants to leave a message.")),
		together(Context{Guardrails: []string{"If no job fits, offer the voicemail."}}, about("Book a table", "The caller wants a table."), about("Cancel a table", "The caller wants to cancel.")),
	},
}, set: func(s *set, report report) {
	if len(s.texts) < 2 {
		return
	}
	for _, t := range s.texts {
		if mentions(t, catchAlls) || t.tellsNothingElse() {
			return
		}
	}
	for _, src := range s.sources {
		if src.kind == ofGuardrail && slices.ContainsFunc(catchAlls, func(w string) bool { return strings.Contains(src.t.lower, w) }) {
			return
		}
	}
	f := s.found(0, noSpan)
	f.Field = "name"
	f.Message = "None of the jobs is for callers who want something else."
	f.Question = "Should a job take a message from them?"
	f.Ignore = "no job for everything else"
	report(f)
}}

var catchAlls = []string{"message", "voicemail", "call back", "callback", "anything else", "everything else", "other question", "other request", "all other", "any other",
	"general question", "general inquir", "general enquir", "faq", "questions", "fallback", "no job", "none of", "not sure", "unclear", "receptionist", "operator",
	"front desk", "human", "a person", "escalat", "representative", "talk to", "speak to", "speak with", "reach someone", "nobody", "after hours", "after-hours"}

// tellsNothingElse reports whether a job applies to every caller: it has neither intent nor goal and takes voicemail.
func (t *text) tellsNothingElse() bool {
	return t.spec.CallerIntent == "" && t.out.Goal == "" && t.uses(job.Voicemail)
}
