package openai

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/runtime/model"
)

// deltas is a stream of these deltas, with this finish reason.
func deltas(reason string, all ...string) []byte {
	var b strings.Builder
	for _, d := range all {
		fmt.Fprintf(&b, "data: {\"choices\":[{\"index\":0,\"delta\":%s}]}\n\n", d)
	}
	if reason != "" {
		fmt.Fprintf(&b, "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":%q}]}\n\n", reason)
	}
	return []byte(b.String() + done)
}

func called(id, name, arguments string) model.ToolCall {
	return model.ToolCall{ID: id, Name: name, Arguments: json.RawMessage(arguments)}
}

func TestCallsAreGatheredAsServersSendThem(t *testing.T) {
	for _, tt := range []struct {
		name   string
		deltas []string
		want   []model.ToolCall
	}{
		{"named in the first piece", []string{
			`{"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":""}}]}`,
			`{"tool_calls":[{"index":0,"function":{"arguments":"{\"x\":"}}]}`,
			`{"tool_calls":[{"index":0,"function":{"arguments":"1}"}}]}`,
		}, []model.ToolCall{called("a", "f", `{"x":1}`)}},
		{"named in every piece", []string{
			`{"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":"{\"x\":"}}]}`,
			`{"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":"1"}}]}`,
			`{"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":"}"}}]}`,
		}, []model.ToolCall{called("a", "f", `{"x":1}`)}},
		{"two at a time, interleaved", []string{
			`{"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":"{\"x\":"}},{"index":1,"id":"b","function":{"name":"g","arguments":"{"}}]}`,
			`{"tool_calls":[{"index":1,"function":{"arguments":"}"}},{"index":0,"function":{"arguments":"1}"}}]}`,
		}, []model.ToolCall{called("a", "f", `{"x":1}`), called("b", "g", `{}`)}},
		{"whole, without numbers", []string{
			`{"tool_calls":[{"id":"a","function":{"name":"f","arguments":"{}"}},{"id":"b","function":{"name":"f","arguments":"{}"}}]}`,
			`{"tool_calls":[{"id":"c","function":{"name":"g","arguments":"{}"}}]}`,
		}, []model.ToolCall{called("a", "f", `{}`), called("b", "f", `{}`), called("c", "g", `{}`)}},
		{"in pieces, without numbers", []string{
			`{"tool_calls":[{"id":"a","function":{"name":"f","arguments":"{\"x\""}}]}`,
			`{"tool_calls":[{"function":{"arguments":":1}"}}]}`,
			`{"tool_calls":[{"id":"b","function":{"name":"g"}}]}`,
			`{"tool_calls":[{"id":"a","function":{"arguments":" "}}]}`,
		}, []model.ToolCall{called("a", "f", `{"x":1} `), called("b", "g", `{}`)}},
		{"all with the number 0", []string{
			`{"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":"{"}}]}`,
			`{"tool_calls":[{"index":0,"function":{"arguments":"}"}}]}`,
			`{"tool_calls":[{"index":0,"id":"b","function":{"name":"f","arguments":"{}"}}]}`,
		}, []model.ToolCall{called("a", "f", `{}`), called("b", "f", `{}`)}},
		{"without IDs or numbers", []string{
			`{"tool_calls":[{"function":{"name":"f","arguments":"{\"s\":\"}\\\"\"}"}},{"function":{"name":"f","arguments":"{\"x\":2}"}}]}`,
			`{"tool_calls":[{"function":{"name":"g","arguments":"{}"}}]}`,
		}, []model.ToolCall{called("", "f", `{"s":"}\""}`), called("", "f", `{"x":2}`), called("", "g", `{}`)}},
		{"the same again", []string{
			`{"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":"{\"x\":1}"}}]}`,
			`{"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":"{\"x\":1}"}}]}`,
		}, []model.ToolCall{called("a", "f", `{"x":1}`)}},
		{"an ID that comes late", []string{
			`{"tool_calls":[{"index":0,"function":{"name":"f","arguments":"{"}}]}`,
			`{"tool_calls":[{"index":0,"id":"a","function":{"arguments":"}"}}]}`,
		}, []model.ToolCall{called("a", "f", `{}`)}},
		{"arguments that are an object", []string{`{"tool_calls":[{"index":"0","id":"a","function":{"name":"f","arguments":{"x":[1]}}}]}`},
			[]model.ToolCall{called("a", "f", `{"x":[1]}`)}},
		{"no arguments", []string{`{"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":null}},{"index":1,"id":"b","function":{"name":"g"}}]}`},
			[]model.ToolCall{called("a", "f", `{}`), called("b", "g", `{}`)}},
		{"arguments that are no JSON stay what they are", []string{`{"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":"{\"x\":"}}]}`},
			[]model.ToolCall{called("a", "f", `{"x":`)}},
		{"a name that is none", []string{`{"tool_calls":[{"index":0,"id":"a","function":{"name":"no such tool","arguments":"{}"}}]}`},
			[]model.ToolCall{called("a", "no such tool", `{}`)}},
		{"in the form before tools", []string{`{"function_call":{"name":"f","arguments":"{"}}`, `{"function_call":{"arguments":"}"}}`},
			[]model.ToolCall{called("", "f", `{}`)}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for _, reason := range []string{"tool_calls", "stop", ""} {
				got := whole(deltas(reason, tt.deltas...))
				require.Empty(t, got.Err)
				require.Empty(t, cmp.Diff(tt.want, got.Reply.Calls))
				require.Equal(t, model.ToolCalls, got.Reply.Reason)
			}
		})
	}
}

func TestEachCallOfAWholeAnswerIsOneOfItsOwn(t *testing.T) {
	got := whole([]byte(`{"choices":[{"message":{"tool_calls":[{"function":{"name":"f"}},{"function":{"name":"f"}}]}}]}`))
	require.Equal(t, []model.ToolCall{called("", "f", "{}"), called("", "f", "{}")}, got.Reply.Calls)
}

func TestACallThatWasCutIsNoCall(t *testing.T) {
	for _, reason := range []string{"length", "content_filter", "banana"} {
		for _, arguments := range []string{``, `{`, `{\"text\":\"I owe you 10`, `{\"x\":{}`, `5`} {
			got := whole(deltas(reason, `{"content":"One moment."}`, `{"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":"`+arguments+`"}}]}`))
			require.Equal(t, model.Truncated, got.Kind, arguments)
			require.Empty(t, got.Reply.Calls)
			require.Equal(t, "One moment.", got.Reply.Text)
		}
		got := whole(deltas(reason, `{"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":"{}"}}]}`))
		require.Empty(t, got.Err)
		require.Len(t, got.Reply.Calls, 1)
	}
}

func TestAReplyOutOfAllProportionIsAnError(t *testing.T) {
	long := strings.Repeat("x", 64<<10)
	many := func(n int, delta func(int) string) []byte {
		var all []string
		for i := range n {
			all = append(all, delta(i))
		}
		return deltas("stop", all...)
	}
	for what, body := range map[string][]byte{
		"the text of a reply": many(mostText/len(long)+1, func(int) string { return `{"content":"` + long + `"}` }),
		"the number of calls in a reply": many(mostCalls+1, func(i int) string {
			return fmt.Sprintf(`{"tool_calls":[{"index":%d,"id":"c%d","function":{"name":"f","arguments":"{}"}}]}`, i, i)
		}),
		"the arguments of a call":     many(mostArguments/len(long)+1, func(int) string { return `{"tool_calls":[{"index":0,"function":{"arguments":"` + long + `"}}]}` }),
		"a line":                      []byte("data: " + strings.Repeat("x", mostLine+1)),
		"an event":                    []byte(strings.Repeat("data: "+long+"\n", mostLine/len(long)+1)),
		"an answer that is no stream": []byte("{" + strings.Repeat(long+"\n", mostLine/len(long)+1)),
	} {
		got := whole(body)
		require.Equal(t, model.Unavailable, got.Kind, what)
		require.Contains(t, got.Err, "openai: "+what+" is more than ")
		require.False(t, got.Done)
	}
	d := newDecoder(strings.NewReader(word1+done), still{}, nil)
	d.lines.total = mostStream - 10 // of reasoning, say
	require.ErrorContains(t, d.run(), "openai: an answer is more than ")
}
