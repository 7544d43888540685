package optimize

import (
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/sonajobs/sona/job"
)

// controls are the beginnings of tokens that steer prompts and chat templates, without blanks and in small letters.
var controls = []string{"<|", "<<job", "<<page", "<<call", "<<history", "<<end", "<</", "<<sys", "[inst]", "[/inst]", "<s>", "</s>", "<bos>", "<eos>",
	"<im_start", "<im_end", "<start_of_turn>", "<end_of_turn>", "<system>", "</system>", "<developer>", "</developer>", "<assistant>", "</assistant>",
	"<user>", "</user>", "<human>", "</human>", "<think>", "</think>", "<tool_call", "</tool_call", "<function_call", "</function_call",
	"[tool_calls]", "[system_prompt]", "[/system_prompt]", "```"}

// control is a control token in a text.
type control struct {
	name string
	span job.Span
}

// findControls returns the control tokens of a text, full-width forms of them, too.
func findControls(s string) []control {
	const most = 24
	var found []control
	for i := range len(s) {
		switch c := s[i]; {
		case c == '<' || c == '[' || c == '`' && (i == 0 || s[i-1] != '`'):
		case strings.HasPrefix(s[i:], "＜") || strings.HasPrefix(s[i:], "［"):
		default:
			continue
		}
		end := min(len(s), i+3*most)
		folded := strings.ToLower(norm.NFKC.String(strings.ToValidUTF8(s[i:end], "")))
		folded = strings.Join(strings.Fields(folded), "")
		for _, name := range controls {
			if strings.HasPrefix(folded, name) {
				found = append(found, control{name, job.Span{Start: i, End: i + 1}})
				break
			}
		}
	}
	return found
}

// compareControls reports control tokens that one text has more often than the other.
func compareControls(before, after string, vs *violations) {
	was, are := findControls(before), findControls(after)
	if len(was) == 0 && len(are) == 0 {
		return
	}
	count := map[string]int{}
	for _, c := range was {
		count[c.name]++
	}
	for _, c := range are {
		if count[c.name]--; count[c.name] < 0 {
			vs.add(Violation{Guard: GuardFence, Hard: true, New: c.name, Span: c.span,
				Message: "The new text has \"" + c.name + "\", which can be taken for a mark that steers the prompt."})
		}
	}
	for _, c := range slices.Backward(was) {
		if count[c.name] > 0 {
			count[c.name]--
			vs.add(Violation{Guard: GuardFence, Hard: true, Lost: c.name, Was: c.span, Message: "The mark \"" + c.name + "\" is gone."})
		}
	}
}
