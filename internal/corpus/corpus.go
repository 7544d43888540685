// Package corpus finds the real material that tests measure with. The material is no part of the
// project: SONA_DATA names its directory (relative to the root of the repository), by default
// ../shared/data beside it. What is not there skips the test; with SONA_STRICT=1 it fails it.
//
//	type row struct{ ID, Text string }
//	for _, r := range corpus.Lines[row](t, "instructions/dev.jsonl") { … }
//
// It imports the standard library and internal/tree, and nothing but tests may import it.
package corpus

import (
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sonajobs/sona/internal/tree"
)

const (
	// EnvData names the directory of the material.
	EnvData = "SONA_DATA"
	// EnvStrict makes what is missing a failure when it is "1".
	EnvStrict = "SONA_STRICT"

	usual = "../shared/data"
)

// Strict says whether what is missing fails a test instead of skipping it.
func Strict() bool { return os.Getenv(EnvStrict) == "1" }

// Missing skips the test, or fails it in strict mode. What a test needs from outside the repository
// and does not find, a program for example, goes this way, too.
func Missing(t testing.TB, what string) {
	t.Helper()
	if Strict() {
		t.Fatalf("%s (%s=1: a failure, not a skip)", what, EnvStrict)
	}
	t.Skipf("%s; skipped", what)
}

// Dir returns the directory of the material.
func Dir(t testing.TB) string {
	t.Helper()
	dir := os.Getenv(EnvData)
	if dir == "" {
		dir = usual
	}
	if !filepath.IsAbs(dir) {
		root, err := tree.Root()
		if err != nil {
			t.Fatal(err)
		}
		dir = filepath.Join(root, filepath.FromSlash(dir))
	}
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		Missing(t, "no real material in "+dir+": "+EnvData+" names its directory")
	}
	return dir
}

// Files returns the names that match a pattern of path.Match below [Dir], sorted, at least one.
func Files(t testing.TB, pattern string) []string {
	t.Helper()
	names, err := fs.Glob(os.DirFS(Dir(t)), pattern)
	if err != nil {
		t.Fatalf("%s: %v", pattern, err)
	}
	if len(names) == 0 {
		Missing(t, "no real material called "+pattern)
	}
	return names
}

// Read returns a file below [Dir]; one whose name ends in .gz is unpacked.
func Read(t testing.TB, rel string) []byte {
	t.Helper()
	data, err := read(Dir(t), rel)
	if errors.Is(err, fs.ErrNotExist) {
		Missing(t, "no real material called "+rel)
	}
	if err != nil {
		t.Fatalf("%s: %v", rel, err)
	}
	return data
}

func read(dir, rel string) ([]byte, error) {
	data, err := fs.ReadFile(os.DirFS(dir), rel)
	if err != nil || !strings.HasSuffix(rel, ".gz") {
		return data, err
	}
	unpacked, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(unpacked)
}

// Lines decodes a file of JSON Lines, one value a line. Blank lines mean nothing, and fields that T
// does not have are left out.
func Lines[T any](t testing.TB, rel string) []T {
	t.Helper()
	var rows []T
	number := 0
	for line := range bytes.Lines(Read(t, rel)) {
		number++
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		var row T
		if err := json.Unmarshal(line, &row); err != nil {
			t.Fatalf("%s:%d: %v", rel, number, err)
		}
		rows = append(rows, row)
	}
	return rows
}

// CSV returns the rows of a file by the names in its first row.
func CSV(t testing.TB, rel string) []map[string]string {
	t.Helper()
	all, err := csv.NewReader(bytes.NewReader(Read(t, rel))).ReadAll()
	if err != nil {
		t.Fatalf("%s: %v", rel, err)
	}
	if len(all) == 0 {
		t.Fatalf("%s: no row with names", rel)
	}
	rows := make([]map[string]string, 0, len(all)-1)
	for _, values := range all[1:] {
		row := make(map[string]string, len(values))
		for i, name := range all[0] {
			row[name] = values[i]
		}
		rows = append(rows, row)
	}
	return rows
}
