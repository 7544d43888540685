package main

import (
	"bytes"
	"context"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/callflow/knowledge"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/storage"
	"github.com/sonajobs/sona/storage/sqlite"
)

var update = flag.Bool("update", false, "rewrite the golden files in testdata")

func requireGolden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name+".golden")
	if *update {
		require.NoError(t, os.WriteFile(path, []byte(got), 0o600))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, string(want), got, "if this is meant: go test ./lint -update")
}

// The rules of these tests: others may come and go without a word of theirs changing.
const some = "-rules=vague-quantity,price-conflict,hours-conflict,greeting-twice"

func lintOf(t *testing.T, args ...string) (out, errs string, code int) {
	t.Helper()
	var o, e bytes.Buffer
	code, err := run(t.Context(), &o, &e, args)
	require.NoError(t, err)
	return o.String(), e.String(), code
}

func TestFilesAreLintedOneByOne(t *testing.T) {
	for format, args := range map[string][]string{"text": nil, "json": {"-json"}, "github": {"-format", "github"}} {
		out, errs, code := lintOf(t, append(append([]string{some}, args...), "testdata/visit.md", "testdata/message.txt", "testdata/hours.json")...)
		requireGolden(t, "files."+format, out)
		assert.Empty(t, errs)
		assert.Equal(t, found, code)
	}
}

func TestFilesAreLintedAsTheJobsOfOneStep(t *testing.T) {
	out, _, code := lintOf(t, some, "-step", "-greeting", "Hello, this is Ann's.", "-page", "testdata/about-us.md", "testdata/visit.md", "testdata/message.txt", "testdata/hours.json")
	requireGolden(t, "step", out)
	assert.Equal(t, found, code)
}

func TestTheExitCodeIsThatOfTheSeverity(t *testing.T) {
	_, _, code := lintOf(t, "-rules=vague-quantity", "-severity", "error", "testdata/visit.md")
	assert.Equal(t, clean, code)
	_, _, code = lintOf(t, "-rules=vague-quantity", "-severity", "hint", "testdata/visit.md")
	assert.Equal(t, found, code)
	out, _, code := lintOf(t, "-rules=vague-quantity", "-ignore", "vague-quantity", "-severity", "hint", "testdata/visit.md")
	assert.Equal(t, clean, code)
	assert.Empty(t, out)
}

func TestWhatCannotBeReadIsNoFinding(t *testing.T) {
	broken := filepath.Join(t.TempDir(), "broken.json")
	require.NoError(t, os.WriteFile(broken, []byte("{"), 0o600))
	for _, args := range [][]string{
		{}, {"-format", "xml", "testdata/visit.md"}, {"no-such-file.md"}, {broken}, {"-severity", "bad", "testdata/visit.md"},
		{"-db", filepath.Join(t.TempDir(), "none.db")}, {"-db", "x", "testdata/visit.md"}, {"-page", "none.md", "testdata/visit.md"}, {"-step", broken},
	} {
		var out, errs bytes.Buffer
		code, err := run(t.Context(), &out, &errs, args)
		assert.Error(t, err, args)
		assert.Equal(t, failed, code, args)
	}
}

func TestATextThatNoJobCanHaveIsSaid(t *testing.T) {
	long := filepath.Join(t.TempDir(), "long.md")
	require.NoError(t, os.WriteFile(long, []byte(strings.Repeat("1. Ask for the name.\n", 600)), 0o600))
	_, errs, _ := lintOf(t, some, long)
	assert.Contains(t, errs, "instructions")
}

func TestALibraryIsLintedWithItsSteps(t *testing.T) {
	db := filepath.Join(t.TempDir(), "sona.db")
	s, err := sqlite.Open(db, sqlite.Options{Synchronous: sqlite.Normal})
	require.NoError(t, err)
	fill(t, storage.Open(s, "acme").By("ann"))
	require.NoError(t, s.Close())
	out, _, code := lintOf(t, some, "-db", db)
	requireGolden(t, "library", regexp.MustCompile(`job_[A-Z2-7]+`).ReplaceAllString(out, "job_…"))
	assert.Equal(t, found, code)

	ctx, stop := context.WithCancel(t.Context())
	stop()
	var quiet bytes.Buffer
	_, err = run(ctx, &quiet, &quiet, []string{"-db", db})
	require.ErrorIs(t, err, context.Canceled)
}

// fill saves the files as jobs and attaches them to a step with a page.
func fill(t *testing.T, ws *storage.Workspace) {
	t.Helper()
	var ids []job.ID
	for _, name := range []string{"visit.md", "message.txt", "hours.json"} {
		s, err := read(filepath.Join("testdata", name))
		require.NoError(t, err)
		j, err := ws.CreateJob(t.Context(), s)
		require.NoError(t, err)
		ids = append(ids, j.ID())
	}
	text, err := os.ReadFile("testdata/about-us.md")
	require.NoError(t, err)
	page, err := ws.CreatePage(t.Context(), knowledge.Spec{Title: "About us", Text: string(text)})
	require.NoError(t, err)
	_, err = ws.CreateFlow(t.Context(), callflow.Simple("Desk", "201", callflow.SonaStep{Greeting: "Hello.", Jobs: ids, Pages: []knowledge.ID{page.ID()}}))
	require.NoError(t, err)
}
