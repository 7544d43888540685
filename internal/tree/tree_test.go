package tree_test

import (
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/internal/tree"
)

func source(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }

func TestLoadFindsPackagesAndTheirModules(t *testing.T) {
	got, err := tree.Load(fstest.MapFS{
		"go.mod":                 source("module m\n"),
		"doc.go":                 source("// Package m.\npackage m\n"),
		"job/job.go":             source("package job\n\ntype Job struct{}\n"),
		"job/job_test.go":        source("package job_test"),
		"job/notes.md":           source("text"),
		"job/testdata/broken.go": source("not Go"),
		"examples/go.mod":        source("module m/examples\n"),
		"examples/a/main.go":     source("package main\n"),
		".bin/x.go":              source("not Go"),
		"_old/x.go":              source("not Go"),
		"empty/README.md":        source("text"),
	})
	require.NoError(t, err)

	type file struct {
		Path  string
		Test  bool
		Lines int
	}
	type pkg struct {
		Dir, Module string
		Files       []file
	}
	var flat []pkg
	for _, p := range got.Packages {
		q := pkg{Dir: p.Dir, Module: p.Module}
		for _, f := range p.Files {
			q.Files = append(q.Files, file{f.Path, f.Test, f.Lines})
		}
		flat = append(flat, q)
	}
	require.Empty(t, cmp.Diff([]pkg{
		{".", ".", []file{{"doc.go", false, 2}}},
		{"examples/a", "examples", []file{{"examples/a/main.go", false, 1}}},
		{"job", ".", []file{{"job/job.go", false, 3}, {"job/job_test.go", true, 1}}},
	}, flat))

	job, ok := got.Package("job")
	require.True(t, ok)
	_, ok = got.Package("storage")
	require.False(t, ok)
	require.Equal(t, "job/job.go:3", got.Position(job.Files[0].Syntax.Decls[0].Pos()))
}

func TestLoadRefusesWhatIsNoGo(t *testing.T) {
	_, err := tree.Load(fstest.MapFS{"a/a.go": source("package")})
	require.ErrorContains(t, err, "a/a.go:1")
}

func TestHereHoldsThisFile(t *testing.T) {
	got, err := tree.Here()
	require.NoError(t, err)
	p, ok := got.Package("internal/tree")
	require.True(t, ok)
	require.Equal(t, ".", p.Module)
}

func TestRootIsFoundFromANestedModule(t *testing.T) {
	root := t.TempDir()
	nested := filepath.Join(root, "examples", "quickstart")
	require.NoError(t, os.MkdirAll(nested, 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(root, "go.mod"), []byte("module "+tree.Module+"\n\ngo 1.26.0\n"), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(root, "examples", "go.mod"), []byte("module "+tree.Module+"/examples\n"), 0o600))

	t.Chdir(nested)
	got, err := tree.Root()
	require.NoError(t, err)
	here, err := os.Getwd()
	require.NoError(t, err)
	require.Equal(t, filepath.Dir(filepath.Dir(here)), got)

	t.Chdir(t.TempDir())
	_, err = tree.Root()
	require.ErrorContains(t, err, "no go.mod of "+tree.Module)
}
