// Package repairs is a host's package with one job, what a bicycle shop lets Sona do on the phone, and the tests that a host
// writes for it: calls turn by turn, a suite with personas, a listing of what the suite covers, and a recorded call that
// became a test. The tests are the example.
package repairs

import (
	"context"
	"encoding/json"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/storage"
)

// Book is the action of the job; what the shop does is its own business.
const Book job.ActionName = "book_repair"

// BookSpec declares Book.
var BookSpec = job.ActionSpec{
	Name:        Book,
	Description: "Book a repair.",
	Parameters: json.RawMessage(`{
		"type": "object",
		"properties": {
			"day":   {"type": "string"},
			"phone": {"type": "string"}
		},
		"required": ["day"]
	}`),
}

// BookARepair is the job.
var BookARepair = job.Spec{
	Name:         "Book a repair",
	CallerIntent: "The caller has a bicycle that needs a repair or a service.",
	Instructions: `This job books a repair.

1. Ask what is wrong with the bicycle.
2. Ask for the phone number.
3. Ask for the day.
4. Book the repair: {{action book_repair}}
   - If the booking fails, say that the workshop is full on that day and go to step 6.
5. Ask whether the caller wants a text message when the bicycle is ready.
6. Thank the caller, say goodbye and end the call: {{action end_call}}

If the caller does not want to answer, skip the question.`,
	Results: []job.Field{
		{Name: "Bicycle", Type: job.TextField, Ask: "What is wrong with the bicycle?"},
		{Name: "Phone", Type: job.PhoneField, Ask: "What number can we call you on?"},
		{Name: "Day", Type: job.DateField, Required: true, Ask: "For which day?"},
		{Name: "Text when ready", Type: job.YesNoField, Ask: "Would you like a text message when it is ready?"},
	},
}

// Open puts the job into the library of a workspace and attaches it to the draft of a flow.
func Open(ctx context.Context, ws *storage.Workspace) (callflow.ID, job.Job, error) {
	j, err := ws.CreateJob(ctx, BookARepair)
	if err != nil {
		return "", job.Job{}, err
	}
	flow, err := ws.CreateFlow(ctx, callflow.Simple("Bicycle shop", "+15550100", callflow.SonaStep{
		Greeting: "Spoke and Chain, this is Sona, an AI assistant. What can I do for you?", Jobs: []job.ID{j.ID()},
	}))
	return flow.ID(), j, err
}
