package sqlite_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/storage/sqlite"
)

func TestPathsMeanFilesAndNothingElse(t *testing.T) {
	for _, name := range []string{":memory:", "file:x?mode=memory", "a b%20c?d#e", "ünïcode 日本.db", "'\";--", "no \xff\xfe text", "new\nline"} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), name)
			t.Chdir(filepath.Dir(path))
			s := open(t, name, fast)
			put(t, s, doc("a", 1))
			require.NoError(t, s.Close())
			require.FileExists(t, path)
			s = open(t, path, fast)
			require.Equal(t, 1, get(t, s, "a").Revision)
			require.NoError(t, s.Backup(t.Context(), name+" copy"))
			require.Equal(t, 1, get(t, open(t, path+" copy", fast), "a").Revision)
		})
	}
}

func TestAPathThatSQLiteWouldReadAsAnotherIsRefused(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	whole := open(t, newPath(t), fast)
	for name, path := range map[string]string{
		"zero byte": filepath.Join(dir, "a\x00b"),
		"too long":  filepath.Join(dir, strings.Repeat("long/", 250), "sona.db"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := sqlite.Open(path, fast)
			require.ErrorContains(t, err, "sqlite: path")
			require.Error(t, whole.Backup(t.Context(), path))
			left, err := os.ReadDir(dir)
			require.NoError(t, err)
			require.Empty(t, left)
		})
	}
}

func TestALinkToAFileIsThatFile(t *testing.T) {
	t.Parallel()
	path := newPath(t)
	put(t, open(t, path, fast), doc("a", 1)) // it stays open, with its log
	elsewhere := t.TempDir()
	link := filepath.Join(elsewhere, "link.db")
	require.NoError(t, os.Symlink(path, link))
	linked := open(t, link, fast)
	require.Equal(t, 1, get(t, linked, "a").Revision)
	put(t, linked, doc("a", 2))
	require.Equal(t, 2, get(t, open(t, path, fast), "a").Revision)
	beside, err := os.ReadDir(elsewhere)
	require.NoError(t, err)
	require.Len(t, beside, 1, "the log stands beside the file")

	require.NoError(t, os.Symlink(filepath.Join(elsewhere, "nothing.db"), filepath.Join(elsewhere, "dangling.db")))
	_, err = sqlite.Open(filepath.Join(elsewhere, "dangling.db"), fast)
	require.ErrorIs(t, err, os.ErrNotExist)
}
