package mockcall_test

import (
	"context"
	"fmt"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime/mockcall"
	"github.com/sonajobs/sona/storage"
	"github.com/sonajobs/sona/storage/memory"
)

// A candidate is tried before anybody saves it: the flow's draft runs with the new text in place of the old.
func ExampleRun() {
	ctx := context.Background()
	ws := storage.Open(memory.New(), "acme").By("ann")
	saved, _ := ws.CreateJob(ctx, job.Spec{Name: "Book a table", Instructions: "This job books a table.\n1. Ask for the day."})
	flow, _ := ws.CreateFlow(ctx, callflow.Simple("Restaurant", "+15550100", callflow.SonaStep{Greeting: "Hello!", Jobs: []job.ID{saved.ID()}}))

	edited, _ := saved.With(job.Spec{Name: "Book a table",
		Instructions: "This job books a table.\n1. Ask for the number of guests.\n2. Ask for the day.\n3. Say goodbye: {{action end_call}}"})
	result, err := mockcall.Run(ctx, ws, mockcall.Config{
		Flow:       flow.ID(),
		Candidates: []job.Job{edited},
		Caller:     mockcall.Script("I'd like to book a table", "Four", "Friday"),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(result.Transcript())
	fmt.Println("ended:", result.Record.Outcome.Kind)
	// Output:
	// Sona: Hello!
	// Caller: I'd like to book a table
	// Sona (Book a table, step 1): Could you tell me the number of guests?
	// Caller: Four
	// Sona (Book a table, step 2): Could you tell me the day?
	// Caller: Friday
	// Sona (Book a table, step 3): Goodbye.
	// ended: ended
}
