package langchain_test

import (
	"context"
	"fmt"
	"strings"

	"github.com/tmc/langchaingo/llms"

	"github.com/sonajobs/sona/runtime/model"
	"github.com/sonajobs/sona/runtime/model/langchain"
)

// parrot stands for any model of langchaingo: it streams what it was told.
type parrot struct{}

func (parrot) GenerateContent(ctx context.Context, messages []llms.MessageContent, options ...llms.CallOption) (*llms.ContentResponse, error) {
	var o llms.CallOptions
	for _, option := range options {
		option(&o)
	}
	reply := fmt.Sprintf("%s, at %.1f.", messages[len(messages)-1].Parts[0], o.Temperature)
	if o.StreamingFunc != nil {
		for _, word := range strings.SplitAfter(reply, " ") {
			if err := o.StreamingFunc(ctx, []byte(word)); err != nil {
				return nil, err
			}
		}
	}
	return &llms.ContentResponse{Choices: []*llms.ContentChoice{{Content: reply, StopReason: "stop"}}}, nil
}

func (p parrot) Call(ctx context.Context, text string, options ...llms.CallOption) (string, error) {
	return llms.GenerateFromSinglePrompt(ctx, p, text, options...)
}

func ExampleNew() {
	m := langchain.New(parrot{}, llms.WithTemperature(0.3))
	reply, err := model.Collect(m.Generate(context.Background(), model.Request{
		Messages: []model.Message{{Role: model.User, Text: "Good morning"}},
	}), func(p model.Part) bool {
		fmt.Printf("%T %q\n", p, p)
		return true
	})
	fmt.Println(reply.Text, err)
	// Output:
	// model.Text "Good "
	// model.Text "morning, "
	// model.Text "at "
	// model.Text "0.3."
	// model.Done {"stop"}
	// Good morning, at 0.3. <nil>
}

// A model whose streams cannot be relied on is asked for whole replies.
func ExampleWhole() {
	m := langchain.New(langchain.Whole(parrot{}))
	_, err := model.Collect(m.Generate(context.Background(), model.Request{
		Messages: []model.Message{{Role: model.User, Text: "Good morning"}},
	}), func(p model.Part) bool {
		fmt.Printf("%T %q\n", p, p)
		return true
	})
	fmt.Println(err)
	// Output:
	// model.Text "Good morning, at 0.0."
	// model.Done {"stop"}
	// <nil>
}
