package ident_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/internal/ident"
)

func TestNewIdentifiersAreValidAndDiffer(t *testing.T) {
	seen := map[string]bool{}
	for range 1000 {
		id := ident.New("job")
		require.NoError(t, ident.Check(id))
		require.True(t, strings.HasPrefix(id, "job_"))
		require.False(t, seen[id])
		seen[id] = true
	}
}

func TestCheckSaysWhatIsWrong(t *testing.T) {
	for _, good := range []string{"a", "7", "abcd/refund.v2_x-1", strings.Repeat("a", ident.Max)} {
		require.NoError(t, ident.Check(good), good)
	}
	for bad, why := range map[string]string{
		"":                               "is empty",
		strings.Repeat("a", ident.Max+1): "at most 100",
		"-a":                             "begin and end",
		"a.":                             "begin and end",
		"a b":                            `' ' at byte 1`,
		"a@1x":                           `'@' at byte 1`,
		"a:b":                            `':' at byte 1`,
		"aéb":                            "at byte 1",
	} {
		require.ErrorContains(t, ident.Check(bad), why, bad)
	}
}
