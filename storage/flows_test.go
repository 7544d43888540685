package storage_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/callflow/knowledge"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/storage"
)

// What the tests of flows, snapshots and calls share.

const (
	deskLine callflow.Line = "+15551230000"
	shopLine callflow.Line = "+15551230001"
	sona                   = callflow.Sona
)

// newDesk is the simple flow that most tests use, on deskLine.
func newDesk(t testing.TB, w *storage.Workspace, jobs ...job.ID) callflow.Flow {
	t.Helper()
	f, err := w.CreateFlow(t.Context(), callflow.Simple("Desk", deskLine, callflow.SonaStep{Jobs: jobs}))
	require.NoError(t, err)
	return f
}

// liveFlow is newDesk, published.
func liveFlow(t testing.TB, w *storage.Workspace, jobs ...job.ID) callflow.Flow {
	t.Helper()
	return publish(t, w, newDesk(t, w, jobs...).ID())
}

// publish publishes whatever the draft is.
func publish(t testing.TB, w *storage.Workspace, id callflow.ID) callflow.Flow {
	t.Helper()
	f, err := w.Flow(t.Context(), id)
	require.NoError(t, err)
	f, err = w.Publish(t.Context(), id, f.Revision())
	require.NoError(t, err)
	return f
}

func newPage(t testing.TB, w *storage.Workspace, title, text string) knowledge.Page {
	t.Helper()
	p, err := w.CreatePage(t.Context(), knowledge.Spec{Title: title, Text: text})
	require.NoError(t, err)
	return p
}

// newJobs makes n jobs: Job 1 and so on.
func newJobs(t testing.TB, w *storage.Workspace, n int) []job.ID {
	t.Helper()
	ids := make([]job.ID, n)
	for i := range ids {
		ids[i] = newJob(t, w, fmt.Sprintf("Job %d", i+1), "Do it.").ID()
	}
	return ids
}

func attach(t testing.TB, w *storage.Workspace, f callflow.ID, j job.ID) {
	t.Helper()
	_, err := w.Attach(t.Context(), f, sona, j)
	require.NoError(t, err)
}

func detach(t testing.TB, w *storage.Workspace, f callflow.ID, j job.ID) {
	t.Helper()
	_, err := w.Detach(t.Context(), f, sona, j)
	require.NoError(t, err)
}

// rewrite saves other instructions of a job.
func rewrite(t testing.TB, w *storage.Workspace, id job.ID, instructions string, gates ...storage.Gate) job.Job {
	t.Helper()
	j, err := w.Job(t.Context(), id)
	require.NoError(t, err)
	s := j.Spec()
	s.Instructions = instructions
	j, err = w.SaveJob(t.Context(), id, j.Revision(), s, "", gates...)
	require.NoError(t, err)
	return j
}

// newCall is the snapshot of a call that begins now; mockCall that of a mock call.
func newCall(t testing.TB, w *storage.Workspace, id callflow.ID) callflow.Snapshot {
	t.Helper()
	s, err := w.Snapshot(t.Context(), id)
	require.NoError(t, err)
	return s
}

func mockCall(t testing.TB, w *storage.Workspace, id callflow.ID) callflow.Snapshot {
	t.Helper()
	s, err := w.DraftSnapshot(t.Context(), id)
	require.NoError(t, err)
	return s
}

// draftJobs and liveJobs are what is attached to the Sona step of a flow.
func draftJobs(t testing.TB, f callflow.Flow) []job.ID { return sonaStep(t, f.Draft()).Jobs }

func liveJobs(t testing.TB, f callflow.Flow) []job.ID {
	t.Helper()
	v, ok := f.Published()
	require.True(t, ok)
	return sonaStep(t, v).Jobs
}

func sonaStep(t testing.TB, v callflow.Version) callflow.SonaStep {
	t.Helper()
	s, ok := v.Step(sona)
	require.True(t, ok)
	return s.Is.(callflow.SonaStep)
}

// cancelled returns a context that has ended.
func cancelled(t testing.TB) context.Context {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	return ctx
}

const minute = time.Minute

var nine = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
