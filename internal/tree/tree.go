// Package tree reads the Go files of this repository, for tests that are about the source itself:
// layering, documentation, habits. It imports the standard library only, and nothing but tests and
// their helpers may import it.
//
//	t, err := tree.Here()
//	for _, p := range t.Packages { … }
//
// It opens every file itself instead of asking the go tool, so that a cached test result is dropped
// when any of the files changes.
package tree

import (
	"cmp"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
)

// Module is the path of the root module.
const Module = "github.com/sonajobs/sona"

// Tree is every Go package below a directory.
type Tree struct {
	FS       fs.FS
	Fset     *token.FileSet
	Packages []Package // by directory
}

// Package is one directory with Go files.
type Package struct {
	Dir    string // relative to the tree, slash-separated, "." for its root
	Module string // directory of the module that it belongs to, "." for the root module
	Files  []File
}

// File is one Go file.
type File struct {
	Path   string // relative to the tree
	Test   bool   // ends in _test.go
	Lines  int
	Syntax *ast.File // with comments
}

// Here reads the repository around the working directory.
func Here() (Tree, error) {
	root, err := Root()
	if err != nil {
		return Tree{}, err
	}
	return Load(os.DirFS(root))
}

// Load reads every Go package below fsys. It leaves out testdata, and directories whose names begin
// with a dot or an underscore, as the go tool does.
func Load(fsys fs.FS) (Tree, error) {
	t := Tree{FS: fsys, Fset: token.NewFileSet()}
	err := walk(&t, ".", ".")
	slices.SortFunc(t.Packages, func(a, b Package) int { return cmp.Compare(a.Dir, b.Dir) })
	return t, err
}

// walk adds the packages of a directory and below.
func walk(t *Tree, dir, module string) error {
	entries, err := fs.ReadDir(t.FS, dir)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return e.Name() == "go.mod" }) {
		module = dir
	}
	p := Package{Dir: dir, Module: module}
	for _, e := range entries {
		name := path.Join(dir, e.Name())
		switch {
		case strings.HasPrefix(e.Name(), ".") || strings.HasPrefix(e.Name(), "_"):
		case e.IsDir() && e.Name() != "testdata":
			err = walk(t, name, module)
		case !e.IsDir() && strings.HasSuffix(name, ".go"):
			var f File
			if f, err = parse(t, name); err == nil {
				p.Files = append(p.Files, f)
			}
		}
		if errors.Is(err, fs.ErrNotExist) {
			err = nil // removed while we looked
		}
		if err != nil {
			return err
		}
	}
	if len(p.Files) > 0 {
		t.Packages = append(t.Packages, p)
	}
	return nil
}

func parse(t *Tree, name string) (File, error) {
	src, err := fs.ReadFile(t.FS, name)
	if err != nil {
		return File{}, err
	}
	syntax, err := parser.ParseFile(t.Fset, name, src, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return File{}, err
	}
	lines := strings.Count(string(src), "\n")
	if len(src) > 0 && src[len(src)-1] != '\n' {
		lines++
	}
	return File{Path: name, Test: strings.HasSuffix(name, "_test.go"), Lines: lines, Syntax: syntax}, nil
}

// Position returns file:line of a position in the tree.
func (t Tree) Position(p token.Pos) string {
	at := t.Fset.Position(p)
	return fmt.Sprintf("%s:%d", at.Filename, at.Line)
}

// Package returns the package in a directory.
func (t Tree) Package(dir string) (Package, bool) {
	i := slices.IndexFunc(t.Packages, func(p Package) bool { return p.Dir == dir })
	if i < 0 {
		return Package{}, false
	}
	return t.Packages[i], true
}
