package mockcall_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime/mockcall"
	"github.com/sonajobs/sona/runtime/model"
	"github.com/sonajobs/sona/runtime/model/scripted"
	"github.com/sonajobs/sona/storage"
	"github.com/sonajobs/sona/storage/memory"
)

func TestAGateRefusesAnEditThatBreaksTheSuite(t *testing.T) {
	s := newShop(t)
	var receipts []mockcall.SuiteReceipt
	gate, err := mockcall.Gate(mockcall.GateConfig{Suite: []mockcall.Scenario{always("texts the link")}, OnReceipt: func(r mockcall.SuiteReceipt) { receipts = append(receipts, r) }})
	require.NoError(t, err)
	broken := s.link.Spec()
	broken.Instructions = strings.Replace(broken.Instructions, "{{action send_sms text=\"Prices: https://example.com/prices\"}}", "", 1)
	_, err = s.ws.SaveJob(t.Context(), s.link.ID(), 1, broken, "", gate)
	var refused *mockcall.GateError
	require.ErrorAs(t, err, &refused)
	require.ErrorIs(t, err, mockcall.ErrFailed)
	require.ErrorContains(t, err, `scenario "texts the link", seed 1`)
	require.ErrorContains(t, err, "engine rehearsal")
	now, err := s.ws.Job(t.Context(), s.link.ID())
	require.NoError(t, err)
	require.Equal(t, 1, now.Revision(), "nothing was saved")

	better := s.link.Spec()
	better.Instructions = strings.Replace(better.Instructions, "Thank the caller", "Thank them", 1)
	saved, err := s.ws.SaveJob(t.Context(), s.link.ID(), 1, better, "", gate)
	require.NoError(t, err)
	require.Len(t, receipts, 2)
	require.Equal(t, saved.Hash(), receipts[1].Texts.Jobs[s.link.ID()], "the receipt names the text that was saved")
	require.NotEqual(t, receipts[0].Key(), receipts[1].Key())
}

func TestAGateGuardsPublish(t *testing.T) {
	s := newShop(t)
	f, err := s.ws.Detach(t.Context(), s.flow.ID(), callflow.Sona, s.link.ID())
	require.NoError(t, err)
	gate, err := mockcall.Gate(mockcall.GateConfig{Suite: []mockcall.Scenario{always("texts the link")}})
	require.NoError(t, err)
	_, err = s.ws.Publish(t.Context(), f.ID(), f.Revision(), gate)
	require.ErrorIs(t, err, mockcall.ErrFailed)
}

// counted is a suite that tells how often it was run.
func counted(n *int) mockcall.Scenario {
	s := always("counted")
	s.Checks = append(s.Checks, func(*mockcall.Result) error { *n++; return nil })
	return s
}

func TestTextsThatWereJudgedAreNotRunAgain(t *testing.T) {
	s := newShop(t)
	kept := memory.New()
	ran := 0
	gate := func(config mockcall.GateConfig) storage.Gate {
		t.Helper()
		config.Suite, config.Receipts = []mockcall.Scenario{counted(&ran)}, mockcall.StoredReceipts(kept, "acme.receipts")
		g, err := mockcall.Gate(config)
		require.NoError(t, err)
		return g
	}
	ask := func(g storage.Gate) {
		t.Helper()
		now, err := s.ws.DraftSnapshot(t.Context(), s.flow.ID())
		require.NoError(t, err)
		require.NoError(t, g(t.Context(), now))
	}
	g := gate(mockcall.GateConfig{})
	ask(g)
	ask(g)
	require.Equal(t, 1, ran, "in memory")
	ask(gate(mockcall.GateConfig{}))
	require.Equal(t, 1, ran, "in the store")
	ask(gate(mockcall.GateConfig{Name: "other"}))
	require.Equal(t, 2, ran, "another suite")

	spec := s.link.Spec()
	spec.Description = "Another text."
	_, err := s.ws.SaveJob(t.Context(), s.link.ID(), 1, spec, "")
	require.NoError(t, err)
	ask(g)
	require.Equal(t, 3, ran, "another text")
	_, err = s.ws.SaveJob(t.Context(), s.link.ID(), 2, s.link.Spec(), "")
	require.NoError(t, err)
	ask(g)
	require.Equal(t, 3, ran, "the first text, under another revision")
}

func TestAReceiptThatIsNotOfThisKeyIsNotTrusted(t *testing.T) {
	s := newShop(t)
	ran := 0
	g, err := mockcall.Gate(mockcall.GateConfig{Suite: []mockcall.Scenario{counted(&ran)}, Receipts: forged{}})
	require.NoError(t, err)
	now, err := s.ws.DraftSnapshot(t.Context(), s.flow.ID())
	require.NoError(t, err)
	require.NoError(t, g(t.Context(), now))
	require.Equal(t, 1, ran)
}

type forged struct{}

func (forged) Receipt(context.Context, string) (mockcall.SuiteReceipt, bool, error) {
	return mockcall.SuiteReceipt{Passed: true}, true, nil
}
func (forged) Keep(context.Context, mockcall.SuiteReceipt) error { return context.DeadlineExceeded }

func TestARefusalByALanguageModelIsTriedAgain(t *testing.T) {
	s := newShop(t)
	ran := 0
	luck := counted(&ran)
	luck.Checks = append(luck.Checks[1:], mockcall.Asks("name"))
	luck.With = func(_ uint64, c *mockcall.Config) {
		var m model.Model = scripted.New(scripted.Say("Hm."), scripted.Say("Hm."), scripted.Say("Hm."))
		if ran > 0 {
			m = scripted.New(scripted.Say("Your name?"), scripted.Say("Hm."), scripted.Say("Hm."))
		}
		c.Model = m
	}
	g, err := mockcall.Gate(mockcall.GateConfig{Suite: []mockcall.Scenario{luck}, Config: mockcall.Config{Model: scripted.New()}})
	require.NoError(t, err)
	now, err := s.ws.DraftSnapshot(t.Context(), s.flow.ID())
	require.NoError(t, err)
	require.ErrorIs(t, g(t.Context(), now), mockcall.ErrFailed)
	require.NoError(t, g(t.Context(), now))
	require.NoError(t, g(t.Context(), now))
	require.Equal(t, 2, ran)
}

func TestAReceiptIsJSON(t *testing.T) {
	r := mockcall.SuiteReceipt{Suite: "x", Engine: "rehearsal", Texts: mockcall.Texts{Jobs: map[job.ID]string{"a": "1"}}, Passed: true}
	raw, err := json.Marshal(r)
	require.NoError(t, err)
	var back mockcall.SuiteReceipt
	require.NoError(t, json.Unmarshal(raw, &back))
	require.Equal(t, r.Key(), back.Key())
}
