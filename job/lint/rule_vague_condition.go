package lint

import "strings"

// ruleVagueCondition: something is to be done "if necessary", and nobody says when that is.
var ruleVagueCondition = &rule{RuleInfo: RuleInfo{
	ID: "vague-condition", Practice: Clarity, Severity: Warning, Title: "Vague condition",
	Catches:  "A condition that names no fact: if necessary, when appropriate, where possible, as needed.",
	Why:      "Sona decides by itself when the condition holds, and decides differently from call to call.",
	Source:   "Seed 52",
	How:      "Closed list of ifWords without a fact. “If required documents are missing” is none: the condition goes on after the words.",
	Language: "en",
	Bad: []Example{
		says("1. Ask for the address.\n2. Ask for the floor if necessary.\n3. Say goodbye."),
		says("When appropriate, offer a visit."),
		says("Transfer the call as needed."),
	},
	Good: []Example{
		says("If the caller lives in a flat, ask for the floor."),
		says("If required documents are missing, ask for each of them."),
		says("Say: “We will call you back if necessary.”"),
		says("If possible dates are left, read out the first three."),
	},
}, text: func(t *text, r report) {
	found := places{t: t, rule: "vague-condition"}
	for _, h := range vagueConditions.all(t) {
		if t.instructs(h.sent) && !t.quoted(t.span(h.from, h.to)) && t.stands(h) && !t.explained(h) {
			found.add(t.span(h.from, h.to))
		}
	}
	for _, h := range vagueCases.all(t) {
		if t.instructs(h.sent) && !t.quoted(t.span(h.from, h.to)) && !caseFollows[t.plain(h.to)] {
			found.add(t.span(h.from, h.to))
		}
	}
	for _, h := range vagueSome.all(t) {
		if sp := t.span(h.from, h.to); t.instructs(h.sent) && !t.quoted(sp) && t.directs(h) && !caseFollows[t.plain(h.to)] {
			found.add(sp)
		}
	}
	found.report(r, Finding{Message: "%s does not say when.", Question: "When exactly: what has the caller said, or what is missing?"})
}}

// stands reports whether the condition h is complete: its clause ends, or something follows that does not
// belong to it.
func (t *text) stands(h hit) bool {
	return t.clauseEnds(h.sent, h.to) || afterCondition[t.plain(h.to)] || orderVerbs[t.plain(h.to)] && t.plain(h.to) != "list" || t.plain(h.to) == "transfer" || t.plain(h.from) == "as"
}

// explained reports whether what is meant stands right behind: "(if needed): if no contact is found, …", or
// whether h only marks a field of a record that may be empty: "apartment (if applicable)".
func (t *text) explained(h hit) bool {
	after := t.gap(h.to)
	return strings.HasPrefix(after, ")") && (strings.Contains(after, ":") || t.plain(h.to-1) == "applicable")
}

var (
	vagueConditions = phrases(`if necessary|if needed|as needed|when needed|where needed|whenever needed|as necessary|when necessary|where necessary|
		whenever necessary|if appropriate|as appropriate|when appropriate|where appropriate|whenever appropriate|if applicable|when applicable|
		where applicable|as applicable|if possible|when possible|where possible|whenever possible|wherever possible|if required|when required|
		where required|as required|where feasible|if feasible|when feasible|if relevant|when relevant|where relevant|if warranted|when warranted|
		if suitable|when suitable|if at all possible|if desired|when desired|as applicable|if practical|where practical|if absolutely necessary`)
	vagueCases = phrases(`when it makes sense|if it makes sense|where it makes sense|as you see fit|at your discretion|at your own discretion|on a case-by-case basis|case by case|use your judgment|
		use your judgement|use your best judgment|use your best judgement|use good judgment|use good judgement|under certain circumstances|
		in certain cases|in special cases|in certain situations|in certain circumstances|under special circumstances|unless necessary|unless absolutely necessary|
		unless needed|unless appropriate|as long as necessary|depending on the situation|depending on the circumstances|depending on circumstances|
		if the need arises|if the situation requires|if the situation calls for|when the situation calls for|if you deem|when you deem|
		as you deem|to the extent possible|as far as possible|when you feel it|if you feel it|
		when the time is right|if it is useful|if it is helpful|only if really necessary|if really necessary|whenever suitable|if you think it is justified|if you think it is appropriate|if you think it is needed|if it seems urgent|if it seems important|if it seems necessary|if it seems appropriate|if it seems relevant|if it feels right|if it seems right|
		if you think it is necessary|if you think it helps|if it helps|when it seems appropriate|when it seems right|if things go wrong|if something goes wrong|until appropriate|in exceptional cases|in exceptional circumstances`)
	vagueSome      = phrases("in some cases|in some situations|in some circumstances|for some callers|for some requests")
	caseFollows    = setOf("where when that such in which if")
	afterCondition = setOf("and or but to then before after with on using through at while so from in via")
)
