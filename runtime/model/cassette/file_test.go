package cassette_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/internal/golden"
	"github.com/sonajobs/sona/runtime/model"
	"github.com/sonajobs/sona/runtime/model/cassette"
	"github.com/sonajobs/sona/runtime/prompt"
)

func TestAFileIsMadeToBeRead(t *testing.T) {
	r := user("When do you close?")
	r.Prompt = prompt.Prompt{Stable: "You are Sona.\nBe <brief>.", Tools: []prompt.Tool{{Name: "look_up", Description: "Looks up.", Parameters: []byte(`{"type":"object"}`)}}}
	path := record(t, r,
		[]any{model.Text("At "), model.Text("six.\n"), model.ToolCall{ID: "call_1", Name: "look_up", Arguments: []byte(`{"day":"today"}`)}, model.Usage{In: 90, Out: 4}, stop},
		[]any{&model.Error{Kind: model.Unavailable, Err: errors.New("status 503")}},
		[]any{model.Text("At ")})
	golden.Assert(t, "testdata/file.golden", []byte(read(t, path)))
	before := read(t, path)
	c := open(t, path, cassette.RecordMissing, plays([]any{model.Text("x"), stop}))
	for range 4 {
		_, _ = parts(t.Context(), c, r)
	}
	require.NoError(t, c.Close())
	after := read(t, path)
	require.True(t, strings.HasPrefix(after, strings.TrimSuffix(before, "\n  ]\n}\n")), "what is added changes nothing of what was there: %s", after)
	require.Contains(t, after, `"x"`)
}

func TestABrokenFileIsNamedWithItsLine(t *testing.T) {
	const begin = "{\n  \"version\": 1,\n  \"kind\": \"model\",\n  \"recordings\": [\n"
	const one = "    {\"request\": {}, \"reply\": [{\"done\": \"stop\"}]}"
	for _, tt := range []struct {
		name, file string
		line       int
		want       string
	}{
		{"nothing", "", 1, "EOF"},
		{"another thing", "[]", 1, `stands where "{" should`},
		{"no JSON", begin + one + ",\n    }", 6, "invalid character"},
		{"a file that was cut", begin + one, 5, "EOF"},
		{"no version", "{\n\"kind\": \"model\"\n}", 1, "version 0 of the format is not known"},
		{"no kind", "{\"version\": 1}", 1, "what kind"},
		{"a version that is none", "{\n\"version\": \"one\"}", 2, "cannot unmarshal"},
		{"a newer version", "{\"version\": 2, \"kind\": \"model\", \"unheard\": 1}", 0, "version 2 of the format, this program reads version 1: update it, or record anew"},
		{"another kind", "{\"version\": 1, \"kind\": \"http\", \"recordings\": []}", 0, `of kind "http", not "model"`},
		{"a field that is none", "{\n\"version\": 1,\n\"kind\": \"model\",\n\"made\": \"today\"}", 4, `unknown field "made"`},
		{"a field of a recording that is none", begin + one + ",\n    {\"request\": {\"said\": 1}}\n]}", 6, `recording 2: json: unknown field "said"`},
		{"a recording of another type", begin + one + ",\n\n\n    7\n]}", 8, "recording 2"},
		{"no reply", begin + one + ",\n    {\"request\": {}}\n]}", 6, "recording 2: it has no reply"},
		{"a step of two things", begin + "    {\"reply\": [{\"done\": \"stop\", \"cut\": true}]}\n]}", 5, "recording 1: step 1 of the reply: it is 2 things"},
		{"a step of nothing", begin + "    {\"reply\": [{}]}\n]}", 5, "it is 0 things"},
		{"a reply without an end", begin + "    {\"reply\": [{\"text\": [\"a\"]}]}\n]}", 5, "a reply ends with"},
		{"a reply with two ends", begin + "    {\"reply\": [{\"cut\": true}, {\"cut\": true}]}\n]}", 5, "and with nothing else"},
		{"a wait that is none", begin + "    {\"reply\": [{\"error\": {\"message\": \"\", \"retryAfter\": \"soon\"}}]}\n]}", 5, "is no duration"},
		{"a prompt that is missing", begin + "    {\"request\": {\"prompt\": \"x\"}, \"reply\": [{\"cut\": true}]}\n]}", 5, `there is no prompt "x"`},
		{"a text that is none", begin + "    {\"reply\": [{\"text\": [7]}]}\n]}", 5, "a text is a string"},
		{"base64 that is none", begin + "    {\"reply\": [{\"text\": [{\"base64\": \"=\"}]}]}\n]}", 5, "illegal base64"},
		{"something behind the end", begin + one + "\n]}\n{}", 7, "something follows the end"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "a.json")
			require.NoError(t, os.WriteFile(path, []byte(tt.file), 0o600))
			for _, mode := range []cassette.Mode{cassette.Replay, cassette.RecordMissing} {
				_, err := cassette.Open(path, mode, nobody(t))
				broken, ok := errors.AsType[*cassette.FileError](err)
				require.True(t, ok, "%v", err)
				require.ErrorContains(t, err, tt.want)
				require.ErrorContains(t, err, "cassette "+path)
				require.Equal(t, tt.line, broken.Line, "%v", err)
				require.ErrorIs(t, err, broken.Err)
			}
			require.Equal(t, tt.file, read(t, path), "it stays for whoever repairs it")
		})
	}
}

// What is written by hand is as good as what was recorded.
func TestAFileMayBeEditedByHand(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.json")
	require.NoError(t, os.WriteFile(path, []byte(`{"kind":"model","version":1,
		"recordings":[{"reply":[{"text":["Hello."]},{"done":"stop"}],"request":{"messages":[{"text":["Hi","there"],"role":"user"}],"prompt":"mine"}}],
		"prompts":{"mine":{"stable":"You are Sona."},"unused":{"stable":""}}}`), 0o600))
	r := user("Hi\nthere")
	r.Prompt.Stable = "You are Sona."
	require.Equal(t, "Hello.", says(t, open(t, path, cassette.Replay, nil), r))

	c := open(t, path, cassette.RecordMissing, plays([]any{model.Text("Bye."), stop}))
	require.Equal(t, "Bye.", says(t, c, user("Bye")))
	require.NoError(t, c.Close())
	require.NotContains(t, read(t, path), "unused")
	require.Equal(t, "Hello.", says(t, open(t, path, cassette.Replay, nil), r))
}

func TestAFileThatCannotBeWrittenIsAnError(t *testing.T) {
	path := file(t)
	c := open(t, path, cassette.Record, plays([]any{model.Text("a"), stop}))
	says(t, c, user("Hi"))
	require.NoError(t, os.Remove(filepath.Dir(path)))
	err := c.Close()
	require.ErrorIs(t, err, os.ErrNotExist)
	require.Equal(t, err, c.Close(), "closing again returns the same")

	_, err = cassette.Open(filepath.Join(string(make([]byte, 1)), "a.json"), cassette.Record, nobody(t))
	require.Error(t, err)
}
