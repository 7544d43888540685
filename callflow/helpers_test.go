package callflow_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/callflow/knowledge"
	"github.com/sonajobs/sona/job"
)

const desk callflow.Line = "+15551230000"

// simple returns the flow that most tests begin with.
func simple(t testing.TB, s callflow.SonaStep) callflow.Flow {
	t.Helper()
	f, err := callflow.New(callflow.Simple("Desk", desk, s))
	require.NoError(t, err)
	return f
}

// steps returns a flow of these steps; the first is the entry.
func steps(t testing.TB, s ...callflow.Step) callflow.Flow {
	t.Helper()
	f, err := callflow.New(callflow.Spec{Name: "Desk", Steps: s})
	require.NoError(t, err)
	return f
}

// edit returns f with a changed draft.
func edit(t testing.TB, f callflow.Flow, change func(*callflow.Draft) error) callflow.Flow {
	t.Helper()
	f, err := f.EditDraft(change)
	require.NoError(t, err)
	return f
}

func attach(t testing.TB, f callflow.Flow, jobs ...job.ID) callflow.Flow {
	t.Helper()
	return edit(t, f, func(d *callflow.Draft) error {
		for _, id := range jobs {
			require.NoError(t, d.Attach(callflow.Sona, id))
		}
		return nil
	})
}

// jobIDs returns n IDs: job-1, job-2 and so on.
func jobIDs(n int) []job.ID {
	ids := make([]job.ID, n)
	for i := range ids {
		ids[i] = job.ID(fmt.Sprintf("job-%d", i+1))
	}
	return ids
}

// attached returns the jobs of the flow's Sona step, in the draft and published.
func attached(t testing.TB, f callflow.Flow) (draft, live []job.ID) {
	t.Helper()
	draft = sonaOf(t, f.Draft()).Jobs
	if v, ok := f.Published(); ok {
		live = sonaOf(t, v).Jobs
	}
	return draft, live
}

func sonaOf(t testing.TB, v callflow.Version) callflow.SonaStep {
	t.Helper()
	s, ok := v.Step(callflow.Sona)
	require.True(t, ok)
	k, ok := s.Is.(callflow.SonaStep)
	require.True(t, ok)
	return k
}

func makeJob(t testing.TB, id job.ID, revision int, name string) job.Job {
	t.Helper()
	j, err := job.Restore(id, job.Stamp{Revision: revision}, job.Spec{Name: name, Instructions: "Do " + name + "."})
	require.NoError(t, err)
	return j
}

func makePage(t testing.TB, id knowledge.ID, title string) knowledge.Page {
	t.Helper()
	p, err := knowledge.Restore(id, job.Stamp{Revision: 1}, knowledge.Spec{Title: title, Text: "About " + title + "."})
	require.NoError(t, err)
	return p
}
