package lint

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/sonajobs/sona/internal/corpus"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/job/template"
)

// realTexts are the texts that defects are planted into: real ones, and the templates.
func realTexts(t testing.TB) (specs []job.Spec) {
	t.Helper()
	for _, r := range corpus.Lines[instruction](t, "instructions/dev.jsonl") {
		specs = append(specs, r.spec().Clean())
	}
	for _, r := range corpus.Lines[struct{ Name, Description, Instructions string }](t, "abcd/dev/job_guidelines.jsonl") {
		specs = append(specs, job.Spec{Name: r.Name, Description: r.Description, Instructions: r.Instructions}.Clean())
	}
	for _, one := range template.All() {
		specs = append(specs, one.Spec.Clean())
	}
	rand.New(rand.NewPCG(1, 1)).Shuffle(len(specs), func(i, k int) { specs[i], specs[k] = specs[k], specs[i] })
	return specs
}

// The least that is caught of each class, and the most findings of other rules that what was planted does not
// deserve, in a hundred planted texts.
const (
	leastCaught = 90
	mostStray   = 2
)

// TestEvalRecall plants defects into texts that do not have them. A defect counts as caught when an expected
// rule finds what it did not find before; what other rules find that they did not find before is stray, except where
// the class says that they are right.
func TestEvalRecall(t *testing.T) {
	texts := realTexts(t)
	most, least, stray100 := len(texts), leastCaught, mostStray
	if !testing.Verbose() { // with -v all of them
		most, least, stray100 = 12, 75, 17
	}
	plain := make([][]Finding, len(texts))
	for i, s := range texts {
		plain[i] = Spec(s, Context{})
	}
	t.Logf("%-36s %7s %7s %6s  %s", "class", "planted", "caught", "stray", "stray rules")
	allPlanted, allCaught, allStray := 0, 0, 0
	for _, d := range defects {
		planted, caught, stray := 0, 0, map[RuleID]int{}
		for i, s := range texts {
			p := newPlanter(d.name, s)
			if planted == most || !d.plant(p) {
				continue
			}
			before, after := plain[i], Spec(p.spec, p.ctx)
			if p.surrounded {
				before = Spec(s, p.ctx)
			}
			if slices.ContainsFunc(d.expect, func(id RuleID) bool { return strings.HasSuffix(d.name, "deleted") && placesOf(before, id) > 0 }) {
				continue // it was missing before
			}
			planted++
			if slices.ContainsFunc(d.expect, func(id RuleID) bool {
				return placesOf(after, id) > placesOf(before, id) || hasNewKey(before, after, id)
			}) {
				caught++
			}
			had := ignoreKeys(before)
			for _, f := range after {
				if !had[f.Ignore] && placesOf(after, f.Rule) > placesOf(before, f.Rule) && f.Rule != "optimize" && !slices.Contains(d.expect, f.Rule) && !slices.Contains(d.allow, f.Rule) {
					stray[f.Rule]++
					break
				}
			}
		}
		strays := 0
		for _, n := range stray {
			strays += n
		}
		allPlanted, allCaught, allStray = allPlanted+planted, allCaught+caught, allStray+strays
		t.Logf("%-36s %7d %6.1f%% %5.1f%%  %v", d.name, planted, percent(caught, planted), percent(strays, planted), stray)
		if planted == 0 {
			t.Errorf("%s: planted nowhere", d.name)
			continue
		}
		assert.GreaterOrEqual(t, caught*100, planted*least, "%s: caught %d of %d", d.name, caught, planted)
		assert.LessOrEqual(t, strays*100, planted*stray100, "%s: stray in %d of %d: %v", d.name, strays, planted, stray)
	}
	t.Logf("%-36s %7d %6.1f%% %5.1f%%", "in all", allPlanted, percent(allCaught, allPlanted), percent(allStray, allPlanted))
}

func percent(n, of int) float64 { return 100 * float64(n) / float64(max(1, of)) }

// placesOf counts where a rule found something, other places of a finding included.
func placesOf(found []Finding, id RuleID) (n int) {
	for _, f := range found {
		if f.Rule == id {
			n += 1 + len(f.Also)
		}
	}
	return n
}

func ignoreKeys(found []Finding) map[string]bool {
	all := map[string]bool{}
	for _, f := range found {
		all[f.Ignore] = true
	}
	return all
}

func hasNewKey(before, after []Finding, id RuleID) bool {
	had := ignoreKeys(before)
	return slices.ContainsFunc(after, func(f Finding) bool { return f.Rule == id && !had[f.Ignore] })
}
