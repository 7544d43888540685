package optimize_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/sonajobs/sona/internal/corpus"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/job/lint"
	"github.com/sonajobs/sona/optimize"
)

type realText struct{ ID, Text string }

func realTexts(t testing.TB) []realText {
	return corpus.Lines[realText](t, "instructions/dev.jsonl")
}

func spec(instructions string) job.Spec { return job.Spec{Name: "Job", Instructions: instructions} }

func anyHard(vs []optimize.Violation) bool {
	for _, v := range vs {
		if v.Hard {
			return true
		}
	}
	return false
}

func shortHash(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:8])
}

// sample returns the texts to edit, and how many edits of a class each of them gets: all of them with -v, as in
// make eval-optimize; few in a run of all tests.
func sample(t *testing.T) (texts []realText, each int) {
	if testing.Short() {
		t.Skip("it measures for a minute")
	}
	texts = realTexts(t)
	if testing.Verbose() {
		return texts, 3
	}
	few := texts[:0]
	for i := 0; i < len(texts); i += 6 {
		few = append(few, texts[i])
	}
	return few, 1
}

// score counts what the guard said to edits of one class.
type score struct{ cases, flagged, hard int }

func (s score) share(n int) float64 { return float64(n) / float64(max(s.cases, 1)) }

// TestEvalHarmfulEdits changes one thing in a real text so that it says something else.
func TestEvalHarmfulEdits(t *testing.T) {
	texts, each := sample(t)
	var all score
	for _, e := range harmful {
		var s score
		for n, text := range texts {
			rng := rand.New(rand.NewPCG(uint64(n), 7))
			for range each {
				before, after, ok := e.make(text.Text, rng)
				if !ok {
					break
				}
				found := optimize.Check(spec(before), spec(after), lint.Context{})
				s.cases++
				switch {
				case anyHard(found):
					s.hard++
					s.flagged++
				case len(found) > 0:
					s.flagged++
				}
				if (len(found) == 0 || e.hard && !anyHard(found)) && testing.Verbose() {
					t.Logf("MISS %s: %s: %v\n%s", e.name, shortHash(text.Text), found, difference(before, after))
				}
			}
		}
		t.Logf("%-34s cases %4d  flagged %6.2f %%  hard %6.2f %%", e.name, s.cases, 100*s.share(s.flagged), 100*s.share(s.hard))
		if s.cases > 20 { // fewer say nothing about a share
			assert.GreaterOrEqual(t, s.share(s.flagged), 0.95, e.name)
			if e.hard {
				assert.GreaterOrEqual(t, s.share(s.hard), 0.95, "%s is hard", e.name)
			}
		}
		all.cases, all.flagged, all.hard = all.cases+s.cases, all.flagged+s.flagged, all.hard+s.hard
	}
	t.Logf("%-34s cases %4d  flagged %6.2f %%", "all harmful", all.cases, 100*all.share(all.flagged))
	assert.GreaterOrEqual(t, all.share(all.flagged), 0.99)
}

// TestEvalHarmlessEdits changes how a real text is written and nothing that it says.
func TestEvalHarmlessEdits(t *testing.T) {
	texts, each := sample(t)
	var all score
	for _, e := range harmless {
		var s score
		for n, text := range texts {
			rng := rand.New(rand.NewPCG(uint64(n), 7))
			for range each {
				before, after, ok := e.make(text.Text, rng)
				if !ok {
					break
				}
				if job.Count(after) > job.MaxInstructions && job.Count(before) <= job.MaxInstructions {
					continue // which is refused rightly
				}
				found := optimize.Check(spec(before), spec(after), lint.Context{})
				s.cases++
				if anyHard(found) {
					s.hard++
				}
				if len(found) > 0 {
					s.flagged++
					if testing.Verbose() {
						t.Logf("FALSE %s: %s: %v\n%s", e.name, shortHash(text.Text), found, difference(before, after))
					}
				}
			}
		}
		t.Logf("%-34s cases %4d  flagged %6.2f %%  hard %d", e.name, s.cases, 100*s.share(s.flagged), s.hard)
		assert.Zero(t, s.hard, e.name)
		all.cases, all.flagged, all.hard = all.cases+s.cases, all.flagged+s.flagged, all.hard+s.hard
	}
	t.Logf("%-34s cases %4d  untouched %6.2f %%", "all harmless", all.cases, 100-100*all.share(all.flagged))
	assert.LessOrEqual(t, all.share(all.flagged), 0.05)
}

// difference shows where two texts part.
func difference(a, b string) string {
	from := 0
	for from < len(a) && from < len(b) && a[from] == b[from] {
		from++
	}
	from = max(0, from-40)
	return fmt.Sprintf("  - %q\n  + %q", a[from:min(len(a), from+140)], b[from:min(len(b), from+140)])
}
