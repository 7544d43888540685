package openai

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/runtime/model"
)

func TestAConfigThatCannotWorkNamesItsField(t *testing.T) {
	raw := func(name, value string) Config {
		return Config{Model: "m", Extra: map[string]json.RawMessage{name: json.RawMessage(value)}}
	}
	for _, tt := range []struct {
		field  string
		config Config
	}{
		{"Model", Config{}},
		{"Model", Config{Model: " "}},
		{"BaseURL", Config{Model: "m", BaseURL: "api.example.com/v1"}},
		{"BaseURL", Config{Model: "m", BaseURL: "ftp://api.example.com"}},
		{"BaseURL", Config{Model: "m", BaseURL: "https://user:secret@api.example.com/v1"}},
		{"BaseURL", Config{Model: "m", BaseURL: "https://api.example.com/v1#secret"}},
		{"BaseURL", Config{Model: "m", BaseURL: "https://api.example.com/%zzsecret"}},
		{"Key", Config{Model: "m", Key: "sk-secret\n"}},
		{"Key", Config{Model: "m", Key: "sk secret"}},
		{"Header", Config{Model: "m", Header: http.Header{"api-key": {"secret\r\nX: y"}}}},
		{"Header", Config{Model: "m", Header: http.Header{"": {"secret"}}}},
		{"CacheMarks", Config{Model: "m", CacheMarks: "ephemeral"}},
		{"MaxTokensField", Config{Model: "m", MaxTokensField: "messages"}},
		{"NoteRole", Config{Model: "m", NoteRole: model.Tool}},
		{"Extra.model", raw("model", `"secret"`)},
		{"Extra.messages", raw("messages", `[]`)},
		{"Extra.stream", raw("stream", `false`)},
		{"Extra.tools", raw("tools", `[]`)},
		{"Extra.n", raw("n", `2`)},
		{"Extra.max_tokens", raw("max_tokens", `2`)},
		{"Extra.prompt_cache_key", raw("prompt_cache_key", `""`)},
		{"Extra.temperature", raw("temperature", `secret`)},
		{"Extra.seed", raw("seed", ``)},
		{"Extra", raw("", `1`)},
	} {
		_, err := New(tt.config)
		problem, ok := errors.AsType[*ConfigError](err)
		require.True(t, ok, "%s: %v", tt.field, err)
		require.Equal(t, tt.field, problem.Field)
		require.NotContains(t, err.Error(), "secret")
	}
}

func TestDefaults(t *testing.T) {
	c, err := New(Config{Model: "m"})
	require.NoError(t, err)
	require.Equal(t, "https://api.openai.com/v1/chat/completions", c.url.String())
	require.Equal(t, []time.Duration{30 * time.Second, 15 * time.Second, 5 * time.Minute}, []time.Duration{c.config.FirstToken, c.config.Idle, c.config.Total})
	require.True(t, c.config.CacheKey)
	require.Empty(t, c.header.Get("Authorization"))

	for base, want := range map[string]string{"http://localhost:8080": "/chat/completions", "http://localhost:8080/": "/chat/completions", "http://h/a%2Fb/v1/": "/a%2Fb/v1/chat/completions"} {
		c, err = New(Config{Model: "m", BaseURL: base})
		require.NoError(t, err)
		require.Equal(t, want, c.url.RequestURI())
	}

	c, err = New(Config{Model: "m", BaseURL: "https://r.openai.azure.example/openai/deployments/d?x=1", Query: url.Values{"api-version": {"2024-10-21"}}})
	require.NoError(t, err)
	require.Equal(t, "https://r.openai.azure.example/openai/deployments/d/chat/completions?api-version=2024-10-21&x=1", c.url.String())
	require.False(t, c.config.CacheKey, "only OpenAI itself is known to take it")
}

func TestTheHostsClientIsLeftAsItIs(t *testing.T) {
	own := &http.Client{}
	_, err := New(Config{Model: "m", HTTP: own})
	require.NoError(t, err)
	require.Nil(t, own.CheckRedirect)
	def, ok := http.DefaultTransport.(*http.Transport)
	require.True(t, ok)
	c, err := New(Config{Model: "m"})
	require.NoError(t, err)
	require.NotSame(t, def, c.own)
}

// Keys in headers of the host's own would go along with a redirect.
func TestARedirectIsFollowedOnlyWhereTheHostSaysSo(t *testing.T) {
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	for name, host := range map[string]http.Client{
		"nothing set": {}, "a timeout": {Timeout: time.Minute}, "cookies": {Jar: jar},
		"the host's own rule": {CheckRedirect: func(*http.Request, []*http.Request) error { return nil }},
	} {
		t.Run(name, func(t *testing.T) {
			var asked []string
			host.Transport = tripper(func(r *http.Request) (*http.Response, error) {
				asked = append(asked, r.URL.Host)
				if len(asked) == 1 {
					return answers(http.StatusTemporaryRedirect, map[string]string{"Location": "https://elsewhere.example/v1"}, nil)(r)
				}
				return answers(http.StatusOK, nil, []byte(word1+finished+done))(r)
			})
			c := client(t, nil, func(c *Config) { c.BaseURL, c.HTTP = "https://here.example/v1", &host })
			got, _ := collected(c.Generate(t.Context(), asks("Hi")))
			if host.CheckRedirect == nil {
				require.Equal(t, []string{"here.example"}, asked)
				require.Equal(t, model.BadRequest, got.Kind)
				return
			}
			require.Equal(t, []string{"here.example", "elsewhere.example"}, asked)
			require.True(t, got.Done)
		})
	}
}

func TestATransportThatAnswersNothingHasFailed(t *testing.T) {
	c := client(t, tripper(func(*http.Request) (*http.Response, error) { return nil, nil })) //nolint:nilnil // that is the fault
	got, _ := collected(c.Generate(t.Context(), asks("Hi")))
	require.Equal(t, model.Unavailable, got.Kind)
	require.Contains(t, got.Err, "neither an answer nor an error")
}

func TestFinishReasons(t *testing.T) {
	for word, want := range map[string]model.Reason{"stop": model.Stop, "STOP": model.Stop, "end_turn": model.Stop, "length": model.Length, "max_tokens": model.Length,
		"content_filter": model.Filtered, "tool_calls": model.ToolCalls, "Banana": "banana"} {
		c := client(t, answers(200, nil, []byte(word1+`data: {"choices":[{"delta":{},"finish_reason":"`+word+`"}]}`)))
		got, err := collected(c.Generate(t.Context(), asks("Hi")))
		require.NoError(t, err)
		require.Equal(t, want, got.Reply.Reason, word)
	}
	for _, word := range []string{"error", "abort", "insufficient_system_resource", "function_call_filter: MALFORMED_FUNCTION_CALL"} {
		got := whole([]byte(word1 + `data: {"choices":[{"delta":{},"finish_reason":"` + word + `"}]}` + "\n\n" + done))
		require.False(t, got.Done)
		require.Equal(t, model.Unavailable, got.Kind, word)
		require.Equal(t, "Hel", got.Reply.Text)
	}
}
