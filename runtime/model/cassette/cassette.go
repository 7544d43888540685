package cassette

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/sonajobs/sona/runtime/model"
)

// mostReply bounds what is kept of one reply or body.
const mostReply = 16 << 20

// Cassette is a model that records another one, or plays what was recorded. Safe for concurrent use.
//
// A replayed reply has the parts of the recorded one, without its pauses, and the same error: its kind, its
// RetryAfter and its message. One that was left or cancelled while it was recorded is [model.Truncated]
// where it ended.
type Cassette struct {
	tape  *tape[recording]
	model model.Model
}

var (
	errLeft    = errors.New("the recording was left or cancelled here")
	errTooLong = fmt.Errorf("an answer is longer than %d MiB", mostReply>>20)
)

// Generate plays or records a reply, as the mode says. A request that is not recorded and may not be made is
// a bad_request that holds a [*MismatchError].
func (c *Cassette) Generate(ctx context.Context, r model.Request) iter.Seq2[model.Part, error] {
	return func(yield func(model.Part, error) bool) {
		if err := ctx.Err(); err != nil {
			yield(nil, err)
			return
		}
		w := washer{prompt: r.Prompt, redact: c.tape.config.Redact}
		q := w.question(r)
		n, err := c.tape.take(q.key(), func(times int) error { return c.mismatch(q, times) })
		switch {
		case err != nil:
			yield(nil, &model.Error{Kind: model.BadRequest, Err: err})
		case n >= 0:
			c.tape.doc.Recordings[n].play(ctx, yield)
		default:
			c.record(ctx, r, &take{tape: c.tape, washer: w, question: q}, yield)
		}
	}
}

// play plays a reply until it ends, is left or cancelled.
func (r recording) play(ctx context.Context, yield func(model.Part, error) bool) {
	give := func(p model.Part) bool {
		if err := ctx.Err(); err != nil {
			yield(nil, err)
			return false
		}
		return yield(p, nil)
	}
	for _, s := range r.Reply {
		on := true
		switch {
		case s.Call != nil:
			on = give(s.Call.part())
		case s.Usage != nil:
			on = give(model.Usage(*s.Usage))
		case s.Done != nil:
			on = give(model.Done{Reason: model.Reason(*s.Done)})
		case s.Error != nil:
			yield(nil, s.Error.play())
		case s.Left:
			yield(nil, &model.Error{Kind: model.Truncated, Err: errLeft})
		}
		for _, t := range s.Text {
			if on = give(model.Text(t)); !on {
				break
			}
		}
		if !on {
			return
		}
	}
}

// take is a recording under way. The lock of its tape guards the steps.
type take struct {
	tape     *tape[recording]
	washer   washer
	question question
	parts    []model.Part
	size     int
	end      step
}

func (c *Cassette) record(ctx context.Context, r model.Request, t *take, yield func(model.Part, error) bool) {
	t.end = step{Left: true} // until it ends otherwise
	c.tape.add(t.recording)
	parts := c.model.Generate(ctx, r)
	if parts == nil {
		t.finish(step{Cut: true})
		return
	}
	for part, err := range parts {
		if err != nil {
			if ctx.Err() == nil {
				t.finish(step{Error: keepError(err)})
			}
			yield(nil, err)
			return
		}
		if done, ok := part.(model.Done); ok {
			t.finish(step{Done: (*string)(&done.Reason)})
			yield(part, nil)
			return
		}
		t.keep(part)
		if !yield(part, nil) {
			return
		}
	}
	if ctx.Err() == nil {
		t.finish(step{Cut: true})
	}
}

func (t *take) finish(end step) {
	t.tape.mu.Lock()
	defer t.tape.mu.Unlock()
	t.end = end
}

func (t *take) keep(p model.Part) {
	switch v := p.(type) {
	case nil:
		return
	case model.Text:
		if v == "" {
			return
		}
		t.size += len(v)
	case model.ToolCall:
		v.Arguments = slices.Clone(v.Arguments)
		t.size += len(v.Arguments)
		p = v
	}
	if t.size > mostReply {
		t.tape.fail(errTooLong)
		return
	}
	t.tape.mu.Lock()
	defer t.tape.mu.Unlock()
	t.parts = append(t.parts, p)
}

// recording is what is written.
func (t *take) recording() recording {
	r := recording{prompt: t.question.prompt, Request: t.question.request, Receipt: t.washer.prompt.Receipt.Stable}
	for _, j := range t.washer.prompt.Plan.Jobs {
		r.Jobs = append(r.Jobs, storedJob{j.Job.ID(), j.Job.Revision(), j.Job.Hash()})
	}
	var said []string
	flush := func() {
		if pieces := t.washer.pieces(said); len(pieces) > 0 {
			r.Reply = append(r.Reply, step{Text: pieces})
		}
		said = nil
	}
	for _, p := range t.parts {
		if v, ok := p.(model.Text); ok {
			said = append(said, string(v))
			continue
		}
		flush()
		switch v := p.(type) {
		case model.ToolCall:
			c := t.washer.call(v)
			r.Reply = append(r.Reply, step{Call: &c})
		case model.Usage:
			u := storedUsage(v)
			r.Reply = append(r.Reply, step{Usage: &u})
		}
	}
	flush()
	if e := t.end.Error; e != nil {
		e.Message = text(t.washer.wash(string(e.Message)))
	}
	r.Reply = append(r.Reply, t.end)
	return r
}

// pieces washes the pieces of a text. Where something is taken out that stands in several pieces, they become
// one.
func (w washer) pieces(said []string) []piece {
	var pieces []piece
	var apart strings.Builder
	for _, s := range said {
		if s = w.wash(s); s != "" {
			pieces = append(pieces, piece(s))
			apart.WriteString(s)
		}
	}
	if whole := w.wash(strings.Join(said, "")); whole != apart.String() {
		return []piece{piece(whole)}
	}
	return pieces
}

// Close ends the cassette and writes what was recorded. When it returns an error nothing was written: a
// [*SecretError] for what must not be, an answer that was too long, or the operating system's. What is still
// being asked goes on, and is recorded as left. In Replay it does nothing else: ask [Cassette.Left] whether
// all was played. Closing again returns the same.
func (c *Cassette) Close() error {
	return c.tape.close(func(d *document[recording], fresh []recording) {
		prompts := map[string]storedPrompt{}
		for i, r := range d.Recordings { // a file that was edited by hand has other names
			p := d.Prompts[r.Request.Prompt]
			d.Recordings[i].Request.Prompt = p.name()
			prompts[p.name()] = p
		}
		for _, r := range fresh {
			prompts[r.prompt.name()] = r.prompt
		}
		delete(prompts, "")
		d.Prompts = prompts
		d.Recordings = append(d.Recordings, fresh...)
	}, textsOfModel)
}

// Recording names a recording in the file.
type Recording struct {
	Number int    // from 1, in the order of the file
	Asked  string // the last message, or the method and address; at most 80 characters
}

// Left returns the recordings that were not played, in the order of the file: in Replay, what a changed test
// does not ask any more.
func (c *Cassette) Left() []Recording {
	var all []Recording
	for _, i := range c.tape.left() {
		all = append(all, c.tape.doc.Recordings[i].named(i))
	}
	return all
}

func (r recording) named(i int) Recording {
	asked := ""
	if n := len(r.Request.Messages); n > 0 {
		m := r.Request.Messages[n-1]
		asked = string(m.Role) + ": " + string(m.Text)
	}
	return Recording{i + 1, shorten(asked, 80)}
}
