package runtime

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"
	"sync/atomic"
	"time"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime/prompt"
)

// Session is a call for a host with a line: what the caller does goes in by [Session.Put], what Sona says
// comes out of the [Port] given to [Session.Run]. The newest input wins: what Sona was saying or thinking is
// dropped, and the calls of a dropped reply never run.
type Session struct {
	e       *engine
	feed    *feed
	playing playing
	flush   bool // something that was taken is to be dropped
	begun   atomic.Bool
	closed  atomic.Bool
}

func newSession(e *engine) *Session { return &Session{e: e, feed: newFeed()} }

// ID returns the call's ID.
func (s *Session) ID() call.ID { return s.e.in.ID }

// Prompt returns the prompt of the call.
func (s *Session) Prompt() prompt.Prompt { return s.e.prompt }

// Put hands in what happened on the line, from any goroutine; it never blocks. Before Run it queues. After
// the call it is [ErrOver].
func (s *Session) Put(in Input) error {
	if s.closed.Load() {
		return ErrOver
	}
	s.e.mail.post(func() { s.take(in) })
	return nil
}

// Events yields what happens on the call, from its beginning on, until it is over or ctx ends. Any number of
// goroutines may look on.
func (s *Session) Events(ctx context.Context) iter.Seq[Event] { return s.feed.events(ctx) }

var errRunTwice = errors.New("runtime: a Session runs once")

// Run greets the caller and runs the call on the port until it is over. It returns once, always with a
// record, also when the port fails or ctx ends; the error is the port's, or ctx's. A second Run is an error
// and does nothing.
func (s *Session) Run(ctx context.Context, port Port) (call.Record, error) {
	if !s.begun.CompareAndSwap(false, true) {
		return call.Record{}, errRunTwice
	}
	s.playing.ctx = ctx
	s.e.greet()
	err := s.loop(ctx, port)
	s.closed.Store(true)
	if fault := s.deliver(ctx, port); err == nil {
		err = fault
	}
	if fault := port.End(context.WithoutCancel(ctx), s.e.rec.Outcome); err == nil && fault != nil {
		err = fmt.Errorf("runtime: port: %w", fault)
	}
	r := s.e.end(ctx)
	s.feed.close()
	return r, err
}

func (s *Session) loop(ctx context.Context, port Port) error {
	e := s.e
	for !e.over {
		if err := s.deliver(ctx, port); err != nil {
			e.finish(call.Outcome{Kind: call.Failed, Reason: "the host's line failed"})
			return err
		}
		if f := e.mail.take(); f != nil {
			f()
			continue
		}
		var heard <-chan time.Time
		if e.ending != nil && e.idle() {
			wait := s.playing.rest(e.rt.limits.PlayOut)
			if wait <= 0 {
				e.settle()
				continue
			}
			heard = time.After(wait)
		}
		select {
		case <-e.mail.ready:
		case <-heard:
			e.settle()
		case <-ctx.Done():
			e.finish(call.Outcome{Kind: call.HungUp, Reason: "the host ended the call"})
			return ctx.Err()
		}
	}
	return nil
}

// deliver hands everything that happened to the port and to those who look on.
func (s *Session) deliver(ctx context.Context, port Port) error {
	if s.flush {
		s.flush = false
		if err := port.Flush(ctx); err != nil {
			return fmt.Errorf("runtime: port: %w", err)
		}
	}
	for ev, ok := s.e.next(); ok; ev, ok = s.e.next() {
		s.feed.add(ev)
		said, ok := ev.(Said)
		if !ok {
			continue
		}
		s.playing.say(said)
		err := port.Say(ctx, Speech{Utterance: UtteranceID(said.Turn + 1), Text: said.Text, Lang: s.language(), Last: said.Last})
		if err != nil {
			return fmt.Errorf("runtime: port: %w", err)
		}
	}
	return nil
}

func (s *Session) language() callflow.Language {
	if l := s.e.sona.Persona.Languages; len(l) > 0 {
		return l[0]
	}
	return callflow.English
}

// take carries out one input; it runs in Run's goroutine.
func (s *Session) take(in Input) {
	if s.e.over {
		return
	}
	switch in := in.(type) {
	case CallerSaid:
		if !in.Partial && strings.TrimSpace(in.Text) != "" {
			s.hear(in.Text)
		}
	case CallerPressed:
		if in.Digits != "" {
			s.hear("(pressed " + in.Digits + " on the keypad)")
		}
	case Interrupted:
		s.interrupted(in)
	case PlayedOut:
		s.playing.heard(in)
	case TransferStatus:
		s.transfer(in)
	case HungUp:
		s.cut(nil)
		s.e.finish(call.Outcome{Kind: call.HungUp, Reason: in.Reason})
	case Note:
		s.e.told = append(s.e.told, in)
	case Finish:
		s.cut(nil)
		o := in.Outcome
		if o.Kind == "" {
			o.Kind = call.Ended
		}
		s.e.finish(o)
	}
}

func (s *Session) hear(text string) {
	s.cut(nil)
	s.e.hear(s.playing.ctx, text)
}

func (s *Session) interrupted(in Interrupted) {
	heard := in.Heard
	if in.Unknown {
		s.cut(nil)
	} else {
		s.cut(&heard)
	}
	s.e.interrupt()
}

// cut ends the utterance that is being heard: it keeps what was heard of it, as the host knows it, else as
// it is estimated from the time that passed.
func (s *Session) cut(heard *string) {
	turn, n, playing := s.playing.stop(heard)
	if !playing || turn >= len(s.e.rec.Turns) {
		return
	}
	s.e.spoken[turn].characters = min(n, s.e.spoken[turn].characters)
	s.flush = true
}

// transfer takes what became of a transfer while the line is still there.
func (s *Session) transfer(in TransferStatus) {
	for i := range s.e.rec.Effects {
		f := &s.e.rec.Effects[i]
		if f.Action != job.TransferCall || in.Key != "" && in.Key != f.Key || in.State != TransferFailed {
			continue
		}
		f.Err = "the transfer failed: " + in.Reason
		s.e.ending = nil
		s.e.note(call.NoteUnreachable, f.Job, f.Action, f.Err)
	}
}
