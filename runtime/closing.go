package runtime

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/storage"
)

const (
	unknownAfterCrash = "the host ended in the middle: whether it was done is not known"
	crashed           = "the host ended in the middle of the call"
)

// CloseAbandoned closes the calls that a killed host has left in progress, and the summaries that it owes; call it
// when a host starts. olderThan is how long ago a call must have begun, so that it cannot be under way any more,
// elsewhere neither: longer than the longest call. A call in progress becomes failed, with the fallback exit of its
// step; its actions that did not come back have an unknown end and are not done again. Summaries are taken word for
// word from what was stored. Each record is handed to OnRecord as usual.
//
// It returns how many records it closed. Several processes may do so at a time: each record is closed once. A
// record that cannot be read or written is left as it is, the others are closed, and the error tells of it.
func (r *Runtime) CloseAbandoned(ctx context.Context, w *storage.Workspace, olderThan time.Duration) (int, error) {
	n, all := 0, error(nil)
	for rec, err := range w.OpenCalls(ctx, time.Now().Add(-olderThan)) {
		if err == nil {
			err = r.close(ctx, w, rec)
		}
		switch {
		case errors.Is(err, storage.ErrConflict): // somebody else has closed it, or its call goes on after all
		case err != nil:
			all = errors.Join(all, err)
		default:
			n++
		}
		if ctx.Err() != nil {
			break
		}
	}
	if all != nil {
		all = fmt.Errorf("runtime: close abandoned calls: %w", all)
	}
	return n, all
}

func (r *Runtime) close(ctx context.Context, w *storage.Workspace, rec call.Record) error {
	now := time.Now()
	jobs := among(nil)
	snap, err := w.SnapshotOf(ctx, rec)
	if err == nil {
		jobs = among(snap.Jobs(rec.Step))
	}
	if rec.Status == call.InProgress {
		for i := range rec.Effects {
			if f := &rec.Effects[i]; !f.Done && f.Err == "" {
				f.Err = unknownAfterCrash
			}
		}
		rec.Status = call.Broken
		rec.Outcome = call.Outcome{Kind: call.Failed, Reason: crashed}
		rec.Outcome.Exit = rec.Outcome.Kind.Exit()
		if err == nil {
			step, _ := snap.Version().Step(rec.Step)
			rec.Outcome.Next = step.Next[rec.Outcome.Exit]
		}
		rec.EndedAt = lastSign(rec)
		rec.Notes = append(rec.Notes, call.Note{Kind: call.NoteDegraded, Text: crashed + ": it was closed afterwards", At: now})
		rec.Summary = summarize(rec, jobs)
	} else {
		rec.Summary = summarize(rec, jobs)
		rec.Summary.Status = call.SummaryFailed
		rec.Notes = append(rec.Notes, call.Note{Kind: call.NoteDegraded, Text: "the host ended before the summary was there: what stands there was taken from the call word for word", At: now})
	}
	if r.config.Redact != nil {
		redactSummary(&rec.Summary, r.redacted) // the rest was redacted when it was stored
	}
	if err := w.RecordCall(ctx, rec); err != nil {
		return err
	}
	r.deliver(ctx, rec)
	return nil
}

// lastSign returns the last point in time at which the call is known to have gone on.
func lastSign(r call.Record) time.Time {
	last := r.StartedAt
	for _, t := range r.Turns {
		last = later(last, t.At)
	}
	for _, f := range r.Effects {
		last = later(last, f.At)
	}
	for _, n := range r.Notes {
		last = later(last, n.At)
	}
	return last
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
