package job_test

import (
	"strings"
	"testing"

	"github.com/sonajobs/sona/job"
)

func TestHeadings(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"number signs": {"# A\n## B\n### C\n## D\n# E", `
# A
- # B
- - # C
- # D
# E
`},
		"from the second level": {"## A\n### B\n## C", "# A\n- # B\n# C\n"},
		"closed and bold":       {"## **A** ##\n## B:", "# A\n# B\n"},
		"bold lines":            {"**A**\nAsk.\n**B:**\nTell.\n__C__:", "# A\nAsk.\n# B\nTell.\n# C\n"},
		"brackets":              {"[Task and Style]\nAsk.", "# Task and Style\nAsk.\n"},
		"capitals":              {"OPENING HOURS\nAsk.", "# OPENING HOURS\nAsk.\n"},
		"underlined":            {"Opening\n=====\nAsk.", "# Opening\nAsk.\n"},
		"colon":                 {"Opening:\nAsk.\n\nNotes:\n- Be kind.", "# Opening\nAsk.\n# Notes\nBe kind.\n"},
		"numbered":              {"# 1. A\n- x\n# 2. B\n## 2.1 C\n- y", "# 1 A\nx\n# 2 B\n- # 2.1 C\ny\n"},
		"steps":                 {"## Step 1: Ask\n- who\n\nTell them.\n## Step 2: End the call", "1 Ask\n- who\n- Tell them.\n2 End the call\n"},
		"no headings":           {"#hashtag\n####### seven\n**Bold.** words\n**Be kind.**\n[link](x)\nNO", ""},
		"a heading ends lists":  {"1. a\n   - b\n# H\n- c", "1 a\n- b\n# H\nc\n"},
	} {
		t.Run(name, func(t *testing.T) { requireSketch(t, c.want, c.text) })
	}
}

func TestLinesWithoutInstructions(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"code":                         {"Ask.\n```json\n- not an item\n```\nTell.", "Ask.\nTell.\n"},
		"code with tildes":             {"Ask.\n~~~\n- not\n~~~~\nTell.", "Ask.\nTell.\n"},
		"a fence that is never closed": {"Ask.\n```\n- Tell.\n- End.", "Ask.\nTell.\nEnd.\n"},
		"tables":                       {"| a | b |\n|---|---|\n| Ask | b |\nTell.", "Tell.\n"},
		"rules":                        {"- Ask.\n---\n- Tell.\n* * *\nLog it.\n***", "Ask.\nTell.\nLog it.\n"},
		"tags":                         {"<rules>\n- Ask.\n</rules>", "Ask.\n"},
		"examples":                     {"Ask.\n# Example\nUser: What is it?\nAsk again.\n## Another\nWhy?\n# Rest\nTell.", "Ask.\n# Example\n- # Another\n# Rest\nTell.\n"},
	} {
		t.Run(name, func(t *testing.T) { requireSketch(t, c.want, c.text) })
	}
}

// Whatever the text, an outline is a reading of it: spans within the text, rising, without overlap.
func requireSound(t testing.TB, text string) {
	t.Helper()
	o := job.ParseOutline(text)
	rising := func(what string, last *int, sp job.Span) {
		if sp.Start < *last || sp.End < sp.Start || sp.End > len(text) {
			t.Fatalf("%s at %v after %d of %d bytes in %q", what, sp, *last, len(text), text)
		}
		*last = sp.End
	}
	var items, facts, off, actions, variables int
	for _, it := range o.Items {
		rising("item", &items, it.Span)
		if it.Kind == "" || it.Depth < 0 || it.Ordered != (it.Number != "") {
			t.Fatalf("%+v in %q", it, text)
		}
	}
	for _, f := range o.Facts {
		rising("fact", &facts, f.Span)
		if f.Text == "" || f.Text != f.Span.In(text) {
			t.Fatalf("%+v in %q", f, text)
		}
	}
	for _, sp := range o.OffScript {
		rising("off-script", &off, sp)
	}
	sentences := 0
	for _, sp := range o.Sentences {
		rising("sentence", &sentences, sp)
	}
	for _, u := range o.Actions {
		rising("action", &actions, u.Span)
	}
	for _, v := range o.Variables {
		if v.Span.Start < variables || v.Span.In(text) == "" {
			t.Fatalf("%+v in %q", v, text)
		}
		variables = v.Span.Start
	}
	if o.Goal != "" && !strings.Contains(text, o.Goal) {
		t.Fatalf("goal %q in %q", o.Goal, text)
	}
	for _, s := range o.Steps() {
		if s.Kind == job.ItemHeading && !s.Ordered {
			t.Fatalf("step %+v in %q", s, text)
		}
	}
}

// Texts that would take a careless parser quadratic time, a quarter of a megabyte each. No clock is asked: a reader
// that is more than linear runs into the time limit of the whole test. That is the run without the race detector.
func TestHostileTextsAreReadToTheirEnd(t *testing.T) {
	hostile := map[string]func(size int) string{"deeper and deeper": func(size int) string {
		var b strings.Builder
		for i := 0; b.Len() < size; i++ {
			b.WriteString(strings.Repeat(" ", i) + "- x\n")
		}
		return b.String()
	}}
	for _, unit := range []string{
		".", "\"", "'", "“", "‘", "«", "„", "{{", "{{action a b=„", "{{x | default:„", "{{action a b=\"", "{{action b ", "```\n", "~~~\n", "1) ", "1) 2) ", "1. ",
		"(a) (b) ", "a) ", "\n", " ", "\t", "#", "# \n", "- ", "-\n", "1.\n", "1. x\n", "If so:\n- x\n", "i. x\n", "1.1.1.1.", "12. was\n", "\"a ", "'a ", "('a\n\n",
		"http://", "a@", "a.b@c", "www.", "1.com", "555-", "(555) ", "+1 ", "$1", "1/1/", "9:", "9 a.", "may 1 ", "**", "**a", "[", "If ", "if they, ", "?", "!\"", ":", "(", ")",
		"\u00a0", "\u202f", "é", "語", "🙂", "\xff", "\x00", "\r", "\\", "\\{{", "Goal:", "x:\n\n", "Ask\n", "\u0301", "ask if the caller does not ", "e.g. ",
	} {
		hostile[unit] = func(size int) string { return strings.Repeat(unit, size/len(unit)) }
		hostile["lines of "+unit] = func(size int) string {
			return strings.Repeat("- "+strings.Repeat(unit, 20)+"\n", size/(20*len(unit)+3))
		}
	}
	size := 256 << 10 // a reader that looks back over what it has read would need minutes for one of these
	if raced {
		size = 16 << 10 // a bigger text has no more races, and is read many times slower
	}
	for _, text := range hostile {
		text := text(size)
		if n := len(job.ParseOutline(text).Items); n > len(text) {
			t.Errorf("%d items in %d bytes of %.40q", n, len(text), text)
		}
	}
}
