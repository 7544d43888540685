package docscheck

import (
	"cmp"
	"fmt"
	"go/ast"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/sonajobs/sona/internal/tree"
)

// Requirements is the number of the last one.
const Requirements = 56

// planned begins the last cell of a requirement that has no test yet; what will bring it follows.
const planned = "planned: "

var (
	seedRow  = regexp.MustCompile(`^\|\s*(\d+)\s*\|([^|]*)\|([^|]*)\|\s*$`)
	seedCell = regexp.MustCompile("^`(TestSeed_(\\d+)_\\w+)` \\(([^() ]+)\\)$")
	seedTest = regexp.MustCompile(`^TestSeed_(\d+)_\w`)
)

// named is a test and the directory that it stands in.
type named struct{ test, dir string }

// Seed compares the table of requirements in docs/seed.md with the tests of the tree. Each requirement
// has one row, "| 14 | ten jobs per step | `TestSeed_14_…` (callflow) |", with one test or several
// divided by commas, or "planned: " and what will bring it. A requirement's tests carry its number.
func Seed(t tree.Tree, table string) []string {
	var wrong []string
	report := func(format string, a ...any) { wrong = append(wrong, fmt.Sprintf(format, a...)) }
	rows, listed := map[int]int{}, map[named]bool{}
	line := 0
	for text := range strings.Lines(table) {
		line++
		m := seedRow.FindStringSubmatch(strings.TrimSpace(text))
		if m == nil {
			continue
		}
		number, _ := strconv.Atoi(m[1])
		if rows[number]++; rows[number] > 1 {
			report("docs/seed.md:%d: requirement %d stands there twice", line, number)
		}
		if number < 1 || number > Requirements {
			report("docs/seed.md:%d: there is no requirement %d", line, number)
		}
		if strings.TrimSpace(m[2]) == "" {
			report("docs/seed.md:%d: requirement %d is not named", line, number)
		}
		tests, problem := cell(number, strings.TrimSpace(m[3]))
		if problem != "" {
			report("docs/seed.md:%d: %s", line, problem)
		}
		for _, n := range tests {
			listed[n] = true
		}
	}
	for number := 1; number <= Requirements; number++ {
		if rows[number] == 0 {
			report("docs/seed.md: requirement %d has no row", number)
		}
	}
	there := seedTests(t)
	for _, n := range missing(listed, there) {
		report("docs/seed.md names %s (%s), which is no test", n.test, n.dir)
	}
	for _, n := range missing(there, listed) {
		report("%s (%s) is not named in docs/seed.md", n.test, n.dir)
	}
	return wrong
}

// cell reads the last cell of a row.
func cell(number int, text string) (tests []named, problem string) {
	if topic, ok := strings.CutPrefix(text, planned); ok && strings.TrimSpace(topic) != "" {
		return nil, ""
	}
	for part := range strings.SplitSeq(text, ", ") {
		m := seedCell.FindStringSubmatch(part)
		if m == nil {
			return nil, fmt.Sprintf("requirement %d: %q is neither `TestSeed_%02d_…` (directory) nor %q and a topic", number, part, number, planned)
		}
		if m[2] != fmt.Sprintf("%02d", number) {
			return nil, fmt.Sprintf("requirement %d: %s carries another number", number, m[1])
		}
		tests = append(tests, named{m[1], m[3]})
	}
	return tests, ""
}

// seedTests finds the top-level tests that are named after a requirement.
func seedTests(t tree.Tree) map[named]bool {
	found := map[named]bool{}
	for _, p := range t.Packages {
		for _, f := range p.Files {
			if !f.Test {
				continue
			}
			for _, d := range f.Syntax.Decls {
				if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil && seedTest.MatchString(fn.Name.Name) {
					found[named{fn.Name.Name, p.Dir}] = true
				}
			}
		}
	}
	return found
}

// missing returns what is in a and not in b, in order.
func missing(a, b map[named]bool) []named {
	return slices.SortedFunc(func(yield func(named) bool) {
		for n := range maps.Keys(a) {
			if !b[n] && !yield(n) {
				return
			}
		}
	}, func(x, y named) int { return cmp.Or(cmp.Compare(x.test, y.test), cmp.Compare(x.dir, y.dir)) })
}
