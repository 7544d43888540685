package rewrite_test

import (
	"context"
	"fmt"

	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/optimize"
	"github.com/sonajobs/sona/optimize/rewrite"
	"github.com/sonajobs/sona/runtime/model/scripted"
)

func ExampleNew() {
	// In a host this is a client of a provider, such as that of runtime/model/openai.
	m := scripted.New(scripted.Call("propose_edits", `{"edits": [
		{"before": "Get the name off them.", "after": "Ask for the name.", "rule": "voice", "why": "It is an order that Sona can follow."},
		{"before": "Never give a price.", "after": "Give a price.", "why": "Callers like prices."}
	], "questions": ["What should Sona say when somebody asks for a price?"]}`))

	p, err := optimize.Propose(context.Background(), rewrite.New(m), optimize.Request{Spec: job.Spec{
		Name: "Message", Instructions: "Get the name off them. Never give a price.",
	}})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(p.Instructions()) // the edit that loses "never" is dropped
	for _, v := range p.Warnings() {
		fmt.Println("warning:", v.Message)
	}
	for _, q := range p.Questions() {
		fmt.Println("question:", q)
	}
	// Output:
	// Ask for the name. Never give a price.
	// warning: Other words: "Ask for the name.".
	// question: What should Sona say when somebody asks for a price?
}
