package model_test

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"strings"

	"github.com/sonajobs/sona/runtime/model"
)

// service is a host's own client: it takes one text for the system and one for the conversation, and streams
// words.
func service(ctx context.Context, system, conversation string, word func(string) bool) error {
	for _, w := range strings.SplitAfter(fmt.Sprintf("You said %q; my orders are %q.", conversation, system), " ") {
		if !word(w) {
			break
		}
	}
	return ctx.Err()
}

// A host's own client of a language model, in a few lines: it needs the system message, the conversation and
// the tools (none here), and ends its stream with Done.
func ExampleFunc() {
	client := model.Func(func(ctx context.Context, r model.Request) iter.Seq2[model.Part, error] {
		return func(yield func(model.Part, error) bool) {
			var said []string
			for _, m := range r.Messages {
				said = append(said, string(m.Role)+": "+m.Text)
			}
			left := false
			err := service(ctx, r.Prompt.System(), strings.Join(said, "\n"), func(w string) bool {
				left = !yield(model.Text(w), nil)
				return !left
			})
			switch {
			case left: // whoever asked wants no more
			case err != nil:
				yield(nil, &model.Error{Kind: model.Unavailable, Err: err})
			default:
				yield(model.Done{Reason: model.Stop}, nil)
			}
		}
	})

	text, err := model.Complete(context.Background(), client, "Be brief.", "Hello")
	fmt.Println(text, err)
	// Output: You said "user: Hello"; my orders are "Be brief.". <nil>
}

// Collect reads a stream to its end, and tells whether it was whole.
func ExampleCollect() {
	parts := func(yield func(model.Part, error) bool) {
		_ = yield(model.Text("I look "), nil) && yield(model.Text("it up."), nil) &&
			yield(model.ToolCall{ID: "1", Name: "look_up", Arguments: json.RawMessage(`{"number":"7"}`)}, nil)
		// the connection is lost here: no Done
	}
	reply, err := model.Collect(parts, func(p model.Part) bool {
		fmt.Printf("%T\n", p)
		return true
	})
	fmt.Println(reply.Text, len(reply.Calls), err)
	// Output:
	// model.Text
	// model.Text
	// model.ToolCall
	// I look it up. 1 model: truncated: the stream ended without a Done
}

// Complete asks one thing outside of any call: summaries and rewriting use it.
func ExampleComplete() {
	echo := model.Func(func(_ context.Context, r model.Request) iter.Seq2[model.Part, error] {
		return func(yield func(model.Part, error) bool) {
			_ = yield(model.Text(strings.ToUpper(r.Messages[0].Text)), nil) && yield(model.Done{Reason: model.Stop}, nil)
		}
	})
	text, err := model.Complete(context.Background(), echo, "Shout.", "hello")
	fmt.Println(text, err)
	// Output: HELLO <nil>
}
