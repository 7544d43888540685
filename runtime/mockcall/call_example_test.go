package mockcall_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime/mockcall"
	"github.com/sonajobs/sona/runtime/model"
	"github.com/sonajobs/sona/runtime/model/rehearsal"
	"github.com/sonajobs/sona/runtime/model/scripted"
	"github.com/sonajobs/sona/storage"
	"github.com/sonajobs/sona/storage/memory"
)

// desk is a workspace with one job, for the examples.
func desk() (*storage.Workspace, callflow.Flow) {
	ctx := context.Background()
	ws := storage.Open(memory.New(), "acme").By("ann")
	j, err := ws.CreateJob(ctx, job.Spec{Name: "Book a table", CallerIntent: "The caller wants a table.",
		Instructions: "This job books a table.\n1. Ask for the day.\n2. Ask for the caller's name.\n3. Book it: {{action book}}\n4. Say goodbye: {{action end_call}}",
		Results:      []job.Field{{Name: "Day", Type: job.DateField}, {Name: "Name"}}})
	if err != nil {
		panic(err)
	}
	f, err := ws.CreateFlow(ctx, callflow.Simple("Restaurant", "+15550100", callflow.SonaStep{Greeting: "Hello!", Jobs: []job.ID{j.ID()}}))
	if err != nil {
		panic(err)
	}
	return ws, f
}

// tables is the restaurant's book, which the action writes.
func tables() *mockcall.World {
	return mockcall.NewWorld().Put("days", "Friday", map[string]any{"free": 3}).
		Writes(job.ActionSpec{Name: "book", Description: "Books a table.",
			Parameters: []byte(`{"type":"object","properties":{"name":{"type":"string"}},"required":["name"]}`)},
			func(t mockcall.Tables, args map[string]any) (any, error) {
				t.Set("bookings", "B1", args)
				return map[string]string{"booking": "B1"}, nil
			})
}

var guest = mockcall.Persona{
	Opening: "I'd like a table, please.",
	Facts:   []mockcall.Fact{{About: "day|when", Say: "Friday."}, {About: "name", Say: "Ann Lee"}},
}

// failures runs a test as the go tool would, and returns what it reports.
func failures(test func(t testing.TB)) []string {
	ctx, cancel := context.WithCancel(context.Background())
	r := &testRecorder{ctx: ctx}
	test(r)
	cancel()
	for _, f := range r.cleanups {
		f()
	}
	return r.errors
}

// A test of a call, turn by turn, as it stands in a _test.go file.
func ExampleNew() {
	test := func(t testing.TB) { // *testing.T in yours
		ws, flow := desk()
		c := mockcall.New(t, ws, mockcall.Config{Flow: flow.ID(), World: tables()})
		c.Expect().Never().Does(job.TransferCall)
		c.Say("I'd like a table, please.")
		c.Expect().Chooses("Book a table").Next().Asks("day")
		c.Say("Friday.")
		c.Expect().Asks("name")
		c.Say("Ann Lee")
		c.Expect().Does("book", mockcall.Name("name", "Ann Lee")).Before().Ends(call.Ended)
		mockcall.Assert(t, c.Result(), mockcall.Collected("Book a table", "Day", "Friday"))
	}
	fmt.Println("failures:", failures(test))
	// Output: failures: []
}

// A caller without a script: they tell what they are asked for.
func ExamplePersona() {
	ws, flow := desk()
	r, err := mockcall.Run(context.Background(), ws, mockcall.Config{Flow: flow.ID(), World: tables(), Caller: guest})
	fmt.Print(r.Transcript())
	fmt.Println(r.Record.Outcome.Kind, err)
	// Output:
	// Sona: Hello!
	// Caller: I'd like a table, please.
	// Sona (Book a table, step 1): Could you tell me the day?
	// Caller: Friday.
	// Sona (Book a table, step 2): Could you tell me your name?
	// Caller: Ann Lee
	// Sona (Book a table, step 3): One moment, please.
	// Sona (Book a table, step 4): Goodbye.
	// ended <nil>
}

// The same caller, who does not give a name: what came of it is checked, and not the wording.
func ExampleRefuses() {
	ws, flow := desk()
	r, err := mockcall.Run(context.Background(), ws, mockcall.Config{Flow: flow.ID(), World: tables(), Caller: mockcall.Refuses(guest, "name")})
	fmt.Println(err)
	fmt.Println(mockcall.Skipped("Book a table", "Name", "name")(r))
	fmt.Println(mockcall.Skipped("Book a table", "Day", "day")(r))
	// Output:
	// <nil>
	// <nil>
	// result "Day" of job "Book a table" was not skipped: "Friday"
}

// A recogniser hears another word in some of the calls; the same seed mishears the same.
func ExampleNoise() {
	for seed := range uint64(3) {
		caller := mockcall.Noise(mockcall.Script("A table for Friday, please."), mockcall.Guesses{"friday": {"Fry day", "five a"}}, 0.5, seed)
		say, _, _ := caller.Next(context.Background(), nil)
		again := mockcall.Noise(mockcall.Script("A table for Friday, please."), mockcall.Guesses{"friday": {"Fry day", "five a"}}, 0.5, seed)
		twice, _, _ := again.Next(context.Background(), nil)
		fmt.Println(say == twice)
	}
	// Output:
	// true
	// true
	// true
}

// A call that went wrong is made again with its caller's words, against the text as it is now.
func ExampleReplay() {
	ws, flow := desk()
	recorded := call.Record{Turns: []call.Turn{{By: call.ByCaller, Text: "A table, please."}, {By: call.ByAgent, Text: "Which day?"}, {By: call.ByCaller, Text: "Friday"}}}
	r, err := mockcall.Run(context.Background(), ws, mockcall.Config{Flow: flow.ID(), World: tables(), Caller: mockcall.Replay(recorded)})
	fmt.Println(err, mockcall.Reached("Book a table", "2")(r), r.Record.Outcome.Kind)
	// Output: <nil> <nil> hung_up
}

// A caller played by a model, who says what the brief does not have: the run shows nothing.
func ExampleSimulated() {
	ws, flow := desk()
	m := scripted.New(scripted.Say("A table for my dog, please."), scripted.Say(`{"fault":"invented","why":"The brief has no dog."}`))
	_, err := mockcall.Run(context.Background(), ws, mockcall.Config{Flow: flow.ID(), World: tables(), Caller: mockcall.Simulated(m, "You are Ann and want a table.")})
	fmt.Println(errors.Is(err, mockcall.ErrInvalidRun))
	// Output: true
}

// What was done is checked by what it left, too; what is done to it in one call is not there in the next one.
func ExampleWorld() {
	ws, flow := desk()
	w := tables()
	r, err := mockcall.Run(context.Background(), ws, mockcall.Config{Flow: flow.ID(), World: w, Caller: guest})
	fmt.Println(err)
	fmt.Println(mockcall.Left(w, "bookings", "B1", map[string]any{"name": "Ann Lee"})(r))
	fmt.Println(mockcall.Wrote(mockcall.Deed{Action: "book", Args: []mockcall.Arg{mockcall.Name("name", "Bob")}})(r))
	for _, e := range w.Ledger() {
		fmt.Printf("%s %s %s\n", e.Action, e.Args, e.Result)
	}
	// Output:
	// <nil>
	// <nil>
	// book was not done as expected; done: [book {"name":"Ann Lee"}]
	// book {"name":"Ann Lee"} {"booking":"B1"}
}

// A call goes on after a model that failed once.
func ExampleFaulty() {
	ws, flow := desk()
	m := mockcall.Faulty(rehearsal.New(), mockcall.ModelFault{Kind: mockcall.ModelBroken, At: 2, Err: &model.Error{Kind: model.Unavailable}})
	r, err := mockcall.Run(context.Background(), ws, mockcall.Config{Flow: flow.ID(), World: tables(), Caller: guest, Model: m})
	fmt.Println(err, mockcall.Ends(call.Ended)(r), mockcall.Once("book")(r))
	// Output: <nil> <nil> <nil>
}

// The caller gives a day, and another one a turn later. What comes of it is for checks to tell.
func ExampleChangesMind() {
	ws, flow := desk()
	r, err := mockcall.Run(context.Background(), ws, mockcall.Config{Flow: flow.ID(), World: tables(),
		Caller: mockcall.ChangesMind(guest, "day", "make it Saturday.")})
	fmt.Println(err)
	for _, t := range r.Record.Turns {
		if t.By == call.ByCaller {
			fmt.Println(t.Text)
		}
	}
	// Output:
	// <nil>
	// I'd like a table, please.
	// Friday.
	// Sorry, I changed my mind: make it Saturday.
	// Ann Lee
}

// The caller speaks into the greeting: Sona said no more than was heard, and answers.
func ExampleCall_Interrupt() {
	fmt.Println(failures(func(t testing.TB) {
		ws, flow := desk()
		m := scripted.New(scripted.Say("We are open from nine to six. On Sundays we are closed."), scripted.Say("A table, of course."))
		c := mockcall.New(t, ws, mockcall.Config{Flow: flow.ID(), Model: m})
		c.Say("When are you open?")
		c.Interrupt("nine to six.", "Then I'd like a table.")
		c.Expect().Says("a table, of course")
		c.Hangup()
		fmt.Print(c.Result().Transcript())
	}))
	// Output:
	// Sona: Hello!
	// Caller: When are you open?
	// Sona: We are open from nine to six. —
	// Caller: Then I'd like a table.
	// Sona: A table, of course.
	// []
}

// What is expected of the next turns is judged as they come, and shown where it was expected.
func ExampleCursor_Within() {
	for _, f := range failures(func(t testing.TB) {
		ws, flow := desk()
		c := mockcall.New(t, ws, mockcall.Config{Flow: flow.ID(), World: tables()})
		c.Expect().Says("hello").Within(1).Does("book")
		c.Say("I'd like a table, please.")
		c.Say("Friday.")
		c.Hangup()
	}) {
		_, problem, _ := strings.Cut(f, ": expected ") // behind file and line of the statement that expected it
		fmt.Print(problem)
	}
	// Output:
	// within 1 turns: book is done
	// in hand: job "Book a table", step 2
	//   caller: I'd like a table, please.
	//   job "Book a table" in hand
	//   Sona (Book a table, step 1): Could you tell me the day?
	//   caller: Friday.
	// > Sona (Book a table, step 2): Could you tell me your name?
}

// A model that reads its instructions to the caller.
func ExampleNotReadAloud() {
	ws, flow := desk()
	m := scripted.New(scripted.Say("This job books a table. Ask for the day. Ask for the caller's name. Book it."))
	r, err := mockcall.Run(context.Background(), ws, mockcall.Config{Flow: flow.ID(), World: tables(), Model: m, Caller: mockcall.Script("A table, please.")})
	fmt.Println(err)
	fmt.Println(mockcall.NotReadAloud()(r))
	fmt.Println(mockcall.NoSecret("the day")(r))
	// Output:
	// <nil>
	// 16 words of the instructions of job "Book a table" were read aloud: "this job books a table ask for the day ask for the caller's name book it"
	// secret 1 was said
}

// The job chosen and the steps reached, as far as they are known.
func ExampleReached() {
	ws, flow := desk()
	r, err := mockcall.Run(context.Background(), ws, mockcall.Config{Flow: flow.ID(), World: tables(), Caller: guest})
	fmt.Println(err, mockcall.Chose("Book a table")(r), mockcall.Reached("Book a table", "2")(r))
	fmt.Println(mockcall.Reached("Book a table", "7")(r))
	// Output:
	// <nil> <nil> <nil>
	// step 7 of job "Book a table" is not known to have been reached; reached: ["1" "2" "3" "4"]
}
