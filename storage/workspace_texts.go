package storage

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math"

	"github.com/sonajobs/sona/callflow/knowledge"
	"github.com/sonajobs/sona/job"
)

// MaxNote is the most characters of the note that an author may write about a save; a limit of this library's own.
const MaxNote = 500

// text is what jobs and Knowledge pages have in common: a typed text of which every revision is kept.
type text[S any] interface {
	job.Job | knowledge.Page
	Spec() S
	Revision() int
	Hash() string
	MarshalJSON() ([]byte, error)
}

// shelf holds the rules of saving a text. They are the same for jobs and pages, so they stand here once;
// the methods of Workspace say which shelf.
type shelf[T text[S], S any] struct {
	kind     Kind
	parse    func(id string) error
	build    func(id string, at job.Stamp, s S) (T, error) // checks the ID and every rule of the text
	name     func(S) string                                // what lists are sorted by and searched in
	conflict func(base, theirs T, mine S) error
}

func (k shelf[T, S]) ref(id string) Ref { return Ref{Kind: k.kind, ID: id} }

func (k shelf[T, S]) load(ctx context.Context, w *Workspace, id string) (T, error) {
	if err := k.parse(id); err != nil {
		var none T
		return none, err
	}
	return load[T](ctx, w, k.ref(id))
}

// create saves a text under an ID that names nothing yet. The ID of a deleted text may be used again;
// its revisions count on.
func (k shelf[T, S]) create(ctx context.Context, w *Workspace, id string, s S) (T, error) {
	var none T
	candidate, err := k.build(id, job.Stamp{}, s)
	if err != nil {
		return none, err
	}
	newest := 0
	for {
		created, err := k.append(ctx, w, id, newest, s, "")
		if !errors.Is(err, ErrConflict) {
			return created, err
		}
		there, err := k.newest(ctx, w, id)
		if err != nil {
			return none, err
		}
		if !there.deleted {
			return none, k.stale(ctx, w, id, there.value, 0, candidate.Spec())
		}
		if there.revision <= newest { // the driver contradicts itself: do not turn in circles
			return none, &RefError{Ref: k.ref(id), Err: ErrConflict}
		}
		newest = there.revision
	}
}

// save makes the next revision of a text, from the revision that its author saw.
func (k shelf[T, S]) save(ctx context.Context, w *Workspace, id string, base int, s S, note string, gate func(T) error) (T, error) {
	var none T
	mine, err := k.build(id, job.Stamp{Revision: max(base, 0)}, s)
	if err != nil {
		return none, err
	}
	if err := checkNote(note); err != nil {
		return none, err
	}
	theirs, err := k.load(ctx, w, id)
	if err != nil {
		return none, err
	}
	switch {
	case theirs.Revision() != base:
		return none, k.stale(ctx, w, id, theirs, base, mine.Spec())
	case theirs.Hash() == mine.Hash():
		return theirs, nil
	}
	if err := gate(mine); err != nil {
		return none, err
	}
	return k.next(ctx, w, id, base, base, mine.Spec(), note)
}

// restore makes an old text the newest revision again; it brings a deleted one back and mends one whose
// newest revision cannot be read.
func (k shelf[T, S]) restore(ctx context.Context, w *Workspace, id string, old T, base int, gate func(T) error) (T, error) {
	var none T
	there, err := k.newest(ctx, w, id)
	if err != nil {
		return none, err
	}
	switch {
	case base == there.revision:
	case there.deleted && base == there.revision-1: // what the author of the restore saw last was the text
	default:
		return none, k.stale(ctx, w, id, there.value, base, old.Spec())
	}
	if !there.deleted && there.err == nil && there.value.Hash() == old.Hash() {
		return there.value, nil
	}
	candidate, err := k.build(id, job.Stamp{Revision: there.revision}, old.Spec())
	if err != nil {
		return none, err
	}
	if err := gate(candidate); err != nil {
		return none, err
	}
	return k.next(ctx, w, id, base, there.revision, old.Spec(), fmt.Sprintf("restores revision %d", old.Revision()))
}

// remove puts a tombstone that keeps the last text, so that restore works.
func (k shelf[T, S]) remove(ctx context.Context, w *Workspace, id string, base int, uses func() ([]Use, error)) error {
	theirs, err := k.load(ctx, w, id)
	if err != nil {
		return err
	}
	if theirs.Revision() != base {
		return k.stale(ctx, w, id, theirs, base, theirs.Spec())
	}
	used, err := uses()
	if err != nil {
		return err
	}
	if len(used) > 0 {
		return &InUseError{Ref: k.ref(id), Name: k.name(theirs.Spec()), Uses: used}
	}
	_, doc, err := k.document(w, id, base, theirs.Spec(), "")
	if err != nil {
		return err
	}
	doc.Deleted = true
	if err = w.put(ctx, doc); errors.Is(err, ErrConflict) {
		return k.lost(ctx, w, id, base, theirs.Spec())
	}
	return err
}

// next appends a revision after newest; a race that was lost is the same conflict as a stale base.
func (k shelf[T, S]) next(ctx context.Context, w *Workspace, id string, base, newest int, s S, note string) (T, error) {
	saved, err := k.append(ctx, w, id, newest, s, note)
	if errors.Is(err, ErrConflict) {
		err = k.lost(ctx, w, id, base, s)
	}
	return saved, err
}

func (k shelf[T, S]) append(ctx context.Context, w *Workspace, id string, newest int, s S, note string) (T, error) {
	var none T
	value, doc, err := k.document(w, id, newest, s, note)
	if err != nil {
		return none, err
	}
	if err := w.put(ctx, doc); err != nil {
		return none, err
	}
	return value, nil
}

func (k shelf[T, S]) document(w *Workspace, id string, newest int, s S, note string) (T, Doc, error) {
	at := w.stamp(newest, note)
	value, err := k.build(id, at, s)
	if err != nil {
		return value, Doc{}, err
	}
	doc, err := document(k.ref(id), at, sortKey(k.name(value.Spec())), value)
	return value, doc, err
}

// standing is the newest revision of a document as it stands. The value of a tombstone is the last text;
// it is zero when it cannot be read, and err says why.
type standing[T any] struct {
	value    T
	revision int
	deleted  bool
	err      error
}

// newest reads what stands, past the cache and deleted or not. What was never put is ErrNotFound.
func (k shelf[T, S]) newest(ctx context.Context, w *Workspace, id string) (standing[T], error) {
	docs, err := w.storage.History(ctx, w.id, k.ref(id), 0, 1)
	if err != nil {
		return standing[T]{}, err
	}
	if len(docs) == 0 {
		return standing[T]{}, &RefError{Ref: k.ref(id), Err: ErrNotFound}
	}
	there := standing[T]{revision: docs[0].Revision, deleted: docs[0].Deleted}
	there.value, there.err = read[T](w, docs[0])
	return there, nil
}

// lost is the conflict after a Put that came too late.
func (k shelf[T, S]) lost(ctx context.Context, w *Workspace, id string, base int, mine S) error {
	there, err := k.newest(ctx, w, id)
	switch {
	case err != nil:
		return err
	case there.err != nil:
		return there.err
	case there.deleted:
		return &RefError{Ref: k.ref(id), Err: ErrNotFound}
	}
	return k.stale(ctx, w, id, there.value, base, mine)
}

// stale is the conflict with theirs. A base that never was, or cannot be read, is the zero value in it.
func (k shelf[T, S]) stale(ctx context.Context, w *Workspace, id string, theirs T, base int, mine S) error {
	from, err := k.revision(ctx, w, id, base)
	if _, about := errors.AsType[*RefError](err); err != nil && !about {
		return err // storage itself
	}
	return k.conflict(from, theirs, mine)
}

// revision returns one revision of a text, also of a deleted one; there is no text in a tombstone.
func (k shelf[T, S]) revision(ctx context.Context, w *Workspace, id string, n int) (T, error) {
	var none T
	if err := k.parse(id); err != nil {
		return none, err
	}
	missing := &RefError{Ref: k.ref(id), Err: fmt.Errorf("revision %d: %w", n, ErrNotFound)}
	if n < 1 || n == math.MaxInt {
		return none, missing
	}
	docs, err := w.storage.History(ctx, w.id, k.ref(id), n+1, 1)
	if err != nil {
		return none, err
	}
	if len(docs) == 0 || docs[0].Revision != n || docs[0].Deleted {
		return none, missing
	}
	return read[T](w, docs[0])
}

// history yields the revisions of a text, newest first, without tombstones.
func (k shelf[T, S]) history(ctx context.Context, w *Workspace, id string) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		if err := k.parse(id); err != nil {
			yield(none, err)
			return
		}
		for before := 0; ; {
			docs, err := w.storage.History(ctx, w.id, k.ref(id), before, pageSize)
			if err == nil && len(docs) == 0 && before == 0 {
				err = &RefError{Ref: k.ref(id), Err: ErrNotFound}
			}
			if err != nil {
				yield(none, err)
				return
			}
			for _, doc := range docs {
				if doc.Deleted {
					continue
				}
				if !yield(read[T](w, doc)) {
					return
				}
			}
			if len(docs) < pageSize || docs[len(docs)-1].Revision == 1 {
				return
			}
			before = docs[len(docs)-1].Revision
		}
	}
}

func checkNote(note string) error {
	if broken := job.CheckText("note", note, false, MaxNote); len(broken) > 0 {
		return &job.ValidationError{Fields: broken}
	}
	return nil
}
