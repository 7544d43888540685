// Command lint looks at instructions of jobs from a terminal or in CI, offline:
//
//	go run ./examples/lint take-a-message.md book-a-visit.txt exported-job.json
//	go run ./examples/lint -step -page prices.md jobs/*.md      # as the jobs of one step, side by side
//	go run ./examples/lint -db sona.db -workspace acme          # a whole library, and every step of its flows
//
// -format is text, json or github, whose lines become annotations of a pull request. The exit code is 1 when
// something at or above -severity was found, 2 when a file could not be read, else 0.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"os/signal"
	"strings"

	"github.com/sonajobs/sona/job/lint"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	code, err := run(ctx, os.Stdout, os.Stderr, os.Args[1:])
	stop()
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		log.SetFlags(0)
		log.Print(err)
	}
	os.Exit(code)
}

// The exit codes.
const (
	clean  = 0
	found  = 1
	failed = 2
)

// command is what the arguments ask for.
type command struct {
	files     []string
	pages     list
	step      bool
	db        string
	workspace string
	severity  lint.Severity
	format    string
	greeting  string
	rules     list // nil: all of them
	ignore    list
}

// list is a flag that can be given several times, with commas or without.
type list []string

func (l *list) String() string { return strings.Join(*l, ",") }

func (l *list) Set(s string) error {
	for part := range strings.SplitSeq(s, ",") {
		*l = append(*l, strings.TrimSpace(part))
	}
	return nil
}

func parse(args []string, errs io.Writer) (command, error) {
	c := command{severity: lint.Warning}
	flags := flag.NewFlagSet("lint", flag.ContinueOnError)
	flags.SetOutput(errs)
	flags.Var(&c.pages, "page", "a Knowledge page of the step, with -step; can be given several times")
	flags.BoolVar(&c.step, "step", false, "lint the files side by side, as the jobs of one step")
	flags.StringVar(&c.greeting, "greeting", "", "what the step says first, with -step")
	flags.StringVar(&c.db, "db", "", "lint a library in this SQLite file")
	flags.StringVar(&c.workspace, "workspace", "acme", "whose library, with -db")
	flags.TextVar(&c.severity, "severity", lint.Warning, "the exit code is 1 at this and above: hint, warning or error")
	flags.StringVar(&c.format, "format", "text", "text, json or github")
	json := flags.Bool("json", false, "the same as -format json")
	flags.Var(&c.rules, "rules", "look for these only")
	flags.Var(&c.ignore, "ignore", "rules, or keys of single findings, to leave out")
	if err := flags.Parse(args); err != nil {
		return c, err
	}
	c.files = flags.Args()
	if *json {
		c.format = "json"
	}
	switch {
	case c.format != "text" && c.format != "json" && c.format != "github":
		return c, fmt.Errorf("-format %q: it is text, json or github", c.format)
	case c.db == "" && len(c.files) == 0:
		return c, errors.New("nothing to lint: name files, or a library with -db")
	case c.db != "" && (len(c.files) > 0 || c.step):
		return c, errors.New("-db stands alone: a library has its own steps and pages")
	}
	return c, nil
}

func run(ctx context.Context, out, errs io.Writer, args []string) (code int, err error) {
	c, err := parse(args, errs)
	if err != nil {
		return failed, err
	}
	var r lint.Report
	switch {
	case c.db != "":
		r, err = c.lintLibrary(ctx, errs)
	case c.step:
		r, err = c.lintStep()
	default:
		r, err = c.lintFiles(ctx, errs)
	}
	if err != nil {
		return failed, err
	}
	if err := write(out, r, c.format); err != nil {
		return failed, err
	}
	if r.Worst() >= c.severity {
		return found, nil
	}
	return clean, nil
}

// context returns what the arguments say about the surroundings.
func (c command) context() (lint.Context, error) {
	x := lint.Context{Greeting: c.greeting, Ignore: c.ignored()}
	for _, name := range c.pages {
		text, err := os.ReadFile(name) //nolint:gosec // the files that the user names
		if err != nil {
			return x, err
		}
		x.Pages = append(x.Pages, lint.Page{ID: name, Title: title(name), Text: string(text)})
	}
	return x, nil
}

// ignored returns what is left out: with -rules, all other rules, too.
func (c command) ignored() []string {
	ignore := append([]string(nil), c.ignore...)
	for _, r := range lint.Rules() {
		if c.rules != nil && !strings.Contains(","+c.rules.String()+",", ","+string(r.ID)+",") {
			ignore = append(ignore, string(r.ID))
		}
	}
	return ignore
}
