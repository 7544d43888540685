package langchain_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
	"github.com/tmc/langchaingo/llms"
	"github.com/tmc/langchaingo/llms/anthropic"
	"github.com/tmc/langchaingo/llms/openai"

	"github.com/sonajobs/sona/internal/corpus"
	"github.com/sonajobs/sona/runtime/model"
)

// replays returns a client of OpenAI that is answered with these bytes.
func replays(t testing.TB, status int, body []byte) llms.Model {
	t.Helper()
	client, err := openai.New(openai.WithToken("key"), openai.WithHTTPClient(playback{response: corpus.WireResponse{Status: status, Body: body}}))
	require.NoError(t, err)
	return client
}

// FuzzParallelCalls streams calls as servers do and as they should not: interleaved, torn, with and without
// types, IDs and names in each piece. What comes of it through langchaingo is what was sent, or an error.
func FuzzParallelCalls(f *testing.F) {
	for seed := range uint64(40) {
		f.Add(seed, uint8(seed%4), uint8(seed))
	}
	f.Fuzz(func(t *testing.T, seed uint64, count, style uint8) {
		random := rand.New(rand.NewPCG(seed, uint64(style)))
		want, pieces := scattered(random, int(count%4)+1, style)
		var body bytes.Buffer
		for _, p := range pieces {
			fmt.Fprintf(&body, "data: "+delta+"\n\n", p)
		}
		fmt.Fprintf(&body, "data: "+ended+"\n\ndata: [DONE]\n\n", []string{"tool_calls", "stop"}[random.IntN(2)])
		got, err := ask(t, replays(t, http.StatusOK, body.Bytes()))
		if err != nil {
			require.Equal(t, model.Unavailable, kind(err), "%v", err)
			require.Empty(t, got.Calls)
			return
		}
		require.Empty(t, got.Text)
		require.Empty(t, cmp.Diff(want, got.Calls), "%s", body.String())
	})
}

// scattered returns calls, and a stream of their pieces in which each call's are in order.
func scattered(random *rand.Rand, count int, style uint8) (calls []model.ToolCall, pieces []string) {
	left := make([][]string, count)
	for i := range count {
		c := model.ToolCall{ID: fmt.Sprintf("id%d", i), Name: []string{"x", "y"}[random.IntN(2)]}
		arguments := []string{"", "{}", `{"n":1}`, `{"n":1}`, `{"text":"a } { \" b"}`, `{"list":[{"a":{}},"]"]}`}[random.IntN(6)]
		left[i] = torn(random, i, c, arguments, style)
		if arguments == "" {
			arguments = "{}"
		}
		c.Arguments = json.RawMessage(arguments)
		if style&8 != 0 {
			c.ID = ""
		}
		calls = append(calls, c)
	}
	order := random.Perm(count) // a call may only begin after those before it
	for next := 0; ; {
		open := order[:0]
		for i := range left {
			if len(left[i]) > 0 && i <= next {
				open = append(open, i)
			}
		}
		if len(open) == 0 {
			return calls, pieces
		}
		i := open[0]
		if style&16 != 0 { // interleaved
			i = open[random.IntN(len(open))]
		}
		pieces = append(pieces, left[i][0])
		left[i] = left[i][1:]
		if i == next {
			next++
		}
	}
}

// torn are the pieces of one call.
func torn(random *rand.Rand, index int, c model.ToolCall, arguments string, style uint8) []string {
	write := func(first bool, piece string) string {
		d := map[string]any{"index": index}
		function := map[string]any{"arguments": piece}
		if first && style&1 == 0 || !first && style&2 != 0 {
			d["type"] = "function"
		}
		if style&8 == 0 && (first || style&4 != 0) {
			d["id"] = c.ID
		}
		if first || style&32 != 0 {
			function["name"] = c.Name
		}
		d["function"] = function
		return encode(d)
	}
	head := ""
	if style&64 != 0 {
		head, arguments = arguments, ""
	}
	all := []string{write(true, head)}
	for arguments != "" {
		n := random.IntN(len(arguments) + 1)
		all = append(all, write(false, arguments[:n]))
		arguments = arguments[n:]
	}
	if style&128 != 0 {
		all = append(all, write(false, ""))
	}
	return all
}

// FuzzStream answers both clients with any bytes.
func FuzzStream(f *testing.F) {
	f.Add([]byte("data: "+fmt.Sprintf(said, "Hi")+"\n\ndata: "+fmt.Sprintf(ended, "stop")+"\n\n"), uint16(200))
	f.Add([]byte("data: "+began+"\n\ndata: "+fmt.Sprintf(opened, 0, "text", 0)+"\n\ndata: "+fmt.Sprintf(spoken, 0, "Hi")+"\n\ndata: "+fmt.Sprintf(finished, "end_turn")+"\n\ndata: "+over+"\n\n"), uint16(200))
	f.Add([]byte(`{"error":{"message":"Please try again in 1m2.5s"}}`), uint16(429))
	f.Fuzz(func(t *testing.T, body []byte, status uint16) {
		if endsTheProgram(body) {
			t.Skip()
		}
		answer := playback{response: corpus.WireResponse{Status: int(status), Body: body}}
		claude, err := anthropic.New(anthropic.WithToken("key"), anthropic.WithHTTPClient(answer))
		require.NoError(t, err)
		for _, m := range []llms.Model{replays(t, int(status), body), claude} {
			got, err := ask(t, m)
			if err == nil {
				require.NotEmpty(t, got.Reason)
				for _, c := range got.Calls {
					require.True(t, json.Valid(c.Arguments))
					require.NotEmpty(t, c.Name)
				}
				continue
			}
			require.NotEmpty(t, kind(err), "%v", err)
			require.Empty(t, got.Calls)
		}
	})
}

// endsTheProgram reports whether a stream has an index below 0 or beyond all bounds: anthropic's client then
// panics in a goroutine of its own.
func endsTheProgram(body []byte) bool {
	for line := range bytes.Lines(body) {
		var event map[string]any
		data, _ := bytes.CutPrefix(line, []byte("data:"))
		if err := json.NewDecoder(bytes.NewReader(data)).Decode(&event); err == nil {
			if index, ok := event["index"].(float64); ok && (index < 0 || index > 1000) {
				return true
			}
		}
	}
	return false
}

// FuzzMessage reads any text of an error.
func FuzzMessage(f *testing.F) {
	for _, text := range []string{"status code: 429: try again in 6m0s", "StatusCode=503", "googleapi: Error 404", "retry after 5 seconds", "retry in 22.5s.", "retry after 9", "try again in 99999999999h", "http 4000"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		_, err := ask(t, failing(errors.New(text)))
		fault, ok := errors.AsType[*model.Error](err)
		require.True(t, ok)
		require.Contains(t, []model.ErrorKind{model.RateLimited, model.Unavailable, model.BadRequest, model.Truncated}, fault.Kind)
		require.GreaterOrEqual(t, fault.RetryAfter, time.Duration(0))
		require.LessOrEqual(t, fault.RetryAfter, time.Hour)
		require.True(t, utf8.ValidString(err.Error()))
		require.Less(t, len(err.Error()), 300)
		require.NotContains(t, err.Error(), "\n")
	})
}

func TestTheTimeToWaitIsRead(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"Please try again in 6m0s.": 6 * time.Minute, "Try again in 20ms": 20 * time.Millisecond, "Please retry in 22.07s.": 22070 * time.Millisecond,
		"retry after 1 second": time.Second, "retry after 2 minutes": 2 * time.Minute, "retry after 1 hour": time.Hour, "retry after 9": 9 * time.Second, "retry after 500 milliseconds": time.Second / 2,
		"try again in 900h": time.Hour, "try again in a while": 0, "try again in 1..2s": 0, "try again in ": 0, "": 0,
	} {
		_, err := ask(t, failing(errors.New("status code: 429: "+text)))
		fault, ok := errors.AsType[*model.Error](err)
		require.True(t, ok)
		require.Equal(t, model.RateLimited, fault.Kind)
		require.Equal(t, want, fault.RetryAfter, text)
	}
}

func TestAStatusIsFoundWhereItStands(t *testing.T) {
	for text, want := range map[string]model.ErrorKind{
		"status code: 4290": model.Unavailable, "status code: 42": model.Unavailable, "status code 400": model.BadRequest, "no status code: yes, status code: 404": model.BadRequest,
		"status code: 200": model.Unavailable, "HTTP 429 Too Many": model.RateLimited, "4000 tokens": model.Unavailable, "status code    400": model.Unavailable, strings.Repeat("http ", 10): model.Unavailable,
	} {
		_, err := ask(t, failing(errors.New(text)))
		require.Equal(t, want, kind(err), text)
	}
}
