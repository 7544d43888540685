package storage

import (
	"context"
	"iter"

	"github.com/sonajobs/sona/job"
)

// JobHistory yields the revisions of a job, newest first, also of a deleted one; the moment of the
// deletion stands in the feed ([Workspace.Changes]). A revision that cannot be read is yielded as its
// *[RefError], and the older ones follow. A job that never was is [ErrNotFound] in a *[RefError].
func (w *Workspace) JobHistory(ctx context.Context, id job.ID) iter.Seq2[job.Job, error] {
	return jobShelf.history(ctx, w, string(id))
}

// JobRevision returns one revision of a job, also of a deleted one. One that never was, or that deleted
// the job and so has no text, is [ErrNotFound] in a *[RefError].
func (w *Workspace) JobRevision(ctx context.Context, id job.ID, revision int) (job.Job, error) {
	return jobShelf.revision(ctx, w, string(id), revision)
}

// RestoreJob makes an old text the newest revision, as an edit like any other: at once, everywhere, past the
// same gates. It brings a deleted job back, and mends one whose newest revision cannot be read. A text
// equal to the newest makes no revision.
//
// base is the newest revision that the author saw; of a deleted job that of the last text, or of the
// deletion itself. A stale base is a *[JobConflictError], and the zero Job a *[job.ValidationError].
func (w *Workspace) RestoreJob(ctx context.Context, old job.Job, base int, gates ...Gate) (job.Job, error) {
	if old.IsZero() {
		return job.Job{}, noText("the zero Job has no text to restore: take one from JobHistory")
	}
	return jobShelf.restore(ctx, w, string(old.ID()), old, base, func(j job.Job) error { return w.gateJob(ctx, j, gates) })
}

func noText(message string) error {
	return &job.ValidationError{Fields: []job.FieldError{{Field: "id", Rule: job.RuleRequired, Message: "id: " + message}}}
}
