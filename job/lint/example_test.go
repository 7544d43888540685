package lint_test

import (
	"fmt"

	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/job/lint"
)

const visit = `This job books a visit for the caller. It is done when the caller knows the day.

1. Ask a few questions about the car.
2. Ask which day suits the caller.
3. Read the day back. If the caller declines to answer a question, skip it.
4. Say that a visit costs $30, thank the caller and end the call.`

func Example() {
	spec := job.Spec{Name: "Book a visit", CallerIntent: "The caller wants to bring a car.", Instructions: visit}
	found := lint.Spec(spec, lint.Context{})
	fmt.Print(lint.NewReport([]lint.Source{{Name: "visit.md", Spec: spec}}, lint.Context{}, found).Text())
	// Output:
	// visit.md:3:8: warning vague-quantity: “a few” leaves open how many.
	//     3 | 1. Ask a few questions about the car.
	//       |        ^~~~~
	//       = why: Sona picks a number of its own, and another one in the next call.
	//       = question: How many exactly?
	//
	// clarity     1 warning
	// in all      1 warning
}

// The jobs of a step are read side by side, with what else Sona reads there.
func ExampleSet() {
	var jobs []job.Job
	for _, s := range []job.Spec{
		{Name: "Book a visit", CallerIntent: "The caller wants to bring a car.", Instructions: visit},
		{Name: "Take a message", CallerIntent: "The caller wants to leave a message.", Instructions: "This job takes a message. Ask for it, and read it back. If the caller declines, say goodbye and end the call."},
	} {
		j, err := job.New(s)
		if err != nil {
			fmt.Println(err)
			return
		}
		jobs = append(jobs, j)
	}
	c := lint.Context{Pages: []lint.Page{{ID: "p1", Title: "Prices", Text: "Visit: $35"}}, Ignore: []string{"vague-quantity"}}
	fmt.Print(lint.NewReport(lint.Sources(jobs...), c, lint.Set(jobs, c)).Text())
	// Output:
	// Book a visit:6:4: warning price-conflict: A price in the job “Book a visit” is another than on the
	//     page “Prices”: “$30”, “$35”.
	//     6 | 4. Say that a visit costs $30, thank the caller and end the call.
	//       |    ^~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
	//       = why: Sona reads both and quotes now the one, now the other.
	//       = question: Which price is right?
	//       = see: Prices:1:1
	//
	// together    1 warning
	// in all      1 warning
}
