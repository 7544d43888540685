package mockcall

import "errors"

// invalidRun reports whether an error says that the caller, not Sona, broke the rules of a run. Such an error has a
// method InvalidRun that returns true.
func invalidRun(err error) bool {
	var e interface{ InvalidRun() bool }
	return errors.As(err, &e) && e.InvalidRun()
}
