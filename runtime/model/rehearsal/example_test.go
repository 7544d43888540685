package rehearsal_test

import (
	"context"
	"fmt"
	"strings"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime"
	"github.com/sonajobs/sona/runtime/model/rehearsal"
)

// A frontend is built and shown without any language model: rehearsal walks the jobs.
func ExampleNew() {
	ctx := context.Background()
	j, _ := job.New(job.Spec{Name: "Book a table", Instructions: "This job books a table.\n1. Ask for the day.\n2. Say goodbye: {{action end_call}}"})
	flow, _ := callflow.New(callflow.Simple("Restaurant", "+15550100", callflow.SonaStep{Jobs: []job.ID{j.ID()}}))
	snapshot := callflow.NewSnapshot(flow, flow.Draft(), []job.Job{j}, nil, callflow.Settings{})

	rt, err := runtime.New(runtime.Config{Model: rehearsal.New()})
	if err != nil {
		fmt.Println(err)
		return
	}
	chat, err := rt.ChatOn(snapshot, runtime.Incoming{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, said := range []string{"A table, please", "Friday"} {
		fmt.Println("caller:", said)
		var text strings.Builder
		for event, err := range chat.Hear(ctx, said) {
			if err != nil {
				fmt.Println(err)
				return
			}
			if s, ok := event.(runtime.Said); ok {
				text.WriteString(s.Text)
			}
		}
		fmt.Println("Sona:  ", text.String())
	}
	record, _ := chat.End(ctx)
	fmt.Println("ended: ", record.Outcome.Kind)
	// Output:
	// caller: A table, please
	// Sona:   Could you tell me the day?
	// caller: Friday
	// Sona:   Goodbye.
	// ended:  ended
}
