package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// longPrompt is the size of the longest prompt that ten jobs of the legal maximum make.
const longPrompt = 126_000

// sink is a transport that takes a body in and answers nothing.
type sink struct {
	buf  []byte
	read int
}

var errTaken = errors.New("the body was taken")

// RoundTrip reads the body.
func (s *sink) RoundTrip(r *http.Request) (*http.Response, error) {
	s.read = 0
	for {
		n, err := r.Body.Read(s.buf[s.read:])
		s.read += n
		if errors.Is(err, io.EOF) {
			return nil, errTaken
		}
		if err != nil {
			return nil, err
		}
	}
}

// text is prose with line breaks and quotes, as jobs have them.
func text(size int) string {
	const line = "1. Ask for the caller's full name, and say \"one moment\" before you look it up.\n   - If the caller declines, go on with step 2.\n"
	return strings.Repeat(line, size/len(line)+1)[:size]
}

// body measures what a prompt of 126 kB adds to a request of a client that has sent it before: a request with it less
// a request without.
func body(ctx context.Context, _ string, rounds int) ([]line, error) {
	const url = "http://model.invalid/v1"
	s := &sink{buf: make([]byte, 4*longPrompt)}
	h := &http.Client{Transport: s}
	system := text(longPrompt)
	long, err := newOurs(url, h, prompted(system, "long"))
	if err != nil {
		return nil, err
	}
	short, err := newOurs(url, h, prompted("", ""))
	if err != nil {
		return nil, err
	}
	ask := func(c client) func() error {
		return func() error {
			if err := c.stream(ctx, func(string) {}); err != nil && s.read == 0 {
				return err
			}
			return nil
		}
	}
	if err := ask(short)(); err != nil {
		return nil, err
	}
	without := s.read
	if err := ask(long)(); err != nil {
		return nil, err
	}
	with := s.read
	if !json.Valid(s.buf[:with]) || with < longPrompt {
		return nil, fmt.Errorf("the body of %d bytes is no JSON with the prompt in it", with)
	}
	from, to := make([]byte, with-without), make([]byte, with-without)
	copy(from, s.buf)
	costs, err := inTurns(ctx, rounds, ask(long), ask(short),
		func() error { copy(to, from); return nil },
		func() error {
			b, err := json.Marshal(map[string]string{"role": "system", "content": system})
			if err == nil {
				copy(to, b)
			}
			return err
		})
	if err != nil {
		return nil, err
	}
	prompt := costs[0].time - costs[1].time
	return []line{
		{name: fmt.Sprintf("memmove of %d kB", (with-without)/1000), value: micros(costs[2].time)},
		{name: "json.Marshal of the prompt", value: micros(costs[3].time)},
		{name: "a request without the prompt", value: micros(costs[1].time)},
		{name: "a request with it", value: micros(costs[0].time)},
		{name: "so the prompt costs", value: micros(prompt)},
		atMost("of a memmove", ratio(prompt, costs[2].time), 1.7, "×"),
		atLeast("ahead of json.Marshal", ratio(costs[3].time, prompt), 60, "×"),
	}, nil
}
