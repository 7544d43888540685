package mockcall

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/storage"
)

// Pair is a job before and after an edit: two texts of the same job.
type Pair struct{ Before, After job.Job }

// Finding is what a comparison came to.
type Finding string

// The findings.
const (
	Better     Finding = "better"
	Worse      Finding = "worse"
	NoWorse    Finding = "no worse"    // not better either, as far as can be told; a loss of Margin or more is ruled out
	CannotTell Finding = "cannot tell" // too few calls for the difference that there is
)

// Margin is the fall of the pass rate that "no worse" rules out.
const Margin = 0.10

// Comparison is what [Compare] found. A pair is the same scenario with the same seed on both texts.
type Comparison struct {
	Engine    string  `json:"engine"`
	Rehearsed bool    `json:"rehearsed"`
	Finding   Finding `json:"finding"`
	Pairs     int     `json:"pairs"`  // valid on both sides; of a rehearsal, those that differ from each other
	Gained    int     `json:"gained"` // failed before, pass after
	Lost      int     `json:"lost"`   // passed before, fail after
	P         float64 `json:"p"`      // of the exact paired test, two-sided: how likely so unequal gains and losses are by luck alone
	// Detectable is the smallest true change of the pass rate that so many pairs find in four of five tries, when all
	// changes go in one direction; 1 when no change would be found.
	Detectable float64 `json:"detectable"`
	Before     *Report `json:"before"`
	After      *Report `json:"after"`
}

// String returns the finding in a sentence, with the engine.
func (c *Comparison) String() string {
	s := fmt.Sprintf("%s (engine %s): %d pairs, %d gained, %d lost, p = %.3f; changes from %.0f points on would be seen", c.Finding, c.Engine, c.Pairs, c.Gained, c.Lost, c.P, 100*c.Detectable)
	if c.Rehearsed {
		s += "\n" + notProved
	}
	return s
}

// ErrPair says that the two texts of a comparison are not of one job.
var ErrPair = errors.New("mockcall: a comparison needs two texts of the same job")

// Compare runs a suite on a job before and after an edit, each with the other jobs of c.Flow's draft and c.Candidates,
// n runs per scenario, with the same seeds on both sides.
//
// The test is McNemar's, in its exact form: of the pairs that came out differently, gains and losses would be equally
// likely if the edit made no difference; P is the two-sided binomial probability. Better and worse mean P below 0.05.
// Otherwise no worse means that the upper bound of the share of lost pairs (95 %, one-sided, Clopper and Pearson) is below
// [Margin]; else it cannot be told. The rehearsal answers equal callers equally, so its pairs count once for each
// different behaviour: a hundred equal calls prove what one proves.
func Compare(ctx context.Context, w *storage.Workspace, c Config, p Pair, n int, scenarios []Scenario) (*Comparison, error) {
	s, err := w.DraftSnapshot(ctx, c.Flow)
	if err != nil {
		return nil, fmt.Errorf("mockcall: %w", err)
	}
	return CompareOn(ctx, s, c, p, n, scenarios)
}

// CompareOn is [Compare] on a snapshot that the host has.
func CompareOn(ctx context.Context, s callflow.Snapshot, c Config, p Pair, n int, scenarios []Scenario) (*Comparison, error) {
	if p.Before.IsZero() || p.After.IsZero() || p.Before.ID() != p.After.ID() {
		return nil, ErrPair
	}
	run := func(j job.Job) (*Report, error) {
		mine := c
		mine.Candidates = slices.Concat(c.Candidates, []job.Job{j})
		return SuiteOn(ctx, s, mine, n, scenarios)
	}
	before, err := run(p.Before)
	if err != nil {
		return nil, err
	}
	after, err := run(p.After)
	if err != nil {
		return nil, err
	}
	return compare(before, after), nil
}

func compare(before, after *Report) *Comparison {
	c := &Comparison{Engine: before.Engine, Rehearsed: before.Rehearsed, Before: before, After: after}
	seen := map[string]bool{}
	for i, b := range before.Runs {
		a := after.Runs[i]
		if a.Outcome == RunInvalid || b.Outcome == RunInvalid {
			continue
		}
		if key := b.Scenario + "\n" + behaviour(b.Result) + behaviour(a.Result); c.Rehearsed {
			if seen[key] {
				continue
			}
			seen[key] = true
		}
		c.Pairs++
		switch {
		case b.Outcome != RunPassed && a.Outcome == RunPassed:
			c.Gained++
		case b.Outcome == RunPassed && a.Outcome != RunPassed:
			c.Lost++
		}
	}
	c.P = pairedP(c.Gained, c.Lost)
	c.Detectable = detectable(c.Pairs)
	switch {
	case c.P < 0.05 && c.Gained > c.Lost:
		c.Finding = Better
	case c.P < 0.05:
		c.Finding = Worse
	case c.Pairs > 0 && upperShare(c.Lost, c.Pairs) < Margin:
		c.Finding = NoWorse
	default:
		c.Finding = CannotTell
	}
	return c
}

// pairedP is the two-sided exact probability of gains and losses at least as unequal.
func pairedP(gained, lost int) float64 {
	n := gained + lost
	return min(1, 2*binomialAtMost(min(gained, lost), n, 0.5))
}

// binomialAtMost is the probability of at most k of n, each with the probability p.
func binomialAtMost(k, n int, p float64) float64 {
	switch {
	case k >= n || p <= 0:
		return 1
	case k < 0 || p >= 1:
		return 0
	}
	sum := 0.0
	all, _ := math.Lgamma(float64(n + 1))
	for i := range k + 1 {
		in, _ := math.Lgamma(float64(i + 1))
		out, _ := math.Lgamma(float64(n - i + 1))
		sum += math.Exp(all - in - out + float64(i)*math.Log(p) + float64(n-i)*math.Log1p(-p))
	}
	return min(1, sum)
}

// upperShare is the share that, if it were true, would give k of n or fewer once in twenty times.
func upperShare(k, n int) float64 {
	return bisectShare(func(p float64) bool { return binomialAtMost(k, n, p) > 0.05 })
}

// detectable is the smallest share of changed pairs, all in one direction, that is found in four of five tries.
func detectable(pairs int) float64 {
	need := 1
	for pairedP(need, 0) >= 0.05 {
		need++
	}
	if pairs < need {
		return 1
	}
	return bisectShare(func(p float64) bool { return 1-binomialAtMost(need-1, pairs, p) < 0.8 })
}

// bisectShare returns where a condition that holds for small shares ceases to hold.
func bisectShare(holds func(float64) bool) float64 {
	low, high := 0.0, 1.0
	for range 50 {
		if middle := (low + high) / 2; holds(middle) {
			low = middle
		} else {
			high = middle
		}
	}
	return high
}
