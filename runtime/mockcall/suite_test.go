package mockcall_test

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime/mockcall"
	"github.com/sonajobs/sona/runtime/model"
	"github.com/sonajobs/sona/runtime/model/scripted"
)

// polite gets the text; every third caller hangs up before.
func polite(seed uint64) mockcall.Caller {
	if seed%3 == 0 {
		return mockcall.Script("Can I have the price list?")
	}
	return mockcall.Script("Can I have the price list?", "Ann", "Yes, it arrived")
}

func texted(name string) mockcall.Scenario {
	return mockcall.Scenario{Name: name, Caller: polite, Checks: []mockcall.Check{mockcall.Once(job.SendSMS)}}
}

func always(name string) mockcall.Scenario {
	s := texted(name)
	s.Caller = func(uint64) mockcall.Caller { return polite(1) }
	return s
}

func TestASuiteCountsWhichCallsPass(t *testing.T) {
	s := newShop(t)
	var told []mockcall.Progress
	r, err := mockcall.Suite(t.Context(), s.ws, mockcall.Config{Flow: s.flow.ID(), Progress: func(p mockcall.Progress) { told = append(told, p) }}, 6,
		[]mockcall.Scenario{texted("sometimes"), always("always")})
	require.NoError(t, err)
	require.Equal(t, 4, r.Scores[0].Passed)
	require.Equal(t, 6, r.Scores[0].Runs)
	require.Equal(t, 2, r.Scores[0].Distinct, "the rehearsal answers equal callers equally")
	require.Equal(t, 6, r.Scores[1].Passed)
	require.Equal(t, 10, r.All.Passed)
	require.Less(t, r.Scores[1].Low, 0.3, "six equal calls prove what one proves")
	require.Len(t, told, 12)
	require.Equal(t, mockcall.Progress{Done: 12, All: 12, Failed: 2}, told[11])
	require.ErrorIs(t, r.Err(), mockcall.ErrFailed)
	require.ErrorContains(t, r.Err(), `scenario "sometimes", seed 3: failed: send_sms was done 0 times`)
	require.NotContains(t, r.Err().Error(), "always")
	require.Contains(t, r.String(), "engine: rehearsal")
	require.Contains(t, r.String(), "speaks for no language model")
	require.Equal(t, s.link.Hash(), r.Texts.Jobs[s.link.ID()])
}

func TestASuiteThatChecksNothingIsAnError(t *testing.T) {
	s := newShop(t)
	run := func(n int, scenarios ...mockcall.Scenario) error {
		_, err := mockcall.Suite(t.Context(), s.ws, mockcall.Config{Flow: s.flow.ID()}, n, scenarios)
		return err
	}
	unchecked, nameless, nobody := always("x"), always(""), always("x")
	unchecked.Checks, nobody.Caller = nil, nil
	require.ErrorIs(t, run(1, unchecked), mockcall.ErrNoChecks)
	require.ErrorIs(t, run(1, nameless), mockcall.ErrScenario)
	require.ErrorIs(t, run(1, nobody), mockcall.ErrScenario)
	require.ErrorIs(t, run(1, always("x"), always("x")), mockcall.ErrScenario)
	require.ErrorIs(t, run(1), mockcall.ErrScenario)
	require.ErrorIs(t, run(0, always("x")), mockcall.ErrScenario)
}

func TestAVetoFailsOnlyWhatPassed(t *testing.T) {
	s := newShop(t)
	asked := 0
	vetoed := always("vetoed")
	vetoed.Veto = func(context.Context, *mockcall.Result) error { asked++; return errors.New("too curt") }
	failed := always("failed")
	failed.Checks = []mockcall.Check{mockcall.Ends(call.Voicemail)}
	failed.Veto = func(context.Context, *mockcall.Result) error { asked++; return nil }
	r, err := mockcall.Suite(t.Context(), s.ws, mockcall.Config{Flow: s.flow.ID()}, 1, []mockcall.Scenario{vetoed, failed})
	require.NoError(t, err)
	require.Equal(t, []string{"veto: too curt"}, r.Runs[0].Problems)
	require.Equal(t, mockcall.RunFailed, r.Runs[1].Outcome)
	require.Equal(t, 1, asked)
}

type invented struct{}

func (invented) Error() string    { return "the caller invented a name" }
func (invented) InvalidRun() bool { return true }

func TestARunWhoseCallerBrokeTheRulesCountsNeitherWay(t *testing.T) {
	s := newShop(t)
	bad := always("bad caller")
	bad.Caller = func(uint64) mockcall.Caller {
		return mockcall.CallerFunc(func(context.Context, []call.Turn) (string, bool, error) { return "", false, invented{} })
	}
	r, err := mockcall.Suite(t.Context(), s.ws, mockcall.Config{Flow: s.flow.ID()}, 2, []mockcall.Scenario{bad})
	require.NoError(t, err)
	require.Equal(t, 2, r.All.Invalid)
	require.Zero(t, r.All.Runs)
	require.ErrorIs(t, r.Err(), mockcall.ErrFailed, "a suite without a valid run did not pass")
}

func TestAPanicOfACheckIsTheRunsNotTheSuites(t *testing.T) {
	s := newShop(t)
	bad := always("panics")
	bad.Checks = []mockcall.Check{func(*mockcall.Result) error { panic("oops") }}
	r, err := mockcall.Suite(t.Context(), s.ws, mockcall.Config{Flow: s.flow.ID()}, 1, []mockcall.Scenario{bad, always("goes on")})
	require.NoError(t, err)
	require.Equal(t, []string{"panic: oops"}, r.Runs[0].Problems)
	require.Equal(t, mockcall.RunPassed, r.Runs[1].Outcome)
}

func TestEachRunMayHaveItsOwnModel(t *testing.T) {
	s := newShop(t)
	own := always("scripted")
	own.Checks = []mockcall.Check{mockcall.Asks("name")}
	own.With = func(_ uint64, c *mockcall.Config) {
		c.Model = scripted.New(scripted.Say("What is your name?"), scripted.Say("Fine."), scripted.Say("Bye."))
	}
	var m model.Model = scripted.New()
	r, err := mockcall.Suite(t.Context(), s.ws, mockcall.Config{Flow: s.flow.ID(), Model: m}, 8, []mockcall.Scenario{own})
	require.NoError(t, err)
	require.NoError(t, r.Err())
	require.False(t, r.Rehearsed)
	require.Contains(t, r.Engine, "scripted")
	require.Greater(t, r.All.Low, 0.6, "eight of eight by Wilson")
}

func TestASuiteStopsWhenItsContextEnds(t *testing.T) {
	s := newShop(t)
	ctx, cancel := context.WithCancel(t.Context())
	r, err := mockcall.Suite(ctx, s.ws, mockcall.Config{Flow: s.flow.ID(), Progress: func(p mockcall.Progress) {
		if p.Done == 2 {
			cancel()
		}
	}}, 1000, []mockcall.Scenario{always("x")})
	require.ErrorIs(t, err, context.Canceled)
	require.GreaterOrEqual(t, len(r.Runs), 2)
	require.Less(t, len(r.Runs), 1000)
	require.Equal(t, len(r.Runs), r.All.Passed, "a call that was cut short is no run")
}

func TestOneSeedCanBeRunAlone(t *testing.T) {
	s := newShop(t)
	t.Setenv("SONA_SEED", "3")
	r, err := mockcall.Suite(t.Context(), s.ws, mockcall.Config{Flow: s.flow.ID()}, 20, []mockcall.Scenario{texted("x")})
	require.NoError(t, err)
	require.Len(t, r.Runs, 1)
	require.Equal(t, uint64(3), r.Runs[0].Seed)
	require.Equal(t, mockcall.RunFailed, r.Runs[0].Outcome)
}

func TestAFailedRunLeavesAScenarioFile(t *testing.T) {
	s := newShop(t)
	folder := filepath.Join(t.TempDir(), "failures")
	t.Setenv("SONA_FAILURES", folder)
	_, err := mockcall.Suite(t.Context(), s.ws, mockcall.Config{Flow: s.flow.ID()}, 3, []mockcall.Scenario{texted("../../x")})
	require.NoError(t, err)
	files, err := os.ReadDir(folder)
	require.NoError(t, err)
	require.Len(t, files, 1)
	f, err := mockcall.LoadScenario(filepath.Join(folder, files[0].Name()))
	require.NoError(t, err)
	require.Equal(t, []string{"Can I have the price list?"}, f.Caller)
	require.Contains(t, f.Note, "seed 3")
}

func TestAReportIsJUnitAndJSON(t *testing.T) {
	s := newShop(t)
	r, err := mockcall.Suite(t.Context(), s.ws, mockcall.Config{Flow: s.flow.ID()}, 3, []mockcall.Scenario{texted("prices \x01<&>")})
	require.NoError(t, err)
	var b bytes.Buffer
	require.NoError(t, r.WriteJUnit(&b))
	var suite struct {
		Tests    int `xml:"tests,attr"`
		Failures int `xml:"failures,attr"`
		Cases    []struct {
			Class   string `xml:"classname,attr"`
			Failure struct {
				Text string `xml:",chardata"`
			} `xml:"failure"`
		} `xml:"testcase"`
	}
	require.NoError(t, xml.Unmarshal(b.Bytes(), &suite))
	require.Equal(t, 3, suite.Tests)
	require.Equal(t, 1, suite.Failures)
	require.Equal(t, "prices <&>", suite.Cases[0].Class)
	require.Contains(t, suite.Cases[2].Failure.Text, "Caller: Can I have the price list?")

	raw, err := r.JSON()
	require.NoError(t, err)
	var back mockcall.Report
	require.NoError(t, json.Unmarshal(raw, &back))
	require.Equal(t, r.Scores, back.Scores)
	require.NotContains(t, string(raw), "What is your name", "no transcripts")
}
