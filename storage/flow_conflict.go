package storage

import (
	"fmt"

	"github.com/sonajobs/sona/callflow"
)

// FlowConflictError says that a flow was saved by somebody else since the revision that an edit was made
// from. Nothing was written. It matches [ErrConflict].
type FlowConflictError struct {
	Base   int           // the revision that the edit was made from
	Theirs callflow.Flow // the newest revision: show it, and make the edit again on it
}

// Error returns a message that starts with the flow and says whose revision is in the way.
func (e *FlowConflictError) Error() string {
	text := fmt.Sprintf("flow %q: edited from revision %d, but the newest is %d", e.Theirs.Name(), e.Base, e.Theirs.Revision())
	if by := e.Theirs.Stamp().By; by != "" {
		text += fmt.Sprintf(" by %q", by)
	}
	return text + ": load it and edit again"
}

// Unwrap gives ErrConflict.
func (e *FlowConflictError) Unwrap() error { return ErrConflict }
