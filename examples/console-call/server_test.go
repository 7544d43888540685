package main

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/sonajobs/sona/internal/corpus"
)

// plainSpeech is a reply that is spoken as it was written.
var plainSpeech = regexp.MustCompile(`^[A-Za-z0-9 ,.'!?]+$`)

// recorded returns a streamed reply of OpenAI's that says something and tells its tokens.
func recorded(t *testing.T) corpus.Exchange {
	t.Helper()
	for _, e := range corpus.Wire(t) {
		if e.API == "openai-chat" && e.Stream && e.Response.Status == http.StatusOK && e.Expected.Finish == "stop" && len(e.Expected.ToolCalls) == 0 &&
			strings.Contains(e.Request.URL, "//api.openai.com/") && strings.Contains(string(e.Response.Body), `"cached_tokens"`) &&
			len(e.Expected.Text) > 20 && plainSpeech.MatchString(e.Expected.Text) {
			return e
		}
	}
	corpus.Missing(t, "no recorded stream with text and tokens")
	return corpus.Exchange{}
}

// number of tokens as the recording tells it, in the stream's last usage.
func told(t *testing.T, body []byte, name string) string {
	t.Helper()
	all := regexp.MustCompile(`"`+name+`":\s*(\d+)`).FindAllSubmatch(body, -1)
	if all == nil {
		t.Fatalf("the recording does not tell %s", name)
	}
	return string(all[len(all)-1][1])
}

// serve answers every request with what next says, piece by piece.
func serve(t *testing.T, next func(r *http.Request, body string) (status int, pieces [][]byte)) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		status, pieces := next(r, string(body))
		w.Header().Set("Content-Type", "text/event-stream")
		w.WriteHeader(status)
		for _, p := range pieces {
			_, _ = w.Write(p)
			_ = http.NewResponseController(w).Flush()
		}
	}))
	t.Cleanup(s.Close)
	return s
}

func TestARecordedReplyIsSpokenAndItsTokensAreShown(t *testing.T) {
	e := recorded(t)
	var path, key, sent string
	s := serve(t, func(r *http.Request, body string) (int, [][]byte) {
		path, key, sent = r.URL.Path, r.Header.Get("Authorization"), body
		return http.StatusOK, bytes.SplitAfter(e.Response.Body, []byte("\n\n"))
	})
	screen := talk(t, map[string]string{"OPENAI_BASE_URL": s.URL + "/v1", "OPENAI_API_KEY": "sk-test", "OPENAI_MODEL": "some-model"}, "How much is it?\n")
	t.Logf("the screen:\n%s", screen)

	tokens := fmt.Sprintf("%s in, of these %s cached; %s out", told(t, e.Response.Body, "prompt_tokens"), told(t, e.Response.Body, "cached_tokens"), told(t, e.Response.Body, "completion_tokens"))
	holds(t, screen,
		"Model: some-model at 127.0.0.1:",
		"> How much is it?\nSona: "+e.Expected.Text+"\n  [tokens: "+tokens+"]\n> \n",
		"The call is over: hung up.",
		"Tokens: "+tokens+"\n")
	if path != "/v1/chat/completions" || key != "Bearer sk-test" {
		t.Errorf("asked at %q with %q", path, key)
	}
	for _, want := range []string{`"some-model"`, "How much is it?", "Take a message"} {
		if !strings.Contains(sent, want) {
			t.Errorf("the request lacks %q", want)
		}
	}
	if strings.Contains(screen, "sk-test") {
		t.Errorf("the key is on the screen:\n%s", screen)
	}
}

func TestAServerThatRefusesIsSaidAndTheCallGoesOn(t *testing.T) {
	s := serve(t, func(*http.Request, string) (int, [][]byte) {
		return http.StatusUnauthorized, [][]byte{[]byte(`{"error":{"message":"no such key","type":"invalid_request_error"}}`)}
	})
	screen := talk(t, map[string]string{"OPENAI_BASE_URL": s.URL + "/v1", "OPENAI_MODEL": "m"}, "Hello?\n")
	holds(t, screen, "> Hello?\n", "[trouble: the model failed: model: bad_request", "The call is over")
}
