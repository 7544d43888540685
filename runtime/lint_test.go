package runtime_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/callflow/knowledge"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/job/lint"
	"github.com/sonajobs/sona/runtime"
	"github.com/sonajobs/sona/runtime/prompt"
	"github.com/sonajobs/sona/storage"
	"github.com/sonajobs/sona/storage/memory"
)

// salon is a workspace with a live flow: two jobs and a page that says what a haircut costs.
type salon struct {
	*storage.Workspace
	flow callflow.Flow
}

const (
	visits      = "1. Say that a haircut costs $30.\n2. Ask for a day."
	otherVisits = "1. Say that a haircut costs $35.\n2. Ask for a day."
	thirdVisits = "1. Say that a haircut costs $35.\n2. Ask for a day.\n3. Read it back."
)

func newSalon(t *testing.T, s callflow.SettingsSpec) salon {
	t.Helper()
	ctx, ws := t.Context(), storage.Open(memory.New(), "acme").By("ann")
	_, err := ws.CreateJobAs(ctx, "visits", job.Spec{Name: "Book a visit", CallerIntent: "The caller wants to book a visit.", Instructions: visits})
	require.NoError(t, err)
	_, err = ws.CreateJobAs(ctx, "messages", job.Spec{Name: "Take a message", CallerIntent: "The caller wants to leave a message.", Instructions: "1. Ask for the message."})
	require.NoError(t, err)
	_, err = ws.CreatePageAs(ctx, "prices", knowledge.Spec{Title: "Prices", Text: "A haircut is $30."})
	require.NoError(t, err)
	_, err = ws.SaveSettings(ctx, 0, s)
	require.NoError(t, err)
	f, err := ws.CreateFlow(ctx, callflow.Simple("Desk", "201", callflow.SonaStep{
		Greeting: "Hello.", Jobs: []job.ID{"visits", "messages"}, Pages: []knowledge.ID{"prices"}}))
	require.NoError(t, err)
	f, err = ws.Publish(ctx, f.ID(), f.Revision())
	require.NoError(t, err)
	return salon{ws, f}
}

func (s salon) save(ctx context.Context, base int, text string, gates ...storage.Gate) error {
	_, err := s.SaveJob(ctx, "visits", base, job.Spec{Name: "Book a visit", CallerIntent: "The caller wants to book a visit.", Instructions: text}, "", gates...)
	return err
}

// strict is a gate for the one rule that these tests plant findings of.
func strict(o runtime.LintOptions) storage.Gate {
	o.At = lint.Warning
	return runtime.LintGate(o)
}

// pricesOnly ignores every rule but the one of these tests.
func pricesOnly() callflow.SettingsSpec {
	var s callflow.SettingsSpec
	for _, r := range lint.Rules() {
		if r.ID != "price-conflict" {
			s.Ignore = append(s.Ignore, string(r.ID))
		}
	}
	return s
}

func TestALintGateRefusesAnEditAndNothingIsSaved(t *testing.T) {
	s := newSalon(t, pricesOnly())
	err := s.save(t.Context(), 1, otherVisits, strict(runtime.LintOptions{}))
	var refused *runtime.LintError
	require.ErrorAs(t, err, &refused)
	require.Len(t, refused.Findings, 1)
	assert.Equal(t, lint.RuleID("price-conflict"), refused.Findings[0].Rule)
	assert.Equal(t, lint.Warning, refused.At)
	assert.Contains(t, refused.Report.Text(), "1 | 1. Say that a haircut costs $35.")
	assert.ErrorContains(t, err, `flow "Desk": refused: lint: 1 at or above warning; job "Book a visit": price-conflict: `)

	j, err := s.Job(t.Context(), "visits")
	require.NoError(t, err)
	assert.Equal(t, 1, j.Revision())
	require.NoError(t, s.save(t.Context(), 1, otherVisits, runtime.LintGate(runtime.LintOptions{})), "only errors refuse where nothing is said")
}

func TestALintGateGuardsPagesAndPublishToo(t *testing.T) {
	s := newSalon(t, pricesOnly())
	gate := strict(runtime.LintOptions{})
	_, err := s.SavePage(t.Context(), "prices", 1, knowledge.Spec{Title: "Prices", Text: "A haircut is $28."}, "", gate)
	var refused *runtime.LintError
	require.ErrorAs(t, err, &refused)

	_, err = s.CreateJobAs(t.Context(), "questions", job.Spec{Name: "Answer questions", Instructions: "A haircut costs $99."})
	require.NoError(t, err)
	f, err := s.Attach(t.Context(), s.flow.ID(), callflow.Sona, "questions")
	require.NoError(t, err)
	_, err = s.Publish(t.Context(), f.ID(), f.Revision(), gate)
	require.ErrorAs(t, err, &refused)
	live, err := s.Snapshot(t.Context(), f.ID())
	require.NoError(t, err)
	assert.Len(t, live.Jobs(callflow.Sona), 2, "the draft was not published")
}

func TestALintGateCanLeaveOldFindingsAlone(t *testing.T) {
	s := newSalon(t, pricesOnly())
	require.NoError(t, s.save(t.Context(), 1, otherVisits))
	var refused *runtime.LintError
	require.ErrorAs(t, s.save(t.Context(), 2, thirdVisits, strict(runtime.LintOptions{})), &refused)
	gate := strict(runtime.LintOptions{Live: s.Workspace})
	require.NoError(t, s.save(t.Context(), 2, thirdVisits, gate), "the price stood there before")
	require.ErrorAs(t, s.save(t.Context(), 3, "1. Say that a haircut costs $40.", gate), &refused, "another price is a new finding")

	f, err := s.CreateFlow(t.Context(), callflow.Simple("New", "202", callflow.SonaStep{Jobs: []job.ID{"visits"}, Pages: []knowledge.ID{"prices"}}))
	require.NoError(t, err)
	_, err = s.Publish(t.Context(), f.ID(), f.Revision(), gate)
	require.ErrorAs(t, err, &refused, "all is new to a flow that was never published")
}

func TestALintGateKnowsWhatTheWorkspaceIgnores(t *testing.T) {
	settings := pricesOnly()
	s := newSalon(t, settings)
	gate := strict(runtime.LintOptions{})
	var refused *runtime.LintError
	require.ErrorAs(t, s.save(t.Context(), 1, otherVisits, gate), &refused)
	settings.Ignore = append(settings.Ignore, refused.Findings[0].Ignore, "no such thing")
	stands, err := s.Settings(t.Context())
	require.NoError(t, err)
	_, err = s.SaveSettings(t.Context(), stands.Revision(), settings)
	require.NoError(t, err)
	require.NoError(t, s.save(t.Context(), 1, otherVisits, gate))
	require.NoError(t, s.save(t.Context(), 2, "1. Ask for their name.\n2. Say that a haircut costs $35.\n3. Ask for a day.", gate), "an edit around it")
}

func TestALintGateStopsWithItsContext(t *testing.T) {
	s := newSalon(t, callflow.SettingsSpec{})
	live, err := s.Snapshot(t.Context(), s.flow.ID())
	require.NoError(t, err)
	ctx, stop := context.WithCancel(t.Context())
	stop()
	require.ErrorIs(t, runtime.LintGate(runtime.LintOptions{})(ctx, live), context.Canceled)
}

func TestTheContextOfLintIsWhatTheStepHas(t *testing.T) {
	target, err := job.ParseTarget("inbox:support")
	require.NoError(t, err)
	s := newSalon(t, callflow.SettingsSpec{Guardrails: []string{"Be brief."}, Ignore: []string{"vague-quantity"}, Targets: []job.Target{target}, MaxTokens: 9})
	live, err := s.Snapshot(t.Context(), s.flow.ID())
	require.NoError(t, err)
	actions := []job.ActionSpec{{Name: "look_up"}}
	c, err := prompt.LintContext(live, callflow.Sona, prompt.Options{Actions: actions, Variables: []string{"name"}})
	require.NoError(t, err)
	assert.Equal(t, lint.Context{Actions: actions, Variables: []string{"name"}, Greeting: "Hello.", Guardrails: []string{"Be brief."},
		Ignore: []string{"vague-quantity"}, Targets: []job.Target{target}, MaxTokens: 9,
		Pages: []lint.Page{{ID: "prices", Title: "Prices", Text: "A haircut is $30."}}}, c)

	_, err = prompt.LintContext(live, "nowhere", prompt.Options{})
	var unknown *callflow.StepError
	require.ErrorAs(t, err, &unknown)

	plain := newSalon(t, callflow.SettingsSpec{})
	live, err = plain.Snapshot(t.Context(), plain.flow.ID())
	require.NoError(t, err)
	c, err = prompt.LintContext(live, callflow.Sona, prompt.Options{})
	require.NoError(t, err)
	assert.Nil(t, c.Targets, "any target is allowed")
}
