package runtime

import (
	"fmt"
	"time"

	"github.com/sonajobs/sona/callflow/call"
)

// left returns how much of the call's longest duration is left; false when it has none.
func (e *engine) left() (time.Duration, bool) {
	if e.rt.limits.Call < 0 {
		return 0, false
	}
	return e.rt.limits.Call - time.Since(e.rec.StartedAt), true
}

// timeUp reports whether the call has lasted as long as it may.
func (e *engine) timeUp() bool {
	left, limited := e.left()
	return limited && left <= 0
}

// hurry is what the model is told when the call is about to reach its longest duration; empty before.
func (e *engine) hurry() string {
	left, limited := e.left()
	if !limited || left > e.rt.limits.Warning {
		return ""
	}
	if left >= time.Minute {
		return fmt.Sprintf("The call ends in %d min at the latest: come to its end.", int(left/time.Minute))
	}
	return "The call ends in less than a minute: come to its end."
}

// takeLeave says goodbye for the time being up. There is no way back.
func (e *engine) takeLeave() {
	e.ending = &ending{outcome: call.Outcome{Kind: call.TimeLimit, Reason: fmt.Sprintf("the call reached %s", e.rt.limits.Call)}, effect: -1, bound: true}
	e.speakWhole(phrase(e.sona, timeIsUp))
}
