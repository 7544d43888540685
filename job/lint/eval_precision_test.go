package lint

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/internal/corpus"
	"github.com/sonajobs/sona/job"
)

// label is what a person said about a finding on a real text. It holds nothing of the text.
type label struct {
	Set     string   `json:"set,omitempty"` // of a rule that looks at a set: which of realSets
	Text    string   `json:"text"`          // the first 16 hexadecimal digits of the SHA-256 of the instructions; of a page where a page is meant
	Span    job.Span `json:"-"`
	Verdict string   `json:"verdict"` // right or wrong
}

func (l *label) UnmarshalJSON(b []byte) error {
	type plain label
	var with struct {
		plain
		Span [2]int `json:"span"`
	}
	err := json.Unmarshal(b, &with)
	*l = label(with.plain)
	l.Span = job.Span{Start: with.Span[0], End: with.Span[1]}
	return err
}

// textHash names a text in labels.
func textHash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])[:16]
}

// labelled reads the labels of every rule that has some.
func labelled(t testing.TB) map[RuleID][]label {
	t.Helper()
	all := map[RuleID][]label{}
	names, err := fs.Glob(os.DirFS("testdata/labels"), "*.jsonl")
	require.NoError(t, err)
	for _, name := range names {
		id := RuleID(strings.TrimSuffix(name, ".jsonl"))
		_, known := byID(id)
		assert.True(t, known, "%s: no such rule", name)
		data, err := os.ReadFile(filepath.Join("testdata/labels", name))
		require.NoError(t, err)
		for line := range strings.Lines(string(data)) {
			if strings.TrimSpace(line) == "" {
				continue
			}
			var l label
			require.NoError(t, json.Unmarshal([]byte(line), &l), "%s: %s", name, line)
			require.Contains(t, []string{"right", "wrong"}, l.Verdict, name)
			all[id] = append(all[id], l)
		}
	}
	return all
}

// judged is a finding on a real text, under the name that its label would have.
type judged struct {
	rule     RuleID
	severity Severity
	at       label // without a verdict
}

// judgements are the findings on all real texts: of each alone, and of sets.
func judgements(t testing.TB) (all []judged, perText []int) {
	t.Helper()
	for _, r := range corpus.Lines[instruction](t, "instructions/dev.jsonl") {
		n := 0
		for _, f := range Spec(r.spec(), Context{}) {
			all = append(all, judged{f.Rule, f.Severity, label{Text: textHash(r.Text), Span: f.Span}})
			if f.Severity >= Warning {
				n++
			}
		}
		perText = append(perText, n)
	}
	for _, s := range realSets(t) {
		for _, f := range Set(s.jobs, s.ctx) {
			if r, _ := byID(f.Rule); r.Set && (s.own || !slices.Contains(byName, f.Rule)) {
				all = append(all, judged{f.Rule, f.Severity, label{Set: s.name, Text: s.hash(f), Span: f.Span}})
			}
		}
	}
	return all, perText
}

// hash names the text that a finding of a set is in.
func (s realSet) hash(f Finding) string {
	for _, j := range s.jobs {
		if j.ID() == f.Job {
			return textHash(j.Spec().Name + "\n" + j.Spec().Instructions)
		}
	}
	if i, ok := index(f.Field, "pages"); ok {
		return textHash(s.ctx.Pages[i].Text)
	}
	return ""
}

// The measure of TestEvalPrecision.
const (
	mostLabels  = 60 // of a rule that has more findings, so many are judged
	mostPerText = 3  // the median of warnings and errors
)

// tally is how the labels of a rule fall.
type tally struct{ found, labelled, right int }

// tallies counts the findings and labels of each rule, and fails for labels of findings that are no longer made.
func tallies(t testing.TB) (of map[RuleID]tally, of2 map[RuleID]map[Severity]tally, perText []int) {
	t.Helper()
	labels := labelled(t)
	all, perText := judgements(t)
	of, of2 = map[RuleID]tally{}, map[RuleID]map[Severity]tally{}
	used := map[RuleID]map[label]bool{}
	for _, j := range all {
		if of2[j.rule] == nil {
			of2[j.rule], used[j.rule] = map[Severity]tally{}, map[label]bool{}
		}
		sum, at := of[j.rule], of2[j.rule][j.severity]
		sum.found, at.found = sum.found+1, at.found+1
		i := slices.IndexFunc(labels[j.rule], func(l label) bool { return l.Text == j.at.Text && l.Span == j.at.Span && l.Set == j.at.Set })
		if i >= 0 {
			l := labels[j.rule][i]
			used[j.rule][l] = true
			sum.labelled, at.labelled = sum.labelled+1, at.labelled+1
			if l.Verdict == "right" {
				sum.right, at.right = sum.right+1, at.right+1
			}
		}
		of[j.rule], of2[j.rule][j.severity] = sum, at
	}
	for id, list := range labels {
		stale := 0
		for _, l := range list {
			if !used[id][l] {
				stale++
			}
		}
		assert.Zero(t, stale, "%s: %d labels belong to no finding of the rule", id, stale)
	}
	return of, of2, perText
}

// TestEvalPrecision counts how often each rule was right on real texts. An error must be right in 95 of 100 findings, a warning
// in 80, so of fewer than twenty findings all must be right for an error. Fewer than ten show little, and docs/lint.md says how many there were.
// A rule without a finding has shown nothing on these texts: its severity rests on its examples and on TestEvalRecall.
func TestEvalPrecision(t *testing.T) {
	of, bySeverity, perText := tallies(t)
	t.Logf("%-26s %-8s %6s %8s %6s", "rule", "severity", "found", "labelled", "right")
	for _, r := range Rules() {
		n := of[r.ID]
		share := "-"
		if n.labelled > 0 {
			share = strings.TrimSpace(strings.Replace(percentOf(n.right, n.labelled), "100.0%", "100%", 1))
		}
		t.Logf("%-26s %-8s %6d %8d %6s", r.ID, r.Severity, n.found, n.labelled, share)
		assert.GreaterOrEqual(t, n.labelled, min(n.found, mostLabels), "%s: findings without a label", r.ID)
		for severity, n := range bySeverity[r.ID] {
			least := map[Severity]int{Warning: 80, Error: 95}[severity]
			assert.GreaterOrEqual(t, n.right*100, n.labelled*least, "%s: right in %d of %d: too few for a %s", r.ID, n.right, n.labelled, severity)
		}
	}
	slices.Sort(perText)
	t.Logf("warnings and errors per text: median %d, mean %.1f, most %d, of %d texts", perText[len(perText)/2], mean(perText), perText[len(perText)-1], len(perText))
	assert.LessOrEqual(t, perText[len(perText)/2], mostPerText)
}

func mean(all []int) float64 {
	sum := 0
	for _, n := range all {
		sum += n
	}
	return float64(sum) / float64(max(1, len(all)))
}

func percentOf(n, of int) string { return fmt.Sprintf("%.1f%%", percent(n, of)) }
