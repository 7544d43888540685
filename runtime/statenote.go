package runtime

import (
	"fmt"
	"strings"

	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/job"
)

// mostNote bounds the state note: 360 bytes are at most 120 tokens by the library's own estimate.
const mostNote = 360

// stateNote restates near the end of the request what is certain, and nothing else: the job and step that
// the model declared, what was done or failed, a transfer that was offered. It is never a guess about what
// is missing.
func (e *engine) stateNote() string {
	var facts []string
	if e.job.Handle != "" {
		fact := "In hand: job " + e.job.Handle
		if e.jobStep != "" {
			fact += ", step " + e.jobStep
		}
		facts = append(facts, fact+".")
	}
	for _, n := range e.told {
		facts = append(facts, fmt.Sprintf("The host says: %s = %s.", encode(n.Key), encode(n.Value)))
	}
	for _, f := range e.rec.Effects {
		facts = append(facts, state(f))
	}
	if e.offered() {
		facts = append(facts, "You have asked whether to transfer.")
	}
	for len(facts) > 0 {
		if note := "State: " + strings.Join(facts, " "); len(note) <= mostNote {
			return note
		}
		facts = facts[1:] // the oldest fact matters least
	}
	return ""
}

func state(f call.Effect) string {
	switch {
	case !f.Done:
		return fmt.Sprintf("%s is under way; do not repeat it.", f.Action)
	case f.Err != "":
		return fmt.Sprintf("%s failed.", f.Action)
	}
	return fmt.Sprintf("%s is done.", f.Action)
}

// offered reports whether a transfer was asked for and not begun.
func (e *engine) offered() bool {
	for _, f := range e.rec.Effects {
		if f.Action == job.TransferCall {
			return false
		}
	}
	for _, t := range e.rec.Turns {
		if t.By == call.ByAgent && asksTransfer(t.Heard()) && len(e.prompt.Handles(job.TransferCall)) > 0 {
			return true
		}
	}
	return false
}
