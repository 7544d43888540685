package lint

import (
	"fmt"
	"slices"
	"strings"

	"github.com/sonajobs/sona/job"
)

var rulePriceConflict = &rule{RuleInfo: RuleInfo{
	ID: "price-conflict", Practice: Together, Severity: Warning, Language: "any", Set: true,
	Title:   "Price said differently",
	Catches: "Two texts that a step reads give another price for the same thing.",
	Why:     "Sona reads both and quotes now the one, now the other.",
	Source:  "Seed 52, issue 7: conflicting facts across jobs and pages",
	How: "Sentences and rows with the same telling words but other amounts are compared between jobs, pages, guardrails and the greeting. " +
		"Prices in words, and the same thing under another name, are not seen.",
	Bad: []Example{
		together(Context{Pages: []Page{{ID: "p1", Title: "Prices", Text: "| Haircut | $30 |\n| Shave | $20 |"}}},
			spec("Book a visit", "1. Say that a haircut costs $35.\n2. Ask for a day."), spec("Take a message", "1. Ask for a message.")),
		together(Context{}, spec("Book a tour", "A city tour is $25 per person."), spec("Answer questions", "If asked: \"A city tour costs 30 dollars.\"")),
	},
	Good: []Example{
		together(Context{Pages: []Page{{ID: "p1", Title: "Prices", Text: "- Haircut: $30.00\n- Haircut for children: $20"}}},
			spec("Book a visit", "1. Say that a haircut costs $30."), spec("Take a message", "1. Ask for a message.")),
		together(Context{Pages: []Page{{ID: "p1", Title: "Parking", Text: "## Rates\n- Standard: $10"}, {ID: "p2", Title: "Rooms", Text: "## Suites\n- Standard: $120"}}},
			spec("Book a room", "Rooms start at $99."), spec("Take a message", "1. Ask for a message.")),
		together(Context{}, spec("Refund an order", "Offer a refund of up to $50."), spec("Apologise", "Offer a refund of $20.")),
	},
}, set: func(s *set, report report) {
	compareClaims(s, wordMoney, func(c *claim) (said, bool) {
		var values []string
		for _, f := range c.facts {
			if f.Kind == job.FactMoney {
				values = append(values, amount(f.Text))
			}
		}
		if values == nil || c.class&wordSample != 0 {
			return said{}, false
		}
		one := said{values: values, named: true}
		if len(values) == 1 { // what else the sentence says is no part of it
			one.subject, one.words = s.subjectIn(c, s.clauseOf(c, moneyOf(c)), wordMoney|wordUs)
		}
		if one.words == 0 {
			one.subject, one.words = s.subject(c, wordMoney|wordUs)
		}
		return one, one.words > 0
	}, func(a, b *said) bool {
		return len(a.values) == len(b.values) && !slices.Equal(a.values, b.values) && a.claim.class&wordIf == b.claim.class&wordIf
	}, func(a, b *said) {
		f := s.clash(a.claim, b.claim)
		f.Message = fmt.Sprintf("A price %s is another than %s: “%s”, “%s”.", s.in(a.claim.source), s.in(b.claim.source),
			inShort(money(a.claim)), inShort(money(b.claim)))
		f.Question = "Which price is right?"
		report(f)
	})
}}

// moneyOf returns where the first amount of a claim stands.
func moneyOf(c *claim) job.Span {
	for _, f := range c.facts {
		if f.Kind == job.FactMoney {
			return f.Span
		}
	}
	return c.span
}

// money returns the amounts of a claim as they stand there.
func money(c *claim) string {
	var all []string
	for _, f := range c.facts {
		if f.Kind == job.FactMoney {
			all = append(all, f.Text)
		}
	}
	return strings.Join(all, ", ")
}

// amount returns a sum of money in a form that can be compared: figures without separators of thousands, and the currency.
func amount(s string) string {
	n := strings.TrimRight(strings.Map(func(r rune) rune {
		if '0' <= r && r <= '9' || r == '.' {
			return r
		}
		return -1
	}, s), ".")
	if strings.Contains(n, ".") {
		n = strings.TrimRight(strings.TrimRight(n, "0"), ".")
	}
	s = strings.ToLower(s)
	for _, c := range currencies {
		if strings.Contains(s, c.word) {
			return n + c.sign
		}
	}
	return n
}

var currencies = []struct{ word, sign string }{{"€", "€"}, {"eur", "€"}, {"£", "£"}, {"pound", "£"}, {"gbp", "£"}, {"$", "$"}, {"dollar", "$"}, {"usd", "$"}, {"buck", "$"}}
