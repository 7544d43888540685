package lint

import "github.com/sonajobs/sona/job"

var ruleSizeTiny = &rule{
	RuleInfo: RuleInfo{
		ID: "size-tiny", Practice: Goal, Severity: Warning, Language: "any",
		Title:   "Nearly empty",
		Catches: "Instructions of fewer than six words, or that consist of headings alone.",
		Why:     "Sona has nothing to go by, and makes up the rest.",
		Source:  "Seed 5, Seed 49",
		How:     "Words are counted apart from addresses; an action counts as four of them. Blank instructions cannot be saved and are no finding.",
		Bad: []Example{
			says("Take a message."),
			says("# Message\n\n## Steps"),
			says("Help."),
		},
		Good: []Example{
			says("Ask for the name, then say goodbye."),
			says("{{action transfer_call to=\"inbox:sales\"}} after the caller agreed."),
			says("## Steps\n\n1. Ask for the name.\n2. Say goodbye."),
		},
	},
	text: func(t *text, found report) {
		if len(t.sents) == 0 && len(t.out.Actions) == 0 && len(t.words) == 0 {
			return
		}
		words := 4 * len(t.out.Actions)
		all := 0
		for _, s := range t.sents {
			all += s.to - s.from
			if !s.heading {
				words += s.to - s.from
			}
		}
		message := ""
		switch {
		case words == 0 && all > 0 && len(t.words) <= all:
			message = "The instructions are headings with nothing below them."
		case words < 6 && len(t.words)+4*len(t.out.Actions) < 6:
			message = "The instructions have hardly a word."
		default:
			return
		}
		found(Finding{Message: message, Offer: &Fix{Span: job.Span{Start: len(t.s), End: len(t.s)}, Text: "\n\n1. Ask for ____.\n2. ____"}})
	},
}
