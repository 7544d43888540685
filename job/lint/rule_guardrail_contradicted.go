package lint

import (
	"fmt"
	"slices"

	"github.com/sonajobs/sona/job"
)

var ruleGuardrailContradicted = &rule{RuleInfo: RuleInfo{
	ID: "guardrail-contradicted", Practice: Together, Severity: Warning, Language: "en", Set: true,
	Title:   "Job against a rule for all jobs",
	Catches: "A job tells Sona to do what a rule for all jobs forbids, or not to do what it asks for.",
	Why:     "The rule stands above the job, so the step of the job is left out, or the rule is broken.",
	Source:  "Issue 7: guardrail contradicted by a job",
	How: "The words of a rule with “never” or “do not” are looked for in the orders of the jobs, and the other way round. The order must begin with the same verb. " +
		"The same in other words is not seen.",
	Bad: []Example{
		together(Context{Guardrails: []string{"Never quote prices."}}, spec("Book a visit", "1. Ask for a day.\n2. Quote the price of the visit."), spec("Take a message", "1. Ask for a message.")),
		together(Context{Guardrails: []string{"Do not give medical or legal advice."}},
			spec("Book a visit", "1. Ask why they come, then give medical advice."), spec("Take a message", "1. Ask for a message.")),
		together(Context{Guardrails: []string{"Always confirm the phone number."}}, spec("Book a visit", "Do not confirm the phone number."), spec("Take a message", "1. Ask for a message.")),
	},
	Good: []Example{
		together(Context{Guardrails: []string{"Never quote prices."}}, spec("Book a visit", "1. Never quote prices.\n2. If they ask for a quote of prices, take a message."), spec("Take a message", "1. Ask for a message.")),
		together(Context{Guardrails: []string{"Never quote prices without a written offer."}}, spec("Book a visit", "1. Quote the price."), spec("Take a message", "1. Ask for a message.")),
		together(Context{Guardrails: []string{"Never ask for a card number."}}, spec("Book a visit", "1. Ask for the phone number."), spec("Take a message", "1. Ask for a message.")),
	},
}, set: func(s *set, report report) {
	for i := range s.claims {
		g := &s.claims[i]
		if s.sources[g.source].kind != ofGuardrail || len(g.terms) < 2 || g.class&wordIf != 0 {
			continue
		}
		variants := s.variants(g)
		for k := range s.claims {
			c := &s.claims[k]
			if s.sources[c.source].kind != ofJob || len(c.terms) < 2 || !slices.ContainsFunc(variants, func(v []term) bool { return s.orders(c, v, g.class&wordNot == 0) }) {
				continue
			}
			f := s.clash(c, g)
			f.Message = fmt.Sprintf("“%s” goes against the rule for all jobs “%s”.", inShort(s.textOf(c)), inShort(s.textOf(g)))
			f.Question = "Should the rule or the job give way?"
			report(f)
		}
	}
}}

// variants returns what a rule says, once for each of the things that it parts by "or".
func (s *set) variants(g *claim) [][]term {
	t := s.sources[g.source].t
	for i := g.from + 1; i+1 < g.to; i++ {
		if w := t.word(i); w != "or" && w != "nor" {
			continue
		}
		before, or, after := termOf(t.word(i-1)), termOf(t.word(i)), termOf(t.word(i+1))
		var first, second []term
		for _, w := range g.terms {
			if w != or && w != after {
				first = append(first, w)
			}
			if w != or && w != before {
				second = append(second, w)
			}
		}
		return [][]term{first, second}
	}
	return [][]term{g.terms}
}

// orders reports whether a part of claim c orders what, or, with not, forbids it: the part begins with the
// first word of what and has the others.
func (s *set) orders(c *claim, what []term, not bool) bool {
	if len(what) < 2 || !slices.Contains(c.terms, what[0]) {
		return false
	}
	t := s.sources[c.source].t
	begins, negated, at := true, false, -1 // at: how many of the words of what were met since its verb, -1 before
	met := 0
	for i := c.from; i < c.to; i++ {
		w := t.word(i)
		if i > c.from && parted(t, i) {
			begins, negated, at = true, false, -1
		}
		class := classOf(w)
		switch h := termOf(w); {
		case class&wordIf != 0:
			begins, at = false, -1
		case class&wordNot != 0:
			negated = true
		case class&(wordPlain|wordEver) != 0:
		case at >= 0:
			if slices.Contains(what[1:], h) {
				met++
			}
			if met == len(what)-1 {
				return true
			}
		case begins && h == what[0] && negated == not:
			at, met = 0, 0
		default:
			begins = false
		}
		if w == "and" || w == "then" {
			begins = begins || at < 0
		}
	}
	return false
}

// parted reports whether a comma or the like stands before word i.
func parted(t *text, i int) bool {
	between := job.Span{Start: t.words[i-1].span.End, End: t.words[i].span.Start}.In(t.s)
	for k := range len(between) {
		switch between[k] {
		case ',', ';', ':', '.', '(', '"':
			return true
		}
	}
	return false
}
