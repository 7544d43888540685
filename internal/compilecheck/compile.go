// Package compilecheck compiles programs as a host would, to show that what documentation prints
// compiles, and that what must not be possible does not.
//
//	problems, err := compilecheck.Compile(src)
//	err := compilecheck.MustFail(src) // src marks its one bad line: // want error: <regexp>
//
// It imports the standard library and internal/tree, and nothing but tests may import it.
package compilecheck

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"github.com/sonajobs/sona/internal/tree"
)

// Problem is one thing that the compiler said about a program.
type Problem struct {
	Line int
	Text string
}

func (p Problem) String() string { return fmt.Sprintf("line %d: %s", p.Line, p.Text) }

// Compile compiles one file outside the repository that may import the root module, which is the
// view of a host: internal packages are out of reach. It returns what the compiler refused, nothing
// when all is well; the error says that the compiler could not be asked.
//
// It runs the go tool. A test that calls it must read the tree itself (see [tree.Here]), or its
// result stays cached when the packages change.
func Compile(src []byte) ([]Problem, error) {
	root, err := tree.Root()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "compilecheck")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	file := filepath.Join(dir, "program.go")
	if err := os.WriteFile(file, src, 0o600); err != nil {
		return nil, err
	}
	cmd := exec.Command("go", "build", "-o", os.DevNull, "-gcflags=-e", file) // -e: all errors, not ten
	cmd.Dir = root
	cmd.Env = append(cmd.Environ(), "GOWORK=off")
	out, err := cmd.CombinedOutput()
	if err == nil {
		return nil, nil
	}
	problems := parse(string(out))
	if _, exited := errors.AsType[*exec.ExitError](err); !exited || len(problems) == 0 {
		return nil, fmt.Errorf("go build: %w: %s", err, out)
	}
	return problems, nil
}

var problem = regexp.MustCompile(`(?m)^\s*(?:\S*[/\\])?program\.go:(\d+)(?::\d+)?: (.*)$`)

// parse reads the compiler's messages. Lines that explain the one before are left out.
func parse(out string) []Problem {
	var found []Problem
	for _, m := range problem.FindAllStringSubmatch(out, -1) {
		line, err := strconv.Atoi(m[1])
		if err != nil || strings.HasPrefix(m[2], "other declaration of") {
			continue
		}
		found = append(found, Problem{Line: line, Text: strings.TrimSpace(m[2])})
	}
	return found
}
