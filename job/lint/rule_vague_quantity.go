package lint

// ruleVagueQuantity: how many, how much, how long is left to chance.
var ruleVagueQuantity = &rule{RuleInfo: RuleInfo{
	ID: "vague-quantity", Practice: Clarity, Severity: Warning, Title: "Vague quantity",
	Catches:  "An order to ask, offer, wait or do something a few, several or some times.",
	Why:      "Sona picks a number of its own, and another one in the next call.",
	Source:   "Seed 52",
	How:      "A word of quantity near a verb of an order, such as “ask” or “offer”. Quantities in ifWords and descriptions are passed over.",
	Language: "en",
	Bad: []Example{
		says("1. Ask the caller a few questions about the leak.\n2. Say goodbye."),
		says("Offer several dates for the visit."),
		says("If nobody answers, wait for a couple of minutes and try again."),
		says("Transfer the call after a few attempts."),
	},
	Good: []Example{
		says("Ask the caller three questions about the leak."),
		says("If the caller has several dogs, ask for the name of each dog."),
		says("Never ask several questions in one turn."),
		says("Say: “It takes just a few minutes.”"),
	},
}, text: func(t *text, r report) {
	found := places{t: t, rule: "vague-quantity"}
	for _, h := range vagueAmounts.all(t) {
		sp := t.span(h.from, h.to)
		from := t.clauseFrom(h.sent, h.from)
		switch {
		case !t.instructs(h.sent) || t.quoted(sp):
		case t.has(notWords, max(from, h.from-6), h.from) >= 0 || t.has(thatWords, max(from, h.from-3), h.from) >= 0:
		case t.has(amountPreps, h.from-1, h.from) >= 0 && t.has(amountUnits, h.to, h.to+2) >= 0,
			!t.underCondition(h.sent, h.from) && t.has(orderVerbs, max(from, h.from-4), h.from) >= 0:
			found.add(sp)
		}
	}
	found.report(r, Finding{Message: "%s leaves open how many.", Question: "How many exactly?"})
}}

var (
	vagueAmounts = phrases(`a few|a couple|a couple of|a couple more|several|a number of|a handful of|some questions|some basic|some details|
		some information|some more|some time|some options|some examples|some dates|some times|some follow-up|some additional|some personal|
		some key|some quick|some simple|some general|some other|various|numerous|a lot of|lots of|plenty of|many|
		enough information|enough details|a bit of|a while|a little time|multiple questions|multiple options|multiple times|multiple dates|multiple choices|a small number of|a variety of|a range of|a certain number of`)
	orderVerbs = setOf(`ask asking offer offering give giving provide providing suggest suggesting list collect collecting gather gathering get
		mention present presenting share name tell repeat wait waiting try send take propose recommend read show include make use allow leave
		confirm answer schedule book spend say keep request propose describe explain display handle have hold obtain pick choose find support`)
	thatWords   = setOf("how that so as too need needs")
	amountPreps = setOf("within in after for at")
	amountUnits = setOf("seconds minutes hours days weeks months moments attempts tries times questions turns rings exchanges sentences words")
)
