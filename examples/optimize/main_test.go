package main

import (
	"bytes"
	"flag"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "rewrite the golden files in testdata")

func requireGolden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name+".golden")
	if *update {
		require.NoError(t, os.WriteFile(path, []byte(got), 0o600))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, string(want), got, "if this is meant: go test ./optimize -update")
}

func optimized(t *testing.T, typed string, env map[string]string, args ...string) string {
	t.Helper()
	var out bytes.Buffer
	require.NoError(t, run(t.Context(), strings.NewReader(typed), &out, args, func(k string) string { return env[k] }))
	return out.String()
}

func TestAJobIsOptimizedAndUndone(t *testing.T) {
	out := optimized(t, "undo\nundo\ntext\nredo\ntext\nquit\n", nil)
	requireGolden(t, "visit", out)
	assert.Contains(t, out, visit, "undone, byte for byte")
}

func TestAFileIsLeftAsItIs(t *testing.T) {
	file := filepath.Join(t.TempDir(), "job.md")
	const text = "Take a message.\r\n\r\n* Ask for the name.\r\n* Say it back.\r\n* Say goodbye."
	require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
	out := optimized(t, "", nil, file)
	assert.Contains(t, out, "+ 1. Ask for the name.")
	kept, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.Equal(t, text, string(kept))
}

func TestAModelIsAskedWhenItIsNamed(t *testing.T) {
	reply := `{"choices":[{"index":0,"delta":{"content":"{\"edits\":[{\"before\":\"Say both back.\",\"after\":\"Say both of them back.\",\"rule\":\"voice\",\"why\":\"It is clearer.\"},` +
		`{\"before\":\"at most 30\",\"after\":\"60\",\"why\":\"More time.\"}],\"questions\":[\"Is there a waiting list?\"]}"},"finish_reason":"stop"}]}`
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		_, _ = w.Write([]byte("data: " + reply + "\n\ndata: [DONE]\n\n"))
	}))
	defer server.Close()
	out := optimized(t, "quit\n", map[string]string{"OPENAI_BASE_URL": server.URL + "/v1", "OPENAI_MODEL": "small"}, "-model")
	requireGolden(t, "model", out)
}

func TestAModelMustBeNamed(t *testing.T) {
	err := run(t.Context(), strings.NewReader(""), &bytes.Buffer{}, []string{"-model"}, func(string) string { return "" })
	require.ErrorIs(t, err, errNoModel)
	require.Error(t, run(t.Context(), strings.NewReader(""), &bytes.Buffer{}, []string{"no-such-file"}, nil))
}
