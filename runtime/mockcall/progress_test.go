package mockcall_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/runtime/mockcall"
)

func TestProgressIsALine(t *testing.T) {
	p := mockcall.Progress{Done: 250, All: 1000, Failed: 2, Rest: 90*time.Second + 300*time.Millisecond}
	require.Equal(t, "250 of 1000 mock calls, 2 not passed, about 1m30s left", p.String())
}
