package cassette_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/internal/corpus"
	"github.com/sonajobs/sona/internal/digest"
	"github.com/sonajobs/sona/runtime/model/cassette"
)

func openHTTP(t *testing.T, path string, mode cassette.Mode, next http.RoundTripper) *cassette.HTTP {
	t.Helper()
	h, err := cassette.OpenHTTP(path, mode, next)
	require.NoError(t, err)
	return h
}

// offline fails the test when it is asked.
func offline(t *testing.T) http.RoundTripper {
	t.Helper()
	return wire(func(*http.Request) (*http.Response, error) {
		t.Error("the network is asked")
		return nil, errors.New("offline")
	})
}

// exchanged answers with a recorded exchange; the body comes in small pieces.
func exchanged(e corpus.Exchange) wire {
	return func(r *http.Request) (*http.Response, error) {
		header := http.Header{}
		for name, value := range e.Response.Headers {
			if !strings.EqualFold(name, "Content-Encoding") { // bodies are recorded decoded
				header.Set(name, value)
			}
		}
		body := iotest.HalfReader(bytes.NewReader(e.Response.Body))
		return &http.Response{StatusCode: e.Response.Status, Header: header, Body: io.NopCloser(body), Request: r}, nil
	}
}

// Every recorded exchange of the corpus is recorded and replayed: bodies are the same to the byte, also when
// they are read in pieces, and so are status and type. None of them looks like a key.
func TestRecordedTrafficIsReplayedToTheByte(t *testing.T) {
	const group = 50 // a file
	bytesOf := 0
	all := corpus.Wire(t)
	if testing.Short() {
		all = all[:2*group]
	}
	for some := range slices.Chunk(all, group) {
		path := file(t)
		next := make(chan corpus.Exchange, 1)
		h := openHTTP(t, path, cassette.Record, wire(func(r *http.Request) (*http.Response, error) { return exchanged(<-next)(r) }))
		for _, e := range some {
			next <- e
			live, err := send(t, h, e.Request.Method, e.Request.URL, e.Request.Body, nil)
			require.NoError(t, err)
			require.Equal(t, digest.Of(string(e.Response.Body)), digest.Of(live.body), "%s, %d", e.Recording, e.Index)
		}
		require.NoError(t, h.Close())

		h = openHTTP(t, path, cassette.Replay, offline(t))
		for _, e := range some {
			r, err := http.NewRequestWithContext(t.Context(), e.Request.Method, e.Request.URL, strings.NewReader(e.Request.Body))
			require.NoError(t, err)
			response, err := h.RoundTrip(r)
			require.NoError(t, err, "%s, %d", e.Recording, e.Index)
			t.Cleanup(func() { _ = response.Body.Close() })
			var played bytes.Buffer
			_, err = io.CopyBuffer(struct{ io.Writer }{&played}, struct{ io.Reader }{response.Body}, make([]byte, 7))
			require.NoError(t, err)
			require.Equal(t, digest.Of(string(e.Response.Body)), digest.Of(played.String()), "%s, %d", e.Recording, e.Index)
			require.Equal(t, e.Response.Status, response.StatusCode)
			require.Equal(t, exchanged(e).contentType(t), response.Header.Get("Content-Type"))
			bytesOf += played.Len()
		}
		require.Empty(t, h.Left())
	}
	t.Logf("%d exchanges, %d bytes of answers", len(all), bytesOf)
}

func (w wire) contentType(t *testing.T) string {
	t.Helper()
	response, err := w(nil)
	require.NoError(t, err)
	_ = response.Body.Close()
	return response.Header.Get("Content-Type")
}

func TestABodyPassesWhileItIsRecorded(t *testing.T) {
	path := file(t)
	r, w := io.Pipe()
	h := openHTTP(t, path, cassette.Record, wire(func(r2 *http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"text/event-stream"}}, Body: r, Request: r2}, nil
	}))
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://a.b/", nil)
	require.NoError(t, err)
	response, err := h.RoundTrip(request)
	require.NoError(t, err)
	for _, piece := range []string{"data: a\n\n", "data: b", "\n\n"} {
		go func() { _, _ = w.Write([]byte(piece)) }()
		got := make([]byte, 100)
		n, err := response.Body.Read(got) // the far side has not sent more: nothing is held back
		require.NoError(t, err)
		require.Equal(t, piece, string(got[:n]))
	}
	go func() { _ = w.Close() }()
	_, err = response.Body.Read(make([]byte, 1))
	require.Equal(t, io.EOF, err)
	require.NoError(t, response.Body.Close())
	require.NoError(t, h.Close())

	response, err = openHTTP(t, path, cassette.Replay, nil).RoundTrip(request)
	require.NoError(t, err)
	require.EqualValues(t, -1, response.ContentLength, "a stream does not say how long it is")
	for _, line := range []string{"data: a\n", "\n", "data: b\n", "\n"} {
		got := make([]byte, 100)
		n, err := response.Body.Read(got)
		require.NoError(t, err)
		require.Equal(t, line, string(got[:n]))
	}
	_, err = response.Body.Read(make([]byte, 1))
	require.Equal(t, io.EOF, err)
	require.NoError(t, response.Body.Close())
	_, err = response.Body.Read(make([]byte, 1))
	require.ErrorIs(t, err, http.ErrBodyReadAfterClose)
}

func TestWhatWasCutIsCutAgain(t *testing.T) {
	broken := func(body string, end error) wire {
		return func(r *http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(io.MultiReader(strings.NewReader(body), iotest.ErrReader(end))), Request: r}, nil
		}
	}
	path := file(t)
	h := openHTTP(t, path, cassette.Record, broken("data: half", errors.New("connection reset")))
	_, err := send(t, h, http.MethodGet, "https://a.b/", "", nil)
	require.ErrorContains(t, err, "connection reset")
	require.NoError(t, h.Close())
	require.Contains(t, read(t, path), `"end": "cut"`)
	require.Contains(t, read(t, path), "connection reset")
	body, err := send(t, openHTTP(t, path, cassette.Replay, nil), http.MethodGet, "https://a.b/", "", nil)
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
	require.Equal(t, "data: half", body.body)

	h = openHTTP(t, path, cassette.Record, answer(nil, "data: a\ndata: b\n"))
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://a.b/", nil)
	require.NoError(t, err)
	response, err := h.RoundTrip(r)
	require.NoError(t, err)
	_, err = io.ReadFull(response.Body, make([]byte, 8))
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	require.NoError(t, h.Close())
	require.Contains(t, read(t, path), `"end": "left"`)
	body, err = send(t, openHTTP(t, path, cassette.Replay, nil), http.MethodGet, "https://a.b/", "", nil)
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
	require.Equal(t, "data: a\n", body.body)
}

func TestFaultsOfTheNetworkAreRecorded(t *testing.T) {
	path := file(t)
	ctx, cancel := context.WithCancel(t.Context())
	h := openHTTP(t, path, cassette.Record, wire(func(r *http.Request) (*http.Response, error) {
		if r.URL.Path == "/cancelled" {
			cancel()
			return nil, r.Context().Err()
		}
		return nil, errors.New("no such host")
	}))
	_, err := send(t, h, http.MethodGet, "https://a.b/down", "", nil)
	require.EqualError(t, err, "no such host")
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "https://a.b/cancelled", nil)
	require.NoError(t, err)
	_, err = h.RoundTrip(r) //nolint:bodyclose // there is none
	require.ErrorIs(t, err, context.Canceled)
	_, err = h.RoundTrip(r) //nolint:bodyclose // there is none
	require.ErrorIs(t, err, context.Canceled, "nobody is asked for one who has gone")
	require.NoError(t, h.Close())

	h = openHTTP(t, path, cassette.Replay, nil)
	require.Equal(t, []cassette.Recording{{Number: 1, Asked: "GET https://a.b/down"}, {Number: 2, Asked: "GET https://a.b/cancelled"}}, h.Left())
	_, err = send(t, h, http.MethodGet, "https://a.b/down", "", nil)
	require.EqualError(t, err, "no such host")
	_, err = send(t, h, http.MethodGet, "https://a.b/cancelled", "", nil)
	require.ErrorContains(t, err, "cancelled before it was answered")
	require.Empty(t, h.Left())
}

func TestAReplayedBodyMindsItsContext(t *testing.T) {
	path := file(t)
	h := openHTTP(t, path, cassette.Record, answer(nil, "a\nb\n"))
	_, err := send(t, h, http.MethodGet, "https://a.b/", "", nil)
	require.NoError(t, err)
	require.NoError(t, h.Close())
	ctx, cancel := context.WithCancel(t.Context())
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "https://a.b/", nil)
	require.NoError(t, err)
	response, err := openHTTP(t, path, cassette.Replay, nil).RoundTrip(r)
	require.NoError(t, err)
	require.EqualValues(t, 4, response.ContentLength)
	n, err := response.Body.Read(make([]byte, 100))
	require.NoError(t, err)
	require.Equal(t, 2, n)
	cancel()
	_, err = response.Body.Read(make([]byte, 100))
	require.ErrorIs(t, err, context.Canceled)
	require.NoError(t, response.Body.Close())
}

// A client asks for compressed answers; what is recorded is what it read.
func TestAClientsTrafficIsRecordedOverARealConnection(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.Header().Set("Content-Type", "text/plain")
		_, _ = w.Write(append([]byte("you said "), body...))
	}))
	defer server.Close()
	path := file(t)
	ask := func(h *cassette.HTTP, said string) string {
		response, err := (&http.Client{Transport: h}).Post(server.URL+"/v1", "text/plain", strings.NewReader(said))
		require.NoError(t, err)
		defer func() { _ = response.Body.Close() }()
		require.Equal(t, "text/plain", response.Header.Get("Content-Type"))
		require.Equal(t, "200 OK", response.Status)
		body, err := io.ReadAll(response.Body)
		require.NoError(t, err)
		return string(body)
	}
	h := openHTTP(t, path, cassette.Record, nil)
	var all sync.WaitGroup
	for _, said := range []string{"one", "two", "three", "four"} {
		all.Go(func() {
			if got := ask(h, said); got != "you said "+said {
				t.Errorf("%q", got)
			}
		})
	}
	all.Wait()
	require.NoError(t, h.Close())
	server.Close()
	h = openHTTP(t, path, cassette.Replay, nil)
	for _, said := range []string{"four", "three", "two", "one"} {
		require.Equal(t, "you said "+said, ask(h, said))
	}
	_, err := send(t, h, http.MethodPost, server.URL+"/v1", "five", nil)
	_, ok := errors.AsType[*cassette.MismatchError](err)
	require.True(t, ok, "%v", err)
}

func TestACompressedAnswerIsNotWritten(t *testing.T) {
	path := file(t)
	asked := ""
	h := openHTTP(t, path, cassette.Record, wire(func(r *http.Request) (*http.Response, error) {
		asked = r.Header.Get("Accept-Encoding")
		return answer(http.Header{"Content-Encoding": {"br"}}, "\x00\x01")(r)
	}))
	_, err := send(t, h, http.MethodGet, "https://a.b/", "", http.Header{"Accept-Encoding": {"br"}})
	require.NoError(t, err)
	require.Empty(t, asked, "it was not asked for")
	require.ErrorContains(t, h.Close(), "an answer is compressed")
	require.NoFileExists(t, path)
}

func TestTheNonceOfAPromptIsNotWrittenBelowAClient(t *testing.T) {
	body := func(nonce string) string {
		return `{"messages":[{"role":"system","content":"The mark is ` + nonce + `.\n<<job J1 ` + nonce + `>>\nBe kind.\n\u003c\u003cend job J1 ` + nonce + `\u003e\u003e"}]}`
	}
	path := file(t)
	h := openHTTP(t, path, cassette.Record, answer(nil, "I keep "+nonce+" to myself"))
	_, err := send(t, h, http.MethodPost, "https://a.b/", body(nonce), nil)
	require.NoError(t, err)
	require.NoError(t, h.Close())
	require.NotContains(t, read(t, path), nonce)
	got, err := send(t, openHTTP(t, path, cassette.Replay, nil), http.MethodPost, "https://a.b/", body("ANOTHERNONCE"), nil)
	require.NoError(t, err)
	require.Equal(t, "I keep NONCE to myself", got.body)

	h = openHTTP(t, path, cassette.Record, answer(nil, `data: {"d":"`+nonce[:6]+`"}`+"\n\n"+`data: {"d":"`+nonce[6:]+`"}`+"\n\n"))
	_, err = send(t, h, http.MethodPost, "https://a.b/", body(nonce), nil)
	require.NoError(t, err)
	found := secret(t, h.Close())
	require.Equal(t, "the workspace's nonce", found.Looks)
}
