// Package openai is a streaming client of OpenAI's chat completions and of every server that speaks like it:
// Azure, OpenRouter, Groq, xAI, Mistral, DeepSeek, vLLM, llama.cpp and others. docs/models.md lists what was
// tried.
//
//	client, err := openai.New(openai.Config{Key: os.Getenv("OPENAI_API_KEY"), Model: "gpt-5-mini"})
//
// It asks once: whether a fault is worth another request is decided by whoever asks. What a server sends is
// untrusted: every buffer has a bound, what is not understood is an error, and a reply that was cut is never
// reported as whole. It imports the standard library, runtime/model and runtime/prompt.
package openai

import (
	"context"
	"errors"
	"io"
	"iter"
	"net/http"
	"net/url"

	"github.com/sonajobs/sona/runtime/model"
)

// Client asks one model of one server. Safe for concurrent use; make one and share it, its connections and
// its cache of prompts with it.
type Client struct {
	config Config // with defaults
	url    *url.URL
	header http.Header
	head   []byte // of every request body
	tooled []byte // what Extra adds where there are tools
	send   func(*http.Request) (*http.Response, error)
	own    *http.Transport // nil when the host brought its own
	stable *cache
}

var _ model.Model = (*Client)(nil)

// Generate streams the reply to r, as [model.Model] promises. Text comes as it arrives, pieces that arrived
// together as one part; calls come whole, after the text; Usage, where the server tells, stands before Done.
// A stream is read once.
//
// Errors are *[model.Error] but for those of ctx, which come as they are. Its Err is an *[APIError] where the
// server refused, a *[DeadlineError] where a deadline passed, a *[LimitError] where the reply was out of all
// proportion. None of them holds the key or the address.
func (c *Client) Generate(ctx context.Context, r model.Request) iter.Seq2[model.Part, error] {
	body, err := c.body(r) // here, so that the stream does not hold r
	return func(yield func(model.Part, error) bool) {
		sent := body
		body = nil
		switch {
		case err != nil:
			yield(nil, err)
		case sent == nil:
			yield(nil, fault(model.BadRequest, errors.New("openai: a stream is read once")))
		default:
			c.stream(ctx, sent, yield)
		}
	}
}

// stream makes the request and decodes the answer, all on the goroutine of the caller. Its frame stays small: it is
// on the stack of every call that waits.
func (c *Client) stream(parent context.Context, body *payload, yield func(model.Part, error) bool) {
	ctx, cancel := context.WithCancelCause(parent)
	defer cancel(nil)
	clock := startClock(cancel, c.config.FirstToken, c.config.Idle, c.config.Total)
	defer clock.stop()

	answer, err := c.ask(parent, ctx, body)
	if err != nil {
		yield(nil, err)
		return
	}
	defer func() { _ = answer.Close() }()
	d := c.decoder(parent, ctx, answer, clock, yield)
	if err := d.run(); err != nil {
		if !errors.Is(err, errLeft) {
			yield(nil, err)
		}
		return
	}
	if d.done && d.lines.err == nil {
		clock.enter(draining)
		clock.wait()
		_, _ = io.CopyN(io.Discard, answer, mostDrained) // up to its end: only then the connection can be used again
	}
}

// ask makes the request and returns the body of an answer that is a reply.
//
//go:noinline
func (c *Client) ask(parent, ctx context.Context, body *payload) (io.ReadCloser, error) {
	resp, err := c.send(c.request(ctx, body))
	body.release() // nothing sends it again
	if err == nil && resp == nil {
		err = errNoAnswer
	}
	if err != nil {
		return nil, unreached(parent, ctx, err)
	}
	if resp.StatusCode < http.StatusMultipleChoices {
		return resp.Body, nil
	}
	defer func() { _ = resp.Body.Close() }()
	if err = c.refused(resp); parent.Err() != nil {
		err = parent.Err()
	}
	return nil, err
}

//go:noinline
func (c *Client) decoder(parent, ctx context.Context, answer io.Reader, clock *clock, yield func(model.Part, error) bool) *decoder {
	d := newDecoder(&watched{answer, ctx, clock}, clock, yield)
	d.hide, d.gone = c.hide, parent.Err
	return d
}

func (c *Client) request(ctx context.Context, body *payload) *http.Request {
	r := &http.Request{
		Method: http.MethodPost, URL: c.url, Host: c.url.Host, Header: c.header.Clone(),
		Body: body.open(), ContentLength: body.size,
		GetBody: func() (io.ReadCloser, error) { return body.open(), nil }, // for a kept connection that the server had closed
		Proto:   "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
	}
	return r.WithContext(ctx)
}

// Close closes the connections that wait for the next request. Replies under way go on. With a Config.HTTP
// it does nothing: those connections are the host's.
func (c *Client) Close() {
	if c.own != nil {
		c.own.CloseIdleConnections()
	}
}

// String names the model and keeps the key out of logs.
func (c *Client) String() string { return "openai.Client(" + c.config.Model + ")" }

// GoString is String.
func (c *Client) GoString() string { return c.String() }

// watched is a body whose reads the clock times.
type watched struct {
	io.Reader
	ctx   context.Context //nolint:containedctx // it is the context of this one request
	clock *clock
}

// Read reads. Where a deadline ended it, the error is that.
func (w *watched) Read(p []byte) (int, error) {
	w.clock.wait()
	n, err := w.Reader.Read(p)
	w.clock.work()
	if err != nil && !errors.Is(err, io.EOF) {
		if late, ok := errors.AsType[*DeadlineError](context.Cause(w.ctx)); ok {
			err = late
		}
	}
	return n, err
}
