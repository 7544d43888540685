package runtime_test

import (
	"context"
	"fmt"
	"time"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime"
	"github.com/sonajobs/sona/runtime/model/scripted"
	"github.com/sonajobs/sona/storage"
	"github.com/sonajobs/sona/storage/memory"
)

// A host that shares its storage with others, or that may be killed, claims effects in a ledger and closes at its
// start what it had left open.
func ExampleRuntime_CloseAbandoned() {
	ctx := context.Background()
	store := memory.New()
	ws := storage.Open(store, "acme")
	link, err := ws.CreateJob(ctx, job.Spec{Name: "Send the link", Instructions: `1. {{action send_sms text="example.com/book"}}`})
	if err != nil {
		fmt.Println(err)
		return
	}
	flow, err := ws.CreateFlow(ctx, callflow.Simple("Front desk", "+15550100", callflow.SonaStep{Jobs: []job.ID{link.ID()}}))
	if err != nil {
		fmt.Println(err)
		return
	}
	if _, err := ws.Publish(ctx, flow.ID(), flow.Revision()); err != nil {
		fmt.Println(err)
		return
	}

	config := runtime.Config{
		Model:  scripted.New(scripted.Use(link.ID(), job.SendSMS)),
		Ledger: runtime.StorageLedger(store),
		Limits: runtime.Limits{Action: time.Millisecond},
		SMS: runtime.SMSFunc(func(ctx context.Context, _ runtime.CallInfo, _ string) error {
			<-ctx.Done() // and here the host is killed
			return ctx.Err()
		}),
	}
	before, err := runtime.New(config)
	if err != nil {
		fmt.Println(err)
		return
	}
	c, err := before.BeginChat(ctx, ws, runtime.Incoming{ID: "CA1", To: "+15550100", Caller: call.Caller{Number: "+15550199"}})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, err := range c.Hear(ctx, "Please text me the link") {
		if err != nil {
			fmt.Println(err)
			return
		}
	}

	after, err := runtime.New(config) // the process that was started anew
	if err != nil {
		fmt.Println(err)
		return
	}
	n, err := after.CloseAbandoned(ctx, ws, 0) // in earnest: longer than the longest call
	fmt.Println("closed:", n, err)
	r, err := ws.Call(ctx, "CA1")
	fmt.Println(r.Status, r.Outcome.Exit, err)
	for _, step := range r.Summary.NextSteps {
		fmt.Println(step)
	}
	// Output:
	// closed: 1 <nil>
	// failed fallback <nil>
	// Check whether it was done: send sms.
}
