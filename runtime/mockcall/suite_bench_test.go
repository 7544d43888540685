package mockcall_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime/mockcall"
)

// A thousand calls of twelve turns, against the rehearsal, on all cores.
func BenchmarkThousandMockCalls(b *testing.B) {
	var steps strings.Builder
	steps.WriteString("This job takes an order.\n\n")
	for i, what := range []string{"name", "street", "town", "day", "time"} {
		fmt.Fprintf(&steps, "%d. Ask for the %s.\n", i+1, what)
	}
	steps.WriteString("6. Say goodbye: {{action end_call}}\n")
	j, err := job.New(job.Spec{Name: "Order", CallerIntent: "The caller wants to order.", Instructions: steps.String()})
	require.NoError(b, err)
	desk := deskOf(b, j)
	orders := mockcall.Scenario{Name: "orders", Checks: []mockcall.Check{mockcall.Ends(call.Ended), mockcall.Once(job.EndCall)},
		Caller: func(seed uint64) mockcall.Caller {
			return mockcall.Script("I want to order", "Ann", fmt.Sprint("Street ", seed), "Town", "Friday", "At noon")
		}}
	b.ReportAllocs()
	for b.Loop() {
		r, err := mockcall.SuiteOn(context.Background(), desk, mockcall.Config{}, 1000, []mockcall.Scenario{orders})
		require.NoError(b, err)
		require.NoError(b, r.Err())
		require.Len(b, r.Runs[0].Result.Record.Turns, 13) // the greeting, then six by each side
	}
}
