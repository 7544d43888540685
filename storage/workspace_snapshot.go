package storage

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/callflow/knowledge"
	"github.com/sonajobs/sona/job"
)

// Snapshot returns what a call that begins now runs on: the published version of a flow joined with the
// newest revisions of its jobs and pages and the settings, all from one consistent read. The errors are
// ErrNotFound and [ErrUnpublished], in a *[RefError]. Jobs and pages that were deleted are left out and
// reported by the snapshot's Missing.
//
// It costs one read, in which storage sends nothing that this Workspace holds already; when the flow has
// come to name other jobs or pages, two. Keep the Workspace, so that it holds something.
func (w *Workspace) Snapshot(ctx context.Context, id callflow.ID) (callflow.Snapshot, error) {
	return w.join(ctx, id, ofPublished)
}

// DraftSnapshot is Snapshot for the draft: for mock calls, previews and gates. No caller meets it.
func (w *Workspace) DraftSnapshot(ctx context.Context, id callflow.ID) (callflow.Snapshot, error) {
	return w.join(ctx, id, ofDraft)
}

// SnapshotFor is Snapshot for the flow that is live on a number. A number that only drafts name is
// ErrUnpublished, one that no flow names ErrNotFound. Where the flow is known from an earlier call it costs
// one read like Snapshot: that read tells whether the flow is still live on the number. Seed 55.
func (w *Workspace) SnapshotFor(ctx context.Context, n callflow.Line) (callflow.Snapshot, error) {
	line, err := callflow.ParseLine(string(n))
	if err != nil {
		return callflow.Snapshot{}, noLine(n, err)
	}
	known := Ref{kindLine, string(line)}
	id, ok := w.recall(known).(callflow.ID)
	for range maxJoins {
		if ok {
			s, err := w.join(ctx, id, ofPublished)
			if err == nil && slices.Contains(s.Flow().Numbers(), line) {
				return s, nil
			}
			if err != nil && !errors.Is(err, ErrNotFound) && !errors.Is(err, ErrUnpublished) {
				return callflow.Snapshot{}, err
			}
		}
		f, err := w.FlowByNumber(ctx, line)
		if err != nil {
			return callflow.Snapshot{}, err
		}
		if _, published := f.Published(); !published {
			return callflow.Snapshot{}, &RefError{Ref: flowRef(f.ID()), Err: ErrUnpublished}
		}
		id, ok = f.ID(), true
		w.remember(known, id, len(line))
	}
	return callflow.Snapshot{}, tooFast(known)
}

// SnapshotOf returns the snapshot that a recorded call ran on, as it was: the flow as it was published
// under the record's version, its jobs, pages and settings in the recorded revisions. Jobs and pages that
// the record does not name, or whose text was erased, are missing. ErrNotFound in a *[RefError]: the
// flow never published that version, or the call ran on a draft (Version 0), which is kept under no
// number: a guess at it would be worse than no answer.
func (w *Workspace) SnapshotOf(ctx context.Context, r call.Record) (callflow.Snapshot, error) {
	f, err := w.publishing(ctx, r.Flow, r.Version)
	if err != nil {
		return callflow.Snapshot{}, err
	}
	v, _ := f.Published()
	var (
		jobs  []job.Job
		pages []knowledge.Page
		s     callflow.Settings
	)
	for _, id := range slices.Sorted(maps.Keys(r.Jobs)) {
		if jobs, err = appendAt(ctx, w, jobs, jobRef(id), r.Jobs[id]); err != nil {
			return callflow.Snapshot{}, err
		}
	}
	for _, id := range slices.Sorted(maps.Keys(r.Pages)) {
		if pages, err = appendAt(ctx, w, pages, pageRef(id), r.Pages[id]); err != nil {
			return callflow.Snapshot{}, err
		}
	}
	if r.Settings > 0 {
		found, err := appendAt(ctx, w, []callflow.Settings(nil), settingsRef, r.Settings)
		if err != nil {
			return callflow.Snapshot{}, err
		}
		if len(found) == 0 {
			return callflow.Snapshot{}, &RefError{Ref: settingsRef, Err: fmt.Errorf("revision %d: %w", r.Settings, ErrNotFound)}
		}
		s = found[0]
	}
	return callflow.NewSnapshot(f, v, jobs, pages, s), nil
}

// appendAt appends one revision of a document, if it is there and was not erased.
func appendAt[T entity](ctx context.Context, w *Workspace, to []T, ref Ref, revision int) ([]T, error) {
	docs, err := w.storage.History(ctx, w.id, ref, revision+1, 1)
	if err != nil {
		return nil, err
	}
	if len(docs) == 0 || docs[0].Revision != revision || len(docs[0].Value) == 0 {
		return to, nil
	}
	value, err := read[T](w, docs[0])
	if err != nil {
		return nil, err
	}
	return append(to, value), nil
}

// edition is which version of a flow a snapshot is of; snapshots are remembered under it.
type edition Kind

const (
	ofPublished edition = "snapshot"
	ofDraft     edition = "draft snapshot"

	kindLine Kind = "line" // remembers which flow is live on a line

	// maxJoins bounds how often a flow may come to name other things between two reads of one join. Each
	// round asks for everything seen before as well, so even two is rare.
	maxJoins = 16
)

func (of edition) version(f callflow.Flow) (callflow.Version, bool) {
	if of == ofDraft {
		return f.Draft(), true
	}
	return f.Published()
}

// question is what a join asks for, with what the workspace holds of it. It is never written again.
type question struct {
	wants  []Want
	values []any       // of wants: the revision Have
	place  map[Ref]int // in wants
}

// ask makes a question of the newest revisions that the workspace holds.
func (w *Workspace) ask(refs []Ref) *question {
	q := &question{make([]Want, len(refs)), make([]any, len(refs)), make(map[Ref]int, len(refs))}
	for i, ref := range refs {
		q.wants[i].Ref, q.place[ref] = ref, i
		if c := w.decoded.held(ref); c != nil {
			q.wants[i].Have, q.values[i] = c.revision, c.value
		}
	}
	return q
}

// newest reports whether the answer holds the very revisions that the question held, and no other.
func (q *question) newest(answer []Doc) bool {
	held := 0
	for _, want := range q.wants {
		if want.Have > 0 {
			held++
		}
	}
	at := 0 // mostly answers come in the order of the question
	for i := range answer {
		if at >= len(q.wants) || q.wants[at].Ref != answer[i].Ref {
			var asked bool
			if at, asked = q.place[answer[i].Ref]; !asked {
				return false
			}
		}
		if q.wants[at].Have != answer[i].Revision {
			return false
		}
		at++
	}
	return len(answer) == held
}

// resolve decodes of an answer what the question did not hold.
func (w *Workspace) resolve(q *question, answer []Doc) (map[Ref]any, error) {
	found := make(map[Ref]any, len(answer))
	for _, doc := range answer {
		if at, ok := q.place[doc.Ref]; ok && q.wants[at].Have == doc.Revision {
			found[doc.Ref] = q.values[at]
			continue
		}
		value, err := w.decode(doc)
		if err != nil {
			return nil, err
		}
		found[doc.Ref] = value
	}
	return found, nil
}

// joined is a snapshot with the question that asks whether it still holds: while the revisions that it was
// made from are the newest it is the snapshot of every call, and nothing is made anew.
type joined struct {
	*question
	snapshot callflow.Snapshot
}

// join is the read of a call start. Everything comes from one consistent Get; since only the flow tells
// what else is needed, the Get asks for what the flow named last, and is repeated with more if that was
// too little.
func (w *Workspace) join(ctx context.Context, id callflow.ID, of edition) (callflow.Snapshot, error) {
	if _, err := callflow.ParseID(string(id)); err != nil {
		return callflow.Snapshot{}, err
	}
	key := Ref{Kind(of), string(id)}
	last, _ := w.recall(key).(*joined)
	var q *question
	if last != nil {
		q = last.question
	} else {
		q = w.ask(w.lastNamed(id, of))
	}
	for range maxJoins {
		docs, err := w.storage.Get(ctx, w.id, q.wants)
		if err != nil {
			return callflow.Snapshot{}, err
		}
		if last != nil && q == last.question && q.newest(docs) {
			w.decoded.touch(q.wants)
			return last.snapshot, nil
		}
		found, err := w.resolve(q, docs)
		if err != nil {
			return callflow.Snapshot{}, err
		}
		f, ok := found[flowRef(id)].(callflow.Flow)
		if !ok {
			return callflow.Snapshot{}, &RefError{Ref: flowRef(id), Err: ErrNotFound}
		}
		v, ok := of.version(f)
		if !ok {
			return callflow.Snapshot{}, &RefError{Ref: flowRef(id), Err: ErrUnpublished}
		}
		need := append([]Ref{flowRef(id), settingsRef}, names(v)...)
		if found[settingsRef] == nil { // the first call of this workspace: make its nonce
			if _, err := w.Settings(ctx); err != nil {
				return callflow.Snapshot{}, err
			}
		} else if q.asksFor(need) {
			next := newJoined(f, v, need, found)
			w.remember(key, next, 256*len(need))
			return next.snapshot, nil
		}
		q = w.ask(q.and(need))
	}
	return callflow.Snapshot{}, tooFast(flowRef(id))
}

// lastNamed is what a first join asks for: the flow, the settings, and what the flow named in the revision
// that the workspace holds, if it holds one.
func (w *Workspace) lastNamed(id callflow.ID, of edition) []Ref {
	refs := []Ref{flowRef(id), settingsRef}
	if f, ok := w.recall(flowRef(id)).(callflow.Flow); ok {
		if v, ok := of.version(f); ok {
			refs = append(refs, names(v)...)
		}
	}
	return refs
}

func (q *question) asksFor(need []Ref) bool {
	for _, ref := range need {
		if _, ok := q.place[ref]; !ok {
			return false
		}
	}
	return true
}

// and returns what q asks for and what it lacks of more. To ask for everything seen so far ends the loop
// also when authors publish to and fro.
func (q *question) and(more []Ref) []Ref {
	refs := make([]Ref, 0, len(q.wants)+len(more))
	for _, want := range q.wants {
		refs = append(refs, want.Ref)
	}
	for _, ref := range more {
		if _, ok := q.place[ref]; !ok {
			refs = append(refs, ref)
		}
	}
	return refs
}

func newJoined(f callflow.Flow, v callflow.Version, refs []Ref, found map[Ref]any) *joined {
	var (
		q     = &question{make([]Want, len(refs)), make([]any, len(refs)), make(map[Ref]int, len(refs))}
		jobs  []job.Job
		pages []knowledge.Page
		s     callflow.Settings
	)
	for i, ref := range refs {
		q.wants[i].Ref, q.values[i], q.place[ref] = ref, found[ref], i
		switch value := found[ref].(type) {
		case callflow.Flow:
			q.wants[i].Have = value.Revision()
		case job.Job:
			q.wants[i].Have = value.Revision()
			jobs = append(jobs, value)
		case knowledge.Page:
			q.wants[i].Have = value.Revision()
			pages = append(pages, value)
		case callflow.Settings:
			q.wants[i].Have = value.Revision()
			s = value
		}
	}
	return &joined{q, callflow.NewSnapshot(f, v, jobs, pages, s)}
}

// touch marks documents as used, so that the cache does not drop them while something made of them is.
func (c *cache) touch(wants []Want) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for i := range wants {
		if e, ok := c.items[wants[i].Ref]; ok {
			c.order.MoveToFront(e)
		}
	}
}

// recall returns what the workspace remembers under ref, nil for nothing. For a document that is the
// newest revision that it holds, which need not be the newest there is.
func (w *Workspace) recall(ref Ref) any {
	if c := w.decoded.held(ref); c != nil {
		return c.value
	}
	return nil
}

// remember keeps what is no document, among the documents and within their bound.
func (w *Workspace) remember(ref Ref, value any, bytes int) {
	w.decoded.forget(ref)
	w.decoded.put(ref, 1, value, bytes)
}

func tooFast(ref Ref) error {
	return &RefError{Ref: ref, Err: fmt.Errorf("changed %d times while it was read: %w", maxJoins, ErrConflict)}
}
