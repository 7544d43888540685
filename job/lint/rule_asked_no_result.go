package lint

import (
	"strings"

	"github.com/sonajobs/sona/job"
)

var ruleAskedNoResult = &rule{
	RuleInfo: RuleInfo{
		ID: "asked-no-result", Practice: Reach, Severity: Hint, Language: "en",
		Title:   "Asked for and not kept",
		Catches: "Something that Sona asks for, and that no result of the job keeps.",
		Why:     "The answer stands in the transcript only: neither the call summary nor your other systems get it by name.",
		Source:  "DESIGN: typed results",
		How: "Only for jobs that declare results: well known things to ask for (name, number, address, date …) in the questions of the instructions " +
			"are looked for in the names and questions of all results. Things that are not well known are not looked for.",
		Bad: []Example{
			{Jobs: []job.Spec{{Name: "Message", CallerIntent: "The caller leaves a message.", Instructions: "1. Ask for the full name.\n2. Ask for the callback number.",
				Results: []job.Field{{Name: "Full name", Ask: "What is your full name?"}}}}},
		},
		Good: []Example{
			{Jobs: []job.Spec{{Name: "Message", CallerIntent: "The caller leaves a message.", Instructions: "1. Ask for the full name.\n2. Ask for the callback number.",
				Results: []job.Field{{Name: "Full name"}, {Name: "Phone", Type: job.PhoneField, Ask: "Which number can we call?"}}}}},
			{Jobs: []job.Spec{{Name: "Message", CallerIntent: "The caller leaves a message.", Instructions: "1. Ask for the full name.\n2. Ask for the callback number."}}},
			{Jobs: []job.Spec{{Name: "Message", CallerIntent: "The caller leaves a message.", Instructions: "1. Ask for the full name.\n2. Say the number of the office.",
				Results: []job.Field{{Name: "Full name"}}}}},
		},
	},
	structure: true,
	text: func(t *text, found report) {
		if len(t.spec.Results) == 0 {
			return
		}
		kept := t.keptWords()
		for _, h := range fieldNouns.all(t) {
			s := t.sents[h.sent]
			if s.example || s.heading || t.kind(s) != job.ItemAsk || t.kept(h, kept) {
				continue
			}
			if a, ok := askVerbs.in(t, h.sent); !ok || a.to > h.from || h.from-a.to > 3 || t.forbidden(a) {
				continue
			}
			for k := h.from; k < h.to; k++ {
				kept[t.word(k)] = true // said once
			}
			found(Finding{
				Span:     t.span(h.from, h.to),
				Message:  "Sona asks for " + cite(t.span(h.from, h.to).In(t.s)) + ", and no result of this job keeps the answer.",
				Question: "Should the job have a result for it?",
			})
		}
	},
}

// keptWords returns the words of all results.
func (t *text) keptWords() map[string]bool {
	kept := make(map[string]bool, 4*len(t.spec.Results))
	for _, f := range t.spec.Results {
		for _, text := range [...]string{f.Name, f.Ask, strings.Join(f.Choices, " ")} {
			eachWord(strings.ToLower(text), func(w string) { kept[strings.TrimSuffix(w, "s")] = true })
		}
		switch f.Type {
		case job.PhoneField:
			kept["number"], kept["phone"], kept["contact"] = true, true, true
		case job.EmailField:
			kept["email"], kept["e-mail"], kept["contact"] = true, true, true
		case job.DateField:
			kept["date"], kept["day"], kept["availability"] = true, true, true
		case job.TimeField:
			kept["time"], kept["availability"] = true, true
		default: // the others have no words of their own
		}
	}
	return kept
}

// kept reports whether one of the words of h is a word of a result.
func (t *text) kept(h hit, kept map[string]bool) bool {
	for k := h.from; k < h.to; k++ {
		if w := t.word(k); kept[w] || kept[strings.TrimSuffix(w, "s")] {
			return true
		}
	}
	return false
}

// eachWord calls yield with every word of s.
func eachWord(s string, yield func(string)) {
	for i := 0; i < len(s); {
		if n := wordLen(s[i:]); n > 0 {
			yield(s[i : i+n])
			i += n
			continue
		}
		i++
	}
}
