package call_test

import (
	"fmt"

	"github.com/sonajobs/sona/callflow/call"
)

// A transcript shows what was heard: the caller spoke over the agent's question.
func ExampleRecord_Transcript() {
	record := call.Record{Turns: []call.Turn{
		{By: call.ByAgent, Text: "Bright Smiles, how can I help?"},
		{By: call.ByCaller, Text: "I have a toothache."},
		{By: call.ByAgent, Text: "I am sorry to hear that. Are you in pain right now, or does it come and go?", Interrupted: true, Spoken: 50},
		{By: call.ByCaller, Text: "Right now!"},
	}}
	fmt.Print(record.Transcript())
	// Output:
	// Sona: Bright Smiles, how can I help?
	// Caller: I have a toothache.
	// Sona: I am sorry to hear that. Are you in pain right now —
	// Caller: Right now!
}
