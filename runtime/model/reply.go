package model

import (
	"context"
	"errors"
	"iter"
	"strings"

	"github.com/sonajobs/sona/runtime/prompt"
)

// Reply is a whole reply.
type Reply struct {
	Text   string
	Calls  []ToolCall
	Usage  Usage
	Reason Reason
}

var errNoDone = errors.New("the stream ended without a Done")

// Collect reads a stream to its end. It is the one place that decides whether a stream was whole: one that
// ended without Done is an *[Error] of kind [Truncated], and what came until then is in the reply. each, if
// not nil, sees every part as it arrives and stops the stream by returning false; that is no error.
func Collect(parts iter.Seq2[Part, error], each func(Part) bool) (Reply, error) {
	var (
		r    Reply
		text strings.Builder
	)
	whole := func() Reply {
		r.Text = text.String()
		return r
	}
	for part, err := range parts {
		if err != nil {
			return whole(), err
		}
		switch p := part.(type) {
		case Text:
			text.WriteString(string(p))
		case ToolCall:
			r.Calls = append(r.Calls, p)
		case Usage:
			r.Usage = p
		case Done:
			r.Reason = p.Reason
			if each != nil {
				each(part)
			}
			return whole(), nil
		}
		if each != nil && !each(part) {
			return whole(), nil
		}
	}
	return whole(), &Error{Kind: Truncated, Err: errNoDone}
}

// Complete asks m one thing, outside of any call, and returns the text of its reply. A reply that was cut by
// a limit is an *[Error] of kind [Truncated], one that the provider withheld of kind [BadRequest], and one
// without a word of kind [Unavailable].
func Complete(ctx context.Context, m Model, system, user string) (string, error) {
	r, err := Collect(m.Generate(ctx, Request{
		Prompt:   prompt.Prompt{Stable: system},
		Messages: []Message{{Role: User, Text: user}},
	}), nil)
	if err != nil {
		return "", err
	}
	switch {
	case r.Reason == Length:
		return "", &Error{Kind: Truncated, Err: errors.New("the reply was longer than its limit of tokens")}
	case r.Reason == Filtered:
		return "", &Error{Kind: BadRequest, Err: errors.New("the provider's filter withheld the reply")}
	case strings.TrimSpace(r.Text) == "":
		return "", &Error{Kind: Unavailable, Err: errors.New("the reply was empty")}
	}
	return r.Text, nil
}
