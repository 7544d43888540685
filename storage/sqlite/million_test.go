package sqlite_test

import (
	"fmt"
	"iter"
	"os"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/storage"
)

// libraryJobs is how many jobs the library test has: SONA_JOBS, 10,000 by default, 1,000 with -short.
func libraryJobs() int {
	if n, err := strconv.Atoi(os.Getenv("SONA_JOBS")); err == nil && n > 0 {
		return n
	}
	if testing.Short() {
		return 1_000
	}
	return 10_000
}

func libraryJob(i int) (job.ID, job.Spec) {
	return job.ID(fmt.Sprintf("job-%07d", i)), job.Spec{
		Name:         fmt.Sprintf("Éclair order %07d", i),
		Description:  fmt.Sprintf("Takes order %d.", i),
		Instructions: fmt.Sprintf("1. Ask for the name.\n2. Repeat order number %d.\n3. Ask for the day of delivery.", i),
	}
}

func library(n int) iter.Seq2[job.ID, job.Spec] {
	return func(yield func(job.ID, job.Spec) bool) {
		for i := range n {
			if !yield(libraryJob(i)) {
				return
			}
		}
	}
}

// TestALibraryOfAnySizeIsImportedFoundAndPagedThrough imports 10,000 jobs, or as many as SONA_JOBS says:
// make million.
func TestALibraryOfAnySizeIsImportedFoundAndPagedThrough(t *testing.T) {
	t.Parallel()
	n := libraryJobs()
	path := newPath(t)
	s := open(t, path, fast)
	ws := storage.Open(s, "acme").By("ann")
	done, err := ws.ImportJobs(t.Context(), library(n))
	require.NoError(t, err)
	require.Equal(t, storage.Imported{Created: n}, done)
	done, err = ws.ImportJobs(t.Context(), library(min(n, 10_000)))
	require.NoError(t, err)
	require.Equal(t, storage.Imported{Unchanged: min(n, 10_000)}, done, "again changes nothing")
	require.NoError(t, s.Close())

	s = open(t, path, fast)
	ws = storage.Open(s, "acme")
	seen, q := 0, storage.JobQuery{Limit: storage.MaxLimit}
	for {
		page, err := ws.Jobs(t.Context(), q)
		require.NoError(t, err)
		require.Empty(t, page.Broken)
		for _, j := range page.Jobs {
			id, spec := libraryJob(seen)
			require.Equal(t, id, j.ID())
			require.Equal(t, spec.Name, j.Name())
			seen++
		}
		if page.Next == (storage.Key{}) {
			break
		}
		q.After = page.Next
	}
	require.Equal(t, n, seen)
	for _, i := range []int{0, n / 2, n - 1} {
		id, spec := libraryJob(i)
		page, err := ws.Jobs(t.Context(), storage.JobQuery{Text: fmt.Sprintf("eclair ORDER %07d", i)})
		require.NoError(t, err)
		require.Len(t, page.Jobs, 1)
		require.Equal(t, id, page.Jobs[0].ID())
		require.Equal(t, spec.Instructions, page.Jobs[0].Spec().Instructions)
	}
	require.NoError(t, s.Check(t.Context()))
}
