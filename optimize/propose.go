package optimize

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/job/lint"
)

// Proposal is a suggestion that the guard let pass: an immutable value that only [Propose] makes. The zero
// Proposal proposes nothing and applies to the empty text alone.
type Proposal struct{ d *proposal }

type proposal struct {
	base       job.Spec // cleaned
	after      string
	changes    []Change
	questions  []string
	passed     []string
	engine     string
	was, are   []lint.Finding
	facts      []Fact
	violations []Violation
}

// Propose asks o for a suggestion for r.Spec, and compares it with r.Spec. r.Findings is filled in. The error is a
// *[RefusedError] when the suggestion loses or invents something, is blank, or is longer than a job may be, also
// when the text was so before; an error of o comes back wrapped. Nothing is saved or changed. Safe for concurrent
// use when o is.
func Propose(ctx context.Context, o Optimizer, r Request) (Proposal, error) {
	if o == nil {
		return Proposal{}, errors.New("optimizer: there is none")
	}
	base := r.Spec.Clean()
	r.Findings = lint.Spec(base, r.Lint)
	s, err := o.Optimize(ctx, r)
	if err != nil {
		return Proposal{}, fmt.Errorf("optimizer: %w", err)
	}
	after := base
	after.Instructions = job.Clean(s.Instructions)
	found := Check(base, after, r.Lint)
	if !anyHard(found) {
		found = append(found, beyond(after)...)
	}
	if anyHard(found) {
		return Proposal{}, &RefusedError{Violations: found, Suggestion: s}
	}
	p := &proposal{base: base, after: after.Instructions, changes: slices.Clone(s.Changes), questions: slices.Clone(s.Questions),
		passed: slices.Clone(s.Passed), engine: s.Engine, was: r.Findings, facts: Facts(base.Instructions), violations: found}
	if p.are = r.Findings; p.after != base.Instructions {
		p.are = lint.Spec(after, r.Lint)
		if len(p.changes) == 0 {
			p.changes = changedLines(base.Instructions, p.after)
		}
	}
	return Proposal{p}, nil
}

// beyond returns what makes instructions too long or blank: no way to improve them, even when they were so before.
func beyond(s job.Spec) []Violation {
	var vs violations
	compareLimits(job.Spec{Instructions: "."}, s, &vs)
	return vs.list
}

func (p Proposal) get() *proposal {
	if p.d == nil {
		return &proposal{}
	}
	return p.d
}

// Instructions returns the whole new text, cleaned.
func (p Proposal) Instructions() string { return p.get().after }

// NoChange reports whether the text was good as it was.
func (p Proposal) NoChange() bool { return p.get().after == p.get().base.Instructions }

// Changes returns what was done and why: what the optimizer said, else the lines that differ.
func (p Proposal) Changes() []Change { return slices.Clone(p.get().changes) }

// Questions returns what only the author can answer.
func (p Proposal) Questions() []string { return slices.Clone(p.get().questions) }

// Findings returns what lint finds in the text before and in the text after.
func (p Proposal) Findings() (before, after []lint.Finding) {
	return slices.Clone(p.get().was), slices.Clone(p.get().are)
}

// Facts returns the facts of the text before: all of them stand in the text after, too.
func (p Proposal) Facts() []Fact { return slices.Clone(p.get().facts) }

// Warnings returns what changed in the wording, for the author to look at; none of it is hard.
func (p Proposal) Warnings() []Violation { return slices.Clone(p.get().violations) }

// Engine says who made the suggestion.
func (p Proposal) Engine() string { return p.get().engine }

// Passed says why optimizers that were asked before had to be passed over.
func (p Proposal) Passed() []string { return slices.Clone(p.get().passed) }

// Apply returns s with the new instructions. It needs the author's word on each of Warnings: [ErrNotAccepted]
// when one is not among accepted. [ErrStale] when the instructions or the caller intent of s are not those that
// the proposal was made from; other fields may have changed meanwhile and stay as they are in s. When nothing
// is to be changed s comes back as it is.
func (p Proposal) Apply(s job.Spec, accepted ...Violation) (job.Spec, error) {
	d := p.get()
	if job.Clean(s.Instructions) != d.base.Instructions || job.Clean(s.CallerIntent) != d.base.CallerIntent {
		return job.Spec{}, ErrStale
	}
	missing := 0
	for _, v := range d.violations {
		if !slices.Contains(accepted, v) {
			missing++
		}
	}
	if missing > 0 {
		return job.Spec{}, fmt.Errorf("%w: %d of %d", ErrNotAccepted, missing, len(d.violations))
	}
	if !p.NoChange() {
		s.Instructions = d.after
	}
	s.Results = slices.Clone(s.Results)
	return s, nil
}
