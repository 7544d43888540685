package lint

import (
	"strings"

	"github.com/sonajobs/sona/job"
)

var ruleBranchOneSided = &rule{
	RuleInfo: RuleInfo{
		ID: "branch-one-sided", Practice: OffScript, Severity: Hint, Language: "en",
		Title:   "Only one answer is dealt with",
		Catches: "A question of yes or no with an “if yes” and nothing for no.",
		Why:     "For the other answer Sona has to guess whether to go on, to ask again or to stop.",
		Source:  "Seed 51, Seed 52",
		How: "“If yes”, “if they agree” and the like behind a question, without “otherwise”, “if not” or any other condition with a negation in the same section " +
			"within three sentences before and four behind. A branch for no alone is not reported: going on is what yes means then.",
		Bad: []Example{
			says("1. Ask whether the caller wants a text message.\n   - If yes, ask for the number of the phone.\n2. Say goodbye."),
			says("Ask if they agree to a callback. If they agree, ask for the best time. Thank the caller."),
		},
		Good: []Example{
			says("1. Ask whether the caller wants a text message.\n   - If yes, ask for the number of the phone.\n   - If no, go to step 2.\n2. Say goodbye."),
			says("Ask if they agree to a callback. If they agree, ask for the best time. Otherwise thank the caller."),
			says("1. Ask whether the caller agrees to a transfer.\n   - If the caller says no, go to step 3.\n2. If the caller agreed, announce it.\n3. Say goodbye."),
			says("Read the number back. If it is wrong, ask for it once more. If the shop is open, say so."),
		},
	},
	structure: true,
	text: func(t *text, found report) {
		var first Finding
		end := -1
		for _, h := range yesBranches.all(t) {
			s := t.sents[h.sent]
			if s.example || h.from > s.from+1 || t.quoted(t.words[h.from].span) || h.sent <= end || !t.asksBefore(h) || t.otherSide(h.sent) {
				continue
			}
			end = h.sent + 4
			if first.Message != "" {
				first.Also = append(first.Also, Place{Field: "instructions", Span: s.span})
				continue
			}
			first = Finding{
				Span:     s.span,
				Message:  "There is a branch for " + cite(t.span(h.from, h.to).In(t.s)) + ", and none for the other answer.",
				Question: "What should Sona do when the answer is no?",
			}
		}
		if first.Message != "" {
			found(first)
		}
	},
}

var (
	yesBranches = phrases(`if yes|if so|if they do|if the caller does|if they say yes|if the caller says yes|if the customer says yes|if the user says yes|if the answer is yes|if he says yes|if she says yes
		if they agree|if the caller agrees|if the customer agrees|if the user agrees|if the patient agrees|if they accept|if the caller accepts|if the customer accepts
		if they confirm|if the caller confirms|if the customer confirms|if the user confirms|if they consent|if the answer is affirmative|if they would like to|if they say they do
		if they are interested|if they're interested|if the caller is interested|if they want one|if they would like one`)
	asking     = phrases("ask|asks|asking|whether|check if|offer|confirm if|would you|do you|are you|may i|can i|shall i|determine if|see if|inquire")
	noBranches = phrases(`otherwise|else|if no|if not|no|not|don't|doesn't|didn't|isn't|won't|wouldn't|cannot|can't|decline|declines|declined|refuse|refuses|disagree|disagrees|rather|prefers|prefer|reject|rejects|unsure|instead|says no|say no|corrections|correct it|wrong|incorrect|changes|change|either way`)
)

// asksBefore reports whether the branch h answers a question: one of the three sentences before asks or
// checks something, and the condition ends with h.
func (t *text) asksBefore(h hit) bool {
	end := t.words[h.to-1].span.End
	if end >= len(t.s) || !strings.ContainsRune(",:-–—;", rune(t.s[end])) && !strings.HasPrefix(t.s[end:], " –") && !strings.HasPrefix(t.s[end:], " —") &&
		!strings.HasPrefix(t.s[end:], " -") && t.word(h.to) != "then" && t.word(h.to) != "to" && !t.verbAt(h.to) {
		return false
	}
	for k := h.sent - 1; k >= 0 && k > h.sent-4; k-- {
		if _, ok := asking.in(t, k); ok || t.kind(t.sents[k]) == job.ItemAsk {
			return true
		}
	}
	return false
}

// otherSide reports whether a sentence around number i deals with the other answer.
func (t *text) otherSide(i int) bool {
	for k := i; k >= 0 && k > i-4 && !(t.sents[k].heading && k < i); k-- {
		if _, ok := noBranches.in(t, k); ok && (k == i || t.anyCondition(k)) {
			return true
		}
	}
	for k := i + 1; k < len(t.sents) && k < i+5; k++ {
		if _, ok := noBranches.in(t, k); ok && (t.sents[k].heading || t.anyCondition(k) || t.kind(t.sents[k]) == job.ItemBranch || t.kind(t.sents[k]) == job.ItemOffScript) {
			return true
		}
		if t.sents[k].heading {
			return false
		}
	}
	return false
}
