package mockcall_test

import (
	"context"
	"fmt"
	"strings"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime/mockcall"
	"github.com/sonajobs/sona/storage"
	"github.com/sonajobs/sona/storage/memory"
)

// booking is a workspace with one job and a suite for it.
func booking() (*storage.Workspace, callflow.ID, job.Job, []mockcall.Scenario) {
	ctx := context.Background()
	ws := storage.Open(memory.New(), "acme").By("ann")
	table, _ := ws.CreateJob(ctx, job.Spec{Name: "Book a table", Instructions: "This job books a table.\n1. Ask for the day.\n2. Ask for the number of guests.\n3. Say goodbye: {{action end_call}}"})
	flow, _ := ws.CreateFlow(ctx, callflow.Simple("Restaurant", "+15550100", callflow.SonaStep{Greeting: "Hello!", Jobs: []job.ID{table.ID()}}))
	flow, _ = ws.Publish(ctx, flow.ID(), flow.Revision())
	return ws, flow.ID(), table, []mockcall.Scenario{{
		Name:   "books",
		Caller: func(uint64) mockcall.Caller { return mockcall.Script("I'd like to book a table", "Friday", "Four") },
		Checks: []mockcall.Check{mockcall.Ends(call.Ended), mockcall.Asks("guests")},
	}}
}

func ExampleSuite() {
	ws, flow, _, scenarios := booking()
	report, err := mockcall.Suite(context.Background(), ws, mockcall.Config{Flow: flow}, 1, scenarios)
	if err != nil {
		fmt.Println(err)
		return
	}
	covered, _ := report.Coverage()
	fmt.Print(strings.Join(strings.Split(covered.Listing(), "\n")[:9], "\n"))
	fmt.Println("\nfailed:", report.Err())
	// Output:
	// engine: rehearsal
	// calls: 1 passed, 0 failed
	//
	// Book a table (revision 1)
	// pass  fail
	//    .     .   This job books a table.
	//    1     0   1. Ask for the day.
	//    1     0   2. Ask for the number of guests.
	//    1     0   3. Say goodbye: {{action end_call}}
	// failed: <nil>
}

// What would this suite not notice?
func ExampleMutate() {
	ws, flow, _, scenarios := booking()
	m, err := mockcall.Mutate(context.Background(), ws, mockcall.Config{Flow: flow}, 1, scenarios)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%d of %d mutants caught\n", m.Count(mockcall.Caught), len(m.Mutants))
	for _, r := range m.Mutants {
		if r.Fate == mockcall.Survived {
			fmt.Printf("%s: %s\n%s", r.Fate, r.What, r.Diff)
		}
	}
	// Output:
	// 4 of 6 mutants caught
	// survived: step 1
	// - 1. Ask for the day.
	// survived: steps 1 and 2
	// - 1. Ask for the day.
	// - 2. Ask for the number of guests.
	// + 1. Ask for the number of guests.
	// + 2. Ask for the day.
}

func ExampleGate() {
	ctx := context.Background()
	ws, _, table, scenarios := booking()
	gate, err := mockcall.Gate(mockcall.GateConfig{Suite: scenarios})
	if err != nil {
		fmt.Println(err)
		return
	}
	edit := table.Spec()
	edit.Instructions = strings.Replace(edit.Instructions, "2. Ask for the number of guests.\n", "", 1)
	_, err = ws.SaveJob(ctx, table.ID(), table.Revision(), edit, "shorter", gate)
	fmt.Println(err)
	// Output:
	// flow "Restaurant": refused: mockcall: the suite failed: 0 of 1 calls passed (engine rehearsal)
	// scenario "books", seed 1: failed: no question of Sona has the words "guests"
}

// Is an edit worse than what is live?
func ExampleCompare() {
	ctx := context.Background()
	ws, flow, table, scenarios := booking()
	edit := table.Spec()
	edit.Instructions = strings.Replace(edit.Instructions, "day", "date", 1)
	edited, _ := table.With(edit)
	c, err := mockcall.Compare(ctx, ws, mockcall.Config{Flow: flow}, mockcall.Pair{Before: table, After: edited}, 100, scenarios)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%s: %d lost of %d that differ\n", c.Finding, c.Lost, c.Pairs)
	// Output:
	// cannot tell: 0 lost of 1 that differ
}

// A recorded call becomes a test that names nobody.
func ExampleRedact() {
	record := call.Record{Turns: []call.Turn{{By: call.ByCaller, Text: "My name is Jane Doe, call me at 415 555 0123."}}, Outcome: call.Outcome{Kind: call.Ended}}
	file := mockcall.FromRecord("callback", mockcall.Redact(record))
	fmt.Println(file.Caller[0])
	fmt.Println(len(file.Checks()), "check")
	// Output:
	// My name is Alex Morgan, call me at +12025550100.
	// 1 check
}
