package openai

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/runtime/model"
	"github.com/sonajobs/sona/runtime/prompt"
)

// server answers over a real connection; shut is told when a request has ended.
func server(t testing.TB, answer http.HandlerFunc) string {
	s := httptest.NewServer(answer)
	t.Cleanup(func() {
		s.CloseClientConnections()
		s.Close()
	})
	return s.URL
}

func says200(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "text/event-stream")
		_, _ = io.WriteString(w, body)
	}
}

func at(t testing.TB, address string, change ...func(*Config)) *Client {
	config := Config{BaseURL: address + "/v1/", Key: "sk-very-secret-key", Model: "m"}
	for _, f := range change {
		f(&config)
	}
	c, err := New(config)
	require.NoError(t, err)
	t.Cleanup(c.Close)
	return c
}

func TestARequestSaysWhoAsksAndWhatFor(t *testing.T) {
	var path, query, key, own, kind, accept string
	c := at(t, server(t, func(w http.ResponseWriter, r *http.Request) {
		path, query, key, own, kind, accept = r.URL.Path, r.URL.RawQuery, r.Header.Get("Authorization"), r.Header.Get("Api-Key"),
			r.Header.Get("Content-Type"), r.Header.Get("Accept")
		says200(word1+finished+counted+done)(w, r)
	}), func(c *Config) {
		c.Header, c.Query = http.Header{"api-key": {"azure-secret"}}, url.Values{"api-version": {"2024-10-21"}}
	})
	got, err := collected(c.Generate(t.Context(), asks("Hi")))
	require.NoError(t, err)
	require.Equal(t, model.Reply{Text: "Hel", Usage: model.Usage{In: 9, Out: 2}, Reason: model.Stop}, got.Reply)
	require.Equal(t, []string{"/v1/chat/completions", "api-version=2024-10-21", "Bearer sk-very-secret-key", "azure-secret", "application/json", "text/event-stream"},
		[]string{path, query, key, own, kind, accept})
}

func TestAConnectionServesOneReplyAfterTheOther(t *testing.T) {
	from := map[string]bool{}
	c := at(t, server(t, func(w http.ResponseWriter, r *http.Request) {
		from[r.RemoteAddr] = true
		says200(word1+finished+done)(w, r)
		w.(http.Flusher).Flush() // the end of the body comes apart from the terminator
	}))
	for range 5 {
		_, err := collected(c.Generate(t.Context(), asks("Hi")))
		require.NoError(t, err)
	}
	require.Len(t, from, 1)
}

func TestHTTP2(t *testing.T) {
	gone := make(chan struct{})
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ProtoMajor != 2 {
			w.WriteHeader(http.StatusHTTPVersionNotSupported)
			return
		}
		says200(word1)(w, r)
		w.(http.Flusher).Flush()
		<-r.Context().Done()
		close(gone)
	}))
	s.EnableHTTP2 = true
	s.StartTLS()
	t.Cleanup(s.Close)
	c := at(t, s.URL, func(c *Config) { c.HTTP = s.Client() })
	for p, err := range c.Generate(t.Context(), talk()) {
		require.NoError(t, err)
		require.Equal(t, model.Text("Hel"), p)
		break
	}
	<-gone // leaving the loop tells the server
}

// net/http asks again by itself where a kept connection was closed before anything was sent on it.
func TestATransportMayReadTheBodyAgain(t *testing.T) {
	var first, second []byte
	c := client(t, tripper(func(r *http.Request) (*http.Response, error) {
		first, _ = io.ReadAll(r.Body)
		again, err := r.GetBody()
		if err != nil {
			return nil, err
		}
		second, err = io.ReadAll(again)
		return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(strings.NewReader(done))}, err
	}))
	_, err := collected(c.Generate(t.Context(), talk()))
	require.NoError(t, err)
	require.Equal(t, string(first), string(second))
	require.Contains(t, string(first), "How can I help?")
}

func TestAStreamIsReadOnce(t *testing.T) {
	c := client(t, answers(200, nil, []byte(word1+done)))
	parts := c.Generate(t.Context(), asks("Hi"))
	_, err := collected(parts)
	require.NoError(t, err)
	got, _ := collected(parts)
	require.Equal(t, model.BadRequest, got.Kind)
}

func TestStatusesAreKinds(t *testing.T) {
	in := func(d time.Duration) string { return time.Now().Add(d).UTC().Format(http.TimeFormat) }
	for _, tt := range []struct {
		status int
		header map[string]string
		body   string
		want   model.ErrorKind
		after  time.Duration
		text   string
	}{
		{400, nil, `{"error":{"message":"no such field","code":"bad"}}`, model.BadRequest, 0, "status 400: bad: no such field"},
		{401, nil, `{"error":{"message":"Incorrect API key: sk-very-secret-key"}}`, model.BadRequest, 0, "status 401: Incorrect API key: [key]"},
		{404, nil, `<html>nothing here</html>`, model.BadRequest, 0, "status 404"},
		{422, nil, `{"detail":[{"loc":["body"]}]}`, model.BadRequest, 0, "status 422"},
		{302, map[string]string{"Location": "https://elsewhere.example"}, ``, model.BadRequest, 0, "status 302: a redirect, which is not followed"},
		{408, nil, `upstream  timed
out`, model.Unavailable, 0, "status 408: upstream timed out"},
		{409, nil, `{"error":"busy"}`, model.Unavailable, 0, "status 409: busy"},
		{500, nil, `[{"error":{"code":500,"message":"oops","status":"INTERNAL"}}]`, model.Unavailable, 0, "status 500: INTERNAL: oops"},
		{503, map[string]string{"Retry-After": "3"}, ``, model.Unavailable, 3 * time.Second, "status 503"},
		{503, map[string]string{"X-Ratelimit-Reset-Tokens": "3s"}, ``, model.Unavailable, 0, "status 503"},
		{429, map[string]string{"Retry-After": "1.5"}, ``, model.RateLimited, 1500 * time.Millisecond, "status 429"},
		{429, map[string]string{"Retry-After": "9", "Retry-After-Ms": "250"}, ``, model.RateLimited, 250 * time.Millisecond, "status 429"},
		{429, map[string]string{"Retry-After": in(time.Hour)}, ``, model.RateLimited, time.Hour, "status 429"},
		{429, map[string]string{"Retry-After": in(-time.Hour)}, ``, model.RateLimited, 0, "status 429"},
		{429, map[string]string{"Retry-After": "soon"}, ``, model.RateLimited, 0, "status 429"},
		{429, map[string]string{"Retry-After": "NaN"}, ``, model.RateLimited, 0, "status 429"},
		{429, map[string]string{"Retry-After": "1e300"}, ``, model.RateLimited, longestRetry, "status 429"},
		{429, map[string]string{"X-Ratelimit-Reset-Requests": "6ms", "X-Ratelimit-Reset-Tokens": "1m2s"}, ``, model.RateLimited, 62 * time.Second, "status 429"},
		{429, map[string]string{"X-Ratelimit-Reset": fmt.Sprint(time.Now().Add(time.Hour).UnixMilli())}, ``, model.RateLimited, time.Hour, "status 429"},
		{429, map[string]string{"X-Ratelimit-Reset": fmt.Sprint(time.Now().Add(time.Hour).Unix())}, ``, model.RateLimited, time.Hour, "status 429"},
		{429, map[string]string{"X-Ratelimit-Reset": "7"}, ``, model.RateLimited, 7 * time.Second, "status 429"},
	} {
		c := client(t, answers(tt.status, tt.header, []byte(tt.body)))
		got, err := collected(c.Generate(t.Context(), asks("Hi")))
		require.Equal(t, tt.want, got.Kind, tt.text)
		require.Equal(t, "model: "+string(tt.want)+": openai: "+tt.text, got.Err)
		e, _ := errors.AsType[*model.Error](err)
		require.InDelta(t, tt.after.Seconds(), e.RetryAfter.Seconds(), 2, "%v", tt.header)
		if tt.after < time.Minute {
			require.Equal(t, tt.after, e.RetryAfter)
		}
		api, ok := errors.AsType[*APIError](err)
		require.True(t, ok)
		require.Equal(t, tt.status, api.Status)
	}
}

func TestWhatAServerSaysIsBounded(t *testing.T) {
	c := client(t, answers(400, nil, []byte(`{"error":{"message":"`+strings.Repeat("a\\u0007 ", 10_000)+`","code":"`+strings.Repeat("c", 1000)+`"}}`)))
	got, _ := collected(c.Generate(t.Context(), asks("Hi")))
	require.Less(t, len(got.Err), 450)
	require.NotContains(t, got.Err, "\a")

	c = client(t, answers(500, nil, []byte(strings.Repeat("x", 1<<20))))
	got, _ = collected(c.Generate(t.Context(), asks("Hi")))
	require.Less(t, len(got.Err), 450)
}

func TestOutOfReachIsUnavailableAndTellsNoAddress(t *testing.T) {
	c := at(t, "http://127.0.0.1:1", func(c *Config) { c.Query = url.Values{"key": {"in-the-address"}} })
	got, _ := collected(c.Generate(t.Context(), asks("Hi")))
	require.Equal(t, model.Unavailable, got.Kind)
	require.NotContains(t, got.Err, "in-the-address")
	require.NotContains(t, got.Err, "secret")
}

func TestAConnectionThatIsLostIsTruncated(t *testing.T) {
	c := at(t, server(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", "1000")
		says200(word1)(w, r)
	}))
	got, _ := collected(c.Generate(t.Context(), asks("Hi")))
	require.Equal(t, model.Truncated, got.Kind)
	require.Equal(t, "Hel", got.Reply.Text)
}

func TestNothingTellsTheKey(t *testing.T) {
	config := Config{Key: "sk-very-secret-key", Model: "m", Header: http.Header{"api-key": {"azure-secret"}}}
	c, err := New(config)
	require.NoError(t, err)
	for _, format := range []string{"%v", "%+v", "%#v", "%s"} {
		require.NotContains(t, fmt.Sprintf(format, config), "secret")
		require.NotContains(t, fmt.Sprintf(format, c), "secret")
	}
}

// A reply that is waited for does not keep what was asked.
func TestABodyIsLetGoOfOnceItIsSent(t *testing.T) {
	for name, receipt := range map[string]string{"without a receipt": "", "of a known prompt": "hash"} {
		t.Run(name, func(t *testing.T) {
			asked, answer := make(chan struct{}), make(chan struct{})
			c := at(t, server(t, func(w http.ResponseWriter, r *http.Request) {
				_, _ = io.Copy(io.Discard, r.Body)
				_, _ = io.WriteString(w, word1)
				w.(http.Flusher).Flush()
				<-answer
				_, _ = io.WriteString(w, done)
			}))
			dropped := make(chan struct{})
			body, err := c.body(model.Request{Prompt: prompt.Prompt{Stable: strings.Repeat("p", 1<<20), Receipt: call.Receipt{Stable: receipt}},
				Messages: []model.Message{{Role: model.User, Text: strings.Repeat("m", 1<<20)}}})
			require.NoError(t, err)
			watch(body, dropped)
			go func(body *payload) {
				defer close(asked)
				c.stream(t.Context(), body, func(p model.Part, _ error) bool {
					if p == model.Text("Hel") {
						asked <- struct{}{}
					}
					return true
				})
			}(body)
			<-asked
			for waiting := true; waiting; {
				runtime.GC()
				select {
				case <-dropped:
					waiting = false
				case <-t.Context().Done():
					t.Fatal("the body is held")
				default:
					runtime.Gosched()
				}
			}
			close(answer)
			<-asked
		})
	}
}

// watch closes dropped when the conversation, which is never kept, is out of memory.
func watch(p *payload, dropped chan struct{}) {
	last := p.segments[len(p.segments)-1]
	runtime.AddCleanup(&last[0], func(c chan struct{}) { close(c) }, dropped)
}

func TestAnEarlyAnswerDoesNotTakeTheBodyAway(t *testing.T) {
	p := newPayload([][]byte{[]byte("abc"), nil, []byte("def")})
	first, second := p.open(), p.open()
	p.release()
	for _, r := range []io.ReadCloser{first, second} {
		all, err := io.ReadAll(r)
		require.NoError(t, err)
		require.Equal(t, "abcdef", string(all))
		require.NoError(t, r.Close())
		n, err := r.Read(make([]byte, 1))
		require.Zero(t, n)
		require.ErrorIs(t, err, io.EOF)
	}
	_, err := io.ReadAll(p.open())
	require.ErrorIs(t, err, io.ErrUnexpectedEOF, "nobody sends half of it as if it were the whole")
	cut := newPayload([][]byte{[]byte("abc")}).open()
	require.NoError(t, cut.Close())
	_, err = cut.Read(make([]byte, 1))
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
}

func TestManyAskAtTheSameTime(t *testing.T) {
	c := at(t, server(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		_, rest, _ := strings.Cut(string(body), `"role":"user","content":"`)
		who, _, _ := strings.Cut(rest, `"`)
		_, _ = fmt.Fprintf(w, "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":%q}}]}\n\n"+done, who)
	}))
	type answer struct{ want, got string }
	all := make(chan answer)
	const n = 50
	for i := range n {
		go func() {
			who := fmt.Sprintf("caller %d", i)
			r := asks(who)
			r.Prompt = prompt.Prompt{Stable: strings.Repeat("rules ", 100), Receipt: call.Receipt{Stable: fmt.Sprint(i % 3)}}
			reply, _ := model.Collect(c.Generate(context.Background(), r), nil)
			all <- answer{who, reply.Text}
		}()
	}
	for range n {
		a := <-all
		require.Empty(t, cmp.Diff(a.want, a.got))
	}
}
