package langchain

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/tmc/langchaingo/llms"

	"github.com/sonajobs/sona/runtime/model"
	"github.com/sonajobs/sona/runtime/prompt"
)

// nothing stands for a caller who says nothing where a provider wants the caller to speak.
const nothing = "(says nothing)"

// question is a request as langchaingo takes it. It shares no memory with the request but strings.
type question struct {
	messages []llms.MessageContent
	tools    []llms.Tool
	tokens   int
}

func newQuestion(r model.Request) (question, error) {
	if len(r.Schema) > 0 {
		return question{}, bad(errors.New("langchaingo has no option for a schema: set the format on its client, and leave Schema empty"))
	}
	q := question{tokens: max(0, r.MaxTokens)}
	for _, t := range r.Prompt.Tools {
		tool, err := newTool(t)
		if err != nil {
			return question{}, bad(err)
		}
		q.tools = append(q.tools, tool)
	}
	c := conversation{}
	if err := c.add(r.Messages); err != nil {
		return question{}, bad(err)
	}
	q.messages = c.whole(r.Prompt.System())
	return q, nil
}

func bad(err error) error { return &model.Error{Kind: model.BadRequest, Err: err} }

// newTool decodes the parameters: googleai reads them as a map, and none takes a tool without any.
func newTool(t prompt.Tool) (llms.Tool, error) {
	parameters := map[string]any{"type": "object", "properties": map[string]any{}}
	if len(t.Parameters) > 0 {
		parameters = nil
		decoder := json.NewDecoder(strings.NewReader(string(t.Parameters)))
		decoder.UseNumber()
		if err := decoder.Decode(&parameters); err != nil || parameters == nil || decoder.More() {
			return llms.Tool{}, fmt.Errorf("tool %q: its parameters are no JSON object", t.Name)
		}
		if parameters["type"] == "object" && parameters["properties"] == nil {
			parameters["properties"] = map[string]any{}
		}
	}
	return llms.Tool{Type: "function", Function: &llms.FunctionDefinition{Name: t.Name, Description: t.Description, Parameters: parameters}}, nil
}

// conversation is what was said, one part a message.
type conversation struct {
	messages []llms.MessageContent
	notes    []string
}

func (c *conversation) add(messages []model.Message) error {
	told := make([]bool, len(messages)) // results that stand behind their calls already
	for i, m := range messages {
		switch m.Role {
		case model.System:
			c.notes = append(c.notes, m.Text)
		case model.User:
			c.say(llms.ChatMessageTypeHuman, m.Text)
		case model.Assistant:
			c.say(llms.ChatMessageTypeAI, m.Text)
			for _, call := range m.Calls {
				c.call(call)
				if k := resultOf(call, messages, told, i); k > 0 {
					told[k] = true
					c.result(call, messages[k].Text)
				}
			}
		case model.Tool:
			if !told[i] {
				c.result(model.ToolCall{ID: m.CallID}, m.Text)
			}
		default:
			return fmt.Errorf("message %d: %.20q is no role", i, m.Role)
		}
	}
	return nil
}

// resultOf finds the message after i that answers a call; 0 when there is none.
func resultOf(call model.ToolCall, messages []model.Message, told []bool, i int) int {
	for k := i + 1; k < len(messages); k++ {
		if m := messages[k]; m.Role == model.Tool && m.CallID == call.ID && !told[k] {
			return k
		}
	}
	return 0
}

func (c *conversation) part(role llms.ChatMessageType, p llms.ContentPart) {
	c.messages = append(c.messages, llms.MessageContent{Role: role, Parts: []llms.ContentPart{p}})
}

// say leaves out what is blank, which some providers refuse.
func (c *conversation) say(role llms.ChatMessageType, text string) {
	if strings.TrimSpace(text) != "" {
		c.part(role, llms.TextContent{Text: text})
	}
}

func (c *conversation) call(call model.ToolCall) {
	c.part(llms.ChatMessageTypeAI, llms.ToolCall{ID: call.ID, Type: "function",
		FunctionCall: &llms.FunctionCall{Name: call.Name, Arguments: object(call.Arguments)}})
}

func (c *conversation) result(call model.ToolCall, text string) {
	c.part(llms.ChatMessageTypeTool, llms.ToolCallResponse{ToolCallID: call.ID, Name: call.Name, Content: text})
}

// object returns arguments as every client takes them back. What another model wrote badly was answered as
// such; here it only has to be there.
func object(arguments json.RawMessage) string {
	if !isObject(string(arguments)) {
		return "{}"
	}
	return string(arguments)
}

// whole puts the system message first, and the caller at both ends: providers want the caller to begin,
// some clients fail on an empty conversation, and Anthropic goes on with an assistant's last message.
func (c *conversation) whole(system string) []llms.MessageContent {
	for _, note := range c.notes {
		if system != "" && note != "" {
			system += "\n\n"
		}
		system += note
	}
	var all []llms.MessageContent
	if system != "" {
		all = append(all, llms.TextParts(llms.ChatMessageTypeSystem, system))
	}
	silence := llms.TextParts(llms.ChatMessageTypeHuman, nothing)
	if len(c.messages) == 0 || c.messages[0].Role != llms.ChatMessageTypeHuman {
		all = append(all, silence)
	}
	all = append(all, c.messages...)
	if last := all[len(all)-1].Role; last != llms.ChatMessageTypeHuman && last != llms.ChatMessageTypeTool {
		all = append(all, silence)
	}
	return all
}

// option is the one call option of a request: the host's, in their order, then what the request says. What
// the host's options share between requests is copied, since clients read it while another request's
// options write, and append to it.
func (m *Model) option(q question, stream func(context.Context, []byte) error) llms.CallOption {
	return func(o *llms.CallOptions) {
		m.mu.Lock()
		defer m.mu.Unlock()
		for _, option := range m.options {
			if option != nil {
				option(o)
			}
		}
		o.Metadata = maps.Clone(o.Metadata)
		for key, value := range o.Metadata {
			switch v := value.(type) {
			case []string:
				o.Metadata[key] = slices.Clip(slices.Clone(v))
			case *llms.ThinkingConfig:
				if v != nil {
					config := *v
					o.Metadata[key] = &config
				}
			}
		}
		o.StreamingFunc, o.StreamingReasoningFunc = stream, nil
		o.N, o.CandidateCount = min(o.N, 1), min(o.CandidateCount, 1)
		if len(q.tools) > 0 {
			o.Tools, o.Functions = q.tools, nil
		}
		if q.tokens > 0 {
			o.MaxTokens = q.tokens
		}
	}
}
