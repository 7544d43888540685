package langchain

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/tmc/langchaingo/llms"

	"github.com/sonajobs/sona/runtime/model"
)

// detail is an error of a client as it may be shown.
type detail struct {
	text string
	err  error
}

func (d *detail) Error() string { return d.text }
func (d *detail) Unwrap() error { return d.err }

// longest is how many bytes of a client's message are shown.
const longest = 200

// fault makes a *[model.Error] of what a client says.
func fault(err error) error {
	if own, ok := errors.AsType[*model.Error](err); ok {
		return own
	}
	text := message(err)
	e := &model.Error{Kind: kind(err, text), Err: &detail{shown(text), err}}
	if e.Kind == model.RateLimited || e.Kind == model.Unavailable {
		e.RetryAfter = pause(text)
	}
	return e
}

func panicked(p any) error {
	return &model.Error{Kind: model.Unavailable, Err: fmt.Errorf("the model panicked: %T", p)}
}

// message is err's text without addresses, which may hold keys.
func message(err error) string {
	text := err.Error()
	if u, ok := errors.AsType[*url.Error](err); ok {
		text = strings.ReplaceAll(text, u.Error(), u.Op+": "+u.Err.Error())
	}
	return text
}

// shown is the first line of a message, and not much of it: what follows may be the body of a reply.
func shown(text string) string {
	text, _, _ = strings.Cut(strings.TrimSpace(text), "\n")
	text = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, ""))
	if len(text) <= longest {
		return text
	}
	end := longest
	for !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end] + "…"
}

func kind(err error, text string) model.ErrorKind {
	if e, ok := errors.AsType[*llms.Error](err); ok {
		if k, ok := codes[e.Code]; ok {
			return k
		}
	}
	if status := statusIn(text); status != 0 {
		return kindOf(status)
	}
	if _, event, ok := strings.Cut(text, "error event:"); ok { // anthropic, within a stream
		for _, known := range events {
			if strings.Contains(event, "type:"+known.name) {
				return known.kind
			}
		}
	}
	if strings.HasSuffix(text, "no response") || strings.HasSuffix(text, "empty response") { // of a stream that broke off, too
		return model.Truncated
	}
	return model.Unavailable
}

// codes are the kinds of faults that a model has told apart itself.
var codes = map[llms.ErrorCode]model.ErrorKind{
	llms.ErrCodeRateLimit:           model.RateLimited,
	llms.ErrCodeQuotaExceeded:       model.RateLimited,
	llms.ErrCodeTimeout:             model.Unavailable,
	llms.ErrCodeCanceled:            model.Unavailable,
	llms.ErrCodeProviderUnavailable: model.Unavailable,
	llms.ErrCodeAuthentication:      model.BadRequest,
	llms.ErrCodeInvalidRequest:      model.BadRequest,
	llms.ErrCodeResourceNotFound:    model.BadRequest,
	llms.ErrCodeContentFilter:       model.BadRequest,
	llms.ErrCodeTokenLimit:          model.BadRequest,
	llms.ErrCodeNotImplemented:      model.BadRequest,
}

var events = []struct {
	name string
	kind model.ErrorKind
}{
	{"rate_limit_error", model.RateLimited},
	{"overloaded_error", model.Unavailable},
	{"invalid_request_error", model.BadRequest},
	{"authentication_error", model.BadRequest},
	{"permission_error", model.BadRequest},
	{"not_found_error", model.BadRequest},
	{"request_too_large", model.BadRequest},
	{"billing_error", model.BadRequest},
}

func kindOf(status int) model.ErrorKind {
	switch {
	case status == 429:
		return model.RateLimited
	case status >= 500, status == 408, status == 409:
		return model.Unavailable
	}
	return model.BadRequest
}

// statusIn finds the status of an HTTP answer in a message: "unexpected status code: 429: …", "googleapi:
// Error 429: …", "StatusCode: 429". It is 0 when there is none. openai.MapError looks for the digits alone,
// and takes "4290 tokens" for a limit of requests.
func statusIn(text string) int {
	lower := strings.ToLower(text)
	for _, word := range []string{"status code", "statuscode", "googleapi: error", "api error", "http status", "http"} {
		for rest := lower; ; {
			_, after, found := strings.Cut(rest, word)
			if !found {
				break
			}
			rest = after
			digits := strings.TrimLeft(after, " :=")
			if len(after)-len(digits) > 3 || len(digits) < 3 || len(digits) > 3 && isDigit(digits[3]) {
				continue
			}
			if isDigit(digits[0]) && isDigit(digits[1]) && isDigit(digits[2]) {
				if status := int(digits[0]-'0')*100 + int(digits[1]-'0')*10 + int(digits[2]-'0'); status >= 400 && status < 600 {
					return status
				}
			}
		}
	}
	return 0
}

// longestPause is the longest wait that is believed.
const longestPause = time.Hour

// pause finds how long a provider asks to wait: "Please try again in 1.2s", "retry after 6 seconds". It is 0
// when the message does not say.
func pause(text string) time.Duration {
	lower := strings.ToLower(text)
	for _, word := range []string{"try again in ", "retry in ", "retry after "} {
		_, after, found := strings.Cut(lower, word)
		if !found {
			continue
		}
		end := strings.IndexFunc(after, func(r rune) bool { return r != '.' && (r < '0' || r > '9') })
		if end < 0 {
			end = len(after)
		}
		if end == 0 {
			continue
		}
		amount, rest := after[:end], strings.TrimLeft(after[end:], " ")
		for _, unit := range []struct{ word, short string }{{"millisecond", "ms"}, {"second", "s"}, {"minute", "m"}, {"hour", "h"}} {
			if strings.HasPrefix(rest, unit.word) {
				return wait(amount + unit.short)
			}
		}
		compound := strings.IndexFunc(after, func(r rune) bool { return !strings.ContainsRune(".0123456789hms", r) })
		if compound < 0 {
			compound = len(after)
		}
		return wait(strings.TrimRight(after[:compound], "."))
	}
	return 0
}

func wait(text string) time.Duration {
	d, err := time.ParseDuration(text)
	if err != nil {
		if d, err = time.ParseDuration(text + "s"); err != nil {
			return 0
		}
	}
	return min(max(d, 0), longestPause)
}

func isDigit(b byte) bool { return b >= '0' && b <= '9' }
