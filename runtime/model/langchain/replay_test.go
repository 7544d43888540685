package langchain_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
	"github.com/tmc/langchaingo/llms"
	"github.com/tmc/langchaingo/llms/anthropic"
	"github.com/tmc/langchaingo/llms/openai"

	"github.com/sonajobs/sona/internal/corpus"
	"github.com/sonajobs/sona/runtime/model"
	"github.com/sonajobs/sona/runtime/model/langchain"
)

// notReplayed says why recordings of other APIs cannot be replayed through langchaingo here.
var notReplayed = map[string]string{
	"gemini-generate":  "llms/googleai needs Google's SDK, which this module does not import",
	"bedrock-converse": "llms/bedrock needs Amazon's SDK, and speaks InvokeModel only",
	"bedrock-invoke":   "llms/bedrock needs Amazon's SDK, which this module does not import",
	"ollama":           "llms/ollama is not imported; its streams have no stop reason (see the package's comment)",
	"openai-responses": "langchaingo speaks chat completions only",
	"other":            "APIs that are none of the above",
}

// fenced says why a recording that was replayed is an error, by words of it.
var fenced = []struct{ words, why string }{
	{"status code", "the recording is an error"},
	{"content block type", "a stream of server tools or redacted thinking, which the client does not read"},
	{"content type", "server tools, which the client does not read"},
	{"no stop reason", "no stop reason: an error in the stream, or the client has lost the reason to a chunk that follows"},
}

// playback is a transport that answers with what was recorded.
type playback struct {
	response corpus.WireResponse
	crumbs   bool // a few bytes at a time
}

func (p playback) Do(r *http.Request) (*http.Response, error) {
	_, _ = io.Copy(io.Discard, r.Body)
	body := io.Reader(bytes.NewReader(p.response.Body))
	if p.crumbs {
		body = crumbs{body}
	}
	return &http.Response{StatusCode: p.response.Status, Header: http.Header{}, Body: io.NopCloser(body), Request: r}, nil
}

// crumbs reads 13 bytes at most.
type crumbs struct{ r io.Reader }

func (c crumbs) Read(p []byte) (int, error) { return c.r.Read(p[:min(len(p), 13)]) }

// TestRecordedRepliesAreEqualOrAnError replays every recording of OpenAI's and Anthropic's chat APIs through
// langchaingo's own clients. What they say is what was recorded, or an error; nothing is passed over in silence.
func TestRecordedRepliesAreEqualOrAnError(t *testing.T) {
	for _, small := range []bool{false, true} {
		counts := map[string]int{}
		for _, e := range corpus.Wire(t) {
			var m llms.Model
			var err error
			switch e.API {
			case "openai-chat":
				m, err = openai.New(openai.WithToken("key"), openai.WithHTTPClient(playback{e.Response, small}))
			case "anthropic-messages":
				m, err = anthropic.New(anthropic.WithToken("key"), anthropic.WithHTTPClient(playback{e.Response, small}))
			default:
				require.Contains(t, notReplayed, e.API)
				counts["not replayed: "+e.API+": "+notReplayed[e.API]]++
				continue
			}
			require.NoError(t, err)
			if !e.Stream {
				m = langchain.Whole(m)
			}
			got, err := ask(t, m)
			counts[compare(t, e, got, err)]++
			if e.EchoAgrees {
				counts[fmt.Sprintf("(calls that the recorded client sent back: equal here %t)", err == nil)]++
			}
		}
		for _, key := range slices.Sorted(maps.Keys(counts)) {
			t.Logf("%4d %s", counts[key], key)
		}
		require.Equal(t, []int{387, 30, 296}, []int{sum(counts, "equal"), sum(counts, "error: "), sum(counts, "not replayed: ")})
		require.Equal(t, 713, sum(counts, "equal")+sum(counts, "error: ")+sum(counts, "not replayed: "))
	}
}

func sum(counts map[string]int, prefix string) int {
	n := 0
	for key, count := range counts {
		if strings.HasPrefix(key, prefix) {
			n += count
		}
	}
	return n
}

// compare says what a reply is in the light of its recording.
func compare(t *testing.T, e corpus.Exchange, got model.Reply, err error) string {
	t.Helper()
	name := fmt.Sprintf("%s #%d", e.Recording, e.Index)
	if err != nil {
		require.NotEmpty(t, kind(err), "%s: %v", name, err)
		require.Empty(t, got.Calls, name)
		if status := e.Expected.ErrorStatus; status != 0 {
			want := map[bool]model.ErrorKind{true: model.RateLimited, false: model.BadRequest}[status == http.StatusTooManyRequests]
			require.Equal(t, want, kind(err), "%s: %v", name, err)
		}
		for _, f := range fenced {
			if strings.Contains(err.Error(), f.words) {
				return "error: " + e.API + ": " + f.why
			}
		}
		t.Errorf("%s: %v", name, err)
		return "error: of no reason"
	}
	require.Zero(t, e.Expected.ErrorStatus, name)
	require.Empty(t, e.Expected.StreamError, name)
	verdict := "equal"
	want, again := anew(t, e)
	if again {
		verdict += ", read anew"
	}
	require.Equal(t, want.Text, got.Text, name)
	require.Empty(t, cmp.Diff(calls(t, want.ToolCalls), given(got.Calls)), name)
	reasons := map[corpus.WireFinish]model.Reason{"stop": model.Stop, "end_turn": model.Stop, "length": model.Length, "max_tokens": model.Length,
		"tool_calls": model.ToolCalls, "tool_use": model.ToolCalls, "function_call": model.ToolCalls}
	reason, known := reasons[want.Finish]
	if !known && !e.Stream { // the answer is one JSON value, and whole without a reason
		reason = model.Stop
	}
	require.Equal(t, reason, got.Reason, name)
	return verdict
}

// anew reads the two recordings that whoever recorded them could not read: content that is partly a list, and
// a call of the kind that came before tools.
func anew(t *testing.T, e corpus.Exchange) (corpus.WireReply, bool) {
	t.Helper()
	want := e.Expected
	switch {
	case strings.HasSuffix(e.Recording, "/test_mistral_model_thinking_part_iter"):
		for line := range strings.Lines(string(e.Response.Body)) {
			var chunk struct {
				Choices []struct {
					Delta struct {
						Content any `json:"content"`
					} `json:"delta"`
					Finish corpus.WireFinish `json:"finish_reason"`
				} `json:"choices"`
			}
			if data, ok := strings.CutPrefix(line, "data: "); ok && json.Unmarshal([]byte(data), &chunk) == nil && len(chunk.Choices) > 0 {
				if said, ok := chunk.Choices[0].Delta.Content.(string); ok { // a list is of what was thought
					want.Text += said
				}
				want.Finish = chunk.Choices[0].Finish
			}
		}
		return want, true
	case strings.HasSuffix(e.Recording, "/TestClient_FunctionCall"):
		var answer struct {
			Choices []struct {
				Message struct {
					Call corpus.WireCall `json:"function_call"`
				} `json:"message"`
			} `json:"choices"`
		}
		require.NoError(t, json.Unmarshal(e.Response.Body, &answer))
		want.ToolCalls = []corpus.WireCall{answer.Choices[0].Message.Call}
		return want, true
	}
	return want, false
}

// calls and given are calls in one form: arguments are decoded, and none are those of an empty object.
func calls(t *testing.T, wire []corpus.WireCall) []string {
	t.Helper()
	var all []string
	for _, c := range wire {
		arguments := []byte(c.Arguments)
		var text string
		if json.Unmarshal(arguments, &text) == nil {
			arguments = []byte(text)
		}
		all = append(all, form(c.ID, c.Name, arguments))
	}
	return all
}

func given(calls []model.ToolCall) []string {
	var all []string
	for _, c := range calls {
		all = append(all, form(c.ID, c.Name, c.Arguments))
	}
	return all
}

func form(id, name string, arguments []byte) string {
	var value any = map[string]any{}
	if len(arguments) > 0 {
		if err := json.Unmarshal(arguments, &value); err != nil {
			value = "no JSON: " + string(arguments)
		}
	}
	return encode([]any{id, name, value})
}
