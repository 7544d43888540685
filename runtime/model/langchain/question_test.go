package langchain_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
	"github.com/tmc/langchaingo/llms"

	"github.com/sonajobs/sona/runtime/model"
	"github.com/sonajobs/sona/runtime/model/langchain"
	"github.com/sonajobs/sona/runtime/prompt"
)

// field returns a field of a body; nil when it is not there.
func field(t testing.TB, body []byte, name string) any {
	t.Helper()
	var all map[string]any
	require.NoError(t, json.Unmarshal(body, &all))
	return all[name]
}

// bodyOf returns what is sent for a request.
func bodyOf(t *testing.T, client func(testing.TB, string) llms.Model, ask func(llms.Model)) []byte {
	t.Helper()
	sent := make(chan []byte, 1)
	ask(client(t, serve(t, func(w http.ResponseWriter, r *http.Request) {
		text, _ := io.ReadAll(r.Body)
		sent <- text
		w.WriteHeader(http.StatusTeapot)
	})))
	return <-sent
}

func generate(t *testing.T, r model.Request, options ...llms.CallOption) func(llms.Model) {
	t.Helper()
	return func(m llms.Model) {
		_, err := model.Collect(langchain.New(m, options...).Generate(t.Context(), r), nil)
		fails(t, err, model.BadRequest, "418")
	}
}

// conversation has all that a conversation can have.
func conversation() model.Request {
	return model.Request{
		Prompt: prompt.Prompt{Stable: "You are Sona.", Context: "It is nine.", Tools: []prompt.Tool{
			{Name: "look_up", Description: "Looks up.", Parameters: json.RawMessage(`{"type":"object","properties":{"n":{"type":"integer","maximum":12345678901234567890}},"required":["n"]}`)},
			{Name: "hang_up", Description: "Hangs up."},
			{Name: "wait", Parameters: json.RawMessage(`{"type":"object"}`)},
		}},
		Messages: []model.Message{
			{Role: model.Assistant, Text: "Hello."},
			{Role: model.User, Text: "Two orders."},
			{Role: model.User, Text: " "},
			{Role: model.Assistant, Text: "I look.", Calls: []model.ToolCall{{ID: "a", Name: "look_up", Arguments: json.RawMessage(`{"n":1}`)}, {ID: "b", Name: "look_up", Arguments: json.RawMessage(`{"n":`)}}},
			{Role: model.Tool, CallID: "b", Text: "no JSON"},
			{Role: model.User, Text: "And?"},
			{Role: model.Tool, CallID: "a", Text: "sent"},
			{Role: model.Tool, CallID: "c", Text: "stray"},
			{Role: model.Assistant, Text: "Sent."},
			{Role: model.System, Text: "Be brief."},
		},
		MaxTokens: 77,
	}
}

func TestAConversationIsSaidToOpenAI(t *testing.T) {
	sent := bodyOf(t, openaiAt, generate(t, conversation(), llms.WithMaxTokens(5), llms.WithTemperature(0.5), llms.WithModel("gpt-4.1-mini")))
	require.JSONEq(t, `[
		{"role":"system","content":"You are Sona.\nIt is nine.\n\nBe brief."},
		{"role":"user","content":"(says nothing)"},
		{"role":"assistant","content":"Hello."},
		{"role":"user","content":"Two orders."},
		{"role":"assistant","content":"I look."},
		{"role":"assistant","content":"","tool_calls":[{"id":"a","type":"function","function":{"name":"look_up","arguments":"{\"n\":1}"}}]},
		{"role":"tool","content":"sent","tool_call_id":"a"},
		{"role":"assistant","content":"","tool_calls":[{"id":"b","type":"function","function":{"name":"look_up","arguments":"{}"}}]},
		{"role":"tool","content":"no JSON","tool_call_id":"b"},
		{"role":"user","content":"And?"},
		{"role":"tool","content":"stray","tool_call_id":"c"},
		{"role":"assistant","content":"Sent."},
		{"role":"user","content":"(says nothing)"}
	]`, encode(field(t, sent, "messages")))
	require.Contains(t, string(sent), `12345678901234567890`, "numbers of a schema keep their digits")
	require.JSONEq(t, `{"type":"object","properties":{}}`, encode(parameters(t, sent, 1)))
	require.JSONEq(t, `{"type":"object","properties":{}}`, encode(parameters(t, sent, 2)))
	require.Equal(t, "77", encode(field(t, sent, "max_completion_tokens")))
	require.Equal(t, "0.5", encode(field(t, sent, "temperature")))
	require.Equal(t, "gpt-4.1-mini", field(t, sent, "model"))
	require.Equal(t, true, field(t, sent, "stream"))
}

func parameters(t *testing.T, sent []byte, i int) any {
	t.Helper()
	var all struct {
		Tools []struct {
			Function struct {
				Parameters any `json:"parameters"`
			} `json:"function"`
		} `json:"tools"`
	}
	require.NoError(t, json.Unmarshal(sent, &all))
	return all.Tools[i].Function.Parameters
}

// TestAConversationIsSaidToAnthropic: the client reads the first part of a message only, and decodes arguments.
func TestAConversationIsSaidToAnthropic(t *testing.T) {
	two := []llms.MessageContent{{Role: llms.ChatMessageTypeAI, Parts: []llms.ContentPart{llms.TextPart("I look."), called("a", "look_up", "{}")}}}
	sent := bodyOf(t, anthropicAt, func(m llms.Model) { _, _ = m.GenerateContent(t.Context(), two) })
	require.NotContains(t, string(sent), "look_up", "the fault is gone: the fence is not needed any more")

	sent = bodyOf(t, anthropicAt, generate(t, conversation()))
	require.Equal(t, "You are Sona.\nIt is nine.\n\nBe brief.", field(t, sent, "system"))
	require.JSONEq(t, `[
		{"role":"user","content":[{"type":"text","text":"(says nothing)"}]},
		{"role":"assistant","content":[{"type":"text","text":"Hello."}]},
		{"role":"user","content":[{"type":"text","text":"Two orders."}]},
		{"role":"assistant","content":[{"type":"text","text":"I look."}]},
		{"role":"assistant","content":[{"type":"tool_use","id":"a","name":"look_up","input":{"n":1}}]},
		{"role":"user","content":[{"type":"tool_result","tool_use_id":"a","content":"sent"}]},
		{"role":"assistant","content":[{"type":"tool_use","id":"b","name":"look_up","input":{}}]},
		{"role":"user","content":[{"type":"tool_result","tool_use_id":"b","content":"no JSON"}]},
		{"role":"user","content":[{"type":"text","text":"And?"}]},
		{"role":"user","content":[{"type":"tool_result","tool_use_id":"c","content":"stray"}]},
		{"role":"assistant","content":[{"type":"text","text":"Sent."}]},
		{"role":"user","content":[{"type":"text","text":"(says nothing)"}]}
	]`, encode(field(t, sent, "messages")))
	require.Contains(t, string(sent), `{"name":"hang_up","description":"Hangs up.","input_schema":{"properties":{},"type":"object"}}`)
	require.Equal(t, "77", encode(field(t, sent, "max_tokens")))
}

// TestTheSystemMessageIsOneTextPart: a mark for a cache empties it with openai, and is dropped by anthropic,
// which also glues several system messages together.
func TestTheSystemMessageIsOneTextPart(t *testing.T) {
	marked := []llms.MessageContent{
		{Role: llms.ChatMessageTypeSystem, Parts: []llms.ContentPart{llms.WithCacheControl(llms.TextPart("You are Sona."), &llms.CacheControl{Type: "ephemeral"})}},
		llms.TextParts(llms.ChatMessageTypeSystem, "Be brief."),
		llms.TextParts(llms.ChatMessageTypeHuman, "Hi"),
	}
	simply := func(m llms.Model) { _, _ = m.GenerateContent(t.Context(), marked) }
	require.NotContains(t, string(bodyOf(t, openaiAt, simply)), "You are Sona.", "the fault is gone: the fence is not needed any more")
	sent := bodyOf(t, anthropicAt, simply)
	require.NotContains(t, string(sent), "cache_control", "the fault is gone: the fence is not needed any more")
	require.Equal(t, "You are Sona.Be brief.", field(t, sent, "system"), "the fault is gone: the fence is not needed any more")

	var got []llms.MessageContent
	_, err := ask(t, foreign(func(_ context.Context, messages []llms.MessageContent, _ llms.CallOptions) (*llms.ContentResponse, error) {
		got = messages
		return choice(llms.ContentChoice{StopReason: "stop"}), nil
	}))
	require.NoError(t, err)
	require.Empty(t, cmp.Diff([]llms.MessageContent{llms.TextParts(llms.ChatMessageTypeHuman, "Hi")}, got), "no system message without a prompt")
}

// TestEveryMessageHasOnePart also names the tool of a result, which googleai needs; and an empty request has
// something in it, without which googleai panics and anthropic refuses.
func TestEveryMessageHasOnePart(t *testing.T) {
	unanswered := model.Request{Messages: []model.Message{{Role: model.Assistant, Calls: []model.ToolCall{{ID: "a", Name: "look_up"}}}}}
	for _, r := range []model.Request{conversation(), unanswered, {}, {Messages: []model.Message{{Role: model.System, Text: "Be brief."}}}} {
		_, err := model.Collect(langchain.New(foreign(func(_ context.Context, messages []llms.MessageContent, _ llms.CallOptions) (*llms.ContentResponse, error) {
			systems := 0
			for _, m := range messages {
				require.Len(t, m.Parts, 1)
				if result, ok := m.Parts[0].(llms.ToolCallResponse); ok && result.ToolCallID != "c" {
					require.Equal(t, "look_up", result.Name)
				}
				if m.Role == llms.ChatMessageTypeSystem {
					systems++
				}
			}
			require.LessOrEqual(t, systems, 1)
			require.Less(t, systems, len(messages))
			return choice(llms.ContentChoice{StopReason: "stop"}), nil
		})).Generate(t.Context(), r), nil)
		require.NoError(t, err)
	}
}

func TestEachOfTwoCallsOfOneIDHasItsResult(t *testing.T) {
	r := model.Request{Messages: []model.Message{
		{Role: model.Assistant, Calls: []model.ToolCall{{Name: "x"}, {Name: "y"}}},
		{Role: model.Tool, Text: "one"},
		{Role: model.Tool, Text: "two"},
	}}
	var got []llms.ContentPart
	_, err := model.Collect(langchain.New(foreign(func(_ context.Context, messages []llms.MessageContent, _ llms.CallOptions) (*llms.ContentResponse, error) {
		for _, m := range messages {
			got = append(got, m.Parts...)
		}
		return choice(llms.ContentChoice{StopReason: "stop"}), nil
	})).Generate(t.Context(), r), nil)
	require.NoError(t, err)
	require.Equal(t, []llms.ContentPart{llms.TextPart("(says nothing)"),
		llms.ToolCall{Type: "function", FunctionCall: &llms.FunctionCall{Name: "x", Arguments: "{}"}}, llms.ToolCallResponse{Name: "x", Content: "one"},
		llms.ToolCall{Type: "function", FunctionCall: &llms.FunctionCall{Name: "y", Arguments: "{}"}}, llms.ToolCallResponse{Name: "y", Content: "two"},
	}, got)
}

func TestWhatCannotBeAskedIsABadRequest(t *testing.T) {
	for _, tt := range []struct {
		name    string
		request model.Request
		words   string
	}{
		{"a schema", model.Request{Schema: json.RawMessage(`{}`)}, "leave Schema empty"},
		{"a role", model.Request{Messages: []model.Message{{Role: "judge"}}}, `"judge" is no role`},
		{"parameters that are no JSON", model.Request{Prompt: prompt.Prompt{Tools: []prompt.Tool{{Name: "x", Parameters: json.RawMessage(`{`)}}}}, `tool "x"`},
		{"parameters that are null", model.Request{Prompt: prompt.Prompt{Tools: []prompt.Tool{{Name: "x", Parameters: json.RawMessage(`null`)}}}}, `tool "x"`},
		{"parameters that are a list", model.Request{Prompt: prompt.Prompt{Tools: []prompt.Tool{{Name: "x", Parameters: json.RawMessage(`[]`)}}}}, `tool "x"`},
		{"parameters and more", model.Request{Prompt: prompt.Prompt{Tools: []prompt.Tool{{Name: "x", Parameters: json.RawMessage(`{} {}`)}}}}, `tool "x"`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := model.Collect(langchain.New(nil).Generate(t.Context(), tt.request), nil)
			fails(t, err, model.BadRequest, tt.words)
		})
	}
}
