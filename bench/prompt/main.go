// Command prompt measures runtime/prompt beside what nobody can be faster than, and beside other ways to make the
// same text out of the same parts: all in one run, in turns, so that a busy machine is busy for all of them.
//
//	$ cd bench && GOWORK=off go run ./prompt
//
// More peers, which this module does not require, come with
//
//	$ cd bench && GOWORK=off go run -modfile=prompt/peers.mod -tags peers ./prompt
//
// The text is a step of ten jobs of 10,000 characters and 20 kB of Knowledge. Peers are given the parts as they stand
// in it, cleaned, fenced and demoted; none of them does that. They must make the very same bytes.
package main

import (
	"bytes"
	"cmp"
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strings"
	"syscall"
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
	rounds := flag.Int("rounds", 100, "how many batches each case is measured in; the median of their means counts")
	flag.Parse()
	_, _ = fmt.Fprintf(os.Stdout, "%s, %s/%s, %d CPUs, %s; medians of %d batches, by the clock and of all processors\n", runtime.Version(), runtime.GOOS, runtime.GOARCH,
		runtime.NumCPU(), time.Now().UTC().Format(time.DateOnly), *rounds)
	for _, keep := range []int{0, 256} {
		if err := run(os.Stdout, *rounds, keep); err != nil {
			_, _ = fmt.Fprintln(os.Stderr, "bench:", err)
			os.Exit(1)
		}
	}
}

// way is one way to make the text.
type way struct {
	name  string
	make  func() (string, error) // or nil, and
	move  func() int             // moves the bytes, and returns how many they are
	batch int                    // how often it is taken at a time: batch when 0
	times []time.Duration
	spent []time.Duration // of all processors
}

// kept are the texts that were made last, by all ways: a text of a step is there for the calls to come, and what is
// kept is not where the next one is written.
var (
	kept  []string
	taken int
)

// take makes the text once.
func (w way) take(want string) error {
	var n int
	if w.move != nil {
		n = w.move()
	} else {
		text, err := w.make()
		if err != nil {
			return fmt.Errorf("%s: %w", w.name, err)
		}
		n = len(text)
		if taken++; len(kept) > 0 {
			kept[taken%len(kept)] = text
		}
	}
	if n != len(want) {
		return fmt.Errorf("%s: %d bytes, not %d", w.name, n, len(want))
	}
	return nil
}

// batch is how often a way is taken at a time: often enough that the collector runs within.
const batch = 50

// run measures all ways in a process that keeps so many of the texts that were made last. The collector has the
// more to do the less is kept: it comes whenever the heap has doubled.
func run(out io.Writer, rounds, keep int) error {
	kept = make([]string, keep)
	snap, err := step()
	if err != nil {
		return err
	}
	o := prompt.Options{Parts: new(prompt.Parts)}
	p, err := prompt.Build(snap, callflow.Sona, o)
	if err != nil {
		return err
	}
	ways, err := allWays(snap, o, p, keep > 0)
	if err != nil {
		return err
	}
	for range rounds {
		for i := range ways {
			often := cmp.Or(ways[i].batch, batch)
			begin, before := time.Now(), processors()
			for range often {
				if err := ways[i].take(p.Stable); err != nil {
					return err
				}
			}
			ways[i].spent = append(ways[i].spent, (processors()-before)/time.Duration(often))
			ways[i].times = append(ways[i].times, time.Since(begin)/time.Duration(often))
		}
	}
	median := map[string]float64{}
	middle := func(of []time.Duration) float64 {
		slices.Sort(of)
		return float64(of[len(of)/2]) / float64(time.Microsecond)
	}
	_, _ = fmt.Fprintf(out, "\n%d bytes; the last %d texts are kept\n\n", len(p.Stable), keep)
	for _, w := range ways {
		median[w.name] = middle(w.spent)
		_, _ = fmt.Fprintf(out, "  %-46s %10.2f µs %10.2f µs\n", w.name, middle(w.times), median[w.name])
	}
	_, _ = fmt.Fprintln(out)
	for _, t := range []struct {
		name, ours, peer string
		least            float64
	}{
		{"reused, of memmove", moved, reused, 0},
		{"reused, ahead of eino FString", reused, einoFString, 20},
		{"reused, ahead of text/template", reused, textTemplate, 60},
		{"reused, ahead of genkit", reused, genkitPrompt, 2500},
		{"from the snapshot, of memmove", moved, appended, 0},
		{"fresh, ahead of eino FString", fresh, einoFString, 1},
		{"fresh, ahead of text/template", fresh, textTemplate, 1},
		{"fresh, ahead of adk-go", fresh, adkGo, 1},
		{"fresh, ahead of langchaingo's Go template", fresh, langchainGo, 1},
		{"fresh, ahead of langchaingo's f-string", fresh, langchainBrace, 1},
		{"fresh, ahead of genkit", fresh, genkitPrompt, 1},
	} {
		times, verdict := median[t.peer]/median[t.ours], ""
		switch {
		case median[t.peer] == 0: // a peer that is not here
			continue
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

// processors returns the time that this process has had of all processors: what a busy machine does not lengthen, and
// what the collector does beside a batch is in it.
func processors() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

const (
	moved        = "memmove"
	builder      = "a Builder with Grow"
	reused       = "Prompt.Append into a reused buffer"
	appended     = "Append into a reused buffer, from the snapshot"
	fresh        = "Build of a new snapshot, all prepared"
	templated    = "text/template into a reused buffer"
	textTemplate = "text/template"
	einoFString  = "eino FString"
)

func allWays(snap callflow.Snapshot, o prompt.Options, p prompt.Prompt, keep bool) ([]way, error) {
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
	snaps := make([]callflow.Snapshot, 512) // more than a Parts keeps the prompts of
	for i := range snaps {
		snaps[i] = callflow.NewSnapshot(snap.Flow(), snap.Version(), snap.Jobs(callflow.Sona), snap.Pages(callflow.Sona), snap.Settings())
	}
	once := o
	if !keep { // of a tokenizer without a name no prompt is kept
		once.Profile.Tokens = func(text string) int { return (len(text) + 2) / 3 }
	}
	n := 0
	ways := []way{
		{name: moved, move: func() int { return copy(buf, p.Stable) }},
		{name: builder, make: func() (string, error) {
			var b strings.Builder
			b.Grow(len(p.Stable))
			for _, part := range parts {
				b.WriteString(part)
			}
			return b.String(), nil
		}},
		{name: reused, move: func() int { return len(p.Append(buf[:0])) }},
		{name: appended, move: func() int {
			b, _ := prompt.Append(buf[:0], snap, callflow.Sona, o)
			return len(b)
		}},
		{name: fresh, make: func() (string, error) {
			n++
			p, err := prompt.Build(snaps[n%len(snaps)], callflow.Sona, once)
			return p.Stable, err
		}},
		{name: textTemplate, make: func() (string, error) {
			var b strings.Builder
			err := t.Execute(&b, parts)
			return b.String(), err
		}},
		{name: templated, move: func() int {
			page.Reset()
			_ = t.Execute(&page, parts)
			return page.Len()
		}},
		{name: einoFString, make: func() (string, error) {
			m, err := chat.Format(context.Background(), values)
			if err != nil {
				return "", err
			}
			return m[0].Content, nil
		}},
	}
	others, err := peers(parts)
	if err != nil {
		return nil, err
	}
	ways = append(ways, others...)
	for _, w := range ways {
		if err := w.check(p.Stable, func() string {
			if w.name == templated {
				return page.String()
			}
			return string(buf[:len(p.Stable)])
		}); err != nil {
			return nil, err
		}
	}
	return ways, nil
}

// check makes the text once: it must be the very same bytes. What was moved stands in a buffer.
func (w way) check(want string, moved func() string) error {
	if err := w.take(want); err != nil {
		return err
	}
	if w.make != nil {
		text, err := w.make()
		if err != nil {
			return fmt.Errorf("%s: %w", w.name, err)
		}
		moved = func() string { return text }
	}
	if moved() != want {
		return fmt.Errorf("%s: another text", w.name)
	}
	return nil
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
