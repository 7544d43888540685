package mockcall_test

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/job/template"
	"github.com/sonajobs/sona/runtime/mockcall"
	"github.com/sonajobs/sona/runtime/model/scripted"
)

func coverage(t *testing.T, s shop, c mockcall.Config, scenarios ...mockcall.Scenario) *mockcall.Coverage {
	t.Helper()
	c.Flow = s.flow.ID()
	r, err := mockcall.Suite(t.Context(), s.ws, c, 1, scenarios)
	require.NoError(t, err)
	found, err := r.Coverage()
	require.NoError(t, err)
	return found
}

func TestCoverageListsTheJobLineByLine(t *testing.T) {
	s := newShop(t)
	failing := texted("hangs up")
	failing.Caller = func(uint64) mockcall.Caller { return polite(3) }
	c := coverage(t, s, mockcall.Config{}, always("gets the text"), failing)
	want := `engine: rehearsal
calls: 1 passed, 1 failed

Text the link (revision 1)
pass  fail
   .     .   This job texts the link to the price list.
   1     1   1. Ask for the caller's name.
   0     0 ! 2. Text the link: {{action send_sms text="Prices: https://example.com/prices"}}
   1     0   3. Thank the caller and say goodbye: {{action end_call}}
   1     0   result: Name

The rehearsal follows the shape of a job and speaks for no language model: it shows which parts a caller can come to, not what a model would say, choose or leave out.
`
	require.Empty(t, cmp.Diff(want, c.Listing()), "line 2: nobody met the fault of send_sms")
	require.Contains(t, c.Text(), "  fault        0 of   1   not: send_sms fails\n")

	down := always("texts are down")
	down.Checks = []mockcall.Check{mockcall.Never(job.EndCall)}
	down.With = func(_ uint64, c *mockcall.Config) {
		c.Faults = map[job.ActionName]error{job.SendSMS: errors.New("down")}
	}
	c = coverage(t, s, mockcall.Config{}, down)
	require.Contains(t, c.Text(), "send_sms fails (by failed calls only)", "the fault was met, by a call that failed")
}

func TestATurnOfUnknownJobCoversNothing(t *testing.T) {
	s := newShop(t)
	silent := always("says no mark")
	silent.Checks = []mockcall.Check{mockcall.Never(job.SendSMS)}
	silent.With = func(_ uint64, c *mockcall.Config) {
		c.Model = scripted.New(scripted.Say("What is your name?"), scripted.Say("Thank you."), scripted.Say("Goodbye."))
	}
	c := coverage(t, s, mockcall.Config{}, silent)
	reached, all := c.Count(mockcall.StepPart)
	require.Equal(t, [2]int{0, 3}, [2]int{reached, all})
	require.Equal(t, 3, c.Unknown)
	require.NotContains(t, c.Text(), "rehearsal follows")
}

func TestARunWithoutAnyCheckCoversNothing(t *testing.T) {
	_, err := mockcall.Cover(mockcall.SuiteRun{Scenario: "x", Outcome: mockcall.RunPassed})
	require.ErrorIs(t, err, mockcall.ErrNoChecks)
}

func TestBranchesAndRulesAreCovered(t *testing.T) {
	spec := template.Troubleshoot.Spec()
	j, err := job.New(spec)
	require.NoError(t, err)
	parts := func(names ...string) map[string]bool {
		var scenarios []mockcall.Scenario
		for _, v := range templateSuites[template.Troubleshoot] {
			for _, n := range names {
				if v.name == n {
					scenarios = append(scenarios, v.scenario(spec))
				}
			}
		}
		r, err := mockcall.SuiteOn(t.Context(), deskOf(t, j), mockcall.Config{}, 1, scenarios)
		require.NoError(t, err)
		require.NoError(t, r.Err())
		c, err := r.Coverage()
		require.NoError(t, err)
		raw, err := c.JSON()
		require.NoError(t, err)
		var back mockcall.Coverage
		require.NoError(t, json.Unmarshal(raw, &back))
		require.Equal(t, *c, back)
		reached := map[string]bool{}
		for _, p := range c.Jobs[0].Parts {
			if p.Kind == mockcall.BranchPart || p.Kind == mockcall.RulePart || p.Kind == mockcall.FaultPart {
				reached[p.Name] = p.Reached()
			}
		}
		return reached
	}
	helped := parts("is helped")
	require.True(t, helped["If the trouble is over, go to step …"], "%v", helped)
	require.False(t, helped["transfer_call fails"])
	all := parts("is helped", "support is down", "declines all", "wants no transfer")
	require.True(t, all["transfer_call fails"], "%v", all)
	declines := false
	for name, reached := range all {
		declines = declines || reached && name == "If the caller declines to answer, say that …"
	}
	require.True(t, declines, "%v", all)
}
