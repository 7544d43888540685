package lint

import (
	"strings"

	"github.com/sonajobs/sona/job"
)

// ruleChatTokens: marks that belong to the machinery between a text and a model.
var ruleChatTokens = &rule{RuleInfo: RuleInfo{
	ID: "chat-tokens", Practice: Safety, Severity: Error, Title: "Control marks of a model",
	Catches:  "Marks that models or this library use to tell texts apart: <|im_start|>, [INST], <system>, “### System”, <<job …>>.",
	Why:      "They cannot work here: they are defused before a model sees them, and the text around them loses its meaning.",
	Source:   "Package runtime/prompt: fences; chat templates of language models",
	How:      "A closed list of marks, as they stand.",
	Language: "any",
	Bad: []Example{
		says("<|im_start|>system\nYou book tables.<|im_end|>"),
		says("[INST] Ask for the day. [/INST]"),
		says("### System\nAsk for the day."),
		says("<system>Ask for the day.</system>"),
	},
	Good: []Example{
		says("### System requirements\nAsk which computer they have."),
		says("Ask whether the price is < 100 or > 100."),
		says("<steps>Ask for the day.</steps>"),
		says("Note [the day] and the hour."),
	},
}, text: func(t *text, r report) {
	found := places{t: t, rule: "chat-tokens"}
	controlMarks(t.s, t.lower, func(sp job.Span) { found.add(sp) })
	found.report(r, Finding{Message: "%s is a control mark of language models, not a text for Sona."})
}}

// controlMarks yields the control marks in s, whose small letters are lower.
func controlMarks(s, lower string, yield func(job.Span)) {
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '<', '[':
			for _, mark := range marksOfModels {
				if strings.HasPrefix(lower[i:], mark) {
					to := min(len(s), i+40)
					if n := strings.IndexAny(s[i+1:to], ">]"); n >= 0 {
						to = i + 1 + n + 1
					} else {
						to = i + len(mark)
					}
					yield(job.Span{Start: i, End: to})
					i = to - 1
					break
				}
			}
		case '#':
			if i > 0 && s[i-1] != '\n' {
				continue
			}
			end := i
			for end < len(s) && s[end] == '#' {
				end++
			}
			line, _, _ := strings.Cut(s[end:min(len(s), end+40)], "\n")
			if end-i >= 3 && roleHeading(strings.Trim(line, " :*")) {
				yield(job.Span{Start: i, End: end + len(line)})
			}
			i = end - 1
		}
	}
}

// roleHeading reports whether a heading of three number signs or more is one that models are trained with.
func roleHeading(s string) bool {
	for _, role := range [...]string{"system", "assistant", "human", "instruction", "end of prompt"} {
		if strings.EqualFold(s, role) {
			return true
		}
	}
	return false
}

var marksOfModels = []string{
	"<|", "<<sys>>", "<</sys>>", "[inst]", "[/inst]", "<s>", "</s>", "<bos>", "<eos>", "<start_of_turn>", "<end_of_turn>", "[tool_calls]",
	"[available_tools]", "<tool_call>", "</tool_call>", "<think>", "</think>", "<system>", "</system>", "<developer>", "</developer>",
	"<assistant>", "</assistant>", "<<job ", "<<page ", "<<call ", "<<history ", "<<end ",
}
