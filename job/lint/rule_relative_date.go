package lint

// ruleRelativeDate: a day that is another one next week.
var ruleRelativeDate = &rule{RuleInfo: RuleInfo{
	ID: "relative-date", Practice: Clarity, Severity: Warning, Title: "A date that moves",
	Catches:  "A fact that is true for a while only: next Monday, this summer, until Friday, tomorrow.",
	Why:      "The words stay, the day moves: next week Sona says something that is wrong.",
	Source:   "Seed 52",
	How:      "“This”, “next”, “last” with a day, week, month or season, and “tomorrow”, outside of conditions, quotations and questions about dates. Dates that callers may say are passed over.",
	Language: "en",
	Bad: []Example{
		says("We are closed next Monday."),
		says("The offer ends this Friday."),
		says("Tell callers that the pool opens next month."),
		says("From tomorrow on we open at nine."),
	},
	Good: []Example{
		says("We are closed on Mondays."),
		says("If the caller wants an appointment this week, ask for the day."),
		says("Ask whether next Monday suits them."),
		says("Dates such as “next Friday” count from the day of the call."),
		says("Offer the next day that is free."),
	},
}, text: func(t *text, r report) {
	found := places{t: t, rule: "relative-date"}
	for _, h := range relativeDates.all(t) {
		sp := t.span(h.from, h.to)
		s := t.sents[h.sent]
		first := max(s.from, h.from-maxClause)
		if !t.instructs(h.sent) || t.quoted(sp) || t.conditionButUntil(first, h.from) || t.has(dateTalk, first, h.from) >= 0 ||
			t.has(dateAfter, h.to, min(h.to+6, s.to)) >= 0 {
			continue
		}
		found.add(sp)
	}
	found.report(r, Finding{Message: "%s is another day when the week is over.", Question: "Which date is it? Facts with an end belong on a Knowledge page, with the date."})
}}

// conditionButUntil reports whether a word of conditions other than "until" stands in words[from:to].
func (t *text) conditionButUntil(from, to int) bool {
	for i := from; i < to; i++ {
		if w := t.plain(i); ifWords[w] && w != "until" {
			return true
		}
	}
	return false
}

var (
	relativeDates = phrases(each("next|this|last", "week|month|year|weekend|quarter|season|summer|winter|spring|fall|autumn|holiday season") + "|" +
		each("next|this|last|until", "monday|tuesday|wednesday|thursday|friday|saturday|sunday") + "|tomorrow|closed today|open today|today only|until today")
	dateTalk = setOf(`ask asks asking suggest schedule book propose they them say says said mean means like want wants need appointment
		appointments slot slots opening reservation check example request preferred prefer interpret available availability past within previous`)
	dateAfter = setOf("if suits works unless caller callers")
)
