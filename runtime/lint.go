package runtime

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/job/lint"
	"github.com/sonajobs/sona/runtime/prompt"
	"github.com/sonajobs/sona/storage"
)

// LintOptions says what a host knows beside the workspace, and how strict [LintGate] is.
type LintOptions struct {
	Actions   []job.ActionSpec // the host's own actions: [Runtime.Actions]
	Variables []string         // variables that the host gives a value in every call; nil: not checked

	// At is the least severity that refuses; zero is lint.Error.
	At lint.Severity
	// Live, the workspace of the edits, limits the gate to what an edit brings: findings that callers of the live version
	// live with already do not refuse. With nil every finding does, so that a step with an old one refuses every edit.
	Live *storage.Workspace
}

// LintGate returns a gate for SaveJob, SavePage, RestoreJob, RestorePage and Publish that lints every Sona step that
// an edit reaches: its jobs one by one and all of them together. Findings of [LintOptions.At] and worse refuse the
// edit with a *[LintError] that has them all; nothing was saved.
//
//	gate := runtime.LintGate(runtime.LintOptions{Actions: r.Actions(), Live: ws})
//	saved, err := ws.SaveJob(ctx, id, base, spec, note, gate)
//
// A job that is attached to no live step meets no gate. The gate may be used from many goroutines at once.
func LintGate(o LintOptions) storage.Gate {
	if o.At == 0 {
		o.At = lint.Error
	}
	return func(ctx context.Context, s callflow.Snapshot) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		refused, err := lintSnapshot(s, o)
		if err != nil {
			return err
		}
		if o.Live != nil && len(refused.Findings) > 0 {
			if refused, err = newOnly(ctx, refused, s.Flow().ID(), o); err != nil {
				return err
			}
		}
		if len(refused.Findings) == 0 {
			return nil
		}
		return refused
	}
}

// LintError is what a [LintGate] refuses with.
type LintError struct {
	At       lint.Severity
	Findings []lint.Finding // at At and worse, step after step, each once
	Report   lint.Report    // the same, with the lines that they stand in
}

// Error names the first findings.
func (e *LintError) Error() string {
	const shown = 3
	var b strings.Builder
	fmt.Fprintf(&b, "lint: %d at or above %s", len(e.Findings), e.At)
	for i, f := range e.Findings {
		if i == shown {
			fmt.Fprintf(&b, "; and %d more", len(e.Findings)-i)
			break
		}
		about := f.Field
		if f.Job != "" {
			about = fmt.Sprintf("job %q", f.Name)
		}
		fmt.Fprintf(&b, "; %s: %s: %s", about, f.Rule, f.Message)
	}
	return b.String()
}

// lintSnapshot returns the findings on all Sona steps that are bad enough, each once: steps share jobs.
func lintSnapshot(s callflow.Snapshot, o LintOptions) (*LintError, error) {
	e := &LintError{At: o.At}
	seen := map[lintKey]bool{}
	for _, step := range s.Version().SonaSteps() {
		c, err := prompt.LintContext(s, step, prompt.Options{Actions: o.Actions, Variables: o.Variables})
		if err != nil {
			return nil, err
		}
		jobs := s.Jobs(step)
		found := slices.DeleteFunc(lint.Set(jobs, c), func(f lint.Finding) bool {
			k := keyOf(f)
			double := seen[k]
			seen[k] = true
			return f.Severity < o.At || double
		})
		e.Findings = append(e.Findings, found...)
		e.Report.Entries = append(e.Report.Entries, lint.NewReport(lint.Sources(jobs...), c, found).Entries...)
	}
	return e, nil
}

// newOnly leaves out what the live version of the flow has, too.
func newOnly(ctx context.Context, e *LintError, flow callflow.ID, o LintOptions) (*LintError, error) {
	live, err := o.Live.Snapshot(ctx, flow)
	if errors.Is(err, storage.ErrUnpublished) || errors.Is(err, storage.ErrNotFound) {
		return e, nil
	}
	if err != nil {
		return nil, err
	}
	o.At = lint.Hint // a finding that was a hint before is not new
	old, err := lintSnapshot(live, o)
	if err != nil {
		return nil, err
	}
	left := &LintError{At: e.At, Findings: lint.Added(old.Findings, e.Findings)}
	for _, f := range left.Findings {
		at := slices.IndexFunc(e.Findings, func(g lint.Finding) bool { return keyOf(f) == keyOf(g) })
		left.Report.Entries = append(left.Report.Entries, e.Report.Entries[at])
	}
	return left, nil
}

// lintKey tells findings of one snapshot apart.
type lintKey struct {
	job    job.ID
	field  string
	ignore string
	at     job.Span
}

func keyOf(f lint.Finding) lintKey {
	return lintKey{job: f.Job, field: f.Field, ignore: f.Ignore, at: f.Span}
}
