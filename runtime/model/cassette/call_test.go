package cassette_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime"
	"github.com/sonajobs/sona/runtime/model"
	"github.com/sonajobs/sona/runtime/model/cassette"
	"github.com/sonajobs/sona/runtime/model/rehearsal"
)

// A call is recorded in one workspace and replayed, with no model, on another day in another one. An edit of
// the job shows which recordings it has overtaken, and where it differs.
func TestAWholeCallIsReplayedOnAnotherDayInAnotherWorkspace(t *testing.T) {
	path := file(t)
	j := newJob(t, "Book a table", "This job books a table.\n1. Ask for the day.\n2. Ask for the name.\n3. Say goodbye: {{action end_call}}")
	f, err := callflow.New(callflow.Simple("Restaurant", "+15550100", callflow.SonaStep{Jobs: []job.ID{j.ID()}}))
	require.NoError(t, err)

	run := func(m model.Model, nonce string, day time.Duration) (heard []string, outcome call.OutcomeKind) {
		synctest.Test(t, func(t *testing.T) {
			time.Sleep(day)
			rt, err := runtime.New(runtime.Config{Model: m})
			require.NoError(t, err)
			settings := callflow.Settings{}.Stamped("ws-"+nonce, nonce, job.Stamp{Revision: 1})
			chat, err := rt.ChatOn(callflow.NewSnapshot(f, f.Draft(), []job.Job{j}, nil, settings), runtime.Incoming{})
			require.NoError(t, err)
			for _, said := range []string{"A table, please", "Friday", "Ada"} {
				var text strings.Builder
				for event, err := range chat.Hear(t.Context(), said) {
					require.NoError(t, err)
					if s, ok := event.(runtime.Said); ok {
						text.WriteString(s.Text)
					}
				}
				heard = append(heard, text.String())
			}
			record, err := chat.End(t.Context())
			require.NoError(t, err)
			require.Empty(t, record.Notes)
			outcome = record.Outcome.Kind
		})
		return heard, outcome
	}

	c := open(t, path, cassette.Record, rehearsal.New())
	live, ended := run(c, nonce, time.Hour)
	require.NoError(t, c.Close())
	require.NotContains(t, read(t, path), nonce)

	c = open(t, path, cassette.Replay, nobody(t))
	require.Empty(t, c.Stale([]job.Job{j}))
	played, outcome := run(c, "ANOTHERNONCE", 100*24*time.Hour)
	require.Equal(t, live, played)
	require.Equal(t, ended, outcome)
	require.Empty(t, c.Left())
	require.NoError(t, c.Close())

	spec := j.Spec()
	spec.Instructions = strings.Replace(spec.Instructions, "the name", "the phone number", 1)
	edited, err := j.With(spec)
	require.NoError(t, err)
	require.Len(t, c.Stale([]job.Job{edited}), len(live))
}
