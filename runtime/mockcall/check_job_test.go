package mockcall_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/callflow/knowledge"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime/mockcall"
	"github.com/sonajobs/sona/runtime/prompt"
)

// talk is a call in which Sona goes from one job to another and back; its last turn belongs to nothing that is known.
func talk(t *testing.T) *mockcall.Result {
	t.Helper()
	book, err := job.New(job.Spec{Name: "Book", Instructions: "This job books a table.\n1. Ask for the day and for the name, and never promise a table " +
		"by the window to anybody at all.\n2. Say \"We keep your table for fifteen minutes, then we give it away to whoever is waiting outside.\""})
	require.NoError(t, err)
	hours, err := job.New(job.Spec{Name: "Hours", Instructions: "1. Tell when we are open."})
	require.NoError(t, err)
	page, err := knowledge.New(knowledge.Spec{Title: "Opening hours", Text: "On weekdays we serve dinner from 17:45 until late."})
	require.NoError(t, err)
	sona := func(j job.Job, step, text string) call.Turn {
		return call.Turn{By: call.ByAgent, Text: text, Job: j.ID(), Step: step, Source: call.SourceDeclared}
	}
	caller := func(text string) call.Turn { return call.Turn{By: call.ByCaller, Text: text} }
	done := func(action job.ActionName, args string) call.Effect {
		return call.Effect{Action: action, Args: json.RawMessage(args), Done: true}
	}
	return &mockcall.Result{
		Prompt: prompt.Prompt{Plan: prompt.Plan{Jobs: []prompt.PlannedJob{{Job: book}, {Job: hours}}, Pages: []knowledge.Page{page}}},
		Reads:  []job.ActionName{"look_up"},
		Record: call.Record{
			Used: []job.ID{book.ID(), hours.ID()}, Outcome: call.Outcome{Kind: call.Voicemail},
			Turns: []call.Turn{
				caller("A table, please"), sona(book, "1", "What is your phone number?"), caller("I'd rather not say"),
				sona(hours, "", "We open at 17:45."), caller("Good."), sona(book, "2", "We keep your table for fifteen minutes, then we give it away to whoever is waiting outside."),
				caller("Fine"), {By: call.ByAgent, Text: "The code is 4711.", Job: hours.ID(), Step: "9", Source: call.SourceUnknown}},
			Effects: []call.Effect{done("look_up", `{}`), done("book", `{"day":"Friday"}`), done("book", `{"day":"Friday","name":"Ann"}`),
				done(job.Voicemail, `{}`), {Action: "pay", Err: "declined", Done: true}},
			Summary: call.Summary{Jobs: []call.JobResult{{Name: "Book", Result: call.Result{Data: []call.Datum{
				{Name: "Guests", Value: 4.0}, {Name: "Window", Value: true}, {Name: "Day", Value: "Friday"}, {Name: "Phone"}, {Name: "Email"}}}}}},
		},
	}
}

func TestEveryCheckOfJobsCanFail(t *testing.T) {
	ann := mockcall.Deed{Action: "book", Args: []mockcall.Arg{mockcall.Name("name", "Ann")}}
	friday := mockcall.Deed{Action: "book", Args: []mockcall.Arg{mockcall.Text("day", "Friday")}}
	world := mockcall.NewWorld().Put("tables", "T4", map[string]any{"seats": 4})
	for _, c := range []struct {
		name   string
		holds  mockcall.Check
		fails  mockcall.Check
		saying string
	}{
		{"Chose", mockcall.Chose("Book"), mockcall.Chose("Hours"), `job "Book" was chosen, not "Hours"`},
		{"Reached", mockcall.Reached("Book", "2"), mockcall.Reached("Book", "3"), `reached: ["1" "2"]`},
		{"Reached, but that is not known", mockcall.Reached("Book", "1"), mockcall.Reached("Hours", "9"), "not known to have been reached"},
		{"a number", mockcall.CollectedAs("Book", "Guests", job.NumberField), mockcall.CollectedAs("Book", "Guests", job.TextField), "not of type text"},
		{"yes or no", mockcall.CollectedAs("Book", "Window", job.YesNoField), mockcall.CollectedAs("Book", "Day", job.YesNoField), "not of type yes_no"},
		{"a text", mockcall.CollectedAs("Book", "Day", job.DateField), mockcall.CollectedAs("Book", "Phone", job.PhoneField), "<nil>"},
		{"Skipped", mockcall.Skipped("Book", "Phone", "phone number"), mockcall.Skipped("Book", "Day", "day"), "was not skipped"},
		{"Skipped, but nobody asked", mockcall.Skipped("Book", "Phone", "phone number"), mockcall.Skipped("Book", "Email", "e-mail"), "nothing was declined"},
		{"EndedIn", mockcall.EndedIn("Book", call.Voicemail), mockcall.EndedIn("Hours", call.Voicemail), `job "Book" was in hand at the end`},
		{"EndedIn otherwise", mockcall.EndedIn("Book", call.Voicemail), mockcall.EndedIn("Book", call.Ended), "ended"},
		{"Returned", mockcall.Returned("Book", "Hours"), mockcall.Returned("Hours", "Book"), "and back"},
		{"UsesPage", mockcall.UsesPage("Opening hours"), mockcall.UsesPage("Prices"), "no page"},
		{"NotReadAloud", mockcall.NotReadAloud(), func(r *mockcall.Result) error {
			r.Record.Turns = append(r.Record.Turns, call.Turn{By: call.ByAgent, Text: "I ask for the day and for the name, and never promise a table by the window."})
			return mockcall.NotReadAloud()(r)
		}, "were read aloud"},
		{"NoSecret", mockcall.NoSecret("0815"), mockcall.NoSecret("47 11"), "secret 1 was said"},
		{"NoSecret in an action", mockcall.NoSecret("Bob"), mockcall.NoSecret("ann"), "secret 1 was handed to book"},
		{"NoSecret of nothing", mockcall.NoSecret("Bob"), mockcall.NoSecret(), "no secret to look for"},
		{"Wrote", mockcall.Wrote(ann, friday), mockcall.Wrote(friday), "and not expected"},
		{"Wrote in any order", mockcall.Wrote(friday, ann), mockcall.Wrote(ann, ann), "was not done as expected"},
		{"Wrote nothing", mockcall.Wrote(friday, friday), mockcall.Wrote(), "not expected"},
		{"AtLeast", mockcall.AtLeast(2, "book"), mockcall.AtLeast(3, "book"), "at least 3 times"},
		{"None", mockcall.None("pay"), mockcall.None("book"), "2 times"},
		{"Left", mockcall.Left(world, "tables", "T4", map[string]any{"seats": 4}), mockcall.Left(world, "tables", "T4", map[string]any{"seats": 5}), "seats = 4, not 5"},
		{"Left no row", mockcall.Left(world, "tables", "T5", nil), mockcall.Left(world, "tables", "T4", nil), "is there"},
		{"Left a row", mockcall.Left(world, "tables", "T4", map[string]any{}), mockcall.Left(world, "tables", "T5", map[string]any{}), "is not there"},
	} {
		t.Run(c.name, func(t *testing.T) {
			require.NoError(t, c.holds(talk(t)))
			require.ErrorContains(t, c.fails(talk(t)), c.saying)
		})
	}
}

func TestWhatIsUnknownPassesNoCheck(t *testing.T) {
	r := talk(t)
	for i := range r.Record.Turns {
		r.Record.Turns[i].Source = call.SourceUnknown
	}
	r.Record.Used = nil
	for name, check := range map[string]mockcall.Check{
		"Chose": mockcall.Chose("Book"), "Reached": mockcall.Reached("Book", "1"), "Skipped": mockcall.Skipped("Book", "Phone", "phone number"),
		"EndedIn": mockcall.EndedIn("Book", call.Voicemail), "Returned": mockcall.Returned("Book", "Hours"),
	} {
		require.Error(t, check(r), name)
	}
}

func TestAPageThatNobodyToldIsNotUsed(t *testing.T) {
	r := talk(t)
	r.Record.Turns[0].Text = "Is it right that you open at 17:45?"
	require.ErrorContains(t, mockcall.UsesPage("Opening hours")(r), "nothing that Sona said", "the caller named the number first")
	r.Record.Turns[1].Text = "On weekdays we serve dinner."
	require.NoError(t, mockcall.UsesPage("Opening hours")(r))
}
