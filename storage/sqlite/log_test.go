package sqlite

import (
	"bytes"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/storage"
)

func logBytes(t *testing.T, s *Storage) int64 {
	t.Helper()
	info, err := os.Stat(s.path + "-wal")
	require.NoError(t, err)
	return info.Size()
}

// shortLog lets the log of a storage be emptied 20 times as often. It returns how long it may become, in bytes: reads
// that are under way may put off a few times that it is emptied.
func shortLog(s *Storage) (longest int64) {
	c := <-s.writer
	c.log.checkpoint = checkpointPages / 20
	c.log.emptyAt = emptyTimes * c.log.checkpoint
	s.writer <- c
	return int64(4*emptyTimes*checkpointPages/20) * 4_096
}

func TestTheLogDoesNotGrowForEverWhileSomebodyReadsAtEveryMoment(t *testing.T) {
	t.Parallel()
	s := opened2(t, Options{Synchronous: Normal})
	longest := shortLog(s)
	require.NoError(t, s.Put(t.Context(), "acme", docs(0, 100)))
	var (
		all  sync.WaitGroup
		stop atomic.Bool
	)
	for range 8 {
		all.Go(func() {
			for !stop.Load() {
				if _, err := s.List(t.Context(), "acme", storage.Query{Kind: storage.KindJob, After: docs(0, 1)[0].Key(), Limit: 50}); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	d := docs(0, 1)[0]
	d.Value = make([]byte, 100_000)
	for range 3 * longest / int64(len(d.Value)) {
		d.Revision++
		require.NoError(t, s.Put(t.Context(), "acme", []storage.Doc{d}))
		require.Less(t, logBytes(t, s), longest)
	}
	stop.Store(true)
	all.Wait()
	require.NoError(t, s.Check(t.Context()))
}

func TestALogThatALongReadKeptIsEmptiedAfterIt(t *testing.T) {
	t.Parallel()
	s := opened2(t, Options{Synchronous: Normal})
	longest := shortLog(s)
	require.NoError(t, s.Put(t.Context(), "acme", docs(0, 1)))
	d := docs(0, 1)[0]
	d.Value = make([]byte, longest/10)
	save := func() {
		d.Revision++
		require.NoError(t, s.Put(t.Context(), "acme", []storage.Doc{d}))
	}
	require.NoError(t, s.consistently(t.Context(), func(c *conn) error {
		if _, err := c.head(); err != nil { // the read begins
			return err
		}
		for range 11 {
			save()
		}
		return nil
	}))
	require.Greater(t, logBytes(t, s), longest)
	save()
	save()
	require.Less(t, logBytes(t, s), longest/2)
	require.NoError(t, s.Check(t.Context()))
}

func TestWhatWasErasedIsNowhereOnTheDisk(t *testing.T) {
	t.Parallel()
	s := opened2(t, Options{Synchronous: Normal})
	secret := []byte("+15559990000")
	d := storage.Doc{Ref: storage.Ref{Kind: storage.KindCall, ID: "c"}, Revision: 1, Value: secret}
	require.NoError(t, s.Put(t.Context(), "acme", []storage.Doc{d}))
	found := func() (n int) {
		files, err := filepath.Glob(s.path + "*")
		require.NoError(t, err)
		for _, file := range files {
			b, err := os.ReadFile(file)
			require.NoError(t, err)
			n += bytes.Count(b, secret)
		}
		return n
	}
	require.Positive(t, found())
	d.Revision, d.Value, d.Deleted = 2, nil, true
	require.NoError(t, s.Put(t.Context(), "acme", []storage.Doc{d}))
	require.Zero(t, found())
}
