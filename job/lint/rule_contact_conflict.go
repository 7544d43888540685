package lint

import (
	"fmt"
	"slices"
	"strings"

	"github.com/sonajobs/sona/job"
)

var ruleContactConflict = &rule{RuleInfo: RuleInfo{
	ID: "contact-conflict", Practice: Together, Severity: Warning, Language: "en", Set: true,
	Title:   "Phone number or e-mail address said differently",
	Catches: "Two texts that a step reads name another phone number or e-mail address for the same thing.",
	Why:     "Callers are sent to one or the other, and one of them may be wrong.",
	Source:  "Seed 52, issue 7: conflicting facts across jobs and pages",
	How: "Sentences and rows that have the same telling words, or speak of the business as a whole, but other numbers or addresses are compared between the texts. " +
		"The targets of transfers are not looked at.",
	Bad: []Example{
		together(Context{Pages: []Page{{ID: "p1", Title: "Contact", Text: "Our phone number is 555-010-2000."}}},
			spec("Answer questions", "If asked, say that they can reach us at (555) 010-2999."), spec("Take a message", "1. Ask for a message.")),
		together(Context{}, spec("Billing", "The billing team: billing@example.com."), spec("Refunds", "Give the e-mail address of the billing team, bills@example.com.")),
	},
	Good: []Example{
		together(Context{Pages: []Page{{ID: "p1", Title: "Contact", Text: "Our phone number is +1 (555) 010-2000."}}},
			spec("Answer questions", "If asked, say that they can reach us at 555-010-2000."), spec("Take a message", "1. Ask for a message.")),
		together(Context{}, spec("Billing", "Billing: billing@example.com."), spec("Support", "Support: help@example.com.")),
		together(Context{}, spec("Billing", "Ask for a number, for example 555-010-2000."), spec("Support", "Ask for a number, for example 555-010-3000.")),
	},
}, set: func(s *set, report report) {
	compareClaims(s, wordReach, func(c *claim) (said, bool) {
		var values []string
		for _, f := range c.facts {
			switch {
			case f.Kind == job.FactPhone && len(figures(f.Text)) >= 7:
				n := figures(f.Text)
				values = append(values, n[len(n)-7:])
			case f.Kind == job.FactEmail:
				values = append(values, strings.ToLower(f.Text))
			}
		}
		if values == nil || c.class&wordSample != 0 {
			return said{}, false
		}
		one := said{values: values, named: true}
		one.subject, one.words = s.subject(c, wordReach|wordUs)
		return one, one.words > 0 || c.class&wordUs != 0 && s.sources[c.source].kind != ofGuardrail
	}, func(a, b *said) bool {
		return strings.Contains(a.values[0], "@") == strings.Contains(b.values[0], "@") &&
			!slices.ContainsFunc(a.values, func(v string) bool { return slices.Contains(b.values, v) })
	}, func(a, b *said) {
		f := s.clash(a.claim, b.claim)
		what := "A phone number"
		if strings.Contains(a.values[0], "@") {
			what = "An e-mail address"
		}
		f.Message = fmt.Sprintf("%s %s is another than %s.", what, s.in(a.claim.source), s.in(b.claim.source))
		f.Question = "Which one is right?"
		report(f)
	})
}}

// figures returns the digits of s.
func figures(s string) string {
	return strings.Map(func(r rune) rune {
		if '0' <= r && r <= '9' {
			return r
		}
		return -1
	}, s)
}
