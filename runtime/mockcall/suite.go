package mockcall

import (
	"context"
	"errors"
	"fmt"
	"os"
	gort "runtime"
	"strconv"
	"sync"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/runtime/model/rehearsal"
	"github.com/sonajobs/sona/storage"
)

// Scenario is one kind of call that a [Suite] makes again and again: who calls, and what has to be true
// afterwards.
type Scenario struct {
	Name string // required, unique within the suite
	// Caller makes the caller of one run. The seed is the run's own: the same seed has to give the same caller.
	Caller func(seed uint64) Caller
	// Checks have to pass, all of them. A scenario without a check is an error: it could not fail.
	Checks []Check
	// Veto looks at a run whose checks passed and may still fail it. It never makes a failed run pass. Optional.
	Veto Judge
	// With changes the Config of one run: faults, values, a model that serves one call only. Optional.
	With func(seed uint64, c *Config)
}

// Judge says what is wrong with a call beyond what checks can tell, such as a model that reads the transcript. Nil is
// no objection.
type Judge func(ctx context.Context, r *Result) error

var (
	// ErrNoChecks says that a scenario or a run has no check: it could never fail.
	ErrNoChecks = errors.New("mockcall: nothing is checked, so nothing could fail")
	// ErrScenario says that a suite is not one: no scenario, one without a name or a caller, a name used twice.
	ErrScenario = errors.New("mockcall: not a suite")
)

// Suite makes n calls of each scenario on the draft of c.Flow and counts which of them pass. The flow is read once, so
// all calls run on the same texts. Run i of a scenario has the seed i, from 1; with SONA_SEED=7 in the environment
// each scenario runs once, with the seed 7.
//
// Calls run in parallel, as many as there are cores, so the model, the callers that Scenario.Caller returns, the checks
// and the actions of a live Config must serve calls at the same time; Scenario.With can give each run its own model.
// c.Caller is not used. c.Progress, or a line on standard error with SONA_PROGRESS=1, tells how far it is. With
// SONA_FAILURES=<folder> each failed run leaves a scenario file there: see [FromRecord].
//
// The error is ErrNoChecks, ErrScenario, storage's, or ctx's. With ctx's the Report holds the runs that were over. That
// calls fail is no error: see [Report.Err].
func Suite(ctx context.Context, w *storage.Workspace, c Config, n int, scenarios []Scenario) (*Report, error) {
	s, err := w.DraftSnapshot(ctx, c.Flow)
	if err != nil {
		return nil, fmt.Errorf("mockcall: %w", err)
	}
	return SuiteOn(ctx, s, c, n, scenarios)
}

// SuiteOn is [Suite] on a snapshot that the host has.
func SuiteOn(ctx context.Context, s callflow.Snapshot, c Config, n int, scenarios []Scenario) (*Report, error) {
	if err := checkScenarios(n, scenarios); err != nil {
		return nil, err
	}
	placed, step, err := c.place(s)
	if err != nil {
		return nil, fmt.Errorf("mockcall: %w", err)
	}
	c.Candidates, c.Step = nil, step
	seeds := suiteSeeds(n)
	report := &Report{Engine: c.engine(), Rehearsed: c.rehearsed(), Texts: textsOf(placed, step)}
	runs := make([]SuiteRun, len(scenarios)*len(seeds))
	over := make([]bool, len(runs))
	progress := newProgress(c.Progress, len(runs))
	forEach(ctx, len(runs), func(i int) {
		sc, seed := scenarios[i/len(seeds)], seeds[i%len(seeds)]
		run := runScenario(ctx, placed, c, sc, seed)
		if ctx.Err() != nil {
			return // it was cut short, so it says nothing
		}
		runs[i], over[i] = run, true
		progress.done(run)
	})
	for i, run := range runs {
		if over[i] {
			report.Runs = append(report.Runs, run)
		}
	}
	report.count(scenarios)
	if err := saveFailures(os.Getenv("SONA_FAILURES"), report.Runs); err != nil {
		return report, err
	}
	return report, ctx.Err()
}

// forEach calls do with 0 to n-1, on as many goroutines as there are cores, until ctx ends.
func forEach(ctx context.Context, n int, do func(int)) {
	next := make(chan int)
	var wg sync.WaitGroup
	for range min(gort.GOMAXPROCS(0), n) {
		wg.Go(func() {
			for i := range next {
				do(i)
			}
		})
	}
	for i := range n {
		select {
		case next <- i:
			continue
		case <-ctx.Done():
		}
		break
	}
	close(next)
	wg.Wait()
}

func checkScenarios(n int, scenarios []Scenario) error {
	if n < 1 || len(scenarios) == 0 {
		return fmt.Errorf("%w: %d runs of %d scenarios", ErrScenario, n, len(scenarios))
	}
	seen := map[string]bool{}
	for i, sc := range scenarios {
		switch {
		case sc.Name == "":
			return fmt.Errorf("%w: scenario %d has no name", ErrScenario, i+1)
		case seen[sc.Name]:
			return fmt.Errorf("%w: two scenarios are named %q", ErrScenario, sc.Name)
		case sc.Caller == nil:
			return fmt.Errorf("%w: scenario %q has no caller", ErrScenario, sc.Name)
		case len(sc.Checks) == 0:
			return fmt.Errorf("%w: scenario %q", ErrNoChecks, sc.Name)
		}
		seen[sc.Name] = true
	}
	return nil
}

func suiteSeeds(n int) []uint64 {
	if only, err := strconv.ParseUint(os.Getenv("SONA_SEED"), 10, 64); err == nil {
		return []uint64{only}
	}
	seeds := make([]uint64, n)
	for i := range seeds {
		seeds[i] = uint64(i) + 1
	}
	return seeds
}

// runScenario makes one call and judges it. A panic of a caller, a check or a judge is the run's, not the suite's.
func runScenario(ctx context.Context, s callflow.Snapshot, c Config, sc Scenario, seed uint64) (run SuiteRun) {
	run = SuiteRun{Scenario: sc.Name, Seed: seed, Checks: len(sc.Checks), Outcome: RunFailed}
	defer func() {
		if p := recover(); p != nil {
			run.Outcome, run.Problems = RunFailed, append(run.Problems, fmt.Sprintf("panic: %v", p))
		}
	}()
	if sc.With != nil {
		sc.With(seed, &c)
	}
	c.Caller = sc.Caller(seed)
	r, err := RunOn(ctx, s, c)
	run.Result = r
	switch {
	case err != nil && invalidRun(err):
		run.Outcome, run.Problems = RunInvalid, []string{err.Error()}
		return run
	case err != nil:
		run.Problems = append(run.Problems, err.Error())
	}
	if r == nil {
		return run
	}
	for _, check := range sc.Checks {
		if err := check(r); err != nil {
			run.Problems = append(run.Problems, err.Error())
		}
	}
	if len(run.Problems) == 0 && sc.Veto != nil {
		if err := sc.Veto(ctx, r); err != nil {
			run.Problems = append(run.Problems, "veto: "+err.Error())
		}
	}
	if len(run.Problems) == 0 {
		run.Outcome = RunPassed
	}
	return run
}

// engine names what spoke for Sona, as records do.
func (c Config) engine() string {
	switch {
	case c.Profile.Name != "":
		return c.Profile.Name
	case c.rehearsed():
		return "rehearsal"
	}
	return fmt.Sprintf("unnamed model (%T)", c.Model)
}

// rehearsed reports whether no language model spoke.
func (c Config) rehearsed() bool {
	_, is := c.Model.(*rehearsal.Model)
	return is || c.Model == nil
}

// notProved is what every report of a rehearsal says.
const notProved = "The rehearsal follows the shape of a job and speaks for no language model: " +
	"it shows which parts a caller can come to, not what a model would say, choose or leave out."
