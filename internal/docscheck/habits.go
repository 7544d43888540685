package docscheck

import (
	"fmt"
	"go/ast"
	"go/token"
	"path"
	"strings"

	"github.com/sonajobs/sona/internal/tree"
)

// MaxLines is the most that a file may have that is no test.
const MaxLines = 400

// Habits returns where code in any module breaks a habit that can be counted: every package has a
// comment that begins as the go tool expects, files are small, tests do not sleep. Inside a bubble of
// testing/synctest a test may sleep: no time passes there.
func Habits(t tree.Tree) []string {
	var found []string
	for _, p := range t.Packages {
		if !commented(p) {
			found = append(found, p.Dir+": the package has no comment that says what it is for")
		}
		for _, f := range p.Files {
			if !f.Test && f.Lines > MaxLines {
				found = append(found, fmt.Sprintf("%s: %d lines: at most %d, one noun a file", f.Path, f.Lines, MaxLines))
			}
			if f.Test {
				for _, at := range sleeps(f.Syntax) {
					found = append(found, t.Position(at)+": time.Sleep in a test: use testing/synctest")
				}
			}
		}
	}
	return found
}

// commented says whether a package has its comment; directories with tests only need none.
func commented(p tree.Package) bool {
	tests := true
	for _, f := range p.Files {
		if f.Test {
			continue
		}
		tests = false
		name := f.Syntax.Name.Name
		begin := "Package " + name + " "
		if name == "main" {
			begin = "Command " + path.Base(p.Dir) + " "
		}
		if strings.HasPrefix(f.Syntax.Doc.Text(), begin) {
			return true
		}
	}
	return tests
}

// sleeps finds calls of time.Sleep outside calls of synctest.Test.
func sleeps(f *ast.File) []token.Pos {
	var found []token.Pos
	ast.Inspect(f, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		if is(call, "time", "Sleep") {
			found = append(found, call.Pos())
		}
		return !is(call, "synctest", "Test")
	})
	return found
}

func is(call *ast.CallExpr, pkg, name string) bool {
	s, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || s.Sel.Name != name {
		return false
	}
	x, ok := s.X.(*ast.Ident)
	return ok && x.Name == pkg
}
