package runtime

import (
	"context"
	"time"

	"github.com/sonajobs/sona/callflow/call"
)

// mostHush is how long Sona waits for words after an interruption, while the caller's question is open.
const mostHush = 2 * time.Second

// quiet measures how long a caller says nothing to Sona who listens.
type quiet struct {
	since  time.Time // she listens since then; zero while she does not
	nudges int       // since the caller was there last
}

// present takes that the caller is there.
func (q *quiet) present() { *q = quiet{} }

// due returns when the silence has lasted long enough that something is to be done about it, the zero time while
// Sona does not listen or waits for ever.
func (s *Session) due() time.Time {
	e := s.e
	if !e.listening() || len(s.words.kept) > 0 {
		s.silence.since = time.Time{}
		return time.Time{}
	}
	if s.silence.since.IsZero() {
		s.silence.since = time.Now()
	}
	from := s.silence.since
	if end := s.playing.end(); end.After(from) {
		from = end
	}
	switch limit := e.rt.limits.Silence; {
	case e.unanswered():
		return from.Add(mostHush)
	case limit < 0 || e.in.Written:
		return time.Time{}
	default:
		return from.Add(limit)
	}
}

// breakSilence does what is due: it answers what was left open by an interruption without words, asks whether the
// caller is there, or says goodbye. Whoever speaks into the goodbye is there after all.
func (s *Session) breakSilence(ctx context.Context) {
	e := s.e
	s.silence.since = time.Time{}
	if e.unanswered() {
		e.generate(ctx, 1)
		return
	}
	text := phrase(e.sona, nobody)
	if s.silence.nudges < e.rt.limits.Nudges {
		text = variant(e.sona, stillThere, s.silence.nudges)
		s.silence.nudges++
	} else {
		e.ending = &ending{outcome: call.Outcome{Kind: call.NoInput}, effect: -1}
	}
	e.speak(text)
	last := &e.spoken[len(e.spoken)-1]
	last.nudge, last.entry = true, e.history.agent(text, nil)
}
