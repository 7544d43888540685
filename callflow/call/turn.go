package call

import (
	"time"

	"github.com/sonajobs/sona/job"
)

// Speaker is who said a turn.
type Speaker string

// The speakers.
const (
	ByCaller Speaker = "caller"
	ByAgent  Speaker = "agent"
)

// Source says how it is known which job and step a turn belongs to. It is never guessed.
type Source string

// The sources, in the order of their certainty.
const (
	SourceAction   Source = "action"   // the turn carried out an action of the job
	SourceDeclared Source = "declared" // the model headed its reply with the job's mark
	SourceUnknown  Source = "unknown"  // neither; Job and Step are empty
)

// Turn is one utterance.
type Turn struct {
	By          Speaker   `json:"by"`
	Text        string    `json:"text"`                  // all of it, also what was not heard
	Spoken      int       `json:"spoken,omitempty"`      // of an interrupted turn: how many characters were heard
	Interrupted bool      `json:"interrupted,omitempty"` // the caller spoke over it
	Job         job.ID    `json:"job,omitempty"`         // of an agent's turn: the job in hand
	Step        string    `json:"step,omitempty"`        // of that job, as the author numbered it
	Source      Source    `json:"source,omitempty"`      // of an agent's turn
	At          time.Time `json:"at,omitzero"`
}

// Heard returns what the other side heard: the whole text, or of an interrupted turn its first Spoken
// characters.
func (t Turn) Heard() string {
	if !t.Interrupted {
		return t.Text
	}
	n := 0
	for i := range t.Text {
		if n >= t.Spoken {
			return t.Text[:i]
		}
		n++
	}
	return t.Text
}
