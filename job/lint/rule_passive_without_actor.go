package lint

import "strings"

// rulePassive: something must be done, and nobody is named who does it.
var rulePassive = &rule{RuleInfo: RuleInfo{
	ID: "passive-without-actor", Practice: Clarity, Severity: Hint, Title: "Nobody is named who does it",
	Catches:  "An order in the passive that names nobody who carries it out: “the form must be sent”.",
	Why:      "Sona may take it as its own task, or as somebody else's, and then nobody does it.",
	Source:   "Seed 52",
	How:      "“Must be”, “should be”, “needs to be” with a verb of doing, without “by” after it. A requirement that somebody else meets can read the same.",
	Language: "en",
	Bad: []Example{
		says("The form must be sent after the call."),
		says("The address needs to be confirmed."),
		says("A manager should be informed."),
	},
	Good: []Example{
		says("Send the form after the call."),
		says("The form must be sent by the office."),
		says("The caller must be 18."),
		says("If the form must be sent again, ask for the address."),
	},
}, text: func(t *text, r report) {
	found := places{t: t, rule: "passive-without-actor"}
	for _, h := range passivePhrases.all(t) {
		at := h.to
		if t.has(passiveAdverbs, at, at+1) >= 0 || strings.HasSuffix(t.word(at), "ly") {
			at++
		}
		sp := t.span(h.from, min(at+1, len(t.words)))
		if at >= t.sents[h.sent].to || !t.instructs(h.sent) || t.quoted(sp) || !doneVerbs[t.plain(at)] || t.requires(h, at) {
			continue
		}
		if from := t.clauseFrom(h.sent, h.from); t.has(ifWords, from, h.from) >= 0 || t.has(youWord, h.from-2, h.from) >= 0 ||
			t.has(byWords, at+1, min(at+9, t.sents[h.sent].to)) >= 0 {
			continue
		}
		found.add(sp)
	}
	found.report(r, Finding{Message: "%s does not say who does it.", Question: "Who does it: Sona in this call, or somebody of the team afterwards?"})
}}

// requires reports whether h is a condition that callers meet, not a thing to be done: "callers must be verified".
func (t *text) requires(h hit, verb int) bool {
	return callerWords[t.plain(h.from-1)] && (t.plain(verb) == "verified" || t.plain(verb) == "approved")
}

var (
	passivePhrases = phrases(`shall be|must be|should be|need to be|needs to be|has to be|have to be|is to be|are to be|ought to be|
		must not be|should not be|must also be|should also be|must always be|should always be`)
	passiveAdverbs = setOf("always also first then not only")
	youWord        = setOf("you what which who that")
	byWords        = setOf("by you")
	doneVerbs      = setOf(`sent told informed asked called contacted notified transferred confirmed verified collected recorded noted logged forwarded
		offered given provided explained read repeated checked reviewed submitted updated booked scheduled cancelled canceled created processed
		escalated routed approved documented completed entered obtained made performed handled resolved charged applied refunded returned taken
		done reported disclosed filled issued gathered captured validated communicated presented greeted directed redirected invited reminded
		warned written passed delivered displayed shown left kept put held ensured guaranteed stored transmitted assigned selected recommended placed added removed changed closed opened corrected fixed paid signed printed renewed extended replaced rescheduled counted measured ordered delivered`)
)
