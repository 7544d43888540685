package prompt

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/job"
)

// Check returns nil when every Sona step of the snapshot can be built with o, and every variable of its jobs has
// a default or is one of o.Variables. It is what a gate of saving and publishing asks, so that an author
// learns it before a caller does:
//
//	gate := func(_ context.Context, s callflow.Snapshot) error { return prompt.Check(s, options) }
//
// The error names each step and joins what is wrong with it: what [Build] says (a *[BudgetError] first of
// all), and a *[VariableError] for each job.
func Check(s callflow.Snapshot, o Options) error {
	if o.Parts == nil {
		o.Parts = new(Parts) // steps share jobs
	}
	var all []error
	for _, step := range s.Version().SonaSteps() {
		a, err := newAssembly(s, step, o)
		if err == nil {
			_, err = a.fit()
		}
		if a != nil && o.Variables != nil {
			err = errors.Join(err, a.unknown(o.Variables))
		}
		if err != nil {
			all = append(all, fmt.Errorf("step %q: %w", step, err))
		}
	}
	return errors.Join(all...)
}

// VariableError says that a job uses variables for which a call may have no value: the host does not give
// them, and no job of the step has a default. A call goes on without them.
type VariableError struct {
	Job       job.ID
	Name      string   // of the job
	Variables []string // in order of first mention
}

func (e *VariableError) Error() string {
	return fmt.Sprintf("job %q: nobody gives {{%s}} a value: write a default, as in {{%s | default: \"…\"}}, or let the host give it",
		e.Name, strings.Join(e.Variables, "}}, {{"), e.Variables[0])
}

// unknown returns a *VariableError for each job that has one, joined.
func (a *assembly) unknown(given []string) error {
	var missing []string
	for _, v := range variables(a.jobs) {
		if !v.hasFallback && !slices.Contains(given, v.name) {
			missing = append(missing, v.name)
		}
	}
	var all []error
	for _, p := range a.jobs {
		e := &VariableError{Job: p.job.ID(), Name: p.spec.Name}
		for _, v := range p.outline.Variables {
			if slices.Contains(missing, v.Name) && !slices.Contains(e.Variables, v.Name) {
				e.Variables = append(e.Variables, v.Name)
			}
		}
		if len(e.Variables) > 0 {
			all = append(all, e)
		}
	}
	return errors.Join(all...)
}
