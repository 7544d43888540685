package mockcall_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime/mockcall"
	"github.com/sonajobs/sona/runtime/model/rehearsal"
)

// One call proves little where calls vary: every fourth meets a model that is down, and the score says how sure it is.
func TestSeed_48_CallsVaryAndAreScoredOverManyRuns(t *testing.T) {
	s := newShop(t)
	report, err := mockcall.Suite(t.Context(), s.ws, mockcall.Config{Flow: s.flow.ID()}, 20, []mockcall.Scenario{{
		Name:   "wants the price list",
		Caller: func(uint64) mockcall.Caller { return ann },
		Checks: []mockcall.Check{mockcall.Once(job.SendSMS), mockcall.Ends(call.Ended)},
		With: func(seed uint64, c *mockcall.Config) {
			if seed%4 == 0 {
				c.Model = mockcall.Faulty(rehearsal.New(), mockcall.ModelFault{Kind: mockcall.ModelBroken})
			}
		},
	}})
	require.NoError(t, err)
	require.Equal(t, 20, report.All.Runs)
	require.Equal(t, 15, report.All.Passed)
	require.ErrorIs(t, report.Err(), mockcall.ErrFailed)
	require.Less(t, report.All.Low, 0.75)
	require.Greater(t, report.All.High, 0.75)
}
