package main

import (
	"bytes"
	"context"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/storage"
	"github.com/sonajobs/sona/storage/sqlite"
)

var fast = sqlite.Options{Synchronous: sqlite.Normal}

func TestAnImportThatWasStoppedGoesOnWhereItWas(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sona.db")
	ctx, cancel := context.WithCancel(t.Context())
	var said bytes.Buffer
	require.NoError(t, run(ctx, stopper{&said, cancel}, path, fast, "acme", 15_000))
	require.Contains(t, said.String(), "10000 of 15000")
	require.Contains(t, said.String(), "stopped; run it again")

	said.Reset()
	require.NoError(t, run(t.Context(), &said, path, fast, "acme", 15_000))
	require.Regexp(t, `\n\d+ new, 0 changed, (9\d{3}|10000) as they were`, said.String())

	s, err := sqlite.Open(path, fast)
	require.NoError(t, err)
	require.NoError(t, s.Check(t.Context()))
	changes, err := s.Changes(t.Context(), "acme", 0, 20_000)
	require.NoError(t, err)
	require.Len(t, changes, 15_000, "each job was saved once")
	page, err := storage.Open(s, "acme").Jobs(t.Context(), storage.JobQuery{Text: "quote 14999"})
	require.NoError(t, err)
	require.Empty(t, page.Broken)
	require.NoError(t, s.Close())
}

// stopper stops the import when it says something.
type stopper struct {
	*bytes.Buffer
	stop context.CancelFunc
}

func (s stopper) Write(b []byte) (int, error) {
	s.stop()
	return s.Buffer.Write(b)
}
