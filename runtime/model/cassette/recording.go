package cassette

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime/model"
)

// recording is a request to a model and the reply to it.
type recording struct {
	Request storedRequest `json:"request"`
	Receipt string        `json:"receipt,omitempty"` // the hash of the prompt's stable part, as call records have it
	Jobs    []storedJob   `json:"jobs,omitempty"`    // in the prompt
	Reply   []step        `json:"reply"`

	prompt storedPrompt // of a new one
}

// storedJob is a job as it was when the recording was made.
type storedJob struct {
	ID       job.ID `json:"id"`
	Revision int    `json:"revision"`
	Hash     string `json:"hash"`
}

// step is one thing that a reply does; exactly one field is set.
type step struct {
	Text  []piece      `json:"text,omitempty"` // as it came, piece by piece
	Call  *storedCall  `json:"call,omitempty"`
	Usage *storedUsage `json:"usage,omitempty"`
	Done  *string      `json:"done,omitempty"`  // why the model stopped
	Error *storedError `json:"error,omitempty"` // ends the reply
	Cut   bool         `json:"cut,omitempty"`   // the stream ended without an end
	Left  bool         `json:"left,omitempty"`  // whoever asked left, or cancelled: what would have come is not known
}

// storedCall is a call of a tool. Arguments that are an object as programs write it stand as such; else they
// stand as text, to the letter.
type storedCall struct {
	ID        string          `json:"id"`
	Name      string          `json:"name"`
	Arguments json.RawMessage `json:"arguments,omitempty"`
	Text      text            `json:"argumentsText,omitempty"`
}

type storedUsage struct {
	In     int `json:"in"`
	Cached int `json:"cached,omitempty"`
	Out    int `json:"out"`
}

// storedError is an error. Kind is that of a model.Error, or deadline for a deadline of the model's own, or
// empty for an error of which nothing is known.
type storedError struct {
	Kind       string `json:"kind,omitempty"`
	RetryAfter string `json:"retryAfter,omitempty"`
	Message    text   `json:"message"`
}

const kindDeadline = "deadline"

// keepCall is a call for the file.
func keepCall(c model.ToolCall) storedCall {
	kept := storedCall{ID: c.ID, Name: c.Name}
	if compact, ok := compacted(c.Arguments); ok && len(compact) > 0 && compact[0] == '{' && string(compact) == string(c.Arguments) {
		kept.Arguments = compact
	} else {
		kept.Text = text(c.Arguments)
	}
	return kept
}

func (c storedCall) part() model.ToolCall {
	call := model.ToolCall{ID: c.ID, Name: c.Name}
	if compact, ok := compacted(c.Arguments); ok {
		call.Arguments = compact
	}
	if c.Text != "" {
		call.Arguments = json.RawMessage(c.Text)
	}
	return call
}

// keepError is an error for the file.
func keepError(err error) *storedError {
	if fault, ok := errors.AsType[*model.Error](err); ok {
		kept := &storedError{Kind: string(fault.Kind)}
		if fault.Err != nil {
			kept.Message = text(fault.Err.Error())
		}
		if fault.RetryAfter != 0 {
			kept.RetryAfter = fault.RetryAfter.String()
		}
		return kept
	}
	kept := &storedError{Message: text(err.Error())}
	if errors.Is(err, context.DeadlineExceeded) {
		kept.Kind = kindDeadline
	}
	return kept
}

// late is a deadline of the model's own that was recorded.
type late string

func (l late) Error() string { return string(l) }
func (late) Unwrap() error   { return context.DeadlineExceeded }

func (e storedError) play() error {
	switch e.Kind {
	case "":
		return errors.New(string(e.Message))
	case kindDeadline:
		return late(e.Message)
	}
	fault := &model.Error{Kind: model.ErrorKind(e.Kind)}
	fault.RetryAfter, _ = time.ParseDuration(e.RetryAfter) // checked when the file was read
	if e.Message != "" {
		fault.Err = errors.New(string(e.Message))
	}
	return fault
}

// ends reports whether nothing follows a step.
func (s step) ends() bool { return s.Done != nil || s.Error != nil || s.Cut || s.Left }

// check finds what a file must not hold.
func (r recording) check(prompts map[string]storedPrompt) error {
	if _, ok := prompts[r.Request.Prompt]; !ok && r.Request.Prompt != "" {
		return fmt.Errorf("there is no prompt %.40q", r.Request.Prompt)
	}
	for i, s := range r.Reply {
		set := 0
		for _, has := range []bool{len(s.Text) > 0, s.Call != nil, s.Usage != nil, s.Done != nil, s.Error != nil, s.Cut, s.Left} {
			if has {
				set++
			}
		}
		if set != 1 {
			return fmt.Errorf("step %d of the reply: it is %d things: one of text, call, usage, done, error, cut, left", i+1, set)
		}
		if s.ends() != (i == len(r.Reply)-1) {
			return fmt.Errorf("step %d of the reply: a reply ends with done, error, cut or left, and with nothing else", i+1)
		}
		if s.Error != nil && s.Error.RetryAfter != "" {
			if d, err := time.ParseDuration(s.Error.RetryAfter); err != nil || d < 0 {
				return fmt.Errorf("step %d of the reply: retryAfter %.20q is no duration", i+1, s.Error.RetryAfter)
			}
		}
	}
	if len(r.Reply) == 0 {
		return errors.New("it has no reply")
	}
	return nil
}
