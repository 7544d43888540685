// Package ownmodel is a host with a language model of its own: a client for an endpoint that nobody else has, in
// the one function that the library asks for. The request carries one system message, the conversation and the
// tools; the answer streams back, a line of JSON a part:
//
//	{"text":"I am sending "}
//	{"text":"you the menu."}
//	{"call":{"id":"1","name":"send_sms","arguments":{"sona_action":"J1.A1"}}}
//	{"usage":{"in":1200,"cached":1024,"out":31}}
//	{"done":"tool_calls"}
//
// A line {"error":"…"} ends an answer that failed half-way.
package ownmodel

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"strconv"
	"time"

	"github.com/sonajobs/sona/runtime/model"
)

// New returns a model that asks the endpoint at url.
func New(url string, client *http.Client) model.Model {
	return model.Func(func(ctx context.Context, r model.Request) iter.Seq2[model.Part, error] {
		return func(yield func(model.Part, error) bool) {
			// Leaving the loop ends this function, and with it the request.
			ctx, cancel := context.WithCancel(ctx)
			defer cancel()
			body, err := ask(ctx, client, url, r)
			if err != nil {
				yield(nil, err)
				return
			}
			defer func() { _ = body.Close() }()

			for lines := json.NewDecoder(body); ; {
				var l line
				if err := lines.Decode(&l); errors.Is(err, io.EOF) {
					return // without a done the reply counts as truncated; nothing to do about it here
				} else if err != nil {
					yield(nil, fault(ctx, model.Truncated, err))
					return
				}
				if l.Error != "" {
					yield(nil, &model.Error{Kind: model.Unavailable, Err: errors.New(l.Error)})
					return
				}
				if p := l.part(); p != nil && !yield(p, nil) || l.Done != "" {
					return
				}
			}
		}
	})
}

// ask sends the request and returns the stream of the answer.
func ask(ctx context.Context, client *http.Client, url string, r model.Request) (io.ReadCloser, error) {
	raw, err := json.Marshal(newRequest(r))
	if err != nil {
		return nil, &model.Error{Kind: model.BadRequest, Err: err}
	}
	post, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(raw))
	if err != nil {
		return nil, &model.Error{Kind: model.BadRequest, Err: err}
	}
	post.Header.Set("Content-Type", "application/json")
	answer, err := client.Do(post)
	if err != nil {
		return nil, fault(ctx, model.Unavailable, err)
	}
	if answer.StatusCode == http.StatusOK {
		return answer.Body, nil
	}
	_ = answer.Body.Close()
	refused := &model.Error{Kind: model.BadRequest, Err: fmt.Errorf("the endpoint answered %s", answer.Status)}
	switch {
	case answer.StatusCode == http.StatusTooManyRequests:
		seconds, _ := strconv.Atoi(answer.Header.Get("Retry-After"))
		refused.Kind, refused.RetryAfter = model.RateLimited, time.Duration(seconds)*time.Second
	case answer.StatusCode >= http.StatusInternalServerError:
		refused.Kind = model.Unavailable
	}
	return nil, refused
}

// fault is what went wrong on the way; of a request that was cancelled it is the context's error.
func fault(ctx context.Context, kind model.ErrorKind, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return &model.Error{Kind: kind, Err: err}
}
