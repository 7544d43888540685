package stranger

import (
	"archive/zip"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/sonajobs/sona/internal/corpus"
)

// module is a module of this tree as it would be released.
type module struct {
	path, version string
	dir           string
	root          string // of the repository, where the module is not that
}

// requiredVersion returns the version of a module that a go.mod requires.
func requiredVersion(t *testing.T, mod, module string) string {
	t.Helper()
	text, err := os.ReadFile(mod)
	if err != nil {
		t.Fatal(err)
	}
	m := regexp.MustCompile(`(?m)^\s*(?:require )?` + regexp.QuoteMeta(module) + ` (v\S+)`).FindSubmatch(text)
	if m == nil {
		t.Fatalf("%s does not require %s", mod, module)
	}
	return string(m[1])
}

// serve writes what a module proxy has of a module: its versions, and of this one the description, go.mod and files.
func serve(t *testing.T, m module, proxy string) {
	t.Helper()
	dir := filepath.Join(proxy, filepath.FromSlash(m.path), "@v")
	mod, err := os.ReadFile(filepath.Join(m.dir, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	err = errors.Join(
		os.MkdirAll(dir, 0o750),
		os.WriteFile(filepath.Join(dir, "list"), []byte(m.version+"\n"), 0o600),
		os.WriteFile(filepath.Join(dir, m.version+".info"), []byte(`{"Version":"`+m.version+`","Time":"2026-01-01T00:00:00Z"}`), 0o600),
		os.WriteFile(filepath.Join(dir, m.version+".mod"), mod, 0o600),
		m.pack(filepath.Join(dir, m.version+".zip"), m.files(t)),
	)
	if err != nil {
		t.Fatal(err)
	}
}

// files returns the files of a module, relative to it: those that git has or would take. Nested modules are modules of
// their own.
func (m module) files(t *testing.T) []string {
	t.Helper()
	cmd := exec.Command("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
	cmd.Dir = m.dir
	out, err := cmd.Output()
	if err != nil {
		corpus.Missing(t, fmt.Sprint("needs git and a checkout, to know which files are released: ", err))
	}
	all := strings.Split(strings.TrimSuffix(string(out), "\x00"), "\x00")
	var nested []string
	for _, file := range all {
		if dir := path.Dir(file); path.Base(file) == "go.mod" && dir != "." {
			nested = append(nested, dir+"/")
		}
	}
	slices.Sort(all)
	return slices.DeleteFunc(slices.Compact(all), func(file string) bool {
		if slices.ContainsFunc(nested, func(dir string) bool { return strings.HasPrefix(file, dir) }) {
			return true
		}
		info, err := os.Lstat(filepath.Join(m.dir, file))
		return err != nil || !info.Mode().IsRegular() // deleted here, or a link: those are not released
	})
}

// pack writes the files of a module as the go tool wants them. A module in a folder gets the licence of the repository,
// as proxies do it.
func (m module) pack(to string, files []string) (err error) {
	out, err := os.Create(to)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	z := zip.NewWriter(out)
	add := func(dir, file string) error {
		b, err := os.ReadFile(filepath.Join(dir, file))
		if err != nil {
			return err
		}
		w, err := z.Create(m.path + "@" + m.version + "/" + file)
		if err != nil {
			return err
		}
		_, err = w.Write(b)
		return err
	}
	for _, file := range files {
		if err := add(m.dir, file); err != nil && !errors.Is(err, fs.ErrNotExist) { // gone since it was listed
			return err
		}
	}
	if m.root != "" && !slices.Contains(files, "LICENSE") {
		if err := add(m.root, "LICENSE"); err != nil {
			return err
		}
	}
	return z.Close()
}
