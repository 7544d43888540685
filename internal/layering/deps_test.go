package layering_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/internal/layering"
	"github.com/sonajobs/sona/internal/tree"
)

// TestAHostsBinaryHoldsNothingElse asks the go tool what a host links when it imports the four
// packages that every host imports. The files are read first: a cached result of a test that runs a
// program depends on the files that the test itself opened, and on nothing that the program opened.
func TestAHostsBinaryHoldsNothingElse(t *testing.T) {
	house, err := tree.Here()
	require.NoError(t, err)
	ours := map[string]layering.Entry{}
	for _, e := range layering.Table() {
		ours[e.Package] = e
	}
	for _, dir := range []string{"job", "callflow", "storage", "runtime"} {
		t.Run(dir, func(t *testing.T) {
			if !hasCode(house, dir) {
				t.Skip(dir + " has no code yet")
			}
			for _, dep := range dependencies(t, dir) {
				own, isOurs := strings.CutPrefix(dep, tree.Module+"/")
				e := ours[own]
				switch {
				case isOurs && (e.Use != layering.Library || e.Row >= 9):
					t.Errorf("%s links %s: %s", dir, own, e.Why)
				case !isOurs && !strings.HasPrefix(dep, "golang.org/x/text/"):
					t.Errorf("%s links %s: a host's binary holds no third-party code but golang.org/x/text", dir, dep)
				}
			}
		})
	}
}

// TestRootRequiresNothingElse keeps the list of direct requirements.
func TestRootRequiresNothingElse(t *testing.T) {
	root, err := tree.Root()
	require.NoError(t, err)
	mod, err := os.ReadFile(filepath.Join(root, "go.mod"))
	require.NoError(t, err)
	allowed := []string{"github.com/stretchr/testify", "github.com/google/go-cmp", "golang.org/x/text",
		"github.com/invopop/jsonschema", "github.com/tmc/langchaingo"}
	require.Empty(t, slices.DeleteFunc(required(string(mod)), func(m string) bool { return slices.Contains(allowed, m) }),
		"other modules belong into a nested module: what the root requires, every host downloads")
}

// required returns the modules that a go.mod requires directly.
func required(mod string) []string {
	var found []string
	block := false
	for line := range strings.Lines(mod) {
		line = strings.TrimSpace(line)
		single := strings.HasPrefix(line, "require ") && line != "require ("
		if (block && line != ")" || single) && !strings.HasSuffix(line, "// indirect") && line != "" {
			found = append(found, strings.Fields(strings.TrimPrefix(line, "require "))[0])
		}
		block = line == "require (" || block && line != ")"
	}
	return found
}

func TestRequiredReadsBothForms(t *testing.T) {
	require.Equal(t, []string{"a.b/c", "d.e/f"}, required("module m\n\nrequire a.b/c v1.0.0\n\nrequire (\n\td.e/f v1.0.0\n\tg.h/i v1.0.0 // indirect\n)\n"))
}

func hasCode(house tree.Tree, dir string) bool {
	p, _ := house.Package(dir)
	return slices.ContainsFunc(p.Files, func(f tree.File) bool { return !f.Test })
}

// dependencies returns every package outside the standard library that dir links, dir included.
func dependencies(t *testing.T, dir string) []string {
	t.Helper()
	root, err := tree.Root()
	require.NoError(t, err)
	cmd := exec.Command("go", "list", "-deps", "-f", "{{if not .Standard}}{{.ImportPath}}{{end}}", "./"+dir)
	cmd.Dir = root
	cmd.Env = append(cmd.Environ(), "GOWORK=off") // as a host outside the workspace
	out, err := cmd.Output()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		t.Fatalf("%s: %s", cmd, exit.Stderr)
	}
	require.NoError(t, err)
	linked := strings.Fields(string(out))
	require.Contains(t, linked, tree.Module+"/"+dir)
	return linked
}
