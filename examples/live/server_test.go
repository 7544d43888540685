package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// reply is what the fake server says to what the caller says.
type reply struct{ text, tool string }

// talks are the replies by the caller's first words, in order. The marks and handles are those of the desk: the job
// of the first scenario is J1, of the second J2.
var talks = map[string][]reply{
	"Hi, I'd like to leave a message for the owner.": {
		{text: "[J1.1] What is your name?"}, {text: "[J1.2] Which callback number can we use?"}, {text: "[J1.5] What is the message?"},
		{text: "[J1.9] Thank you. Goodbye.", tool: "end_call"},
	},
	"I want to speak to a real person, please.": {
		{text: "[J2.2] What is your name?"}, {text: "[J2.4] May I transfer you now?"}, {text: "[J2.5] One moment.", tool: "transfer_call"},
	},
}

// serve is a server that talks like a language model: streamed, a word at a time, with tools and tokens.
func serve(t *testing.T) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		raw, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		var in struct {
			Stream   bool `json:"stream"`
			Messages []struct {
				Role    string          `json:"role"`
				Content json.RawMessage `json:"content"`
			} `json:"messages"`
		}
		if err := json.Unmarshal(raw, &in); err != nil || !in.Stream {
			t.Errorf("request: %v, stream %t", err, in.Stream)
		}
		first, said := "", 0
		for _, m := range in.Messages {
			if m.Role == "user" {
				if said == 0 {
					_ = json.Unmarshal(m.Content, &first)
				}
				said++
			}
		}
		replies := talks[first]
		if said == 0 || said > len(replies) {
			t.Errorf("nothing to say after %q, %d", first, said)
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		write(w, replies[said-1], string(raw))
	}))
	t.Cleanup(s.Close)
	return s.URL
}

// write streams a reply. The handle of an action is looked up in the prompt, as a model does it.
func write(w http.ResponseWriter, r reply, prompt string) {
	chunk := func(delta, finish, more string) {
		_, _ = fmt.Fprintf(w, "data: {\"id\":\"1\",\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,\"delta\":%s,\"finish_reason\":%s}]%s}\n\n", delta, finish, more)
		_ = http.NewResponseController(w).Flush()
	}
	w.Header().Set("Content-Type", "text/event-stream")
	for word := range strings.SplitAfterSeq(r.text, " ") {
		chunk(fmt.Sprintf(`{"content":%q}`, word), "null", "")
	}
	finish := `"stop"`
	if r.tool != "" {
		finish = `"tool_calls"`
		handle := regexp.MustCompile(`\[action (J\d+\.A\d+): ` + r.tool).FindStringSubmatch(prompt)
		chunk(fmt.Sprintf(`{"tool_calls":[{"index":0,"id":"c1","type":"function","function":{"name":%q,"arguments":""}}]}`, r.tool), "null", "")
		chunk(fmt.Sprintf(`{"tool_calls":[{"index":0,"function":{"arguments":%q}}]}`, `{"sona_action":"`+handle[1]+`"}`), "null", "")
	}
	chunk(`{}`, finish, "")
	_, _ = fmt.Fprint(w, "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":1000,\"completion_tokens\":10,\"prompt_tokens_details\":{\"cached_tokens\":900}}}\n\ndata: [DONE]\n\n")
}

func TestAModelIsEstimatedCalledAndCounted(t *testing.T) {
	dir := t.TempDir()
	code, out, progress := start(t, t.Context(), map[string]string{"OPENAI_BASE_URL": serve(t) + "/v1", "OPENAI_MODEL": "some-model"},
		"-n", "2", "-runs", "2", "-out", dir, "-price", "1,0.5,2")
	if code != 0 {
		t.Fatalf("exit code %d:\n%s", code, progress)
	}
	t.Logf("what is printed:\n%s", out)
	before, table, _ := strings.Cut(out, "\nscenario ")
	for _, want := range []string{"Model: some-model at 127.0.0.1:", "4 calls, about ", "Estimate: ", "Price: $0.", "at $1 in, $0.5 cached, $2 out per million tokens (as given)"} {
		if !strings.Contains(before, want) {
			t.Errorf("the estimate lacks %q:\n%s", want, before)
		}
	}
	// Each reply is 1,000 tokens in, of these 900 cached, and 10 out: four replies, or three.
	for row, want := range map[string]string{
		"message": `2/2 +34–100 % +9 +8,000 +7,200 +80 `,
		"person":  `2/2 +34–100 % +7 +6,000 +5,400 +60 `,
		"all":     `4/4 +51–100 % +7 +14,000 +12,600 +140 `,
	} {
		if !regexp.MustCompile(`(?m)^` + row + ` +` + want).MatchString(table) {
			t.Errorf("row %s is not %q:\n%s", row, want, table)
		}
	}
	if !strings.Contains(table, "Price of what was used: $0.01 (as given).") {
		t.Errorf("no price:\n%s", table)
	}
	if files, _ := os.ReadDir(dir); len(files) != 0 {
		t.Errorf("%d transcripts, though nothing failed:\n%s", len(files), out)
	}
	if n := strings.Count(progress, "passed; about "); n != 4 {
		t.Errorf("progress:\n%s", progress)
	}
}

func TestAFailedCallIsListedWithItsTranscript(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		write(w, reply{text: "I cannot help you. Goodbye."}, "")
	}))
	t.Cleanup(s.Close)
	dir := t.TempDir()
	code, out, progress := start(t, t.Context(), map[string]string{"OPENAI_BASE_URL": s.URL + "/v1", "OPENAI_MODEL": "m"}, "-n", "1", "-runs", "1", "-out", dir)
	if code != 0 || passed(t, out, "message") != "0/1" {
		t.Fatalf("exit code %d:\n%s\n%s", code, out, progress)
	}
	path := filepath.Join(dir, "message-1.txt")
	if !strings.Contains(out, "message 1 failed: "+path) || !strings.Contains(out, "Price: unknown") {
		t.Errorf("output:\n%s", out)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`job "Take a message" was not used`, "end_call was done 0 times", "Sona: I cannot help you. Goodbye.", "Caller: Goodbye."} {
		if !strings.Contains(string(text), want) {
			t.Errorf("the transcript lacks %q:\n%s", want, text)
		}
	}
}

func TestAServerThatRefusesEveryRequestEndsItAtOnce(t *testing.T) {
	requests := 0
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		requests++
		w.WriteHeader(http.StatusUnauthorized)
		_, _ = fmt.Fprint(w, `{"error":{"message":"no such key","type":"invalid_request_error"}}`)
	}))
	t.Cleanup(s.Close)
	code, out, progress := start(t, t.Context(), map[string]string{"OPENAI_BASE_URL": s.URL + "/v1", "OPENAI_API_KEY": "sk-secret", "OPENAI_MODEL": "m"}, "-n", "3", "-parallel", "1")
	if code != exitFailed || !strings.Contains(progress, "the model refuses every request: model: bad_request") {
		t.Errorf("exit code %d:\n%s", code, progress)
	}
	if requests > 10 {
		t.Errorf("%d requests to a server that refuses them", requests)
	}
	if passed(t, out, "all") != unknown || strings.Contains(out+progress, "sk-secret") {
		t.Errorf("output:\n%s\n%s", out, progress)
	}
}
