package template

import (
	"fmt"
	"strings"
	"testing"

	"github.com/sonajobs/sona/internal/golden"
)

// The catalogue as an author meets it, so that a change of a text or of a default is a visible diff.
func TestGolden(t *testing.T) {
	var b strings.Builder
	for _, tmpl := range All() {
		s := tmpl.Spec
		fmt.Fprintf(&b, "==== %s\n%s: %s\n\n%s\n\n%s\n\nResults\n", tmpl.Name, s.Name, s.Description, s.CallerIntent, s.Instructions)
		for _, f := range s.Results {
			kind := string(f.Type)
			if len(f.Choices) > 0 {
				kind += " of " + strings.Join(f.Choices, ", ")
			}
			if f.Required {
				kind += ", required"
			}
			fmt.Fprintf(&b, "- %s (%s): %s\n", f.Name, kind, f.Ask)
		}
		b.WriteString("\nBlanks\n")
		for _, n := range tmpl.Blanks {
			fmt.Fprintf(&b, "- %s (%s, %s): %s\n  %s\n", n.Key, n.Kind, n.Label, n.Default, n.Help)
		}
		b.WriteString("\n")
	}
	golden.Assert(t, "testdata/catalogue.golden", []byte(b.String()))
}
