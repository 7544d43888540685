package lint

var ruleEndVague = &rule{
	RuleInfo: RuleInfo{
		ID: "end-vague", Practice: OffScript, Severity: Hint, Language: "en",
		Title:   "Vague end",
		Catches: "An end that is left to taste: “wrap up as usual”, “end the call appropriately”.",
		Why:     "Every call then ends in another way, and some not at all.",
		Source:  "Seed 49, Seed 52",
		How:     "A verb for ending or going on, with “as usual”, “appropriately”, “accordingly” or “as needed” behind it in the same sentence.",
		Bad: []Example{
			says("1. Ask for the name.\n2. Ask for the message.\n3. Wrap up as usual."),
			says("Ask for the order number. When done, end the call appropriately."),
			says("Ask for the order number, look it up, and conclude the conversation accordingly."),
		},
		Good: []Example{
			says("1. Ask for the name.\n2. Ask for the message.\n3. Thank the caller, say goodbye and end the call."),
			says("The office is open on Friday as usual. End the call."),
			says("Answer the question as usual. Say goodbye."),
		},
	},
	structure: true,
	text: func(t *text, found report) {
		var first Finding
		for _, h := range vagueManners.all(t) {
			s := t.sents[h.sent]
			if !t.instructs(h.sent) || t.quoted(t.words[h.from].span) {
				continue
			}
			verb, ok := endVerbs.before(t, h)
			ok = ok && h.from-verb.to < 6
			if !ok {
				continue
			}
			if first.Message != "" {
				first.Also = append(first.Also, Place{Field: "instructions", Span: s.span})
				continue
			}
			first = Finding{
				Span:     t.span(verb.from, h.to),
				Message:  cite(t.span(verb.from, h.to).In(t.s)) + " leaves open how the call ends.",
				Question: "What should Sona say or do at the end, and when is the job done?",
			}
		}
		if first.Message != "" {
			found(first)
		}
	},
}

var (
	endVerbs     = phrases(`wrap up|wrap things up|wrap it up|wrapping up|end the call|end call|ends the call|end the conversation|end the chat|ending the call|close the call|close the conversation|close out the call|conclude|conclude the call|finish up|finish the call|finalize|complete the call|complete the interaction|handle the rest|take it from there|sign off|say goodbye`)
	vagueManners = phrases(`as usual|appropriately|accordingly|as appropriate|as needed|as necessary|properly|suitably|in a suitable way|in an appropriate way|in the usual way|the usual way|somehow|when appropriate|if appropriate|when it feels right|as you see fit|at your discretion|whenever suitable|when you think|and so on`)
)
