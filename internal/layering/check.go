package layering

import (
	"fmt"
	"go/token"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/sonajobs/sona/internal/tree"
)

// anywhere is what any package of the root module may import of other people's code.
var anywhere = []string{"golang.org/x/text"}

const (
	foreign = "a host's binary holds no third-party code but golang.org/x/text, and what the table names"
	unknown = "add it to the table in internal/layering/table.go, with a reason"
)

// Violation is one line that breaks the table.
type Violation struct {
	At      string // file:line, or the directory of a package that the table does not know
	Package string
	Row     int
	What    string // what stands there and may not
	Why     string
}

func (v Violation) String() string {
	if v.Row < 0 {
		return fmt.Sprintf("%s: %s; %s", v.At, v.What, v.Why)
	}
	return fmt.Sprintf("%s: row %d, %s: %s; %s", v.At, v.Row, v.Package, v.What, v.Why)
}

// Check returns what breaks the table in the root module, in the order of the files.
func Check(t tree.Tree, table []Entry) []Violation {
	c := checker{tree: t, table: map[string]Entry{}}
	for _, e := range table {
		c.table[e.Package] = e
	}
	for _, p := range t.Packages {
		if p.Module == "." {
			c.check(p)
		}
	}
	return c.found
}

type checker struct {
	tree  tree.Tree
	table map[string]Entry
	found []Violation
}

func (c *checker) check(p tree.Package) {
	e, known := c.table[p.Dir]
	if !known {
		c.found = append(c.found, Violation{At: p.Dir, Package: p.Dir, Row: -1, What: "this package has no row yet",
			Why: unknown})
		return
	}
	for _, f := range p.Files {
		if f.Test {
			continue
		}
		for _, spec := range f.Syntax.Imports {
			name, _ := strconv.Unquote(spec.Path.Value)
			if what, why := c.refuse(e, name); what != "" {
				c.report(e, spec.Pos(), what, why)
			}
		}
		if e.Row <= LastPure {
			c.clock(e, f.Syntax)
			c.state(e, f.Syntax)
		}
	}
}

func (c *checker) report(e Entry, at token.Pos, what, why string) {
	c.found = append(c.found, Violation{At: c.tree.Position(at), Package: e.Package, Row: e.Row, What: what, Why: why})
}

// refuse says what is wrong with an import, and why; nothing when it may stand there.
func (c *checker) refuse(e Entry, name string) (what, why string) {
	if dir, own := ownPackage(name); own {
		return c.refuseOwn(e, dir)
	}
	first, _, _ := strings.Cut(name, "/")
	switch {
	case name == "C":
		return "imports C", "the root module builds without cgo"
	case strings.Contains(first, "."):
		if !slices.ContainsFunc(slices.Concat(e.Extern, anywhere), func(m string) bool { return matches(name, m+"/...") }) {
			return "imports " + name, foreign
		}
	case e.Row <= LastPure && impure(name) && !slices.Contains(e.Allow, name):
		return "imports " + name, e.Why
	}
	return "", ""
}

func (c *checker) refuseOwn(e Entry, dir string) (what, why string) {
	to, known := c.nearest(dir)
	switch {
	case !known:
		return "imports " + dir + ", which has no row", unknown
	case to.Use == Tooling && e.Use != Tooling:
		return "imports " + dir, tooling
	case to.Use == Plugged:
		return "imports " + dir, chosen
	case slices.ContainsFunc(e.Never, func(pattern string) bool { return matches(dir, pattern) }):
		return "imports " + dir, e.Why
	case to.Row >= e.Row:
		return fmt.Sprintf("imports %s of row %d", dir, to.Row), e.Why
	}
	return "", ""
}

// nearest finds the entry of a directory; what lies inside a nested module has its module's.
func (c *checker) nearest(dir string) (Entry, bool) {
	if e, ok := c.table[dir]; ok {
		return e, true
	}
	for up := path.Dir(dir); up != "."; up = path.Dir(up) {
		if e, ok := c.table[up]; ok && e.Row == rowOfNested {
			return e, true
		}
	}
	return Entry{}, false
}

// ownPackage returns the directory of a package of this repository.
func ownPackage(name string) (dir string, ok bool) {
	if name == tree.Module {
		return ".", true
	}
	return strings.CutPrefix(name, tree.Module+"/")
}

// matches understands a package, and a pattern as the go tool does: "storage/..." is storage and all below.
func matches(name, pattern string) bool {
	prefix, below := strings.CutSuffix(pattern, "/...")
	return name == prefix || below && strings.HasPrefix(name, prefix+"/")
}
