package cassette_test

import (
	"encoding/base64"
	"errors"
	"io"
	"maps"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/runtime/model"
	"github.com/sonajobs/sona/runtime/model/cassette"
	"github.com/sonajobs/sona/runtime/prompt"
)

// planted are texts that hold what looks like a key. None of them is one; they are put together here so that
// no scanner takes this file for a leak.
var planted = map[string]string{
	"a bearer token":          "Authorization: Bearer " + "abcDEF123456" + "ghiJKL789",
	"an API key":              "use sk" + "-proj-" + strings.Repeat("a1B2", 8),
	"an API key of Anthropic": "sk" + "-ant-api03-" + strings.Repeat("x9Y8", 8),
	"an API key of Groq":      "gsk" + "_" + strings.Repeat("q1W2", 10),
	"a JSON web token":        "eyJ" + "hbGciOiJIUzI1NiJ9" + ".eyJ" + "zdWIiOiIxMjM0In0" + "." + "c2lnbmF0dXJl-1234",
	"a key ID of AWS":         "AKIA" + "ABCDEFGH" + "IJKLMNOP",
	"a secret key of AWS":     "aws_secret_access_key = " + strings.Repeat("wJalrXUt", 5),
	"a private key":           "-----BEGIN " + "RSA PRIVATE KEY-----\nMIIE",
	"a newer private key":     "-----BEGIN " + "PRIVATE KEY-----",
	"a key of Google":         "AI" + "za" + strings.Repeat("S", 35),
	"a token of GitHub":       "gh" + "p_" + strings.Repeat("a1", 18),
	"a token of Slack":        "xox" + "b-123456789012-abcdef",
	"a key of Stripe":         "sk" + "_live_" + strings.Repeat("4e", 12),
	"a token of Hugging Face": "hf" + "_" + strings.Repeat("Ab", 17),
	"a key of SendGrid":       "SG" + "." + strings.Repeat("a", 22) + "." + strings.Repeat("b", 43),
	"a key of Twilio":         "SK" + strings.Repeat("0f", 16),
	"basic authentication":    "Basic " + base64.StdEncoding.EncodeToString([]byte("somebody:correct horse 9")),
	"a password in a URL":     "postgres://sona:" + "hunter22" + "@db.internal/calls",
	"a key by its name":       `{"api_key": "` + "0123456789" + `abcdef"}`,
	"a key in a query":        "https://api.example.com/v1?key=" + "0123456789" + "abcdef",
	"a key in an escaped URL": "https%3A%2F%2Fapi.example.com%3Fkey%3D" + "0123456789" + "abcdef",
}

// harmless are texts that look a little like one.
var harmless = []string{
	"A risk-assessment-questionnaire-2024 is sent.", "task-1234567890123456789", "the bearer of this letter may enter", "Basic authentication",
	"Password: ask your administrator", `{"type":"object","properties":{"password":{"type":"string"},"api_key":{"type":"string","description":"a key"}}}`,
	"Call +15550100 or write to ada@example.com", "https://example.com/book?day=2026-01-02&table=4", "-----BEGIN CERTIFICATE-----",
	"eyJ is how they begin", "sk-short1", "mailto:somebody@example.com", "https://example.com:8443/@ada",
}

func secret(t *testing.T, err error) *cassette.SecretError {
	t.Helper()
	found, ok := errors.AsType[*cassette.SecretError](err)
	require.True(t, ok, "%v", err)
	return found
}

func TestWhatLooksLikeAKeyIsNotWritten(t *testing.T) {
	for name, text := range planted {
		t.Run(name, func(t *testing.T) {
			path := file(t)
			c := open(t, path, cassette.Record, plays([]any{model.Text("fine"), stop}))
			says(t, c, user(text))
			err := c.Close()
			found := secret(t, err)
			require.Equal(t, 1, found.Recording)
			require.Equal(t, "request.messages[0].text", found.Where)
			require.NotContains(t, err.Error(), text[len(text)/2:], "the error never shows it")
			require.NoFileExists(t, path)
		})
	}
	c := open(t, file(t), cassette.Record, plays([]any{model.Text("fine"), stop}))
	says(t, c, user(strings.Join(harmless, "\n")))
	require.NoError(t, c.Close())
}

func TestAKeyIsFoundWhereverItStands(t *testing.T) {
	key := planted["an API key"]
	call := []model.ToolCall{{ID: "1", Name: "n", Arguments: []byte(`{"a":{"b":["` + strings.ReplaceAll(key, "-", `\u002d`) + `"]}}`)}}
	for _, tt := range []struct {
		name  string
		ask   model.Request
		reply []any
		where string
	}{
		{"prompt", model.Request{Prompt: prompt.Prompt{Stable: key}}, nil, "prompt "},
		{"context", model.Request{Prompt: prompt.Prompt{Context: key}}, nil, "request.context"},
		{"tool", model.Request{Prompt: prompt.Prompt{Tools: []prompt.Tool{{Name: "n", Description: key}}}}, nil, "tool n"},
		{"parameters", model.Request{Prompt: prompt.Prompt{Tools: []prompt.Tool{{Name: "n", Parameters: []byte(`{"default":"` + key + `"}`)}}}}, nil, "tool n: parameters"},
		{"schema", model.Request{Schema: []byte(`{"enum":["` + key + `"]}`)}, nil, "request.schema"},
		{"message", user("Hi", key), nil, "request.messages[1].text"},
		{"call ID", model.Request{Messages: []model.Message{{Role: model.Tool, CallID: key}}}, nil, "request.messages[0].callId"},
		{"arguments of a message", model.Request{Messages: []model.Message{{Role: model.Assistant, Calls: call}}}, nil, "request.messages[0].calls.arguments"},
		{"reply", user("Hi"), []any{model.Text("It is "), model.Text(key), stop}, "reply.text"},
		{"reply in pieces", user("Hi"), []any{model.Text(key[:9]), model.Text(key[9:14]), model.Text(key[14:]), stop}, "reply.text"},
		{"call of a reply", user("Hi"), []any{call[0], stop}, "reply[0].call.arguments"},
		{"name of a call", user("Hi"), []any{model.ToolCall{Name: key}, stop}, "reply[0].call.name"},
		{"reason", user("Hi"), []any{model.Done{Reason: model.Reason(key)}}, "reply[0].done"},
		{"error", user("Hi"), []any{errors.New("no such key: " + key)}, "reply[0].error"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if tt.reply == nil {
				tt.reply = []any{stop}
			}
			path := file(t)
			c := open(t, path, cassette.Record, plays(tt.reply))
			_, _ = parts(t.Context(), c, tt.ask)
			err := c.Close()
			require.Contains(t, secret(t, err).Where, tt.where)
			require.NotContains(t, err.Error(), key[len(key)-8:])
			require.NoFileExists(t, path)
		})
	}
}

func TestTheCallerKnowsOfMoreSecretsAndOfWhatIsNone(t *testing.T) {
	path := file(t)
	config := cassette.Config{Path: path, Mode: cassette.Record, Secrets: []*regexp.Regexp{nil, regexp.MustCompile(`ACCT-\d+`)}}
	c, err := config.Open(plays([]any{stop}))
	require.NoError(t, err)
	_, err = parts(t.Context(), c, user("I am ACCT-1234"))
	require.NoError(t, err)
	err = c.Close()
	require.EqualError(t, err, "cassette "+path+`: nothing was written: recording 1: request.messages[0].text looks like what ACCT-\d+ describes: take it out with Redact`)

	config.Redact = func(s string) string { return regexp.MustCompile(`ACCT-\d+`).ReplaceAllString(s, "ACCT") }
	c, err = config.Open(plays([]any{stop}))
	require.NoError(t, err)
	_, err = parts(t.Context(), c, user("I am ACCT-1234"))
	require.NoError(t, err)
	require.NoError(t, c.Close())
	require.NotContains(t, read(t, path), "1234")
}

// wire is a transport that answers as it is told.
type wire func(*http.Request) (*http.Response, error)

func (w wire) RoundTrip(r *http.Request) (*http.Response, error) { return w(r) }

func answer(header http.Header, body string) wire {
	return func(r *http.Request) (*http.Response, error) {
		if r.Body != nil {
			_, _ = io.Copy(io.Discard, r.Body)
		}
		return &http.Response{StatusCode: http.StatusOK, Header: header, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
	}
}

// reply is an answer that was read to its end.
type reply struct {
	header http.Header
	body   string
}

// send sends a request and reads the answer.
func send(t *testing.T, rt http.RoundTripper, method, url, body string, header http.Header) (reply, error) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	require.NoError(t, err)
	maps.Copy(r.Header, header)
	response, err := rt.RoundTrip(r)
	if err != nil {
		return reply{}, err
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	return reply{response.Header, string(text)}, err
}

func TestAKeyIsFoundWhereverItStandsInTraffic(t *testing.T) {
	key := planted["an API key"][4:]
	delta := func(pieces ...string) string {
		var b strings.Builder
		for i, p := range pieces {
			b.WriteString(`data: {"choices":[{"index":0,"delta":{"content":"` + p + `"}},{"index":1,"delta":{"content":"x` + string(rune('a'+i)) + `"}}]}` + "\n\n")
		}
		return b.String()
	}
	for _, tt := range []struct {
		name, url, body string
		header          http.Header
		answer          wire
		where           string
	}{
		{"path", "https://a.b/" + key, "", nil, answer(nil, ""), "request.url"},
		{"body", "https://a.b/", "key is " + key, nil, answer(nil, ""), "request.body"},
		{"JSON", "https://a.b/", `{"a":[{"b":"` + strings.ReplaceAll(key, "-", `\u002d`) + `"}]}`, nil, answer(nil, ""), "request.json"},
		{"a field of a telling name", "https://a.b/", `{"password":"correct9horse"}`, nil, answer(nil, ""), "request.json"},
		{"a header that is written", "https://a.b/", "", http.Header{"Content-Type": {key}}, answer(nil, ""), "request.headers.Content-Type"},
		{"a header that the caller lists", "https://a.b/", "", http.Header{"Authorization": {"abc"}}, answer(nil, ""), "request.headers"},
		{"answer's header", "https://a.b/", "", nil, answer(http.Header{"X-Ratelimit-Key": {key}}, ""), "response.headers.X-Ratelimit-Key"},
		{"answer", "https://a.b/", "", nil, answer(nil, "it is "+key), "response.body"},
		{"answer in pieces", "https://a.b/", "", nil, answer(nil, delta("it is ", key[:5], key[5:11], key[11:])), "response.body"},
		{"error", "https://a.b/", "", nil, func(*http.Request) (*http.Response, error) { return nil, errors.New("no route for " + key) }, "error"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			path := file(t)
			h, err := cassette.Config{Path: path, Mode: cassette.Record, Headers: []string{"authorization"}}.OpenHTTP(tt.answer)
			require.NoError(t, err)
			_, _ = send(t, h, http.MethodPost, tt.url, tt.body, tt.header)
			err = h.Close()
			require.Equal(t, tt.where, secret(t, err).Where)
			require.NotContains(t, err.Error(), key[8:])
			require.NoFileExists(t, path)
		})
	}
}

func TestHeadersAndParametersAreWrittenOnlyWhenListed(t *testing.T) {
	path := file(t)
	config := cassette.Config{Path: path, Mode: cassette.Record, Headers: []string{"x-region"}, Query: []string{"alt"}}
	h, err := config.OpenHTTP(answer(http.Header{"Set-Cookie": {"session=1"}, "X-Region": {"eu"}, "Retry-After": {"3"}, "Openai-Organization": {"somebody"}}, "ok"))
	require.NoError(t, err)
	header := http.Header{"Authorization": {planted["a bearer token"]}, "X-Api-Key": {planted["an API key"]}, "Cookie": {"a=b"}, "X-Region": {"eu"}, "Accept": {"text/event-stream"}}
	_, err = send(t, h, http.MethodPost, "https://user:pass1234word@a.b/v1?alt=sse&key=0123456789abcdef", "{}", header)
	require.NoError(t, err)
	require.NoError(t, h.Close())
	text := read(t, path)
	for _, not := range []string{"Authorization", "Bearer", "sk-", "Cookie", "session", "somebody", "0123456789", "user", "pass"} {
		require.NotContains(t, text, not)
	}
	for _, want := range []string{`"https://a.b/v1?alt=sse&key="`, `"X-Region"`, `"Retry-After"`, `"Accept"`} {
		require.Contains(t, text, want)
	}
	config.Mode = cassette.Replay
	h, err = config.OpenHTTP(nil)
	require.NoError(t, err)
	response, err := send(t, h, http.MethodPost, "https://a.b/v1?key=another&alt=sse", "{ }", nil)
	require.NoError(t, err, "the key is no part of the request")
	require.Equal(t, "ok", response.body)
	require.Equal(t, http.Header{"X-Region": {"eu"}, "Retry-After": {"3"}}, response.header)
}
