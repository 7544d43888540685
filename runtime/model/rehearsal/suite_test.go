package rehearsal_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime/model"
	"github.com/sonajobs/sona/runtime/model/modeltest"
	"github.com/sonajobs/sona/runtime/model/rehearsal"
	"github.com/sonajobs/sona/runtime/prompt"
)

// What rehearsal says depends on the request alone: no far side can be told what to answer.
func TestRehearsalIsAModel(t *testing.T) {
	j, err := job.New(job.Spec{Name: "Book a table", Instructions: "This job books a table.\n1. Ask for the day.\n2. Say goodbye: {{action end_call}}"})
	require.NoError(t, err)
	f, err := callflow.New(callflow.Simple("Restaurant", "+15550100", callflow.SonaStep{Jobs: []job.ID{j.ID()}}))
	require.NoError(t, err)
	p, err := prompt.Build(callflow.NewSnapshot(f, f.Draft(), []job.Job{j}, nil, callflow.Settings{}), callflow.Sona, prompt.Options{})
	require.NoError(t, err)
	opening := []model.Message{{Role: model.User, Text: "A table, please"}}
	t.Run("it asks", func(t *testing.T) {
		modeltest.Check(t, rehearsal.New(), model.Request{Prompt: p, Messages: opening})
	})
	t.Run("it acts", func(t *testing.T) {
		modeltest.Check(t, rehearsal.New(), model.Request{Prompt: p, Messages: append(opening,
			model.Message{Role: model.Assistant, Text: "[J1.1] Could you tell me the day?"}, model.Message{Role: model.User, Text: "Friday"})})
	})
}
