package runtime_test

import (
	"os"
	"strconv"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/internal/corpus"
	"github.com/sonajobs/sona/runtime"
)

// tally counts what recorded calls were made of.
type tally struct{ calls, callers, agents, actions, once, reworded, repeated, cut, left int }

func (n *tally) add(s *stage) {
	n.calls++
	n.left += s.call.Left
	n.once += len(s.want)
	for _, turn := range s.call.Turns {
		n.actions += len(turn.Actions)
		if turn.Caller != "" {
			n.callers++
		}
		if turn.Agent != "" {
			n.agents++
		}
	}
}

func (n tally) log(t *testing.T) {
	t.Helper()
	t.Logf("%d calls, %d turns of callers, %d of agents; %d actions recorded, %d of them for a second time, %d carried out, %d requests for one that was carried out already; %d turns spoken in other words, %d cut off; %d recorded steps were never readable",
		n.calls, n.callers, n.agents, n.actions, n.actions-n.once, n.once, n.repeated, n.reworded, n.cut, n.left)
}

// stride says that every nth recording has to do: so many, more in short tests and with the race detector, which makes
// them slow. SONA_EVERY says it for all tests: 1 is every recording.
func stride(t *testing.T, n int) int {
	t.Helper()
	if env := os.Getenv("SONA_EVERY"); env != "" {
		n, err := strconv.Atoi(env)
		require.NoError(t, err)
		require.Positive(t, n)
		return n
	}
	switch { // no multiple of what the number of a call decides
	case testing.Short():
		return 23 * n
	case raced:
		return 7 * n
	}
	return n
}

// every runs a test on recorded calls.
func every(t *testing.T, on func(t *testing.T, s *stage)) (n tally) {
	t.Helper()
	nth := stride(t, 1)
	for i, c := range corpus.ScriptedCalls(t) {
		if i%nth != 0 {
			continue
		}
		synctest.Test(t, func(t *testing.T) {
			defer func() {
				if t.Failed() {
					t.Logf("in call %d, %s", i, c.ID)
				}
			}()
			s := newStage(t, i, c)
			on(t, s)
			n.add(s)
			n.reworded, n.repeated, n.cut = n.reworded+s.reworded, n.repeated+s.repeated, n.cut+s.cut
		})
		if t.Failed() {
			break
		}
	}
	n.log(t)
	return n
}

func (s *stage) chat() *runtime.Chat {
	c, err := s.runtime().BeginChat(s.t.Context(), s.ws, incoming(runtime.Incoming{}))
	require.NoError(s.t, err)
	return c
}

func TestARecordedCallIsHeldAsAChat(t *testing.T) {
	every(t, func(t *testing.T, s *stage) {
		c := s.chat()
		turns, first := s.callers()
		greeted := ""
		if first == 1 {
			greeted = greet(t, c)
			require.Equal(t, s.call.Turns[0].Agent, greeted)
		}
		for i, turn := range turns {
			s.say(first + i)
			heard := hear(t, c, turn.Caller)
			require.True(t, spoken(turn.Agent, heard), "%q is spoken as %q", turn.Agent, heard)
		}
		_, over := c.Over()
		require.Equal(t, s.ends, over)
		r := end(t, c)
		synctest.Wait()
		s.compare(r, greeted)
		s.check(r)
	})
}
