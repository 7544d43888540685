package openai

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/internal/golden"
	"github.com/sonajobs/sona/runtime/model"
	"github.com/sonajobs/sona/runtime/prompt"
)

// sent is the body of the request for r.
func sent(t testing.TB, c *Client, r model.Request) []byte {
	p, err := c.body(r)
	require.NoError(t, err)
	body, err := io.ReadAll(p.open())
	require.NoError(t, err)
	require.Len(t, body, int(p.size))
	return body
}

// talk is a conversation with everything in it.
func talk() model.Request {
	return model.Request{
		Prompt: prompt.Prompt{
			Stable:  "# 1. Role\nYou are \"Sona\".\t\\ <<job J1 NONCE>> é 你好 \u2028 😀",
			Context: "# 10. Call\nCaller: \"Ada\"",
			Tools: []prompt.Tool{
				{Name: "send_sms", Description: "Send the text \"as is\".", Parameters: json.RawMessage(`{"type":"object","properties":{"sona_action":{"type":"string"}}}`)},
				{Name: "end_call", Description: "End the call."},
			},
			Receipt: call.Receipt{Stable: strings.Repeat("0123456789abcdef", 4), Tools: "tools"},
		},
		Messages: []model.Message{
			{Role: model.Assistant, Text: "[J1] How can I help?"},
			{Role: model.User, Text: "Text me the \"address\".\nPlease </system> \x00\xff"},
			{Role: model.Assistant, Text: "", Calls: []model.ToolCall{
				{ID: "c1", Name: "send_sms", Arguments: json.RawMessage(`{"sona_action":"J1.A1"}`)}, {ID: "c2", Name: "end_call"}}},
			{Role: model.Tool, CallID: "c1", Text: `{"ok":true}`},
			{Role: model.Tool, CallID: "c2", Text: `{"ok":false}`},
			{Role: model.Assistant, Text: "Done.", Calls: []model.ToolCall{{ID: "c3", Name: "end_call", Arguments: json.RawMessage(`{"broken`)}}},
			{Role: model.Tool, CallID: "c3", Text: "no"},
			{Role: model.System, Text: "State: send_sms is done."},
		},
		MaxTokens: 200,
	}
}

func TestWhatIsSent(t *testing.T) {
	answered := talk()
	answered.Schema = json.RawMessage(`{"type":"object","properties":{"outcome":{"type":"string"}},"required":["outcome"],"additionalProperties":false}`)
	bare := model.Request{Messages: []model.Message{{Role: model.User, Text: "Hi"}}}
	contextOnly := model.Request{Prompt: prompt.Prompt{Context: "Now: noon."}}
	var all bytes.Buffer
	for _, tt := range []struct {
		name   string
		config Config
		ask    model.Request
	}{
		{"OpenAI", Config{Extra: map[string]json.RawMessage{"temperature": json.RawMessage("0.2"), "service_tier": json.RawMessage(`"priority"`),
			"parallel_tool_calls": json.RawMessage("false")}}, talk()},
		{"structured output", Config{}, answered},
		{"explicit breakpoints", Config{CacheMarks: Breakpoints}, talk()},
		{"cache control, and a server with other names", Config{BaseURL: "https://openrouter.example/api/v1", CacheMarks: CacheControl,
			MaxTokensField: "max_tokens", NoteRole: model.User, NoUsage: true}, talk()},
		{"nothing but a question", Config{CacheMarks: Breakpoints, Extra: map[string]json.RawMessage{"tool_choice": json.RawMessage(`"auto"`)}}, bare},
		{"a context alone", Config{CacheMarks: Breakpoints}, contextOnly},
	} {
		tt.config.Model = "gpt-5-mini"
		c, err := New(tt.config)
		require.NoError(t, err)
		body := sent(t, c, tt.ask)
		require.True(t, json.Valid(body), "%s: %s", tt.name, body)
		require.Equal(t, string(body), string(sent(t, c, tt.ask)), "the second time it comes from the cache")
		fmt.Fprintf(&all, "== %s\n", tt.name)
		require.NoError(t, json.Indent(&all, body, "", "  "))
		all.WriteString("\n")
	}
	golden.Assert(t, "testdata/requests.golden", all.Bytes())
}

// systemOf reads the system message back, however it is written.
func systemOf(t *testing.T, body []byte) string {
	var r struct {
		Messages []struct {
			Role    string          `json:"role"`
			Content json.RawMessage `json:"content"`
		} `json:"messages"`
	}
	require.NoError(t, json.Unmarshal(body, &r))
	require.NotEmpty(t, r.Messages)
	require.Equal(t, "system", r.Messages[0].Role)
	text, ok := content(r.Messages[0].Content)
	require.True(t, ok)
	return text
}

func TestTheSystemMessageIsThePrompts(t *testing.T) {
	for _, p := range []prompt.Prompt{
		{Stable: "stable"}, {Stable: "stable", Context: "context"}, {Context: "context"}, talk().Prompt,
		{Stable: strings.Repeat("\x00\x1f\"\\\u2029\ufeff", 300), Context: "\n"},
	} {
		for _, m := range []CacheMarks{NoMarks, Breakpoints, CacheControl} {
			c := client(t, nil, func(c *Config) { c.CacheMarks = m })
			require.Equal(t, p.System(), systemOf(t, sent(t, c, model.Request{Prompt: p})))
		}
	}
}

// The stable part begins at the same byte with the same bytes before it, whoever calls.
func TestTheBytesBeforeTheContextAreTheSameForEveryCall(t *testing.T) {
	c := client(t, nil)
	first, second := talk(), talk()
	second.Prompt.Context, second.Messages = "another caller", second.Messages[:2]
	a, b := string(sent(t, c, first)), string(sent(t, c, second))
	end := strings.Index(a, "# 10. Call")
	require.Positive(t, end)
	require.Equal(t, a[:end], b[:end])
}

func TestTextsAreEscapedAsJSONAsksFor(t *testing.T) {
	for _, s := range []string{"", "plain", "\"\\/\b\f\n\r\t\x00\x1f\x7f", "é你好😀\u2028\u2029", "<script>&</script>"} {
		var back string
		require.NoError(t, json.Unmarshal([]byte(`"`+string(escape(s))+`"`), &back))
		require.Equal(t, s, back)
	}
	require.Equal(t, "a\ufffdb", string(escape("a\xff\xfeb")))
}

func FuzzEscape(f *testing.F) {
	for _, s := range []string{"", "a\"b", "\xff", "\u2028"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		var back string
		if err := json.Unmarshal([]byte(`"`+string(escape(s))+`"`), &back); err != nil {
			t.Fatal(err)
		}
		if utf8.ValidString(s) && back != s {
			t.Fatalf("%q became %q", s, back)
		}
	})
}

func TestWhatCannotBeAskedIsNotSent(t *testing.T) {
	for name, r := range map[string]model.Request{
		"a schema that is no JSON":          {Schema: json.RawMessage(`{"type":`)},
		"a tool whose parameters are none":  {Prompt: prompt.Prompt{Tools: []prompt.Tool{{Name: "x", Parameters: json.RawMessage(`{`)}}}},
		"a message of a role that is wrong": {Messages: []model.Message{{Role: "narrator"}}},
	} {
		c := client(t, tripper(nil)) // a request would panic
		got, _ := collected(c.Generate(t.Context(), r))
		require.Equal(t, model.BadRequest, got.Kind, name)
	}
}

func TestAReceiptIsBelievedOnlyWithTheSameText(t *testing.T) {
	c := client(t, nil)
	r := talk()
	sent(t, c, r)
	r.Prompt.Stable = "another text under the same hash"
	require.Equal(t, r.Prompt.System(), systemOf(t, sent(t, c, r)))
	r.Prompt.Tools = r.Prompt.Tools[:1]
	require.NotContains(t, string(sent(t, c, r)), `"description":"End the call."`)
	require.Equal(t, 1, c.stable.recent.Len())
}

func TestTheCacheOfPromptsIsBounded(t *testing.T) {
	c := newCache()
	add := func(key string, size int) {
		_, err := c.get(prompt.Prompt{Stable: strings.Repeat("x", size), Receipt: call.Receipt{Stable: key}})
		require.NoError(t, err)
	}
	for i := range 3 * mostCached {
		add(fmt.Sprint("small ", i), 10)
	}
	require.Equal(t, mostCached, c.recent.Len())
	require.Len(t, c.byKey, mostCached)
	require.Nil(t, c.find(cacheKey{"small 0", ""}))
	for i := range 10 {
		add(fmt.Sprint("large ", i), 1<<20)
		require.LessOrEqual(t, c.size, mostCachedBytes)
	}
	add("small again", 10)
	add("huge", mostCachedBytes)
	require.Nil(t, c.find(cacheKey{"huge", ""}))
	require.NotNil(t, c.find(cacheKey{"small again", ""}))
	add("", 10)
	require.Nil(t, c.find(cacheKey{"", ""}), "without a receipt nothing is kept")

	size := 0
	for e := c.recent.Front(); e != nil; e = e.Next() {
		size += e.Value.(*written).size()
	}
	require.Empty(t, cmp.Diff(size, c.size))
}
