// Command cover shows how much of the pure and core packages the tests run.
//
//	go run ./internal/cover -packages        prints these packages, for go test -coverpkg
//	go run ./internal/cover -min 90 profile  prints a table, and fails when the total is lower
//
// Which packages these are is the layering table's business: rows 0 to 8.
package main

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/sonajobs/sona/internal/layering"
	"github.com/sonajobs/sona/internal/tree"
)

// lastRow is the last row of core packages.
const lastRow = 8

func main() {
	packages := flag.Bool("packages", false, "print the packages that are measured, divided by commas")
	least := flag.Float64("min", 0, "the lowest total in percent that is good enough")
	flag.Parse()
	if err := run(*packages, *least, flag.Arg(0)); err != nil {
		fmt.Fprintln(os.Stderr, "cover:", err)
		os.Exit(1)
	}
}

func run(packages bool, least float64, profile string) error {
	t, err := tree.Here()
	if err != nil {
		return err
	}
	measured := core(t, layering.Table())
	if packages {
		paths := make([]string, len(measured))
		for i, e := range measured {
			paths[i] = tree.Module + "/" + e.Package
		}
		_, err := fmt.Println(strings.Join(paths, ","))
		return err
	}
	data, err := os.ReadFile(profile)
	if err != nil {
		return err
	}
	counts, err := read(string(data))
	if err != nil {
		return fmt.Errorf("%s: %w", profile, err)
	}
	total, err := write(os.Stdout, measured, counts)
	if err != nil {
		return err
	}
	if total.percent() < least {
		return fmt.Errorf("%.1f %% is below %.0f %%", total.percent(), least)
	}
	return nil
}

// core returns the entries of core packages that have code.
func core(t tree.Tree, table []layering.Entry) []layering.Entry {
	return slices.DeleteFunc(slices.Clone(table), func(e layering.Entry) bool {
		p, _ := t.Package(e.Package)
		return e.Row > lastRow || !slices.ContainsFunc(p.Files, func(f tree.File) bool { return !f.Test })
	})
}
