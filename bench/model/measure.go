package main

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"slices"
	"time"
)

// line is one line of a table.
type line struct {
	name   string
	value  string
	target string // empty where there is none: a floor, or a peer
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
	_, _ = fmt.Fprintf(out, "  %-34s %30s   %s\n", l.name, l.value, verdict)
}

// atMost is a line with a target that the value must not exceed.
func atMost(name string, value, target float64, unit string) line {
	return line{name, fmt.Sprintf("%.2f%s", value, unit), fmt.Sprintf("at most %v%s", target, unit), value <= target}
}

// atLeast is a line with a target that the value must reach.
func atLeast(name string, value, target float64, unit string) line {
	return line{name, fmt.Sprintf("%.1f%s", value, unit), fmt.Sprintf("at least %v%s", target, unit), value >= target}
}

// cost is what one operation takes.
type cost struct {
	time   time.Duration // median of all of them
	allocs float64       // mean of a round; median of the rounds
}

// batchTime is how long an operation is repeated in one round.
const batchTime = 5 * time.Millisecond

// inTurns measures operations round by round, each in every round. Every single operation is timed: on a busy machine
// most are not interrupted, and the median is of those. It leaves out what the collector takes, which favours those
// who allocate.
func inTurns(ctx context.Context, rounds int, operations ...func() error) ([]cost, error) {
	times, allocs := make([][]time.Duration, len(operations)), make([][]float64, len(operations))
	repeat := make([]int, len(operations))
	for i, op := range operations { // also warms up
		var err error
		if repeat[i], err = repeats(op); err != nil {
			return nil, fmt.Errorf("operation %d: %w", i, err)
		}
	}
	for range rounds {
		for i, op := range operations {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			t, a, err := once(op, repeat[i])
			if err != nil {
				return nil, fmt.Errorf("operation %d: %w", i, err)
			}
			times[i], allocs[i] = append(times[i], t...), append(allocs[i], a)
		}
	}
	costs := make([]cost, len(operations))
	for i := range costs {
		costs[i] = cost{middle(times[i]), median(allocs[i], func(a float64) float64 { return a })}
	}
	return costs, nil
}

// repeats returns how often an operation fits into a batch.
func repeats(op func() error) (int, error) {
	for n := 1; ; n *= 2 {
		begun := time.Now()
		for range n {
			if err := op(); err != nil {
				return 0, err
			}
		}
		if passed := time.Since(begun); passed > batchTime/2 {
			return max(1, int(float64(n)*float64(batchTime)/float64(passed))), nil
		}
	}
}

// once is one round: how long each operation took, and how often one allocates.
func once(op func() error, n int) (times []time.Duration, allocs float64, err error) {
	var before, after runtime.MemStats
	times = make([]time.Duration, n)
	runtime.GC() // nobody pays for what others left behind
	runtime.ReadMemStats(&before)
	for i := range times {
		begun := time.Now()
		if err := op(); err != nil {
			return nil, 0, err
		}
		times[i] = time.Since(begun)
	}
	runtime.ReadMemStats(&after)
	return times, float64(after.Mallocs-before.Mallocs) / float64(n), nil
}

// median returns the middle value of what by says of all.
func median[T any, V time.Duration | float64](all []T, by func(T) V) V {
	values := make([]V, len(all))
	for i, v := range all {
		values[i] = by(v)
	}
	slices.Sort(values)
	return values[len(values)/2]
}

func middle(all []time.Duration) time.Duration {
	return median(all, func(d time.Duration) time.Duration { return d })
}

func ratio[V time.Duration | float64](a, b V) float64 { return float64(a) / float64(b) }

func micros(d time.Duration) string { return fmt.Sprintf("%.2f µs", float64(d)/1e3) }
