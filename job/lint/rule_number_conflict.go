package lint

import (
	"fmt"
	"slices"
	"strings"

	"github.com/sonajobs/sona/job"
)

var ruleNumberConflict = &rule{RuleInfo: RuleInfo{
	ID: "number-conflict", Practice: Together, Severity: Warning, Language: "any", Set: true,
	Title:   "Number said differently",
	Catches: "Two texts that a step reads say the same sentence with another number or time.",
	Why:     "Sona reads both and follows now the one, now the other.",
	Source:  "Seed 52, issue 7: conflicting facts across jobs and pages",
	How: "Sentences with the same telling words, at least three, but other figures are compared between the texts. " +
		"What has a date, and the same rule in other words, is not seen.",
	Bad: []Example{
		together(Context{Pages: []Page{{ID: "p1", Title: "Policies", Text: "Bookings can be cancelled free of charge up to 24 hours before the visit."}}},
			spec("Cancel a booking", "1. Say that a booking can be cancelled free of charge up to 48 hours before the visit."), spec("Take a message", "1. Ask for a message.")),
		together(Context{}, spec("Book a visit", "New patients must arrive 15 minutes early."), spec("Move a visit", "New patients must arrive thirty minutes early.")),
	},
	Good: []Example{
		together(Context{}, spec("Book a visit", "New patients must arrive 15 minutes early."), spec("Move a visit", "New patients must arrive fifteen minutes early.")),
		together(Context{}, spec("Book a visit", "1. Ask at most 3 questions."), spec("Move a visit", "1. Ask at most 2 questions.")),
		together(Context{}, spec("Book a visit", "Children under 12 pay half."), spec("Move a visit", "Groups of 12 pay half.")),
	},
}, set: func(s *set, report report) {
	compareClaims(s, 0, func(c *claim) (said, bool) {
		if len(c.facts) == 0 && c.class&wordCount == 0 || c.class&wordSample != 0 || len(c.terms) < 3 {
			return said{}, false
		}
		values := numbersOf(s.sources[c.source].t, c)
		if values == nil {
			return said{}, false
		}
		return said{subject: c.key, words: len(c.terms), named: true, values: values}, true
	}, func(a, b *said) bool {
		states := s.sources[b.claim.source].kind != ofJob || a.claim.class&b.claim.class&wordIs != 0 // orders of two jobs may differ
		return states && len(a.values) == len(b.values) && !slices.Equal(slices.Sorted(slices.Values(a.values)), slices.Sorted(slices.Values(b.values))) && a.claim.class&wordNot == b.claim.class&wordNot
	}, func(a, b *said) {
		f := s.clash(a.claim, b.claim)
		f.Message = fmt.Sprintf("The same is said with another number %s and %s: “%s”, “%s”.", s.in(a.claim.source), s.in(b.claim.source),
			inShort(strings.Join(a.values, ", ")), inShort(strings.Join(b.values, ", ")))
		f.Question = "Which number is right?"
		report(f)
	})
}}

var countWords = map[string]string{"one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9",
	"ten": "10", "eleven": "11", "twelve": "12", "fifteen": "15", "twenty": "20", "thirty": "30", "forty": "40", "fifty": "50", "sixty": "60",
	"ninety": "90", "hundred": "100"}

// numbersOf returns the figures and times of a claim in their order; nil when there is none, or when one of
// its facts is judged by another rule.
func numbersOf(t *text, c *claim) (values []string) {
	for _, f := range c.facts {
		if f.Kind != job.FactNumber && f.Kind != job.FactTime && f.Kind != job.FactQuote {
			return nil
		}
	}
	if len(c.facts) == 0 && c.class&wordCount == 0 {
		return nil
	}
	fact := 0
	for i := c.from; i < c.to; i++ {
		w := t.words[i].span
		for fact < len(c.facts) && c.facts[fact].Span.End <= w.Start {
			fact++
		}
		if fact < len(c.facts) && c.facts[fact].Span.Start <= w.Start {
			f := c.facts[fact]
			switch f.Kind {
			case job.FactNumber, job.FactTime:
				values = append(values, strings.ToLower(f.Text))
			case job.FactQuote:
			default:
				return nil
			}
			for i+1 < c.to && t.words[i+1].span.Start < f.Span.End {
				i++
			}
			continue
		}
		if n, ok := countWords[t.word(i)]; ok {
			values = append(values, n)
		}
	}
	return values
}
