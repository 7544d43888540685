package openai

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/runtime/model"
	"github.com/sonajobs/sona/runtime/prompt"
)

const chunks = 200

// reply is a stream of 200 chunks as OpenAI sends them, with the padding of its newer models or without.
func reply(padded bool) [][]byte {
	var all [][]byte
	for i := range chunks {
		pad := ""
		if padded {
			pad = fmt.Sprintf(`,"obfuscation":"%s"`, strings.Repeat("aZ3", i%6))
		}
		all = append(all, fmt.Appendf(nil, `data: {"id":"chatcmpl-C6bkF43YPpt2nQKdjU5XrPT0JYIzS","object":"chat.completion.chunk","created":1755691095,`+
			`"model":"gpt-5-mini-2025-08-07","service_tier":"default","system_fingerprint":null,"choices":[{"index":0,"delta":{"content":" word%d"},`+
			`"logprobs":null,"finish_reason":null}],"usage":null%s}`+"\n\n", i%10, pad))
	}
	return append(all, []byte(finished), []byte(counted), []byte(done))
}

// wire is an answer of HTTP/1.1 with these chunks.
func wire(all [][]byte) []byte {
	var b bytes.Buffer
	b.WriteString("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")
	for _, c := range all {
		fmt.Fprintf(&b, "%x\r\n%s\r\n", len(c), c)
	}
	b.WriteString("0\r\n\r\n")
	return b.Bytes()
}

// singly gives one piece a read, as a slow connection does.
type singly struct {
	pieces [][]byte
	at     int
}

func (s *singly) Read(p []byte) (int, error) {
	if s.at == len(s.pieces) {
		return 0, io.EOF
	}
	n := copy(p, s.pieces[s.at])
	s.at++
	return n, nil
}

// body is the body of an answer as net/http gives it, without a connection.
func body(b *testing.B, connection io.Reader) io.Reader {
	resp, err := http.ReadResponse(bufio.NewReader(connection), nil) //nolint:bodyclose // there is no connection behind it
	if err != nil {
		b.Fatal(err)
	}
	return resp.Body
}

// BenchmarkDecode decodes 200 chunks. The floor is to read the same body without looking at it, in the same run.
func BenchmarkDecode(b *testing.B) {
	packets := func(all [][]byte) func() io.Reader {
		answer := wire(all)
		head := bytes.Index(answer, []byte("\r\n\r\n")) + 4
		pieces := [][]byte{answer[:head]}
		for rest := answer[head:]; len(rest) > 0; {
			n := min(len(rest), len(rest)/chunks+300) // about one chunk
			pieces, rest = append(pieces, rest[:n]), rest[n:]
		}
		return func() io.Reader { return &singly{pieces: pieces} }
	}
	for _, bb := range []struct {
		name string
		open func() io.Reader
		slow bool
	}{
		{"at once", func() io.Reader { return bytes.NewReader(wire(reply(false))) }, false},
		{"packets", packets(reply(false)), false},
		{"padded packets", packets(reply(true)), false},
		{"packets, encoding-json alone", packets(reply(false)), true},
	} {
		b.Run(bb.name, func(b *testing.B) {
			var floor, took time.Duration
			var before, between, after runtime.MemStats
			var allocs, rounds uint64
			buf := make([]byte, firstBuffer)
			for b.Loop() {
				raw, r := body(b, bb.open()), body(b, bb.open())
				if rounds%100 == 0 {
					runtime.ReadMemStats(&before)
				}
				started := time.Now()
				for {
					if _, err := raw.Read(buf); err != nil {
						break
					}
				}
				floor += time.Since(started)
				if rounds%100 == 0 {
					runtime.ReadMemStats(&between)
				}
				n := 0
				started = time.Now()
				d := newDecoder(r, still{}, func(p model.Part, _ error) bool {
					if t, ok := p.(model.Text); ok {
						n += len(t)
					}
					return true
				})
				d.slow = bb.slow
				if err := d.run(); err != nil || n != 6*chunks {
					b.Fatal(n, err)
				}
				took += time.Since(started)
				if rounds%100 == 0 {
					runtime.ReadMemStats(&after)
					allocs = after.Mallocs - between.Mallocs - (between.Mallocs - before.Mallocs)
				}
				rounds++
			}
			b.ReportMetric(float64(took.Nanoseconds())/float64(rounds)/chunks, "ns/chunk")
			b.ReportMetric(float64(floor.Nanoseconds())/float64(rounds)/chunks, "floor-ns/chunk")
			b.ReportMetric(float64(took)/float64(floor), "x-floor")
			b.ReportMetric(float64(allocs)/chunks, "allocs/chunk")
		})
	}
}

// long is a prompt of n bytes as texts are: a line of 80 characters, some quotes.
func long(n int) string {
	return strings.Repeat("Ask for the \"number\" of the order, and read it back to the caller, digit by digit.\n", n/83+1)[:n]
}

func asking(n int) model.Request {
	r := talk()
	r.Prompt.Stable = long(n)
	return r
}

// BenchmarkBody writes the body of a request and reads it out as a transport does. The floor copies as many
// bytes; the peer is json.Marshal of the same messages.
func BenchmarkBody(b *testing.B) {
	for _, n := range []int{40_000, 126_000} {
		c := client(b, nil)
		r := asking(n)
		plain := sent(b, c, r)
		var decoded any
		require.NoError(b, json.Unmarshal(plain, &decoded))
		out := make([]byte, 32<<10)
		b.Run(fmt.Sprintf("%d/ours", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				p, err := c.body(r)
				if err != nil {
					b.Fatal(err)
				}
				s := p.open()
				for {
					if _, err := s.Read(out); err != nil {
						break
					}
				}
			}
		})
		b.Run(fmt.Sprintf("%d/floor", n), func(b *testing.B) {
			for b.Loop() {
				for rest := plain; len(rest) > 0; {
					rest = rest[copy(out, rest):]
				}
			}
		})
		b.Run(fmt.Sprintf("%d/json.Marshal", n), func(b *testing.B) {
			for b.Loop() {
				if _, err := json.Marshal(decoded); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// raw asks a server without any of this package.
func raw(ctx context.Context, hc *http.Client, address string, body []byte) (*http.Response, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, address+"/v1/chat/completions", bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/json")
	return hc.Do(r)
}

// BenchmarkFirstToken is a whole reply of one token over loopback, with a prompt of 40 kB.
func BenchmarkFirstToken(b *testing.B) {
	address := server(b, says200(word1+finished+done))
	b.Run("ours", func(b *testing.B) {
		c, r := at(b, address), asking(40_000)
		b.ReportAllocs()
		for b.Loop() {
			if _, err := collected(c.Generate(b.Context(), r)); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("raw", func(b *testing.B) {
		t := transport()
		defer t.CloseIdleConnections()
		hc, asked := &http.Client{Transport: t}, sent(b, client(b, nil), asking(40_000))
		b.ReportAllocs()
		for b.Loop() {
			resp, err := raw(b.Context(), hc, address, asked)
			if err != nil {
				b.Fatal(err)
			}
			_, _ = io.Copy(io.Discard, resp.Body)
			_ = resp.Body.Close()
		}
	})
}

// holds is a server that says a word, and nothing more until the request ends.
func holds(w http.ResponseWriter, r *http.Request) {
	says200(word1)(w, r)
	w.(http.Flusher).Flush()
	<-r.Context().Done()
}

// BenchmarkCancel is a request that is left at its first token, a new connection each time as HTTP/1 has it.
func BenchmarkCancel(b *testing.B) {
	address := server(b, holds)
	b.Run("ours", func(b *testing.B) {
		c := at(b, address)
		for b.Loop() {
			for _, err := range c.Generate(b.Context(), asks("Hi")) {
				require.NoError(b, err)
				break
			}
		}
	})
	b.Run("raw", func(b *testing.B) {
		t := transport()
		defer t.CloseIdleConnections()
		hc, buf := &http.Client{Transport: t}, make([]byte, 512)
		for b.Loop() {
			ctx, cancel := context.WithCancel(b.Context())
			resp, err := raw(ctx, hc, address, []byte("{}"))
			if err != nil {
				b.Fatal(err)
			}
			_, _ = resp.Body.Read(buf)
			cancel()
			_ = resp.Body.Close()
		}
	})
}

// BenchmarkWaiting is what a reply costs that is waited for: memory by the length of the prompt, goroutines.
// The server runs elsewhere: a transport that answers and then says nothing.
func BenchmarkWaiting(b *testing.B) {
	const streams = 100
	for _, n := range []int{1_000, 100_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			var memory, goroutines float64
			for b.Loop() {
				memory, goroutines = waiting(b, streams, n)
			}
			b.ReportMetric(memory/streams, "B/stream")
			b.ReportMetric(goroutines/streams, "goroutines/stream")
		})
	}
}

func waiting(b *testing.B, streams, n int) (memory, goroutines float64) {
	ctx, cancel := context.WithCancel(b.Context())
	defer cancel()
	c := client(b, tripper(func(r *http.Request) (*http.Response, error) {
		if _, err := io.Copy(io.Discard, r.Body); err != nil {
			return nil, err
		}
		return &http.Response{StatusCode: http.StatusOK, Body: &mute{r.Context()}}, nil
	}))
	heap := func() (m runtime.MemStats) {
		runtime.GC()
		runtime.GC()
		runtime.ReadMemStats(&m)
		return m
	}
	before, others := heap(), runtime.NumGoroutine()
	over := make(chan struct{})
	for i := range streams {
		r := model.Request{Prompt: prompt.Prompt{Stable: long(n), Receipt: call.Receipt{Stable: "of all"}},
			Messages: []model.Message{{Role: model.User, Text: fmt.Sprint(i) + long(n)}}}
		parts := c.Generate(ctx, r)
		go func() {
			defer func() { over <- struct{}{} }()
			_, _ = model.Collect(parts, nil)
		}()
	}
	for range streams {
		<-muted
	}
	after := heap()
	goroutines = float64(runtime.NumGoroutine() - others)
	cancel()
	for range streams {
		<-over
	}
	return float64(after.HeapAlloc) - float64(before.HeapAlloc), goroutines
}

var muted = make(chan struct{}, 1000)

// mute is a body that says nothing until its request ends.
type mute struct {
	ctx context.Context //nolint:containedctx // of this one request
}

func (m *mute) Read([]byte) (int, error) {
	muted <- struct{}{}
	<-m.ctx.Done()
	return 0, m.ctx.Err()
}

func (m *mute) Close() error { return nil }
