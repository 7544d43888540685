package openai

import (
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/runtime/model"
)

func TestShapesReadTheSameFastAndSlow(t *testing.T) {
	for i, s := range append(append([]string{}, shapes...), hostile...) {
		require.Empty(t, cmp.Diff(decoded(strings.NewReader(s), true), decoded(strings.NewReader(s), false)), "%d: %q", i, s)
	}
	require.Equal(t, model.Reply{Text: "Hello \"you\"\n", Usage: model.Usage{In: 9, Cached: 8, Out: 3}, Reason: model.Stop}, whole([]byte(shapes[0])).Reply)
	require.Equal(t, "é😀\ufffd é", whole([]byte(shapes[4])).Reply.Text)
	require.Equal(t, "a", whole([]byte(shapes[5])).Reply.Text, "an event of two lines")
}

// What common chunks say is read without encoding/json: else the benchmarks would measure something else.
func TestCommonChunksTakeTheFastPath(t *testing.T) {
	for _, line := range []string{
		`{"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"content":" a\n\u00e9é"},"logprobs":null,"finish_reason":null}]}`,
		`{"choices":[{"delta":{"content":"4","refusal":"","role":"assistant","tool_calls":null},"index":0,"logprobs":{"content":null,"refusal":null}}],"created":0,"id":""}`,
		`{"choices":[{"index":0,"delta":{"content":null,"reasoning":"Hm.\n","reasoning_details":[{"text":"\"","x":-1.5e3,"y":[true,false,{}]}]},"finish_reason":null}],"usage":null}`,
		`{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}`,
		`{"choices":[],"usage":{"prompt_tokens":9,"completion_tokens":2,"prompt_tokens_details":{"cached_tokens":8}}}`,
	} {
		d := newDecoder(nil, still{}, nil)
		ok, err := d.fast([]byte(line))
		require.True(t, ok, line)
		require.NoError(t, err)
	}
}

func TestUsageInTheSpellingsOfServers(t *testing.T) {
	for usage, want := range map[string]model.Usage{
		`{"prompt_tokens":10,"completion_tokens":3,"prompt_tokens_details":{"cached_tokens":4}}`:                 {In: 10, Cached: 4, Out: 3},
		`{"prompt_tokens":10,"completion_tokens":3,"prompt_tokens_details":null}`:                                {In: 10, Out: 3},
		`{"prompt_tokens":10,"completion_tokens":3,"prompt_cache_hit_tokens":4,"prompt_cache_miss_tokens":6}`:    {In: 10, Cached: 4, Out: 3},
		`{"prompt_tokens":10,"completion_tokens":3,"cached_tokens":4}`:                                           {In: 10, Cached: 4, Out: 3},
		`{"prompt_tokens":10,"completion_tokens":3,"cache_read_input_tokens":4,"cache_creation_input_tokens":1}`: {In: 10, Cached: 4, Out: 3},
		`{"prompt_tokens":10,"completion_tokens":3,"cached_tokens":99}`:                                          {In: 10, Cached: 10, Out: 3},
		`{"prompt_tokens":10.0,"completion_tokens":"3","prompt_tokens_details":[1]}`:                             {In: 10, Out: 3},
		`{"prompt_tokens":-10,"completion_tokens":1e300}`:                                                        {},
		`{"prompt_tokens":{},"completion_tokens":true}`:                                                          {},
		`"none"`: {},
	} {
		body := "data: {\"choices\":[],\"usage\":" + usage + "}\n\n" + done
		got := whole([]byte(word1 + body))
		require.True(t, got.Done, usage)
		require.Equal(t, want, got.Reply.Usage, usage)
		require.Equal(t, got, decoded(strings.NewReader(word1+body), true), usage)
	}
	got := whole([]byte(word1 + counted + "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":0}}\n\n" + done))
	require.Equal(t, model.Usage{In: 9, Out: 2}, got.Reply.Usage, "a count of nothing does not undo one")
}

func TestWhatIsNoReplyIsAnError(t *testing.T) {
	for body, want := range map[string]struct {
		kind model.ErrorKind
		text string
	}{
		"":                        {model.Truncated, "openai: the stream ended before the reply did"},
		word1:                     {model.Truncated, "openai: the stream ended before the reply did"},
		"<html>Sign in</html>":    {model.Truncated, "openai: the stream ended before the reply did"},
		`{"choices":[`:            {model.Truncated, "openai: the stream ended before the reply did"},
		`{"choices":[]} and more`: {model.Unavailable, "openai: the answer is more than one object"},
		`{"choices":[]}`:          {model.Unavailable, "openai: the answer has no choices"},
		`{"choices":[{}]}`:        {model.Unavailable, "openai: the answer has no message"},
		`{"choices":5}`:           {model.Unavailable, "openai: the answer is not one of a chat completion"},
		`{choices}`:               {model.Unavailable, "openai: the answer is no JSON"},
		`{"error":{"message":"over quota","code":"insufficient_quota"}}`:                      {model.RateLimited, "openai: the server reports an error: insufficient_quota: over quota"},
		`[{"error":{"message":"too long","code":400}}]`:                                       {model.BadRequest, "openai: status 400: too long"},
		"data: {\"error\":{\"message\":\"no\",\"type\":\"invalid_request_error\"}}\n\n":       {model.BadRequest, "openai: the server reports an error: invalid_request_error: no"},
		"data: {\"error\":\"sk-very-secret-key is wrong\"}\n\n":                               {model.Unavailable, "openai: the server reports an error: sk-very-secret-key is wrong"},
		"event: error\ndata: {\"message\":\"no\"}\n\n":                                        {model.Unavailable, "openai: the server reports an error: no"},
		"data: {\"object\":\"error\",\"message\":\"no\",\"type\":\"BadRequestError\"}\n\n":    {model.BadRequest, "openai: the server reports an error: BadRequestError: no"},
		"data: {\"detail\":\"no\"}\n\n":                                                       {model.Unavailable, "openai: the server reports an error: no"},
		"data: {\"x_groq\":{\"error\":\"over capacity\"},\"choices\":[]}\n\n":                 {model.Unavailable, "openai: the server reports an error: over capacity"},
		"data: {\"choices\":[{\"error\":{\"code\":429,\"message\":\"slow\"}}]}\n\n":           {model.RateLimited, "openai: status 429: slow"},
		word1 + finished + "data: {\"error\":{\"code\":502,\"message\":\"gone\"}}\n\n" + done: {model.Unavailable, "openai: status 502: gone"},
		word1 + "data: {\"cho\n\n" + done:                                                     {model.Unavailable, "openai: a chunk of the stream is no JSON"},
		word1 + "data: [1]\n\n" + done:                                                        {model.Unavailable, "openai: a chunk of the stream is not one of a chat completion"},
		word1 + "dat\na: {\"choices\":[]}\n\n" + done:                                         {model.Unavailable, "openai: a line of the stream is damaged"},
		word1 + "data\n: x\n\n" + done:                                                        {model.Unavailable, "openai: a line of the stream is damaged"},
		"data: {\"choices\":[{\"delta\":{\"content\":5}}]}\n\n":                               {model.Unavailable, "openai: the content of a chunk is no text"},
	} {
		got := whole([]byte(body))
		require.Equal(t, want.kind, got.Kind, body)
		require.Equal(t, "model: "+string(want.kind)+": "+want.text, got.Err, body)
		require.False(t, got.Done)
	}
}

func TestAKeyInAStreamIsHiddenToo(t *testing.T) {
	for _, body := range []string{"data: {\"error\":\"sk-very-secret-key is wrong\"}\n\n", `{"error":"sk-very-secret-key is wrong"}`} {
		got, _ := collected(client(t, answers(200, nil, []byte(body))).Generate(t.Context(), asks("Hi")))
		require.Equal(t, "model: unavailable: openai: the server reports an error: [key] is wrong", got.Err)
	}
}

func TestEndsOfReplies(t *testing.T) {
	for name, tt := range map[string]struct {
		body string
		want model.Reply
	}{
		"a finish reason without a terminator": {word1 + finished, model.Reply{Text: "Hel", Reason: model.Stop}},
		"a terminator without a finish reason": {word1 + done, model.Reply{Text: "Hel", Reason: model.Stop}},
		"two finish reasons": {strings.TrimSuffix(string(deltas("length", `{"content":"Hel"}`)), done) + finished + done,
			model.Reply{Text: "Hel", Reason: model.Length}},
		"a cut count behind the finish reason": {word1 + finished + counted[:20], model.Reply{Text: "Hel", Reason: model.Stop}},
		"what comes behind the terminator":     {word1 + done + word2, model.Reply{Text: "Hel", Reason: model.Stop}},
		"a refusal": {"data: {\"choices\":[{\"delta\":{\"refusal\":\"I cannot.\"},\"finish_reason\":\"stop\"}]}\n\n" + done,
			model.Reply{Text: "I cannot.", Reason: model.Filtered}},
		"a refusal of a whole answer": {`{"choices":[{"message":{"content":null,"refusal":"I cannot."},"finish_reason":"stop"}]}`,
			model.Reply{Text: "I cannot.", Reason: model.Filtered}},
		"reasoning is not said": {"data: {\"choices\":[{\"delta\":{\"reasoning_content\":\"Hm\",\"reasoning\":\"Hm\",\"content\":[{\"type\":\"thinking\",\"thinking\":[{\"type\":\"text\",\"text\":\"Hm\"}]},{\"type\":\"text\",\"text\":\"Hi\"}]}}]}\n\n" + done,
			model.Reply{Text: "Hi", Reason: model.Stop}},
		"another choice":                       {"data: {\"choices\":[{\"index\":1,\"delta\":{\"content\":\"no\"},\"finish_reason\":\"length\"}]}\n\n" + word1 + done, model.Reply{Text: "Hel", Reason: model.Stop}},
		"a message in place of a delta":        {"data: {\"choices\":[{\"message\":{\"content\":\"Hi\"},\"finish_reason\":\"stop\"}]}\n\n", model.Reply{Text: "Hi", Reason: model.Stop}},
		"a message that repeats the deltas":    {word1 + "data: {\"choices\":[{\"message\":{\"content\":\"Hel\"},\"finish_reason\":\"stop\"}]}\n\n", model.Reply{Text: "Hel", Reason: model.Stop}},
		"chunks that are not named as such":    {word1 + strings.TrimPrefix(word2, "data: ") + done, model.Reply{Text: "Hello", Reason: model.Stop}},
		"nothing at all, with a terminator":    {done, model.Reply{Reason: model.Stop}},
		"an event of several lines":            {word1 + "data: \ndata: {\ndata: }\n\n" + done, model.Reply{Text: "Hel", Reason: model.Stop}},
		"a stream under the name of an object": {"\n\n" + word1 + done, model.Reply{Text: "Hel", Reason: model.Stop}},
	} {
		t.Run(name, func(t *testing.T) {
			got := whole([]byte(tt.body))
			require.Empty(t, got.Err)
			require.Empty(t, cmp.Diff(tt.want, got.Reply))
		})
	}
}

// breaks reads what there is and then fails.
type breaks struct {
	io.Reader
	err error
}

func (b *breaks) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	if errors.Is(err, io.EOF) {
		err = b.err
	}
	return n, err
}

func TestAConnectionThatBreaksBehindTheFinishReasonLosesNothing(t *testing.T) {
	lost := errors.New("connection reset by peer")
	got := decoded(&breaks{strings.NewReader(word1 + finished), lost}, false)
	require.True(t, got.Done)
	got = decoded(&breaks{strings.NewReader(word1), lost}, false)
	require.Equal(t, model.Truncated, got.Kind)
	require.Contains(t, got.Err, lost.Error())
	got = decoded(&breaks{strings.NewReader(`{"choices":[{"message":{"content":"Hi"}}]}`), lost}, false)
	require.True(t, got.Done, "an object says itself where it ends")
}

// stuck reads nothing, and says that nothing is wrong.
type stuck struct{}

func (stuck) Read([]byte) (int, error) { return 0, nil }

func TestAReaderThatReadsNothingIsGivenUp(t *testing.T) {
	require.Equal(t, model.Truncated, decoded(stuck{}, false).Kind)
}

func TestWhoLeavesHearsNoMore(t *testing.T) {
	body := word1 + strings.TrimSuffix(string(deltas("", `{"tool_calls":[{"index":0,"id":"a","function":{"name":"f"}}]}`)), done) + counted + finished + done
	for n := 1; n <= 4; n++ {
		seen := 0
		d := newDecoder(strings.NewReader(body), still{}, func(model.Part, error) bool {
			seen++
			return seen < n
		})
		err := d.run()
		require.Equal(t, n, seen)
		if n < 4 {
			require.ErrorIs(t, err, errLeft)
		}
	}
}
