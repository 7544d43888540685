package optimize

import (
	"errors"
	"fmt"
)

// Errors of proposals and editors, for errors.Is.
var (
	// ErrStale says that the text is no longer the one that the proposal was made from.
	ErrStale = errors.New("proposal: the text was changed since it was made")
	// ErrNotAccepted says that the proposal has warnings which the author has not accepted.
	ErrNotAccepted = errors.New("proposal: not all warnings were accepted")
	// ErrNothingToUndo says that no optimization is there to take back.
	ErrNothingToUndo = errors.New("editor: nothing to undo")
	// ErrNothingToRedo says that nothing was taken back that could be done again.
	ErrNothingToRedo = errors.New("editor: nothing to redo")
	// ErrEditedSince says that the instructions were edited by hand since: Undo and Redo would lose that
	// silently. Editor.Restore goes back all the same.
	ErrEditedSince = errors.New("editor: the instructions were edited since")
)

// RefusedError says that a suggestion lost or invented something. Nothing was changed. Its message quotes up to 60
// characters of the job.
type RefusedError struct {
	Violations []Violation // all of them, soft ones included
	Suggestion Suggestion  // what was refused
}

// Error says how much is wrong, and the first of it.
func (e *RefusedError) Error() string {
	hard, first := 0, ""
	for _, v := range e.Violations {
		if v.Hard {
			if hard++; hard == 1 {
				first = v.Message
			}
		}
	}
	if hard > 1 {
		return fmt.Sprintf("suggestion refused: %s (and %d more)", first, hard-1)
	}
	return "suggestion refused: " + first
}
