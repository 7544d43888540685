package optimize_test

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/job/lint"
	"github.com/sonajobs/sona/optimize"
)

// An optimizer that goes too far is refused; one that changes wording needs the author's word.
func ExamplePropose() {
	spec := job.Spec{Name: "Book a table", Instructions: "Ask for the day. Never take more than 8 guests.\nBe polite."}
	shorter := optimize.Func(func(context.Context, optimize.Request) (optimize.Suggestion, error) {
		return optimize.Suggestion{Instructions: "Ask for the day. Take 8 guests.\nBe polite."}, nil
	})
	_, err := optimize.Propose(context.Background(), shorter, optimize.Request{Spec: spec})
	if refused, ok := errors.AsType[*optimize.RefusedError](err); ok {
		for _, v := range refused.Violations {
			fmt.Println("refused:", v.Message)
		}
	}

	kinder := optimize.Func(func(context.Context, optimize.Request) (optimize.Suggestion, error) {
		return optimize.Suggestion{Instructions: "1. Ask for the day.\n2. Never take more than eight guests.\n\nBe friendly."}, nil
	})
	p, err := optimize.Propose(context.Background(), kinder, optimize.Request{Spec: spec})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, w := range p.Warnings() {
		fmt.Println("warning:", w.Message, w.Lost, "→", w.New)
	}
	spec, err = p.Apply(spec, p.Warnings()...) // the author has read them
	fmt.Println(spec.Instructions, err)

	// Output:
	// refused: A bound changed ("at most"): "Take 8 guests.".
	// warning: Other words: "Be friendly.". polite → friendly
	// 1. Ask for the day.
	// 2. Never take more than eight guests.
	//
	// Be friendly. <nil>
}

// What a person or a model has changed can be checked without any optimizer.
func ExampleCheck() {
	before := job.Spec{Name: "Desk", Instructions: "1. Ask for the name.\n2. Do not transfer before the caller agrees.\n3. Call 555-010-2000."}
	after := job.Spec{Name: "Desk", Instructions: "1. Ask for the name.\n2. Don't transfer after the caller agrees.\n3. Call (555) 010-2000."}
	for _, v := range optimize.Check(before, after, lint.Context{}) {
		fmt.Println(v.Guard, v.Hard, v.Message)
	}

	// Output:
	// condition true "before" became "after": "Don't transfer after the caller agrees.".
}

// The buffer behind a form: the way back is exact, and never taken silently.
func ExampleEditor() {
	numbered := optimize.Func(func(_ context.Context, r optimize.Request) (optimize.Suggestion, error) {
		return optimize.Suggestion{Instructions: "1. " + strings.ReplaceAll(r.Spec.Instructions, "\n", "\n2. ")}, nil
	})
	e := optimize.NewEditor(numbered, job.Job{})
	e.Type(job.Spec{Name: "Take a message", Instructions: "Ask for the name.\nAsk what it is about."})
	if _, err := e.Optimize(context.Background(), optimize.Request{}); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(e.Spec().Instructions)

	typed := e.Spec()
	typed.Instructions += "\n3. Say goodbye."
	e.Type(typed)
	fmt.Println(e.Undo())
	fmt.Println(e.Restore(), e.Spec().Instructions)

	// Output:
	// 1. Ask for the name.
	// 2. Ask what it is about.
	// editor: the instructions were edited since
	// <nil> Ask for the name.
	// Ask what it is about.
}

// A model is asked first; what works offline stands behind it.
func ExampleFallback() {
	model := optimize.Func(func(context.Context, optimize.Request) (optimize.Suggestion, error) {
		return optimize.Suggestion{Instructions: "Ask for the name and the age."}, nil
	})
	offline := optimize.Func(func(_ context.Context, r optimize.Request) (optimize.Suggestion, error) {
		return optimize.Suggestion{Instructions: r.Spec.Instructions, Engine: "offline"}, nil
	})
	spec := job.Spec{Name: "Desk", Instructions: "Ask for 2 names."}
	p, err := optimize.Propose(context.Background(), optimize.Fallback(model, offline), optimize.Request{Spec: spec})
	fmt.Println(p.Engine(), p.NoChange(), err)
	fmt.Println(p.Passed())

	// Output:
	// offline true <nil>
	// [suggestion refused: The number "2" is gone.]
}

// Facts are compared by what they mean, not by how they are written.
func ExampleFacts() {
	for _, f := range optimize.Facts("We are open from 9am. Hold a table for fifteen minutes, ask Ms. Grant for more than $5.00.") {
		fmt.Printf("%s %q = %s\n", f.Kind, f.Text, f.Value)
	}

	// Output:
	// time "9am" = 09:00
	// duration "fifteen minutes" = 15 minute
	// name "Grant" = grant
	// money "$5.00" = 5 usd
}
