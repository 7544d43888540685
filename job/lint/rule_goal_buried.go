package lint

import (
	"strings"

	"github.com/sonajobs/sona/job"
)

var ruleGoalBuried = &rule{
	RuleInfo: RuleInfo{
		ID: "goal-buried", Practice: Goal, Severity: Hint, Language: "any",
		Title:   "Goal buried",
		Catches: "A goal that is named only after the first steps.",
		Why:     "Sona reads the first steps without knowing what they are for.",
		Source:  "Seed 49",
		How:     "The goal that the outline finds stands below two entries of a list or three orders. A line of its own is moved up; a sentence in the middle of others is asked about.",
		Bad: []Example{
			says("1. Ask for the full name.\n2. Ask for the message.\n3. Read the message back.\n\nYour goal is to take a message for the office."),
			says("Ask for the name. Ask for the order number. Look the order up. The goal of this call is to find out where a parcel is. Say goodbye."),
		},
		Good: []Example{
			says("Your goal is to take a message for the office.\n\n1. Ask for the full name.\n2. Ask for the message."),
			says("Be warm and patient.\n\n## Goal\n\nTake a message.\n\n## Steps\n\n1. Ask for the name.\n2. Ask for the message."),
			says("Collect the order number.\n\n1. Ask for it.\n2. Say it back.\n3. Say goodbye."),
		},
	},
	structure: true,
	text: func(t *text, found report) {
		if t.out.Goal == "" {
			return
		}
		at := strings.Index(t.s, t.out.Goal)
		if at < 0 {
			return
		}
		i := t.sentAt(at)
		if i == len(t.sents) {
			return
		}
		s := t.sents[i]
		before, numbered := 0, 0
		for k := range i {
			switch t.kind(t.sents[k]) {
			case job.ItemAsk, job.ItemSay, job.ItemDo, job.ItemEnd:
				before++
				if t.ordered(t.sents[k]) {
					numbered++
				}
			default: // conditions and headings are no steps
			}
		}
		if numbered < 2 && (before < 3 || t.roleOnly(i)) {
			return
		}
		f := Finding{Span: s.span, Message: "The goal, " + cite(s.span.In(t.s)) + ", stands below the first steps."}
		if fix, ok := t.moveUp(s); ok {
			f.Fix = &fix
		} else {
			f.Question = "Can this sentence stand at the very beginning?"
		}
		found(f)
	},
}

// roleOnly reports whether what stands above sentence i is manners and no steps: nothing there asks or acts.
func (t *text) roleOnly(i int) bool {
	for k := range i {
		if kind := t.kind(t.sents[k]); kind == job.ItemAsk || kind == job.ItemEnd {
			return false
		}
	}
	return true
}

// moveUp makes the fix that moves s to the beginning, where s is a line of its own, outside of lists, with
// blank lines around it.
func (t *text) moveUp(s sentence) (Fix, bool) {
	start, end := s.span.Start, s.span.End
	alone := strings.HasSuffix(t.s[:start], "\n\n") && (end == len(t.s) || strings.HasPrefix(t.s[end:], "\n\n"))
	first := strings.TrimSpace(t.s[:start])
	if !alone || first == "" || t.ordered(s) || strings.HasPrefix(first, "#") || s.item >= 0 && t.out.Items[s.item].Depth > 0 ||
		strings.HasSuffix(first, ":") || len(t.sents) > 0 && t.sents[t.sentAt(start)-1].heading {
		return Fix{}, false
	}
	moved := s.span.In(t.s) + "\n\n" + strings.TrimRight(t.s[:start], "\n")
	return Fix{Span: job.Span{Start: 0, End: end}, Text: moved}, true
}
