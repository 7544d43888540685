package prompt

import (
	"crypto/sha256"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/internal/digest"
)

// The hash of the stable part is that of its sections' hashes: who has the sections can compute it.
func TestTheStableHashIsThatOfTheSectionsHashes(t *testing.T) {
	f, err := callflow.New(callflow.Simple("Desk", "204", callflow.SonaStep{}))
	require.NoError(t, err)
	p, err := Build(callflow.NewSnapshot(f, f.Draft(), nil, nil, callflow.Settings{}), callflow.Sona, Options{})
	require.NoError(t, err)
	var sums []byte
	end := 0
	for _, s := range p.sections {
		require.Equal(t, end, s.start, "the sections are the whole text")
		sum := sha256.Sum256([]byte(p.Stable[s.start:s.end]))
		sums, end = append(sums, sum[:]...), s.end
	}
	require.Len(t, p.Stable, end)
	require.Equal(t, digest.Of(string(sums)), p.Receipt.Stable)
}
