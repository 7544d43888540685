package runtime

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/storage"
)

// record returns a copy of the record as it may leave the call: redacted, and shared with nobody.
func (e *engine) record() call.Record {
	r := e.rec
	r.Jobs, r.Pages, r.Receipt.Inputs = maps.Clone(r.Jobs), maps.Clone(r.Pages), maps.Clone(r.Receipt.Inputs)
	r.Used, r.Notes = slices.Clone(r.Used), slices.Clone(r.Notes)
	r.Turns, r.Effects = slices.Clone(r.Turns), slices.Clone(r.Effects)
	s := &r.Summary
	s.Summary, s.NextSteps, s.Jobs = slices.Clone(s.Summary), slices.Clone(s.NextSteps), slices.Clone(s.Jobs)
	for i := range s.Jobs {
		s.Jobs[i].Result.Data = slices.Clone(s.Jobs[i].Result.Data)
	}
	if e.rt.config.Redact != nil {
		redact(&r, e.rt.redacted)
	}
	return r
}

// register writes the record down for the first time. The only error is that there is one with its ID already: this
// is no second call.
func (e *engine) register(ctx context.Context) error {
	if err := e.save(ctx, (*storage.Workspace).BeginCall); errors.Is(err, storage.ErrConflict) {
		return fmt.Errorf("runtime: begin: %w", err)
	}
	return nil
}

// persist writes the record down as it stands. A call whose beginning could not be written down begins here, and may
// find that another has begun under its ID since: a webhook came twice while storage was down. That one's record is
// never written over; this call goes on, and its record is only handed back.
func (e *engine) persist(ctx context.Context) error {
	err := e.save(ctx, func(ws *storage.Workspace, ctx context.Context, r call.Record) error {
		return write(ctx, ws, r, e.begun)
	})
	if !e.begun && errors.Is(err, storage.ErrConflict) {
		e.ws = nil
		e.note(call.NoteDegraded, "", "", "a call was recorded under the same ID, or erased, while storage was down: this record is not stored")
		return nil
	}
	return err
}

// write writes a record down that may be the first of its call: begun tells that it is not.
func write(ctx context.Context, ws *storage.Workspace, r call.Record, begun bool) error {
	if begun {
		return ws.RecordCall(ctx, r)
	}
	err := ws.BeginCall(ctx, r)
	if !errors.Is(err, storage.ErrConflict) {
		return err
	}
	switch there, fault := ws.Call(ctx, r.ID); {
	case errors.Is(fault, storage.ErrNotFound): // erased
		return err
	case fault != nil:
		return fault
	case !there.StartedAt.Equal(r.StartedAt):
		return err
	}
	return ws.RecordCall(ctx, r) // an earlier write has arrived, and nobody was told
}

// save writes the record down. A call never fails for storage: what could not be written is said in the record,
// once, and the next write holds all of it.
func (e *engine) save(ctx context.Context, record func(*storage.Workspace, context.Context, call.Record) error) error {
	if e.ws == nil {
		return nil
	}
	limit := mostStore
	if e.ended { // nobody waits any more
		limit = e.rt.limits.Action
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), limit)
	defer cancel()
	err := record(e.ws, ctx, e.record())
	if err == nil {
		e.begun = true
		return nil
	}
	e.rt.log().ErrorContext(ctx, "record not stored", "gen_ai.conversation.id", e.rec.ID, "status", e.rec.Status, "error.type", fmt.Sprintf("%T", err))
	if !e.unstored {
		e.unstored = true
		e.note(call.NoteDegraded, "", "", "the record could not be stored at some point: storage failed")
	}
	return err
}

// end closes the call: it waits for an action under way, summarises, stores the record and hands it to
// OnRecord. It returns the record as it was stored; a summary by a model comes later, and so does the record
// itself when storage fails.
func (e *engine) end(ctx context.Context) call.Record {
	if e.ended {
		return e.record()
	}
	e.ended = true
	e.interrupt()
	e.wait()
	if !e.over {
		o := call.Outcome{Kind: call.HungUp}
		if e.ending != nil {
			o = e.ending.outcome
		}
		e.finish(o)
	}
	e.rec.EndedAt = time.Now()
	e.rec.Status = call.Completed
	if e.rec.Outcome.Kind == call.Failed {
		e.rec.Status = call.Broken
	}
	jobs := planned(e.prompt)
	e.rec.Summary = summarize(e.rec, jobs)
	whole := e.record()
	later := e.rt.config.Summarizer != nil && firstWords(e.rec) != ""
	if later {
		e.rec.Summary = call.Summary{Status: call.SummaryInProgress, Summary: []string{}, NextSteps: []string{}, Jobs: []call.JobResult{}}
	}
	err := e.persist(ctx)
	e.logEnd(ctx)
	if later {
		whole.Notes = e.record().Notes
		e.rt.summarizeLater(ctx, e.ws, whole, e.begun, jobs)
		return e.record()
	}
	if err != nil && !errors.Is(err, storage.ErrConflict) {
		e.rt.storeLater(ctx, e.ws, e.record(), e.begun)
		return e.record()
	}
	e.rt.deliver(ctx, e.record())
	return e.record()
}

// wait lets what is under way outside come back: an action within its own time, requests to the model within
// a short one, since they were cancelled.
func (e *engine) wait() {
	patience := time.NewTimer(mostGone)
	defer patience.Stop()
	for gone := false; e.acting != nil || e.asking > 0 && !gone; {
		if f, ok := e.mail.take(); ok {
			f()
			continue
		}
		select {
		case <-e.mail.ready:
		case <-patience.C:
			gone = true
		}
	}
}

const (
	mostStore = 3 * time.Second // for a write while the caller waits
	mostGone  = time.Second     // for a cancelled request to come back
)
