package lint

import "strings"

// ruleWeakVerb: should, may, might and could where must or a plain order is meant.
var ruleWeakVerb = &rule{RuleInfo: RuleInfo{
	ID: "weak-verb", Practice: Clarity, Severity: Hint, Title: "Should, may, could",
	Catches:  "A rule with should, may, might or could, which reads as a wish or as a permission.",
	Why:      "A wish is followed when nothing speaks against it, and a permission is used or not: calls differ.",
	Source:   "Seed 52; lists of weak words in requirements engineering",
	How:      "“Should” before a verb, and “may”, “might”, “could” said of Sona, of a system or in the passive. What callers may do is passed over.",
	Language: "en",
	Bad: []Example{
		says("Sona should ask for the name first."),
		says("You may offer a discount of ten percent."),
		says("The address could be left out."),
	},
	Good: []Example{
		says("Ask for the name first."),
		says("The caller may be upset: stay calm."),
		says("Ask: “Which day should it be?”"),
		says("Ask which number we should call."),
	},
}, text: func(t *text, r report) {
	found := places{t: t, rule: "weak-verb"}
	for _, h := range weakVerbs.all(t) {
		if sp := t.span(h.from, h.to); t.instructs(h.sent) && !t.quoted(sp) && t.weak(h) {
			found.add(sp)
		}
	}
	found.report(r, Finding{Message: "%s can be read as a wish or as a permission, not as a rule.", Question: "Is it a rule? Then say it as an order; if not, say when it applies."})
}}

// weak reports whether the verb of h is said of something that follows the job's rules.
func (t *text) weak(h hit) bool {
	verb, from := t.plain(h.from), t.clauseFrom(h.sent, h.from)
	if h.from == from || t.has(ifWords, from, h.from) >= 0 || t.has(askWords, from, h.from) >= 0 || h.to >= t.sents[h.sent].to {
		return false
	}
	next := t.plain(h.to)
	if verb == "should" {
		return t.has(notWords, h.from-2, h.from) < 0 && t.has(notWords, h.to, h.to+3) < 0 && !firmWords[next] && !weakOthers[t.plain(h.from-1)]
	}
	if next == "not" || next == "only" || t.has(notWords, from, h.from) >= 0 || t.has(onlyWord, from, h.from) >= 0 {
		return false // forbids
	}
	if next == "be" && !strings.HasSuffix(t.plain(h.to+1), "ed") && !doneVerbs[t.plain(h.to+1)] {
		return false
	}
	if sonaWords[t.plain(h.from-1)] {
		return next != "have" && next != "already" && next != "need"
	}
	return t.has(weakOthers, max(from, h.from-3), h.from) < 0 && !stateVerbs[next]
}

var (
	weakVerbs  = phrases("should|may|might|could")
	askWords   = setOf("ask which what whether how who why tell")
	onlyWord   = setOf("only")
	firmWords  = setOf("never always only not")
	sonaWords  = setOf("you sona agent agents assistant representative representatives system")
	stateVerbs = setOf("have already still vary take affect contain like occur happen result cause involve include occasionally in seem appear require depend differ become sometimes want need ask say feel use try prefer mention sound call give provide wish change expect")
	weakOthers = func() wordSet {
		s := setOf("who that which")
		for w := range callerWords {
			s[w] = true
		}
		delete(s, "user")
		delete(s, "users")
		return s
	}()
)
