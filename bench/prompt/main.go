// Command prompt measures runtime/prompt beside what nobody can be faster than, and beside other ways to make the
// same text out of the same parts: all in one run, in turns, so that a busy machine is busy for all of them.
//
//	$ cd bench && GOWORK=off go run ./prompt
//
// The text is a step of ten jobs of 10,000 characters and 20 kB of Knowledge. Peers are given the parts as they stand
// in it, cleaned, fenced and demoted; none of them does that. They must make the very same bytes.
package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strings"
	"text/template"
	"time"

	eino "github.com/cloudwego/eino/components/prompt"
	"github.com/cloudwego/eino/schema"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/callflow/knowledge"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime/prompt"
)

func main() {
	rounds := flag.Int("rounds", 100, "how many batches of 50 each case is measured in; the median of their means counts")
	flag.Parse()
	if err := run(os.Stdout, *rounds); err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// way is one way to make the text.
type way struct {
	name  string
	make  func() (int, error) // returns how long the text is
	times []time.Duration
}

// batch is how often a way is taken at a time: often enough that the collector runs within.
const batch = 50

func run(out io.Writer, rounds int) error {
	snap, err := step()
	if err != nil {
		return err
	}
	o := prompt.Options{Parts: new(prompt.Parts)}
	p, err := prompt.Build(snap, callflow.Sona, o)
	if err != nil {
		return err
	}
	ways, err := allWays(snap, o, p)
	if err != nil {
		return err
	}
	for range rounds {
		for i := range ways {
			begin := time.Now()
			for range batch {
				n, err := ways[i].make()
				if err == nil && n != len(p.Stable) {
					err = fmt.Errorf("%d bytes, not %d", n, len(p.Stable))
				}
				if err != nil {
					return fmt.Errorf("%s: %w", ways[i].name, err)
				}
			}
			ways[i].times = append(ways[i].times, time.Since(begin)/batch)
		}
	}
	median := map[string]float64{}
	_, _ = fmt.Fprintf(out, "%s, %s/%s, %d CPUs, %s; %d bytes, medians of %d batches of 50\n\n", runtime.Version(), runtime.GOOS, runtime.GOARCH,
		runtime.NumCPU(), time.Now().UTC().Format(time.DateOnly), len(p.Stable), rounds)
	for _, w := range ways {
		slices.Sort(w.times)
		median[w.name] = float64(w.times[len(w.times)/2]) / float64(time.Microsecond)
		_, _ = fmt.Fprintf(out, "  %-46s %10.2f µs\n", w.name, median[w.name])
	}
	_, _ = fmt.Fprintln(out)
	for _, t := range []struct {
		name, ours, peer string
		least            float64
	}{
		{"reused, of memmove", moved, reused, 0},
		{"reused, ahead of eino FString", reused, einoFString, 20},
		{"reused, ahead of text/template", reused, textTemplate, 60},
		{"fresh, ahead of eino FString", fresh, einoFString, 1},
		{"fresh, ahead of text/template", fresh, textTemplate, 1},
	} {
		times, verdict := median[t.peer]/median[t.ours], ""
		switch {
		case t.least == 0:
		case times >= t.least:
			verdict = fmt.Sprintf("met     at least %g×", t.least)
		default:
			verdict = fmt.Sprintf("MISSED  at least %g×", t.least)
		}
		_, _ = fmt.Fprintf(out, "  %-46s %10.2f×   %s\n", t.name, times, verdict)
	}
	return nil
}

const (
	moved        = "memmove"
	builder      = "a Builder with Grow"
	reused       = "Prompt.Append into a reused buffer"
	appended     = "Append into a reused buffer, from the snapshot"
	fresh        = "Build, all prepared"
	templated    = "text/template into a reused buffer"
	textTemplate = "text/template"
	einoFString  = "eino FString"
)

func allWays(snap callflow.Snapshot, o prompt.Options, p prompt.Prompt) ([]way, error) {
	parts := strings.SplitAfter(p.Stable, ">>\n")
	buf := make([]byte, 2*len(p.Stable))
	t, err := template.New("").Parse("{{range .}}{{.}}{{end}}")
	if err != nil {
		return nil, err
	}
	var page bytes.Buffer
	names, values := "", map[string]any{}
	for i, part := range parts {
		name := fmt.Sprintf("part%d", i)
		names, values[name] = names+"{"+name+"}", part
	}
	chat := eino.FromMessages(schema.FString, schema.SystemMessage(names))
	same := func(text string) error {
		if text != p.Stable {
			return errors.New("another text")
		}
		return nil
	}
	ways := []way{
		{name: moved, make: func() (int, error) { return copy(buf, p.Stable), nil }},
		{name: builder, make: func() (int, error) {
			var b strings.Builder
			b.Grow(len(p.Stable))
			for _, part := range parts {
				b.WriteString(part)
			}
			return b.Len(), nil
		}},
		{name: reused, make: func() (int, error) { return len(p.Append(buf[:0])), nil }},
		{name: appended, make: func() (int, error) {
			b, err := prompt.Append(buf[:0], snap, callflow.Sona, o)
			return len(b), err
		}},
		{name: fresh, make: func() (int, error) {
			p, err := prompt.Build(snap, callflow.Sona, o)
			return len(p.Stable), err
		}},
		{name: textTemplate, make: func() (int, error) {
			var b strings.Builder
			err := t.Execute(&b, parts)
			return b.Len(), err
		}},
		{name: templated, make: func() (int, error) {
			page.Reset()
			err := t.Execute(&page, parts)
			return page.Len(), err
		}},
		{name: einoFString, make: func() (int, error) {
			m, err := chat.Format(context.Background(), values)
			if err != nil {
				return 0, err
			}
			return len(m[0].Content), same(m[0].Content)
		}},
	}
	for _, w := range ways {
		if w.name == templated {
			if _, err := w.make(); err != nil {
				return nil, err
			}
		}
	}
	return ways, same(page.String())
}

// step is a step as large as one can be: ten jobs of 10,000 characters, and a page of 20,000.
func step() (callflow.Snapshot, error) {
	text := strings.Repeat("## Part\n1. Ask the caller which day they would like, and whether the morning is better.\n"+
		"2. Offer two times (never more) and read the one they choose back.\n   - If neither is right, ask for another day.\n\n", 50)
	sona := callflow.SonaStep{Greeting: "Hello, this is Lumen Hair.", Pages: []knowledge.ID{"prices"}}
	var jobs []job.Job
	for i := range callflow.MaxJobsPerStep {
		j, err := job.Restore(job.ID(fmt.Sprintf("job-%d", i)), job.Stamp{Revision: 1}, job.Spec{Name: "Book an appointment", CallerIntent: "The caller wants to book.",
			Instructions: text[:job.MaxInstructions-100] + "\n{{action send_sms text=\"See you, {{first_name}}.\"}}\n{{action end_call}}"})
		if err != nil {
			return callflow.Snapshot{}, err
		}
		jobs, sona.Jobs = append(jobs, j), append(sona.Jobs, j.ID())
	}
	page, err := knowledge.Restore("prices", job.Stamp{Revision: 1}, knowledge.Spec{Title: "Prices",
		Text: strings.Repeat("A cut is 45 dollars, with colour it is 80 dollars and takes two hours.\n", 280)})
	if err != nil {
		return callflow.Snapshot{}, err
	}
	f, err := callflow.New(callflow.Simple("Desk", "+15551230000", sona))
	if err != nil {
		return callflow.Snapshot{}, err
	}
	return callflow.NewSnapshot(f, f.Draft(), jobs, []knowledge.Page{page}, callflow.Settings{}), nil
}
