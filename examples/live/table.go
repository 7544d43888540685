package main

import (
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"github.com/sonajobs/sona/callflow/call"
)

// sum is what stands in a row of the table.
type sum struct {
	passed, calls int
	turns         []int
	usage         call.Usage
	first         []time.Duration
}

func (s *sum) add(m *made) {
	if m == nil {
		return
	}
	s.calls++
	if m.wrong == nil {
		s.passed++
	}
	s.turns = append(s.turns, m.turns)
	s.usage = s.usage.Add(m.usage)
	s.first = append(s.first, m.first...)
}

// table prints a row for each scenario, and one for all.
func table(out io.Writer, results []result, p prices) {
	printf(out, "\n"+columns, "scenario", "passed", "95 % interval", "turns", "in", "cached", "out", "first token")
	var all sum
	for _, r := range results {
		var s sum
		for _, m := range r.made {
			s.add(m)
			all.add(m)
		}
		s.row(out, r.scenario)
	}
	all.row(out, "all")
	printf(out, "Turns and first token are medians; tokens are sums. The interval is Wilson's.\n")
	if p.known() && all.usage != (call.Usage{}) {
		printf(out, "Price of what was used: $%.2f (%s).\n", p.of(all.usage), p.from)
	}
}

func (s *sum) row(w io.Writer, name string) {
	if s.calls == 0 {
		printf(w, columns, name, unknown, unknown, unknown, unknown, unknown, unknown, unknown)
		return
	}
	low, high := wilson(s.passed, s.calls)
	in, cached, out := unknown, unknown, unknown
	if u := s.usage; u != (call.Usage{}) {
		in, cached, out = thousands(u.In), thousands(u.Cached), thousands(u.Out)
	}
	first := unknown
	if len(s.first) > 0 {
		first = fmt.Sprintf("%.2f s", median(s.first).Seconds())
	}
	printf(w, columns, name, fmt.Sprintf("%d/%d", s.passed, s.calls), fmt.Sprintf("%.0f–%.0f %%", 100*low, 100*high),
		strconv.Itoa(median(s.turns)), in, cached, out, first)
}

const (
	columns = "%-16s  %7s  %13s  %5s  %10s  %10s  %8s  %11s\n"
	unknown = "–"
)

// printf writes what is for people. That nobody reads it any more ends nothing: the calls are paid for.
func printf(out io.Writer, format string, args ...any) { _, _ = fmt.Fprintf(out, format, args...) }

// wilson returns the interval in which, with a confidence of 95 %, the share lies of which passed of n were seen. Unlike
// the usual one it says something when all of a few passed.
func wilson(passed, n int) (low, high float64) {
	const z = 1.959964
	p, m := float64(passed)/float64(n), float64(n)
	middle := (p + z*z/(2*m)) / (1 + z*z/m)
	half := z / (1 + z*z/m) * math.Sqrt(p*(1-p)/m+z*z/(4*m*m))
	return max(0, middle-half), min(1, middle+half)
}

// median returns the middle one, of two the smaller; zero of none.
func median[T int | time.Duration](all []T) T {
	if len(all) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(all))
	return sorted[(len(sorted)-1)/2]
}

// failures lists the calls that failed, and writes each one's transcript to a file.
func failures(out io.Writer, results []result, o options) error {
	dir := o.dir
	for _, r := range results {
		for i, m := range r.made {
			if m == nil || m.wrong == nil {
				continue
			}
			if dir == "" {
				var err error
				if dir, err = os.MkdirTemp("", "sona-live-"); err != nil {
					return err
				}
			} else if err := os.MkdirAll(dir, 0o700); err != nil {
				return err
			}
			text := m.wrong.Error() + "\n\n" + m.transcript
			path := filepath.Join(dir, fmt.Sprintf("%s-%d.txt", r.scenario, i+1))
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				return err
			}
			printf(out, "\n%s %d failed: %s\n", r.scenario, i+1, path)
			if o.verbose {
				printf(out, "%s\n", text)
			}
		}
	}
	return nil
}
