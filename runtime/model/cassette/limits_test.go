package cassette_test

import (
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/runtime/model"
	"github.com/sonajobs/sona/runtime/model/cassette"
)

func TestAnAnswerThatIsTooLongIsHeardAndNotWritten(t *testing.T) {
	long := strings.Repeat("0123456789abcde\n", 1<<20) + "x"
	path := file(t)
	c := open(t, path, cassette.Record, plays([]any{model.Text(long), stop}))
	require.Equal(t, len(long), len(says(t, c, user("Hi")))) //nolint:testifylint // a failure of Len would print it all
	require.ErrorContains(t, c.Close(), "nothing was written: an answer is longer than 16 MiB")
	require.NoFileExists(t, path)

	h := openHTTP(t, path, cassette.Record, answer(nil, long))
	got, err := send(t, h, "GET", "https://a.b/", "", nil)
	require.NoError(t, err)
	require.Equal(t, len(long), len(got.body)) //nolint:testifylint // as above
	require.ErrorContains(t, h.Close(), "nothing was written: an answer is longer than 16 MiB")
	require.NoFileExists(t, path)
}

func TestAnExchangeThatCannotBePlayedIsRefused(t *testing.T) {
	for _, tt := range []struct{ recording, want string }{
		{`{}`, "its request has no method or no url"},
		{`{"request":{"method":"GET","url":"/"},"response":{"status":200},"error":"e"}`, "it has both a response and an error"},
		{`{"request":{"method":"GET","url":"/"},"response":{"status":7}}`, "7 is no status"},
		{`{"request":{"method":"GET","url":"/"},"response":{"status":200,"end":"soon"}}`, `the response's end is "soon"`},
		{`{"request":{"method":"GET","url":"/"}}`, ""},
	} {
		path := filepath.Join(t.TempDir(), "a.json")
		require.NoError(t, os.WriteFile(path, []byte(`{"version":1,"kind":"http","recordings":[`+tt.recording+`]}`), 0o600))
		h, err := cassette.OpenHTTP(path, cassette.Replay, nil)
		if tt.want == "" {
			require.NoError(t, err)
			require.Len(t, h.Left(), 1)
			continue
		}
		require.ErrorContains(t, err, "recording 1: "+tt.want)
		_, typed := errors.AsType[*cassette.FileError](err)
		require.True(t, typed)
	}
}

func TestACassetteWithoutRecordingsSaysSo(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.json")
	require.NoError(t, os.WriteFile(path, []byte(`{"version":1,"kind":"model","recordings":[]}`), 0o600))
	_, err := parts(t.Context(), open(t, path, cassette.Replay, nil), user("Hi"))
	require.ErrorContains(t, err, "this request is not recorded, nor is any other:\n+ user: Hi\n")
}

func TestARequestThatCannotBeReadIsNotMade(t *testing.T) {
	h := openHTTP(t, file(t), cassette.Record, offline(t))
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "https://a.b/", io.NopCloser(iotest.ErrReader(errors.New("torn"))))
	require.NoError(t, err)
	_, err = h.RoundTrip(r) //nolint:bodyclose // there is none
	require.EqualError(t, err, "torn")
	require.NoError(t, h.Close())
}

// A schema that is no JSON is a request like any other.
func TestWhatIsNoJSONIsComparedAsText(t *testing.T) {
	r := user("Hi")
	r.Schema = []byte("{no\nJSON")
	path := record(t, r, []any{model.Text("ok"), stop})
	require.Equal(t, "ok", says(t, open(t, path, cassette.Replay, nil), r))
	r.Schema = []byte("{no\nJSON!")
	_, err := parts(t.Context(), open(t, path, cassette.Replay, nil), r)
	require.ErrorContains(t, err, "JSON!")

	path = record(t, user("Hi"), []any{nil, model.Text(""), model.Text("ok"), stop})
	require.Equal(t, "ok", says(t, open(t, path, cassette.Replay, nil), user("Hi")), "a part that is none is not kept")
}
