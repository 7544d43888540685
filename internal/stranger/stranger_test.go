// Package stranger installs the library as somebody does who has never seen this repository: into an empty folder, from a
// module proxy that serves what would be released. It shows that the nested modules find each other and the root
// without go.work, that no file is missing in what is served, and that the result keeps a job.
//
// It has no code but tests. They import the standard library and internal/tree, run git and the go tool, and use a
// module cache of their own, so that the versions made here stay here.
package stranger

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/sonajobs/sona/internal/tree"
)

const (
	root   = tree.Module
	sqlite = tree.Module + "/storage/sqlite"
)

// program is what a stranger tries first.
const program = `package main

import (
	"context"
	"fmt"
	"log"

	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/storage"
	"github.com/sonajobs/sona/storage/sqlite"
)

func main() {
	s, err := sqlite.Open("sona.db", sqlite.Options{})
	if err != nil {
		log.Fatal(err)
	}
	ctx, ws := context.Background(), storage.Open(s, "acme").By("ann")
	_, err = ws.CreateJobAs(ctx, "hours", job.Spec{Name: "Tell the hours", Instructions: "1. Say that we open at nine."})
	fmt.Println("saved:", err == nil)
	for j, err := range ws.AllJobs(ctx) {
		fmt.Println(j.Name(), j.Revision(), j.Stamp().By, err)
	}
	fmt.Println("closed:", s.Close() == nil)
}
`

// its are the modules that the program may consist of.
var its = []string{
	root, sqlite, "github.com/ncruces/go-sqlite3", "github.com/ncruces/go-sqlite3-wasm/v6", "github.com/ncruces/julianday",
	"golang.org/x/sys", "golang.org/x/text",
}

func TestAStrangerCanInstallTheLibraryAndKeepTheirJobs(t *testing.T) {
	if testing.Short() {
		t.Skip("slow: it makes modules of the tree, downloads them and builds a program")
	}
	if _, err := tree.Here(); err != nil { // so that a cached result is dropped when the tree changes
		t.Fatal(err)
	}
	repository, err := tree.Root()
	if err != nil {
		t.Fatal(err)
	}
	served := t.TempDir()
	version := requiredVersion(t, filepath.Join(repository, "storage", "sqlite", "go.mod"), root)
	serve(t, module{path: root, version: version, dir: repository}, served)
	serve(t, module{path: sqlite, version: version, dir: filepath.Join(repository, "storage", "sqlite"), root: repository}, served)

	h := newHost(t, served)
	if err := os.WriteFile(filepath.Join(h.dir, "main.go"), []byte(program), 0o600); err != nil {
		t.Fatal(err)
	}
	h.run(t, "mod", "init", "example.com/stranger")
	h.get(t, sqlite+"@latest")
	h.run(t, "mod", "tidy")
	h.run(t, "vet", "./...")
	for _, saved := range []string{"true", "false"} { // the second run finds the job of the first
		want := "saved: " + saved + "\nTell the hours 1 ann <nil>\nclosed: true\n"
		if said := h.run(t, "run", "."); said != want {
			t.Fatalf("the program says\n%s\nnot\n%s", said, want)
		}
	}
	list := h.run(t, "list", "-deps", "-f", "{{with .Module}}{{if not .Main}}{{.Path}} {{.Version}}{{end}}{{end}}", ".")
	for line := range strings.Lines(list) {
		path, v, _ := strings.Cut(strings.TrimSpace(line), " ")
		if path != "" && !slices.Contains(its, path) {
			t.Errorf("the program holds code of %s", path)
		}
		if (path == root || path == sqlite) && v != version {
			t.Errorf("%s %s is not the one of this tree", path, v)
		}
	}
}

// host is a stranger's empty folder with the environment of their go tool.
type host struct {
	dir    string
	env    []string
	proxy  string // where the modules of this tree and those that the machine has already are
	others string // where everybody gets theirs
}

func newHost(t *testing.T, served string) *host {
	t.Helper()
	out, err := exec.Command("go", "env", "GOMODCACHE", "GOPROXY").Output()
	if err != nil {
		t.Fatal(err)
	}
	had, others, _ := strings.Cut(strings.TrimSpace(string(out)), "\n")
	h := &host{dir: t.TempDir(), others: others}
	h.proxy = "file://" + filepath.ToSlash(served) + ",file://" + filepath.ToSlash(filepath.Join(had, "cache", "download"))
	// trimpath lets the build cache know a module again, in whatever folder it was unpacked.
	h.env = append(os.Environ(), "GOWORK=off", "GOMODCACHE="+t.TempDir(), "GOFLAGS=-mod=mod -modcacherw -trimpath -buildvcs=false",
		"GOSUMDB=off", "GOPRIVATE=", "GONOPROXY=", "GOTOOLCHAIN=local", "GOPROXY="+h.proxy+",off")
	return h
}

func (h *host) try(args ...string) (string, error) {
	cmd := exec.Command("go", args...)
	cmd.Dir, cmd.Env = h.dir, h.env
	var said, complaints strings.Builder
	cmd.Stdout, cmd.Stderr = &said, &complaints
	if err := cmd.Run(); err != nil {
		return "", &failure{args, err, complaints.String()}
	}
	return said.String(), nil
}

type failure struct {
	args []string
	err  error
	said string
}

func (f *failure) Error() string {
	return "go " + strings.Join(f.args, " ") + ": " + f.err.Error() + "\n" + f.said
}

func (h *host) run(t *testing.T, args ...string) string {
	t.Helper()
	said, err := h.try(args...)
	if err != nil {
		t.Fatal(err)
	}
	return said
}

// get gets a module, if it can be without a network; else what is missing comes from where everybody gets it.
func (h *host) get(t *testing.T, module string) {
	t.Helper()
	if _, err := h.try("get", module); err != nil {
		t.Log("this machine lacks something: ", err)
		h.env = append(h.env, "GOPROXY="+h.proxy+","+h.others)
		h.run(t, "get", module)
	}
}
