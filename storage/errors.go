package storage

import (
	"errors"
	"fmt"
)

// The sentinels. A [Storage] returns ErrConflict and ErrTaken only, in a *[RefError]; the others are the
// Workspace's.
var (
	// ErrNotFound: what was asked for does not exist, or is deleted.
	ErrNotFound = errors.New("not found")

	// ErrConflict: somebody else saved meanwhile. Load the newest revision and save again. Of a call that is to
	// begin: one with its ID was recorded before, so there is nothing to do again.
	ErrConflict = errors.New("changed by somebody else: load the newest revision and save again")

	// ErrTaken: something that only one document may have belongs to another one, which the *[RefError] names:
	// a number of a published flow. Take it away there, or do without it here.
	ErrTaken = errors.New("already has what only one may have: take it away there, or do without it here")

	// ErrInUse: it cannot be deleted, because something still names it.
	ErrInUse = errors.New("still in use")

	// ErrUnpublished: the flow has no published version.
	ErrUnpublished = errors.New("not published")
)

// RefError says which document an error is about: with ErrTaken the one that holds the string, else the
// one that was to be read or written.
type RefError struct {
	Ref Ref
	Err error
}

// Error returns a message that starts with the document: job "j1": not found.
func (e *RefError) Error() string { return fmt.Sprintf("%v: %v", e.Ref, e.Err) }

// Unwrap returns Err, so that errors.Is finds the sentinel.
func (e *RefError) Unwrap() error { return e.Err }
