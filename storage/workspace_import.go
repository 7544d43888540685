package storage

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"github.com/sonajobs/sona/job"
)

const (
	importBatch = 500 // jobs that are saved in one transaction
	importTries = 16  // how often one batch is tried against others who save the same jobs
)

// Imported counts what an import did.
type Imported struct {
	Created   int // jobs that were not there, or deleted
	Updated   int // jobs that have a new revision
	Unchanged int // jobs that had the same text already
}

// Saved returns how many jobs of the import stand in the library as they were given.
func (n Imported) Saved() int { return n.Created + n.Updated + n.Unchanged }

func (n *Imported) add(m Imported) {
	n.Created += m.Created
	n.Updated += m.Updated
	n.Unchanged += m.Unchanged
}

// ImportJobs brings jobs into the library under their IDs: from files, or from another workspace. An unknown
// ID becomes a job, a known one gets a new revision, a deleted one comes back, and a text that stands there
// already makes no revision: a second import of the same jobs changes nothing. The import has the last
// word: it names no base, and asks no gates. An ID that comes twice is saved twice, in order.
//
// Jobs are saved in batches, each of them all or none. A job that breaks a rule stops the import with an
// error that names it ([job.ValidationError] in a *[RefError]); so does an error of storage. The batches
// before it stay, and Imported counts them, with an error too.
func (w *Workspace) ImportJobs(ctx context.Context, jobs iter.Seq2[job.ID, job.Spec]) (Imported, error) {
	var (
		done  Imported
		batch = make([]job.Job, 0, importBatch)
		has   = map[job.ID]bool{}
	)
	flush := func() error {
		n, err := w.importBatch(ctx, batch)
		if err != nil {
			return stopped(err, done)
		}
		done.add(n)
		batch = batch[:0]
		clear(has)
		return nil
	}
	for id, spec := range jobs {
		j, err := job.Restore(id, job.Stamp{}, spec)
		if err != nil {
			return done, stopped(&RefError{Ref: jobRef(id), Err: err}, done)
		}
		if has[id] || len(batch) == importBatch {
			if err := flush(); err != nil {
				return done, err
			}
		}
		batch = append(batch, j)
		has[id] = true
	}
	if err := flush(); err != nil {
		return done, err
	}
	return done, nil
}

func stopped(err error, done Imported) error {
	return fmt.Errorf("import: %w (stopped there; %d jobs before it are saved)", err, done.Saved())
}

// importBatch saves one batch. Whoever saves one of its jobs at the same time makes it look again.
func (w *Workspace) importBatch(ctx context.Context, batch []job.Job) (Imported, error) {
	if len(batch) == 0 {
		return Imported{}, ctx.Err()
	}
	deleted := map[Ref]int{} // tombstones; a read of the newest revisions leaves them out
	for try := 1; ; try++ {
		n, docs, err := w.planImport(ctx, batch, deleted)
		if err != nil || len(docs) == 0 {
			return n, err
		}
		err = w.put(ctx, docs...)
		if err == nil {
			return n, nil
		}
		if !errors.Is(err, ErrConflict) || try == importTries {
			return Imported{}, err
		}
		for _, doc := range docs {
			if doc.Revision != 1 && deleted[doc.Ref] == 0 {
				continue // it was there
			}
			if there, err := jobShelf.newest(ctx, w, doc.ID); err == nil && there.deleted {
				deleted[doc.Ref] = there.revision
			} else if err != nil && !errors.Is(err, ErrNotFound) {
				return Imported{}, err
			}
		}
	}
}

// planImport compares a batch with what stands in the library and returns what is to be written.
func (w *Workspace) planImport(ctx context.Context, batch []job.Job, deleted map[Ref]int) (Imported, []Doc, error) {
	want := make([]Want, len(batch))
	for i, j := range batch {
		want[i].Ref = jobRef(j.ID())
	}
	there, err := w.storage.Get(ctx, w.id, want)
	if err != nil {
		return Imported{}, nil, err
	}
	standing := make(map[Ref]Doc, len(there))
	for _, doc := range there {
		standing[doc.Ref] = doc
	}
	var (
		n    Imported
		docs []Doc
	)
	for _, j := range batch {
		ref := jobRef(j.ID())
		newest := deleted[ref]
		if old, ok := standing[ref]; ok {
			if was, err := read[job.Job](w, old); err == nil && was.Hash() == j.Hash() {
				n.Unchanged++
				continue
			}
			newest = old.Revision
			n.Updated++
		} else {
			n.Created++
		}
		_, doc, err := jobShelf.document(w, ref.ID, newest, j.Spec(), "imported")
		if err != nil {
			return Imported{}, nil, err
		}
		docs = append(docs, doc)
	}
	return n, docs, nil
}
