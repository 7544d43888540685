package runtime

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"
	"sync/atomic"
	"time"

	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/internal/rest"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime/prompt"
)

// Session is a call for a host with a line: what the caller does goes in by [Session.Put], what Sona says
// comes out of the [Port] given to [Session.Run]. The newest input wins: what Sona was saying or thinking is
// dropped, and the calls of a dropped reply never run. It keeps time: a caller who stays silent is asked, and a call
// does not last for ever; see [Limits]. A Session that is never run leaves its record in progress.
type Session struct {
	e       *engine
	feed    *feed
	inputs  *mailbox[Input]
	playing playing
	words   words
	silence quiet
	flush   bool // something that was taken is to be dropped
	taken   int  // inputs
	begun   atomic.Bool
	closed  atomic.Bool
}

func newSession(e *engine) *Session {
	s := &Session{e: e, feed: newFeed(), inputs: newMailbox[Input]()}
	e.speaking = func() time.Duration { return time.Until(s.playing.end()) }
	return s
}

// ID returns the call's ID.
func (s *Session) ID() call.ID { return s.e.in.ID }

// Prompt returns the prompt of the call.
func (s *Session) Prompt() prompt.Prompt { return s.e.prompt }

var errNoInput = errors.New("runtime: an Input is one of the package's, as a value and not as a pointer")

// Put hands in what happened on the line, from any goroutine; it never blocks. Before Run it queues. After
// the call it is [ErrOver]; a nil or a pointer to an Input is an error, too.
func (s *Session) Put(in Input) error {
	switch in.(type) {
	case CallerSaid, CallerPressed, Interrupted, PlayedOut, TransferStatus, HungUp, Note, Finish:
	default:
		return errNoInput
	}
	if s.closed.Load() {
		return ErrOver
	}
	s.inputs.post(in)
	return nil
}

// Events yields what happens on the call, from its beginning on, until it is over or ctx ends. Any number of
// goroutines may look on. Pieces of what was said while nobody did come joined.
func (s *Session) Events(ctx context.Context) iter.Seq[Event] { return s.feed.events(ctx) }

var errRunTwice = errors.New("runtime: a Session runs once")

// Run greets the caller and runs the call on the port until it is over. It returns once, always with the
// final record, also when the port fails or ctx ends; the error is the port's, or ctx's. Between Port.End and
// its return it waits for an action under way, summarises, and stores the record. A second Run is an error and
// does nothing.
func (s *Session) Run(ctx context.Context, port Port) (call.Record, error) {
	if !s.begun.CompareAndSwap(false, true) {
		return call.Record{}, errRunTwice
	}
	s.e.greet()
	err := s.loop(ctx, port)
	s.closed.Store(true)
	if fault := guard(func() error { return port.End(context.WithoutCancel(ctx), s.e.rec.Outcome) }); err == nil {
		err = fault
	}
	r := s.e.end(ctx)
	s.rest()
	return r, err
}

// guard calls a method of the port. One that panics has failed: the call still gets its record.
func guard(do func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("runtime: port: panic: %v", p)
		}
	}()
	if err := do(); err != nil {
		return fmt.Errorf("runtime: port: %w", err)
	}
	return nil
}

func (s *Session) loop(ctx context.Context, port Port) error {
	e := s.e
	timer := time.NewTimer(forEver)
	defer timer.Stop()
	for {
		if err := s.deliver(ctx, port); err != nil {
			s.remember()
			e.finish(call.Outcome{Kind: call.Failed, Reason: "the host's line failed"})
			return err
		}
		if e.over {
			return nil
		}
		if in, ok := s.inputs.take(); ok { // before what the model has to say: the newest input wins
			s.taken++
			s.take(ctx, in)
			continue
		}
		if f, ok := e.mail.take(); ok {
			f()
			continue
		}
		if ctx.Err() != nil {
			s.cut(0, -1)
			s.remember()
			e.leave(call.Outcome{Kind: call.HungUp, Reason: "the host ended the call"})
			err := ctx.Err()
			if fault := s.deliver(context.WithoutCancel(ctx), port); fault != nil {
				err = errors.Join(err, fault)
			}
			return err
		}
		if s.answer(ctx) || e.advance(ctx) {
			continue
		}
		wait := s.next(ctx)
		if wait == 0 {
			continue
		}
		if r, ok := port.(rest.Port); ok && e.idle() && s.words.keys == "" && len(s.words.kept) == 0 {
			r.Rest(rest.Inputs(s.taken))
		}
		timer.Reset(wait)
		select {
		case <-s.inputs.ready:
		case <-e.mail.ready:
		case <-timer.C:
		case <-ctx.Done():
		}
	}
}

const forEver time.Duration = 1000 * time.Hour

// next does what the time asks for, and returns 0 then; else how long there is nothing to do.
func (s *Session) next(ctx context.Context) time.Duration {
	e := s.e
	now := time.Now()
	wait := forEver
	until := func(d time.Duration) bool {
		wait = min(wait, max(0, d))
		return d <= 0
	}
	if e.ending != nil && e.idle() && until(s.playing.rest(e.rt.limits.PlayOut)) {
		s.remember()
		e.settle()
		return 0
	}
	if s.words.keys != "" && until(s.words.pressed.Add(e.rt.limits.Digits).Sub(now)) {
		s.heard(ctx, "")
		return 0
	}
	if len(s.words.kept) > 0 {
		until(s.playing.whole(e.rt.limits.PlayOut))
	}
	if due := s.due(); !due.IsZero() && until(due.Sub(now)) {
		s.breakSilence(ctx)
		return 0
	}
	if left, limited := e.left(); limited && e.listening() && until(left) {
		e.takeLeave()
		return 0
	}
	return wait
}

// deliver hands everything that happened to the port and to those who look on.
func (s *Session) deliver(ctx context.Context, port Port) error {
	if s.flush {
		s.flush = false
		if err := guard(func() error { return port.Flush(ctx) }); err != nil {
			return err
		}
	}
	for ev, ok := s.e.next(); ok; ev, ok = s.e.next() {
		if said, ok := ev.(Said); ok {
			if err := s.say(ctx, port, said); err != nil {
				return err
			}
			s.e.delivered(ev)
		}
		if _, over := ev.(Over); !over { // the last event, when all is done
			s.feed.add(ev)
		}
	}
	return nil
}

func (s *Session) say(ctx context.Context, port Port, said Said) error {
	id := s.e.spoken[said.Turn].utterance
	err := guard(func() error {
		return port.Say(ctx, Speech{Utterance: id, Text: said.Text, Lang: firstLanguage(s.e.sona), Last: said.Last, NoInterrupt: s.e.spoken[said.Turn].whole})
	})
	if err == nil {
		s.playing.say(id, said.Turn, count(said.Text), s.e.spoken[said.Turn].whole)
	}
	return err
}

// rest tells those who look on what came after the line was left, and that this was all.
func (s *Session) rest() {
	for ev, ok := s.e.next(); ok; ev, ok = s.e.next() {
		if _, over := ev.(Over); !over {
			s.feed.add(ev)
		}
	}
	s.feed.add(Over{s.e.rec.Outcome})
	s.feed.close()
}

// take carries out one input; it runs in Run's goroutine.
func (s *Session) take(ctx context.Context, in Input) {
	switch in := in.(type) {
	case CallerSaid:
		switch {
		case strings.TrimSpace(in.Text) == "":
		case in.Partial:
			s.bargeIn(0, -1)
		default:
			s.heard(ctx, in.Text)
		}
	case CallerPressed:
		if s.words.press(in.Digits) {
			s.bargeIn(0, -1)
		}
		for entry := s.words.entry(false); entry != ""; entry = s.words.entry(false) {
			rest := s.words.keys
			s.words.keys = ""
			s.heard(ctx, entry)
			s.words.keys = rest
		}
	case Interrupted:
		heard := -1
		if !in.Unknown {
			heard = count(in.Heard)
		}
		s.bargeIn(in.Utterance, heard)
	case PlayedOut:
		s.playing.heard(in)
	case TransferStatus:
		s.transfer(in)
	case HungUp:
		s.cut(0, -1)
		s.remember()
		s.e.leave(call.Outcome{Kind: call.HungUp, Reason: in.Reason})
	case Note:
		s.e.learn(in)
	case Finish:
		s.cut(0, -1)
		s.remember()
		o := in.Outcome
		if o.Kind == "" {
			o.Kind = call.Ended
		}
		s.e.finish(o)
	}
}

// cut ends what is being heard: of each utterance what was heard is kept, as the host knows it, else as it is
// estimated from the time that passed. It is false when the utterance named was over long ago.
func (s *Session) cut(id UtteranceID, heard int) bool {
	cut, ok := s.playing.stop(id, heard)
	for _, c := range cut {
		if c.turn < len(s.e.spoken) {
			s.e.spoken[c.turn].characters = min(c.characters, s.e.spoken[c.turn].characters)
			s.flush = true
		}
	}
	return ok
}

// transfer takes what became of a transfer while the line is still there.
func (s *Session) transfer(in TransferStatus) {
	switch in.State {
	case TransferFailed:
		s.e.transferFailed(in.Key, in.Reason, true)
	case TransferUnknown:
		s.e.transferFailed(in.Key, in.Reason, false)
	case TransferConnected:
		if a := s.e.acting; a != nil && s.e.rec.Effects[a.effect].Action == job.TransferCall {
			a.made, a.failed = true, "" // the call leaves when its service comes back
		}
		if s.e.ending != nil && s.e.ending.outcome.Kind == call.Transferred {
			s.e.settle()
		}
	}
}
