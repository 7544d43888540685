// Command quickstart walks the whole path without any key or network: a job from a template is saved, attached
// to a Sona step together with a Knowledge page and rehearsed on the draft; then the flow is published, and the
// prompt and the record of the mock call are printed.
package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"os"
	"strings"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/callflow/knowledge"
	"github.com/sonajobs/sona/job/template"
	"github.com/sonajobs/sona/runtime/mockcall"
	"github.com/sonajobs/sona/storage"
	"github.com/sonajobs/sona/storage/memory"
)

func main() {
	if err := run(context.Background(), os.Stdout); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, out io.Writer) error {
	ws := storage.Open(memory.New(), "acme").By("ann")

	// A job starts from a template. Saved is saved: every Sona step can have it at once.
	take, _ := template.Get(template.TakeAMessage)
	message, err := ws.CreateJob(ctx, take.Fill(map[string]string{"business": "Acme Plumbing"}))
	if err != nil {
		return err
	}
	hours, err := ws.CreatePage(ctx, knowledge.Spec{Title: "Opening hours", Text: "Acme Plumbing is open from 8 am to 6 pm, Monday to Friday."})
	if err != nil {
		return err
	}

	// A call flow has a draft. Attaching changes the draft only; callers meet it after the publish.
	flow, err := ws.CreateFlow(ctx, callflow.Simple("Front desk", "+15550100", callflow.SonaStep{
		Greeting: "Acme Plumbing, you are speaking with Sona, an AI assistant. This call is recorded. How can I help?",
	}))
	if err != nil {
		return err
	}
	if _, err := ws.Attach(ctx, flow.ID(), callflow.Sona, message.ID()); err != nil {
		return err
	}
	if flow, err = ws.AttachPage(ctx, flow.ID(), callflow.Sona, hours.ID()); err != nil {
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

	if flow, err = ws.Publish(ctx, flow.ID(), flow.Revision()); err != nil {
		return err
	}
	live, _ := flow.Published()

	var page strings.Builder
	fmt.Fprintf(&page, "%s is published as version %d with %d job.\n", flow.Name(), live.Number(), len(result.Prompt.Plan.Jobs))
	section(&page, "The prompt", result.Prompt.String())
	section(&page, "The mock call", result.Transcript())
	report(&page, result)
	_, err = io.WriteString(out, page.String())
	return err
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
