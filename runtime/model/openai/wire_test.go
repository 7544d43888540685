package openai

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/internal/corpus"
	"github.com/sonajobs/sona/runtime/model"
)

// recordings are read once: no test writes to them.
var recordings struct {
	sync.Mutex
	all []corpus.Exchange
}

// exchanges are the recorded ones of this API. Ollama's own API is another one: lines of JSON without events.
func exchanges(t testing.TB) []corpus.Exchange {
	recordings.Lock()
	defer recordings.Unlock()
	if recordings.all == nil {
		for _, e := range corpus.Wire(t) {
			if e.API == "openai-chat" {
				recordings.all = append(recordings.all, e)
			}
		}
	}
	return recordings.all
}

// bodies are the bodies of all answers that are no errors, by name.
func bodies(t testing.TB) map[string]corpus.Exchange {
	all := map[string]corpus.Exchange{}
	for _, e := range exchanges(t) {
		if e.Response.Status < 400 {
			all[fmt.Sprintf("%s %d", e.Recording, e.Index)] = e
		}
	}
	return all
}

// still is a pace that nobody looks at.
type still struct{}

func (still) chunk()      {}
func (still) enter(stage) {}

// result is what a reader of a stream gets.
type result struct {
	Reply model.Reply
	Done  bool
	Kind  model.ErrorKind
	Err   string
}

func collected(parts func(func(model.Part, error) bool)) (r result, err error) {
	r.Reply, err = model.Collect(parts, func(p model.Part) bool {
		_, done := p.(model.Done)
		r.Done = r.Done || done
		return true
	})
	if e, ok := errors.AsType[*model.Error](err); ok {
		r.Kind, r.Err = e.Kind, e.Error()
	} else if err != nil {
		r.Err = err.Error()
	}
	return r, err
}

// decoded decodes a body without a connection.
func decoded(body io.Reader, slow bool) result {
	r, _ := collected(func(yield func(model.Part, error) bool) {
		d := newDecoder(body, still{}, yield)
		d.slow = slow
		if err := d.run(); err != nil && !errors.Is(err, errLeft) {
			yield(nil, err)
		}
	})
	return r
}

func whole(body []byte) result { return decoded(bytes.NewReader(body), false) }

// tripper answers requests.
type tripper func(*http.Request) (*http.Response, error)

func (f tripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// answers is a transport that gives this answer and takes the request in, as a connection would.
func answers(status int, header map[string]string, body []byte) tripper {
	return func(r *http.Request) (*http.Response, error) {
		defer func() { _ = r.Body.Close() }()
		if _, err := io.Copy(io.Discard, r.Body); err != nil {
			return nil, err
		}
		h := http.Header{}
		for k, v := range header {
			h.Set(k, v)
		}
		return &http.Response{StatusCode: status, Header: h, Body: io.NopCloser(bytes.NewReader(body)), Request: r}, nil
	}
}

func client(t testing.TB, transport http.RoundTripper, change ...func(*Config)) *Client {
	config := Config{Key: "sk-very-secret-key", Model: "m", HTTP: &http.Client{Transport: transport}}
	for _, f := range change {
		f(&config)
	}
	c, err := New(config)
	require.NoError(t, err)
	t.Cleanup(c.Close)
	return c
}

func asks(text string) model.Request {
	return model.Request{Messages: []model.Message{{Role: model.User, Text: text}}}
}

// exceptions are recorded answers of which the recorder's decoder says something else, and why this client is
// right.
var exceptions = map[string]string{
	"langchaingo/llms/openai/internal/openaiclient/testdata/TestClient_FunctionCall 0": "a call in the form before tools: the recorder leaves it out, and a reply without it would be empty",
}

var wanted = map[corpus.WireFinish]model.Reason{"stop": model.Stop, "tool_calls": model.ToolCalls, "function_call": model.ToolCalls, "length": model.Length}

func TestEveryRecordedReplyIsDecoded(t *testing.T) {
	n, echoed := 0, 0
	for _, e := range exchanges(t) {
		if e.Expected.Finish == "" {
			continue
		}
		n++
		name := fmt.Sprintf("%s %d", e.Recording, e.Index)
		c := client(t, answers(e.Response.Status, e.Response.Headers, e.Response.Body))
		got, err := collected(c.Generate(t.Context(), asks("Hi")))
		require.NoError(t, err, name)
		require.True(t, got.Done, name)
		require.Equal(t, e.Expected.Text, got.Reply.Text, name)
		require.Equal(t, wanted[e.Expected.Finish], got.Reply.Reason, name)
		if exceptions[name] == "" {
			require.Empty(t, cmp.Diff(recorded(t, e.Expected.ToolCalls), got.Reply.Calls), name)
		}
		if e.EchoAgrees {
			echoed++
			require.Empty(t, cmp.Diff(recorded(t, e.Echoed), got.Reply.Calls), name)
		}
	}
	require.Equal(t, 294, n)
	require.Positive(t, echoed)
	t.Logf("%d replies, %d of them with calls that the recorded client sent back", n, echoed)
}

// recorded are calls as the recorder wrote them: arguments as a string of JSON.
func recorded(t *testing.T, calls []corpus.WireCall) (all []model.ToolCall) {
	for _, c := range calls {
		text := string(c.Arguments)
		if text[0] == '"' {
			require.NoError(t, json.Unmarshal(c.Arguments, &text))
		}
		if text == "" {
			text = "{}"
		}
		all = append(all, model.ToolCall{ID: c.ID, Name: c.Name, Arguments: json.RawMessage(text)})
	}
	return all
}

// Answers whose end the recorder's decoder did not find, because the server names no finish reason.
func TestRecordedRepliesWithoutAFinishReasonAreWholeByTheirTerminator(t *testing.T) {
	n := 0
	for name, e := range bodies(t) {
		if e.Expected.Finish != "" || e.Expected.StreamError != nil {
			continue
		}
		n++
		got := whole(e.Response.Body)
		require.True(t, got.Done, name)
		if !strings.Contains(name, "test_mistral_model_thinking_part_iter") { // a list of parts, which the recorder could not read
			require.Equal(t, e.Expected.Text, got.Reply.Text, name)
		} else {
			require.True(t, strings.HasPrefix(got.Reply.Text, "To cross the street safely"), "what the model thought is no text: %q", got.Reply.Text)
		}
		require.Empty(t, cmp.Diff(recorded(t, e.Expected.ToolCalls), got.Reply.Calls), name)
	}
	require.Equal(t, 5, n)
}

func TestRecordedRefusalsAreTypedErrors(t *testing.T) {
	n := 0
	for _, e := range exchanges(t) {
		if e.Response.Status < 400 && e.Expected.StreamError == nil {
			continue
		}
		n++
		c := client(t, answers(e.Response.Status, e.Response.Headers, e.Response.Body))
		got, err := collected(c.Generate(t.Context(), asks("Hi")))
		require.False(t, got.Done, e.Recording)
		api, ok := errors.AsType[*APIError](err)
		require.True(t, ok, "%s: %v", e.Recording, err)
		require.NotEmpty(t, api.Message, e.Recording)
		require.GreaterOrEqual(t, api.Status, 400, e.Recording)
		want := model.BadRequest
		if e.Response.Status == 429 {
			want = model.RateLimited
		}
		require.Equal(t, want, got.Kind, e.Recording)
	}
	require.Equal(t, 12, n)
}

func TestRecordedBodiesReadTheSameInAnyPieces(t *testing.T) {
	for name, e := range bodies(t) {
		want := whole(e.Response.Body)
		for how, got := range map[string]result{
			"byte by byte":        decoded(iotest.OneByteReader(bytes.NewReader(e.Response.Body)), false),
			"with its end":        decoded(iotest.DataErrReader(bytes.NewReader(e.Response.Body)), false),
			"in pieces":           decoded(&inPieces{bytes.NewReader(e.Response.Body), 97, 0}, false),
			"encoding/json alone": decoded(bytes.NewReader(e.Response.Body), true),
		} {
			require.Empty(t, cmp.Diff(want, got), "%s: %s", name, how)
		}
	}
}

var finish = regexp.MustCompile(`"finish_reason": ?"[a-z_]+"`)

// single reports whether a body is no stream.
func single(body []byte) bool { return bytes.TrimSpace(body)[0] == '{' }

// complete returns where a body has said that the reply is whole, by means of its own.
func complete(body []byte) int {
	if single(body) {
		return bytes.LastIndexByte(body, '}') + 1
	}
	first := len(body) + 1
	for _, re := range []*regexp.Regexp{finish, regexp.MustCompile(`data: \[DONE\]`)} {
		if at := re.FindIndex(body); at != nil {
			end := bytes.IndexByte(body[at[1]:], '\n')
			if end < 0 {
				end = len(body) - at[1]
			}
			first = min(first, at[1]+end)
		}
	}
	return first
}

var every = flag.Bool("every", false, "cut recorded bodies at every byte, which takes minutes")

// Cut anywhere, a recorded body is whole only where it had said so.
func TestACutBodyIsNeverAWholeReply(t *testing.T) {
	cuts, near := 20, 8 // near an end of its own every byte is one
	switch {
	case *every:
		cuts = 1 << 30
	case !testing.Short():
		cuts, near = 150, 40
	}
	n := 0
	for name, e := range bodies(t) {
		body := e.Response.Body
		want, from := whole(body), complete(body)
		stride := max(1, len(body)/cuts)
		for k := range body {
			if k%stride != 0 && (k < from-near || k > from+near) && k < len(body)-near {
				continue
			}
			n++
			got := whole(body[:k])
			if got.Done {
				require.GreaterOrEqual(t, k, from, "%s cut at %d", name, k)
				require.Equal(t, want.Reply.Text, got.Reply.Text, "%s cut at %d", name, k)
				require.Empty(t, cmp.Diff(want.Reply.Calls, got.Reply.Calls), "%s cut at %d", name, k)
				continue
			}
			require.NotEmpty(t, got.Kind, "%s cut at %d", name, k)
			if k < from && want.Done {
				require.Equal(t, model.Truncated, got.Kind, "%s cut at %d: %s", name, k, got.Err)
			}
			require.True(t, strings.HasPrefix(want.Reply.Text, got.Reply.Text), "%s cut at %d", name, k)
		}
	}
	t.Logf("%d cuts", n)
}

// What no reply says may stand between its lines.
func TestNoiseBetweenLinesChangesNothing(t *testing.T) {
	noise := []string{": ping\n", "\n\n", "event: message\n", "id: 7\n", "retry: 10\n", "unknown: field\n", "\x00\xfe\x80zz\n", "data:\n", "nothing\n"}
	random := rand.New(rand.NewPCG(1, 2))
	for name, e := range bodies(t) {
		if single(e.Response.Body) {
			continue
		}
		want := whole(e.Response.Body)
		var b strings.Builder
		b.WriteString("\xef\xbb\xbf")
		for line := range strings.Lines(string(e.Response.Body)) {
			b.WriteString(line)
			if line != "\n" && !strings.HasPrefix(line, "event:") {
				b.WriteString("\n") // noise stands between events
			}
			if !strings.HasPrefix(line, "event:") {
				b.WriteString(noise[random.IntN(len(noise))])
			}
		}
		require.Empty(t, cmp.Diff(want, whole([]byte(b.String()))), name)
		crlf := strings.ReplaceAll(b.String(), "\n", "\r\n")
		require.Empty(t, cmp.Diff(want, whole([]byte(crlf))), "%s with CRLF", name)
	}
}

// Whatever happens to the bytes on their way: no panic, and a result that is whole or an error. A line that
// comes twice makes no call that was not there (that a piece of text came twice nobody can see).
func TestDamagedBodiesAreErrorsOrSayWhatTheySaid(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	rounds := 10
	if testing.Short() {
		rounds = 3
	}
	for name, e := range bodies(t) {
		want := whole(e.Response.Body)
		lines := strings.SplitAfter(string(e.Response.Body), "\n")
		for range rounds {
			i := random.IntN(len(lines))
			twice := strings.Join(lines[:i+1], "") + "\n" + strings.Join(lines[i:], "")
			got := whole([]byte(twice))
			require.NotEqual(t, got.Done, got.Kind != "", name)
			for _, c := range got.Reply.Calls {
				known := false
				for _, w := range want.Reply.Calls {
					known = known || c.ID == w.ID && c.Name == w.Name
				}
				require.True(t, known, "%s: line %d twice: %+v", name, i, c)
			}

			broken := bytes.Clone(e.Response.Body)
			at := random.IntN(len(broken))
			for k := at; k < min(len(broken), at+1+random.IntN(8)); k++ {
				broken[k] = byte(random.Uint32())
			}
			got = whole(broken)
			require.NotEqual(t, got.Done, got.Kind != "", name)

			longer := append(bytes.Clone(e.Response.Body[:at]), byte(random.Uint32()), '\n', byte(random.Uint32()))
			longer = append(longer, e.Response.Body[at:]...)
			got = whole(longer)
			require.NotEqual(t, got.Done, got.Kind != "", name)
		}
	}
}
