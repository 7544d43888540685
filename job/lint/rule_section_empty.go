package lint

import (
	"strings"

	"github.com/sonajobs/sona/job"
)

var ruleSectionEmpty = &rule{
	RuleInfo: RuleInfo{
		ID: "section-empty", Practice: Clarity, Severity: Hint, Language: "any",
		Title:   "Heading without text",
		Catches: "A heading with nothing below it.",
		Why:     "What should stand there was forgotten, or got lost in an edit.",
		Source:  "Seed 52",
		How:     "A line that begins with number signs, of up to seven words, and the next line that is not blank is a heading of the same or a higher level, or there is none.",
		Bad: []Example{
			says("## Goal\n\n## Steps\n\n1. Ask for the name.\n2. Say goodbye."),
			says("## Steps\n\n1. Ask for the name.\n2. Say goodbye.\n\n## If the caller declines\n"),
		},
		Good: []Example{
			says("# Message\n\n## Steps\n\n1. Ask for the name.\n2. Say goodbye."),
			says("## Steps\n\n1. Ask for the name.\n\n## Goodbye\n\nSay goodbye."),
			says("Call #1 is free.\n\n#hashtag"),
		},
	},
	structure: true,
	text: func(t *text, found report) {
		if len(t.out.Items) == 0 || !strings.Contains(t.s, "#") {
			return
		}
		var empty []job.Span
		open, level := job.Span{}, 0
		rest, at := t.s, 0
		fenced := false
		for rest != "" {
			line := rest
			if i := strings.IndexByte(rest, '\n'); i >= 0 {
				line = rest[:i+1]
			}
			start := at
			rest, at = rest[len(line):], at+len(line)
			trimmed := strings.TrimSpace(line)
			if strings.HasPrefix(trimmed, "```") {
				fenced = !fenced
			}
			if trimmed == "" {
				continue
			}
			n := headingLevel(trimmed)
			if fenced || n == 0 {
				level = 0
				continue
			}
			if level > 0 && n <= level {
				empty = append(empty, open)
			}
			lead := strings.Index(line, trimmed)
			open, level = job.Span{Start: start + lead, End: start + lead + len(trimmed)}, n
		}
		if level > 0 {
			empty = append(empty, open)
		}
		if len(empty) == 0 || len(empty) > 3 {
			return // more of them are remarks or a way to write lists
		}
		found(Finding{
			Span:     empty[0],
			Message:  "Nothing stands below the heading " + cite(strings.TrimLeft(empty[0].In(t.s), "# ")) + ".",
			Question: "What belongs there, or can the heading go?",
			Also:     also(empty[1:]),
		})
	},
}

// headingLevel returns the level of a short heading, 0 for a line that is none or says something itself.
func headingLevel(line string) int {
	n := 0
	for n < len(line) && line[n] == '#' {
		n++
	}
	if n == 0 || n > 6 || n == len(line) || line[n] != ' ' || strings.Count(line, " ") > 7 || strings.ContainsAny(line[n:], "*`.!?") {
		return 0
	}
	return n
}
