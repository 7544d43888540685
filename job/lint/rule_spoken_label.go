package lint

import "strings"

var ruleSpokenLabel = &rule{
	RuleInfo: RuleInfo{
		ID: "spoken-label", Practice: Voice, Severity: Hint, Language: "en",
		Title:   "Label that may be spoken",
		Catches: "A heading or label for what is not to be said: “Reasoning:”, “Thought:”, “Internal note:”, “Output:”.",
		Why:     "A model that sees such a label writes under it, and what it writes is spoken to the caller.",
		Source:  "Incident of another product: a heading “Reasoning” was read aloud",
		How:     "A heading, or the beginning of a line before a colon, that consists of such a label. The same words within a sentence are not reported.",
		Bad: []Example{
			says("Ask for the name.\n\n## Reasoning\n\nThink about what the caller wants. Then answer."),
			says("Answer in this form:\nThought: what you think\nOutput: what you say"),
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
		for _, h := range spokenLabels.all(t) {
			s := t.sents[h.sent]
			sp := t.span(h.from, h.to)
			whole := s.heading && h.from == s.from && h.to == s.to
			if !whole && !(t.labelColon(sp.End) && t.lineBegins(sp.Start)) || t.quoted(sp) {
				continue
			}
			if first.Message != "" {
				first.Also = append(first.Also, Place{Field: "instructions", Span: sp})
				continue
			}
			first = Finding{
				Span:     sp,
				Message:  "The label " + cite(sp.In(t.s)) + " invites the model to write what is not for the caller, and all that it writes is spoken.",
				Question: "Can this be said in a sentence, or left out?",
			}
		}
		if first.Message != "" {
			found(first)
		}
	},
}

var spokenLabels = phrases(`reasoning | your reasoning | reasoning steps | thought | thoughts | thought process | thinking | think | chain of thought | chain-of-thought | scratchpad | inner monologue | internal monologue | analysis
	internal note | internal notes | internal comment | internal thoughts | internal use only | internal only | note to self | notes to self | rationale | observation | output | output format | your output | final output | final answer | response format | answer format | explanation | debug | debugging | json output | output schema`)

// labelColon reports whether a colon stands at byte end, apart from emphasis.
func (t *text) labelColon(end int) bool {
	rest := strings.TrimLeft(t.s[end:min(len(t.s), end+6)], "*_ )")
	return strings.HasPrefix(rest, ":")
}

// lineBegins reports whether a line begins at byte start, apart from the marks of lists and emphasis.
func (t *text) lineBegins(start int) bool {
	line, all := t.lineBefore(start, 20)
	return all && strings.Trim(line, " \t#*_->•(0123456789.)") == ""
}
