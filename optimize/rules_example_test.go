package optimize_test

import (
	"context"
	"fmt"

	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/optimize"
)

// The rules need no model: they order what is there, and ask for what is not.
func ExampleRules() {
	spec := job.Spec{Name: "Take a message", CallerIntent: "The caller wants to leave a message.", Instructions: `- Ask for the full name.
- Ask for the message, and say it back.
- Say goodbye and end the call.

Your goal is to take a message for the office.`}
	p, err := optimize.Propose(context.Background(), optimize.Rules(), optimize.Request{Spec: spec, OffScript: optimize.PolicySkip})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(p.Instructions())
	for _, c := range p.Changes() {
		fmt.Println("why:", c.Why)
	}
	for _, q := range p.Questions() {
		fmt.Println("question:", q)
	}

	// Output:
	// Your goal is to take a message for the office.
	//
	// 1. Ask for the full name.
	// 2. Ask for the message, and say it back.
	// 3. Say goodbye and end the call.
	// why: The goal, “Your goal is to take a message for the office.”, stands below the first steps.
	// why: These 3 steps follow one another: numbers keep their order.
	// question: Sona asks the caller (“Ask for the full name.”), and nothing says what to do when they do not want to answer. What should Sona do when the caller does not want to answer? It could read: If the caller declines to answer, skip the question and go on.
}
