package lint

import (
	"cmp"
	"slices"

	"github.com/sonajobs/sona/job"
)

// ruleLimits: one limit with two numbers.
var ruleLimits = &rule{RuleInfo: RuleInfo{
	ID: "conflicting-limits", Practice: Clarity, Severity: Warning, Title: "Two numbers for one limit",
	Catches:  "The same limit with two numbers: “at most 2 times” here and “after 3 attempts” there.",
	Why:      "Sona keeps now the one, now the other.",
	Source:   "Seed 52",
	How:      "Numbers before attempts, questions, words, sentences, minutes, hours or days, in sentences that share most of their other words.",
	Language: "en",
	Bad: []Example{
		says("Ask for the order number at most 2 times.\nBe kind.\nAfter 3 attempts to get the order number, take a message."),
		says("Keep answers under 30 words. Be kind. Keep answers under 20 words."),
		says("Ask for the order number only once. Be kind. Ask for the order number up to 3 times."),
		says("Let the caller wait at most 2 minutes. Be kind. Let the caller wait at most 5 minutes."),
		says("Tell the caller that we call back within 24 hours. Be kind. Say that we call back within 48 hours."),
	},
	Good: []Example{
		says("Ask for the order number at most 2 times.\nAfter 2 attempts to get the order number, take a message."),
		says("Ask for the order number at most 2 times. Ask at most 3 questions about the leak."),
		says("Deliveries take 3 days. Refunds take 10 days."),
		says("Keep answers to one or two sentences. Keep questions under 20 words."),
	},
}, text: func(t *text, r report) {
	var limits []limit
	for _, h := range limitUnits.all(t) {
		if len(limits) == mostLimits {
			break
		}
		if l, ok := t.limit(h); ok {
			limits = append(limits, l)
		}
	}
	for _, h := range limitOnce.all(t) {
		if len(limits) == mostLimits {
			break
		}
		if l, ok := t.limitAround(h, h.to-1); ok {
			l.n, l.unit, l.span = numberOf[t.plain(h.to-1)], "attempts", t.span(h.from, h.to)
			limits = append(limits, l)
		}
	}
	slices.SortFunc(limits, func(a, b limit) int { return cmp.Compare(a.span.Start, b.span.Start) })
	for k := range limits {
		for i := range k {
			if t.sameLimit(&limits[i], &limits[k]) {
				r(Finding{
					Span:     limits[k].span,
					Message:  t.show(limits[k].span) + " stands here, and " + t.show(limits[i].span) + " elsewhere, for the same.",
					Question: "Which number holds?",
					Also:     []Place{{Name: t.spec.Name, Field: "instructions", Span: limits[i].span}},
				})
				break
			}
		}
	}
}}

// mostLimits bounds how many limits of a text are compared with each other.
const mostLimits = 60

// limit is a number of something that a sentence allows or promises.
type limit struct {
	n       int
	unit    string
	promise bool // we call back, answer, confirm within that time
	most    bool // "at most", "up to": a limit in so many words
	sent    int
	span    job.Span
	words   [16]uint64 // the other telling words of the sentence
	count   int
}

var (
	limitUnits = phrases("times|attempts|attempt|tries|retries|questions|words|sentences|minutes|hours|days|business days|business hours|options|percent|slots|choices|suggestions|examples|seconds")
	limitOnce  = phrases("at most once|at most twice|no more than once|no more than twice|only once|only twice|not more than once|not more than twice")
	unitClass  = map[string]string{"times": "attempts", "attempt": "attempts", "attempts": "attempts", "tries": "attempts", "retries": "attempts"}
	numberOf   = map[string]int{"once": 1, "twice": 2, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
		"twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60}
	promises   = setOf("we call calls callback back reply respond responds contact contacts confirm confirms answer")
	limitPlain = setOf(`the a an to of for in on at is are be it and or if when after most more than no least every each not up maximum max within under over least only then
		that this with by from your their they them you we our will can may must should please caller callers customer customers user sona as ask asking try trying keep tell say get`)
)

// limit reads the number before the unit of h, and the words around.
func (t *text) limit(h hit) (l limit, ok bool) {
	s := t.sents[h.sent]
	if !t.instructs(h.sent) || h.from == s.from || t.quoted(t.span(h.from, h.to)) {
		return l, false
	}
	at := h.from - 1
	w := t.plain(at)
	n, known := numberOf[w]
	if !known {
		for i := range len(w) {
			if !isDigit(w[i]) || len(w) > 6 {
				return l, false
			}
			n = 10*n + int(w[i]-'0')
		}
	}
	if before := t.gap(at); at > s.from && (before == "-" || before == "–" || t.plain(at-1) == "or" || t.plain(at-1) == "to" && t.plain(at-2) != "up" || t.plain(at-1) == "and") {
		return l, false // a range
	}
	unit := t.plain(h.to - 1)
	if class, ok := unitClass[unit]; ok {
		unit = class
	}
	l, ok = t.limitAround(h, at)
	l.n, l.unit, l.span = n, unit, t.span(at, h.to)
	return l, ok
}

// limitAround reads the words around the limit of h, whose number is word at.
func (t *text) limitAround(h hit, at int) (l limit, ok bool) {
	if !t.instructs(h.sent) || t.quoted(t.span(h.from, h.to)) {
		return l, false
	}
	l.sent = h.sent
	for i := t.clauseFrom(h.sent, at); i < t.clauseTo(h.sent, h.to-1) && l.count < len(l.words); i++ {
		l.promise = l.promise || promises[t.plain(i)]
		l.most = l.most || i < at && (t.plain(i) == "most" || t.plain(i) == "maximum" || t.plain(i) == "up" && t.plain(i+1) == "to")
		if w := t.plain(i); i != at && (i < h.from || i >= h.to) && !limitPlain[w] && numberOf[w] == 0 && !isDigit(w[0]) {
			l.words[l.count] = wordKey(w)
			l.count++
		}
	}
	return l, true
}

// sameLimit reports whether a and b limit the same with two numbers.
func (t *text) sameLimit(a, b *limit) bool {
	if a.n == b.n || a.unit != b.unit || a.sent == b.sent || a.count == 0 || b.count == 0 {
		return false
	}
	switch a.unit {
	case "minutes", "hours", "days":
		if !(a.promise && b.promise || a.most && b.most) || t.anyOf(ifWords, a.sent) || t.anyOf(ifWords, b.sent) {
			return false // what takes how long differs from case to case, a promise to call back does not
		}
	}
	if a.unit == "words" || a.unit == "sentences" {
		for i := a.sent; i < b.sent; i++ {
			if t.sents[i].heading {
				return false // each section may have its own length
			}
		}
	}
	shared := 0
	for _, x := range a.words[:a.count] {
		if slices.Contains(b.words[:b.count], x) {
			shared++
		}
	}
	return 3*shared >= 2*min(a.count, b.count) && (a.unit == "attempts" || 2*shared >= max(a.count, b.count))
}
