package openai

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/sonajobs/sona/runtime/model"
)

const mostText = 1 << 20 // bytes of the text of one reply

var (
	errLeft  = errors.New("the reader left")
	errWhole = errors.New("the terminator")
	errCut   = errors.New("an object without its end")

	bom     = []byte("\xef\xbb\xbf")
	dataTag = []byte("data:")
	marker  = []byte("[DONE]")
)

// pace is told how a stream goes on.
type pace interface {
	chunk()
	enter(stage)
}

// decoder turns the body of an answer into parts: a stream of server-sent events, or one object where a
// server does not stream. It reads what common chunks say by itself, and leaves all others to encoding/json.
type decoder struct {
	lines lines
	pace  pace
	yield func(model.Part, error) bool
	hide  func(*APIError) *APIError // keys
	gone  func() error              // why whoever asked is gone

	common common // what the latest chunk looked like
	slow   bool   // leave all to encoding/json

	begun  bool
	alarm  bool   // the event is called an error
	held   []byte // an event of several lines
	alone  bool   // the answer is no stream
	single []byte // and this is it

	text    pieces
	length  int
	calls   calls
	usage   model.Usage
	refused bool
	finish  model.Reason
	done    bool // the terminator came
}

func newDecoder(body io.Reader, p pace, yield func(model.Part, error) bool) *decoder {
	d := &decoder{pace: p, yield: yield, gone: func() error { return nil }, hide: func(e *APIError) *APIError { return e }}
	d.lines = lines{r: body, before: d.flush}
	return d
}

// run decodes until the reply is whole, the reader left (errLeft), or there is an error to tell.
func (d *decoder) run() error {
	for {
		line, err := d.lines.next()
		if err == nil {
			err = d.line(line)
		}
		switch {
		case err == nil:
		case errors.Is(err, errWhole):
			return d.end(io.EOF)
		case d.lines.err != nil && errors.Is(err, d.lines.err):
			return d.end(err)
		default:
			return d.stop(err)
		}
	}
}

// stop hands out what was said until an error.
func (d *decoder) stop(err error) error {
	if gone := d.gone(); gone != nil && !errors.Is(err, errLeft) {
		return gone
	}
	if left := d.flush(); left != nil {
		return left
	}
	return err
}

// line takes one line of a stream of events. Names of fields that are not known mean nothing; a line that
// holds a chunk and is not named as one is an error, as something was lost.
func (d *decoder) line(line []byte) error {
	if n := len(line); n > 0 && line[n-1] == '\r' {
		line = line[:n-1]
	}
	if !d.begun {
		line = bytes.TrimPrefix(line, bom)
		blank := bytes.TrimLeft(line, " \t")
		if len(blank) == 0 {
			return nil
		}
		d.begun = true
		d.alone = blank[0] == '{' || blank[0] == '['
	}
	switch {
	case d.alone:
		return d.gather(line)
	case bytes.HasPrefix(line, dataTag):
		return d.data(bytes.TrimLeft(line[len(dataTag):], " "))
	case len(line) == 0:
		return d.dispatch()
	case line[0] == ':':
		return nil
	case line[0] == '{':
		return d.data(line)
	}
	name, value, _ := bytes.Cut(line, []byte(":"))
	switch string(name) {
	case "event":
		d.alarm = string(bytes.TrimSpace(value)) == "error"
	case "id", "retry":
	default:
		if !d.lines.open && (string(name) == "data" || bytes.ContainsAny(line, "{}[]")) {
			return malformed("a line of the stream is damaged")
		}
	}
	return nil
}

// gather takes a line of an answer that is no stream.
func (d *decoder) gather(line []byte) error {
	if len(d.single)+len(line) >= mostLine {
		return tooMuch("an answer that is no stream", mostLine)
	}
	if len(d.single) > 0 {
		d.single = append(d.single, '\n')
	}
	d.single = append(d.single, line...)
	d.pace.enter(running)
	d.pace.chunk()
	return nil
}

// data takes the value of one data line: a whole event nearly always.
func (d *decoder) data(value []byte) error {
	switch {
	case len(d.held) > 0:
		if len(d.held)+len(value) >= mostLine {
			return tooMuch("an event", mostLine)
		}
		d.held = append(append(d.held, '\n'), value...)
		return nil
	case len(value) == 0:
		return nil
	case string(value) == string(marker):
		d.done = true
		return errWhole
	}
	if !d.alarm && !d.slow {
		if ok, err := d.fast(value); ok {
			d.pace.chunk()
			return err
		}
	}
	if !json.Valid(value) {
		d.held = append(d.held[:0], value...) // the rest may be on its way
		return nil
	}
	return d.chunk(value)
}

// dispatch ends an event.
func (d *decoder) dispatch() error {
	if len(d.held) > 0 {
		whole := bytes.TrimSpace(d.held)
		if bytes.Equal(whole, marker) {
			d.done = true
			return errWhole
		}
		if !json.Valid(whole) {
			return malformed("a chunk of the stream is no JSON")
		}
		d.held = d.held[:0]
		if err := d.chunk(whole); err != nil {
			return err
		}
	}
	d.alarm = false
	return nil
}

// end tells what a stream was that is over: err is io.EOF, or why reading failed.
func (d *decoder) end(err error) error {
	if gone := d.gone(); gone != nil {
		return d.stop(gone)
	}
	if d.alone {
		if problem := d.object(); problem != nil && !errors.Is(problem, errCut) {
			return d.stop(problem)
		}
	}
	if !d.done && d.finish == "" {
		if late, ok := errors.AsType[*DeadlineError](err); ok {
			return d.stop(fault(model.Unavailable, late))
		}
		if errors.Is(err, io.EOF) {
			err = errors.New("openai: the stream ended before the reply did")
		} else {
			err = fmt.Errorf("openai: the stream was cut: %w", err)
		}
		return d.stop(fault(model.Truncated, err))
	}
	return d.whole()
}

// whole hands out what is known at the end only.
func (d *decoder) whole() error {
	if left := d.flush(); left != nil {
		return left
	}
	reason := d.finish
	switch {
	case d.refused:
		reason = model.Filtered
	case (reason == "" || reason == model.Stop) && len(d.calls.all) > 0:
		reason = model.ToolCalls
	case reason == "":
		reason = model.Stop
	}
	if reason != model.Stop && reason != model.ToolCalls { // then a call may have been cut
		for _, c := range d.calls.all {
			if !c.closed() {
				return fault(model.Truncated, errors.New("openai: the reply was cut within a call"))
			}
		}
	}
	for _, c := range d.calls.all {
		if !d.yield(c.call(), nil) {
			return errLeft
		}
	}
	if d.usage != (model.Usage{}) && !d.yield(d.usage, nil) {
		return errLeft
	}
	d.yield(model.Done{Reason: reason}, nil) // whoever leaves here missed nothing
	return nil
}

// flush hands out the text that came since the last time.
func (d *decoder) flush() error {
	if t := d.text.cut(); t != "" && !d.yield(model.Text(t), nil) {
		return errLeft
	}
	return nil
}

// say takes text.
func (d *decoder) say(b []byte, escaped bool) error {
	if len(b) == 0 {
		return nil
	}
	d.pace.enter(running)
	if d.length += len(b); d.length > mostText {
		return tooMuch("the text of a reply", mostText)
	}
	if !d.text.room(len(b)) {
		if err := d.flush(); err != nil {
			return err
		}
		d.text.grow(len(b))
	}
	if escaped {
		d.text.unescape(b)
	} else {
		d.text.b.Write(b)
	}
	return nil
}

// ends takes a finish reason. Where a server names two, the one that says that something is missing holds. A
// word that nobody knows ends a reply, too, and is handed on as it is: whoever compares it with Stop is not
// told that all is well.
func (d *decoder) ends(w string) error {
	w = strings.ToLower(w)
	reason, ok := reasons[w]
	if !ok {
		for _, bad := range failures {
			if strings.Contains(w, bad) {
				return malformed(fmt.Sprintf("the reply ended with the finish reason %q", clean(w, mostCode)))
			}
		}
		reason = model.Reason(clean(w, mostCode))
	}
	if d.finish == "" || d.finish == model.Stop || d.finish == model.ToolCalls {
		d.finish = reason
	}
	d.pace.enter(ending)
	return nil
}

// reasons are the words of servers, in lower case.
var reasons = map[string]model.Reason{
	"stop": model.Stop, "eos": model.Stop, "eos_token": model.Stop, "end_turn": model.Stop, "stop_sequence": model.Stop,
	"tool_calls": model.ToolCalls, "tool_call": model.ToolCalls, "tool_use": model.ToolCalls, "function_call": model.ToolCalls,
	"length": model.Length, "max_tokens": model.Length, "max_output_tokens": model.Length, "model_length": model.Length,
	"content_filter": model.Filtered, "safety": model.Filtered, "recitation": model.Filtered, "prohibited_content": model.Filtered,
}

// failures are parts of words that say that a reply came to grief.
var failures = []string{"error", "abort", "cancel", "malformed", "insufficient", "timeout"}
