package lint

import (
	"strings"

	"github.com/sonajobs/sona/job"
)

// ruleCode: tables and code, for which a voice has no words.
var ruleCode = &rule{RuleInfo: RuleInfo{
	ID: "code-or-table", Practice: Voice, Severity: Hint, Title: "Code or a table",
	Catches:  "A table, a block of code, or code between backticks in the instructions.",
	Why:      "Sona may read columns and signs aloud, and people who edit the job break them.",
	Source:   "The phone is heard, not read",
	How:      "Lines of a Markdown table with its rule of hyphens, fences of three backticks, backticks with signs of code between them.",
	Language: "any",
	Bad: []Example{
		says("| Room | Price |\n| --- | --- |\n| Small | $50 |\nTell them the price."),
		says("Answer like this:\n```\n{\"name\": \"x\"}\n```"),
		says("Look it up where `status = 'open'`."),
	},
	Good: []Example{
		says("Tell them the price: the small room costs $50."),
		says("Use the tool `find_order`."),
		says("Say yes | no."),
	},
}, text: func(t *text, r report) {
	found := places{t: t, rule: "code-or-table"}
	t.codes(func(sp job.Span) { found.add(sp) })
	found.report(r, Finding{Message: "%s is code or a table.", Question: "How would you tell it a new colleague? Say it in sentences, or put it on a Knowledge page."})
}}

// codes yields the tables and code of t.
func (t *text) codes(yield func(job.Span)) {
	s := t.s
	for i := 0; i < len(s); {
		at := strings.IndexAny(s[i:], "`|")
		if at < 0 {
			return
		}
		at += i
		i = at + 1
		line := s[at:lineEnd(s[:min(len(s), at+mostLine)], at)]
		switch {
		case s[at] == '|':
			if (at == 0 || s[at-1] == '\n') && strings.Count(line, "|") >= 2 {
				next, _, _ := strings.Cut(s[min(len(s), at+len(line)+1):], "\n")
				if strings.HasPrefix(next, "|") && strings.Contains(next, "--") {
					yield(job.Span{Start: at, End: at + len(line)})
				}
			}
			i = at + max(len(line), 1)
		case strings.HasPrefix(line, "```"):
			end := strings.Index(s[at+3:], "```")
			if end < 0 {
				return
			}
			yield(job.Span{Start: at, End: at + 3 + end + 3})
			i = at + 3 + end + 3
		default:
			if end := strings.IndexByte(line[1:], '`'); end > 0 {
				if strings.ContainsAny(line[1:1+end], "={}<>;[]") {
					yield(job.Span{Start: at, End: at + end + 2})
				}
				i = at + end + 2
			}
		}
	}
}

// mostLine bounds how far a row of a table or code between backticks is followed.
const mostLine = 400

// lineEnd returns where the line around byte i ends.
func lineEnd(s string, i int) int {
	if n := strings.IndexByte(s[i:], '\n'); n >= 0 {
		return i + n
	}
	return len(s)
}
