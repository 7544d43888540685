package storage

import (
	"fmt"

	"github.com/sonajobs/sona/callflow/call"
)

// checkCallID returns nil for the ID of a call, else a *job.FieldError under its noun.
func checkCallID(id call.ID) error {
	if _, err := call.ParseID(string(id)); err != nil {
		return fmt.Errorf("call: %w", err)
	}
	return nil
}
