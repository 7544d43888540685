package lint

import "strings"

// ruleVagueReference: words that point at nothing.
var ruleVagueReference = &rule{RuleInfo: RuleInfo{
	ID: "vague-reference", Practice: Clarity, Severity: Hint, Title: "Points at nothing",
	Catches:  "An order about something, certain things or other matters that are named nowhere.",
	Why:      "Sona has to guess what is meant, and guesses from call to call.",
	Source:   "Seed 52; lists of vague words in requirements engineering",
	How:      "Closed list: something, somehow, certain, special, other before a name, outside of conditions, in sentences that instruct.",
	Language: "en",
	Bad: []Example{
		says("Recommend something that the caller likes."),
		says("Handle certain requests yourself."),
		says("Note the address and other details."),
	},
	Good: []Example{
		says("Recommend the cheapest room."),
		says("If the caller has other questions, answer from Knowledge."),
		says("Ask: “Is there something else?”"),
		says("Make certain that the address is right."),
		says("Never read out the number of the other caller."),
	},
}, text: func(t *text, r report) {
	found := places{t: t, rule: "vague-reference"}
	for _, h := range vagueWords.all(t) {
		if t.pointless(h) && !strings.Contains(t.gap(h.to), "(") && t.plain(h.to) != "like" {
			found.add(t.span(h.from, h.to))
		}
	}
	for _, h := range vagueBefore.all(t) {
		if !t.clauseEnds(h.sent, h.to) && !namedAfter[t.plain(h.to)] && !namedBefore[t.plain(h.from-1)] && t.pointless(h) {
			found.add(t.span(h.from, h.to+1))
		}
	}
	found.report(r, Finding{Message: "%s does not say what or which.", Question: "Which exactly? Name them, or where they are listed."})
}}

// pointless reports whether h stands in an order, outside of conditions, questions and quotations.
func (t *text) pointless(h hit) bool {
	from := t.clauseFrom(h.sent, h.from)
	return t.instructs(h.sent) && !t.quoted(t.span(h.from, h.to)) && t.has(ifWords, from, h.from) < 0 &&
		t.has(notWords, max(t.sents[h.sent].from, h.from-14), h.from) < 0 && t.has(theirWords, max(from, h.from-8), h.from) < 0 && t.directs(h)
}

var (
	vagueWords  = phrases(`something|somehow|in some way|some kind of|some sort of|a means|by some means|stuff|such things|these things|and things|wide range of|a wide range`)
	vagueBefore = phrases(`certain|special|other|any other|specific types of|unusual|additional`)
	namedAfter  = setOf("that than to from side hand hands half end day person caller number words and or one ones in of questions else way ways agents agent agent's for user users customer callers customers type types")
	theirWords  = setOf("caller callers customer customers they he she who patient patients guest guests client clients someone")
	namedBefore = setOf("make be is are was each the this that making than no every with it's")
)
