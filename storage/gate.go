package storage

import (
	"context"
	"errors"
	"fmt"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/callflow/knowledge"
	"github.com/sonajobs/sona/job"
)

// Gate judges what callers are about to meet: nil lets it pass. It gets a whole snapshot, so that lint, the
// prompt's budget and mock calls can all be gates. A gate must not write to the workspace.
//
// An edit of a job is as live as a publish, so both ask the gates: Publish with the draft, an edit with
// every published flow that it reaches, under the number of the version that is live. A gate guards against an edit, not against two at once: what
// somebody else saves between its verdict and the write is not seen by it.
type Gate func(ctx context.Context, s callflow.Snapshot) error

// gateJob asks the gates about every published flow that names the candidate, with it in place. All of
// them are asked, so that the author sees everything that is in the way at once.
func (w *Workspace) gateJob(ctx context.Context, candidate job.Job, gates []Gate) error {
	return w.gate(ctx, liveJob(candidate.ID()), gates, func(s callflow.Snapshot) callflow.Snapshot {
		jobs, pages := texts(s)
		return callflow.NewSnapshot(s.Flow(), s.Version(), append(jobs, candidate), pages, s.Settings())
	})
}

// gatePage is gateJob for a Knowledge page.
func (w *Workspace) gatePage(ctx context.Context, candidate knowledge.Page, gates []Gate) error {
	return w.gate(ctx, livePage(candidate.ID()), gates, func(s callflow.Snapshot) callflow.Snapshot {
		jobs, pages := texts(s)
		return callflow.NewSnapshot(s.Flow(), s.Version(), jobs, append(pages, candidate), s.Settings())
	})
}

func (w *Workspace) gate(ctx context.Context, term string, gates []Gate, put func(callflow.Snapshot) callflow.Snapshot) error {
	if len(gates) == 0 {
		return nil
	}
	var refused []error
	for flow, err := range w.flows(ctx, term) {
		if err != nil {
			return err
		}
		s, err := w.Snapshot(ctx, flow.ID())
		if errors.Is(err, ErrNotFound) {
			continue // deleted since it was listed
		}
		if err != nil {
			return err
		}
		if err := ask(ctx, put(s), gates); err != nil {
			refused = append(refused, err)
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	return errors.Join(refused...)
}

// ask runs the gates on one snapshot, all of them.
func ask(ctx context.Context, s callflow.Snapshot, gates []Gate) error {
	var refused []error
	for _, gate := range gates {
		if err := gate(ctx, s); err != nil {
			refused = append(refused, fmt.Errorf("flow %q: refused: %w", s.Flow().Name(), err))
		}
	}
	return errors.Join(refused...)
}

// texts returns the jobs and pages that a snapshot holds.
func texts(s callflow.Snapshot) (jobs []job.Job, pages []knowledge.Page) {
	for _, step := range s.Version().SonaSteps() {
		jobs, pages = append(jobs, s.Jobs(step)...), append(pages, s.Pages(step)...)
	}
	return jobs, pages
}
