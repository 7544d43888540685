package lint

// ruleHedgedInstruction: an order that is none.
var ruleHedgedInstruction = &rule{RuleInfo: RuleInfo{
	ID: "hedged-instruction", Practice: Clarity, Severity: Warning, Title: "Hedged instruction",
	Catches:  "An order that leaves open whether it is one: try to, feel free to, you might want to, ideally.",
	Why:      "Sona does it in one call and leaves it out in the next.",
	Source:   "Seed 52",
	How:      "Closed list of hedgePhrases in sentences that instruct. What a caller tries, what is forbidden and what stands in quotation marks is passed over.",
	Language: "en",
	Bad: []Example{
		says("1. Try to get the booking number.\n2. Say goodbye."),
		says("You might want to ask for a second number."),
		says("Feel free to end the call then."),
		says("Ideally, ask for the address first."),
	},
	Good: []Example{
		says("Ask for the booking number."),
		says("If the caller tries to pay by phone, say that this is not possible."),
		says("Never try to guess the address."),
		says("Say: “Feel free to call again.”"),
		says("Ask the caller to try to turn it off and on."),
	},
}, text: func(t *text, r report) {
	found := places{t: t, rule: "hedged-instruction"}
	for _, h := range hedgePhrases.all(t) {
		sp := t.span(h.from, h.to)
		from := t.clauseFrom(h.sent, h.from)
		if !t.instructs(h.sent) || t.quoted(sp) || t.has(hedgeOthers, max(from, h.from-4), h.from) >= 0 || t.has(notWords, h.to, h.to+2) >= 0 || t.plain(h.from) == "you" && hedgeNots[t.plain(h.to)] ||
			t.has(notWords, max(t.sents[h.sent].from, h.from-12), h.from) >= 0 || h.to == h.from+1 && (hedgeGuess[t.plain(h.to)] || isWords[t.plain(h.from-1)]) {
			continue
		}
		found.add(sp)
	}
	for _, h := range hedgeTails.all(t) {
		if sp := t.span(h.from, h.to); t.instructs(h.sent) && !t.quoted(sp) && t.clauseEnds(h.sent, h.to) {
			found.add(sp)
		}
	}
	found.report(r, Finding{Message: "%s leaves open whether it must be done.", Question: "Must it be done in every call? If not, when?"})
}}

var (
	hedgePhrases = phrases(`try to|try and|feel free|might want to|may want to|you might|should probably|probably should|do your best|try your best|
		attempt to|strive to|endeavor to|endeavour to|aim to|ideally|aim for|preferably|perhaps|maybe|possibly|
		it would be nice|it would be good|it would be great|it would help|could also ask|
		consider asking|consider offering|consider transferring|consider sending|consider using|consider suggesting|consider providing|
		consider adding|consider giving|consider mentioning|make an effort to|make every effort to|do what you can|hopefully|might be good to|may be good to|is a good idea to`)
	hedgeTails  = phrases(`if you can|if you could|where you can|when you can|whenever you can|wherever you can`)
	hedgeOthers = func() wordSet {
		s := setOf("not never don't doesn't avoid without cannot if when whether who that which to will would did was by after before failed than")
		for w := range callerWords {
			s[w] = true
		}
		return s
	}()
	hedgeNots = setOf("already have need be")
	isWords   = setOf("is are was were") // "is ideally provided" describes
	// After "perhaps" and "maybe" these begin a guess, not an order.
	hedgeGuess = setOf("they the it he she there their this that you because not")
)
