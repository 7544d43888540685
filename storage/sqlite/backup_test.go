package sqlite_test

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/storage"
	"github.com/sonajobs/sona/storage/sqlite"
)

func TestABackupIsTheFileAtOneMomentWhileOthersWrite(t *testing.T) {
	t.Parallel()
	s := open(t, newPath(t), fast)
	put(t, s, pairOf(1)...)
	const most = 500 // Puts a round: each round reads all of them
	stop, stopped, next := make(chan struct{}), make(chan error), make(chan struct{})
	go func() {
		for i := 2; ; i++ {
			if i%most == 0 {
				select {
				case <-next:
				case <-stop:
				}
			}
			select {
			case <-stop:
				stopped <- nil
				return
			default:
			}
			if err := s.Put(context.Background(), "acme", pairOf(i)); err != nil {
				stopped <- err
				return
			}
		}
	}()
	last := 0
	for range rounds(t) {
		path := filepath.Join(t.TempDir(), "copy.db")
		require.NoError(t, s.Backup(t.Context(), path))
		c := open(t, path, fast)
		require.NoError(t, c.Check(t.Context()))
		a, b := get(t, c, "a"), get(t, c, "b")
		require.Equal(t, a.Revision, b.Revision)
		require.GreaterOrEqual(t, a.Revision, last)
		last = a.Revision
		past, err := c.History(t.Context(), "acme", a.Ref, 0, 1_000_000)
		require.NoError(t, err)
		require.Len(t, past, a.Revision)
		put(t, c, pairOf(a.Revision+1)...)
		left, err := filepath.Glob(path + "*.part")
		require.NoError(t, err)
		require.Empty(t, left)
		select {
		case next <- struct{}{}:
		default: // it is still writing
		}
	}
	close(stop)
	require.NoError(t, <-stopped)
}

func pairOf(revision int) []storage.Doc { return []storage.Doc{doc("a", revision), doc("b", revision)} }

func TestABackupOverwritesNothingAndLeavesNothingHalf(t *testing.T) {
	t.Parallel()
	s := open(t, newPath(t), fast)
	for i := range 40 {
		d := doc(fmt.Sprint("j", i), 1)
		d.Value = make([]byte, 500_000)
		put(t, s, d)
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "copy.db")
	require.NoError(t, os.WriteFile(path, []byte("mine"), 0o600))
	require.ErrorIs(t, s.Backup(t.Context(), path), fs.ErrExist)
	require.NoError(t, os.Remove(path))

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, s.Backup(ctx, path), context.Canceled)
	require.ErrorIs(t, s.Backup(&countdown{Context: t.Context(), left: 8}, path), context.Canceled)
	require.Error(t, s.Backup(t.Context(), filepath.Join(dir, "absent", "copy.db")))
	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Empty(t, left)
	require.NoError(t, s.Backup(t.Context(), path))
	require.NoError(t, open(t, path, fast).Check(t.Context()))
}

// countdown is a context that ends when it is asked for the nth time.
type countdown struct {
	context.Context //nolint:containedctx // it is a context
	left            int
}

func (c *countdown) Err() error {
	if c.left--; c.left < 0 {
		return context.Canceled
	}
	return nil
}

func TestOfBackupsToOnePlaceOneIsMadeAndItIsWhole(t *testing.T) {
	t.Parallel()
	s := open(t, newPath(t), fast)
	for i := range 20 {
		d := doc(fmt.Sprint("j", i), 1)
		d.Value = make([]byte, 100_000)
		put(t, s, d)
	}
	for range rounds(t) {
		dir := t.TempDir()
		path := filepath.Join(dir, "copy.db")
		errs := make([]error, 4)
		var all sync.WaitGroup
		for i := range errs {
			all.Go(func() { errs[i] = s.Backup(t.Context(), path) })
		}
		all.Wait()
		made := 0
		for _, err := range errs {
			if err == nil {
				made++
				continue
			}
			require.ErrorIs(t, err, fs.ErrExist)
		}
		require.Equal(t, 1, made)
		left, err := os.ReadDir(dir)
		require.NoError(t, err)
		require.Len(t, left, 1)
		copied := open(t, path, fast)
		require.NoError(t, copied.Check(t.Context()))
		changes, err := copied.Changes(t.Context(), "acme", 0, 100)
		require.NoError(t, err)
		require.Len(t, changes, 20)
		require.NoError(t, copied.Close())
	}
}

func TestABackupTouchesNoFileOfOthersAndRefusesAPlaceWithTheirRests(t *testing.T) {
	t.Parallel()
	s := open(t, newPath(t), fast)
	put(t, s, doc("a", 1))
	for _, end := range []string{"-wal", "-shm", "-journal"} {
		path := newPath(t)
		require.NoError(t, os.WriteFile(path+end, []byte("of a file that was here"), 0o600))
		require.ErrorIs(t, s.Backup(t.Context(), path), fs.ErrExist)
		require.NoFileExists(t, path)
	}
	path := newPath(t)
	require.NoError(t, os.WriteFile(path+".part", []byte("mine"), 0o600))
	require.NoError(t, s.Backup(t.Context(), path))
	mine, err := os.ReadFile(path + ".part")
	require.NoError(t, err)
	require.Equal(t, "mine", string(mine))
}

func TestABackupIsReadByWhomTheFileIsRead(t *testing.T) {
	t.Parallel()
	path := newPath(t)
	s := open(t, path, fast)
	put(t, s, doc("a", 1))
	for _, mode := range []fs.FileMode{0o600, 0o640, 0o644} {
		require.NoError(t, os.Chmod(path, mode))
		to := newPath(t)
		require.NoError(t, s.Backup(t.Context(), to))
		info, err := os.Stat(to)
		require.NoError(t, err)
		require.Equal(t, mode, info.Mode().Perm())
	}
}

func TestABackupOntoAFullDiskSaysSo(t *testing.T) {
	t.Parallel()
	s := open(t, newPath(t), fast)
	for i := range 20 {
		d := doc(fmt.Sprint("j", i), 1)
		d.Value = make([]byte, 500_000)
		put(t, s, d)
	}
	dir := mount(t, "size=2m")
	require.ErrorIs(t, s.Backup(t.Context(), filepath.Join(dir, "copy.db")), sqlite.ErrFull)
	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Empty(t, left)
	put(t, s, doc("a", 1))
}
