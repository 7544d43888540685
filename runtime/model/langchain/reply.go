package langchain

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/tmc/langchaingo/llms"

	"github.com/sonajobs/sona/runtime/model"
)

// reply is what an llms.ContentResponse says. anthropic gives one choice for each block of it.
type reply struct {
	text   strings.Builder
	calls  []model.ToolCall // as the client gave them
	reason string
	usage  model.Usage
}

func read(response *llms.ContentResponse) (*reply, error) {
	r := &reply{}
	if response == nil {
		return nil, &model.Error{Kind: model.Truncated, Err: errEmpty}
	}
	choices := slices.DeleteFunc(slices.Clone(response.Choices), func(c *llms.ContentChoice) bool { return c == nil })
	if len(choices) == 0 {
		return nil, &model.Error{Kind: model.Truncated, Err: errEmpty}
	}
	for _, c := range choices {
		r.text.WriteString(c.Content)
		calls := c.ToolCalls
		if len(calls) == 0 && c.FuncCall != nil {
			calls = []llms.ToolCall{{FunctionCall: c.FuncCall}}
		}
		for _, call := range calls {
			if call.FunctionCall == nil {
				return nil, &model.Error{Kind: model.Unavailable, Err: errLost}
			}
			r.calls = append(r.calls, model.ToolCall{ID: call.ID, Name: call.FunctionCall.Name, Arguments: json.RawMessage(call.FunctionCall.Arguments)})
		}
		if r.reason == "" {
			r.reason = c.StopReason
		}
		if r.usage == (model.Usage{}) {
			r.usage = usage(c.GenerationInfo) // each choice has the usage of all
		}
	}
	return r, nil
}
