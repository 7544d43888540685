package lint

import (
	"strings"

	"github.com/sonajobs/sona/job"
)

// ruleFixedDate: a date that passes, and the text stays.
var ruleFixedDate = &rule{RuleInfo: RuleInfo{
	ID: "fixed-date", Practice: Clarity, Severity: Hint, Title: "A date that passes",
	Catches:  "A full date in an instruction, with its year or from a fixed day on.",
	Why:      "When the day is over, Sona goes on telling callers about it.",
	Source:   "Seed 52",
	How:      "Dates with a year outside of quotations and examples. There is no clock: whether the date is over is for the author to say.",
	Language: "any",
	Bad: []Example{
		says("Until 3 May 2026 offer a free visit."),
		says("The office moves on 2026-05-03: give the new address then."),
	},
	Good: []Example{
		says("We are closed on 1 January."),
		says("Ask for the date in the form “3 May 2026”."),
		says("We have been in business since 1998."),
	},
}, text: func(t *text, r report) {
	found := places{t: t, rule: "fixed-date"}
	for _, f := range t.out.Facts {
		if f.Kind != job.FactDate || !hasYear(f.Text) {
			continue
		}
		s := t.sentenceAround(f.Span)
		if s.example || t.has(dateForms, s.from, min(s.to, s.from+maxClause)) >= 0 {
			continue
		}
		found.add(f.Span)
	}
	found.report(r, Finding{Message: "%s will be over some day.", Question: "What holds afterwards? Facts with an end are easier to find on a Knowledge page."})
}}

var dateForms = setOf("example e.g format such form like today's since founded established ejemplo exemple formato")

// hasYear reports whether a date has a year of this century.
func hasYear(s string) bool {
	for i := strings.Index(s, "20"); i >= 0 && i+4 <= len(s); {
		if (i == 0 || !isDigit(s[i-1])) && isDigit(s[i+2]) && isDigit(s[i+3]) && (i+4 == len(s) || !isDigit(s[i+4])) {
			return true
		}
		next := strings.Index(s[i+1:], "20")
		if next < 0 {
			return false
		}
		i += 1 + next
	}
	return false
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }
