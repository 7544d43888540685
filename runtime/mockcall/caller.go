package mockcall

import (
	"context"
	"strings"
	"time"

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
		said := countSaid(heard)
		if said >= len(lines) {
			return "", true, nil
		}
		return lines[said], false, nil
	})
}

// Replay is a caller who says what the caller of a record said, in its order, then hangs up. It serves any number of
// calls. What Sona says may be another thing today: then the words may not fit, and the checks tell.
func Replay(r call.Record) Caller {
	var lines []string
	for _, t := range r.Turns {
		if t.By == call.ByCaller {
			lines = append(lines, t.Text)
		}
	}
	return Script(lines...)
}

func countSaid(heard []call.Turn) int {
	said := 0
	for _, t := range heard {
		if t.By == call.ByCaller {
			said++
		}
	}
	return said
}

// lastWords returns what Sona said since the caller spoke.
func lastWords(heard []call.Turn) string {
	from := len(heard)
	for from > 0 && heard[from-1].By == call.ByAgent {
		from--
	}
	var said []string
	for _, t := range heard[from:] {
		said = append(said, t.Heard())
	}
	return strings.Join(said, " ")
}

// move is one thing that a caller does. Callers of the package's own do more than speak.
type move struct {
	say    string
	hangUp bool
	keys   string        // pressed in place of words
	silent time.Duration // in place of words
}

// mover is a Caller that does more than speak.
type mover interface {
	move(ctx context.Context, heard []call.Turn) (move, error)
}

// next asks a caller for what they do.
func next(ctx context.Context, c Caller, heard []call.Turn) (move, error) {
	if err := ctx.Err(); err != nil {
		return move{}, err
	}
	if m, ok := c.(mover); ok {
		return m.move(ctx, heard)
	}
	say, hangUp, err := c.Next(ctx, heard)
	return move{say: say, hangUp: hangUp}, err
}

// words is a move in a call by text: keys are told as they are on a line, and silence is nothing.
func (m move) words() string {
	switch {
	case m.keys != "":
		return "(pressed " + strings.TrimSuffix(m.keys, "#") + " on the keypad)"
	case m.silent > 0:
		return "(silence)"
	}
	return m.say
}

// interrupter is a Caller that breaks into what Sona says.
type interrupter interface {
	breaksInto(said string) bool
}

// cutter returns when a caller breaks in; nil for one who lets Sona finish.
func cutter(c Caller) func(said string) bool {
	if i, ok := c.(interrupter); ok {
		return i.breaksInto
	}
	return nil
}
