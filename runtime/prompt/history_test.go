package prompt_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/callflow/knowledge"
	"github.com/sonajobs/sona/internal/digest"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime/prompt"
	"github.com/sonajobs/sona/storage"
	"github.com/sonajobs/sona/storage/memory"
)

// A workspace is edited between calls: jobs, pages, settings, attachments, publishes. Afterwards the
// prompt of every call is made again from its record, to the byte.
func TestEveryCallsPromptIsRebuiltFromItsRecord(t *testing.T) {
	calls := 1000
	if testing.Short() {
		calls = 100
	}
	ctx := context.Background()
	ws := storage.Open(memory.New(), "ws-1").By("ana")
	dice := rand.New(rand.NewPCG(6, 6))
	var jobs []job.ID
	for i, spec := range append(salon().jobs, actions().jobs...) {
		j, err := ws.CreateJobAs(ctx, job.ID(fmt.Sprintf("job-%d", i+1)), spec)
		require.NoError(t, err)
		jobs = append(jobs, j.ID())
	}
	var pages []knowledge.ID
	for _, spec := range salon().pages {
		p, err := ws.CreatePage(ctx, spec)
		require.NoError(t, err)
		pages = append(pages, p.ID())
	}
	f, err := ws.CreateFlow(ctx, callflow.Simple("Desk", desk, callflow.SonaStep{Greeting: "Hello.", Jobs: jobs[:2], Pages: pages}))
	require.NoError(t, err)
	_, err = ws.Publish(ctx, f.ID(), f.Revision())
	require.NoError(t, err)

	edits := []func(n int) error{
		func(n int) error { // a job
			j, err := ws.Job(ctx, jobs[dice.IntN(len(jobs))])
			require.NoError(t, err)
			spec := j.Spec()
			spec.Instructions += fmt.Sprintf("\nEdit %d.", n)
			_, err = ws.SaveJob(ctx, j.ID(), j.Revision(), spec, "")
			return err
		},
		func(n int) error { // a page
			p, err := ws.Page(ctx, pages[dice.IntN(len(pages))])
			require.NoError(t, err)
			spec := p.Spec()
			spec.Text += fmt.Sprintf("\nFact %d.", n)
			_, err = ws.SavePage(ctx, p.ID(), p.Revision(), spec, "")
			return err
		},
		func(n int) error { // the settings
			s, err := ws.Settings(ctx)
			require.NoError(t, err)
			_, err = ws.SaveSettings(ctx, s.Revision(), callflow.SettingsSpec{Guardrails: []string{fmt.Sprintf("Rule %d.", n)}})
			return err
		},
		func(n int) error { // the step
			f, err := ws.Flow(ctx, f.ID())
			require.NoError(t, err)
			f, err = ws.EditDraft(ctx, f.ID(), f.Revision(), func(d *callflow.Draft) error {
				id := jobs[dice.IntN(len(jobs))]
				if n%2 == 0 {
					return d.Detach(callflow.Sona, id)
				}
				return d.Attach(callflow.Sona, id)
			})
			require.NoError(t, err)
			_, err = ws.Publish(ctx, f.ID(), f.Revision())
			return err
		},
	}
	o := prompt.Options{Profile: prompt.Profile{Name: "small", ContextTokens: 32_000}, Actions: actions().options.Actions, Finds: true, Parts: new(prompt.Parts)}
	stable := map[call.ID]string{}
	for n := range calls {
		if n%3 == 0 {
			require.NoError(t, edits[dice.IntN(len(edits))](n))
		}
		snap, err := ws.SnapshotFor(ctx, desk)
		require.NoError(t, err)
		p, err := prompt.Build(snap, callflow.Sona, o)
		require.NoError(t, err)
		r := call.Record{ID: call.ID(fmt.Sprintf("call-%d", n)), Flow: snap.Flow().ID(), Step: callflow.Sona, Version: snap.Version().Number(), Number: desk,
			Jobs: map[job.ID]int{}, Pages: map[knowledge.ID]int{}, Settings: snap.Settings().Revision(), Status: call.Completed, StartedAt: noon.Add(time.Duration(n) * time.Minute),
			Receipt: p.For(ordinaryCall()).Receipt, Summary: call.Summary{Status: call.SummaryAbsent}}
		for _, j := range snap.Jobs(callflow.Sona) {
			r.Jobs[j.ID()] = j.Revision()
		}
		for _, page := range snap.Pages(callflow.Sona) {
			r.Pages[page.ID()] = page.Revision()
		}
		require.NoError(t, ws.RecordCall(ctx, r))
		stable[r.ID] = digest.Of(p.Stable)
	}

	o.Parts = new(prompt.Parts) // nothing is known any more
	rebuilt, different := 0, map[string]bool{}
	for r, err := range ws.Calls(ctx, storage.CallQuery{Flow: f.ID()}) {
		require.NoError(t, err)
		snap, err := ws.SnapshotOf(ctx, r)
		require.NoError(t, err)
		p, err := prompt.Rebuild(r.Receipt, snap, callflow.Sona, o)
		require.NoError(t, err, r.ID)
		require.Equal(t, stable[r.ID], digest.Of(p.Stable), "to the byte")
		rebuilt++
		different[p.Stable] = true
	}
	require.Equal(t, calls, rebuilt)
	t.Logf("%d calls with %d different prompts", rebuilt, len(different))
	require.Greater(t, len(different), calls/5)
}
