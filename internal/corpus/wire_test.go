package corpus_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/internal/corpus"
)

func TestWireHoldsEveryRecordedExchange(t *testing.T) {
	streams, finished, echoed := 0, 0, 0
	all := corpus.Wire(t)
	for _, e := range all {
		require.NotEmpty(t, e.Recording)
		require.NotEmpty(t, e.API)
		require.NotZero(t, e.Response.Status)
		if e.Stream {
			streams++
		}
		if e.API == "openai-chat" && e.Expected.Finish != "" {
			finished++
		}
		if e.EchoAgrees {
			echoed++
		}
	}
	require.Len(t, all, 713)
	require.Equal(t, []int{220, 294, 197}, []int{streams, finished, echoed})
}
