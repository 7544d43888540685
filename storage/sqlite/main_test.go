package sqlite_test

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/storage"
	"github.com/sonajobs/sona/storage/sqlite"
)

// benchDir is where the file of the benchmarks lies.
var benchDir string

// TestMain runs the tests, or, in a process that a test has started, the part of that process.
func TestMain(m *testing.M) {
	if part := os.Getenv(partVar); part != "" {
		os.Exit(runPart(part))
	}
	code := m.Run()
	if benchDir != "" {
		_ = os.RemoveAll(benchDir)
	}
	os.Exit(code)
}

const (
	partVar = "SONA_SQLITE_PART" // which part a started process plays
	fileVar = "SONA_SQLITE_FILE" // on which file
	nameVar = "SONA_SQLITE_NAME" // as whom
)

// parts are what processes do that tests start.
var parts = map[string]func(path, name string, out io.Writer) error{}

func runPart(part string) int {
	if err := parts[part](os.Getenv(fileVar), os.Getenv(nameVar), os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, part, err)
		return 1
	}
	return 0
}

// process is a second program on the same file.
type process struct {
	*exec.Cmd
	out *bufio.Reader
}

// start starts a process that plays a part. It is killed at the end of the test at the latest.
func start(t testing.TB, part, path, name string) *process {
	t.Helper()
	cmd := prepareProcess(executable(t), part, path, name)
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	return &process{cmd, bufio.NewReader(out)}
}

func executable(t testing.TB) string {
	t.Helper()
	exe, err := os.Executable()
	require.NoError(t, err)
	return exe
}

func prepareProcess(exe, part, path, name string) *exec.Cmd {
	cmd := exec.Command(exe)
	cmd.Env = append(os.Environ(), partVar+"="+part, fileVar+"="+path, nameVar+"="+name)
	cmd.Stderr = os.Stderr
	return cmd
}

// rounds is how often each fault is tried: SONA_CHAOS, 10 by default, 2 with -short.
func rounds(t *testing.T) int {
	t.Helper()
	if n, err := strconv.Atoi(os.Getenv("SONA_CHAOS")); err == nil && n > 0 {
		return n
	}
	if testing.Short() {
		return 2
	}
	return 10
}

// fast is for tests that lose no power: a Put does not wait for the disk.
var fast = sqlite.Options{Synchronous: sqlite.Normal}

func newPath(t testing.TB) string {
	t.Helper()
	return filepath.Join(t.TempDir(), "sona.db")
}

func open(t testing.TB, path string, o sqlite.Options) *sqlite.Storage {
	t.Helper()
	s, err := sqlite.Open(path, o)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return s
}

func doc(id string, revision int) storage.Doc {
	return storage.Doc{
		Ref: storage.Ref{Kind: storage.KindJob, ID: id}, Revision: revision, By: "ann",
		Sort: "name of " + id, Value: []byte(fmt.Sprintf(`{"id":%q,"revision":%d}`, id, revision)),
	}
}

func put(t testing.TB, s storage.Storage, docs ...storage.Doc) {
	t.Helper()
	require.NoError(t, s.Put(t.Context(), "acme", docs))
}

// get returns the newest revision of a job, one without an ID if there is none.
func get(t testing.TB, s storage.Storage, id string) storage.Doc {
	t.Helper()
	docs, err := s.Get(t.Context(), "acme", []storage.Want{{Ref: doc(id, 1).Ref}})
	require.NoError(t, err)
	if len(docs) == 0 {
		return storage.Doc{}
	}
	return docs[0]
}
