package mockcall

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
)

// RunOutcome says what came of one run of a scenario.
type RunOutcome string

// What can come of a run.
const (
	RunPassed  RunOutcome = "passed"
	RunFailed  RunOutcome = "failed"
	RunInvalid RunOutcome = "invalid" // the caller, not Sona, broke the rules: it counts neither way
)

// SuiteRun is one call of a suite.
type SuiteRun struct {
	Scenario string     `json:"scenario"`
	Seed     uint64     `json:"seed"`
	Outcome  RunOutcome `json:"outcome"`
	Checks   int        `json:"checks"`
	Problems []string   `json:"problems,omitempty"` // why it did not pass; they may hold what was said
	Result   *Result    `json:"-"`                  // nil when the call could not begin
}

// Score is how often a scenario passed.
type Score struct {
	Scenario string `json:"scenario"`
	Runs     int    `json:"runs"` // valid ones
	Passed   int    `json:"passed"`
	Invalid  int    `json:"invalid,omitempty"`
	// Distinct is how many of the valid runs differ in what was said, done and found out. The rehearsal gives the same
	// answers to the same caller, so its repetitions prove nothing more.
	Distinct int `json:"distinct"`
	// Low and High bound the pass rate that Runs can stand for, with a confidence of 95 % (Wilson's interval). Of a
	// rehearsal they count distinct runs only.
	Low  float64 `json:"low"`
	High float64 `json:"high"`
}

// Rate returns the share of valid runs that passed, 0 when there were none.
func (s Score) Rate() float64 {
	if s.Runs == 0 {
		return 0
	}
	return float64(s.Passed) / float64(s.Runs)
}

// Report is what a [Suite] found.
type Report struct {
	Engine    string     `json:"engine"`    // what spoke for Sona
	Rehearsed bool       `json:"rehearsed"` // it was no language model
	Texts     Texts      `json:"texts"`     // what it was run on
	Scores    []Score    `json:"scores"`    // in the order of the scenarios
	All       Score      `json:"all"`
	Runs      []SuiteRun `json:"runs"` // in the order of the scenarios, then of the seeds
}

// ErrFailed is what [Report.Err] matches when a run did not pass.
var ErrFailed = errors.New("mockcall: the suite failed")

// Err returns nil when every run passed, else an error that matches ErrFailed and names the scenarios, with the first
// problem of each. A suite whose runs were all invalid, or that has none, did not pass.
func (r *Report) Err() error {
	if r.All.Runs > 0 && r.All.Passed == r.All.Runs && r.All.Invalid == 0 {
		return nil
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%d of %d calls passed (engine %s)", r.All.Passed, r.All.Runs, r.Engine)
	seen := map[string]bool{}
	for _, run := range r.Runs {
		if run.Outcome == RunPassed || seen[run.Scenario] {
			continue
		}
		seen[run.Scenario] = true
		fmt.Fprintf(&b, "\nscenario %q, seed %d: %s: %s", run.Scenario, run.Seed, run.Outcome, strings.Join(run.Problems, "; "))
	}
	return fmt.Errorf("%w: %s", ErrFailed, b.String())
}

// String returns a table of the scores, with the engine and what it does not prove.
func (r *Report) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "engine: %s\n", r.Engine)
	width := len("all")
	for _, s := range r.Scores {
		width = max(width, len(s.Scenario))
	}
	for _, s := range append(slices.Clip(r.Scores), r.All) {
		fmt.Fprintf(&b, "%-*s  %4d of %4d passed  %3.0f %%  (95 %%: %.0f–%.0f %%)", width, s.Scenario, s.Passed, s.Runs, 100*s.Rate(), 100*s.Low, 100*s.High)
		if s.Invalid > 0 {
			fmt.Fprintf(&b, "  %d invalid", s.Invalid)
		}
		if s.Distinct < s.Runs {
			fmt.Fprintf(&b, "  %d distinct", s.Distinct)
		}
		b.WriteByte('\n')
	}
	if r.Rehearsed {
		b.WriteString(notProved + "\n")
	}
	return b.String()
}

// JSON returns the report as indented JSON, for artefacts of a build. It holds problems, which may hold what was said,
// but no transcripts.
func (r *Report) JSON() ([]byte, error) { return json.MarshalIndent(r, "", "  ") }

// count fills in the scores.
func (r *Report) count(scenarios []Scenario) {
	all := Score{Scenario: "all"}
	passed := 0
	for _, sc := range scenarios {
		s := Score{Scenario: sc.Name}
		seen := map[string]bool{}
		passedDistinct := 0
		for _, run := range r.Runs {
			if run.Scenario != sc.Name {
				continue
			}
			if run.Outcome == RunInvalid {
				s.Invalid++
				continue
			}
			s.Runs++
			key := behaviour(run.Result)
			fresh := !seen[key]
			seen[key] = true
			if run.Outcome == RunPassed {
				s.Passed++
				if fresh {
					passedDistinct++
				}
			}
		}
		s.Distinct = len(seen)
		s.Low, s.High = r.interval(s, passedDistinct)
		r.Scores = append(r.Scores, s)
		all.Runs, all.Passed, all.Invalid, all.Distinct = all.Runs+s.Runs, all.Passed+s.Passed, all.Invalid+s.Invalid, all.Distinct+s.Distinct
		passed += passedDistinct
	}
	all.Low, all.High = r.interval(all, passed)
	r.All = all
}

func (r *Report) interval(s Score, passedDistinct int) (low, high float64) {
	if r.Rehearsed {
		return wilson(passedDistinct, s.Distinct)
	}
	return wilson(s.Passed, s.Runs)
}

// wilson returns the interval in which, with a confidence of 95 %, the share lies of which passed of n were seen.
func wilson(passed, n int) (low, high float64) {
	if n == 0 {
		return 0, 1
	}
	const z = 1.959964
	p, m := float64(passed)/float64(n), float64(n)
	middle := (p + z*z/(2*m)) / (1 + z*z/m)
	half := z / (1 + z*z/m) * math.Sqrt(p*(1-p)/m+z*z/(4*m*m))
	return max(0, middle-half), min(1, middle+half)
}
