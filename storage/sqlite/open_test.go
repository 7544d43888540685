package sqlite_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/ncruces/go-sqlite3"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/storage"
	"github.com/sonajobs/sona/storage/sqlite"
)

func TestOpenRefusesWhatIsNoFileOfOursAndLeavesItAsItWas(t *testing.T) {
	t.Parallel()
	t.Run("no path", func(t *testing.T) {
		t.Parallel()
		_, err := sqlite.Open("", sqlite.Options{})
		require.Error(t, err)
	})
	t.Run("a folder", func(t *testing.T) {
		t.Parallel()
		_, err := sqlite.Open(t.TempDir(), sqlite.Options{})
		require.ErrorIs(t, err, sqlite.ErrNotDatabase)
	})
	t.Run("a folder that is not there", func(t *testing.T) {
		t.Parallel()
		_, err := sqlite.Open(filepath.Join(t.TempDir(), "absent", "sona.db"), sqlite.Options{})
		require.ErrorIs(t, err, os.ErrNotExist)
	})
	t.Run("a text", func(t *testing.T) {
		t.Parallel()
		path := newPath(t)
		text := []byte("These are the opening hours of our office, Monday to Friday.\n")
		for range 100 {
			text = append(text, text[:60]...)
		}
		require.NoError(t, os.WriteFile(path, text, 0o600))
		_, err := sqlite.Open(path, sqlite.Options{})
		require.ErrorIs(t, err, sqlite.ErrNotDatabase)
		after, err := os.ReadFile(path)
		require.NoError(t, err)
		require.Equal(t, text, after)
	})
	t.Run("the database of another program", func(t *testing.T) {
		t.Parallel()
		path := newPath(t)
		execute(t, path, `CREATE TABLE doc (a); INSERT INTO doc VALUES (1)`)
		before, err := os.ReadFile(path)
		require.NoError(t, err)
		_, err = sqlite.Open(path, sqlite.Options{})
		require.ErrorIs(t, err, sqlite.ErrNotDatabase)
		after, err := os.ReadFile(path)
		require.NoError(t, err)
		require.Equal(t, before, after)
	})
	t.Run("a file of a newer version", func(t *testing.T) {
		t.Parallel()
		path := newPath(t)
		s := open(t, path, fast)
		put(t, s, doc("a", 1))
		require.NoError(t, s.Close())
		execute(t, path, `PRAGMA user_version = 99`)
		_, err := sqlite.Open(path, sqlite.Options{})
		var schema *sqlite.SchemaError
		require.ErrorAs(t, err, &schema)
		require.Equal(t, sqlite.SchemaError{Have: 99, Want: 1}, *schema)
		require.ErrorContains(t, err, "schema 99: this version reads up to 1")
		execute(t, path, `PRAGMA user_version = 1`)
		require.Equal(t, 1, get(t, open(t, path, fast), "a").Revision, "nothing was lost")
	})
}

// execute runs SQL on a file, as another program would.
func execute(t *testing.T, path, sql string) {
	t.Helper()
	db, err := sqlite3.Open(path)
	require.NoError(t, err)
	require.NoError(t, db.Exec(sql))
	require.NoError(t, db.Close())
}

func TestAnOpenFileThatANewerVersionTakesOverRefusesToBeWritten(t *testing.T) {
	t.Parallel()
	path := newPath(t)
	s := open(t, path, fast)
	put(t, s, doc("a", 1))
	execute(t, path, `PRAGMA user_version = 2`)
	var schema *sqlite.SchemaError
	require.ErrorAs(t, s.Put(t.Context(), "acme", []storage.Doc{doc("a", 2)}), &schema)
	require.Equal(t, 2, schema.Have)
	execute(t, path, `PRAGMA user_version = 1`)
	put(t, s, doc("a", 2))
}

func TestManyMayOpenANewFileAtTheSameMoment(t *testing.T) {
	t.Parallel()
	for range rounds(t) {
		path := newPath(t)
		var all sync.WaitGroup
		errs := make([]error, 6)
		for i := range errs {
			all.Go(func() {
				s, err := sqlite.Open(path, fast)
				if err == nil {
					err = s.Put(context.Background(), "acme", []storage.Doc{doc(fmt.Sprint("j", i), 1)})
				}
				if err == nil {
					err = s.Close()
				}
				errs[i] = err
			})
		}
		all.Wait()
		for _, err := range errs {
			require.NoError(t, err)
		}
		changes, err := open(t, path, fast).Changes(t.Context(), "acme", 0, 100)
		require.NoError(t, err)
		require.Len(t, changes, len(errs))
	}
}

// TestAFileThatCannotBeWrittenIsReadOnly mounts a file system read-only, because root may write to every file.
func TestAFileThatCannotBeWrittenIsReadOnly(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		path := newPath(t)
		s := open(t, path, fast)
		require.NoError(t, s.Close())
		require.NoError(t, os.Chmod(path, 0o400))
		_, err := sqlite.Open(path, sqlite.Options{})
		require.ErrorIs(t, err, sqlite.ErrReadOnly)
		return
	}
	dir := mount(t, "size=4m")
	path := filepath.Join(dir, "sona.db")
	s := open(t, path, fast)
	put(t, s, doc("a", 1))
	require.NoError(t, s.Close())
	remount(t, dir, true)
	_, err := sqlite.Open(path, sqlite.Options{})
	require.ErrorIs(t, err, sqlite.ErrReadOnly)
	_, err = sqlite.Open(filepath.Join(dir, "new.db"), sqlite.Options{})
	require.ErrorIs(t, err, sqlite.ErrReadOnly)
	remount(t, dir, false)
	require.Equal(t, 1, get(t, open(t, path, fast), "a").Revision, "it opens again")
}
