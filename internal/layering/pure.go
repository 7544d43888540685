package layering

import (
	"go/ast"
	"go/token"
	"slices"
	"strconv"
	"strings"
)

// impure says whether a package of the standard library does I/O, waits, logs or throws dice.
func impure(name string) bool {
	if name == "net/url" || name == "net/netip" { // they only read text
		return false
	}
	return slices.ContainsFunc([]string{"context", "os/...", "net/...", "database/sql/...", "log/...", "io/ioutil", "syscall/...",
		"crypto/rand", "math/rand/..."}, func(pattern string) bool { return matches(name, pattern) })
}

// clockwork is what package time has beyond values: the clock, timers, and the machine's time zones.
var clockwork = []string{"Now", "Since", "Until", "Sleep", "After", "AfterFunc", "Tick", "NewTimer", "NewTicker", "Local", "LoadLocation"}

// clock reports every use of the clock.
func (c *checker) clock(e Entry, f *ast.File) {
	selectors(f, "time", f, func(s *ast.SelectorExpr) {
		if slices.Contains(clockwork, s.Sel.Name) {
			c.report(e, s.Pos(), "uses time."+s.Sel.Name, e.Why+"; the caller passes the time in")
		}
	})
}

// state reports package-level variables that goroutines are meant to change. A value that is computed
// once, by sync.OnceValue and its like, is a table and no state.
func (c *checker) state(e Entry, f *ast.File) {
	for _, d := range f.Decls {
		g, ok := d.(*ast.GenDecl)
		if !ok || g.Tok != token.VAR {
			continue
		}
		for _, imported := range []string{"sync", "sync/atomic"} {
			selectors(f, imported, g, func(s *ast.SelectorExpr) {
				if !strings.HasPrefix(s.Sel.Name, "Once") || s.Sel.Name == "Once" {
					c.report(e, s.Pos(), "keeps a package-level "+imported+"."+s.Sel.Name, "state that all callers share makes one call depend on another")
				}
			})
		}
	}
}

// selectors calls found for every name below node that is taken from an imported package.
func selectors(f *ast.File, imported string, node ast.Node, found func(*ast.SelectorExpr)) {
	local := localName(f, imported)
	if local == "" {
		return
	}
	ast.Inspect(node, func(n ast.Node) bool {
		s, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		if x, ok := s.X.(*ast.Ident); ok && x.Name == local {
			found(s)
		}
		return true
	})
}

// localName returns what a file calls a package that it imports, nothing when it does not.
func localName(f *ast.File, imported string) string {
	for _, spec := range f.Imports {
		name, _ := strconv.Unquote(spec.Path.Value)
		switch {
		case name != imported:
		case spec.Name != nil:
			return spec.Name.Name
		default:
			return name[strings.LastIndexByte(name, '/')+1:]
		}
	}
	return ""
}
