package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"runtime"
	"time"
)

// perRound is how many requests a client makes in one round of the cases with a network.
const perRound = 20

// marshalled is the body that the raw client sends, made before anything is measured.
func marshalled(system string) []byte {
	type message struct {
		Role    string `json:"role"`
		Content string `json:"content"`
	}
	b, err := json.Marshal(map[string]any{"model": modelName, "stream": true, "messages": []message{{"system", system}, {"user", question}}})
	if err != nil {
		panic(err) // strings are JSON
	}
	return b
}

// connected is a client with connections of its own, set up as the library's.
func connected() (*http.Client, *http.Transport) {
	t := &http.Transport{MaxIdleConns: 1000, MaxIdleConnsPerHost: 1000, DisableCompression: true}
	return &http.Client{Transport: t}, t
}

// firstToken measures the time from the request to the first text, over loopback, with a prompt of 40 kB. The raw
// client has its body already, and does not look at what it reads.
func firstToken(ctx context.Context, url string, rounds int) ([]line, error) {
	const size = 40_000
	url += "/v1"
	system := text(size)
	h, t := connected()
	defer t.CloseIdleConnections()
	own, err := newOurs(url, h, prompted(system, "first"))
	if err != nil {
		return nil, err
	}
	clients := []client{newRaw(url, h, marshalled(system)), own, newGoOpenAI(url, h, system)}
	times, err := alternate(ctx, rounds, clients, func(c client) (time.Duration, error) {
		begun, first := time.Now(), time.Duration(0)
		err := c.stream(ctx, func(string) {
			if first == 0 {
				first = time.Since(begun)
			}
		})
		if err == nil && first == 0 {
			err = errors.New("no text came")
		}
		return first, err
	})
	if err != nil {
		return nil, err
	}
	return []line{
		{name: raw, value: micros(times[0])},
		{name: ours, value: micros(times[1])},
		{name: goOpenAI, value: micros(times[2])},
		atMost("ours, of net/http alone", ratio(times[1], times[0]), 1.1, "×"),
	}, nil
}

// alternate measures the clients request by request, in turns, and returns their medians.
func alternate(ctx context.Context, rounds int, clients []client, measure func(client) (time.Duration, error)) ([]time.Duration, error) {
	times := make([][]time.Duration, len(clients))
	for n := range rounds*perRound + perRound {
		if n%perRound == 0 {
			runtime.GC()
		}
		for i := range clients {
			i = (i + n) % len(clients) // nobody is always behind the same one
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			d, err := measure(clients[i])
			if err != nil {
				return nil, fmt.Errorf("%s: %w", clients[i].name, err)
			}
			if n >= perRound { // the first round warms up
				times[i] = append(times[i], d)
			}
		}
	}
	medians := make([]time.Duration, len(clients))
	for i, all := range times {
		medians[i] = middle(all)
	}
	return medians, nil
}
