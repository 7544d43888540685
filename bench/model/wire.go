package main

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
)

const chunks = 200

// words are the pieces of text of a reply, about as long as a model's tokens.
func words(n int) []string {
	all := make([]string, n)
	for i := range all {
		all[i] = " " + "reception"[i%8:]
	}
	return all
}

// events is a reply as a server sends it, an event a chunk. With padding each has random letters at its end, by which
// OpenAI hides the lengths of words.
func events(text []string, padding bool) [][]byte {
	const head = `data: {"id":"chatcmpl-BZ0123456789abcdefghijklmnopq","object":"chat.completion.chunk","created":1748000000,"model":"gpt-4.1-mini-2025-04-14","service_tier":"default","system_fingerprint":"fp_0123456789","choices":[`
	var all [][]byte
	add := func(choice, usage string, n int) {
		tail := `],"usage":` + usage
		if padding {
			tail += `,"obfuscation":"` + "aB3dE5gH7jK9mN"[n%10:] + `"`
		}
		all = append(all, []byte(head+choice+tail+"}\n\n"))
	}
	add(`{"index":0,"delta":{"role":"assistant","content":"","refusal":null},"logprobs":null,"finish_reason":null}`, "null", 0)
	for i, w := range text {
		add(fmt.Sprintf(`{"index":0,"delta":{"content":%q},"logprobs":null,"finish_reason":null}`, w), "null", i)
	}
	add(`{"index":0,"delta":{},"logprobs":null,"finish_reason":"stop"}`, "null", 0)
	add("", `{"prompt_tokens":9000,"completion_tokens":200,"total_tokens":9200,"prompt_tokens_details":{"cached_tokens":8960,"audio_tokens":0},"completion_tokens_details":{"reasoning_tokens":0,"audio_tokens":0}}`, 0)
	return append(all, []byte("data: [DONE]\n\n"))
}

// canned is a transport without a network: it takes a request in and answers with a reply, an event a read.
type canned struct{ events [][]byte }

// RoundTrip answers.
func (c canned) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := takeIn(r); err != nil {
		return nil, err
	}
	return answer(r, &stream{events: c.events}), nil
}

// framed is a transport without a network whose answers are HTTP/1.1 all the same: each event comes as one chunk and
// one read, and net/http takes the chunks apart, as it does on a line.
type framed struct{ pieces [][]byte }

func newFramed(events [][]byte) framed {
	pieces := [][]byte{[]byte("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")}
	for _, e := range events {
		pieces = append(pieces, fmt.Appendf(nil, "%x\r\n%s\r\n", len(e), e))
	}
	return framed{append(pieces, []byte("0\r\n\r\n"))}
}

// RoundTrip answers.
func (f framed) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := takeIn(r); err != nil {
		return nil, err
	}
	return http.ReadResponse(bufio.NewReader(&stream{events: f.pieces}), r)
}

// takeIn reads the body of a request, as a server does.
func takeIn(r *http.Request) error {
	if r.Body == nil {
		return nil
	}
	if _, err := io.Copy(io.Discard, r.Body); err != nil {
		return err
	}
	return r.Body.Close()
}

func answer(r *http.Request, body io.ReadCloser) *http.Response {
	return &http.Response{
		Status: "200 OK", StatusCode: http.StatusOK, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{"Content-Type": {"text/event-stream"}}, Body: body, ContentLength: -1, Request: r,
	}
}

// stream reads one event at a time, as they arrive from a model that takes its time.
type stream struct {
	events   [][]byte
	next, at int // which event, and where in it
}

// Read reads on.
func (s *stream) Read(p []byte) (int, error) {
	if s.next == len(s.events) {
		return 0, io.EOF
	}
	n := copy(p, s.events[s.next][s.at:])
	if s.at += n; s.at == len(s.events[s.next]) {
		s.next, s.at = s.next+1, 0
	}
	return n, nil
}

// Close does nothing.
func (s *stream) Close() error { return nil }
