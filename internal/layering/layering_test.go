package layering_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/internal/layering"
	"github.com/sonajobs/sona/internal/tree"
)

// TestLayering is the import table as a test. When it fails: either the import is in the wrong place,
// or the table lacks a row; the message says which and why.
func TestLayering(t *testing.T) {
	house, err := tree.Here()
	require.NoError(t, err)
	for _, v := range layering.Check(house, layering.Table()) {
		t.Error(v)
	}
}

func TestTableGivesEachPackageOnePlaceAndAReason(t *testing.T) {
	seen := map[string]bool{}
	row := 0
	for _, e := range layering.Table() {
		require.False(t, seen[e.Package], "%s stands there twice", e.Package)
		require.NotEmpty(t, e.Why, e.Package)
		require.GreaterOrEqual(t, e.Row, row, "%s: the table is ordered by row", e.Package)
		seen[e.Package], row = true, e.Row
	}
}

// TestCheck shows that the checker can fail: each case is one file in an otherwise empty house.
func TestCheck(t *testing.T) {
	tests := []struct {
		name, file string
		imports    string
		body       string
		want       string // a part of the message; empty when nothing is wrong
	}{
		{"a lower row", "callflow/flow.go", `"github.com/sonajobs/sona/job"`, "", ""},
		{"an internal helper", "job/job.go", `"github.com/sonajobs/sona/internal/ident"`, "", ""},
		{"a higher row", "job/job.go", `"github.com/sonajobs/sona/callflow"`, "", "job/job.go:3: row 1, job: imports callflow of row 3"},
		{"the same row", "job/template/t.go", `"github.com/sonajobs/sona/job/lint"`, "", "imports job/lint of row 2"},
		{"itself from below", "internal/ident/i.go", `"github.com/sonajobs/sona/job"`, "", "row 0, internal/ident: imports job of row 1"},
		{"wording and saving", "optimize/o.go", `"github.com/sonajobs/sona/storage"`, "", "imports storage of row 6; saving and wording do not know each other"},
		{"saving and wording", "storage/s.go", `"github.com/sonajobs/sona/optimize"`, "", "saving and wording do not know each other"},
		{"a rewriter and saving", "optimize/rewrite/r.go", `"github.com/sonajobs/sona/storage"`, "", "saving and wording do not know each other"},
		{"a driver's contract", "storage/memory/m.go", `"github.com/sonajobs/sona/storage"`, "", ""},
		{"a driver and a rule", "storage/memory/m.go", `"github.com/sonajobs/sona/job"`, "", "a driver knows the contract and no domain rule"},
		{"runtime and a driver", "runtime/r.go", `"github.com/sonajobs/sona/storage/memory"`, "", "the host chooses its storage and its model"},
		{"runtime and a provider", "runtime/r.go", `"github.com/sonajobs/sona/runtime/model/openai"`, "", "the host chooses its storage and its model"},
		{"runtime and a model for tests", "runtime/r.go", `"github.com/sonajobs/sona/runtime/model/scripted"`, "", "the host chooses its storage and its model"},
		{"runtime and the port", "runtime/r.go", `"github.com/sonajobs/sona/runtime/model"`, "", ""},
		{"a provider and another", "runtime/model/openai/o.go", `"github.com/sonajobs/sona/runtime/model/langchain"`, "", "the host chooses its storage and its model"},
		{"the test kit and a model without network", "runtime/mockcall/m.go", `"github.com/sonajobs/sona/runtime/model/rehearsal"`, "", ""},
		{"the tour imports nothing", "doc.go", `"github.com/sonajobs/sona/job"`, "", "doc.go:3: row 10, .: imports job; the root package is documentation"},
		{"a nested module", "runtime/httpapi/h.go", `"github.com/sonajobs/sona/storage/sqlite"`, "", "imports storage/sqlite of row 11"},
		{"inside a nested module", "runtime/httpapi/h.go", `"github.com/sonajobs/sona/examples/quickstart"`, "", "imports examples/quickstart of row 11"},
		{"tooling", "storage/storagetest/s.go", `"github.com/sonajobs/sona/internal/golden"`, "", "tests and tooling see everything and nothing sees them"},
		{"tooling in a test", "storage/s_test.go", `"github.com/sonajobs/sona/internal/golden"`, "", ""},
		{"tooling of tooling", "internal/layering/l.go", `"github.com/sonajobs/sona/internal/tree"`, "", ""},

		{"a new package", "voice/v.go", `"fmt"`, "", "voice: this package has no row yet; add it to the table in internal/layering/table.go"},
		{"an import of a new package", "runtime/r.go", `"github.com/sonajobs/sona/voice"`, "", "imports voice, which has no row; add it to the table"},

		{"x/text", "job/job.go", `"golang.org/x/text/unicode/norm"`, "", ""},
		{"another x", "job/job.go", `"golang.org/x/sync/errgroup"`, "", "holds no third-party code but golang.org/x/text"},
		{"langchaingo in its place", "runtime/model/langchain/l.go", `"github.com/tmc/langchaingo/llms"`, "", ""},
		{"langchaingo elsewhere", "runtime/r.go", `"github.com/tmc/langchaingo/llms"`, "", "runtime/r.go:3: row 8, runtime: imports github.com/tmc/langchaingo/llms"},
		{"jsonschema in its place", "runtime/action/a.go", `"github.com/invopop/jsonschema"`, "", ""},
		{"jsonschema elsewhere", "runtime/r.go", `"github.com/invopop/jsonschema"`, "", "holds no third-party code"},
		{"testify in the suite for drivers", "storage/storagetest/s.go", `"github.com/stretchr/testify/require"`, "", ""},
		{"testify in a package", "runtime/mockcall/m.go", `"github.com/stretchr/testify/require"`, "", "holds no third-party code"},
		{"testify in a test", "storage/s_test.go", `"github.com/stretchr/testify/require"`, "", ""},
		{"cgo", "storage/s.go", `"C"`, "", "builds without cgo"},

		{"context in a pure row", "job/job.go", `"context"`, "", "job/job.go:3: row 1, job: imports context; an import of I/O"},
		{"os in a pure row", "job/template/t.go", `"os"`, "", "imports os"},
		{"HTTP in a pure row", "callflow/knowledge/k.go", `"net/http"`, "", "imports net/http"},
		{"URLs in a pure row", "job/lint/l.go", `"net/url"`, "", ""},
		{"SQL in a pure row", "callflow/f.go", `"database/sql/driver"`, "", "imports database/sql/driver"},
		{"logs in a pure row", "callflow/call/c.go", `"log/slog"`, "", "imports log/slog"},
		{"dice in a pure row", "runtime/prompt/p.go", `"math/rand/v2"`, "", "imports math/rand/v2"},
		{"random IDs", "internal/ident/i.go", `"crypto/rand"`, "", ""},
		{"context above the pure rows", "storage/s.go", `"context"`, "", ""},
		{"context in a test of a pure row", "job/job_test.go", `"context"`, "", ""},

		{"the clock in a pure row", "job/job.go", `"time"`, "func at() time.Time { return time.Now() }", "job/job.go:5: row 1, job: uses time.Now"},
		{"the clock under another name", "job/job.go", `clock "time"`, "var began = clock.Now()", "uses time.Now"},
		{"elapsed time in a pure row", "runtime/prompt/p.go", `"time"`, "func age(t time.Time) time.Duration { return time.Since(t) }", "uses time.Since"},
		{"a time as a value", "job/job.go", `"time"`, "func day(t time.Time) time.Weekday { return t.Weekday() }", ""},
		{"the clock above the pure rows", "storage/s.go", `"time"`, "var began = time.Now()", ""},
		{"a lock that all share", "job/job.go", `"sync"`, "var mu sync.Mutex", "keeps a package-level sync.Mutex"},
		{"a lock in a struct that all share", "job/job.go", `"sync"`, "var kept = struct{ mu *sync.RWMutex }{}", "keeps a package-level sync.RWMutex"},
		{"a counter that all share", "job/job.go", `"sync/atomic"`, "var n atomic.Int64", "keeps a package-level sync/atomic.Int64"},
		{"a table made once", "job/job.go", `"sync"`, "var table = sync.OnceValue(func() int { return 1 })", ""},
		{"a lock in a type", "callflow/knowledge/k.go", `"sync"`, "type Index struct{ mu sync.Mutex }", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			broken := layering.Check(house(t, tt.file, tt.imports, tt.body), layering.Table())
			if tt.want == "" {
				require.Empty(t, broken)
				return
			}
			require.Len(t, broken, 1)
			require.Contains(t, broken[0].String(), tt.want)
		})
	}
}

func TestNestedModulesAreNotHeldToTheTable(t *testing.T) {
	files := fstest.MapFS{
		"go.mod":            source("module github.com/sonajobs/sona\n"),
		"examples/go.mod":   source("module github.com/sonajobs/sona/examples\n"),
		"examples/a/a.go":   source("package main\n\nimport _ \"github.com/coder/websocket\"\n"),
		"examples/b/new.go": source("package main\n"),
	}
	got, err := tree.Load(files)
	require.NoError(t, err)
	require.Empty(t, layering.Check(got, layering.Table()))
}

func house(t *testing.T, file, imports, body string) tree.Tree {
	t.Helper()
	dirs := strings.Split(file, "/")
	name := strings.TrimSuffix(dirs[max(0, len(dirs)-2)], ".go")
	got, err := tree.Load(fstest.MapFS{
		"go.mod": source("module github.com/sonajobs/sona\n"),
		file:     source(fmt.Sprintf("package %s\n\nimport %s\n\n%s\n", name, imports, body)),
	})
	require.NoError(t, err)
	require.True(t, slices.ContainsFunc(got.Packages, func(p tree.Package) bool { return len(p.Files) == 1 }))
	return got
}

func source(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
