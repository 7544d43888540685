package storage_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/storage"
)

// Whoever mixes up two IDs has to see which one is wrong.
func TestAnIDThatIsNoneIsNamedByItsNoun(t *testing.T) {
	const bad = "bad id!"
	const shape = `id: "bad id!" must begin and end with a letter or a digit (a–z, A–Z, 0–9)`
	w := newWorkspace()
	j, f := newJob(t, w, "Job", "Do it."), newDesk(t, w)
	for _, tt := range []struct {
		name string
		do   func() error
		want string
	}{
		{"Flow", func() error { _, err := w.Flow(t.Context(), bad); return err }, "flow: " + shape},
		{"Snapshot", func() error { _, err := w.Snapshot(t.Context(), bad); return err }, "flow: " + shape},
		{"DraftSnapshot", func() error { _, err := w.DraftSnapshot(t.Context(), bad); return err }, "flow: " + shape},
		{"Publish", func() error { _, err := w.Publish(t.Context(), bad, 1); return err }, "flow: " + shape},
		{"DeleteFlow", func() error { return w.DeleteFlow(t.Context(), bad, 1) }, "flow: " + shape},
		{"Versions", func() error {
			for _, err := range w.Versions(t.Context(), bad) {
				return err
			}
			return nil
		}, "flow: " + shape},
		{"JobChoices, flow", func() error { _, err := w.JobChoices(t.Context(), bad, sona, storage.JobQuery{}); return err }, "flow: " + shape},
		{"Attach, flow", func() error { _, err := w.Attach(t.Context(), bad, sona, j.ID()); return err }, "flow: " + shape},
		{"Attach, step", func() error { _, err := w.Attach(t.Context(), f.ID(), bad, j.ID()); return err }, `flow "Desk": step "bad id!": no step has this ID`},
		{"Attach, job", func() error { _, err := w.Attach(t.Context(), f.ID(), sona, bad); return err }, "job: " + shape},
		{"AttachPage, page", func() error { _, err := w.AttachPage(t.Context(), f.ID(), sona, bad); return err }, "page: " + shape},
		{"CreateFlow, step", func() error {
			_, err := w.CreateFlow(t.Context(), callflow.Spec{Name: "Desk", Steps: []callflow.Step{{ID: bad, Is: callflow.HangupStep{}}}})
			return err
		}, `flow "Desk": step "bad id!": breaks a rule: id "bad id!" must begin`},
		{"Job", func() error { _, err := w.Job(t.Context(), bad); return err }, "job: " + shape},
		{"Impact", func() error { _, err := w.Impact(t.Context(), bad); return err }, "job: " + shape},
		{"Page", func() error { _, err := w.Page(t.Context(), bad); return err }, "page: " + shape},
		{"PageImpact", func() error { _, err := w.PageImpact(t.Context(), bad); return err }, "page: " + shape},
		{"Call", func() error { _, err := w.Call(t.Context(), bad); return err }, "call: id: "},
		{"EraseCall", func() error { return w.EraseCall(t.Context(), bad) }, "call: id: "},
		{"RecordCall", func() error { return w.RecordCall(t.Context(), call.Record{ID: bad}) }, "call: id: "},
		{"RecordCall, flow", func() error {
			return w.RecordCall(t.Context(), call.Record{ID: "c", Status: call.Completed, StartedAt: j.Stamp().At, Flow: bad})
		}, `call "c": flow: ` + shape},
		{"RecordCall, job", func() error {
			return w.RecordCall(t.Context(), call.Record{ID: "c", Status: call.Completed, StartedAt: j.Stamp().At, Flow: f.ID(), Used: []job.ID{bad}})
		}, `call "c": jobs: job: ` + shape},
	} {
		t.Run(tt.name, func(t *testing.T) {
			err := tt.do()
			require.Error(t, err)
			assert.Equal(t, tt.want, err.Error()[:min(len(tt.want), len(err.Error()))])
			_, field := errors.AsType[*job.FieldError](err)
			_, step := errors.AsType[*callflow.StepError](err)
			assert.True(t, field || step, "its type is as before")
		})
	}
}
