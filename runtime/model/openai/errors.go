package openai

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"unicode"

	"github.com/sonajobs/sona/runtime/model"
)

const (
	mostErrorBody = 64 << 10
	mostMessage   = 300 // characters of what a server says
	mostCode      = 64
)

// APIError is what a server answered instead of a reply, or in the middle of one. It comes inside a
// *model.Error.
type APIError struct {
	Status  int    // of HTTP, or what an error within a stream names as such; 0 when it names none
	Code    string // the server's own word, such as insufficient_quota; may be empty
	Message string // the server's own words, cleaned and at most 300 characters; a server may quote the request
}

func (e *APIError) Error() string {
	var b strings.Builder
	b.WriteString("openai: ")
	if e.Status != 0 {
		fmt.Fprintf(&b, "status %d", e.Status)
	} else {
		b.WriteString("the server reports an error")
	}
	for _, s := range []string{e.Code, e.Message} {
		if s != "" {
			b.WriteString(": ")
			b.WriteString(s)
		}
	}
	return b.String()
}

// LimitError says that a reply was out of all proportion. It comes inside a *model.Error of kind unavailable.
type LimitError struct {
	What string // such as "the text of a reply"
	Most int    // bytes, or calls
}

func (e *LimitError) Error() string {
	return fmt.Sprintf("openai: %s is more than %d", e.What, e.Most)
}

func fault(kind model.ErrorKind, err error) error { return &model.Error{Kind: kind, Err: err} }

func badRequest(problem string) error {
	return fault(model.BadRequest, errors.New("openai: "+problem))
}

func malformed(problem string) error {
	return fault(model.Unavailable, errors.New("openai: "+problem))
}

func tooMuch(what string, most int) error {
	return fault(model.Unavailable, &LimitError{what, most})
}

// unreached says why there is no answer. Addresses are left out: a parameter may be a key.
func unreached(parent, ctx context.Context, err error) error {
	if parent.Err() != nil {
		return parent.Err()
	}
	if late, ok := errors.AsType[*DeadlineError](context.Cause(ctx)); ok {
		return fault(model.Unavailable, late)
	}
	if wrapped, ok := errors.AsType[*url.Error](err); ok {
		err = wrapped.Err
	}
	return fault(model.Unavailable, fmt.Errorf("openai: no answer: %w", err))
}

// refused reads an answer that is an error. What ended the reading does not matter: the status says enough.
func (c *Client) refused(resp *http.Response) error {
	body, _ := io.ReadAll(io.LimitReader(resp.Body, mostErrorBody))
	e := readError(body)
	if e == nil {
		e = &APIError{}
		if text := bytes.TrimSpace(body); len(text) > 0 && text[0] != '<' && text[0] != '{' {
			e.Message = clean(string(text), mostMessage)
		}
	}
	e.Status = resp.StatusCode
	if resp.StatusCode < http.StatusBadRequest {
		e.Message = "a redirect, which is not followed"
	}
	kind := kindOf(resp.StatusCode)
	err := &model.Error{Kind: kind, Err: c.hide(e)}
	if kind != model.BadRequest {
		err.RetryAfter = retryAfter(resp.Header, kind == model.RateLimited)
	}
	return err
}

func kindOf(status int) model.ErrorKind {
	switch {
	case status == http.StatusTooManyRequests:
		return model.RateLimited
	case status >= http.StatusInternalServerError, status == http.StatusRequestTimeout, status == http.StatusConflict, status == http.StatusTooEarly:
		return model.Unavailable
	}
	return model.BadRequest
}

// hide takes keys out of what a server says; some repeat them.
func (c *Client) hide(e *APIError) *APIError {
	for name, values := range c.header {
		for _, v := range values {
			v = strings.TrimPrefix(v, "Bearer ")
			if len(v) < 8 || name == "Content-Type" || name == "Accept" {
				continue
			}
			e.Message = strings.ReplaceAll(e.Message, v, "[key]")
			e.Code = strings.ReplaceAll(e.Code, v, "[key]")
		}
	}
	return e
}

// readError finds the error object in a body or in a chunk; nil where there is none. Servers write it as
// {"error": {…}}, {"error": "…"}, {"message": …}, {"detail": …}, and as a list of one of them.
func readError(body []byte) *APIError {
	body = bytes.TrimSpace(body)
	if len(body) > 0 && body[0] == '[' {
		var list []json.RawMessage
		if _ = json.Unmarshal(body, &list); len(list) == 0 {
			return nil
		}
		body = list[0]
	}
	if len(body) == 0 || body[0] != '{' || !json.Valid(body) {
		return nil
	}
	var o struct {
		Error json.RawMessage `json:"error"`
	}
	if _ = json.Unmarshal(body, &o); isSet(o.Error) {
		return readErrorObject(o.Error)
	}
	return readErrorObject(body)
}

// readErrorObject reads what stands behind "error".
func readErrorObject(raw json.RawMessage) *APIError {
	if s, ok := word(raw); ok {
		return &APIError{Message: clean(s, mostMessage)}
	}
	var o struct {
		Message    json.RawMessage `json:"message"`
		Detail     json.RawMessage `json:"detail"`
		Code       json.RawMessage `json:"code"`
		Type       json.RawMessage `json:"type"`
		Status     json.RawMessage `json:"status"`
		StatusCode json.RawMessage `json:"status_code"` //nolint:tagliatelle // as servers have it
	}
	if json.Unmarshal(raw, &o) != nil {
		return &APIError{}
	}
	e := &APIError{}
	for _, from := range []json.RawMessage{o.Message, o.Detail} {
		if s, ok := word(from); ok && e.Message == "" {
			e.Message = clean(s, mostMessage)
		}
	}
	for _, from := range []json.RawMessage{o.Code, o.Type, o.Status, o.StatusCode} {
		if n, ok := number(from); ok {
			if e.Status == 0 && n >= 400 && n < 600 {
				e.Status = n
			}
		} else if s, ok := word(from); ok && e.Code == "" {
			e.Code = clean(s, mostCode)
		}
	}
	return e
}

// within is an error object in the middle of a stream, or in a body whose status says that all is well.
func within(e *APIError) error {
	if e.Status != 0 {
		return fault(kindOf(e.Status), e)
	}
	code := strings.ToLower(e.Code)
	kind := model.Unavailable
	for _, w := range []string{"invalid", "bad_request", "badrequest", "context_length", "not_found", "authentication", "permission", "unsupported", "policy"} {
		if strings.Contains(code, w) {
			kind = model.BadRequest
		}
	}
	for _, w := range []string{"rate_limit", "ratelimit", "too_many_requests", "quota"} {
		if strings.Contains(code, w) {
			kind = model.RateLimited
		}
	}
	return fault(kind, e)
}

// clean makes one line of at most n characters.
func clean(s string, n int) string {
	if len(s) > 8*n {
		s = s[:8*n]
	}
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case !unicode.IsPrint(r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return s
}

func isSet(raw json.RawMessage) bool {
	return len(raw) > 0 && string(raw) != "null" && string(raw) != `""`
}

// word reads a string of JSON.
func word(raw json.RawMessage) (s string, ok bool) {
	if len(raw) == 0 || raw[0] != '"' || json.Unmarshal(raw, &s) != nil {
		return "", false
	}
	return s, true
}

// number reads a whole number, also one that is written as a string or with a point.
func number(raw json.RawMessage) (int, bool) {
	text := string(raw)
	if s, ok := word(raw); ok {
		text = s
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || f < -1e15 || f > 1e15 || f != f {
		return 0, false
	}
	return int(f), true
}
