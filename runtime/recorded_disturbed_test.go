package runtime_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/internal/corpus"
	"github.com/sonajobs/sona/runtime"
)

// A recorded call is disturbed once, in a turn with actions where there is one: each call in a way of its own, and
// always in the same.
const (
	bargeIn    = iota // the caller speaks over what is said or done, and says it all again
	twice             // what the caller says comes twice
	speculated        // the model is asked before it is known all that the caller says
	disturbances
)

func (s *stage) disturbance() (kind, turn int, after time.Duration) {
	var all, with []int
	for i, turn := range s.call.Turns {
		if turn.Caller == "" || turn.Agent == "" { // without words of the agent's there is nothing to be heard again
			continue
		}
		if all = append(all, i); len(turn.Actions) > 0 {
			with = append(with, i)
		}
	}
	if len(with) == 0 {
		with = all
	}
	require.NotEmpty(s.t, with)
	n := s.nth / disturbances
	return s.nth % disturbances, with[n%len(with)], time.Duration(n%20) * 47 * time.Millisecond
}

// checkDisturbed is check and compare for a call that was disturbed: what was said in the end is what was recorded.
func (s *stage) checkDisturbed(r call.Record, greeted, half string) {
	t := s.t
	callers, agents := loose(r, half)
	wantCallers, wantAgents := s.looseTurns(greeted)
	require.Equal(t, wantCallers, callers)
	require.True(t, slices.EqualFunc(wantAgents, agents, spoken), "%q is not %q", agents, wantAgents)
	s.check(r)
	for _, turn := range r.Turns {
		if turn.Interrupted {
			s.cut++
		}
	}
}

func TestADisturbedRecordedChatRepeatsNoAction(t *testing.T) {
	n := every(t, func(t *testing.T, s *stage) {
		c := s.chat()
		turns, first := s.callers()
		greeted := ""
		if first == 1 {
			greeted = greet(t, c)
		}
		kind, at, after := s.disturbance()
		for i, turn := range turns {
			s.say(first + i)
			if first+i == at {
				s.disturb(c, turn.Caller, kind, after)
			}
			if _, over := c.Over(); !over {
				hear(t, c, turn.Caller)
			}
		}
		r := end(t, c)
		synctest.Wait()
		s.checkDisturbed(r, greeted, "")
	})
	n.disturbed(t)
}

// disturbed checks that the calls were.
func (n tally) disturbed(t *testing.T) {
	t.Helper()
	require.Greater(t, n.repeated, n.actions-n.once, "no action was asked for again")
	require.NotZero(t, n.cut, "nothing was cut off")
}

// disturb lets a chat take what it will be given once more.
func (s *stage) disturb(c *runtime.Chat, text string, kind int, after time.Duration) {
	t := s.t
	switch kind {
	case bargeIn:
		most := 1 + int(after/time.Millisecond)%5
		for _, err := range c.Hear(t.Context(), text) {
			require.NoError(t, err)
			if most--; most == 0 {
				return
			}
		}
	case twice:
		hear(t, c, text)
	default:
		ctx, cancel := context.WithTimeout(t.Context(), after)
		defer cancel()
		_, err := tryHear(ctx, c, text)
		require.True(t, err == nil || ctx.Err() != nil)
	}
}

func TestADisturbedRecordedLineRepeatsNoAction(t *testing.T) {
	n := every(t, func(t *testing.T, s *stage) {
		h := s.ring()
		turns, first := s.callers()
		greeted := greeting
		if first == 1 {
			greeted = s.call.Turns[0].Agent
		}
		require.True(t, h.hears(t, greeted))
		kind, at, after := s.disturbance()
		half := ""
		for i, turn := range turns {
			<-time.After(time.Second)
			s.say(first + i)
			if first+i == at {
				half = s.interfere(h, turn, kind, after)
			}
			err := h.Put(caller(turn.Caller))
			if s.ends && i == len(turns)-1 && errors.Is(err, runtime.ErrOver) {
				break // what was said before has ended it
			}
			require.NoError(t, err)
			if turn.Agent != "" {
				require.True(t, h.hears(t, turn.Agent), "%q was not heard", turn.Agent)
			}
		}
		s.checkDisturbed(s.over(h), greeted, half)
	})
	n.disturbed(t)
}

// interfere is disturb on a line. What the caller is understood to have said meanwhile is returned.
func (s *stage) interfere(h *held, turn corpus.ScriptedTurn, kind int, after time.Duration) (half string) {
	t := s.t
	said := turn.Caller
	if kind == speculated {
		half = words(string([]rune(said)[:len([]rune(said))/2]))
		said = half
	}
	if said == "" {
		return ""
	}
	require.NoError(t, h.Put(caller(said)))
	<-time.After(after)
	if kind == bargeIn && h.Put(runtime.Interrupted{Unknown: true}) == nil {
		<-time.After(200 * time.Millisecond)
	}
	synctest.Wait()
	for len(h.audio.heard) > 0 { // it is said once more
		<-h.audio.heard
	}
	return half
}
