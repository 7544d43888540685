// Command model measures runtime/model/openai beside what nobody can be faster than, and beside other clients: all in
// one run, in turns, so that a busy machine is busy for all of them.
//
//	$ make bench-model
//
// Each line says what was measured, its target, and whether that was met. The exit code is 0 either way: a busy machine
// misses targets, too, and a number is worth more than a failure.
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

func main() {
	if os.Getenv(asServer) != "" {
		exit(serve(os.Stdin, os.Stdout))
	}
	if which := os.Getenv(asHolder); which != "" {
		exit(measureHere(context.Background(), which, os.Args[1], os.Stdout))
	}
	rounds := flag.Int("rounds", 41, "how often each case is measured; the median counts")
	only := flag.String("only", "", "measure only the cases with this in their `name`: decode, first token, cancel, waiting, body")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Stdout, *rounds, *only)
	stop()
	exit(err)
}

func exit(err error) {
	if err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
	os.Exit(0)
}

// run measures the cases one after the other. url is where the server is that the cases ask.
func run(ctx context.Context, out io.Writer, rounds int, only string) error {
	if rounds < 1 {
		return fmt.Errorf("%d rounds", rounds)
	}
	url, stop, err := startServer(ctx)
	if err != nil {
		return err
	}
	defer stop()
	_, _ = fmt.Fprintf(out, "%s, %s/%s, %d CPUs, %s; medians of %d rounds\n",
		runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), time.Now().UTC().Format(time.DateOnly), rounds)
	for _, c := range []struct {
		name    string
		measure func(ctx context.Context, url string, rounds int) ([]line, error)
	}{
		{"decode", decode},
		{"first token", firstToken},
		{"cancel", cancelled},
		{"waiting", waiting},
		{"body", body},
	} {
		if !strings.Contains(c.name, only) {
			continue
		}
		lines, err := c.measure(ctx, url, rounds)
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
