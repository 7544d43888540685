package callflow

import (
	"errors"
	"fmt"

	"github.com/sonajobs/sona/job"
)

// TooManyJobsError says that a step has its ten jobs already. The ten stay attached. Seed 14.
type TooManyJobsError struct {
	Step StepID
	Job  job.ID // the one that found no place
	Max  int    // MaxJobsPerStep
}

func (e *TooManyJobsError) Error() string {
	return fmt.Sprintf("step %q: %s job (%s): at most %d: detach one first", e.Step, ordinal(e.Max+1), e.Job, e.Max)
}

// What StepError.Rule can say.
const (
	RuleUnknownStep = "unknown_step"  // no step has this ID
	RuleSameStep    = "same_step"     // two steps have this ID
	RuleNotSona     = "not_sona"      // the step is no Sona step, so it has no jobs, pages and greeting
	RuleNoKind      = "no_kind"       // the step says not what it is, or is a kind that a later version knows
	RuleUnknownExit = "unknown_exit"  // the step's kind has no such exit
	RuleDangling    = "dangling_exit" // an exit leads to a step that does not exist
	RuleInvalid     = "invalid"       // a text or an ID of the step breaks a rule; Err says which
	RuleNoSonaStep  = "no_sona_step"  // the flow has no Sona step
	RuleWhichStep   = "which_step"    // the flow has several Sona steps and none was named
	RuleNotAttached = "not_attached"  // the job or page to be moved is not attached to the step
)

// StepError says which step broke which rule.
type StepError struct {
	Step StepID
	Rule string // one of the Rule constants
	Err  error  // what is wrong in detail; may be nil
}

func (e *StepError) Error() string {
	text := fmt.Sprintf("step %q: %s", e.Step, stepRules[e.Rule])
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text
}

// Unwrap gives the detail.
func (e *StepError) Unwrap() error { return e.Err }

var stepRules = map[string]string{
	RuleUnknownStep: "no step has this ID",
	RuleSameStep:    "two steps have this ID",
	RuleNotSona:     "is no Sona step",
	RuleNoKind:      "has no kind that this version knows",
	RuleUnknownExit: "its kind has no such exit",
	RuleDangling:    "an exit leads to a step that does not exist",
	RuleInvalid:     "breaks a rule",
	RuleNoSonaStep:  "the flow has no Sona step",
	RuleWhichStep:   "the flow has several Sona steps: name one",
	RuleNotAttached: "is not attached to this step",
}

// ErrDraftClosed is returned by a [Draft] that is used after its EditDraft has returned.
var ErrDraftClosed = errors.New("callflow: the draft is closed: edit it inside EditDraft only")

func ordinal(n int) string {
	suffix := "th"
	switch {
	case n%100 >= 11 && n%100 <= 13:
	case n%10 == 1:
		suffix = "st"
	case n%10 == 2:
		suffix = "nd"
	case n%10 == 3:
		suffix = "rd"
	}
	return fmt.Sprintf("%d%s", n, suffix)
}
