package runtime

import (
	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/job"
)

// Event is something that happened on a call: [Said], [JobChosen], [Acted], [Over] or [Trouble]. Events are
// for observing; what has to be kept stands in the record.
type Event interface{ event() }

// Said is a piece of what Sona says, in order. A turn's pieces make its text; the last one has Last set and
// may be empty.
type Said struct {
	Turn   int    // index of the turn in the record
	Text   string // what is spoken: without the mark, and without what is for the eye only
	Job    job.ID // the job in hand, as far as it is known
	Step   string
	Source call.Source
	Last   bool
}

// JobChosen tells that a job is in hand now. Job is empty when the model said that it follows none.
type JobChosen struct {
	Job  job.ID
	Name string
	Step string
}

// Acted is an action that came back.
type Acted struct{ Effect call.Effect }

// Over tells how Sona's part of the call ended. It is the last event.
type Over struct{ Outcome call.Outcome }

// Trouble is something that went otherwise than it should. The call goes on.
type Trouble struct{ Note call.Note }

func (Said) event()      {}
func (JobChosen) event() {}
func (Acted) event()     {}
func (Over) event()      {}
func (Trouble) event()   {}
