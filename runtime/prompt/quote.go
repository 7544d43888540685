package prompt

import (
	"strings"

	"github.com/sonajobs/sona/job"
)

// line returns data of people on one line, in quotation marks, with everything that could leave the
// quotes, the line or the fence defused. Callers' names, values and texts of actions go through it.
func line(data string) string {
	data = strings.Join(strings.Fields(job.Clean(data)), " ")
	data = strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(data)
	return `"` + defuse(data) + `"`
}

// bare is line without the quotation marks, for short texts of authors inside the assembler's sentences.
func bare(data string) string {
	return defuse(strings.Join(strings.Fields(job.Clean(data)), " "))
}

// demote returns a job's text with its Markdown headings two levels lower, so that none stands beside the
// assembler's own, and with underlined headings as plain text.
func demote(text string) string {
	if !strings.ContainsAny(text, "#＃﹟=") {
		return text
	}
	lines := strings.Split(text, "\n")
	for i, l := range lines {
		trimmed := strings.TrimLeft(l, " \t")
		indent := l[:len(l)-len(trimmed)]
		hashes := strings.TrimLeft(trimmed, "#＃﹟")
		switch {
		case len(hashes) < len(trimmed) && (hashes == "" || hashes[0] == ' ' || hashes[0] == '\t'):
			n := len([]rune(trimmed)) - len([]rune(hashes))
			lines[i] = indent + strings.Repeat("#", min(n+2, 6)) + hashes
		case strings.Trim(trimmed, "= \t") == "" && strings.HasPrefix(trimmed, "="):
			lines[i] = indent + `\` + trimmed
		}
	}
	return strings.Join(lines, "\n")
}

// prefixed writes data of a Knowledge page: every line behind a bar, so that none can pose as a line of
// the assembler.
func (w *writer) prefixed(text string) {
	for l := range strings.SplitSeq(strings.TrimRight(text, "\n"), "\n") {
		w.text("| ")
		w.text(defuse(l))
		w.text("\n")
	}
}
