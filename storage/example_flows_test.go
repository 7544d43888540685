package storage_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/storage"
	"github.com/sonajobs/sona/storage/memory"
)

// From a job to what callers meet: create, attach, publish. An edit of the job needs no publish.
func ExampleWorkspace_Publish() {
	ctx := context.Background()
	ws := storage.Open(memory.New(), "acme").By("ann")

	book, _ := ws.CreateJob(ctx, job.Spec{Name: "Book a table", Instructions: "Ask for the day."})
	desk, _ := ws.CreateFlow(ctx, callflow.Simple("Desk", "+15551230000", callflow.SonaStep{}))
	desk, _ = ws.Attach(ctx, desk.ID(), callflow.Sona, book.ID())

	_, err := ws.SnapshotFor(ctx, "+15551230000")
	fmt.Println("before the publish:", err != nil)

	atLeastOneJob := func(_ context.Context, s callflow.Snapshot) error {
		if len(s.Jobs(callflow.Sona)) == 0 {
			return errors.New("no job is attached")
		}
		return nil
	}
	desk, err = ws.Publish(ctx, desk.ID(), desk.Revision(), atLeastOneJob)
	version, _ := desk.Published()
	fmt.Println("version", version.Number(), "by", version.By(), err)

	_, err = ws.SaveJob(ctx, book.ID(), book.Revision(), job.Spec{Name: "Book a table", Instructions: "Ask for the day and the hour."}, "the hour, too")
	snapshot, _ := ws.SnapshotFor(ctx, "+15551230000")
	fmt.Println("callers hear:", snapshot.Jobs(callflow.Sona)[0].Spec().Instructions, err)

	_, err = ws.Publish(ctx, desk.ID(), 1) // from a page that was opened long ago
	fmt.Println(err)
	// Output:
	// before the publish: true
	// version 1 by ann <nil>
	// callers hear: Ask for the day and the hour. <nil>
	// flow "Desk": edited from revision 1, but the newest is 3 by "ann": load it and edit again
}

// What changed for callers when a job was edited: the summaries of the calls that used each revision of it.
func ExampleWorkspace_Calls() {
	ctx := context.Background()
	ws := storage.Open(memory.New(), "acme")
	begin := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	for i, summary := range []string{"No day was agreed.", "Booked for Friday."} {
		err := ws.RecordCall(ctx, call.Record{
			ID: call.ID(fmt.Sprint("call-", i+1)), Flow: "desk", Version: 1, Status: call.Completed, StartedAt: begin.AddDate(0, 0, i),
			Jobs: map[job.ID]int{"booking": i + 1}, Used: []job.ID{"booking"},
			Summary: call.Summary{Status: call.SummaryCompleted, Summary: []string{summary}},
		})
		if err != nil {
			fmt.Println(err)
		}
	}
	for revision := 1; revision <= 2; revision++ {
		for record, err := range ws.Calls(ctx, storage.CallQuery{Job: "booking", Revision: revision, Since: begin}) {
			fmt.Println("revision", revision, record.ID, record.Summary.Summary, err)
		}
	}
	// Output:
	// revision 1 call-1 [No day was agreed.] <nil>
	// revision 2 call-2 [Booked for Friday.] <nil>
}
