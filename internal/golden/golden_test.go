package golden_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/internal/golden"
)

// recorder is a test that keeps what is reported instead of failing.
type recorder struct {
	testing.TB
	errors []string
}

func (r *recorder) Helper() {}
func (r *recorder) Errorf(format string, a ...any) {
	r.errors = append(r.errors, fmt.Sprintf(format, a...))
}

func assert(path, got string) []string {
	var r recorder
	golden.Assert(&r, path, []byte(got))
	return r.errors
}

// updating sets the flag for one test.
func updating(t *testing.T, on bool) {
	t.Helper()
	was := fmt.Sprint(golden.Updating())
	require.NoError(t, flag.Set("update", fmt.Sprint(on)))
	t.Cleanup(func() { require.NoError(t, flag.Set("update", was)) })
	require.Equal(t, on, golden.Updating())
}

func TestAssertComparesEveryByte(t *testing.T) {
	updating(t, false)
	path := filepath.Join(t.TempDir(), "a.golden")
	require.NoError(t, os.WriteFile(path, []byte("one\ntwo\n"), 0o600))

	require.Empty(t, assert(path, "one\ntwo\n"))

	for _, other := range []string{"one\ntwo", "one\ntwo\n\n", "one\r\ntwo\n", "one\nTwo\n", ""} {
		found := assert(path, other)
		require.Len(t, found, 1, "%q", other)
		require.Contains(t, found[0], "differs from golden file "+path)
		require.Contains(t, found[0], "-update")
	}
}

func TestAssertNamesAMissingFile(t *testing.T) {
	updating(t, false)
	found := assert(filepath.Join(t.TempDir(), "none.golden"), "text")
	require.Len(t, found, 1)
	require.Contains(t, found[0], "is missing: run this package's tests with -update")
}

func TestAssertReportsAFileThatCannotBeRead(t *testing.T) {
	updating(t, false)
	require.Len(t, assert(t.TempDir(), "text"), 1)
}

func TestUpdateWritesTheFileAndItsDirectory(t *testing.T) {
	updating(t, true)
	path := filepath.Join(t.TempDir(), "testdata", "deep", "a.golden")
	require.Empty(t, assert(path, "first\n"))
	require.Empty(t, assert(path, "second\n"))
	require.Len(t, assert(filepath.Join(path, "below-a-file"), "text"), 1)

	updating(t, false)
	require.Empty(t, assert(path, "second\n"))
}
