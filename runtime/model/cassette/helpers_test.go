package cassette_test

import (
	"context"
	"errors"
	"iter"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/runtime/model"
	"github.com/sonajobs/sona/runtime/model/cassette"
)

// plays is a model that answers each request with the next list of parts; an error among them ends a reply.
func plays(replies ...[]any) model.Model {
	next := make(chan []any, len(replies))
	for _, r := range replies {
		next <- r
	}
	return model.Func(func(context.Context, model.Request) iter.Seq2[model.Part, error] {
		return func(yield func(model.Part, error) bool) {
			var parts []any
			select {
			case parts = <-next:
			default:
				parts = []any{errors.New("asked too often")}
			}
			for _, p := range parts {
				if err, ok := p.(error); ok {
					yield(nil, err)
					return
				}
				part, _ := p.(model.Part)
				if !yield(part, nil) {
					return
				}
			}
		}
	})
}

// nobody fails the test when it is asked.
func nobody(t *testing.T) model.Model {
	t.Helper()
	return model.Func(func(context.Context, model.Request) iter.Seq2[model.Part, error] {
		t.Error("the model is asked")
		return func(func(model.Part, error) bool) {}
	})
}

func file(t *testing.T) string {
	t.Helper()
	return filepath.Join(t.TempDir(), "recorded", "a.json")
}

func open(t *testing.T, path string, mode cassette.Mode, m model.Model) *cassette.Cassette {
	t.Helper()
	c, err := cassette.Open(path, mode, m)
	require.NoError(t, err)
	return c
}

func user(said ...string) model.Request {
	var r model.Request
	for _, s := range said {
		r.Messages = append(r.Messages, model.Message{Role: model.User, Text: s})
	}
	return r
}

// parts reads a stream, part by part.
func parts(ctx context.Context, m model.Model, r model.Request) ([]model.Part, error) {
	var all []model.Part
	for p, err := range m.Generate(ctx, r) {
		if err != nil {
			return all, err
		}
		all = append(all, p)
	}
	return all, nil
}

func says(t *testing.T, m model.Model, r model.Request) string {
	t.Helper()
	reply, err := model.Collect(m.Generate(t.Context(), r), nil)
	require.NoError(t, err)
	return reply.Text
}

// record records replies to one request each, and returns the file.
func record(t *testing.T, r model.Request, replies ...[]any) string {
	t.Helper()
	path := file(t)
	c := open(t, path, cassette.Record, plays(replies...))
	for range replies {
		_, _ = parts(t.Context(), c, r)
	}
	require.NoError(t, c.Close())
	return path
}

func read(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	require.NoError(t, err)
	return string(b)
}

var stop = model.Done{Reason: model.Stop}
