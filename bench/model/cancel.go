package main

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"time"
)

// cancelled measures the time from the cancelling of a request, whose reply has begun, to the return of the client; and
// whether anything of it goes on afterwards.
func cancelled(ctx context.Context, url string, rounds int) ([]line, error) {
	url += "/held/v1"
	system := text(40_000)
	h, t := connected()
	own, err := newOurs(url, h, prompted(system, "cancel"))
	if err != nil {
		return nil, err
	}
	clients := []client{newRaw(url, h, marshalled(system)), own}
	before := settled(0)
	times, err := alternate(ctx, rounds, clients, func(c client) (time.Duration, error) {
		streaming, cancel := context.WithCancel(ctx)
		defer cancel()
		heard, returned := make(chan struct{}), make(chan error)
		go func() {
			first := true
			returned <- c.stream(streaming, func(string) {
				if first {
					first = false
					close(heard)
				}
			})
		}()
		select {
		case <-heard:
		case err := <-returned:
			return 0, fmt.Errorf("it returned before it was cancelled: %w", err)
		}
		runtime.Gosched() // it waits for the next piece
		begun := time.Now()
		cancel()
		err := <-returned
		passed := time.Since(begun)
		if !errors.Is(err, context.Canceled) {
			return 0, fmt.Errorf("a cancelled request: %w", err)
		}
		return passed, nil
	})
	if err != nil {
		return nil, err
	}
	t.CloseIdleConnections()
	left := settled(before) - before
	return []line{
		{name: raw, value: micros(times[0])},
		{name: ours, value: micros(times[1])},
		atMost("ours, of net/http alone", ratio(times[1], times[0]), 1.2, "×"),
		atMost(fmt.Sprintf("goroutines left after %d", 2*(rounds+1)*perRound), float64(left), 0, ""),
	}, nil
}

// settled returns the number of goroutines once it does not fall any more, or is no more than want.
func settled(want int) int {
	n := runtime.NumGoroutine()
	for range 200 {
		if n <= want {
			return n
		}
		time.Sleep(5 * time.Millisecond)
		n = runtime.NumGoroutine()
		if want == 0 {
			want = n
		}
	}
	return n
}
