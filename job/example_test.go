package job_test

import (
	"errors"
	"fmt"
	"strings"

	"github.com/sonajobs/sona/job"
)

func ExampleNew() {
	j, err := job.New(job.Spec{
		Name:         "Take a message",
		CallerIntent: "The caller wants to leave a message.",
		Instructions: "This job takes a message for the team.\n" +
			"1. Ask for the caller's name and number.\n" +
			"2. Ask what it is about. If the caller declines, skip it.\n" +
			"3. Say that somebody calls back. {{action end_call}}",
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(j.Name(), "at revision", j.Revision())
	fmt.Println(len(j.Outline().Steps()), "steps")
	// Output:
	// Take a message at revision 0
	// 3 steps
}

// An editor asks after each keystroke, and shows each message beside its field.
func ExampleSpec_Check() {
	form := job.Spec{
		Name:         strings.Repeat("Take a message. ", 8),
		CallerIntent: strings.Repeat("message ", 50),
		Instructions: strings.Repeat("Be kind. ", 1_100),
	}
	if invalid, ok := errors.AsType[*job.ValidationError](form.Check()); ok {
		for _, f := range invalid.Fields {
			fmt.Println(f.Message)
		}
	}
	// Output:
	// name: 128 characters, at most 100: shorten it by 28
	// instructions: 10300 characters (9900 of instructions and 400 of caller intent), at most 10000 together: shorten by 300
}

// What counts is the cleaned text: accents are joined, line ends are one character, what nobody sees is gone.
func ExampleCount() {
	fmt.Println(job.Count("Café"), job.Count("Cafe\u0301"))
	fmt.Println(job.Count("one\r\ntwo"))
	fmt.Println(job.Count("zero\u200bwidth"))
	fmt.Println(job.Count("🙂 ☎\ufe0f"))
	// Output:
	// 4 4
	// 7
	// 9
	// 3
}

func ExampleParseOutline() {
	text := `This job books a table.
1. Ask for:
   a) the day
   b) the number of guests
2. If the caller won't say, offer 7 p.m.
3. Tell them "See you soon." and end the call.`

	o := job.ParseOutline(text)
	fmt.Println("Goal:", o.Goal)
	for _, it := range o.Items {
		fmt.Printf("%-4s %-10s %s\n", it.Number, it.Kind, it.Span.In(text))
	}
	for _, f := range o.Facts {
		fmt.Println(f.Kind, f.Text)
	}
	// Output:
	// Goal: This job books a table.
	// 1    ask        Ask for:
	// 1.a  ask        the day
	// 1.b  ask        the number of guests
	// 2    off_script If the caller won't say, offer 7 p.m.
	// 3    end        Tell them "See you soon." and end the call.
	// time 7 p.m.
	// quote "See you soon."
}

// Values are put in once and never read: what a caller calls themselves cannot become an instruction.
func ExampleExpand() {
	text := `Hi {{first_name | default: "there"}}, your code is {{code}}. Call {{desk}}.`
	expanded, missing := job.Expand(text, map[string]string{"first_name": "{{code}}", "code": "42"})
	fmt.Println(expanded)
	fmt.Println("missing:", missing)
	// Output:
	// Hi {{code}}, your code is 42. Call .
	// missing: [desk]
}

func ExampleField_Parse() {
	guests := job.Field{Name: "Guests", Type: job.NumberField}
	fmt.Println(guests.Parse("There will be twenty-three of us"))
	fmt.Println(guests.Parse("five or six"))

	size := job.Field{Name: "Table", Type: job.ChoiceField, Choices: []string{"Inside", "Terrace"}}
	fmt.Println(size.Parse("the terrace, please"))

	phone := job.Field{Name: "Phone", Type: job.PhoneField}
	fmt.Println(phone.Parse("five five five, oh one double oh"))
	// Output:
	// 23 true
	// <nil> false
	// Terrace true
	// 5550100 true
}
