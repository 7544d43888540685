package mockcall

import (
	"context"
	"fmt"
	"slices"

	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/optimize"
	"github.com/sonajobs/sona/storage"
)

// SearchConfig says what a [Search] tries. Job and Scenarios are required.
type SearchConfig struct {
	Job       job.ID
	Scenarios []Scenario // the optimizer sees what fails of these
	// Held are scenarios that the optimizer never sees: they have the last word, so that a text is not kept that
	// learned the others by heart. Optional.
	Held   []Scenario
	Runs   int              // per scenario; 1 when it is 0
	Rounds int              // most proposals; 3 when it is 0
	Ask    optimize.Request // hints, policy and surroundings; Spec and Calls are filled in
}

// SearchStep is one proposal of a [Search] and what came of it.
type SearchStep struct {
	Candidate  job.Job     // zero when there was no valid one
	Comparison *Comparison // with the best text so far
	Kept       bool
	Refused    string // why there was nothing to rehearse
	// Warnings are what the guard of package optimize wants the author to look at, before the text is saved.
	Warnings []optimize.Violation
}

// Found is what a [Search] came to. Nothing was saved.
type Found struct {
	Before, After job.Job // equal when nothing was kept
	Steps         []SearchStep
	Held          *Comparison // of Before with After on SearchConfig.Held; nil without them, and when nothing was kept
}

// maxFailing is how many failed calls the optimizer is shown.
const maxFailing = 10

// Search asks an optimizer for another text of a job, rehearses it, and keeps what passes: a text on which no call is lost
// that passed on the best one so far. The next round starts from it, with the calls that still fail. It ends after
// SearchConfig.Rounds, or when the optimizer has nothing more to change. Proposals that the guard of package optimize
// refuses are never rehearsed. Where the kept text loses a call of SearchConfig.Held, nothing is kept after all.
//
// The text is a proposal for an author, who saves it or does not. Errors are those of [Suite], and ErrNotFound in a
// *storage.RefError when the step does not have the job; with ctx's the steps so far come along.
func Search(ctx context.Context, w *storage.Workspace, c Config, o optimize.Optimizer, sc SearchConfig) (*Found, error) {
	s, err := w.DraftSnapshot(ctx, c.Flow)
	if err != nil {
		return nil, fmt.Errorf("mockcall: %w", err)
	}
	s, c.Step, err = c.place(s)
	if err != nil {
		return nil, fmt.Errorf("mockcall: %w", err)
	}
	c.Candidates = nil
	if c.Step == "" {
		if c.Step, err = s.OnlySonaStep(); err != nil {
			return nil, fmt.Errorf("mockcall: %w", err)
		}
	}
	jobs := s.Jobs(c.Step)
	at := slices.IndexFunc(jobs, func(j job.Job) bool { return j.ID() == sc.Job })
	if at < 0 {
		return nil, fmt.Errorf("mockcall: %w", &storage.RefError{Ref: storage.Ref{Kind: storage.KindJob, ID: string(sc.Job)}, Err: storage.ErrNotFound})
	}
	runs := max(1, sc.Runs)
	rounds := sc.Rounds
	if rounds <= 0 {
		rounds = 3
	}
	best, err := SuiteOn(ctx, s, c, runs, sc.Scenarios)
	if err != nil {
		return nil, err
	}
	f := &Found{Before: jobs[at], After: jobs[at]}
	for range rounds {
		step, done := propose(ctx, o, sc.Ask, f.After, best)
		if err := ctx.Err(); err != nil {
			return f, err
		}
		if done {
			break
		}
		if step.Refused == "" {
			if step.Comparison, err = CompareOn(ctx, s, c, Pair{f.After, step.Candidate}, runs, sc.Scenarios); err != nil {
				return f, err
			}
			step.Kept = step.Comparison.Lost == 0 && step.Comparison.Pairs > 0
		}
		f.Steps = append(f.Steps, step)
		if step.Kept {
			f.After, best = step.Candidate, step.Comparison.After
		}
	}
	if len(sc.Held) == 0 || f.After.Equal(f.Before) {
		return f, nil
	}
	if f.Held, err = CompareOn(ctx, s, c, Pair{f.Before, f.After}, runs, sc.Held); err != nil {
		return f, err
	}
	if f.Held.Lost > 0 {
		f.After = f.Before
	}
	return f, nil
}

// propose asks for another text of a job. It reports whether there is nothing to change.
func propose(ctx context.Context, o optimize.Optimizer, ask optimize.Request, j job.Job, r *Report) (SearchStep, bool) {
	ask.Spec, ask.Calls = j.Spec(), failing(r)
	p, err := optimize.Propose(ctx, o, ask)
	if err != nil {
		return SearchStep{Refused: err.Error()}, false
	}
	spec, err := p.Apply(j.Spec(), p.Warnings()...) // the author is shown them: nothing is saved here
	if err != nil {
		return SearchStep{Refused: err.Error()}, false
	}
	candidate, err := j.With(spec)
	if err != nil {
		return SearchStep{Refused: err.Error()}, false
	}
	return SearchStep{Candidate: candidate, Warnings: p.Warnings()}, p.NoChange() || candidate.Hash() == j.Hash()
}

func failing(r *Report) []call.Record {
	var calls []call.Record
	for _, run := range r.Runs {
		if run.Outcome == RunFailed && run.Result != nil && len(calls) < maxFailing {
			calls = append(calls, run.Result.Record)
		}
	}
	return calls
}
