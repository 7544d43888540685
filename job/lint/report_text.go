package lint

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// textWidth is how many columns Text uses at most; a single word or name that is longer stands out.
const textWidth = 100

// Text returns the report as a compiler prints it: for each finding the place, severity, rule and message, the line
// with carets below what is meant, and the reason with the fix, offer or question; at the end the findings
// counted by practice. It is empty where nothing was found.
//
//	message.md:3:8: warning vague-quantity: …
//	    3 | Ask a few questions.
//	      |     ^~~~~
//	      = why: …
//	      = question: …
func (r Report) Text() string {
	if len(r.Entries) == 0 {
		return ""
	}
	var b strings.Builder
	for _, e := range r.Entries {
		b.WriteString(wrap(fmt.Sprintf("%s: %s %s: %s", e.Where, e.Severity, e.Rule, printable(e.Message)), "    "))
		note := "    = "
		if e.Line != "" {
			writeSnippet(&b, e)
			note = strings.Repeat(" ", gutter(e.Where.Line)+1) + "= "
		}
		add := func(label, s string) {
			if s != "" {
				b.WriteString(wrap(note+label+": "+printable(s), strings.Repeat(" ", len(note)+2)))
			}
		}
		add("why", e.Why)
		if e.Fix != nil {
			add("fix", oneLine(e.Fix.Text))
		}
		if e.Offer != nil {
			add("offer", oneLine(e.Offer.Text))
		}
		add("question", e.Question)
		for i, w := range e.Others {
			if i == mostOthers {
				add("see", fmt.Sprintf("and %d more", len(e.Others)-i))
				break
			}
			add("see", w.String())
		}
		b.WriteByte('\n')
	}
	r.writeSummary(&b)
	return b.String()
}

// mostOthers is how many other places a finding prints.
const mostOthers = 5

// oneLine shows a text in one line.
func oneLine(s string) string {
	if strings.TrimSpace(s) == "" {
		return "leave it out"
	}
	return "“" + strings.ReplaceAll(strings.TrimSpace(s), "\n", " ⏎ ") + "”"
}

// String returns source:line:column, or source: field where a field as a whole is meant.
func (w Where) String() string {
	name := printable(w.Source)
	if name == "" {
		name = "-"
	}
	field := ""
	if w.Field != "instructions" && w.Field != "text" && w.Field != "" && w.Field != w.Source && !strings.HasSuffix(w.Field, "].text") {
		field = " " + w.Field
	}
	if w.Line == 0 {
		return name + field
	}
	return fmt.Sprintf("%s:%d:%d%s", name, w.Line, w.Column, field)
}

// gutter is how many columns stand before the bar.
func gutter(line int) int { return max(5, len(fmt.Sprint(line))+2) }

// writeSnippet prints the line and the carets. Of a long line it prints what stands around the carets.
func writeSnippet(b *strings.Builder, e Entry) {
	n := gutter(e.Where.Line)
	line, from, to := cells(e.Line, e.Where.Column-1, e.Where.To-1)
	line, from, to = window(line, from, to, textWidth-n-3)
	fmt.Fprintf(b, "%*d | %s\n", n, e.Where.Line, strings.TrimRight(shownCells(line), " "))
	carets := "^" + strings.Repeat("~", max(0, widthOf(line[from:to])-1))
	fmt.Fprintf(b, "%*s | %s%s\n", n, "", strings.Repeat(" ", widthOf(line[:from])), carets)
}

func (r Report) writeSummary(b *strings.Builder) {
	type row struct {
		practice Practice
		of       [Error + 1]int
	}
	var rows []row
	for _, e := range r.Entries {
		i := slices.IndexFunc(rows, func(w row) bool { return w.practice == e.Practice })
		if i < 0 {
			i, rows = len(rows), append(rows, row{practice: e.Practice})
		}
		if e.Severity >= Hint && e.Severity <= Error {
			rows[i].of[e.Severity]++
		}
	}
	slices.SortStableFunc(rows, func(a, b row) int {
		return cmp.Compare(slices.Index(practices, a.practice), slices.Index(practices, b.practice))
	})
	for _, w := range rows {
		name := string(w.practice)
		if name == "" {
			name = "other"
		}
		fmt.Fprintf(b, "%-11s %s\n", name, counted(w.of[Error], w.of[Warning], w.of[Hint]))
	}
	fmt.Fprintf(b, "%-11s %s\n", "in all", counted(r.Count(Error), r.Count(Warning), r.Count(Hint)))
}

// practices are all of them, in the order of a report.
var practices = []Practice{Goal, Order, OffScript, Clarity, Voice, Reach, Safety, Together}

// counted says numbers of findings in words.
func counted(errors, warnings, hints int) string {
	var parts []string
	for _, p := range []struct {
		n    int
		name string
	}{{errors, "error"}, {warnings, "warning"}, {hints, "hint"}} {
		switch {
		case p.n == 1:
			parts = append(parts, "1 "+p.name)
		case p.n > 1:
			parts = append(parts, fmt.Sprintf("%d %ss", p.n, p.name))
		}
	}
	return strings.Join(parts, ", ")
}
