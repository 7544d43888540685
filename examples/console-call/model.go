package main

import (
	"context"
	"errors"
	"iter"
	"net/url"
	"sync"

	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/runtime/model"
	"github.com/sonajobs/sona/runtime/model/openai"
	"github.com/sonajobs/sona/runtime/model/rehearsal"
)

// openAI is where a key without an address belongs.
const openAI = "https://api.openai.com/v1"

// chooseModel returns the model that the environment names, and how to call it in print: without user, password
// or query of its address.
func chooseModel(env func(string) string) (model.Model, string, error) {
	base, key, name := env("OPENAI_BASE_URL"), env("OPENAI_API_KEY"), env("OPENAI_MODEL")
	if base == "" && key == "" {
		if name != "" {
			return nil, "", errors.New("OPENAI_MODEL is set, but neither OPENAI_API_KEY nor OPENAI_BASE_URL: set one of them, or none of the three for a rehearsal")
		}
		return rehearsal.New(), "", nil
	}
	if base == "" {
		base = openAI
	}
	if name == "" {
		return nil, "", errors.New("OPENAI_MODEL is not set: name the model, as the server calls it")
	}
	at, err := url.Parse(base)
	if err != nil || at.Host == "" {
		return nil, "", errors.New("OPENAI_BASE_URL is no address: write it as http://localhost:11434/v1")
	}
	client, err := openai.New(openai.Config{BaseURL: base, Key: key, Model: name})
	if err != nil {
		return nil, "", err
	}
	return client, name + " at " + at.Host, nil
}

// meter is a model that counts the tokens of another. A record tells the sum of a call; a console wants to show each
// turn's.
type meter struct {
	model model.Model
	mu    sync.Mutex
	used  call.Usage
}

// Generate passes everything on.
func (m *meter) Generate(ctx context.Context, r model.Request) iter.Seq2[model.Part, error] {
	return func(yield func(model.Part, error) bool) {
		var last model.Usage // a later one replaces an earlier one
		defer func() { m.add(call.Usage(last)) }()
		for part, err := range m.model.Generate(ctx, r) {
			if u, ok := part.(model.Usage); ok {
				last = u
			}
			if !yield(part, err) {
				return
			}
		}
	}
}

func (m *meter) add(u call.Usage) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.used = m.used.Add(u)
}

// take returns what was used since the last time.
func (m *meter) take() call.Usage {
	m.mu.Lock()
	defer m.mu.Unlock()
	u := m.used
	m.used = call.Usage{}
	return u
}
