// Command console-call lets you talk to a published Sona step in the terminal: what you type is what the caller
// says.
//
//	$ go run ./examples/console-call
//	$ OPENAI_API_KEY=… OPENAI_MODEL=gpt-4.1-mini go run ./examples/console-call -job refunds.txt
//
// Without a key the rehearsal model answers: it walks a job's steps word by word, needs no network and costs
// nothing. With one, or with the address of a server of your own, a real language model does.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/callflow/call"
)

const help = `console-call: talk to a published Sona step in the terminal. What you type is what the caller says.

Without a key the rehearsal model answers: it walks the steps of the jobs, asks their questions and carries out
their actions. It needs no network and costs nothing. It does not predict what a language model would say.

A real model answers when these are set:
  OPENAI_API_KEY   the key; a local server needs none
  OPENAI_BASE_URL  the server, as http://localhost:11434/v1; OpenAI's when only the key is set
  OPENAI_MODEL     the model, as the server calls it

Texts and transfers are printed, never sent. An empty line says nothing; /quit, Ctrl-D or Ctrl-C hangs up, and
then you see the summary, the results and the next steps.

Flags:
`

// options are what the flags say.
type options struct {
	jobs      []string // files with instructions
	knowledge []string // files with facts
	greeting  string
	caller    call.Address
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends at once
	err := run(ctx, os.Args[1:], os.Getenv, os.Stdin, os.Stdout)
	stop()
	if errors.Is(err, flag.ErrHelp) {
		return
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "console-call:", err)
		os.Exit(1)
	}
}

// run is one call from the first word to the summary.
func run(ctx context.Context, args []string, env func(string) string, in io.Reader, out io.Writer) error {
	o, err := parse(args, out)
	if err != nil {
		return err
	}
	m, name, err := chooseModel(env)
	if err != nil {
		return err
	}
	c := &console{out: out, meter: &meter{model: m}, names: map[string]string{}}
	if f, ok := in.(*os.File); !ok || !isTerminal(f) {
		c.echo = true
	}
	if err := c.begin(ctx, o, name); err != nil {
		return err
	}
	return c.talk(ctx, in)
}

func isTerminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

func parse(args []string, out io.Writer) (options, error) {
	var o options
	flags := flag.NewFlagSet("console-call", flag.ContinueOnError)
	flags.SetOutput(out)
	flags.Usage = func() {
		_, _ = io.WriteString(out, help)
		flags.PrintDefaults()
	}
	list := func(to *[]string) func(string) error {
		return func(file string) error {
			*to = append(*to, file)
			return nil
		}
	}
	flags.Func("job", "`file` with a job's instructions; again for another job; two templates when there is none", list(&o.jobs))
	flags.Func("knowledge", "`file` with facts of the business: .txt, .md, .csv or .json; again for another page", list(&o.knowledge))
	flags.StringVar(&o.greeting, "greeting", "Hello, you are speaking with Sona, an AI assistant. How can I help?", "the first words that the caller hears")
	flags.StringVar((*string)(&o.caller), "caller", "+15550199", "the caller's number")
	if err := flags.Parse(args); err != nil {
		return options{}, err
	}
	if flags.NArg() > 0 {
		return options{}, fmt.Errorf("there are no arguments but flags: %q", flags.Args())
	}
	if len(o.jobs) > callflow.MaxJobsPerStep {
		return options{}, fmt.Errorf("%d jobs, at most %d", len(o.jobs), callflow.MaxJobsPerStep)
	}
	return o, nil
}
