package scripted_test

import (
	"context"
	"fmt"

	"github.com/sonajobs/sona/runtime/model"
	"github.com/sonajobs/sona/runtime/model/scripted"
)

// A model that says what a test needs it to say, and keeps what it was asked. The second reply breaks off.
func ExampleNew() {
	m := scripted.New(
		scripted.Say("We are open until six."),
		scripted.Say("On Sundays ").And(scripted.Cut()),
	)
	for _, question := range []string{"When do you close?", "And on Sundays?"} {
		text, err := model.Complete(context.Background(), m, "You know the opening hours.", question)
		fmt.Printf("%q %v\n", text, err)
	}
	fmt.Println(m.Requests()[1].Messages[0].Text, m.Left())
	// Output:
	// "We are open until six." <nil>
	// "" model: truncated: the stream ended without a Done
	// And on Sundays? 0
}
