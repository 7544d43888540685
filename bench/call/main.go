// Command call measures what the runtime adds to a call: the time and the memory of a turn, what a call holds that waits
// for its caller, and how late the words of a thousand calls are that all stream at once.
//
//	$ make bench-call
//
// Models answer at once, or at the pace of speech, and do nothing else: what is measured is ours. Each line says what
// was measured, its target, and whether that was met. The exit code is 0 either way: a busy machine misses targets,
// too, and a number is worth more than a failure.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"strings"
	"time"
)

// size is how much is measured.
type size struct {
	rounds    int           // calls of forty turns
	idle      int           // calls that wait at once
	streaming int           // calls that stream at once
	lasts     time.Duration // for so long
}

func main() {
	var s size
	flag.IntVar(&s.rounds, "rounds", 41, "how many calls of forty turns each case is measured in; the median counts")
	flag.IntVar(&s.idle, "idle", 10_000, "how many calls wait at once")
	flag.IntVar(&s.streaming, "streaming", 1_000, "how many calls stream at once")
	flag.DurationVar(&s.lasts, "lasts", 10*time.Second, "how long they stream")
	only := flag.String("only", "", "measure only the cases with this in their `name`: turn, idle, streaming")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Stdout, s, *only)
	stop()
	if err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, out io.Writer, s size, only string) error {
	if s.rounds < 1 || s.idle < 1 || s.streaming < 1 || s.lasts < time.Second {
		return fmt.Errorf("nothing to measure: %+v", s)
	}
	_, _ = fmt.Fprintf(out, "%s, %s/%s, %d CPUs, GOMAXPROCS %d, %s\n",
		runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), runtime.GOMAXPROCS(0), time.Now().UTC().Format(time.DateOnly))
	for _, c := range []struct {
		name    string
		measure func(context.Context, size) ([]line, error)
	}{
		{"turn", turns},
		{"idle", idle},
		{"streaming", streaming},
	} {
		if !strings.Contains(c.name, only) {
			continue
		}
		lines, err := c.measure(ctx, s)
		if err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
		_, _ = fmt.Fprintf(out, "\n%s\n", c.name)
		for _, l := range lines {
			l.print(out)
		}
	}
	return ctx.Err()
}

// line is one line of a table.
type line struct {
	name   string
	value  string
	target string // empty where there is none
	met    bool
}

func (l line) print(out io.Writer) {
	verdict := ""
	if l.target != "" {
		verdict = "MISSED  " + l.target
		if l.met {
			verdict = "met     " + l.target
		}
	}
	_, _ = fmt.Fprintf(out, "  %-44s %36s   %s\n", l.name, l.value, verdict)
}

// near is a line about two values that shall be the same, but for a part of the first.
func near(name string, a, b, part float64) line {
	off := (b - a) / a
	return line{name, fmt.Sprintf("%+.1f %%", off*100), fmt.Sprintf("at most ±%.0f %%", part*100), off <= part && off >= -part}
}
