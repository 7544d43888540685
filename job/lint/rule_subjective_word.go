package lint

import "strings"

// ruleSubjective: words that nobody can check.
var ruleSubjective = &rule{RuleInfo: RuleInfo{
	ID: "subjective-word", Practice: Clarity, Severity: Hint, Title: "Cannot be checked",
	Catches:  "An order whose measure is a matter of taste: properly, appropriate, reasonable, as soon as possible.",
	Why:      "Two people would do different things, and so does Sona from call to call.",
	Source:   "Seed 52; lists of vague words in requirements engineering",
	How:      "Closed list of passiveAdverbs and adjectives in sentences that instruct. The tone of voice (friendly, calm) is left to its author.",
	Language: "en",
	Bad: []Example{
		says("Transfer the caller to the appropriate department."),
		says("Handle complaints properly."),
		says("Offer a reasonable discount."),
		says("Call back as soon as possible."),
	},
	Good: []Example{
		says("Transfer the caller to the billing department."),
		says("If the caller finds the price not reasonable, offer a callback."),
		says("Say: “We will call you back as soon as possible.”"),
		says("Be friendly and calm."),
	},
}, text: func(t *text, r report) {
	found := places{t: t, rule: "subjective-word"}
	for _, h := range subjectiveWords.all(t) {
		sp := t.span(h.from, h.to)
		if !t.instructs(h.sent) || !t.directs(h) || t.quoted(sp) || t.has(asWords, h.from-1, h.from) >= 0 || t.has(fundWords, h.to, h.to+3) >= 0 ||
			strings.HasPrefix(t.gap(h.to), "_") || comparisons[t.plain(h.from)] && (measured[t.plain(h.to)] || t.plain(h.from-1) == "to") ||
			strings.HasPrefix(t.gap(h.to), " (") || strings.HasPrefix(t.gap(h.to), ":") {
			continue
		}
		found.add(sp)
	}
	found.report(r, Finding{Message: "%s means something else to everybody who reads it.", Question: "By what would you notice that it was done right? Say that instead."})
}}

var (
	subjectiveWords = phrases(`properly|proper|appropriately|appropriate|inappropriate|promptly|efficiently|effectively|reasonably|reasonable|adequately|
		adequate|sufficiently|sufficient|timely|in a timely manner|in an appropriate manner|in a suitable way|in the right way|in the best way|as soon as possible|asap|seamlessly|smoothly|accordingly|satisfactorily|
		satisfactory|suitably|suitable|user-friendly|optimal|optimally|acceptable|sensible|gracefully|as quickly as possible|quickly|
		as fast as possible|better|higher|lower|faster|slower|larger|smaller|shorter|best possible|as much as possible|too long|too much|too many|too large|too small|
		soon|easy|easily|safely|significant|minimal|extremely|important|small|large|effective|correctly|
		as close as possible|user friendly|intuitive|minimise|minimize|freely|readily|distinctive|meaningful`)
	// What these words say is plain when the measure follows: "lower than 10", "important: …".
	comparisons = setOf("better higher lower faster slower larger smaller shorter important large small useful sufficient")
	measured    = setOf("than to that because funds balance for")
	fundWords   = setOf("funds balance")
	asWords     = setOf("if as when where whenever not")
)
