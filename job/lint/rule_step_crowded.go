package lint

import (
	"fmt"

	"github.com/sonajobs/sona/job"
)

var ruleStepCrowded = &rule{
	RuleInfo: RuleInfo{
		ID: "step-crowded", Practice: Order, Severity: Hint, Language: "en",
		Title:   "Too much in one step",
		Catches: "A numbered step that gives four or more orders.",
		Why:     "In a long step one of the orders is easily left out, and no other step can refer to it.",
		Source:  "Seed 50",
		How: "Verbs that orders begin with are counted in the own text of a numbered step: at the beginning of a sentence, behind a comma, “and” or “then”. " +
			"Conditions, quotations and examples are left out.",
		Bad: []Example{
			says("1. Ask for the name, look it up, say the balance and offer a transfer.\n2. Say goodbye."),
			says("1. Greet the caller. Ask for the order number. Look the order up. Tell the caller when it comes.\n2. Say goodbye."),
		},
		Good: []Example{
			says("1. Ask for the name, look it up and say the balance.\n2. Say goodbye."),
			says("1. Thank the caller, say goodbye and end the call: {{action end_call}}"),
			says("Greet the caller. Ask for the order number. Look the order up. Tell the caller when it comes."),
			says("1. Say: \"Call us, write to us, visit us and tell your friends.\"\n2. Say goodbye."),
		},
	},
	structure: true,
	text: func(t *text, found report) {
		var first Finding
		for i, it := range t.out.Items {
			if !it.Ordered || it.Kind == job.ItemHeading {
				continue
			}
			n := t.orders(it.Span)
			if n < 4 {
				continue
			}
			if first.Message != "" {
				first.Also = append(first.Also, Place{Field: "instructions", Span: it.Span})
				continue
			}
			first = Finding{
				Span:     it.Span,
				Message:  fmt.Sprintf("Step %s, %s, gives %d orders at once.", t.out.Items[i].Number, cite(it.Span.In(t.s)), n),
				Question: "Which of them can be steps of their own?",
			}
		}
		if first.Message != "" {
			found(first)
		}
	},
}

// orders counts the verbs in sp that stand where an order begins.
func (t *text) orders(sp job.Span) int {
	n := 0
	for i := t.sentAt(sp.Start); i < len(t.sents) && t.sents[i].span.Start < sp.End; i++ {
		s := t.sents[i]
		if s.example || s.heading || t.conditional(i) {
			continue
		}
		for k := s.from; k < s.to; k++ {
			if !t.verbAt(k) || !t.orderBegins(s, k) || t.quoted(t.words[k].span) {
				continue
			}
			n++
		}
	}
	return n
}

// orderBegins reports whether an order can begin at word k of s.
func (t *text) orderBegins(s sentence, k int) bool {
	if k == s.from {
		return true
	}
	before := t.word(k - 1)
	gap := t.s[t.words[k-1].span.End:t.words[k].span.Start]
	comma := len(gap) > 0 && (gap[0] == ',' || gap[0] == ';' || gap[0] == ':')
	return comma || before == "and" || before == "then" || before == "please"
}
