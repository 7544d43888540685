package lint

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/internal/corpus"
	"github.com/sonajobs/sona/job"
)

// ambiguityRules are the rules that answer to the labels of the requirement sentences: words that leave
// open how many, when, whether, which and how well.
var ambiguityRules = []RuleID{"vague-quantity", "vague-condition", "open-list", "hedged-instruction", "weak-verb", "subjective-word", "vague-reference", "passive-without-actor"}

// requirement is a sentence of a requirements document, labelled by hand with its smells.
type requirement struct {
	ID, Set, Text string
	Smells        map[string][]string
}

// smelly reports whether the sentence has a label that a wording rule could answer to. Polysemy is left
// out: a word with two meanings in a dictionary ("call") is no fault of a job.
func (r requirement) smelly() bool {
	for smell := range r.Smells {
		if smell != "polysemy" {
			return true
		}
	}
	return false
}

// Sentence by sentence, as a plain list of weak words was measured on the same set (precision .665, recall
// .546): a sentence is found when one of the ambiguityRules finds something in it.
func TestEvalRequirementSmells(t *testing.T) {
	var found, right, smelly, all int
	byRule := map[RuleID][2]int{}
	for _, r := range corpus.Lines[requirement](t, "linter/dev/requirement_smells.jsonl") {
		if r.Set != "DS1" {
			continue
		}
		all++
		rules := wordingFindings(r.Text)
		if r.smelly() {
			smelly++
		}
		if len(rules) > 0 {
			found++
		}
		if len(rules) > 0 && r.smelly() {
			right++
		}
		slices.Sort(rules)
		for _, id := range slices.Compact(rules) {
			n := byRule[id]
			n[0]++
			if r.smelly() {
				n[1]++
			}
			byRule[id] = n
		}
	}
	precision, recall := float64(right)/float64(found), float64(right)/float64(smelly)
	t.Logf("DS1: %d sentences, %d labelled, %d found, %d of them labelled: precision %.3f (list .665), recall %.3f (list .546)",
		all, smelly, found, right, precision, recall)
	for _, id := range ambiguityRules {
		t.Logf("  %-20s %3d of %3d", id, byRule[id][1], byRule[id][0])
	}
	require.Greater(t, precision, .665)
	require.Greater(t, recall, .546)
}

// wordingFindings returns the ambiguityRules that find something in a text.
func wordingFindings(text string) (ids []RuleID) {
	for _, f := range Spec(job.Spec{Name: "Wording", Instructions: text}, Context{}) {
		if slices.Contains(ambiguityRules, f.Rule) {
			ids = append(ids, f.Rule)
		}
	}
	return ids
}

// wordingPair is a worse and a better wording of the same, as the publisher of a guide judged them.
type wordingPair struct{ ID, Kind, Worse, Better string }

// In no pair has the better wording more findings of the rules about wording than the worse one.
func TestEvalWordingPairs(t *testing.T) {
	fewer := 0
	pairs := corpus.Lines[wordingPair](t, "linter/dev/wording_pairs.jsonl")
	for _, p := range pairs {
		worse, better := clarityFindings(p.Worse), clarityFindings(p.Better)
		t.Logf("%s (%s): worse %v, better %v", p.ID, p.Kind, worse, better)
		require.LessOrEqual(t, len(better), len(worse), p.ID)
		if len(better) < len(worse) {
			fewer++
		}
	}
	t.Logf("the better wording has fewer findings in %d of %d pairs, and in none more", fewer, len(pairs))
}

// guidelineLabel is a guideline for an assistant that its publisher calls good or bad.
type guidelineLabel struct{ ID, Label, Reason, Text string }

func TestEvalGuidelines(t *testing.T) {
	for _, g := range corpus.Lines[guidelineLabel](t, "linter/dev/guideline_labels.jsonl") {
		found := clarityFindings(g.Text)
		t.Logf("%s (%s, %s): %v", g.ID, g.Label, g.Reason, found)
		if g.Label == "good" {
			require.Empty(t, found, g.ID)
		}
	}
}

// clarityFindings returns the rules of rules_wording.go that find something in a text, hints included.
func clarityFindings(text string) (ids []RuleID) {
	for _, f := range Spec(job.Spec{Name: "Wording", Instructions: text}, Context{}) {
		if slices.ContainsFunc(wordingRules, func(r *rule) bool { return r.ID == f.Rule }) {
			ids = append(ids, f.Rule)
		}
	}
	return ids
}
