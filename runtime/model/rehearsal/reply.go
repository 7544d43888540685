package rehearsal

import (
	"strings"

	"github.com/sonajobs/sona/runtime/model"
)

// reply is what the agent says and does at one point.
type reply struct {
	mark  string // of the job and step in hand, without brackets
	texts []string
	call  *model.ToolCall
}

// say adds a sentence.
func (r *reply) say(text string) {
	if text = strings.TrimSpace(text); text != "" {
		r.texts = append(r.texts, text)
	}
}

// speech returns the text of the reply under its mark.
func (r reply) speech() string {
	if len(r.texts) == 0 {
		return ""
	}
	return "[" + r.mark + "] " + strings.Join(r.texts, " ")
}

func (r reply) empty() bool { return len(r.texts) == 0 && r.call == nil }
