package lint

import (
	"strings"

	"github.com/sonajobs/sona/job"
)

var ruleSpokenLabel = &rule{
	RuleInfo: RuleInfo{
		ID: "spoken-label", Practice: Voice, Severity: Hint, Language: "en",
		Title:   "Label that may be spoken",
		Catches: "A heading or label for what is not to be said: “Reasoning:”, “Thought:”, “Internal note:”, “Output:”.",
		Why:     "A model that sees such a label writes under it, and what it writes is spoken to the caller.",
		Source:  "Incident of another product: a heading “Reasoning” was read aloud",
		How:     "A heading, or the beginning of a line before a colon, that consists of such a label; of “reasoning” also a short heading that has the word, and a line, an entry or a tag that is nothing else. The same words within a sentence are not reported.",
		Bad: []Example{
			says("Ask for the name.\n\n## Reasoning\n\nThink about what the caller wants. Then answer."),
			says("Answer in this form:\nThought: what you think\nOutput: what you say"),
			says("Ask for the name.\n\n<reasoning>\nThink about what the caller wants.\n</reasoning>"),
			says("Answer so:\n1. Reasoning\n2. The sentence for the caller"),
			says("1. Ask for the name.\n2. Internal note: callers from the north are often in a hurry."),
		},
		Good: []Example{
			says("Ask for the reason of the call. Note the reasoning of the caller in their own words."),
			says("## Note on refunds\n\nSay that the output of the printer does not matter."),
			says("## Steps\n\n1. Ask for the name.\n2. Say goodbye."),
		},
	},
	structure: true,
	text: func(t *text, found report) {
		var first Finding
		report := func(sp job.Span) {
			if first.Message != "" {
				first.Also = append(first.Also, Place{Field: "instructions", Span: sp})
				return
			}
			first = Finding{
				Span:     sp,
				Message:  "The label " + cite(sp.In(t.s)) + " invites the model to write what is not for the caller, and all that it writes is spoken.",
				Question: "Can this be said in a sentence, or left out?",
			}
		}
		for _, tag := range [...]string{"<reasoning>", "<thinking>", "<scratchpad>"} {
			if at := strings.Index(t.lower, tag); at >= 0 && strings.Contains(t.lower[at:], "</") {
				report(job.Span{Start: at, End: at + len(tag)})
			}
		}
		for _, h := range reasoningWords.all(t) {
			if s := t.sents[h.sent]; s.heading && s.to-s.from > 1 && s.to-s.from <= 6 && !t.labelled(h) {
				report(s.span)
			}
		}
		for _, h := range spokenLabels.all(t) {
			s := t.sents[h.sent]
			sp := t.span(h.from, h.to)
			whole := s.heading && h.from == s.from && h.to == s.to
			alone := h.to == h.from+1 && t.plain(h.from) == "reasoning" && t.aloneInLine(sp)
			if !whole && !alone && !(t.labelColon(sp.End) && t.lineBegins(sp.Start)) || t.quoted(sp) {
				continue
			}
			report(sp)
		}
		if first.Message != "" {
			found(first)
		}
	},
}

var reasoningWords = phrases("reasoning")

// labelled reports whether the heading of h is a label that is in the list as a whole.
func (t *text) labelled(h hit) bool {
	s := t.sents[h.sent]
	l, ok := spokenLabels.in(t, h.sent)
	return ok && l.from == s.from && (l.to == s.to || t.labelColon(t.words[l.to-1].span.End))
}

var spokenLabels = phrases(`reasoning | your reasoning | reasoning steps | thought | thoughts | thought process | reasoning process | step-by-step reasoning | step by step reasoning | internal reasoning | my reasoning | private reasoning | hidden reasoning | reasoning and answer | explain your reasoning | reasoning trace | reasoning summary | thinking process | thinking steps | thinking | think | chain of thought | chain-of-thought | scratchpad | inner monologue | internal monologue | analysis
	internal note | internal notes | internal comment | internal thoughts | internal use only | internal only | note to self | notes to self | rationale | observation | output | output format | your output | final output | final answer | response format | answer format | explanation | debug | debugging | json output | output schema`)

// labelColon reports whether a colon stands at byte end, apart from emphasis.
func (t *text) labelColon(end int) bool {
	rest := strings.TrimLeft(t.s[end:min(len(t.s), end+6)], "*_ )")
	return strings.HasPrefix(rest, ":")
}

// aloneInLine reports whether nothing but marks stands beside sp on its line: "1. Reasoning", "<reasoning>".
func (t *text) aloneInLine(sp job.Span) bool {
	rest, _, _ := strings.Cut(t.s[sp.End:min(len(t.s), sp.End+20)], "\n")
	line, all := t.lineBefore(sp.Start, 20)
	return all && strings.Trim(rest, " \t*_>.]-=~") == "" && len(rest) < 20 && strings.Trim(line, " \t#*_-•<[(0123456789.)=~") == ""
}

// lineBegins reports whether a line begins at byte start, apart from the marks of lists and emphasis.
func (t *text) lineBegins(start int) bool {
	line, all := t.lineBefore(start, 20)
	return all && strings.Trim(line, " \t#*_->•(0123456789.)") == ""
}
