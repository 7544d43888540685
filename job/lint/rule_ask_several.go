package lint

import (
	"fmt"
	"sort"
	"strings"

	"github.com/sonajobs/sona/job"
)

var ruleAskSeveral = &rule{
	RuleInfo: RuleInfo{
		ID: "ask-several", Practice: Voice, Severity: Warning, Language: "en",
		Title:   "Several questions at once",
		Catches: "One instruction to ask for three or more things.",
		Why:     "Callers answer the last thing they heard; the others have to be asked for again.",
		Source:  "Seed 52, voice practice",
		How: "Behind a verb such as ask, collect or get, three or more things stand in one sentence, parted by commas and “and”, two of them well known ones. " +
			"Nothing is reported where a sentence close by says to ask one at a time; alternatives with “or” count once, and what stands in parentheses does not count.",
		Bad: []Example{
			says("Ask for their full name, phone number and email address."),
			says("1. Collect the caller's name, date of birth, and the reason for the visit.\n2. Say goodbye."),
			says("Say: \"May I have your name, your order number and your zip code?\""),
		},
		Good: []Example{
			says("Ask for the full name. Ask for the phone number. Ask for the email address."),
			says("Ask for the name, phone number and email address, one at a time."),
			says("Ask for the name, phone number or email address."),
			says("Ask for the order number, look the order up, and say when it comes."),
			says("Ask for the date, then confirm the name, the time and the price."),
		},
	},
	structure: true,
	text: func(t *text, found report) {
		var first Finding
		last := -1
		for _, h := range askVerbs.all(t) {
			if h.sent == last || t.sents[h.sent].heading || t.sents[h.sent].example || t.forbidden(h) || t.apart(h.sent) {
				continue
			}
			sp, n := t.askedFor(h)
			if n < 3 {
				continue
			}
			last = h.sent
			if first.Message != "" {
				first.Also = append(first.Also, Place{Field: "instructions", Span: sp})
				continue
			}
			first = Finding{
				Span:     sp,
				Message:  fmt.Sprintf("%s asks for %d things at once.", cite(sp.In(t.s)), n),
				Question: "Can Sona ask for them one after the other, each in a step of its own?",
			}
		}
		if first.Message != "" {
			found(first)
		}
	},
}

var (
	askVerbs = phrases(`ask | ask for | asks for | ask them for | ask the caller for | ask the customer for | ask the user for | ask the patient for | ask callers for | asking for | asking the caller for | ask about | collect | collecting | gather | gathering | get | getting | obtain | request | requesting | capture | take down | find out
		may i have | can i have | could i have | may i get | can i get | could i get | what is | what's | what are | tell me | give me | provide me with | could you provide | can you provide | please provide`)
	oneAtATime = phrases(`one at a time | one by one | one question | one question at a time | one field at a time | one piece | single question | separately | one after the other | one after another | one item | one detail | individually | never ask for two | two questions`)
	fieldStops = phrases(`then | to | before | after | so | so that | if | when | because | using | via | by | from | that | which | whether | while | until | in order | as | unless | where | using the | like | such as | including | etc | is | are | has | have | comes | does | any`)
)

// apart reports whether sentence i or one beside it says to ask one at a time.
func (t *text) apart(i int) bool {
	for k := max(0, i-2); k < min(len(t.sents), i+3); k++ {
		if _, ok := oneAtATime.in(t, k); ok {
			return true
		}
	}
	return false
}

// forbidden reports whether the verb at h is what not to do.
func (t *text) forbidden(h hit) bool {
	for k := max(t.sents[h.sent].from, h.from-3); k < h.from; k++ {
		switch t.word(k) {
		case "not", "never", "don't", "without", "avoid", "already", "to", "do":
			if t.word(k) != "to" && t.word(k) != "do" {
				return true
			}
		}
	}
	return false
}

const mostAsked = 80 // words behind a verb that are looked at

// askedFor returns the stretch from the verb to the last thing asked for, and how many things there are.
func (t *text) askedFor(h hit) (job.Span, int) {
	s := t.sents[h.sent]
	segments, known := 0, 0
	end := t.words[h.to-1].span.End
	fresh, depth, size := true, 0, 0 // a new thing begins; parentheses; words of the open thing
	hits := t.hits[s.hitFrom:s.hitTo]
	for k := h.to; k < min(s.to, h.to+mostAsked); k++ {
		gap := t.s[t.words[k-1].span.End:t.words[k].span.Start]
		depth += strings.Count(gap, "(") - strings.Count(gap, ")")
		if depth > 0 {
			continue
		}
		w := t.word(k)
		if strings.ContainsAny(gap, ":;.?!–—>\n") {
			break
		}
		if strings.Contains(gap, ",") || strings.Contains(gap, "&") {
			fresh = true
		}
		if w == "and" || w == "plus" {
			fresh = true
			continue
		}
		if w == "or" {
			fresh = false
			continue
		}
		noun := fieldAt(hits, k)
		_, stop := hitAt(hits, fieldStops, k)
		if stop && noun == 0 || fresh && noun == 0 && t.verbAt(k) {
			break
		}
		if fresh {
			segments, fresh, size = segments+1, false, 0
		}
		if size++; size > 7 {
			break
		}
		end = t.words[k].span.End
		if noun > 0 {
			known++
			k += noun - 1
			end = t.words[k].span.End
		}
	}
	if known < 2 {
		return job.Span{}, 0
	}
	return job.Span{Start: t.words[h.from].span.Start, End: end}, segments
}

// fieldAt returns how many words the known thing has that begins at word k, 0 for none.
func fieldAt(hits []hit, k int) int {
	if h, ok := hitAt(hits, fieldNouns, k); ok {
		return h.to - h.from
	}
	return 0
}

// hitAt returns the hit of l that begins at word k; hits are rising.
func hitAt(hits []hit, l list, k int) (hit, bool) {
	for i := sort.Search(len(hits), func(i int) bool { return hits[i].from >= k }); i < len(hits) && hits[i].from == k; i++ {
		if hits[i].list == l.id {
			return hits[i], true
		}
	}
	return hit{}, false
}
