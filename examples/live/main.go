// Command live has the templates' jobs tried by a real language model: 20 scenarios, each several times, with checks on
// what was done and found out. It says first what that may cost, and prints a table last.
//
//	$ OPENAI_API_KEY=… OPENAI_MODEL=gpt-4.1-mini go run ./examples/live
//	$ go run ./examples/live -rehearse
//
// Actions are dry: nothing is sent and nobody is called.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"time"

	"github.com/sonajobs/sona/runtime/model/rehearsal"
)

const help = `live: 20 scenarios with the templates' jobs on a real language model, each several times. Actions are dry.

It needs a model:
  OPENAI_API_KEY   the key; a local server needs none
  OPENAI_BASE_URL  the server, as http://localhost:11434/v1; OpenAI's when only the key is set
  OPENAI_MODEL     the model, as the server calls it
With -rehearse it asks no model and costs nothing.

An estimate of the price comes first; nothing is asked, so begin with -n 2 -runs 1. The table comes last, after
Ctrl-C for the calls until then. Of calls that failed the transcripts are written to files.

Flags:
`

// The exit codes, besides 0 for a table that is whole, whatever it says.
const (
	exitFailed      = 1
	exitUsage       = 2
	exitInterrupted = 130
)

type options struct {
	scenarios, runs, parallel int
	price                     string
	dir                       string
	rehearse, verbose         bool
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends at once
	os.Exit(command(ctx, os.Args[1:], os.Getenv, os.Stdout, os.Stderr))
}

// command returns the exit code.
func command(ctx context.Context, args []string, env func(string) string, out, progress io.Writer) int {
	o, err := parse(args, env, progress)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		printf(progress, "live: %v\n", err)
		return exitUsage
	}
	s, err := source(o, env)
	if err != nil {
		printf(progress, "live: %v\n", err)
		return exitUsage
	}
	switch err := run(ctx, o, s, out, progress); {
	case err == nil:
		return 0
	case errors.Is(err, context.Canceled):
		printf(progress, "live: stopped before the end\n")
		return exitInterrupted
	default:
		printf(progress, "live: %v\n", err)
		return exitFailed
	}
}

func parse(args []string, env func(string) string, out io.Writer) (options, error) {
	var o options
	flags := flag.NewFlagSet("live", flag.ContinueOnError)
	flags.SetOutput(out)
	flags.Usage = func() {
		_, _ = io.WriteString(out, help)
		flags.PrintDefaults()
	}
	most := len(scenarios)
	flags.IntVar(&o.scenarios, "n", most, "how many `scenarios`, from the first on")
	flags.IntVar(&o.runs, "runs", 5, "how many `calls` of each")
	flags.IntVar(&o.parallel, "parallel", 4, "how many `calls` at the same time")
	flags.StringVar(&o.price, "price", env("SONA_LIVE_PRICE"), "`in,cached,out` in dollars per million tokens; SONA_LIVE_PRICE by default, else a table of list prices")
	flags.StringVar(&o.dir, "out", "", "`directory` for the transcripts of failures; a new temporary one by default")
	flags.BoolVar(&o.rehearse, "rehearse", false, "ask no model, cost nothing")
	flags.BoolVar(&o.verbose, "v", false, "print the transcripts of failures, too")
	if err := flags.Parse(args); err != nil {
		return options{}, err
	}
	if flags.NArg() > 0 {
		return options{}, fmt.Errorf("there are no arguments but flags: %q", flags.Args())
	}
	if o.scenarios < 1 || o.scenarios > most {
		return options{}, fmt.Errorf("-n is %d: there are 1 to %d scenarios", o.scenarios, most)
	}
	if o.runs < 1 || o.parallel < 1 {
		return options{}, errors.New("-runs and -parallel are at least 1")
	}
	return o, nil
}

// run has all the calls made and prints what came of them. The error is what ended it early.
func run(ctx context.Context, o options, s asked, out, progress io.Writer) error {
	desks, err := openDesks(ctx)
	if err != nil {
		return err
	}
	todo := scenarios[:o.scenarios]
	printf(out, "Model: %s\n", s)
	if !o.rehearse {
		e, err := estimate(ctx, todo, o.runs, desks)
		if err != nil {
			return err
		}
		e.print(out, s.prices)
	}
	batch := &batch{model: s.model, desks: desks, runs: o.runs, begun: time.Now(), progress: progress}
	ended := batch.run(ctx, todo, o.parallel)
	table(out, batch.results(), s.prices)
	if err := failures(out, batch.results(), o); err != nil {
		return errors.Join(ended, err)
	}
	return ended
}

// rehearsed is what -rehearse asks.
func rehearsed() asked { return asked{model: rehearsal.New(), name: "rehearsal, no language model"} }
