package model

import (
	"errors"
	"fmt"
	"time"
)

// ErrorKind is what went wrong, as far as a caller can act on it.
type ErrorKind string

// The kinds of faults.
const (
	RateLimited ErrorKind = "rate_limited" // try again after RetryAfter
	Unavailable ErrorKind = "unavailable"  // try again, or another model
	BadRequest  ErrorKind = "bad_request"  // trying again will not help
	Truncated   ErrorKind = "truncated"    // the stream ended before the reply did
)

// Error is a fault of a model. errors.As finds it.
type Error struct {
	Kind       ErrorKind
	RetryAfter time.Duration // how long the provider asked to wait; 0 when it said nothing
	Err        error         // the detail; may be nil
}

func (e *Error) Error() string {
	if e.Err == nil {
		return "model: " + string(e.Kind)
	}
	return fmt.Sprintf("model: %s: %v", e.Kind, e.Err)
}

// Unwrap gives the detail.
func (e *Error) Unwrap() error { return e.Err }

// Retryable reports whether the same request may succeed when it is made again.
func Retryable(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.Kind != BadRequest
}
