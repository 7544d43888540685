package runtime_test

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/runtime"
)

// audio is a Port that plays: an utterance takes its time, then the caller has heard it and the call is told so. What
// is flushed is never heard.
type audio struct {
	s     *runtime.Session
	heard chan string // utterances that were heard to their end

	mu    sync.Mutex
	text  string    // of the utterance that is being taken
	until time.Time // when all that was taken will have been heard
	plays []*time.Timer
}

func newAudio(s *runtime.Session) *audio { return &audio{s: s, heard: make(chan string, 100)} }

func (a *audio) Say(_ context.Context, s runtime.Speech) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.text += s.Text
	if !s.Last {
		return nil
	}
	const speed = 20 // characters a second
	text := a.text
	a.text = ""
	if now := time.Now(); a.until.Before(now) {
		a.until = now
	}
	a.until = a.until.Add(time.Duration(len([]rune(text))) * time.Second / speed)
	a.plays = append(a.plays, time.AfterFunc(time.Until(a.until), func() {
		_ = a.s.Put(runtime.PlayedOut{Utterance: s.Utterance})
		a.heard <- text
	}))
	return nil
}

func (a *audio) Flush(context.Context) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.text, a.until = "", time.Time{}
	for _, p := range a.plays {
		p.Stop()
	}
	a.plays = nil
	return nil
}

func (a *audio) End(context.Context, call.Outcome) error { return nil }

// held is a recorded call on a line.
type held struct {
	*runtime.Session
	audio  *audio
	done   chan struct{}
	record call.Record
	err    error
}

func (s *stage) ring() *held {
	t := s.t
	session, err := s.runtime().Begin(t.Context(), s.ws, incoming(runtime.Incoming{}))
	require.NoError(t, err)
	h := &held{Session: session, audio: newAudio(session), done: make(chan struct{})}
	go func() {
		defer close(h.done)
		h.record, h.err = session.Run(t.Context(), h.audio)
	}()
	return h
}

// hears waits until the caller has heard a text to its end, whatever comes before. It is false when the call is over
// before.
func (h *held) hears(t *testing.T, text string) bool {
	t.Helper()
	for {
		select {
		case heard := <-h.audio.heard:
			if spoken(text, heard) {
				return true
			}
		case <-h.done:
			synctest.Wait() // what was heard last and the end come at one time
			select {
			case heard := <-h.audio.heard:
				return spoken(text, heard)
			default:
				return false
			}
		case <-time.After(time.Hour):
			assert.Fail(t, "the call is stuck", "waiting for %q", text)
			return false
		}
	}
}

// over waits for the end, which is the caller's where the recording has no other.
func (s *stage) over(h *held) call.Record {
	if !s.ends {
		require.NoError(s.t, h.Put(runtime.HungUp{}))
	}
	<-h.done
	require.NoError(s.t, h.err)
	synctest.Wait()
	return h.record
}

func TestARecordedCallIsHeldOnALine(t *testing.T) {
	every(t, func(t *testing.T, s *stage) {
		h := s.ring()
		turns, first := s.callers()
		greeted := greeting
		if first == 1 {
			greeted = s.call.Turns[0].Agent
		}
		require.True(t, h.hears(t, greeted))
		for i, turn := range turns {
			<-time.After(time.Second)
			s.say(first + i)
			require.NoError(t, h.Put(caller(turn.Caller)))
			if turn.Agent != "" {
				require.True(t, h.hears(t, turn.Agent), "%q was not heard", turn.Agent)
			}
		}
		r := s.over(h)
		s.compare(r, greeted)
		s.check(r)
	})
}
