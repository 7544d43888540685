package docscheck_test

import (
	"io/fs"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/internal/compilecheck"
	"github.com/sonajobs/sona/internal/docscheck"
	"github.com/sonajobs/sona/internal/tree"
)

// TestREADMEPrograms compiles what the README prints, as a host would.
func TestREADMEPrograms(t *testing.T) {
	house, err := tree.Here()
	require.NoError(t, err)
	readme, err := fs.ReadFile(house.FS, "README.md")
	require.NoError(t, err)
	programs := docscheck.Programs(string(readme))
	require.NotEmpty(t, programs, "the README shows no complete program")
	for _, p := range programs {
		problems, err := compilecheck.Compile([]byte(p.Source))
		require.NoError(t, err)
		for _, problem := range problems {
			t.Errorf("README.md:%d: %s", p.Line+problem.Line-1, problem.Text)
		}
		if p.SameAs != "" {
			file, err := fs.ReadFile(house.FS, p.SameAs)
			require.NoError(t, err)
			require.Empty(t, cmp.Diff(string(file), p.Source), "README.md:%d is to be the same as %s (-file +README)", p.Line, p.SameAs)
		}
	}
}

func TestPrograms(t *testing.T) {
	const document = "# Title\n" +
		"\n```go\n// Command a.\npackage main\n\nfunc main() {}\n```\n" +
		"\n```go\nx := 1\n```\n" +
		"\n```sh\npackage main\n```\n" +
		"\n<!-- same as examples/b/main.go -->\n\n```go\npackage main\n```\n" +
		"\n<!-- same as examples/c/main.go -->\nText between.\n```go\npackage main\n```\n" +
		"\n```go\npackage main // never closed\n"
	require.Empty(t, cmp.Diff([]docscheck.Program{
		{Line: 4, Source: "// Command a.\npackage main\n\nfunc main() {}\n"},
		{Line: 21, Source: "package main\n", SameAs: "examples/b/main.go"},
		{Line: 27, Source: "package main\n"},
	}, docscheck.Programs(document)))
}
