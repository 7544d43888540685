package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// streams is how many replies are waited for at the same time.
const streams = 400

// held is what one waiting stream holds.
type held struct {
	Goroutines float64 `json:"goroutines"`
	Heap       float64 `json:"heap"`  // bytes
	Stack      float64 `json:"stack"` // bytes
}

func (h held) bytes() float64 { return h.Heap + h.Stack }

// waiter is a client with a prompt of some length.
type waiter struct {
	name string
	size int
	open func(url string, h *http.Client, system string) (client, error)
}

func waiters() []waiter {
	const short, long = 4_000, 400_000
	openRaw := func(url string, h *http.Client, system string) (client, error) {
		return newRaw(url, h, marshalled(system)), nil
	}
	openOurs := func(url string, h *http.Client, system string) (client, error) {
		return newOurs(url, h, prompted(system, "waiting"))
	}
	openPeer := func(url string, h *http.Client, system string) (client, error) {
		return newGoOpenAI(url, h, system), nil
	}
	return []waiter{
		{raw + ", 4 kB", short, openRaw}, {raw + ", 400 kB", long, openRaw},
		{"ours, 4 kB", short, openOurs}, {"ours, 400 kB", long, openOurs},
		{goOpenAI + ", 4 kB", short, openPeer}, {goOpenAI + ", 400 kB", long, openPeer},
	}
}

// waiting measures what a reply that has not begun yet holds: goroutines, and heap + stacks. The prompt is the host's
// and is shared by all of them. Each measurement is a process of its own, since the size of new stacks depends on
// those before.
func waiting(ctx context.Context, url string, rounds int) ([]line, error) {
	all := waiters()
	got := make([][]held, len(all))
	for range max(3, rounds/8) {
		for i, w := range all {
			h, err := elsewhere(ctx, i, url)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", w.name, err)
			}
			got[i] = append(got[i], h)
		}
	}
	m := make([]held, len(all))
	var lines []line
	for i, w := range all {
		m[i] = held{
			Goroutines: median(got[i], func(h held) float64 { return h.Goroutines }),
			Heap:       median(got[i], func(h held) float64 { return h.Heap }),
			Stack:      median(got[i], func(h held) float64 { return h.Stack }),
		}
		lines = append(lines, line{name: w.name, value: fmt.Sprintf("%.1f goroutines, %.1f + %.1f kB", m[i].Goroutines, m[i].Heap/1000, m[i].Stack/1000)})
	}
	return append(lines,
		line{name: "ours, heap of raw, 400 kB", value: fmt.Sprintf("%.2f×", ratio(m[3].Heap, m[1].Heap))},
		atMost("ours, goroutines beyond raw", m[3].Goroutines-m[1].Goroutines, 1, ""),
		atMost("ours, memory of raw, 4 kB", ratio(m[2].bytes(), m[0].bytes()), 1.1, "×"),
		atMost("ours, memory of raw, 400 kB", ratio(m[3].bytes(), m[1].bytes()), 1.1, "×"),
		atMost("ours, 400 kB of 4 kB", ratio(m[3].bytes(), m[2].bytes()), 1.1, "×"),
	), nil
}

// asHolder in the environment makes the command measure one of the waiters: its place in the list.
const asHolder = "SONA_BENCH_HOLDER"

// elsewhere measures in another process.
func elsewhere(ctx context.Context, waiter int, url string) (held, error) {
	self, err := os.Executable()
	if err != nil {
		return held{}, err
	}
	child := exec.CommandContext(ctx, self, url) //nolint:gosec // this very program
	child.Env = append(os.Environ(), asHolder+"="+strconv.Itoa(waiter))
	child.Stderr = os.Stderr
	out, err := child.Output()
	if err != nil {
		return held{}, err
	}
	var h held
	return h, json.NewDecoder(bytes.NewReader(out)).Decode(&h)
}

// measureHere is what the other process does.
func measureHere(ctx context.Context, which, url string, out io.Writer) error {
	n, err := strconv.Atoi(which)
	if err != nil || n < 0 || n >= len(waiters()) {
		return fmt.Errorf("%s=%q", asHolder, which)
	}
	w := waiters()[n]
	h, t := connected()
	defer t.CloseIdleConnections()
	c, err := w.open(url+"/silent/v1", h, text(w.size))
	if err != nil {
		return err
	}
	got, err := hold(ctx, c)
	if err != nil {
		return err
	}
	return json.NewEncoder(out).Encode(got)
}

// hold has many replies waited for and returns what one of them holds. What all share, such as a prompt in the form
// in which it is sent, is made by the first and not counted.
func hold(ctx context.Context, c client) (held, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var all sync.WaitGroup
	var failed atomic.Pointer[error]
	open := func(n int) {
		for range n {
			all.Go(func() {
				if err := c.stream(ctx, func(string) {}); err != nil && ctx.Err() == nil {
					failed.Store(&err)
				}
			})
		}
		quiet()
	}
	open(1)
	before := inUse()
	open(streams)
	after := inUse()
	cancel()
	all.Wait()
	if err := failed.Load(); err != nil {
		return held{}, *err
	}
	return held{(after.Goroutines - before.Goroutines) / streams, (after.Heap - before.Heap) / streams, (after.Stack - before.Stack) / streams}, nil
}

// quiet waits until nothing is under way but what waits.
func quiet() {
	last, same := 0, 0
	for same < 10 {
		time.Sleep(10 * time.Millisecond)
		n := runtime.NumGoroutine()
		if n == last {
			same++
		} else {
			last, same = n, 0
		}
	}
}

// inUse returns what the process holds.
func inUse() held {
	var s runtime.MemStats
	for range 5 { // pools keep what they have for one more; stacks shrink by half each time
		runtime.GC()
	}
	runtime.ReadMemStats(&s)
	return held{float64(runtime.NumGoroutine()), float64(s.HeapAlloc), float64(s.StackInuse)}
}
