package prompt

import (
	"errors"
	"slices"

	"github.com/sonajobs/sona/callflow"
)

// StepImpact is what an edit does to the prompt of one step.
type StepImpact struct {
	Step          callflow.StepID
	Diff          []SectionDiff // empty when one of the two cannot be built
	Before, After Measure
	First         int // bytes of the stable part before the first change: what providers may keep in their caches
}

// Measure is how a step's prompt is written, and how large it is.
type Measure struct {
	Plan   PlanKind // empty when there is no prompt
	Found  int      // pages that have no room in it
	Tokens int      // of the stable part and the tools; of the smallest plan when it does not fit
	Err    error    // of [Build], a *[BudgetError] for one; *[callflow.StepError] when there is no such Sona step
}

// NewlyOver returns the error of a step that fitted before the edit and does not fit after it, else nil.
func (i StepImpact) NewlyOver() *BudgetError {
	was, is := new(BudgetError), new(BudgetError)
	if errors.As(i.After.Err, &is) && !errors.As(i.Before.Err, &was) {
		return is
	}
	return nil
}

// Impact returns what changes between two snapshots, one entry for each Sona step whose prompt, tools or fit
// changes, in the order of the flow; those that were taken out come last. The snapshots are of the same
// flow, before and after an edit: with [callflow.Snapshot.WithJob] before it is even saved.
func Impact(before, after callflow.Snapshot, o Options) []StepImpact {
	if o.Parts == nil {
		o.Parts = new(Parts)
	}
	steps := after.Version().SonaSteps()
	for _, gone := range before.Version().SonaSteps() {
		if !slices.Contains(steps, gone) {
			steps = append(steps, gone)
		}
	}
	var all []StepImpact
	for _, step := range steps {
		i := StepImpact{Step: step}
		was, is := measured(before, step, o, &i.Before), measured(after, step, o, &i.After)
		if i.Before.Err == nil && i.After.Err == nil {
			if was.Stable == is.Stable && was.Receipt.Tools == is.Receipt.Tools {
				continue
			}
			i.Diff, i.First = Diff(was, is), common(was.Stable, is.Stable)
		} else if same(i.Before, i.After) {
			continue
		}
		all = append(all, i)
	}
	return all
}

func measured(s callflow.Snapshot, step callflow.StepID, o Options, m *Measure) Prompt {
	p, err := Build(s, step, o)
	*m = Measure{Plan: p.Plan.Kind, Found: len(p.Plan.Found), Tokens: p.Tokens, Err: err}
	if budget := new(BudgetError); errors.As(err, &budget) {
		m.Tokens = budget.Need
	}
	return p
}

// same reports whether two steps that cannot both be built are as they were.
func same(a, b Measure) bool {
	return a.Err != nil && b.Err != nil && a.Err.Error() == b.Err.Error()
}

func common(a, b string) int {
	n := min(len(a), len(b))
	for i := range n {
		if a[i] != b[i] {
			return i
		}
	}
	return n
}
