// Command optimize improves the instructions of a job in the terminal and takes it back again, offline:
//
//	go run ./examples/optimize                      # a job of this program
//	go run ./examples/optimize take-a-message.md
//	go run ./examples/optimize -model job.md        # by the model that OPENAI_BASE_URL, OPENAI_API_KEY and OPENAI_MODEL name
//
// It shows what would change and why, what only the author can answer, and what to look at; then it reads undo, redo, text
// and quit. Nothing is written.
package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"os/signal"
	"strings"

	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/optimize"
	"github.com/sonajobs/sona/optimize/rewrite"
	"github.com/sonajobs/sona/runtime/model/openai"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Stdin, os.Stdout, os.Args[1:], os.Getenv)
	stop()
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		log.SetFlags(0)
		log.Fatal(err)
	}
}

// visit is a job as people write them at first.
const visit = `# Book a visit

- Greet the caller. Ask for the full name. Ask for the phone number. Say both back.
- Ask for the day of the visit.
- Say goodbye and end the call. {{action end_call}}

If the caller declines a question, skip it.

# Goal

Book a visit with Dr. Lang for at most 30 minutes.
`

func run(ctx context.Context, in io.Reader, out io.Writer, args []string, env func(string) string) error {
	flags := flag.NewFlagSet("optimize", flag.ContinueOnError)
	flags.SetOutput(out)
	byModel := flags.Bool("model", false, "ask the language model that the environment names; the rules step in when it fails")
	hint := flags.String("hint", "", "what you want, in your own words, for the model")
	if err := flags.Parse(args); err != nil {
		return err
	}
	spec := job.Spec{Name: "Book a visit", CallerIntent: "The caller wants to book a visit.", Instructions: visit}
	if file := flags.Arg(0); file != "" {
		text, err := os.ReadFile(file) //nolint:gosec // the file that was asked for
		if err != nil {
			return err
		}
		spec = job.Spec{Name: file, Instructions: string(text)}
	}
	optimizer, err := chosen(*byModel, env)
	if err != nil {
		return err
	}
	request := optimize.Request{}
	if *hint != "" {
		request.Hints = []string{*hint}
	}

	e := optimize.NewEditor(optimizer, job.Job{})
	e.Type(spec)
	before := e.Spec().Clean().Instructions
	p, err := e.Optimize(ctx, request)
	if refused, ok := errors.AsType[*optimize.RefusedError](err); ok {
		for _, v := range refused.Violations {
			if v.Hard {
				_, _ = fmt.Fprintln(out, "refused:", v.Message)
			}
		}
		return err
	}
	if err != nil {
		return err
	}
	show(out, before, p)
	return listen(in, out, e)
}

var errNoModel = errors.New("no model is set: set OPENAI_API_KEY for OpenAI, or OPENAI_BASE_URL for a server of your own, and OPENAI_MODEL; without -model none is needed")

// chosen returns the optimizer that the flag asks for.
func chosen(byModel bool, env func(string) string) (optimize.Optimizer, error) {
	if !byModel {
		return optimize.Rules(), nil
	}
	base, key, name := env("OPENAI_BASE_URL"), env("OPENAI_API_KEY"), env("OPENAI_MODEL")
	if base == "" && key == "" || name == "" {
		return nil, errNoModel
	}
	if base == "" {
		base = "https://api.openai.com/v1"
	}
	client, err := openai.New(openai.Config{BaseURL: base, Key: key, Model: name})
	if err != nil {
		return nil, err
	}
	return rewrite.New(client), nil
}

// listen does what the author types until they have enough.
func listen(in io.Reader, out io.Writer, e *optimize.Editor) error {
	say := func(err error, done string) {
		if err != nil {
			done = err.Error()
		}
		_, _ = fmt.Fprintln(out, done)
	}
	lines := bufio.NewScanner(in)
	for {
		_, _ = fmt.Fprint(out, "\nundo, redo, text or quit> ")
		if !lines.Scan() {
			_, _ = fmt.Fprintln(out)
			return lines.Err()
		}
		switch strings.TrimSpace(lines.Text()) {
		case "undo":
			say(e.Undo(), "The text is again what it was, byte for byte.")
		case "redo":
			say(e.Redo(), "The proposal is back.")
		case "text":
			say(nil, e.Spec().Instructions)
		case "quit":
			return nil
		}
	}
}
