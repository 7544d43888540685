package optimize

import (
	"context"

	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/job/lint"
)

// Optimizer suggests better instructions for a job. It may be wrong: [Propose] looks at what it suggests.
// An implementation must be safe for concurrent use and return when ctx ends. It returns an error when it
// has nothing to suggest because something failed; a text that needs no change comes back as it was.
type Optimizer interface {
	Optimize(ctx context.Context, r Request) (Suggestion, error)
}

// Func is a function as an [Optimizer].
type Func func(context.Context, Request) (Suggestion, error)

// Optimize calls f.
func (f Func) Optimize(ctx context.Context, r Request) (Suggestion, error) { return f(ctx, r) }

// Request is what an [Optimizer] gets to work with. Only Spec is needed.
type Request struct {
	Spec      job.Spec       // the text to improve, saved or not; it may break rules
	Siblings  []job.Job      // the other jobs of the step, which the text should not overlap
	Lint      lint.Context   // what surrounds the text
	Findings  []lint.Finding // on the cleaned Spec; filled in by Propose
	Hints     []string       // what the author wants, in their words
	OffScript Policy         // what should happen when a caller declines a question
	Calls     []call.Record  // calls that used the job
}

// Policy is what should happen when a caller declines a question.
type Policy string

// The policies. Without one the author is asked.
const (
	PolicyUnknown   Policy = ""
	PolicySkip      Policy = "skip"           // go on without the answer
	PolicyAskAgain  Policy = "ask_once_more"  // ask once more at most, then go on
	PolicyVoicemail Policy = "take_voicemail" // let the caller leave a voicemail
)

// Suggestion is what an [Optimizer] returns. Only Instructions are needed.
type Suggestion struct {
	Instructions string   // the whole new text
	Changes      []Change // what was done and why; made from the lines that differ when there are none
	Questions    []string // what only the author can answer
	Engine       string   // who made it: "rules", the name of a model
	Passed       []string // why optimizers that were asked before had to be passed over; see Fallback
}

// Change is one step from the old text to the new one, for people.
type Change struct {
	Rule   string `json:"rule,omitempty"` // which rule or practice it follows
	Why    string `json:"why,omitempty"`  // one sentence
	Before string `json:"before"`         // empty for what was added
	After  string `json:"after"`          // empty for what was taken out
}
