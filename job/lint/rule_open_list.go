package lint

import (
	"strings"

	"github.com/sonajobs/sona/job"
)

// ruleOpenList: a list that ends in "etc." is no list.
var ruleOpenList = &rule{RuleInfo: RuleInfo{
	ID: "open-list", Practice: Clarity, Severity: Warning, Title: "Open list",
	Catches:  "A list that is left open: etc., and so on, and the like, or similar, three dots.",
	Why:      "Sona fills the rest of the list with what it guesses.",
	Source:   "Seed 52",
	How:      "Closed list of endings. Ones that could go on (“and more than five”) count at the end of a clause only, three dots after a list only.",
	Language: "en",
	Bad: []Example{
		says("Ask for the brand, the model, the age, etc."),
		says("Tell the caller about prices, opening hours and so on."),
		says("Ask for a passport, a driving licence or similar."),
		says("Note the street, the town, the floor... and say them back."),
	},
	Good: []Example{
		says("Ask for the brand, the model and the age."),
		says("If the caller has two and more dogs, ask for each name."),
		says("Say: “We fix boilers, pumps, etc.”"),
		says("Speak calmly... and wait for the caller."),
	},
}, text: func(t *text, r report) {
	if t.tongue == spanish || t.tongue == french {
		return // "etc." is a word of many languages
	}
	found := places{t: t, rule: "open-list"}
	add := func(h hit) {
		if sp := t.span(h.from, h.to); t.instructs(h.sent) && !t.quoted(sp) {
			found.add(sp)
		}
	}
	for _, h := range openEnds.all(t) {
		if before := t.plain(h.from - 1); before != "" && isDigit(before[len(before)-1]) || !t.directs(h) && !ifWords[t.plain(t.sents[h.sent].from)] {
			continue // "1, 2, 3 etc." is plain, and a description of something else is no order
		}
		add(h)
	}
	for _, h := range openTails.all(t) {
		if h.from > t.sents[h.sent].from && t.clauseEnds(h.sent, h.to) {
			add(h)
		}
	}
	t.dots(func(sp job.Span) { found.add(sp) })
	found.report(r, Finding{Message: "%s leaves the list open.", Question: "What else belongs to the list? Name it, or end the list."})
}}

// dots yields the last word before three dots that end a list.
func (t *text) dots(yield func(job.Span)) {
	if t.tongue != english {
		return
	}
	for i := 0; i < len(t.s); i++ {
		var n int
		switch {
		case t.s[i] == '.' && strings.HasPrefix(t.s[i:], "..."):
			n = len("...")
		case t.s[i] == 0xe2 && strings.HasPrefix(t.s[i:], "…"):
			n = len("…")
		default:
			continue
		}
		if sp, ok := t.listBefore(i, i+n); ok {
			yield(sp)
		}
		i += n - 1
	}
}

// listBefore returns the last word of the list that the dots at s[at:end] leave open.
func (t *text) listBefore(at, end int) (job.Span, bool) {
	const reach = 40 // bytes from the last comma to the dots
	k := t.sentAt(max(at-1, 0))
	if k >= len(t.sents) || t.sents[k].span.Start >= at || !t.instructs(k) || t.quoted(job.Span{Start: at, End: at + 1}) {
		return job.Span{}, false
	}
	before := t.s[max(t.sents[k].span.Start, at-reach):at]
	if !strings.Contains(before, ",") || strings.HasSuffix(before, " ") {
		return job.Span{}, false
	}
	sp := job.Span{Start: at - len(before) + strings.LastIndexAny(before, ", ") + 1, End: end}
	w := t.wordAt(sp.Start)
	return sp, w < t.sents[k].to && t.directs(hit{from: w, to: w + 1, sent: k})
}

var (
	openEnds = phrases(`etc|etcetera|et cetera|and so on|and so forth|and the like|or the like|among others|among other things|but not limited to|
		or something similar|and things like that|or things like that|or something like that|and stuff|and whatever else|or whatever else|
		and anything else|or anything else|and everything else|and other things|or other things|and other details|and other information|
		and whatnot|or whatever|or something`)
	openTails = phrases(`and more|and many more|and much more|and others|and such|and similar|or others|or such|or similar`)
)
