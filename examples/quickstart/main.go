// Command quickstart walks the whole path without any key or network: a job from a template is saved, attached
// to a Sona step together with a Knowledge page and rehearsed on the draft; then the flow is published, and the
// prompt and the record of the mock call are printed.
//
//	go run ./examples/quickstart -db sona.db
//
// keeps all of it in a file. The second run finds its job, its page and its flow there.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"strings"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/callflow/knowledge"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/job/template"
	"github.com/sonajobs/sona/runtime/mockcall"
	"github.com/sonajobs/sona/storage"
	"github.com/sonajobs/sona/storage/memory"
	"github.com/sonajobs/sona/storage/sqlite"
)

func main() {
	path := flag.String("db", "", "keep everything in this SQLite file; without it everything is gone afterwards")
	flag.Parse()
	if err := runOn(context.Background(), os.Stdout, *path); err != nil {
		log.Fatal(err)
	}
}

// runOn runs on the file at path, or on memory.
func runOn(ctx context.Context, out io.Writer, path string) (err error) {
	if path == "" {
		return run(ctx, out, memory.New())
	}
	s, err := sqlite.Open(path, sqlite.Options{}) //nolint:contextcheck // opening is not to be interrupted
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }() //nolint:contextcheck // nor is closing
	return run(ctx, out, s)
}

func run(ctx context.Context, out io.Writer, s storage.Storage) error {
	ws := storage.Open(s, "acme").By("ann")
	flow, found, err := frontDesk(ctx, ws)
	if err != nil {
		return err
	}

	// A mock call rehearses the draft. Nothing goes out, and nothing that is live is touched.
	result, err := mockcall.Run(ctx, ws, mockcall.Config{Flow: flow.ID(), Caller: mockcall.Script(
		"Hi, I'd like to leave a message for the owner.",
		"Jane Doe.",
		"Are you open on Monday?",
		"It's 555 010 1234.",
		"Yes, that's right.",
		"The owner.",
		"The boiler leaks again.",
		"Yes.",
		"I'd rather not say.",
		"No, really.",
	)})
	if err != nil {
		return err
	}

	if !found {
		if flow, err = ws.Publish(ctx, flow.ID(), flow.Revision()); err != nil {
			return err
		}
	}
	live, _ := flow.Published()

	var page strings.Builder
	if found {
		fmt.Fprintf(&page, "Found again, as it was kept. Nothing new is saved.\n")
		if err := library(ctx, &page, ws); err != nil {
			return err
		}
	}
	fmt.Fprintf(&page, "%s is published as version %d with %d job.\n", flow.Name(), live.Number(), len(result.Prompt.Plan.Jobs))
	section(&page, "The prompt", result.Prompt.String())
	section(&page, "The mock call", result.Transcript())
	report(&page, result)
	_, err = io.WriteString(out, page.String())
	return err
}

// number is whom callers dial.
const number = "+15550100"

// frontDesk returns the call flow of the number, and whether it was found, published. Each piece is made under an ID
// of its own and made once: a run that was ended halfway is taken up by the next.
func frontDesk(ctx context.Context, ws *storage.Workspace) (flow callflow.Flow, found bool, err error) {
	flow, err = ws.FlowByNumber(ctx, number)
	if _, published := flow.Published(); published || err != nil && !errors.Is(err, storage.ErrNotFound) {
		return flow, published, err
	}

	// A job starts from a template. Saved is saved: every Sona step can have it at once.
	take, _ := template.Get(template.TakeAMessage)
	const message = job.ID("take-a-message")
	if _, e := ws.CreateJobAs(ctx, message, take.Fill(map[string]string{"business": "Acme Plumbing"})); e != nil && !errors.Is(e, storage.ErrConflict) {
		return flow, false, e
	}
	const hours = knowledge.ID("opening-hours")
	if _, e := ws.CreatePageAs(ctx, hours, knowledge.Spec{Title: "Opening hours", Text: "Acme Plumbing is open from 8 am to 6 pm, Monday to Friday."}); e != nil && !errors.Is(e, storage.ErrConflict) {
		return flow, false, e
	}

	// A call flow has a draft. Attaching changes the draft only; callers meet it after the publish.
	if err != nil { // there is none
		if flow, err = ws.CreateFlow(ctx, callflow.Simple("Front desk", number, callflow.SonaStep{
			Greeting: "Acme Plumbing, you are speaking with Sona, an AI assistant. This call is recorded. How can I help?",
		})); err != nil {
			return flow, false, err
		}
	}
	if _, err = ws.Attach(ctx, flow.ID(), callflow.Sona, message); err != nil {
		return flow, false, err
	}
	flow, err = ws.AttachPage(ctx, flow.ID(), callflow.Sona, hours)
	return flow, false, err
}

// library writes which jobs the workspace has.
func library(ctx context.Context, page *strings.Builder, ws *storage.Workspace) error {
	for j, err := range ws.AllJobs(ctx) {
		if err != nil {
			return err
		}
		fmt.Fprintf(page, "- job %q, revision %d, saved by %s\n", j.Name(), j.Revision(), j.Stamp().By)
	}
	return nil
}

// report writes what the call did and found out.
func report(page *strings.Builder, r *mockcall.Result) {
	var effects, results strings.Builder
	for _, f := range r.Record.Effects {
		fmt.Fprintf(&effects, "%s %s (dry: %t)\n", f.Action, f.Args, f.Dry)
	}
	for _, j := range r.Record.Summary.Jobs {
		for _, d := range j.Result.Data {
			fmt.Fprintf(&results, "%s, %s: %v\n", j.Name, d.Name, d.Value)
		}
	}
	section(page, "Effects", effects.String())
	section(page, "Results", results.String())
	section(page, "Summary", strings.Join(r.Record.Summary.Summary, "\n"))
	section(page, "Next steps", strings.Join(r.Record.Summary.NextSteps, "\n"))
	fmt.Fprintf(page, "\nThe call ended: %s. The flow goes on at: %s.\n", r.Record.Outcome.Kind, r.Record.Outcome.Next)
}

func section(page *strings.Builder, title, text string) {
	if text = strings.TrimSpace(text); text == "" {
		text = "none"
	}
	fmt.Fprintf(page, "\n== %s ==\n%s\n", title, text)
}
