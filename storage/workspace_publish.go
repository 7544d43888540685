package storage

import (
	"bytes"
	"context"
	"fmt"
	"iter"

	"github.com/sonajobs/sona/callflow"
)

// Publish makes the draft of a flow what callers meet: every call that begins after it runs on it, and
// none on a mix (Seed 11, 20). It is one write. base is the revision that the author saw, else the error is
// a *[FlowConflictError]. The gates are asked first, about the draft joined with its jobs and pages as
// they stand; what one of them returns is in the error, and nothing is published. A draft without changes
// is published already: the gates are not asked, and there is no new revision. A number that another
// published flow holds is [ErrTaken] in a *[RefError] that names the holder.
func (w *Workspace) Publish(ctx context.Context, id callflow.ID, base int, gates ...Gate) (callflow.Flow, error) {
	f, err := w.flowAt(ctx, id, base)
	if err != nil {
		return callflow.Flow{}, err
	}
	at := w.stamp(base, "")
	g, err := f.Publish(at.At, at.By)
	if err != nil {
		return callflow.Flow{}, err
	}
	if g.Equal(f) {
		return f, nil
	}
	if len(gates) > 0 {
		s, err := w.DraftSnapshot(ctx, id)
		if err != nil {
			return callflow.Flow{}, err
		}
		if s.Flow().Revision() != base {
			return callflow.Flow{}, &FlowConflictError{Base: base, Theirs: s.Flow()}
		}
		if err := ask(ctx, s, gates); err != nil {
			return callflow.Flow{}, err
		}
	}
	return w.saveFlow(ctx, g.Stamped(at))
}

// Discard makes the draft what is published; before the first publish there is nothing to go back to, and
// nothing happens. A stale base is a *[FlowConflictError].
func (w *Workspace) Discard(ctx context.Context, id callflow.ID, base int) (callflow.Flow, error) {
	f, err := w.flowAt(ctx, id, base)
	if err != nil {
		return callflow.Flow{}, err
	}
	return w.saveChange(ctx, f, f.Discard())
}

// Rollback makes the draft what was published once, with its steps and attachments; callers meet it after
// the next Publish. Job and page texts do not go back with it: RestoreJob does that. What it names and
// was deleted since is reported by the snapshot's Missing. A version that this flow never published is
// ErrNotFound in a *[RefError]; a stale base is a *[FlowConflictError].
func (w *Workspace) Rollback(ctx context.Context, id callflow.ID, base int, to callflow.Version) (callflow.Flow, error) {
	f, err := w.flowAt(ctx, id, base)
	if err != nil {
		return callflow.Flow{}, err
	}
	// Only what this flow published may come in: a version of another flow could name anything.
	own, err := w.publishing(ctx, id, to.Number())
	if err != nil {
		return callflow.Flow{}, err
	}
	if v, _ := own.Published(); !sameVersion(v, to) {
		return callflow.Flow{}, noVersion(id, to.Number())
	}
	return w.saveChange(ctx, f, f.Rollback(to))
}

// Versions yields what a flow has published, newest first, each version once; also of a flow that was
// deleted. A revision that cannot be read is yielded as its error. A flow that never was is ErrNotFound
// in a *[RefError]; one that was never published yields nothing.
func (w *Workspace) Versions(ctx context.Context, id callflow.ID) iter.Seq2[callflow.Version, error] {
	return func(yield func(callflow.Version, error) bool) {
		last := 0
		for f, err := range w.flowHistory(ctx, id) {
			v, published := f.Published()
			if err == nil && (!published || v.Number() == last) {
				continue
			}
			last = v.Number()
			if !yield(v, err) {
				return
			}
		}
	}
}

// publishing returns the revision of a flow that published a version under this number: mostly one of the newest,
// so those are looked through, and where it is older it is halved for. Numbers rise with the revisions, from 1.
func (w *Workspace) publishing(ctx context.Context, id callflow.ID, number int) (callflow.Flow, error) {
	var since callflow.Flow // the oldest revision known to have the version, or a later one
	near := historyPage - 1 // that one read brings
	for f, err := range w.flowHistory(ctx, id) {
		if err != nil {
			return callflow.Flow{}, err
		}
		if number < 1 || publishedNumber(f) < number {
			break
		}
		since = f
		if near--; near == 0 {
			if since, err = w.publishingBefore(ctx, id, number, since); err != nil {
				return callflow.Flow{}, err
			}
			break
		}
	}
	if since.IsZero() || publishedNumber(since) != number {
		return callflow.Flow{}, noVersion(id, number)
	}
	return since, nil
}

// publishingBefore returns the first revision that has a version with this number or a later one. since is a revision
// that has.
func (w *Workspace) publishingBefore(ctx context.Context, id callflow.ID, number int, since callflow.Flow) (callflow.Flow, error) {
	for from := 1; from < since.Revision(); { // those below from have not
		middle := from + (since.Revision()-from)/2
		f, err := w.flowUpTo(ctx, id, middle)
		if err != nil {
			return callflow.Flow{}, err
		}
		if publishedNumber(f) < number {
			from = middle + 1
		} else {
			since = f
		}
	}
	return since, nil
}

// publishedNumber is 0 for what was not published.
func publishedNumber(f callflow.Flow) int {
	v, _ := f.Published()
	return v.Number()
}

// flowUpTo returns the newest revision of a flow up to one, and of those that are there; the zero Flow when none is.
func (w *Workspace) flowUpTo(ctx context.Context, id callflow.ID, revision int) (callflow.Flow, error) {
	for {
		docs, err := w.storage.History(ctx, w.id, flowRef(id), revision+1, 1)
		if err != nil || len(docs) == 0 {
			return callflow.Flow{}, err
		}
		if doc := docs[0]; !doc.Deleted && len(doc.Value) > 0 {
			return read[callflow.Flow](w, doc)
		}
		revision = docs[0].Revision - 1
		if revision == 0 {
			return callflow.Flow{}, nil
		}
	}
}

const historyPage = 20 // revisions that are read at once

// flowHistory yields the revisions of a flow, newest first, without the tombstone. A revision that cannot
// be read is yielded as its error, and the others follow; an error of storage is the last.
func (w *Workspace) flowHistory(ctx context.Context, id callflow.ID) iter.Seq2[callflow.Flow, error] {
	return func(yield func(callflow.Flow, error) bool) {
		if _, err := callflow.ParseID(string(id)); err != nil {
			yield(callflow.Flow{}, err)
			return
		}
		for before := 0; ; {
			docs, err := w.storage.History(ctx, w.id, flowRef(id), before, historyPage)
			if err == nil && len(docs) == 0 && before == 0 {
				err = &RefError{Ref: flowRef(id), Err: ErrNotFound}
			}
			if err != nil {
				yield(callflow.Flow{}, err)
				return
			}
			for _, doc := range docs {
				before = doc.Revision
				if doc.Deleted || len(doc.Value) == 0 {
					continue
				}
				if !yield(read[callflow.Flow](w, doc)) {
					return
				}
			}
			if len(docs) < historyPage {
				return
			}
		}
	}
}

func noVersion(id callflow.ID, number int) error {
	return &RefError{Ref: flowRef(id), Err: fmt.Errorf("version %d: %w", number, ErrNotFound)}
}

func sameVersion(v, w callflow.Version) bool {
	a, errA := v.MarshalJSON()
	b, errB := w.MarshalJSON()
	return errA == nil && errB == nil && bytes.Equal(a, b)
}
