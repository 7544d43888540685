package optimize

import (
	"context"

	"github.com/sonajobs/sona/job"
)

// Editor is the buffer behind a form: what an author has typed and not saved, what Optimize made of it, and
// the way back. It saves nothing: the host saves Spec and then calls Saved. One goroutine at a time.
type Editor struct {
	optimizer Optimizer
	base      job.Job  // the last saved revision, zero for a new job
	fresh     job.Job  // of a new job: the first candidate, whose ID the later ones keep
	spec      job.Spec // the buffer, byte for byte as it was typed
	done      []step   // what can be undone, the last one last
	undone    []step   // what can be redone, the last one last
}

// step is one change of the instructions that was not typed.
type step struct{ before, after string }

// NewEditor begins with the text of base; the zero Job means a new job, with an empty buffer.
func NewEditor(o Optimizer, base job.Job) *Editor {
	return &Editor{optimizer: o, base: base, spec: base.Spec()}
}

// Type replaces the buffer by what the form holds now.
func (e *Editor) Type(s job.Spec) {
	s.Results = append([]job.Field(nil), s.Results...)
	e.spec = s
}

// Spec returns the buffer as it was typed; saving cleans it. The copy is the caller's.
func (e *Editor) Spec() job.Spec {
	s := e.spec
	s.Results = append([]job.Field(nil), s.Results...)
	return s
}

// Base returns the last saved revision, the zero Job for a job that was never saved.
func (e *Editor) Base() job.Job { return e.base }

// Candidate returns the buffer as a job: for a mock call, not a save. Candidates of a new job share one ID. The
// error is a *[job.ValidationError].
func (e *Editor) Candidate() (job.Job, error) {
	from := e.base
	if from.IsZero() {
		from = e.fresh
	}
	if !from.IsZero() {
		return from.With(e.spec)
	}
	j, err := job.New(e.spec)
	if err == nil {
		e.fresh = j
	}
	return j, err
}

// Dirty reports whether the buffer, cleaned, is another text than the last saved revision.
func (e *Editor) Dirty() bool { return !e.spec.Clean().Equal(e.base.Spec()) }

// Optimize proposes better instructions for the buffer and puts them into it, warnings and all: the author reads
// them beside the text, and Undo is the way back. A host that wants each warning accepted first uses [Propose],
// [Proposal.Apply] and Type. r.Spec is filled in. On an error the buffer stays as it was; the errors are those of
// [Propose].
func (e *Editor) Optimize(ctx context.Context, r Request) (Proposal, error) {
	r.Spec = e.Spec()
	p, err := Propose(ctx, e.optimizer, r)
	if err != nil {
		return Proposal{}, err
	}
	if !p.NoChange() {
		e.change(p.Instructions())
		e.undone = nil
	}
	return p, nil
}

// mostSteps is how many can be undone; the oldest is forgotten first.
const mostSteps = 100

func (e *Editor) change(to string) {
	if len(e.done) == mostSteps {
		e.done = append([]step(nil), e.done[1:]...)
	}
	e.done = append(e.done, step{e.spec.Instructions, to})
	e.spec.Instructions = to
}

// Undo takes the last Optimize back: the instructions are again what they were before it, byte for byte. Other
// fields stay as they are. [ErrNothingToUndo] when there is none; [ErrEditedSince] when the instructions were
// edited by hand since: then Restore is the thing to offer.
func (e *Editor) Undo() error {
	n := len(e.done) - 1
	if n < 0 {
		return ErrNothingToUndo
	}
	last := e.done[n]
	if e.spec.Instructions != last.after {
		return ErrEditedSince
	}
	e.done, e.undone = e.done[:n], append(e.undone, last)
	e.spec.Instructions = last.before
	return nil
}

// Redo takes the last Undo or Restore back. [ErrNothingToRedo] when there is none; [ErrEditedSince] when the
// instructions were edited by hand since.
func (e *Editor) Redo() error {
	n := len(e.undone) - 1
	if n < 0 {
		return ErrNothingToRedo
	}
	last := e.undone[n]
	if e.spec.Instructions != last.before {
		return ErrEditedSince
	}
	e.undone, e.done = e.undone[:n], append(e.done, last)
	e.spec.Instructions = last.after
	return nil
}

// Restore gives back the instructions from before the last Optimize, also when they were edited by hand since. The
// edit is not lost: Redo brings it back. [ErrNothingToUndo] when there is none.
func (e *Editor) Restore() error {
	n := len(e.done) - 1
	if n < 0 {
		return ErrNothingToUndo
	}
	before := e.done[n].before
	e.undone = append(e.undone, step{before, e.spec.Instructions})
	e.done = e.done[:n]
	e.spec.Instructions = before
	return nil
}

// Saved tells that the host has saved j: it is the new base. The buffer stays, so that nothing that was typed
// while the save was under way is lost, and so does the way back: an Undo after a save makes the buffer dirty. After
// a merge the host Types the merged text first. The zero Job is passed over.
func (e *Editor) Saved(j job.Job) {
	if !j.IsZero() {
		e.base, e.fresh = j, job.Job{}
	}
}
