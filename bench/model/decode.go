package main

import (
	"context"
	"fmt"
	"net/http"
	"strings"
)

// decode measures a reply of 200 chunks, an event a read, from the request to its end. What a request allocates that
// has no chunk at all is told apart: it is no decoding. So is the reply without the framing of HTTP/1.1, where the floor
// is a copy and no more.
func decode(ctx context.Context, _ string, rounds int) ([]line, error) {
	const (
		url  = "http://model.invalid/v1"
		none = "no chunk"
	)
	text := words(chunks)
	plain := &http.Client{Transport: newFramed(events(text, false))}
	padded := &http.Client{Transport: newFramed(events(text, true))}
	empty := &http.Client{Transport: newFramed(events(nil, false))}
	bare := &http.Client{Transport: canned{events(text, false)}}

	p := prompted("You are Sona.", "short")
	own, err := newOurs(url, plain, p)
	if err != nil {
		return nil, err
	}
	ownPadded, err := newOurs(url, padded, p)
	if err != nil {
		return nil, err
	}
	ownEmpty, err := newOurs(url, empty, p)
	if err != nil {
		return nil, err
	}
	ownEmpty.name = none
	ownBare, err := newOurs(url, bare, p)
	if err != nil {
		return nil, err
	}
	lc, err := newLangchain(url, plain, p.Stable)
	if err != nil {
		return nil, err
	}
	en, err := newEino(ctx, url, plain, p.Stable)
	if err != nil {
		return nil, err
	}
	clients := []client{
		newRaw(url, plain, []byte(`{"model":"gpt-4.1-mini"}`)), own, newGoOpenAI(url, plain, p.Stable), lc, en, newOpenAIGo(url, plain, p.Stable),
		newRaw(url, padded, []byte(`{"model":"gpt-4.1-mini"}`)), ownPadded, ownEmpty,
		newRaw(url, bare, []byte(`{"model":"gpt-4.1-mini"}`)), ownBare,
	}
	want := strings.Join(text, "")
	var operations []func() error
	for _, c := range clients {
		if c.name != raw && c.name != none { // who does not say the same is not measured
			var got strings.Builder
			if err := c.stream(ctx, func(t string) { got.WriteString(t) }); err != nil {
				return nil, fmt.Errorf("%s: %w", c.name, err)
			}
			if got.String() != want {
				return nil, fmt.Errorf("%s: %d bytes of text, not %d", c.name, got.Len(), len(want))
			}
		}
		operations = append(operations, func() error { return c.stream(ctx, func(string) {}) })
	}
	costs, err := inTurns(ctx, rounds, operations...)
	if err != nil {
		return nil, err
	}

	var lines []line
	for i, c := range clients[:6] {
		lines = append(lines, line{name: c.name, value: fmt.Sprintf("%s, %.2f allocs a chunk", micros(costs[i].time/chunks), costs[i].allocs/chunks)})
	}
	lines = append(lines,
		line{name: "with padding: " + raw, value: micros(costs[6].time/chunks) + " a chunk"},
		line{name: "with padding: ours", value: fmt.Sprintf("%s, %.2f allocs a chunk", micros(costs[7].time/chunks), costs[7].allocs/chunks)},
		atMost("ours, of a raw read", ratio(costs[1].time, costs[0].time), 5, "×"),
		atMost("with padding, of a raw read", ratio(costs[7].time, costs[6].time), 5, "×"),
		atMost("ours, allocations a chunk", (costs[1].allocs-costs[8].allocs)/chunks, 1.1, ""),
		line{name: "and for a reply without a chunk", value: fmt.Sprintf("%s, %.0f allocs", micros(costs[8].time), costs[8].allocs)},
		line{name: "without HTTP's framing: " + raw, value: micros(costs[9].time/chunks) + " a chunk"},
		line{name: "without HTTP's framing: ours", value: fmt.Sprintf("%s a chunk, %.2f×", micros(costs[10].time/chunks), ratio(costs[10].time, costs[9].time))},
		atLeast("ahead of "+goOpenAI, ratio(costs[2].time, costs[1].time), 15, "×"),
		atLeast("ahead of "+openAIGo, ratio(costs[5].time, costs[1].time), 40, "×"),
		line{name: "ahead of " + chains, value: fmt.Sprintf("%.1f×", ratio(costs[3].time, costs[1].time))},
		line{name: "ahead of " + eino, value: fmt.Sprintf("%.1f×", ratio(costs[4].time, costs[1].time))},
	)
	return lines, nil
}
