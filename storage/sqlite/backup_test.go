package sqlite_test

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/storage"
	"github.com/sonajobs/sona/storage/sqlite"
)

func TestABackupIsTheFileAtOneMomentWhileOthersWrite(t *testing.T) {
	s := open(t, newPath(t), fast)
	for range 20 {
		put(t, s, pairOf(1)...)
		break
	}
	stop, stopped := make(chan struct{}), make(chan error)
	go func() {
		for i := 2; ; i++ {
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
		require.NoFileExists(t, path+".part")
	}
	close(stop)
	require.NoError(t, <-stopped)
}

func pairOf(revision int) []storage.Doc { return []storage.Doc{doc("a", revision), doc("b", revision)} }

func TestABackupOverwritesNothingAndLeavesNothingHalf(t *testing.T) {
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

func TestABackupOntoAFullDiskSaysSo(t *testing.T) {
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
