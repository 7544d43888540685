package storage

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"github.com/sonajobs/sona/job"
)

// Bounds of one page of a list.
const (
	DefaultLimit = 50    // entries of a page whose query names no limit
	MaxLimit     = 1_000 // most entries of one page
)

// pageSize is how many documents are read at once where everything is read.
const pageSize = 500

var jobShelf = shelf[job.Job, job.Spec]{
	kind:  KindJob,
	parse: func(id string) error { _, err := job.ParseID(id); return err },
	build: func(id string, at job.Stamp, s job.Spec) (job.Job, error) { return job.Restore(job.ID(id), at, s) },
	name:  func(s job.Spec) string { return s.Name },
	conflict: func(base, theirs job.Job, mine job.Spec) error {
		return &JobConflictError{Base: base, Theirs: theirs, Mine: mine}
	},
}

// CreateJob puts a new job into the library, attached to nothing. What breaks a rule is a
// *[job.ValidationError]. Seed 1, 13.
func (w *Workspace) CreateJob(ctx context.Context, s job.Spec) (job.Job, error) {
	return w.CreateJobAs(ctx, job.NewID(), s)
}

// CreateJobAs is CreateJob under an ID that the host chose. An ID that has a job already is a
// *[JobConflictError]. The ID of a deleted job may be used again; its revisions count on.
func (w *Workspace) CreateJobAs(ctx context.Context, id job.ID, s job.Spec) (job.Job, error) {
	return jobShelf.create(ctx, w, string(id), s)
}

// SaveJob makes the next revision of a job. Every call that begins after it, on every step that has the
// job live, runs on the new text. Seed 22.
//
// base is the revision that the author's text was made from. When it is not the newest, or somebody else is
// quicker, nothing is written and the error is a *[JobConflictError], which holds all texts and merges
// them. A text that breaks a rule is a *[job.ValidationError], a job that does not exist or was deleted
// [ErrNotFound] in a *[RefError]. A text equal to the newest makes no revision.
//
// note is for the history, at most [MaxNote] characters. Each gate is asked about every published flow
// that the edit reaches; what one refuses is not saved.
func (w *Workspace) SaveJob(ctx context.Context, id job.ID, base int, s job.Spec, note string, gates ...Gate) (job.Job, error) {
	return jobShelf.save(ctx, w, string(id), base, s, note, func(j job.Job) error { return w.gateJob(ctx, j, gates) })
}

// Job returns the newest revision of a job. One that does not exist here, or was deleted, is
// [ErrNotFound] in a *[RefError].
func (w *Workspace) Job(ctx context.Context, id job.ID) (job.Job, error) {
	return jobShelf.load(ctx, w, string(id))
}

// DeleteJob deletes a job that no flow names, neither in its draft nor published: else the error is an
// *[InUseError] with the steps. A stale base is a *[JobConflictError]. Every revision is kept: JobHistory
// shows them, RestoreJob brings the job back. (A flow that begins to name the job in the same instant
// keeps naming it; calls go on without it, and Snapshot.Missing says so.)
func (w *Workspace) DeleteJob(ctx context.Context, id job.ID, base int) error {
	return jobShelf.remove(ctx, w, string(id), base, func() ([]Use, error) { return w.jobUses(ctx, id) })
}

// JobQuery selects jobs of the library, in the order of their names. The zero JobQuery is the first page
// of all.
type JobQuery struct {
	Text  string // a part of the name; upper and lower case, accents and blanks make no difference
	Limit int    // DefaultLimit when it is 0 or less, at most MaxLimit
	After Key    // JobPage.Next of the page before; zero for the first page
}

// JobPage is a part of the library. Jobs and Broken together are the entries of the page: one that cannot be read
// takes its place among the Limit.
type JobPage struct {
	Jobs   []job.Job
	Next   Key         // where the next page goes on; zero when this is the last
	Broken []*RefError // jobs of this page that cannot be read; RestoreJob with an earlier revision mends them
}

// Jobs returns one page of the library. What is saved meanwhile makes a following page neither repeat nor
// miss a job that kept its name. A job that cannot be read is no error and hides no other: it is reported in
// JobPage.Broken, so look there, too. A page with nothing in Jobs is the last only when Next is zero.
func (w *Workspace) Jobs(ctx context.Context, q JobQuery) (JobPage, error) {
	found, next, broken, err := jobShelf.page(ctx, w, q.Text, q.Limit, q.After)
	return JobPage{Jobs: found, Next: next, Broken: broken}, err
}

// AllJobs yields the whole library in the order of the names. A job that cannot be read is yielded as its
// *[RefError], and the others follow; an error of storage is the last.
func (w *Workspace) AllJobs(ctx context.Context) iter.Seq2[job.Job, error] {
	return jobShelf.all(ctx, w)
}

// page lists what has contained in its name. The entries that cannot be read are reported beside the
// others.
func (k shelf[T, S]) page(ctx context.Context, w *Workspace, contained string, limit int, after Key) (found []T, next Key, broken []*RefError, err error) {
	if !Storable(after.Sort) || !Storable(after.ID) {
		return nil, Key{}, nil, &job.ValidationError{Fields: []job.FieldError{{Field: "after", Rule: job.RuleUTF8,
			Message: fmt.Sprintf("after: %q is no key of a page: take Next of the page before", after)}}}
	}
	if limit < 1 {
		limit = DefaultLimit
	}
	limit = min(limit, MaxLimit)
	docs, err := w.storage.List(ctx, w.id, Query{Kind: k.kind, Contains: foldText(contained), After: after, Limit: limit + 1})
	if err != nil {
		return nil, Key{}, nil, err
	}
	if len(docs) > limit { // there is a next page
		docs = docs[:limit]
		next = docs[limit-1].Key()
	}
	found = make([]T, 0, len(docs))
	for _, doc := range docs {
		value, err := read[T](w, doc)
		if err != nil {
			about, _ := errors.AsType[*RefError](err) // decoding returns no other
			broken = append(broken, about)
			continue
		}
		found = append(found, value)
	}
	return found, next, broken, nil
}

// all yields everything on the shelf, page by page.
func (k shelf[T, S]) all(ctx context.Context, w *Workspace) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for doc, err := range w.each(ctx, Query{Kind: k.kind}) {
			var value T
			if err == nil {
				value, err = read[T](w, doc)
			}
			if !yield(value, err) {
				return
			}
		}
	}
}
