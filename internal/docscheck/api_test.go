package docscheck_test

import (
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/internal/docscheck"
	"github.com/sonajobs/sona/internal/golden"
	"github.com/sonajobs/sona/internal/tree"
)

// TestAPI pins what hosts compile against, so that a change of it is a visible difference.
func TestAPI(t *testing.T) {
	house, err := tree.Here()
	require.NoError(t, err)
	got, err := docscheck.API(house)
	require.NoError(t, err)
	golden.Assert(t, "testdata/api.txt", got)
}

func TestAPIPrintsWhatAHostCanUse(t *testing.T) {
	got, err := docscheck.API(load(t, map[string]string{
		"job/job.go": `// Package job.
package job

import "errors"

// Max is a limit.
const Max = 10

const (
	First Kind = iota
	second
	Third
)

// ErrNone says so.
var ErrNone = errors.New("none")

var table = []int{1}

type (
	Kind int
	note string
)

// Job is a job.
type Job struct {
	Name string ` + "`json:\"name\"`" + ` // required
	id   string
}

func (note) Shout() {}

func (j *Job) Rename(name string) error { j.Name = name; return nil }

func (j Job) secret() {}
`,
		"job/generic.go": `package job

type Set[T comparable] struct{ m map[T]bool }

func (s Set[T]) Has(t T) bool { return s.m[t] }

type Step interface {
	Kind() Kind
	step()
}

func New(name string) (Job, error) { return Job{Name: name}, nil }

func helper() {}
`,
		"job/job_test.go":    "package job\n\nfunc Exported() {}\n",
		"internal/x/x.go":    "package x\n\nfunc Exported() {}\n",
		"examples/go.mod":    "module m\n",
		"examples/a/main.go": "package main\n\nfunc Exported() {}\n",
	}))
	require.NoError(t, err)
	require.Empty(t, cmp.Diff(`# github.com/sonajobs/sona/job

const (
	First Kind = iota

	Third
)
const Max = 10
var ErrNone = errors.New("none")
func New(name string) (Job, error)
type Job struct {
	Name string `+"`json:\"name\"`"+`
	// contains filtered or unexported fields
}
func (j *Job) Rename(name string) error
type Kind int
type Set[T comparable] struct {
	// contains filtered or unexported fields
}
func (s Set[T]) Has(t T) bool
type Step interface {
	Kind() Kind
	// contains filtered or unexported methods
}
`, string(got)))
}

// load makes a tree in memory.
func load(t *testing.T, files map[string]string) tree.Tree {
	t.Helper()
	fsys := fstest.MapFS{"go.mod": {Data: []byte("module " + tree.Module + "\n")}}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	got, err := tree.Load(fsys)
	require.NoError(t, err)
	return got
}
