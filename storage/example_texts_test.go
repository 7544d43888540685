package storage_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/storage"
	"github.com/sonajobs/sona/storage/memory"
)

// Two authors edit the same job. The second save is refused, and its author gets both edits merged.
func ExampleWorkspace_SaveJob() {
	ctx := context.Background()
	ws := storage.Open(memory.New(), "bistro")
	table, err := ws.CreateJob(ctx, job.Spec{
		Name:         "Book a table",
		Instructions: "Goal: book a table.\n1. Ask for the day.\n2. Ask for the name.",
	})
	if err != nil {
		log.Fatal(err)
	}

	// Both have revision 1 on their screens.
	ann, bob := table.Spec(), table.Spec()
	ann.Instructions = "Goal: book a table.\n1. Ask for the day and time.\n2. Ask for the name."
	bob.Instructions = "Goal: book a table.\n1. Ask for the day.\n2. Ask for the name.\n3. Read it back."
	if _, err := ws.By("ann").SaveJob(ctx, table.ID(), table.Revision(), ann, "ask for the time, too"); err != nil {
		log.Fatal(err)
	}
	_, err = ws.By("bob").SaveJob(ctx, table.ID(), table.Revision(), bob, "")
	conflict, ok := errors.AsType[*storage.JobConflictError](err)
	if !ok {
		log.Fatal(err)
	}
	fmt.Printf("refused: %s saved revision %d\n", conflict.Theirs.Stamp().By, conflict.Theirs.Revision())

	merged, clashes := conflict.Merge()
	fmt.Println("clashes:", len(clashes)) // with clashes bob would read merged before saving it
	saved, err := ws.By("bob").SaveJob(ctx, table.ID(), conflict.Theirs.Revision(), merged, "read it back")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(saved.Spec().Instructions)
	// Output:
	// refused: ann saved revision 2
	// clashes: 0
	// Goal: book a table.
	// 1. Ask for the day and time.
	// 2. Ask for the name.
	// 3. Read it back.
}

// Before an edit is saved its author sees whom it will reach.
func ExampleWorkspace_Impact() {
	ctx := context.Background()
	ws := storage.Open(memory.New(), "bistro")
	message, err := ws.CreateJob(ctx, job.Spec{Name: "Take a message", Instructions: "Goal: take a message."})
	if err != nil {
		log.Fatal(err)
	}
	desk, err := ws.CreateFlow(ctx, callflow.Simple("Front desk", "+15550000001", callflow.SonaStep{Jobs: []job.ID{message.ID()}}))
	if err != nil {
		log.Fatal(err)
	}
	if _, err := ws.Publish(ctx, desk.ID(), desk.Revision()); err != nil {
		log.Fatal(err)
	}
	if _, err := ws.CreateFlow(ctx, callflow.Simple("Night", "+15550000002", callflow.SonaStep{Jobs: []job.ID{message.ID()}})); err != nil {
		log.Fatal(err)
	}

	uses, err := ws.Impact(ctx, message.ID())
	if err != nil {
		log.Fatal(err)
	}
	for _, use := range uses {
		when := "after the next publish"
		if use.Live {
			when = "at once"
		}
		fmt.Printf("%s, step %s, calls to %s: %s\n", use.Name, use.Step, use.Numbers, when)
	}
	// Output:
	// Front desk, step sona, calls to [+15550000001]: at once
	// Night, step sona, calls to [+15550000002]: after the next publish
}

// Jobs kept in files are brought into the library; a second run changes nothing.
func ExampleWorkspace_ImportJobs() {
	ctx := context.Background()
	ws := storage.Open(memory.New(), "bistro").By("deploy")
	files := func(yield func(job.ID, job.Spec) bool) {
		_ = yield("take-a-message", job.Spec{Name: "Take a message", Instructions: "Goal: take a message."}) &&
			yield("book-a-table", job.Spec{Name: "Book a table", Instructions: "Goal: book a table."})
	}
	for range 2 {
		done, err := ws.ImportJobs(ctx, files)
		if err != nil {
			log.Fatal(err) // names the job, and done counts what is saved nevertheless
		}
		fmt.Printf("%d created, %d updated, %d unchanged\n", done.Created, done.Updated, done.Unchanged)
	}
	for j, err := range ws.AllJobs(ctx) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(j.ID(), "revision", j.Revision())
	}
	// Output:
	// 2 created, 0 updated, 0 unchanged
	// 0 created, 0 updated, 2 unchanged
	// book-a-table revision 1
	// take-a-message revision 1
}
