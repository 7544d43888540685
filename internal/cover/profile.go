package main

import (
	"errors"
	"fmt"
	"io"
	"path"
	"strconv"
	"strings"

	"github.com/sonajobs/sona/internal/layering"
	"github.com/sonajobs/sona/internal/tree"
)

// count is statements, and how many of them ran.
type count struct{ statements, ran int }

// percent of nothing is everything: a package of types has no statement to miss.
func (c count) percent() float64 {
	if c.statements == 0 {
		return 100
	}
	return 100 * float64(c.ran) / float64(c.statements)
}

// read adds up a profile by package directory. Each test binary writes every block of every measured
// package; a block ran when it did in any of them.
func read(profile string) (map[string]count, error) {
	type block struct {
		dir        string
		statements int
		ran        bool
	}
	blocks := map[string]block{}
	lines := strings.Split(strings.TrimSpace(profile), "\n")
	if !strings.HasPrefix(lines[0], "mode: ") {
		return nil, errors.New("this is no coverage profile")
	}
	for i, line := range lines[1:] {
		fields := strings.Fields(line) // module/dir/file.go:1.2,3.4 statements times
		file, _, ok := strings.Cut(line, ":")
		if len(fields) != 3 || !ok {
			return nil, fmt.Errorf("line %d: %q", i+2, line)
		}
		statements, err := strconv.Atoi(fields[1])
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", i+2, err)
		}
		b := blocks[fields[0]]
		blocks[fields[0]] = block{strings.TrimPrefix(path.Dir(file), tree.Module+"/"), statements, b.ran || fields[2] != "0"}
	}
	counts := map[string]count{}
	for _, b := range blocks {
		c := counts[b.dir]
		c.statements += b.statements
		if b.ran {
			c.ran += b.statements
		}
		counts[b.dir] = c
	}
	return counts, nil
}

// write prints a table of the packages and returns their sum.
func write(w io.Writer, packages []layering.Entry, counts map[string]count) (count, error) {
	var b strings.Builder
	var total count
	fmt.Fprintf(&b, "%3s  %-28s %10s %8s %8s\n", "row", "package", "statements", "ran", "")
	for _, e := range packages {
		c := counts[e.Package]
		total.statements += c.statements
		total.ran += c.ran
		fmt.Fprintf(&b, "%3d  %-28s %10d %8d %6.1f %%\n", e.Row, e.Package, c.statements, c.ran, c.percent())
	}
	fmt.Fprintf(&b, "%3s  %-28s %10d %8d %6.1f %%\n", "", "total", total.statements, total.ran, total.percent())
	_, err := io.WriteString(w, b.String())
	return total, err
}
