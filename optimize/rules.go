package optimize

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/job/lint"
)

// Rules returns the optimizer that needs no model and no network, and always suggests the same for the same text.
// It numbers steps that stand as bullets or as lines, numbers broken lists anew, makes steps of their own of the sentences
// of a crowded step, moves goal and intent to the beginning, gathers what to do with callers who leave the script,
// leaves the first level of headings to the job's name, and makes the safe fixes of lint.
//
// It writes no words but those of labels: every sentence stays. What is missing becomes a question, with the scaffold that
// lint offers; the author fills it in. A change that [Check] would refuse, that alters wording, or after which lint
// finds more than before is left out. What it suggests for its own suggestion is that suggestion again.
//
// Instructions that are blank or longer than a job may have are a *[job.ValidationError]. Safe for concurrent use.
func Rules() Optimizer { return rules{} }

type rules struct{}

// mostRounds is how often the rules look at a text; one that has not come to rest then stays as it was.
const mostRounds = 10

func (rules) Optimize(ctx context.Context, r Request) (Suggestion, error) {
	base := r.Spec.Clean()
	if wrong := job.CheckText("instructions", base.Instructions, true, job.MaxInstructions); len(wrong) > 0 {
		return Suggestion{}, &job.ValidationError{Fields: wrong}
	}
	found := r.Findings
	if found == nil {
		found = lint.Spec(base, r.Lint)
	}
	first := draft{spec: base, lint: r.Lint, found: found}
	d, changes, changed := first, []Change(nil), 0
	for round := 0; ; round++ {
		if ctx.Err() != nil {
			return Suggestion{}, context.Cause(ctx)
		}
		next, made := d.improve()
		if len(made) == 0 {
			break
		}
		d, changed = next, changed+1
		for _, e := range made {
			changes = append(changes, e.change)
		}
		if round == mostRounds {
			changed = -1
			break
		}
	}
	if changed < 0 || changed > 1 && !keepsAll(first.spec, d.spec) {
		d, changes = first, nil
	}
	return Suggestion{Instructions: d.spec.Instructions, Changes: changes, Questions: questions(d.found, r.OffScript), Engine: "rules"}, nil
}

// draft is a text on its way.
type draft struct {
	spec  job.Spec // cleaned
	lint  lint.Context
	found []lint.Finding
}

// fix is one change of a draft, made as a whole or not at all.
type fix struct {
	pieces []piece // in order, apart
	change Change
}

// piece replaces the bytes of span by text.
type piece struct {
	span job.Span
	text string
}

// replacing makes a fix of one piece of s.
func replacing(s string, sp job.Span, text, rule, why string) fix {
	return fix{[]piece{{sp, text}}, Change{rule, why, sp.In(s), text}}
}

func (f fix) overlaps(g fix) bool {
	for _, a := range f.pieces {
		for _, b := range g.pieces {
			if a.span.Start < b.span.End && b.span.Start < a.span.End || a.span == b.span {
				return true
			}
		}
	}
	return false
}

// improve makes the changes that the rules see in d, those that pass. Without any, d is at rest.
func (d draft) improve() (draft, []fix) {
	all := apart(d.fixes())
	if len(all) == 0 {
		return d, nil
	}
	if next, ok := d.try(all); ok {
		return next, all
	}
	const few = 12 // of many that do not go together, the first ones are tried
	var kept []fix
	best := d
	for _, f := range all[:min(few, len(all))] {
		if next, ok := d.try(append(slices.Clone(kept), f)); ok {
			kept, best = append(kept, f), next
		}
	}
	return best, kept
}

// fixes returns what the rules would change, what is more important first.
func (d draft) fixes() []fix {
	var all []fix
	for _, f := range d.found {
		if f.Fix != nil && f.Field == "instructions" {
			sp := f.Fix.Span
			if sp.Start < 0 || sp.End < sp.Start || sp.End > len(d.spec.Instructions) {
				continue
			}
			all = append(all, replacing(d.spec.Instructions, sp, f.Fix.Text, string(f.Rule), f.Message))
		}
	}
	p := newPage(d.spec.Instructions)
	all = append(all, p.leadUp()...)
	all = append(all, p.split(d.found)...)
	all = append(all, p.number()...)
	all = append(all, p.gather()...)
	return append(all, p.demote()...)
}

// apart returns the fixes that do not overlap one before them in the list, in the order of the list.
func apart(all []fix) []fix {
	var kept []fix
	for _, f := range all {
		if !slices.ContainsFunc(kept, f.overlaps) {
			kept = append(kept, f)
		}
	}
	return kept
}

// try makes fixes and looks at the result as the guard and lint will.
func (d draft) try(fixes []fix) (draft, bool) {
	var pieces []piece
	for _, f := range fixes {
		pieces = append(pieces, f.pieces...)
	}
	slices.SortStableFunc(pieces, func(a, b piece) int { return cmp.Or(a.span.Start-b.span.Start, a.span.End-b.span.End) })
	var b strings.Builder
	s, at := d.spec.Instructions, 0
	for _, f := range pieces {
		b.WriteString(s[at:f.span.Start])
		b.WriteString(f.text)
		at = f.span.End
	}
	b.WriteString(s[at:])
	next := d
	next.spec.Instructions = job.Clean(b.String())
	if next.spec.Instructions == s || !keepsAll(d.spec, next.spec) {
		return d, false
	}
	next.found = lint.Spec(next.spec, d.lint)
	return next, !moreFound(d.found, next.found)
}

// keepsAll reports whether after says all of before in the same words: nothing but the order of what has no number changed.
func keepsAll(before, after job.Spec) bool {
	if len(job.CheckText("instructions", after.Instructions, true, job.MaxInstructions)) > 0 {
		return false
	}
	var vs violations
	compareControls(before.Instructions, after.Instructions, &vs)
	if len(vs.list) == 0 && !slices.Equal(strings.Fields(before.Instructions), strings.Fields(after.Instructions)) {
		compareTexts(before, after, &vs)
	}
	for _, v := range vs.list {
		if v.Hard || v.Guard != GuardOrder {
			return false
		}
	}
	return true
}

// moreFound reports whether a rule of lint finds more than it did.
func moreFound(was, are []lint.Finding) bool {
	count := map[lint.RuleID]int{}
	for _, f := range was {
		count[f.Rule]++
	}
	for _, f := range are {
		if count[f.Rule]--; count[f.Rule] < 0 {
			return true
		}
	}
	return false
}
