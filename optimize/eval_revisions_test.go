package optimize_test

import (
	"bufio"
	"encoding/json"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/internal/corpus"
	"github.com/sonajobs/sona/job/lint"
	"github.com/sonajobs/sona/optimize"
)

// label is what a reader thought of what the guard said to a real revision: "right" when a revision that changed what
// the text says was refused or warned of, and one that did not was not refused.
type label struct {
	Revision string `json:"revision"`
	Guard    string `json:"guard"`
	Verdict  string `json:"verdict"`
}

// TestEvalRevisions shows what the guard says to revisions that people made for reasons of their own: most of them
// were meant to change what the text says. Those that were read carry a label.
func TestEvalRevisions(t *testing.T) {
	labels := map[string]label{}
	f, err := os.Open("testdata/labels/revisions.jsonl")
	require.NoError(t, err)
	defer f.Close() //nolint:errcheck // only read
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var l label
		require.NoError(t, json.Unmarshal(lines.Bytes(), &l))
		labels[l.Revision] = l
	}
	count, right, read := map[string]int{}, 0, 0
	for _, r := range corpus.Lines[struct{ Before, After string }](t, "revisions/dev/prompt_revisions.jsonl") {
		said := "silent"
		found := optimize.Check(spec(r.Before), spec(r.After), lint.Context{})
		switch {
		case anyHard(found):
			said = "refused"
		case len(found) > 0:
			said = "warned"
		}
		count[said]++
		key := shortHash(r.Before + "\x00" + r.After)
		l, ok := labels[key]
		if !ok {
			t.Logf("%s %s, not read by anybody", key, said)
			continue
		}
		if read++; l.Guard == said && l.Verdict == "right" {
			right++
		} else {
			t.Logf("%s was %s (%s) and is %s", key, l.Guard, l.Verdict, said)
		}
	}
	t.Logf("revisions: %d refused, %d warned of, %d silent; of %d that were read %d right", count["refused"], count["warned"], count["silent"], read, right)
	assert.GreaterOrEqual(t, right*10, read*9)
}
