package call

import (
	"strings"
	"time"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/callflow/knowledge"
	"github.com/sonajobs/sona/job"
)

// Status is how far a record is.
type Status string

// The states of a record. It only moves forward.
const (
	InProgress Status = "in-progress" // from the beginning of the call on; also what a killed host leaves
	Completed  Status = "completed"
	Broken     Status = "failed" // the call could not be carried out to its end
)

// Record is what is kept of one call.
type Record struct {
	ID        ID                   `json:"id"`
	Flow      callflow.ID          `json:"flow"`
	Step      callflow.StepID      `json:"step,omitempty"` // the Sona step; empty when the call reached none
	Version   int                  `json:"version"`        // of the flow; 0 = a draft
	Number    callflow.Line        `json:"number,omitempty"`
	Caller    Caller               `json:"caller,omitzero"`
	Jobs      map[job.ID]int       `json:"jobs,omitempty"` // attached, with the revision that the call had
	Used      []job.ID             `json:"used,omitempty"` // in the order of first use
	Pages     map[knowledge.ID]int `json:"pages,omitempty"`
	Settings  int                  `json:"settings,omitempty"` // revision
	Model     string               `json:"model,omitempty"`
	Receipt   Receipt              `json:"receipt,omitzero"`
	Turns     []Turn               `json:"turns,omitempty"`
	Effects   []Effect             `json:"effects,omitempty"`
	Notes     []Note               `json:"notes,omitempty"`
	Outcome   Outcome              `json:"outcome,omitzero"`
	Summary   Summary              `json:"summary,omitzero"`
	Usage     Usage                `json:"usage,omitzero"`
	Status    Status               `json:"status"`
	Test      bool                 `json:"test,omitempty"`  // a mock call
	Stale     bool                 `json:"stale,omitempty"` // ran on the last known snapshot because storage was down
	StartedAt time.Time            `json:"startedAt,omitzero"`
	EndedAt   time.Time            `json:"endedAt,omitzero"`
}

// Transcript returns what was said, a line a turn, with the speaker in front. Of interrupted turns it
// shows what was heard.
func (r Record) Transcript() string {
	var b strings.Builder
	for _, t := range r.Turns {
		switch t.By {
		case ByAgent:
			b.WriteString("Sona: ")
		default:
			b.WriteString("Caller: ")
		}
		b.WriteString(job.CleanLine(t.Heard()))
		if t.Interrupted {
			b.WriteString(" —")
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// NoteKind is what a note tells.
type NoteKind string

// The notes that the library makes: where a call did less than its jobs asked for, and why.
const (
	NoteMissingJob        NoteKind = "missing_job"        // attached, but deleted
	NoteMissingPage       NoteKind = "missing_page"       // selected, but deleted
	NoteActionUnavailable NoteKind = "action_unavailable" // a job names an action that the host has not configured, or wrote it badly
	NoteDeclined          NoteKind = "declined"           // the caller said no to what an action needed
	NoteUnreachable       NoteKind = "unreachable"        // an action failed at its target
	NoteDegraded          NoteKind = "degraded"           // something was left out or replaced so that the call could go on
	NoteModel             NoteKind = "model"              // the language model failed or answered what cannot be carried out
	NoteVariable          NoteKind = "variable"           // a variable had neither value nor default
)

// Note says in the record what went otherwise than the jobs say.
type Note struct {
	Kind   NoteKind       `json:"kind"`
	Job    job.ID         `json:"job,omitempty"`
	Page   knowledge.ID   `json:"page,omitempty"`
	Action job.ActionName `json:"action,omitempty"`
	Text   string         `json:"text"` // one sentence for people
	At     time.Time      `json:"at,omitzero"`
}
