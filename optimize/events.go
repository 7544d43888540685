package optimize

import (
	"fmt"
	"slices"
)

// tally is how often each class stands on one side.
type tally [after + 1]int

func tallied(events []event) (t tally) {
	for _, e := range events {
		t[e.class]++
	}
	return t
}

// polarity compares negations. One that became a refusal in other words ("does not want to", "declines") changed
// wording; one that is gone turned the sentence round.
func (p *pair) polarity() {
	a, b := tallied(p.ea), tallied(p.eb)
	na, nb := a[negation], b[negation]
	if na == nb {
		return
	}
	lost := na > nb
	if p.close || na == 0 || nb == 0 {
		balanced := lost && b[denial] > a[denial] || !lost && a[denial] > b[denial]
		if !balanced {
			p.hard(GuardNegation, map[bool]string{true: "A negation is gone: \"%s\".", false: "A negation is new: \"%s\"."}[lost])
			return
		}
	}
	p.report(Violation{Guard: GuardNegation, Lost: p.eventWords(true, negation), New: p.eventWords(false, negation),
		Message: fmt.Sprintf("What is not to be done is said in other words: \"%s\".", shorten(p.is.In(p.comparison.b.s)))})
}

func (p *pair) hard(g Guard, message string) {
	lost, fresh := p.changedWords()
	p.report(Violation{Guard: g, Hard: true, Lost: lost, New: fresh, Message: fmt.Sprintf(message, shorten(p.is.In(p.comparison.b.s)))})
}

// bounds compares "at least", "at most" and their like.
func (p *pair) bounds() {
	a, b := tallied(p.ea), tallied(p.eb)
	for c := atLeast; c <= lessThan; c++ {
		if a[c] == b[c] {
			continue
		}
		if p.close || a[c] == 0 || b[c] == 0 {
			p.hard(GuardBound, "A bound changed (\""+classNames[c]+"\"): \"%s\".")
			return
		}
	}
}

// flips finds words that were exchanged for their opposite while what stands around them stayed.
func (p *pair) flips() {
	if !p.close {
		return
	}
	const few = 3 // words
	ca, cb := classOf(p.ea, len(p.a)), classOf(p.eb, len(p.b))
	has := slices.Contains[[]class]
	for _, h := range hunks(p.kept, len(p.b)) {
		if h.a1-h.a0 > few || h.b1-h.b0 > few {
			continue
		}
		x, y := ca[h.a0:h.a1], cb[h.b0:h.b1]
		became := func(from, to class) bool { return has(x, from) && !has(x, to) && has(y, to) && !has(y, from) }
		switch {
		case became(and, or):
			p.hard(GuardConnective, "\"and\" became \"or\": \"%s\".")
		case became(or, and):
			p.hard(GuardConnective, "\"or\" became \"and\": \"%s\".")
		case became(before, after):
			p.hard(GuardCondition, "\"before\" became \"after\": \"%s\".")
		case became(after, before):
			p.hard(GuardCondition, "\"after\" became \"before\": \"%s\".")
		}
	}
}

// classOf returns the class of each of n tokens.
func classOf(events []event, n int) []class {
	cs := make([]class, n)
	for _, e := range events {
		for i := e.from; i < e.to; i++ {
			cs[i] = e.class
		}
	}
	return cs
}

// softer compares how binding the words are, and under what conditions.
func (p *pair) softer() {
	a, b := tallied(p.ea), tallied(p.eb)
	text := shorten(p.is.In(p.comparison.b.s))
	if a[must] != b[must] || a[should] != b[should] || a[may] != b[may] {
		message := "It is said with another force: \"%s\"."
		strength := func(t tally) int { return 3*t[must] + 2*t[should] + t[may] }
		switch {
		case a[must] > b[must] && b[should]+b[may] > a[should]+a[may]:
			message = "What must be done is now only advised or allowed: \"%s\"."
		case strength(a) > strength(b):
			message = "It is said with less force: \"%s\"."
		case strength(a) < strength(b):
			message = "It is said with more force: \"%s\"."
		}
		lost, fresh := p.changedWords()
		p.report(Violation{Guard: GuardModality, Lost: lost, New: fresh, Message: fmt.Sprintf(message, text)})
	}
	for _, c := range [...]class{cond, only, before, after} {
		if a[c] != b[c] {
			lost, fresh := p.changedWords()
			p.report(Violation{Guard: GuardCondition, Lost: lost, New: fresh, Message: fmt.Sprintf("The condition is said in other words: \"%s\".", text)})
			return
		}
	}
}

// eventWords returns the first words of a class on one side.
func (p *pair) eventWords(first bool, c class) string {
	events, tokens, s := p.eb, p.b, p.comparison.b.s
	if first {
		events, tokens, s = p.ea, p.a, p.comparison.a.s
	}
	for _, e := range events {
		if e.class == c {
			return words1(s, tokens[e.from:e.to])
		}
	}
	return ""
}
