package lint

// ruleScreenWords: words of a screen, where there is only a voice.
var ruleScreenWords = &rule{RuleInfo: RuleInfo{
	ID: "screen-words", Practice: Voice, Severity: Warning, Title: "Words of a screen",
	Catches:  "An order to click, scroll or fill a field, and spoken words such as “see below” or “the link above”.",
	Why:      "On a phone there is nothing to click and nothing above: Sona cannot do it, and callers do not see it.",
	Source:   "Seed 52; the phone is heard, not read",
	How:      "Words for what is done on a screen in orders to Sona, and words for places on a page in quotations. What Sona tells callers to do on their own screen is passed over.",
	Language: "en",
	Bad: []Example{
		says("1. Click the refund button.\n2. Say goodbye."),
		says("Enter the amount into the text box and click Save."),
		says("Say: “Please see the list below.”"),
		says("Select the reason from the drop-down."),
	},
	Good: []Example{
		says("Ask the caller to click on Settings."),
		says("Tell them to scroll down to the end."),
		says("If the caller cannot see the button, ask for the name of the page."),
		says("Follow the steps below."),
	},
}, text: func(t *text, r report) {
	found := places{t: t, rule: "screen-words"}
	for _, h := range screenVerbs.all(t) {
		sp := t.span(h.from, h.to)
		from := max(t.sents[h.sent].from, h.from-12)
		if !t.instructs(h.sent) || t.quoted(sp) || t.has(callerWords, from, h.from) >= 0 || t.has(notWords, max(from, h.from-4), h.from) >= 0 ||
			t.has(ifWords, t.clauseFrom(h.sent, h.from), h.from) >= 0 {
			continue
		}
		found.add(sp)
	}
	for _, h := range screenPlaces.all(t) {
		if sp := t.span(h.from, h.to); t.quoted(sp) && !t.sents[h.sent].example {
			found.add(sp)
		}
	}
	found.report(r, Finding{Message: "%s needs a screen, and a call has none.", Question: "What should Sona say or do instead? A link can be sent by text message."})
}}

var (
	screenVerbs = phrases(`click|clicking|click on|scroll|scroll down|scroll up|hover|text box|textbox|input box|drop-down|dropdown|drop down menu|
		dropdown menu|checkbox|check box|radio button|toggle switch|copy and paste|copy paste|right-click|double-click|the button|input field|
		details form|pop-up|popup|press the button|press the _ button|fill in the fields|fill in the form fields|tick the box|tick the checkbox`)
	screenPlaces = phrases(`see below|the link below|the link above|listed below|shown below|as shown|shown above|list below|below are|click here|
		click the|click on the link|this link|the following link|see above|the table below|the options below|scroll down|attached file`)
)
