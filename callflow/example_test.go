package callflow_test

import (
	"fmt"
	"time"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/job"
)

func ExampleSimple() {
	flow, err := callflow.New(callflow.Simple("Front desk", "+1 555 123 0000", callflow.SonaStep{
		Greeting: "Bright Smiles, this is our AI assistant. This call is recorded. How can I help?",
	}))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("dial", flow.Numbers())
	for _, step := range flow.Draft().Steps() {
		fmt.Println(step.ID, step.Next)
	}
	// Output:
	// dial [+15551230000]
	// sona map[ended:hangup fallback:voicemail voicemail:voicemail]
	// voicemail map[done:hangup]
	// hangup map[]
}

// The draft is edited and checked; what callers meet stays as it is until the publish.
func ExampleFlow_EditDraft() {
	flow, _ := callflow.New(callflow.Simple("Front desk", "+15551230000", callflow.SonaStep{}))
	flow, _ = flow.Publish(time.Now(), "ann")

	flow, err := flow.EditDraft(func(d *callflow.Draft) error {
		for i := range 10 {
			if err := d.Attach(callflow.Sona, job.ID(fmt.Sprint("job-", i+1))); err != nil {
				return err
			}
		}
		return d.Attach(callflow.Sona, "job-3") // it is on already: nothing happens
	})
	live, _ := flow.Published()
	jobs, _ := flow.Draft().Names()
	liveJobs, _ := live.Names()
	fmt.Println(len(jobs), "in the draft,", len(liveJobs), "live, error:", err)

	_, err = flow.EditDraft(func(d *callflow.Draft) error { return d.Attach(callflow.Sona, "job-11") })
	fmt.Println(err)
	// Output:
	// 10 in the draft, 0 live, error: <nil>
	// flow "Front desk": step "sona": 11th job (job-11): at most 10: detach one first
}

func ExampleFlow_Changes() {
	flow, _ := callflow.New(callflow.Simple("Front desk", "+15551230000", callflow.SonaStep{Jobs: []job.ID{"intake"}}))
	flow, _ = flow.Publish(time.Now(), "ann")
	fmt.Println(len(flow.Changes()), "unpublished changes")

	flow, _ = flow.EditDraft(func(d *callflow.Draft) error {
		if err := d.Detach(callflow.Sona, "intake"); err != nil {
			return err
		}
		return d.Attach(callflow.Sona, "booking")
	})
	for _, change := range flow.Changes() {
		fmt.Println(change)
	}
	// Output:
	// 0 unpublished changes
	// step "sona": job detached: intake
	// step "sona": job attached: booking
}

// A job edit is live at once, so this is how it is tried before anybody hears it.
func ExampleSnapshot_WithJob() {
	saved, _ := job.Restore("booking", job.Stamp{Revision: 3}, job.Spec{Name: "Book", Instructions: "Ask for the day."})
	flow, _ := callflow.New(callflow.Simple("Front desk", "+15551230000", callflow.SonaStep{Jobs: []job.ID{"booking"}}))
	flow, _ = flow.Publish(time.Now(), "ann")
	version, _ := flow.Published()
	snapshot := callflow.NewSnapshot(flow, version, []job.Job{saved}, nil, callflow.Settings{})

	candidate, _ := saved.With(job.Spec{Name: "Book", Instructions: "Ask for the day and the hour."})
	trial, err := snapshot.WithJob(callflow.Sona, candidate)
	fmt.Println("live: ", snapshot.Jobs(callflow.Sona)[0].Spec().Instructions)
	fmt.Println("trial:", trial.Jobs(callflow.Sona)[0].Spec().Instructions, trial.IsDraft(), err)
	// Output:
	// live:  Ask for the day.
	// trial: Ask for the day and the hour. true <nil>
}
