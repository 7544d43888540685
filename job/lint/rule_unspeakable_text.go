package lint

import (
	"sort"
	"strings"
	"unicode/utf8"

	"github.com/sonajobs/sona/job"
)

// ruleUnspeakable: what Sona is to say cannot be said.
var ruleUnspeakable = &rule{RuleInfo: RuleInfo{
	ID: "unspeakable-text", Practice: Voice, Severity: Warning, Title: "Cannot be said aloud",
	Catches:  "A web address with a path, a Markdown link, an emoji or a long code in what Sona says.",
	Why:      "Sona reads every sign of it aloud, and nobody can write it down.",
	Source:   "The phone is heard, not read",
	How:      "Addresses, links and signs in quotations, and addresses behind “tell”, “say” or “give”. What is sent as a text message is passed over.",
	Language: "any",
	Bad: []Example{
		says("Say: “Pay at https://pay.example.com/i?id=4711.”"),
		says("Tell the caller to visit https://example.com/forms/intake."),
		says("Say: “Thank you 😊”"),
		says("Say: “Your code is AX7-99KQ-2210-ZZ4.”"),
		says("Tell them about [our prices](https://example.com/prices)."),
	},
	Good: []Example{
		says("Say: “You find it on example.com.”"),
		says("Send it: {{action send_sms text=\"https://example.com/forms/intake\"}}"),
		says("Tell the caller that you text the link https://example.com/forms/intake."),
		says("Look the price up on https://example.com/prices."),
		says("Say: “Your visit is on Monday at 10:30.”"),
	},
}, text: func(t *text, r report) {
	found := places{t: t, rule: "unspeakable-text"}
	for _, f := range t.out.Facts {
		switch {
		case f.Kind == job.FactURL && t.saysAddress(f.Span):
			found.add(f.Span)
		case f.Kind == job.FactQuote && !t.inAction(f.Span):
			if sp, ok := unspeakable(t.s, f.Span); ok && !t.sent(f.Span) {
				found.add(sp)
			}
		}
	}
	found.report(r, Finding{Message: "%s cannot be said aloud so that anybody could use it.", Question: "How should Sona say it? Long addresses can be sent by text message."})
}}

// saysAddress reports whether Sona is to say the web address at sp.
func (t *text) saysAddress(sp job.Span) bool {
	if !longAddress(sp.In(t.s)) || t.inAction(sp) || t.sent(sp) {
		return false
	}
	i := t.sentAt(sp.Start)
	if i >= len(t.sents) || t.sents[i].span.Start > sp.Start || t.sents[i].example {
		return false
	}
	w := t.wordAt(sp.Start)
	return t.has(sayWords, max(t.sents[i].from, w-15), w) >= 0 || t.has(directWords, max(t.sents[i].from, w-15), w) >= 0 && t.has(callerWords, max(t.sents[i].from, w-15), w) >= 0
}

var (
	directWords = setOf("give read direct refer point inform provide share mention visit")
	sendWords   = setOf("text texts sms send sends sending sent email e-mail")
)

// sent reports whether the sentence around sp speaks of sending something.
func (t *text) sent(sp job.Span) bool {
	s := t.sentenceAround(sp)
	return t.has(sendWords, s.from, min(s.to, s.from+2*maxClause)) >= 0
}

// inAction reports whether sp stands in an inline action.
func (t *text) inAction(sp job.Span) bool {
	i := sort.Search(len(t.out.Actions), func(i int) bool { return t.out.Actions[i].Span.End > sp.Start })
	return i < len(t.out.Actions) && t.out.Actions[i].Span.Start <= sp.Start
}

// longAddress reports whether a web address is more than a name that can be said.
func longAddress(s string) bool {
	_, path, ok := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(s, "https://"), "http://"), "/")
	return ok && path != "" || strings.ContainsAny(s, "?=&#")
}

// unspeakable returns the first thing in a quotation that cannot be said.
func unspeakable(s string, q job.Span) (job.Span, bool) {
	for i := q.Start; i < q.End; {
		r, n := utf8.DecodeRuneInString(s[i:q.End])
		switch {
		case r >= 0x1F300 && r <= 0x1FAFF || r >= 0x2600 && r <= 0x27BF:
			return job.Span{Start: i, End: i + n}, true
		case r == ':' && strings.HasPrefix(s[i:q.End], "://"):
			from, to := i, i
			for from > q.Start && s[from-1]|0x20 >= 'a' && s[from-1]|0x20 <= 'z' {
				from--
			}
			for to < q.End && s[to] > ' ' && s[to] < 0x7f && s[to] != '"' {
				to++
			}
			for to > i && strings.IndexByte(".,;:!?)", s[to-1]) >= 0 {
				to--
			}
			if longAddress(s[from:to]) {
				return job.Span{Start: from, End: to}, true
			}
			n = max(to-i, 1)
		case r < utf8.RuneSelf && wordLen(s[i:i+n]) > 0:
			for n < q.End-i && (wordLen(s[i+n:i+n+1]) > 0 || s[i+n] == '-' || s[i+n] == '_') {
				n++
			}
			if longCode(s[i : i+n]) {
				return job.Span{Start: i, End: i + n}, true
			}
		}
		i += n
	}
	return job.Span{}, false
}

// longCode reports whether a word is a code: ten characters or more, digits between letters.
func longCode(w string) bool {
	digits, upper := 0, 0
	for i := range len(w) {
		switch {
		case isDigit(w[i]):
			digits++
		case w[i] >= 'A' && w[i] <= 'Z':
			upper++
		}
	}
	return len(w) >= 10 && digits >= 3 && upper >= 2
}
