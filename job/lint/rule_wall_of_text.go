package lint

import (
	"fmt"
	"strings"

	"github.com/sonajobs/sona/job"
)

var ruleWallOfText = &rule{
	RuleInfo: RuleInfo{
		ID: "wall-of-text", Practice: Clarity, Severity: Hint, Language: "any",
		Title:   "Wall of text",
		Catches: "A paragraph of more than 130 words and at least six sentences.",
		Why:     "Orders in a long paragraph have no place and no number; people and models lose some of them.",
		Source:  "Seed 50, Seed 52",
		How:     "The sentences between two line breaks are counted together. Quotations and examples are left out.",
		Bad: []Example{
			says(strings.Repeat("Ask the caller which of the rooms they would like to have for the weekend that they named. ", 8)),
		},
		Good: []Example{
			says(strings.Repeat("Ask the caller which of the rooms they would like to have for the weekend that they named.\n\n", 8)),
			says(strings.Repeat("1. Ask the caller which of the rooms they would like to have for the weekend that they named.\n", 8)),
			says(strings.Repeat("Ask which room they would like. ", 8)),
		},
	},
	structure: true,
	text: func(t *text, found report) {
		const mostWords, fewSentences = 130, 6
		var first Finding
		for i := 0; i < len(t.sents); {
			end := i + 1
			words := t.sents[i].to - t.sents[i].from - t.quotedWords(t.sents[i])
			for end < len(t.sents) && !strings.Contains(t.s[t.sents[end-1].span.End:t.sents[end].span.Start], "\n") {
				words += t.sents[end].to - t.sents[end].from - t.quotedWords(t.sents[end])
				end++
			}
			if words > mostWords && end-i >= fewSentences && !t.sents[i].example && !strings.HasPrefix(t.s[t.sents[i].span.Start:], "\"") {
				sp := job.Span{Start: t.sents[i].span.Start, End: t.sents[end-1].span.End}
				if first.Message != "" {
					first.Also = append(first.Also, Place{Field: "instructions", Span: sp})
				} else {
					first = Finding{
						Span:     sp,
						Message:  fmt.Sprintf("The paragraph that begins with %s has %d sentences and %d words.", cite(sp.In(t.s)), end-i, words),
						Question: "Can it be a numbered list, or several paragraphs?",
					}
				}
			}
			i = end
		}
		if first.Message != "" {
			found(first)
		}
	},
}
