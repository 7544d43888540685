package call

import (
	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/job"
)

// OutcomeKind is how Sona's part of a call ended.
type OutcomeKind string

// The ways to end.
const (
	Transferred OutcomeKind = "transferred" // the caller agreed and went to Target
	Voicemail   OutcomeKind = "voicemail"   // the caller is to record a message
	Ended       OutcomeKind = "ended"       // the conversation came to its end
	HungUp      OutcomeKind = "hung_up"     // the caller left
	NoInput     OutcomeKind = "no_input"    // the caller stayed silent
	TimeLimit   OutcomeKind = "time_limit"  // the call reached its longest duration
	Fallback    OutcomeKind = "fallback"    // the agent could not go on; Reason says why
	Failed      OutcomeKind = "failed"      // the host's line failed; Reason says why
)

// Exit returns the exit of the Sona step that belongs to k; empty for a caller who left, since nothing
// follows then.
func (k OutcomeKind) Exit() callflow.Exit {
	switch k {
	case Transferred:
		return callflow.ExitTransferred
	case Voicemail:
		return callflow.ExitVoicemail
	case Ended, NoInput, TimeLimit:
		return callflow.ExitEnded
	case Fallback, Failed:
		return callflow.ExitFallback
	case HungUp:
	}
	return ""
}

// Outcome says how Sona's part ended and how the flow goes on. The zero Outcome is a call that is not
// over.
type Outcome struct {
	Kind   OutcomeKind     `json:"kind,omitempty"`
	Target job.Target      `json:"target,omitzero"`  // of a transfer
	Reason string          `json:"reason,omitempty"` // for people
	Exit   callflow.Exit   `json:"exit,omitempty"`   // by which the Sona step was left
	Next   callflow.StepID `json:"next,omitempty"`   // the step that follows; empty = the call is over
}

// IsZero reports whether the call is not over yet.
func (o Outcome) IsZero() bool { return o == Outcome{} }
