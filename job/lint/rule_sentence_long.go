package lint

import (
	"fmt"
	"sort"
	"strings"

	"github.com/sonajobs/sona/job"
)

var ruleSentenceLong = &rule{
	RuleInfo: RuleInfo{
		ID: "sentence-long", Practice: Clarity, Severity: Hint, Language: "any",
		Title:   "Sentence too long",
		Catches: "A sentence of more than 40 words.",
		Why:     "What stands in the middle of a long sentence is the first thing to be overlooked.",
		Source:  "Seed 52",
		How:     "The words of each sentence are counted, without quotations, addresses and actions. Headings, examples, tables and code are left out.",
		Bad: []Example{
			says("Ask the caller which of the rooms they would like to have for the weekend that they named before and whether they would rather stay in the new part of the house, where the rooms are larger and a little louder, or in the old one, where the rooms are small."),
		},
		Good: []Example{
			says("Ask the caller which room they would like. Say that the rooms in the new part of the house are larger. Say that those in the old part are quiet."),
			says("Say: \"" + strings.Repeat("we are glad that you called us today and ", 8) + "goodbye.\""),
			says("| Room | Price |\n| --- | --- |\n" + strings.Repeat("| one of the rooms | a price that depends on the day |\n", 8)),
		},
	},
	structure: true,
	text: func(t *text, found report) {
		const most = 40
		var first Finding
		for i, s := range t.sents {
			if s.to-s.from <= most || !t.instructs(i) || t.data(s) {
				continue
			}
			n := s.to - s.from - t.quotedWords(s)
			if n <= most {
				continue
			}
			if first.Message != "" {
				first.Also = append(first.Also, Place{Field: "instructions", Span: s.span})
				continue
			}
			first = Finding{
				Span:     s.span,
				Message:  fmt.Sprintf("The sentence that begins with %s has %d words.", cite(s.span.In(t.s)), n),
				Question: "Can it be two or three sentences?",
			}
		}
		if first.Message != "" {
			found(first)
		}
	},
}

// data reports whether s is a table, code or a list within a line rather than a sentence.
func (t *text) data(s sentence) bool {
	text := s.span.In(t.s)
	return strings.Count(text, "|") > 2 || strings.Contains(text, "```") || strings.Count(text, "{")+strings.Count(text, "[")+strings.Count(text, "=") > 2 ||
		strings.Count(text, "\n- ")+strings.Count(text, "\n* ")+strings.Count(text, "•") > 1
}

// quotedWords counts the words of s in quotations.
func (t *text) quotedWords(s sentence) int {
	first := sort.Search(len(t.out.Facts), func(i int) bool { return t.out.Facts[i].Span.End > s.span.Start })
	n, k := 0, s.from
	for _, f := range t.out.Facts[first:] {
		if f.Span.Start >= s.span.End {
			break
		}
		if f.Kind != job.FactQuote {
			continue
		}
		for ; k < s.to && t.words[k].span.End <= f.Span.End; k++ {
			if t.words[k].span.Start >= f.Span.Start {
				n++
			}
		}
	}
	return n
}
