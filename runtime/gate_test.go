package runtime_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/callflow/knowledge"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime"
	"github.com/sonajobs/sona/runtime/model/scripted"
	"github.com/sonajobs/sona/runtime/prompt"
	"github.com/sonajobs/sona/storage"
	"github.com/sonajobs/sona/storage/memory"
)

// room is a workspace with a live flow: two jobs and a page, in a model that has little room for more.
type room struct {
	*storage.Workspace
	flow    callflow.Flow
	short   job.Job
	options prompt.Options
	gate    storage.Gate
}

const fits = "1. Ask for the name."

// tooMuch is legal as a job or a page, and larger than the model's room.
var tooMuch = strings.Repeat("Say this, too.\n", 600)

// newRoom makes it, in a model that has room for so many tokens more than what is live.
func newRoom(t *testing.T, o prompt.Options, more int) room {
	t.Helper()
	ctx, ws := t.Context(), storage.Open(memory.New(), "acme").By("ann")
	r := room{Workspace: ws}
	var err error
	r.short, err = ws.CreateJobAs(ctx, "short", job.Spec{Name: "Short", Instructions: fits})
	require.NoError(t, err)
	_, err = ws.CreateJobAs(ctx, "other", job.Spec{Name: "Other", Instructions: fits})
	require.NoError(t, err)
	_, err = ws.CreatePageAs(ctx, "prices", knowledge.Spec{Title: "Prices", Text: "30 dollars."})
	require.NoError(t, err)
	r.flow, err = ws.CreateFlow(ctx, callflow.Simple("Desk", "201", callflow.SonaStep{Jobs: []job.ID{"short", "other"}, Pages: []knowledge.ID{"prices"}}))
	require.NoError(t, err)
	r.flow, err = ws.Publish(ctx, r.flow.ID(), r.flow.Revision())
	require.NoError(t, err)
	p, err := prompt.Build(r.live(t), callflow.Sona, o)
	require.NoError(t, err)
	o.Profile.InstructionCap = p.Tokens + more
	r.options, r.gate = o, runtime.PromptGate(o)
	require.NoError(t, r.gate(ctx, r.live(t)))
	return r
}

func (r room) live(t *testing.T) callflow.Snapshot {
	t.Helper()
	s, err := r.Snapshot(t.Context(), r.flow.ID())
	require.NoError(t, err)
	return s
}

// A save that would leave callers without a prompt is refused, says what is too large and what to take out, and
// changes nothing.
func TestAnEditThatHasNoRoomIsRefused(t *testing.T) {
	long := job.Spec{Name: "Short", CallerIntent: strings.Repeat("The caller wants it. ", 23), Instructions: tooMuch}
	edits := []struct {
		name     string
		edit     func(context.Context, room, ...storage.Gate) error
		cheapest string
	}{
		{"a page", func(ctx context.Context, r room, gate ...storage.Gate) error {
			_, err := r.SavePage(ctx, "prices", 1, knowledge.Spec{Title: "Prices", Text: tooMuch}, "", gate...)
			return err
		}, `deselect page "Prices" (prices, `},
		{"a page brought back", func(ctx context.Context, r room, gate ...storage.Gate) error {
			for base, text := range []string{tooMuch, "30 dollars."} {
				_, err := r.SavePage(ctx, "prices", base+1, knowledge.Spec{Title: "Prices", Text: text}, "")
				require.NoError(t, err)
			}
			old, err := r.PageRevision(ctx, "prices", 2)
			require.NoError(t, err)
			_, err = r.RestorePage(ctx, old, 3, gate...)
			return err
		}, `deselect page "Prices" (prices, `},
		{"a job, closed, by its line", func(ctx context.Context, r room, gate ...storage.Gate) error {
			_, err := r.SaveJob(ctx, "short", 1, long, "", gate...)
			return err
		}, `detach job "Short" (short, `},
		{"a job brought back", func(ctx context.Context, r room, gate ...storage.Gate) error {
			for base, spec := range []job.Spec{long, r.short.Spec()} {
				_, err := r.SaveJob(ctx, "short", base+1, spec, "")
				require.NoError(t, err)
			}
			old, err := r.JobRevision(ctx, "short", 2)
			require.NoError(t, err)
			_, err = r.RestoreJob(ctx, old, 3, gate...)
			return err
		}, `detach job "Short" (short, `},
	}
	for _, tt := range edits {
		t.Run(tt.name, func(t *testing.T) {
			r := newRoom(t, prompt.Options{}, 60)
			err := tt.edit(t.Context(), r, r.gate)
			budget, ok := errors.AsType[*prompt.BudgetError](err)
			require.True(t, ok, "%v", err)
			require.Greater(t, budget.Need, budget.Have)
			require.Len(t, budget.Sizes, 3, "two jobs and a page")
			require.Len(t, budget.Cheapest, 1)
			require.ErrorContains(t, err, `flow "Desk": refused: step "sona": prompt: `)
			require.ErrorContains(t, err, tt.cheapest)
			require.NoError(t, prompt.Check(r.live(t), r.options), "callers go on with what was live")

			require.NoError(t, tt.edit(t.Context(), newRoom(t, prompt.Options{}, 60)), "only the gate refuses")
		})
	}
}

// A text that nobody is reached by, or that still fits, is saved.
func TestAnEditThatHasRoomPasses(t *testing.T) {
	r := newRoom(t, prompt.Options{}, 300)
	ctx := t.Context()
	saved, err := r.SaveJob(ctx, "short", 1, job.Spec{Name: "Short", Instructions: tooMuch}, "", r.gate)
	require.NoError(t, err, "closed, it has room")
	require.Equal(t, tooMuch, r.live(t).Jobs(callflow.Sona)[0].Spec().Instructions)
	_, err = r.RestoreJob(ctx, r.short, saved.Revision(), r.gate)
	require.NoError(t, err)

	page, err := r.CreatePage(ctx, knowledge.Spec{Title: "Draft", Text: "Short."})
	require.NoError(t, err)
	f, err := r.AttachPage(ctx, r.flow.ID(), callflow.Sona, page.ID())
	require.NoError(t, err)
	_, err = r.SavePage(ctx, page.ID(), 1, knowledge.Spec{Title: "Draft", Text: tooMuch}, "", r.gate)
	require.NoError(t, err, "nobody meets a draft")
	_, err = r.Publish(ctx, f.ID(), f.Revision(), r.gate)
	require.ErrorAs(t, err, new(*prompt.BudgetError))
	now, err := r.Flow(ctx, f.ID())
	require.NoError(t, err)
	require.Equal(t, f.Revision(), now.Revision(), "nothing was published")
	require.Len(t, r.live(t).Pages(callflow.Sona), 1)

	found := r.options
	found.Finds = true
	_, err = r.Publish(ctx, f.ID(), f.Revision(), runtime.PromptGate(found))
	require.NoError(t, err, "where passages are found, pages need no room")
	require.Len(t, r.live(t).Pages(callflow.Sona), 2)
}

// A variable that nobody gives a value is refused where the host says which it gives.
func TestAnEditWithAVariableThatNobodyGivesIsRefused(t *testing.T) {
	r := newRoom(t, prompt.Options{Variables: []string{"first_name"}}, 300)
	save := func(text string) error {
		_, err := r.SaveJob(t.Context(), "short", 1, job.Spec{Name: "Short", Instructions: text}, "", r.gate)
		return err
	}
	err := save("Greet {{first_name}}, then read {{order_id}} back.")
	missing, ok := errors.AsType[*prompt.VariableError](err)
	require.True(t, ok, "%v", err)
	require.Equal(t, job.ID("short"), missing.Job)
	require.Equal(t, []string{"order_id"}, missing.Variables)
	require.Equal(t, fits, r.live(t).Jobs(callflow.Sona)[0].Spec().Instructions, "nothing was saved")
	require.NoError(t, save(`Greet {{first_name}}, then read {{order_id | default: "it"}} back.`))

	all := newRoom(t, prompt.Options{}, 300)
	_, err = all.SaveJob(t.Context(), "short", 1, job.Spec{Name: "Short", Instructions: "Read {{order_id}} back."}, "", all.gate)
	require.NoError(t, err, "a host that says nothing of its variables is not asked")
}

// The gate of a runtime judges with the runtime's own model and actions.
func TestTheGateOfARuntimeKnowsItsModel(t *testing.T) {
	r, err := runtime.New(runtime.Config{Model: scripted.New(), Profile: prompt.Profile{InstructionCap: 500}})
	require.NoError(t, err)
	ws := storage.Open(memory.New(), "acme")
	f, err := ws.CreateFlow(t.Context(), callflow.Simple("Desk", "201", callflow.SonaStep{}))
	require.NoError(t, err)
	_, err = ws.Publish(t.Context(), f.ID(), f.Revision(), runtime.PromptGate(r.PromptOptions()))
	require.ErrorAs(t, err, new(*prompt.BudgetError))
	require.ErrorContains(t, err, "allow more tokens")

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	s, err := ws.DraftSnapshot(t.Context(), f.ID())
	require.NoError(t, err)
	require.ErrorIs(t, runtime.PromptGate(prompt.Options{})(ctx, s), context.Canceled)
	require.NoError(t, runtime.PromptGate(prompt.Options{})(t.Context(), s))
}
