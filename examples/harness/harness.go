// Package harness is a host's package of jobs with its unit tests: what a restaurant lets Sona do on the phone. The
// package is what is tested; how it is tested, in harness_test.go, is what the example is about.
package harness

import (
	"context"
	"encoding/json"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime"
	"github.com/sonajobs/sona/storage"
)

// The jobs.
var (
	BookATable = job.Spec{
		Name:         "Book a table",
		CallerIntent: "The caller wants to book or reserve a table.",
		Instructions: `This job books a table.

1. Ask for the day.
2. Ask for the number of guests.
3. Ask for the name.
4. Book the table: {{action book_table area="terrace"}}
   - If the booking fails, say that the table is not free and go to step 6.
5. Tell the caller that the table is booked.
6. Thank the caller, say goodbye and end the call: {{action end_call}}

If the caller does not want to answer, skip the question.`,
		Results: []job.Field{
			{Name: "Day", Type: job.DateField, Required: true, Ask: "For which day?"},
			{Name: "Guests", Type: job.NumberField, Required: true, Ask: "For how many guests?"},
			{Name: "Name", Type: job.TextField, Ask: "In what name?"},
		},
	}
	SendTheMenu = job.Spec{
		Name:         "Send the menu",
		CallerIntent: "The caller asks for the menu, or what there is to eat.",
		Instructions: `This job texts the menu.

1. Send the text message: {{action send_sms text="Our menu: https://example.com/menu"}}
   - If the text fails, say that the menu is on our website.
2. Thank the caller, say goodbye and end the call: {{action end_call}}`,
	}
	FetchTheManager = job.Spec{
		Name:         "Fetch the manager",
		CallerIntent: "The caller is unhappy, or asks for the manager or the owner.",
		Instructions: `This job brings the caller to the manager.

1. Transfer the call: {{action transfer_call to="member:manager/front"}}
2. Tell the caller that the manager calls back.
3. Thank the caller, say goodbye and end the call: {{action end_call}}`,
	}
)

// BookTable is the action of the first job. The model fills in what the caller said; the area is the job's.
const BookTable job.ActionName = "book_table"

// Booking is what a table is booked with.
type Booking struct {
	Area   string `json:"area"`
	Day    string `json:"day"`
	Guests int    `json:"guests"`
	Name   string `json:"name,omitempty"`
}

// Actions returns the host's own actions. book gets the key of the call, action and arguments, so that a booking is
// made once however often it is asked for.
func Actions(book func(ctx context.Context, key string, b Booking) error) []runtime.Action {
	return []runtime.Action{{
		Spec: job.ActionSpec{
			Name:        BookTable,
			Description: "Book a table.",
			Parameters: json.RawMessage(`{
				"type": "object",
				"properties": {
					"area":   {"type": "string", "enum": ["terrace", "inside"]},
					"day":    {"type": "string"},
					"guests": {"type": "integer", "minimum": 1},
					"name":   {"type": "string"}
				},
				"required": ["area", "day", "guests"]
			}`),
		},
		Do: func(ctx context.Context, i runtime.CallInfo, args json.RawMessage) (json.RawMessage, error) {
			var b Booking
			if err := json.Unmarshal(args, &b); err != nil {
				return nil, err
			}
			if err := book(ctx, i.Key, b); err != nil {
				return nil, err
			}
			return json.RawMessage(`{"booked":true}`), nil
		},
	}}
}

// Desk is the flow with its jobs.
type Desk struct {
	Flow                 callflow.ID
	Table, Menu, Manager job.Job
}

// Open puts the jobs into the library of a workspace and attaches them to the draft of a flow.
func Open(ctx context.Context, ws *storage.Workspace) (Desk, error) {
	var d Desk
	step := callflow.SonaStep{Greeting: "Trattoria Uno, this is Sona, an AI assistant. What can I do for you?"}
	for _, j := range []struct {
		spec  job.Spec
		saved *job.Job
	}{{BookATable, &d.Table}, {SendTheMenu, &d.Menu}, {FetchTheManager, &d.Manager}} {
		var err error
		if *j.saved, err = ws.CreateJob(ctx, j.spec); err != nil {
			return Desk{}, err
		}
		step.Jobs = append(step.Jobs, j.saved.ID())
	}
	flow, err := ws.CreateFlow(ctx, callflow.Simple("Restaurant", "+15550100", step))
	d.Flow = flow.ID()
	return d, err
}
