package lint

import (
	"sort"
	"strconv"
	"strings"

	"github.com/sonajobs/sona/job"
)

// ruleSpokenIdentifier: a name from a database that a caller would hear.
var ruleSpokenIdentifier = &rule{RuleInfo: RuleInfo{
	ID: "spoken-identifier", Practice: Voice, Severity: Warning, Title: "A technical name would be spoken",
	Catches:  "A name such as customer_id or orderNumber in what Sona asks, says or reads out.",
	Why:      "Callers hear “customer underscore id”, or a word that they do not know.",
	Source:   "Seed 52; the phone is heard, not read",
	How:      "Words with an underscore, or a capital inside, in quotations of several words and behind “ask for”, “say”, “tell”, and in the questions of results. Names of actions and fields elsewhere are passed over.",
	Language: "any",
	Bad: []Example{
		says("Ask for the customer_id."),
		says("Say: “What is your order_number, please?”"),
		{Jobs: []job.Spec{{Name: "Example", Instructions: "Ask for the number.", Results: []job.Field{{Name: "Number", Ask: "What is your customer_id?"}}}}},
	},
	Good: []Example{
		says("Ask for the customer number."),
		says("Look the order up by customer_id."),
		says("Use send_sms to send it."),
		says("Greet {{customer_name}}."),
		says("Ask for the page https://example.com/my_page."),
	},
}, text: func(t *text, r report) {
	found := places{t: t, rule: "spoken-identifier"}
	t.identifiers(func(sp job.Span) {
		if t.saidAloud(sp) {
			found.add(sp)
		}
	})
	if len(found.list) > 0 {
		first := found.list[0]
		found.report(r, Finding{Message: "%s would be spoken as it stands.", Fix: &Fix{Span: first, Text: strings.ReplaceAll(first.In(t.s), "_", " ")}})
	}
	for i, f := range t.spec.Results {
		for w := range strings.FieldsSeq(f.Ask) {
			if strings.Contains(strings.Trim(w, "_"), "_") && !strings.ContainsAny(w, "@/{}") {
				r(Finding{Field: "results[" + strconv.Itoa(i) + "].ask", Message: "“" + glance(strings.Trim(w, ".,?!")) + "” would be spoken as it stands.", Question: "How do people say it? Write it that way."})
				break
			}
		}
	}
}}

// identifiers yields the words with an underscore inside, but for those in actions, variables and addresses.
func (t *text) identifiers(yield func(job.Span)) {
	var hidden []job.Span
	read := false
	for i := 0; i < len(t.s); {
		at := strings.IndexByte(t.s[i:], '_')
		if at < 0 {
			return
		}
		if !read {
			hidden, read = t.hidden(), true
		}
		at += i
		from, to := at, at+1
		for from > i && partOfName(t.s[from-1]) {
			from--
		}
		for to < len(t.s) && partOfName(t.s[to]) {
			to++
		}
		i = to
		for len(hidden) > 0 && hidden[0].End <= from {
			hidden = hidden[1:]
		}
		if len(hidden) > 0 && hidden[0].Start < to {
			continue
		}
		name := strings.Trim(t.s[from:to], "_")
		if strings.Contains(name, "_") && !strings.Contains(name, "__") {
			start := from + strings.Index(t.s[from:to], name)
			yield(job.Span{Start: start, End: start + len(name)})
		}
	}
}

func partOfName(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z'
}

// saidAloud reports whether a caller would hear the name at sp: it stands in a quotation among other words,
// or right behind the words of a question or a statement.
func (t *text) saidAloud(sp job.Span) bool {
	i := t.sentAt(sp.Start)
	if i >= len(t.sents) || t.sents[i].span.Start > sp.Start {
		return false
	}
	s := t.sents[i]
	if q, ok := t.quotation(sp); ok {
		in := q.In(t.s)
		return strings.Count(in, " ") >= 3 && !strings.ContainsAny(in, "={}[]()") && t.has(sayWords, max(s.from, t.wordAt(q.Start)-6), t.wordAt(q.Start)) >= 0
	}
	if s.heading || s.example {
		return false
	}
	w := t.wordAt(sp.Start)
	from := max(s.from, w-7)
	ask := t.has(askAloud, from, w)
	if with := t.has(withWord, w, min(w+5, s.to)); ask < 0 && with >= 0 && t.has(callerWords, with, min(with+3, s.to)) >= 0 {
		ask = t.has(withCaller, from, w) // confirm … with the caller
	}
	return ask >= 0 && t.has(notAloud, ask, w) < 0 && !strings.ContainsAny(t.s[t.words[ask].span.End:sp.Start], ".;:(,") && !strings.HasPrefix(t.s[sp.End:], "(") &&
		t.has(notAloud, w, w+4) < 0
}

// quotation returns the quotation around sp.
func (t *text) quotation(sp job.Span) (job.Span, bool) {
	if !t.quoted(sp) {
		return job.Span{}, false
	}
	i := sort.Search(len(t.out.Facts), func(i int) bool { return t.out.Facts[i].Span.End > sp.Start })
	return t.out.Facts[i].Span, true // quoted found it there
}

var (
	sayWords   = setOf("say saying ask asking tell telling respond reply answer greet state announce explain diga di pregunte pregunta dites demandez")
	askAloud   = setOf("ask asking tell say request read pregunte pregunta pida pide demandez dites")
	withWord   = setOf("with con avec")
	withCaller = setOf("confirm verify repeat spell check confirmar confirme confirmez")
	notAloud   = setOf("tool function action field set use using call table via parameter parameters api enter record log status")
)
