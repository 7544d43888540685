package mockcall

import (
	"context"

	"github.com/sonajobs/sona/callflow/call"
)

// Caller is who calls. One Caller is for one call, unless its doc says otherwise.
type Caller interface {
	// Next says what the caller says after what was heard so far, oldest first, or that they hang up.
	Next(ctx context.Context, heard []call.Turn) (say string, hangUp bool, err error)
}

// CallerFunc is a Caller that is a function.
type CallerFunc func(ctx context.Context, heard []call.Turn) (say string, hangUp bool, err error)

// Next calls f.
func (f CallerFunc) Next(ctx context.Context, heard []call.Turn) (string, bool, error) {
	return f(ctx, heard)
}

// Script is a caller who says these lines one after the other, whatever Sona says, then hangs up. The line
// to say is told from what was heard, so one Script serves any number of calls.
func Script(lines ...string) Caller {
	return CallerFunc(func(_ context.Context, heard []call.Turn) (string, bool, error) {
		said := 0
		for _, t := range heard {
			if t.By == call.ByCaller {
				said++
			}
		}
		if said >= len(lines) {
			return "", true, nil
		}
		return lines[said], false, nil
	})
}
