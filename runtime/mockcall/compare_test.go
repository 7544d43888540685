package mockcall_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime/mockcall"
	"github.com/sonajobs/sona/runtime/model/scripted"
)

// lucky is a suite whose model asks for the name in some of the runs before the edit and in others after it.
func lucky(before, after func(seed uint64) bool) (mockcall.Config, []mockcall.Scenario) {
	sc := always("asks")
	sc.Checks = []mockcall.Check{mockcall.Asks("name")}
	side := before
	sc.Caller = func(uint64) mockcall.Caller { return polite(1) }
	sc.With = func(seed uint64, c *mockcall.Config) {
		text := "Hm."
		if side(seed) {
			text = "Your name?"
		}
		c.Model = scripted.New(scripted.Say(text), scripted.Say("Hm."), scripted.Say("Hm."))
	}
	config := mockcall.Config{Model: scripted.New()}
	config.Progress = func(p mockcall.Progress) {
		if p.Done == p.All {
			side = after // the calls before the edit are over
		}
	}
	return config, []mockcall.Scenario{sc}
}

func TestACompareTellsBetterWorseNoWorseAndCannotTell(t *testing.T) {
	never := func(uint64) bool { return false }
	ever := func(uint64) bool { return true }
	upTo := func(n uint64) func(uint64) bool { return func(seed uint64) bool { return seed <= n } }
	s := newShop(t)
	spec := s.link.Spec()
	spec.Description = "Edited."
	edited, err := s.link.With(spec)
	require.NoError(t, err)
	for _, tt := range []struct {
		name          string
		before, after func(uint64) bool
		n             int
		want          mockcall.Finding
		p             float64
	}{
		{"six gained of six", never, ever, 6, mockcall.Better, 0.03125},
		{"five gained of five", never, ever, 5, mockcall.CannotTell, 0.0625},
		{"six lost", ever, never, 6, mockcall.Worse, 0.03125},
		{"none of 29 lost", ever, ever, 29, mockcall.NoWorse, 1},
		{"none of 20 lost: up to 14 of 100 could be", ever, ever, 20, mockcall.CannotTell, 1},
		{"both fail always", never, never, 40, mockcall.NoWorse, 1},
		{"three of thirty lost", ever, upTo(27), 30, mockcall.CannotTell, 0.25},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c, scenarios := lucky(tt.before, tt.after)
			c.Flow = s.flow.ID()
			got, err := mockcall.Compare(t.Context(), s.ws, c, mockcall.Pair{Before: s.link, After: edited}, tt.n, scenarios)
			require.NoError(t, err)
			require.Equal(t, tt.want, got.Finding, "%s", got)
			require.InDelta(t, tt.p, got.P, 1e-9)
			require.Equal(t, tt.n, got.Pairs)
		})
	}
}

func TestACompareSaysWhatItCouldHaveSeen(t *testing.T) {
	s := newShop(t)
	run := func(n int) float64 {
		c, scenarios := lucky(func(uint64) bool { return true }, func(uint64) bool { return true })
		c.Flow = s.flow.ID()
		got, err := mockcall.Compare(t.Context(), s.ws, c, mockcall.Pair{Before: s.link, After: s.link}, n, scenarios)
		require.NoError(t, err)
		return got.Detectable
	}
	require.InDelta(t, 1, run(5), 1e-9, "five pairs find nothing")
	require.InDelta(t, 0.963, run(6), 0.001, "six of six in four of five tries: the sixth root of 0.8")
	require.InDelta(t, 0.366, run(20), 0.001)
}

func TestEqualRehearsalsProveWhatOneProves(t *testing.T) {
	s := newShop(t)
	spec := s.link.Spec()
	spec.Instructions = strings.Replace(spec.Instructions, "{{action send_sms text=\"Prices: https://example.com/prices\"}}", "", 1)
	broken, err := s.link.With(spec)
	require.NoError(t, err)
	got, err := mockcall.Compare(t.Context(), s.ws, mockcall.Config{Flow: s.flow.ID()}, mockcall.Pair{Before: s.link, After: broken}, 50, []mockcall.Scenario{always("x")})
	require.NoError(t, err)
	require.Equal(t, 1, got.Pairs)
	require.Equal(t, 1, got.Lost)
	require.Equal(t, mockcall.CannotTell, got.Finding)
	require.Contains(t, got.String(), "speaks for no language model")
}

func TestACompareIsOfOneJob(t *testing.T) {
	s := newShop(t)
	other, err := job.New(job.Spec{Name: "x", Instructions: "1. Wait."})
	require.NoError(t, err)
	_, err = mockcall.Compare(t.Context(), s.ws, mockcall.Config{Flow: s.flow.ID()}, mockcall.Pair{Before: s.link, After: other}, 1, []mockcall.Scenario{always("x")})
	require.ErrorIs(t, err, mockcall.ErrPair)
}
