package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"strconv"
	"strings"

	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/runtime/mockcall"
	"github.com/sonajobs/sona/runtime/model"
	"github.com/sonajobs/sona/runtime/model/rehearsal"
)

// prices are dollars per million tokens. The zero value is unknown.
type prices struct {
	in, cached, out float64
	from            string // where they come from
}

func (p prices) known() bool { return p.from != "" }

// of returns the dollars that a usage costs.
func (p prices) of(u call.Usage) float64 {
	return (float64(u.In-u.Cached)*p.in + float64(u.Cached)*p.cached + float64(u.Out)*p.out) / 1e6
}

// listed is how old the table is. A model that is not in it has no known price: a guess would be worse than none.
const listed = "list prices of March 2026, from second hand: check them"

// listPrices are OpenAI's. Another host has its own prices, also for a model of the same name.
var listPrices = map[string]prices{
	"gpt-4.1":      {in: 2, cached: 0.5, out: 8},
	"gpt-4.1-mini": {in: 0.4, cached: 0.1, out: 1.6},
	"gpt-4.1-nano": {in: 0.1, cached: 0.025, out: 0.4},
	"gpt-4o":       {in: 2.5, cached: 1.25, out: 10},
	"gpt-4o-mini":  {in: 0.15, cached: 0.075, out: 0.6},
	"gpt-5":        {in: 1.25, cached: 0.125, out: 10},
	"gpt-5-mini":   {in: 0.25, cached: 0.025, out: 2},
	"gpt-5-nano":   {in: 0.05, cached: 0.005, out: 0.4},
}

// pricesOf returns what given says, else what is listed for the model, else unknown prices.
func pricesOf(host, name, given string) (prices, error) {
	if given != "" {
		return parsePrices(given)
	}
	if p, ok := listPrices[name]; ok && host == "api.openai.com" {
		p.from = listed
		return p, nil
	}
	return prices{}, nil
}

func parsePrices(s string) (prices, error) {
	wrong := errors.New("the price is three numbers: dollars per million tokens in, cached and out, as 0.40,0.10,1.60")
	parts := strings.Split(s, ",")
	if len(parts) != 3 {
		return prices{}, wrong
	}
	var n [3]float64
	for i, p := range parts {
		var err error
		if n[i], err = strconv.ParseFloat(strings.TrimSpace(p), 64); err != nil || !(n[i] >= 0 && n[i] < 1e6) {
			return prices{}, wrong
		}
	}
	return prices{n[0], n[1], n[2], "as given"}, nil
}

// expected is what a batch may use.
type expected struct {
	calls, requests int
	in, out         int // tokens
	cached          int // of in, at most
}

// estimate rehearses every scenario once and counts what a language model would have read.
func estimate(ctx context.Context, todo []scenario, runs int, desks map[deskName]desk) (expected, error) {
	e := expected{calls: len(todo) * runs}
	warm := map[deskName]bool{}
	for _, s := range todo {
		c := counted{}
		_, err := mockcall.RunOn(ctx, desks[s.desk].snapshot, mockcall.Config{Caller: caller(s.opening, s.answers), Faults: s.faults, Model: &c})
		if err != nil {
			return e, fmt.Errorf("estimate: %s: %w", s.name, err)
		}
		e.requests += c.requests * runs
		e.in += c.in * runs
		e.out += c.out * runs
		e.cached += c.stable * runs
		if !warm[s.desk] { // somebody has to be the first
			warm[s.desk] = true
			e.cached -= c.stable / max(c.requests, 1)
		}
	}
	return e, nil
}

// counted is a rehearsal that counts what it is asked. One call uses it.
type counted struct {
	requests, in, stable, out int
}

// Generate rehearses.
func (c *counted) Generate(ctx context.Context, r model.Request) iter.Seq2[model.Part, error] {
	c.requests++
	c.in += r.Prompt.Tokens
	c.stable += tokens(len(r.Prompt.Stable))
	for _, m := range r.Messages {
		c.in += tokens(len(m.Text))
		for _, t := range m.Calls {
			c.in += tokens(len(t.Name) + len(t.Arguments))
		}
	}
	return func(yield func(model.Part, error) bool) {
		for part, err := range rehearsal.New().Generate(ctx, r) {
			switch p := part.(type) {
			case model.Text:
				c.out += tokens(len(p))
			case model.ToolCall:
				c.out += tokens(len(p.Name) + len(p.Arguments))
			}
			if !yield(part, err) {
				return
			}
		}
	}
}

// tokens is how the default profile of package prompt counts: rather too many than too few.
func tokens(bytes int) int { return (bytes + 2) / 3 }

func (e expected) print(out io.Writer, p prices) {
	printf(out, "%s calls, about %s requests.\n", thousands(e.calls), thousands(e.requests))
	printf(out, "Estimate: %s tokens in, of these at most %s cached; %s out. Counted high, with the turns of a rehearsal; thinking comes on top.\n",
		thousands(e.in), thousands(e.cached), thousands(e.out))
	if !p.known() {
		printf(out, "Price: unknown. No price is listed for this model at this host: give it with -price in,cached,out in dollars per million tokens.\n\n")
		return
	}
	printf(out, "Price: $%.2f to $%.2f, at $%v in, $%v cached, $%v out per million tokens (%s).\n\n",
		p.of(call.Usage{In: e.in, Cached: e.cached, Out: e.out}), p.of(call.Usage{In: e.in, Out: e.out}), p.in, p.cached, p.out, p.from)
}

// thousands writes a number with separators.
func thousands(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
