package template_test

import (
	"fmt"
	"strings"

	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/job/template"
)

// A template is a job as it is: no blank needs to be filled.
func ExampleName_Spec() {
	j, err := job.New(template.TakeAMessage.Spec())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(j.Name())
	for _, r := range j.Spec().Results {
		fmt.Printf("- %s (%s)\n", r.Name, r.Type)
	}
	// Output:
	// Take a message
	// - Full name (text)
	// - Callback number (phone)
	// - Recipient (text)
	// - Message (text)
	// - Preferred callback time (time)
}

// An editor asks for the blanks and hands the answers over. One map serves all templates: keys that a
// template does not have are ignored, and what is not answered keeps its default.
func ExampleTemplate_Fill() {
	answers := map[string]string{"business": "Miller Dental", "desk_target": "number:+15551234567"}

	t, _ := template.Get(template.TalkToAPerson)
	for _, b := range t.Blanks {
		fmt.Printf("%s [%s]: %q\n", b.Label, b.Default, answers[b.Key])
	}
	for line := range strings.Lines(t.Fill(answers).Instructions) {
		if strings.Contains(line, "Miller Dental") || strings.Contains(line, "{{action transfer_call") {
			fmt.Print(line)
		}
	}
	// Output:
	// Business [our team]: "Miller Dental"
	// Where the front desk takes calls [inbox:front-desk]: "number:+15551234567"
	// Time until the callback [one business day]: ""
	// This job connects a caller who wants a person with the front desk, or notes a callback for Miller Dental to make.
	// 5. If the caller agreed, announce the front desk and transfer the call: {{action transfer_call to="number:+15551234567"}}
	// 8. Tell the caller that a person from Miller Dental calls back within one business day.
}
