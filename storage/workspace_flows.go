package storage

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/callflow/knowledge"
	"github.com/sonajobs/sona/job"
)

// CreateFlow saves a new flow. Nobody meets it before it is published. The jobs and pages that it names
// must exist: else ErrNotFound in a *[RefError] that says which. Several flows may name a number; the
// first that is published holds it. What breaks a rule of callflow.New is refused with its error.
func (w *Workspace) CreateFlow(ctx context.Context, s callflow.Spec) (callflow.Flow, error) {
	f, err := callflow.New(s)
	if err != nil {
		return callflow.Flow{}, err
	}
	if err := w.mustExist(ctx, f, names(f.Draft())); err != nil {
		return callflow.Flow{}, err
	}
	return w.saveFlow(ctx, f.Stamped(w.stamp(0, "")))
}

// Flow returns the newest revision of a flow, or ErrNotFound in a *[RefError]. An ill-formed ID is a
// *[job.ValidationError], here as in every method that takes one.
func (w *Workspace) Flow(ctx context.Context, id callflow.ID) (callflow.Flow, error) {
	if _, err := callflow.ParseID(string(id)); err != nil {
		return callflow.Flow{}, err
	}
	return load[callflow.Flow](ctx, w, flowRef(id))
}

// FlowByNumber returns the flow that is live on a number. Where none is, it returns one that names the
// number and is not published, the first by name, so that an editor can lead to it; else ErrNotFound in
// a *[RefError]. What is no line at all is not found, too, and the *[job.FieldError] says why.
func (w *Workspace) FlowByNumber(ctx context.Context, n callflow.Line) (callflow.Flow, error) {
	line, err := callflow.ParseLine(string(n))
	if err != nil {
		return callflow.Flow{}, noLine(n, err)
	}
	for _, term := range []string{liveByNumber(line), byNumber(line)} {
		for f, err := range w.flows(ctx, term) {
			return f, err
		}
	}
	return callflow.Flow{}, &RefError{Ref: Ref{KindFlow, byNumber(line)}, Err: ErrNotFound}
}

func noLine(n callflow.Line, why error) error {
	return &RefError{Ref: Ref{KindFlow, byNumber(n)}, Err: fmt.Errorf("%w: %w", ErrNotFound, why)}
}

// Flows yields every flow in the order of their names. A flow that cannot be read is yielded as its
// error, and the others follow; an error of storage is the last.
func (w *Workspace) Flows(ctx context.Context) iter.Seq2[callflow.Flow, error] { return w.flows(ctx) }

// EditDraft changes the draft of a flow; callers meet the change when it is published. base is the
// revision that the author saw: when it is not the newest, or somebody else is quicker, the error is a
// *[FlowConflictError]. edit runs at most once, and what it returns as an error comes back. Jobs and pages
// that the edit newly names must exist: else ErrNotFound in a *[RefError] that says which. An edit
// that changes nothing makes no revision.
func (w *Workspace) EditDraft(ctx context.Context, id callflow.ID, base int, edit func(*callflow.Draft) error) (callflow.Flow, error) {
	f, err := w.flowAt(ctx, id, base)
	if err != nil {
		return callflow.Flow{}, err
	}
	g, err := f.EditDraft(edit)
	if err != nil {
		return callflow.Flow{}, err
	}
	had := names(f.Draft())
	added := slices.DeleteFunc(names(g.Draft()), func(r Ref) bool { return slices.Contains(had, r) })
	if err := w.mustExist(ctx, g, added); err != nil {
		return callflow.Flow{}, err
	}
	return w.saveChange(ctx, f, g)
}

// Attach toggles a job on in the draft of a Sona step. It needs no base, because attaching commutes: when
// somebody else is quicker it reads again and tries again, until ctx ends. A job that is on stays where
// it is, without a new revision. An unknown job is ErrNotFound in a *[RefError]; the 11th is a
// *[callflow.TooManyJobsError], and the ten stay. Seed 11 to 15.
func (w *Workspace) Attach(ctx context.Context, id callflow.ID, step callflow.StepID, j job.ID) (callflow.Flow, error) {
	if _, err := job.ParseID(string(j)); err != nil {
		return callflow.Flow{}, err
	}
	return w.toggle(ctx, id, func(d *callflow.Draft) error { return d.Attach(step, j) }, jobRef(j))
}

// Detach toggles a job off in the draft; what is published keeps it until the next publish (Seed 16). A
// job that is off, or was deleted, is no error. As to others who edit meanwhile it is like Attach.
func (w *Workspace) Detach(ctx context.Context, id callflow.ID, step callflow.StepID, j job.ID) (callflow.Flow, error) {
	return w.toggle(ctx, id, func(d *callflow.Draft) error { return d.Detach(step, j) })
}

// AttachPage selects a Knowledge page for a Sona step, like Attach.
func (w *Workspace) AttachPage(ctx context.Context, id callflow.ID, step callflow.StepID, p knowledge.ID) (callflow.Flow, error) {
	if _, err := knowledge.ParseID(string(p)); err != nil {
		return callflow.Flow{}, err
	}
	return w.toggle(ctx, id, func(d *callflow.Draft) error { return d.AttachPage(step, p) }, pageRef(p))
}

// DetachPage deselects a Knowledge page, like Detach.
func (w *Workspace) DetachPage(ctx context.Context, id callflow.ID, step callflow.StepID, p knowledge.ID) (callflow.Flow, error) {
	return w.toggle(ctx, id, func(d *callflow.Draft) error { return d.DetachPage(step, p) })
}

// SetNumbers says which numbers lead to a flow. Numbers are no part of a version: for a published flow the
// change is live at once. A number that another published flow holds is [ErrTaken] in a *[RefError] that
// names the holder; a stale base is a *[FlowConflictError].
func (w *Workspace) SetNumbers(ctx context.Context, id callflow.ID, base int, numbers []callflow.Line) (callflow.Flow, error) {
	f, err := w.flowAt(ctx, id, base)
	if err != nil {
		return callflow.Flow{}, err
	}
	g, err := f.WithNumbers(numbers)
	if err != nil {
		return callflow.Flow{}, err
	}
	return w.saveChange(ctx, f, g)
}

// DeleteFlow deletes a flow, published or not, and releases its numbers. Its history stays: records of
// calls still find the version that they ran on. A stale base is a *[FlowConflictError].
func (w *Workspace) DeleteFlow(ctx context.Context, id callflow.ID, base int) error {
	f, err := w.flowAt(ctx, id, base)
	if err != nil {
		return err
	}
	doc, err := flowDocument(f.Stamped(w.stamp(base, "")))
	if err != nil {
		return err
	}
	doc.Deleted, doc.Unique, doc.Terms = true, nil, nil
	return w.conflict(ctx, id, base, w.put(ctx, doc))
}

// toggle edits a draft without a base. The edit may run several times; the things it attaches must exist.
func (w *Workspace) toggle(ctx context.Context, id callflow.ID, edit func(*callflow.Draft) error, attached ...Ref) (callflow.Flow, error) {
	if _, err := callflow.ParseID(string(id)); err != nil {
		return callflow.Flow{}, err
	}
	for {
		found, err := w.fetch(ctx, append(attached, flowRef(id))...)
		if err != nil {
			return callflow.Flow{}, err
		}
		f, ok := found[flowRef(id)].(callflow.Flow)
		if !ok {
			return callflow.Flow{}, &RefError{Ref: flowRef(id), Err: ErrNotFound}
		}
		if err := allThere(f, found, attached); err != nil {
			return callflow.Flow{}, err
		}
		g, err := f.EditDraft(edit)
		if err != nil {
			return callflow.Flow{}, err
		}
		g, err = w.saveChange(ctx, f, g)
		if !errors.Is(err, ErrConflict) {
			return g, err
		}
		if err := ctx.Err(); err != nil {
			return callflow.Flow{}, err
		}
	}
}

// flowAt returns a flow if base is its newest revision.
func (w *Workspace) flowAt(ctx context.Context, id callflow.ID, base int) (callflow.Flow, error) {
	f, err := w.Flow(ctx, id)
	if err != nil {
		return callflow.Flow{}, err
	}
	if f.Revision() != base {
		return callflow.Flow{}, &FlowConflictError{Base: base, Theirs: f}
	}
	return f, nil
}

// saveChange saves g as the revision after f; if they are equal there is nothing to save.
func (w *Workspace) saveChange(ctx context.Context, f, g callflow.Flow) (callflow.Flow, error) {
	if g.Equal(f) {
		return f, nil
	}
	return w.saveFlow(ctx, g.Stamped(w.stamp(f.Revision(), "")))
}

// saveFlow writes f, which has its new stamp already.
func (w *Workspace) saveFlow(ctx context.Context, f callflow.Flow) (callflow.Flow, error) {
	doc, err := flowDocument(f)
	if err != nil {
		return callflow.Flow{}, err
	}
	if err := w.conflict(ctx, f.ID(), f.Revision()-1, w.put(ctx, doc)); err != nil {
		return callflow.Flow{}, w.taken(ctx, f, err)
	}
	return f, nil
}

// taken adds to ErrTaken which number it is about and what the flow is called that has it.
func (w *Workspace) taken(ctx context.Context, f callflow.Flow, err error) error {
	if !errors.Is(err, ErrTaken) {
		return err
	}
	numbers, where := f.Numbers(), "another flow"
	if at, ok := errors.AsType[*RefError](err); ok {
		if holder, unread := w.Flow(ctx, callflow.ID(at.Ref.ID)); unread == nil {
			where = fmt.Sprintf("%q", holder.Name())
			numbers = slices.DeleteFunc(numbers, func(n callflow.Line) bool { return !slices.Contains(holder.Numbers(), n) })
		}
	}
	return fmt.Errorf("flow %q: %q is live on %s: %w", f.Name(), numbers, where, err)
}

// conflict turns a lost race for a flow into the error that shows what the others saved.
func (w *Workspace) conflict(ctx context.Context, id callflow.ID, base int, err error) error {
	if !errors.Is(err, ErrConflict) {
		return err
	}
	theirs, err := w.Flow(ctx, id)
	if err != nil {
		return err
	}
	return &FlowConflictError{Base: base, Theirs: theirs}
}

// mustExist looks up what a flow newly names, all in one read.
func (w *Workspace) mustExist(ctx context.Context, f callflow.Flow, refs []Ref) error {
	if len(refs) == 0 {
		return nil
	}
	found, err := w.fetch(ctx, refs...)
	if err != nil {
		return err
	}
	return allThere(f, found, refs)
}

func allThere(f callflow.Flow, found map[Ref]any, refs []Ref) error {
	for _, ref := range refs {
		if found[ref] == nil {
			return fmt.Errorf("flow %q: names a %s that is not in this workspace: %w", f.Name(), ref.Kind, &RefError{Ref: ref, Err: ErrNotFound})
		}
	}
	return nil
}

// flows yields the flows that have all terms, in the order of their names.
func (w *Workspace) flows(ctx context.Context, terms ...string) iter.Seq2[callflow.Flow, error] {
	return func(yield func(callflow.Flow, error) bool) {
		for doc, err := range w.each(ctx, Query{Kind: KindFlow, Terms: terms}) {
			var f callflow.Flow
			if err == nil {
				f, err = read[callflow.Flow](w, doc)
			}
			if !yield(f, err) {
				return
			}
		}
	}
}

// each yields every document that q selects, page by page. An error of storage is the last it yields.
func (w *Workspace) each(ctx context.Context, q Query) iter.Seq2[Doc, error] {
	return func(yield func(Doc, error) bool) {
		for q.Limit = 8; ; q.Limit = 100 { // most look for one
			docs, err := w.storage.List(ctx, w.id, q)
			if err != nil {
				yield(Doc{}, err)
				return
			}
			for _, doc := range docs {
				if !yield(doc, nil) {
					return
				}
			}
			if len(docs) < q.Limit {
				return
			}
			q.After = docs[len(docs)-1].Key()
		}
	}
}

// flowDocument is the only place that says under which unique strings and terms a flow is kept.
func flowDocument(f callflow.Flow) (Doc, error) {
	doc, err := document(flowRef(f.ID()), f.Stamp(), sortKey(f.Name()), f)
	if err != nil {
		return Doc{}, err
	}
	terms := func(v callflow.Version, job func(job.ID) string, page func(knowledge.ID) string) {
		jobs, pages := v.Names()
		for _, id := range jobs {
			doc.Terms = append(doc.Terms, job(id))
		}
		for _, id := range pages {
			doc.Terms = append(doc.Terms, page(id))
		}
	}
	terms(f.Draft(), draftJob, draftPage)
	live, published := f.Published()
	if published {
		terms(live, liveJob, livePage)
	}
	for _, n := range f.Numbers() {
		doc.Terms = append(doc.Terms, byNumber(n))
		if published {
			doc.Terms = append(doc.Terms, liveByNumber(n))
			doc.Unique = append(doc.Unique, "live:"+string(n))
		}
	}
	return doc, nil
}

// The terms of flows. A number has two, so that the flow that is live on it is found at once however
// many drafts name it.
func draftJob(id job.ID) string           { return "draft:" + string(id) }
func liveJob(id job.ID) string            { return "live:" + string(id) }
func draftPage(id knowledge.ID) string    { return "draft-page:" + string(id) }
func livePage(id knowledge.ID) string     { return "live-page:" + string(id) }
func byNumber(n callflow.Line) string     { return "number:" + string(n) }
func liveByNumber(n callflow.Line) string { return "live-number:" + string(n) }

func flowRef(id callflow.ID) Ref  { return Ref{KindFlow, string(id)} }
func jobRef(id job.ID) Ref        { return Ref{KindJob, string(id)} }
func pageRef(id knowledge.ID) Ref { return Ref{KindPage, string(id)} }

// names returns what a version names, as refs.
func names(v callflow.Version) []Ref {
	jobs, pages := v.Names()
	refs := make([]Ref, 0, len(jobs)+len(pages))
	for _, id := range jobs {
		refs = append(refs, jobRef(id))
	}
	for _, id := range pages {
		refs = append(refs, pageRef(id))
	}
	return refs
}
