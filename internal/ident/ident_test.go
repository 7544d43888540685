package ident_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/internal/ident"
)

func TestNewIsUniqueAndPassesCheck(t *testing.T) {
	seen := map[string]bool{}
	for range 1000 {
		id := ident.New("job")
		require.NoError(t, ident.Check(id))
		require.Regexp(t, `^job_[A-Z2-7]{26}$`, id)
		require.False(t, seen[id])
		seen[id] = true
	}
}

func TestCheck(t *testing.T) {
	for _, good := range []string{"a", "7", "a.b_c-d/e", strings.Repeat("x", ident.Max)} {
		require.NoError(t, ident.Check(good), good)
	}
	for bad, why := range map[string]string{
		"":                               "is empty",
		strings.Repeat("x", ident.Max+1): "has 101 bytes: at most 100",
		".a":                             `".a" must begin and end with a letter or a digit (a–z, A–Z, 0–9)`,
		"a-":                             `"a-" must begin and end with a letter or a digit (a–z, A–Z, 0–9)`,
		"a:b":                            `"a:b" has ':' at byte 1: only letters, digits and . _ - / may stand there`,
		"a@1":                            `"a@1" has '@' at byte 1: only letters, digits and . _ - / may stand there`,
		"a b":                            `"a b" has ' ' at byte 1: only letters, digits and . _ - / may stand there`,
	} {
		require.EqualError(t, ident.Check(bad), why)
	}
}
