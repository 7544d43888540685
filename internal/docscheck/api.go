package docscheck

import (
	"bytes"
	"cmp"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/sonajobs/sona/internal/tree"
)

// API prints every exported declaration of the root module's packages that a host can import, without
// comments and bodies, in an order that does not change when code moves between files: constants,
// variables, functions, then each type with its methods. What a struct inherits from an embedded type
// stands with that type only.
func API(t tree.Tree) ([]byte, error) {
	var out bytes.Buffer
	for _, p := range t.Packages {
		if p.Module != "." || strings.HasPrefix(p.Dir, "internal/") {
			continue
		}
		all, err := exported(t.FS, p)
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(&out, "# %s\n\n", path.Join(tree.Module, p.Dir))
		for _, d := range all {
			fmt.Fprintln(&out, d.text)
		}
		fmt.Fprintln(&out)
	}
	return append(bytes.TrimSpace(out.Bytes()), '\n'), nil
}

// declaration is a printed declaration and what it is sorted by.
type declaration struct {
	kind       int
	name, text string
}

const (
	constant = iota
	variable
	function
	typeOrMethod
)

func exported(fsys fs.FS, p tree.Package) ([]declaration, error) {
	var all []declaration
	for _, f := range p.Files {
		if f.Test || f.Syntax.Name.Name == "main" {
			continue
		}
		// Read once more: without comments, and free to be changed.
		src, err := fs.ReadFile(fsys, f.Path)
		if err != nil {
			return nil, err
		}
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, f.Path, src, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		ast.FileExports(file)
		for _, d := range file.Decls {
			for _, d := range split(d) {
				var text bytes.Buffer
				if err := format.Node(&text, fset, d.node); err != nil {
					return nil, fmt.Errorf("%s: %w", f.Path, err)
				}
				d.text = text.String()
				all = append(all, d.declaration)
			}
		}
	}
	slices.SortFunc(all, func(a, b declaration) int {
		return cmp.Or(cmp.Compare(a.kind, b.kind), cmp.Compare(a.name, b.name), cmp.Compare(a.text, b.text))
	})
	return all, nil
}

// unprinted is a declaration that still is syntax.
type unprinted struct {
	declaration
	node ast.Node
}

// split takes a group of types apart; constants stay together, since one may need the one before it.
func split(d ast.Decl) []unprinted {
	switch d := d.(type) {
	case *ast.FuncDecl:
		d.Body = nil
		if d.Recv == nil {
			return []unprinted{{declaration{kind: function, name: d.Name.Name}, d}}
		}
		of := receiver(d.Recv.List[0].Type)
		if !ast.IsExported(of) {
			return nil
		}
		return []unprinted{{declaration{kind: typeOrMethod, name: of + "." + d.Name.Name}, d}}
	case *ast.GenDecl:
		return splitGroup(d)
	}
	return nil
}

func splitGroup(d *ast.GenDecl) []unprinted {
	if d.Tok == token.CONST {
		return []unprinted{{declaration{kind: constant, name: specName(d.Specs[0])}, d}}
	}
	kind := variable
	if d.Tok == token.TYPE {
		kind = typeOrMethod
	}
	all := make([]unprinted, len(d.Specs))
	for i, spec := range d.Specs {
		all[i] = unprinted{declaration{kind: kind, name: specName(spec)}, &ast.GenDecl{Tok: d.Tok, Specs: []ast.Spec{spec}}}
	}
	return all
}

// specName returns the first name that a spec declares.
func specName(spec ast.Spec) string {
	switch spec := spec.(type) {
	case *ast.ValueSpec:
		return spec.Names[0].Name
	case *ast.TypeSpec:
		return spec.Name.Name
	}
	return ""
}

// receiver returns the name of the type that a method belongs to.
func receiver(t ast.Expr) string {
	switch t := t.(type) {
	case *ast.StarExpr:
		return receiver(t.X)
	case *ast.IndexExpr:
		return receiver(t.X)
	case *ast.IndexListExpr:
		return receiver(t.X)
	case *ast.Ident:
		return t.Name
	}
	return ""
}
