package lint

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/sonajobs/sona/job"
)

// ruleUnattachedJob: a text that sends Sona to a job which the step does not have.
var ruleUnattachedJob = &rule{RuleInfo: RuleInfo{
	ID: "unattached-job", Practice: Reach, Severity: Warning, Title: "A job that the step does not have",
	Catches:  "A sentence that sends Sona to another job by its name when no job of that name is attached.",
	Why:      "Sona has no such job in this call, and makes one up.",
	Source:   "Context.Jobs",
	How:      "“The job X” and “the X job”, X in quotation marks or in capital letters, against Context.Jobs; without such a list nothing is checked.",
	Language: "en",
	Bad: []Example{
		says("If the caller asks about a bill, use the job “Billing”.").in(Context{Jobs: []string{"Example", "Booking"}}),
		says("If the caller wants a table, go on with the Table Booking job.").in(Context{Jobs: []string{"Example"}}),
		says("If the caller asks about a bill, go on with the “Billing” job.").in(Context{Jobs: []string{"Example"}}),
		says("For a complaint, switch to the job Complaints.").in(Context{Jobs: []string{}}),
	},
	Good: []Example{
		says("If the caller asks about a bill, use the job “Billing”.").in(Context{Jobs: []string{"Example", "billing"}}),
		says("If the caller asks about a bill, use the job “Billing”."),
		says("Ask what the job title is.").in(Context{Jobs: []string{"Example"}}),
		says("This job takes a message. Ask about the job.").in(Context{Jobs: []string{}}),
		says("Go on with the Table Booking job.").in(Context{Jobs: []string{"Table booking"}}),
		says("Go on with the “Table booking” job. A caller says that they have a “boring” job.").in(Context{Jobs: []string{"Table booking"}}),
	},
}, text: func(t *text, r report) {
	if t.ctx.Jobs == nil {
		return
	}
	for _, h := range jobWords.all(t) {
		name := t.jobName(h)
		if name.Start == name.End || !t.instructs(h.sent) || t.quoted(t.span(h.from, h.to)) {
			continue
		}
		said := strings.Trim(name.In(t.s), "\"'“”‘’«».,;: ")
		if said == "" || t.hasJob(said) {
			continue
		}
		r(Finding{Span: name, Message: "The step has no job called “" + glance(said) + "”.", Question: "Which job is meant, or has it still to be attached?"})
	}
}}

var jobWords = phrases("job")

// jobName returns the name beside the word "job" of h: "the job Billing", "the job “Take a message”",
// "the Billing job"; empty when no name stands there.
func (t *text) jobName(h hit) job.Span {
	s := t.sents[h.sent]
	if q, ok := t.quoteAfter(t.words[h.from].span.End); ok && strings.TrimLeft(t.s[t.words[h.from].span.End:q.Start], " \n:") == "" {
		return q // the quotation right behind
	}
	if q, ok := t.quoteBefore(t.words[h.from].span.Start); ok && strings.TrimSpace(t.s[q.End:t.words[h.from].span.Start]) == "" && t.wordBefore(s, q.Start) == "the" {
		return q // the quotation right before: the “Billing” job
	}
	if the := t.plain(h.from - 1); the != "the" && the != "to" && the != "a" && the != "this" {
		from := h.from
		for from > s.from && h.from-from < 6 && t.capital(from-1) && strings.TrimSpace(t.gap(from)) == "" {
			from--
		}
		if from < h.from && from > s.from && t.plain(from-1) == "the" {
			return t.span(from, h.from)
		}
		return job.Span{}
	}
	to := h.to
	for to < s.to && to-h.to < 6 && t.capital(to) && strings.TrimSpace(t.gap(to)) == "" {
		to++
	}
	if to > h.to && t.plain(h.from-1) == "the" {
		return t.span(h.to, to)
	}
	return job.Span{}
}

// wordBefore returns the last word of s that ends before byte at.
func (t *text) wordBefore(s sentence, at int) string {
	i := t.wordAt(at) - 1
	if i < s.from {
		return ""
	}
	return t.plain(i)
}

// capital reports whether word i begins with a capital letter.
func (t *text) capital(i int) bool {
	if i < 0 || i >= len(t.words) {
		return false
	}
	r, _ := utf8.DecodeRuneInString(t.words[i].span.In(t.s))
	return unicode.IsUpper(r)
}

func (t *text) hasJob(name string) bool {
	if strings.EqualFold(name, t.spec.Name) {
		return true
	}
	for _, j := range t.ctx.Jobs {
		if strings.EqualFold(strings.TrimSpace(j), name) {
			return true
		}
	}
	return false
}
