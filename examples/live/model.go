package main

import (
	"context"
	"errors"
	"iter"
	"net/url"
	"slices"
	"sync"
	"time"

	"github.com/sonajobs/sona/runtime/model"
	"github.com/sonajobs/sona/runtime/model/openai"
)

// openAI is where a key without an address belongs.
const openAI = "https://api.openai.com/v1"

// asked is the model that takes the calls.
type asked struct {
	model  model.Model
	name   string // as the server calls it
	host   string
	prices prices
}

func (a asked) String() string {
	if a.host == "" {
		return a.name
	}
	return a.name + " at " + a.host
}

var errNoModel = errors.New("no model is set: set OPENAI_API_KEY for OpenAI, or OPENAI_BASE_URL for a server of your own, and OPENAI_MODEL; with -rehearse no model is needed")

// source returns the model that the flags and the environment name.
func source(o options, env func(string) string) (asked, error) {
	if o.rehearse {
		return rehearsed(), nil
	}
	base, key, name := env("OPENAI_BASE_URL"), env("OPENAI_API_KEY"), env("OPENAI_MODEL")
	if base == "" && key == "" || name == "" {
		return asked{}, errNoModel
	}
	if base == "" {
		base = openAI
	}
	at, err := url.Parse(base)
	if err != nil || at.Host == "" {
		return asked{}, errors.New("OPENAI_BASE_URL is no address: write it as http://localhost:11434/v1")
	}
	client, err := openai.New(openai.Config{BaseURL: base, Key: key, Model: name})
	if err != nil {
		return asked{}, err
	}
	p, err := pricesOf(at.Host, name, o.price)
	return asked{model: client, name: name, host: at.Host, prices: p}, err
}

// watched is the model of one call: it measures the time to the first token, waits where the provider asks to wait,
// and keeps what went wrong.
type watched struct {
	model   model.Model
	mu      sync.Mutex
	replies int
	first   []time.Duration // from the request to the first text or call of each reply
	refused error           // what the provider will refuse again
}

// patience is the longest wait for a provider that has had too many requests; the runtime gives up a reply sooner.
const patience = time.Minute

// Generate passes everything on. A request that the provider puts off is made again after the time that it asks for:
// a test is no caller who waits.
func (w *watched) Generate(ctx context.Context, r model.Request) iter.Seq2[model.Part, error] {
	return func(yield func(model.Part, error) bool) {
		for {
			wait, again := w.once(ctx, r, yield)
			if !again {
				return
			}
			timer := time.NewTimer(wait)
			select {
			case <-timer.C:
			case <-ctx.Done():
				timer.Stop()
				yield(nil, ctx.Err())
				return
			}
		}
	}
}

// once makes one request. It returns true, and how long to wait, when the provider asked to come again.
func (w *watched) once(ctx context.Context, r model.Request, yield func(model.Part, error) bool) (wait time.Duration, again bool) {
	begun, fresh := time.Now(), true
	for part, err := range w.model.Generate(ctx, r) {
		if err != nil {
			fault, ok := errors.AsType[*model.Error](err)
			if ok && fault.Kind == model.RateLimited && fresh {
				return min(max(fault.RetryAfter, time.Second), patience), true
			}
			if ok && fault.Kind == model.BadRequest {
				w.refuse(err)
			}
		}
		switch part.(type) {
		case model.Text, model.ToolCall:
			if fresh {
				fresh = false
				w.heard(time.Since(begun))
			}
		}
		if !yield(part, err) {
			break
		}
	}
	return 0, false
}

func (w *watched) heard(after time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.replies++
	w.first = append(w.first, after)
}

func (w *watched) times() []time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.first)
}

func (w *watched) refuse(err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.refused = err
}

// hopeless returns why no call can go otherwise than this one: nothing was answered, and asking again will not help.
func (w *watched) hopeless() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.replies > 0 {
		return nil
	}
	return w.refused
}
