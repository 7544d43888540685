package corpus_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/internal/corpus"
	"github.com/sonajobs/sona/internal/tree"
)

// recorder is a test that says how it ended instead of ending.
type recorder struct {
	testing.TB
	ended string
}

func (r *recorder) Helper()                        {}
func (r *recorder) Skipf(format string, a ...any)  { r.endf("skip", format, a...) }
func (r *recorder) Fatalf(format string, a ...any) { r.endf("fatal", format, a...) }

func (r *recorder) endf(how, format string, a ...any) {
	r.ended = how + ": " + fmt.Sprintf(format, a...)
	panic(r)
}

// ending runs f as a test and returns how it ended; empty when it came to its end.
func ending(f func(testing.TB)) (ended string) {
	r := &recorder{}
	defer func() {
		if p := recover(); p != nil && p != any(r) {
			panic(p)
		}
		ended = r.ended
	}()
	f(r)
	return r.ended
}

type row struct {
	ID   string
	Text string
}

// data makes a directory of made-up material and points SONA_DATA at it.
func data(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		require.NoError(t, os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755))
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	t.Setenv(corpus.EnvData, dir)
	t.Setenv(corpus.EnvStrict, "")
	return dir
}

func packed(t *testing.T, text string) string {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, err := w.Write([]byte(text))
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return b.String()
}

func TestLines(t *testing.T) {
	const text = "{\"id\":\"a\",\"text\":\"one\",\"more\":1}\n\n{\"id\":\"b\",\"text\":\"two\"}"
	data(t, map[string]string{"dev/rows.jsonl": text, "dev/rows.jsonl.gz": packed(t, text)})
	for _, name := range []string{"dev/rows.jsonl", "dev/rows.jsonl.gz"} {
		require.Empty(t, cmp.Diff([]row{{"a", "one"}, {"b", "two"}}, corpus.Lines[row](t, name)), name)
	}
}

func TestCSV(t *testing.T) {
	data(t, map[string]string{"index.csv": "id,chars\na,10\n\"b, c\",11\n"})
	require.Empty(t, cmp.Diff([]map[string]string{{"id": "a", "chars": "10"}, {"id": "b, c", "chars": "11"}}, corpus.CSV(t, "index.csv")))
}

func TestReadAndFiles(t *testing.T) {
	dir := data(t, map[string]string{"pages/b.md": "B", "pages/a.md": "A", "pages/notes.txt": "N"})
	require.Equal(t, dir, corpus.Dir(t))
	require.Equal(t, []string{"pages/a.md", "pages/b.md"}, corpus.Files(t, "pages/*.md"))
	require.Equal(t, "A", string(corpus.Read(t, "pages/a.md")))
}

func TestBrokenMaterialFailsAndIsNamed(t *testing.T) {
	data(t, map[string]string{"rows.jsonl": "{\"id\":\"a\"}\n{\"id\":\n", "ragged.csv": "a,b\n1\n", "empty.csv": "", "no.gz": "text"})
	tests := []struct {
		name string
		use  func(testing.TB)
		want string
	}{
		{"JSON", func(t testing.TB) { corpus.Lines[row](t, "rows.jsonl") }, "fatal: rows.jsonl:2: "},
		{"CSV with a short row", func(t testing.TB) { corpus.CSV(t, "ragged.csv") }, "fatal: ragged.csv: "},
		{"CSV without names", func(t testing.TB) { corpus.CSV(t, "empty.csv") }, "fatal: empty.csv: no row with names"},
		{"gzip", func(t testing.TB) { corpus.Read(t, "no.gz") }, "fatal: no.gz: "},
		{"a path out of the directory", func(t testing.TB) { corpus.Read(t, "../secret") }, "fatal: ../secret: "},
		{"a pattern", func(t testing.TB) { corpus.Files(t, "[") }, "fatal: [: "},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { require.Contains(t, ending(tt.use), tt.want) })
	}
}

func TestWhatIsMissingSkipsAndFailsInStrictMode(t *testing.T) {
	uses := map[string]func(testing.TB){
		"a file":    func(t testing.TB) { corpus.Lines[row](t, "none.jsonl") },
		"a pattern": func(t testing.TB) { corpus.Files(t, "none/*.md") },
	}
	for name, use := range uses {
		t.Run(name, func(t *testing.T) {
			data(t, nil)
			require.Contains(t, ending(use), "skip: no real material called none")
			t.Setenv(corpus.EnvStrict, "1")
			require.Contains(t, ending(use), "fatal: no real material called none")
		})
	}
	t.Run("the directory", func(t *testing.T) {
		t.Setenv(corpus.EnvData, filepath.Join(t.TempDir(), "none"))
		t.Setenv(corpus.EnvStrict, "")
		require.Contains(t, ending(func(t testing.TB) { corpus.Dir(t) }), "skip: no real material in ")
		t.Setenv(corpus.EnvStrict, "1")
		require.Contains(t, ending(func(t testing.TB) { corpus.Dir(t) }), "SONA_STRICT=1: a failure")
	})
}

func TestARelativeDirectoryBeginsAtTheRoot(t *testing.T) {
	root, err := tree.Root()
	require.NoError(t, err)
	t.Setenv(corpus.EnvStrict, "")
	t.Setenv(corpus.EnvData, "internal/corpus")
	require.Equal(t, filepath.Join(root, "internal", "corpus"), corpus.Dir(t))

	t.Setenv(corpus.EnvData, "")
	usual := filepath.Join(filepath.Dir(root), "shared", "data")
	got := ending(func(t testing.TB) { require.Equal(t, usual, corpus.Dir(t)) })
	if got != "" {
		require.Contains(t, got, usual)
	}
}
