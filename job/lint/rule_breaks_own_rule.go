package lint

import (
	"strings"

	"github.com/sonajobs/sona/job"
)

// ruleOwnRule: the text says itself what it forbids to say.
var ruleOwnRule = &rule{RuleInfo: RuleInfo{
	ID: "breaks-own-rule", Practice: Clarity, Severity: Warning, Title: "Says what it forbids",
	Catches:  "Words that one sentence forbids to say and another gives Sona to say.",
	Why:      "Sona repeats the example rather than keep the rule.",
	Source:   "Seed 52",
	How:      "Quotations behind “never say”, “do not use the word” and the like, looked for in all other quotations that are not forbidden themselves.",
	Language: "en",
	Bad: []Example{
		says("Never say “unfortunately”.\n1. Say: “Unfortunately we are closed.”"),
		says("Do not use the word \"cheap\".\n1. Ask: \"Do you want the cheap room?\""),
	},
	Good: []Example{
		says("Never say “unfortunately”.\n1. Say: “We are closed.”"),
		says("Never say “unfortunately”. Avoid phrases like “unfortunately not”."),
		says("Never say “yes” for the caller.\n1. If the caller says “yes”, go on."),
		says("Say “Unfortunately we are closed.”"),
	},
}, text: func(t *text, r report) {
	var banned []job.Span
	for _, h := range saysNever.all(t) {
		end := t.sents[h.sent].span.End
		for at := t.words[h.to-1].span.End; len(banned) < 20; {
			q, ok := t.quoteAfter(at)
			if !ok || q.Start >= end || q.Start-at > 60 {
				break
			}
			if w := bareQuote(q.In(t.lower)); len(w) >= 4 && len(w) <= 60 {
				banned = append(banned, q)
			}
			at = q.End
		}
	}
	if len(banned) == 0 {
		return
	}
	for _, f := range t.out.Facts {
		if f.Kind != job.FactQuote || t.saidBadly(f.Span) {
			continue
		}
		said := f.Span.In(t.lower)
		for _, b := range banned {
			if at := wordsIn(said, bareQuote(b.In(t.lower))); b != f.Span && at >= 0 {
				sp := job.Span{Start: f.Span.Start + at, End: f.Span.Start + at + len(bareQuote(b.In(t.lower)))}
				r(Finding{Span: sp, Message: t.show(sp) + " is said here, and forbidden elsewhere.", Question: "Does the rule hold, or the example?",
					Also: []Place{{Name: t.spec.Name, Field: "instructions", Span: b}}})
				break
			}
		}
	}
}}

var (
	saysNever = phrases(`never say|do not say|don't say|avoid saying|avoid the word|avoid the words|avoid the phrase|avoid the phrases|avoid phrases like|
		avoid words like|never use the word|never use the words|do not use the word|do not use the words|don't use the word|don't use the words|
		do not use the phrase|don't use the phrase|never use the phrase|never use phrases like|do not use phrases like|don't use phrases like|
		refrain from saying|never use|do not use|don't use|never respond with|never answer with|never call the caller|do not call the caller|don't call the caller|never call them|do not call them|
		never use words like|do not use words like|don't start with|do not start with`)
	bans = setOf("never not don't avoid instead rather without bad wrong incorrect if when whenever refrain no says say's caller callers customer customers user users")
)

// saidBadly reports whether the sentence around a quotation, or the one that leads to it, speaks of what is
// not to be said, or of what callers say.
func (t *text) saidBadly(q job.Span) bool {
	i := t.sentAt(q.Start)
	if i >= len(t.sents) {
		return true
	}
	s := t.sents[i]
	w := t.wordAt(q.Start)
	if t.has(bans, max(s.from, w-maxClause), w) >= 0 {
		return true
	}
	return i > 0 && w == s.from && t.has(bans, max(t.sents[i-1].from, t.sents[i-1].to-maxClause), t.sents[i-1].to) >= 0
}

// bareQuote returns what stands in a quotation, without its marks and last sign.
func bareQuote(q string) string { return strings.Trim(q, "\"'“”‘’«»„.,!?… ") }

// wordsIn returns where words stand in s as whole words, -1 when they do not.
func wordsIn(s, words string) int {
	for from := 0; words != ""; {
		at := strings.Index(s[from:], words)
		if at < 0 {
			return -1
		}
		at += from
		end := at + len(words)
		if (at == 0 || wordLen(s[at-1:at]) == 0) && (end == len(s) || wordLen(s[end:]) == 0) {
			return at
		}
		from = at + 1
	}
	return -1
}
