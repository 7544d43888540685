package lint

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/internal/golden"
)

const (
	docs = "../../docs/lint.md"
	// What stands above this line is written by hand, what stands below by this test with -update.
	docsMark = "<!-- below: written from the rules by go test ./job/lint -update -->\n"
)

var practiceTitles = map[Practice]string{
	Goal: "The goal is named up front", Order: "The order is numbered", OffScript: "What happens when a caller leaves the script", Clarity: "No ambiguity",
	Voice: "It can be said and heard on a phone", Reach: "What is named exists", Safety: "Nothing that could be abused", Together: "The texts of a step fit together",
}

// docs/lint.md lists every rule with what its labels say.
func TestDocsListEveryRule(t *testing.T) {
	data, err := os.ReadFile(docs)
	require.NoError(t, err)
	head, _, found := strings.Cut(string(data), docsMark)
	require.True(t, found, "%s has no line %q", docs, docsMark)
	labels := labelled(t)
	var b strings.Builder
	b.WriteString(head + docsMark)
	fmt.Fprintf(&b, "\n%d rules. Precision is right findings of labelled ones, on real texts; – where no real text had one.\n", len(Rules()))
	for _, p := range practices {
		fmt.Fprintf(&b, "\n## %s\n\n| rule | severity | language | looks at | precision |\n| --- | --- | --- | --- | --- |\n", practiceTitles[p])
		for _, r := range Rules() {
			if r.Practice == p {
				fmt.Fprintf(&b, "| [%s](#%s) | %s | %s | %s | %s |\n", r.ID, r.ID, r.Severity, r.Language, looksAt(r), precisionOf(labels[r.ID]))
			}
		}
		for _, r := range Rules() {
			if r.Practice == p {
				fmt.Fprintf(&b, "\n### %s\n\n**%s.** %s %s\n\n%s\n\nSource: %s\n", r.ID, r.Title, r.Catches, r.Why, r.How, r.Source)
			}
		}
	}
	golden.Assert(t, docs, []byte(b.String()))
}

func looksAt(r RuleInfo) string {
	if r.Set {
		return "a step"
	}
	return "one text"
}

func precisionOf(labels []label) string {
	if len(labels) == 0 {
		return "–"
	}
	right := 0
	for _, l := range labels {
		if l.Verdict == "right" {
			right++
		}
	}
	return fmt.Sprintf("%d of %d", right, len(labels))
}
