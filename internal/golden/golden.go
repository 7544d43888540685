// Package golden compares what a test got with a file that was read and found right.
//
//	golden.Assert(t, "testdata/prompt.golden", []byte(p.String()))
//
// To accept a change run the tests of that package with -update and read the difference before it is
// committed: go test ./runtime/prompt -update. It imports the standard library and go-cmp, and
// nothing but tests may import it.
package golden

import (
	"errors"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite golden files with what the tests got")

// Updating says whether golden files are being rewritten, for tests that keep their input and the
// result in one file.
func Updating() bool { return *update }

// Assert reports an error unless the file at path holds exactly got. The path is relative to the
// directory of the test. With -update it writes the file instead, and its directory.
func Assert(t testing.TB, path string, got []byte) {
	t.Helper()
	if *update {
		if err := write(path, got); err != nil {
			t.Errorf("golden file: %v", err)
		}
		return
	}
	want, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		t.Errorf("golden file %s is missing: run this package's tests with -update and read what it wrote", path)
	case err != nil:
		t.Errorf("golden file: %v", err)
	case string(want) != string(got):
		t.Errorf("differs from golden file %s (-file +got); if this is meant, run this package's tests with -update and read the difference:\n%s",
			path, cmp.Diff(lines(want), lines(got)))
	}
}

func write(path string, got []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, got, 0o644)
}

func lines(text []byte) []string { return strings.SplitAfter(string(text), "\n") }
