package lint

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/sonajobs/sona/job"
)

var ruleResultNeverAsked = &rule{
	RuleInfo: RuleInfo{
		ID: "result-never-asked", Practice: Reach, Severity: Warning, Language: "any",
		Title:   "Result that is never asked for",
		Catches: "A result of the job that the instructions never speak of.",
		Why:     "Sona follows the instructions: what stands in no step is often not asked, and the result stays empty.",
		Source:  "DESIGN: typed results",
		How: "No word of three letters or more of the result's name, nor any of its longer words in its question and choices, stands in the instructions; " +
			"beginnings of words count, so that “booked” finds “booking”.",
		Bad: []Example{
			{Jobs: []job.Spec{{Name: "Message", CallerIntent: "The caller leaves a message.", Instructions: "1. Ask for the full name.\n2. Say goodbye.",
				Results: []job.Field{{Name: "Full name"}, {Name: "Budget", Ask: "What is your budget?"}}}}},
		},
		Good: []Example{
			{Jobs: []job.Spec{{Name: "Message", CallerIntent: "The caller leaves a message.", Instructions: "1. Ask for the full name.\n2. Ask how much they want to spend.",
				Results: []job.Field{{Name: "Full name"}, {Name: "Budget", Ask: "How much do you want to spend?"}}}}},
			{Jobs: []job.Spec{{Name: "Message", CallerIntent: "The caller leaves a message.", Instructions: "1. Ask which date is booked.",
				Results: []job.Field{{Name: "Booking", Type: job.DateField}}}}},
		},
	},
	structure: true,
	text: func(t *text, found report) {
		if len(t.spec.Results) == 0 {
			return
		}
		wanted := make([]wantedStem, 0, 8*len(t.spec.Results))
		for i, f := range t.spec.Results {
			wanted = stemsOf(wanted, i, f)
		}
		slices.SortFunc(wanted, func(a, b wantedStem) int { return cmp.Compare(a.hash, b.hash) })
		missing := make([]bool, len(t.spec.Results))
		for _, w := range wanted {
			missing[w.result] = true
		}
		for i := range t.words {
			h := hashOf(stem(t.word(i)))
			k, ok := slices.BinarySearchFunc(wanted, h, func(w wantedStem, h uint32) int { return cmp.Compare(w.hash, h) })
			for ; ok && k < len(wanted) && wanted[k].hash == h; k++ {
				missing[wanted[k].result] = false
			}
		}
		for i, f := range t.spec.Results {
			if !missing[i] {
				continue
			}
			found(Finding{
				Field:    fmt.Sprintf("results[%d].name", i),
				Span:     job.Span{End: len(f.Name)},
				Message:  "The result " + cite(f.Name) + " stands in no step of the instructions.",
				Question: "At which step should Sona ask for it?",
			})
		}
	},
}

// wantedStem is the beginning of a word that tells of a result.
type wantedStem struct {
	hash   uint32
	result int
}

// stemsOf adds the beginnings of the words of result number i.
func stemsOf(wanted []wantedStem, i int, f job.Field) []wantedStem {
	look := func(text string, least int) {
		eachWord(strings.ToLower(text), func(w string) {
			if len(w) >= least && lexicon.tongues[lexicon.id(w)] == noTongue {
				wanted = append(wanted, wantedStem{hashOf(stem(w)), i})
			}
		})
	}
	look(f.Name, 3)
	look(f.Ask, 4)
	for _, c := range f.Choices {
		look(c, 4)
	}
	return wanted
}

// stem returns the beginning of a word, up to four letters.
func stem(w string) string {
	n := 0
	for i := range w {
		if n++; n > 4 {
			return w[:i]
		}
	}
	return w
}
