package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/sonajobs/sona/optimize"
)

// show writes a proposal for the author.
func show(out io.Writer, before string, p optimize.Proposal) {
	say := func(format string, args ...any) { _, _ = fmt.Fprintf(out, format, args...) }
	for _, why := range p.Passed() {
		say("passed over: %s\n", why)
	}
	if p.NoChange() {
		say("The text is good as it is (%s).\n", p.Engine())
	} else {
		say("proposed by %s:\n\n%s", p.Engine(), difference(before, p.Instructions()))
	}
	list(say, "why", p.Changes(), func(c optimize.Change) string { return c.Rule + ": " + c.Why })
	list(say, "questions that only you can answer", p.Questions(), func(q string) string { return q })
	list(say, "please look at", p.Warnings(), func(v optimize.Violation) string { return v.Message })
	was, are := p.Findings()
	say("\nfindings of lint: %d before, %d after; facts kept: %d\n", len(was), len(are), len(p.Facts()))
}

func list[T any](say func(string, ...any), title string, all []T, text func(T) string) {
	if len(all) == 0 {
		return
	}
	say("\n%s:\n", title)
	for _, v := range all {
		say("- %s\n", text(v))
	}
}

// difference shows the lines that are gone, new and the same.
func difference(before, after string) string {
	a, b := strings.Split(before, "\n"), strings.Split(after, "\n")
	longest := make([][]int, len(a)+1) // of the lines from i and from j on that both have
	for i := range longest {
		longest[i] = make([]int, len(b)+1)
	}
	for i := range slices.Backward(a) {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				longest[i][j] = longest[i+1][j+1] + 1
			} else {
				longest[i][j] = max(longest[i+1][j], longest[i][j+1])
			}
		}
	}
	var d strings.Builder
	line := func(mark, text string) { d.WriteString(strings.TrimRight(mark+text, " ") + "\n") }
	i, j := 0, 0
	for i < len(a) || j < len(b) {
		switch {
		case i < len(a) && j < len(b) && a[i] == b[j]:
			line("  ", a[i])
			i, j = i+1, j+1
		case j == len(b) || i < len(a) && longest[i+1][j] >= longest[i][j+1]:
			line("- ", a[i])
			i++
		default:
			line("+ ", b[j])
			j++
		}
	}
	return d.String()
}
