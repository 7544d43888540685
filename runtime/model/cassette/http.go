package cassette

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
)

// HTTP is a transport that records a client's traffic, or plays what was recorded. Safe for concurrent use.
//
// A body that is recorded passes as it comes, byte by byte; what the client left is recorded as far as it was
// read. A replayed body gives a line at a time, with no pause, and ends as the recorded one did: one that was
// cut or left with [io.ErrUnexpectedEOF].
type HTTP struct {
	tape *tape[exchange]
	next http.RoundTripper
}

const mostRequest = 64 << 20 // bytes of a request's body

var (
	errRequest = fmt.Errorf("cassette: a request is longer than %d MiB", mostRequest>>20)
	errEncoded = errors.New("an answer is compressed: it cannot be read for keys")
	errNoReply = errors.New("cassette: the recorded request was cancelled before it was answered")
)

// RoundTrip implements [http.RoundTripper]. A request that is not recorded and may not be made is a
// [*MismatchError].
func (h *HTTP) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := drain(r)
	if err == nil {
		err = r.Context().Err()
	}
	if err != nil {
		return nil, err
	}
	q, secret := h.tape.config.ask(r, body)
	n, err := h.tape.take(q.key(), func(times int) error { return h.mismatch(q, times) })
	switch {
	case err != nil:
		return nil, err
	case n >= 0:
		return h.tape.doc.Recordings[n].play(r)
	}
	return h.record(r, body, q, secret)
}

// drain reads a request's body, as a transport must, and closes it.
func drain(r *http.Request) ([]byte, error) {
	if r.Body == nil {
		return nil, nil
	}
	defer func() { _ = r.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(r.Body, mostRequest+1))
	if err == nil && len(body) > mostRequest {
		err = errRequest
	}
	return body, err
}

func (h *HTTP) mismatch(q httpRequest, times int) error {
	d := h.tape.doc
	return nearest(h.tape.config, times, q.lines(), len(d.Recordings), func(i int) []string { return d.Recordings[i].Request.lines() })
}

func (h *HTTP) record(r *http.Request, body []byte, q httpRequest, secret []string) (*http.Response, error) {
	t := &track{tape: h.tape, request: q, secret: secret, stop: r.Context().Err}
	h.tape.add(t.exchange)
	again := r.Clone(r.Context())
	again.Header.Del("Accept-Encoding") // the transport asks for what it decodes itself: a file is read by people
	if r.Body != nil {
		again.Body = io.NopCloser(bytes.NewReader(body))
		again.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }
		again.ContentLength = int64(len(body))
	}
	response, err := h.next.RoundTrip(again)
	if err != nil {
		t.failed(err)
		return response, err
	}
	if e := response.Header.Get("Content-Encoding"); e != "" && !strings.EqualFold(e, "identity") {
		h.tape.fail(errEncoded)
	}
	t.answered(response.StatusCode, h.tape.config.keepHeaders(response.Header))
	response.Body = &listener{body: response.Body, track: t}
	response.Request = r
	return response, nil
}

// track is an exchange under way. The lock of its tape guards it.
type track struct {
	tape    *tape[exchange]
	request httpRequest
	secret  []string
	stop    func() error // why whoever asked wants no more

	response *httpResponse
	err      string
	body     bytes.Buffer
}

func (t *track) failed(err error) {
	if t.stop() != nil {
		return
	}
	t.tape.mu.Lock()
	defer t.tape.mu.Unlock()
	t.err = err.Error()
}

func (t *track) answered(status int, headers map[string][]string) {
	t.tape.mu.Lock()
	defer t.tape.mu.Unlock()
	t.response = &httpResponse{Status: status, Headers: headers, End: endLeft} // until it ends otherwise
}

// heard takes a piece of the body and how reading went on.
func (t *track) heard(b []byte, err error) {
	stopped := t.stop() != nil
	t.tape.mu.Lock()
	defer t.tape.mu.Unlock()
	if t.body.Len()+len(b) > mostReply {
		if t.tape.failed == nil {
			t.tape.failed = errTooLong
		}
		return
	}
	t.body.Write(b)
	switch {
	case errors.Is(err, io.EOF):
		t.response.End = ""
	case err != nil && !stopped && t.response.End == endLeft:
		t.response.End, t.response.Error = endCut, text(err.Error())
	}
}

func (t *track) exchange() exchange {
	c := t.tape.config
	e := exchange{Request: t.request, nonces: t.secret, Error: text(c.wash(without(t.secret, t.err)))}
	if t.response != nil {
		r := *t.response
		r.Body = text(c.wash(without(t.secret, t.body.String())))
		r.Error = text(c.wash(without(t.secret, string(r.Error))))
		e.Response = &r
	}
	return e
}

// listener passes a body on as it comes.
type listener struct {
	body  io.ReadCloser
	track *track
}

func (l *listener) Read(b []byte) (int, error) {
	n, err := l.body.Read(b)
	l.track.heard(b[:n], err)
	return n, err
}

func (l *listener) Close() error { return l.body.Close() }

// play is the recorded answer.
func (e exchange) play(r *http.Request) (*http.Response, error) {
	if e.Response == nil {
		if e.Error == "" {
			return nil, errNoReply
		}
		return nil, errors.New(string(e.Error))
	}
	header := http.Header{}
	for name, values := range e.Response.Headers {
		header[http.CanonicalHeaderKey(name)] = slices.Clone(values)
	}
	length := int64(len(e.Response.Body))
	if e.Response.End != "" || strings.HasPrefix(header.Get("Content-Type"), "text/event-stream") {
		length = -1
	}
	return &http.Response{
		Status: fmt.Sprintf("%d %s", e.Response.Status, http.StatusText(e.Response.Status)), StatusCode: e.Response.Status,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: header, ContentLength: length, Request: r,
		Body: &player{rest: string(e.Response.Body), cut: e.Response.End != "", stop: r.Context().Err},
	}, nil
}

// player is a body that gives a line at a time.
type player struct {
	rest   string
	cut    bool
	closed bool
	stop   func() error
}

func (p *player) Read(b []byte) (int, error) {
	if err := p.stop(); err != nil {
		return 0, err
	}
	switch {
	case p.closed:
		return 0, http.ErrBodyReadAfterClose
	case len(b) == 0:
		return 0, nil
	case p.rest == "" && p.cut:
		return 0, io.ErrUnexpectedEOF
	case p.rest == "":
		return 0, io.EOF
	}
	end := strings.IndexByte(p.rest, '\n') + 1
	if end == 0 {
		end = len(p.rest)
	}
	n := copy(b, p.rest[:end])
	p.rest = p.rest[n:]
	return n, nil
}

func (p *player) Close() error {
	p.closed = true
	return nil
}

// Close ends the cassette and writes what was recorded, as [Cassette.Close] does.
func (h *HTTP) Close() error {
	return h.tape.close(func(d *document[exchange], fresh []exchange) {
		d.Recordings = append(d.Recordings, fresh...)
	}, textsOfHTTP)
}

// Left returns the recordings that were not played, in the order of the file.
func (h *HTTP) Left() []Recording {
	var all []Recording
	for _, i := range h.tape.left() {
		all = append(all, h.tape.doc.Recordings[i].named(i))
	}
	return all
}
