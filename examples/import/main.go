// Command import fills a library with generated jobs and keeps it in one SQLite file:
//
//	go run ./examples/import -db sona.db -jobs 1000000
//
// It shows how far it is, how fast, and how long the rest will take. It can be stopped by Ctrl-C at any time: the
// file is good, and the next run goes on where this one stopped, because an import of what stands there already
// changes nothing.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"iter"
	"log"
	"os"
	"os/signal"
	"time"

	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/storage"
	"github.com/sonajobs/sona/storage/sqlite"
)

func main() {
	path := flag.String("db", "sona.db", "the file")
	jobs := flag.Int("jobs", 1_000_000, "how many jobs the library shall have")
	workspace := flag.String("workspace", "acme", "whose library")
	safe := flag.Bool("safe", false, "wait for the disk with every batch, so that a power cut too loses nothing")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	o := sqlite.Options{Synchronous: sqlite.Normal}
	if *safe {
		o.Synchronous = sqlite.Full
	}
	if err := run(ctx, os.Stdout, *path, o, storage.WorkspaceID(*workspace), *jobs); err != nil {
		log.Print(err)
		stop()
		os.Exit(1) //nolint:gocritic // what was deferred has run
	}
}

// run imports jobs 0 to n-1.
func run(ctx context.Context, out io.Writer, path string, o sqlite.Options, id storage.WorkspaceID, n int) (err error) {
	s, err := sqlite.Open(path, o) //nolint:contextcheck // opening is not to be interrupted
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }() //nolint:contextcheck // nor is closing
	ws := storage.Open(s, id).By("import")
	p := progress{out: out, of: n, start: time.Now()}
	done, err := ws.ImportJobs(ctx, p.follow(generated(n)))
	took := time.Since(p.start)
	sayf(out, "%d new, %d changed, %d as they were, in %v: %.0f jobs a second\n",
		done.Created, done.Updated, done.Unchanged, took.Round(time.Millisecond), float64(done.Saved())/max(took.Seconds(), 1e-9))
	if errors.Is(err, context.Canceled) {
		sayf(out, "stopped; run it again to go on\n")
		return nil
	}
	return err
}

// sayf prints for a person; an import does not stop because nobody listens.
func sayf(out io.Writer, format string, args ...any) { _, _ = fmt.Fprintf(out, format, args...) }

// progress says how far an import is, once in a while.
type progress struct {
	out   io.Writer
	of    int
	start time.Time
}

// every is how many jobs lie between two lines.
const every = 10_000

// follow passes jobs on and counts them.
func (p *progress) follow(jobs iter.Seq2[job.ID, job.Spec]) iter.Seq2[job.ID, job.Spec] {
	return func(yield func(job.ID, job.Spec) bool) {
		n := 0
		for id, spec := range jobs {
			if !yield(id, spec) {
				return
			}
			if n++; n%every == 0 {
				rate := float64(n) / max(time.Since(p.start).Seconds(), 1e-9)
				rest := time.Duration(float64(p.of-n) / rate * float64(time.Second))
				sayf(p.out, "%d of %d, %.0f a second, %v to go\n", n, p.of, rate, rest.Round(time.Second))
			}
		}
	}
}

var (
	verbs  = []string{"Take", "Book", "Cancel", "Move", "Confirm", "Check", "Send", "Explain", "Sell", "Return"}
	things = []string{"a message", "a table", "an appointment", "an order", "an invoice", "a delivery", "a room", "a ticket", "a quote"}
)

// generated yields jobs 0 to n-1, the same ones in every run.
func generated(n int) iter.Seq2[job.ID, job.Spec] {
	return func(yield func(job.ID, job.Spec) bool) {
		for i := range n {
			name := fmt.Sprintf("%s %s %d", verbs[i%len(verbs)], things[i/len(verbs)%len(things)], i)
			spec := job.Spec{
				Name:         name,
				Description:  "What callers of branch " + fmt.Sprint(i%1_000) + " ask for.",
				CallerIntent: "The caller wants this: " + name + ".",
				Instructions: "1. Ask for the caller's name.\n2. Ask for the day and repeat it.\n3. Say that branch " + fmt.Sprint(i%1_000) + " will confirm.",
			}
			if !yield(job.ID(fmt.Sprintf("generated-%07d", i)), spec) {
				return
			}
		}
	}
}
