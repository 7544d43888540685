package main

import (
	"context"
	"errors"
	"iter"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sonajobs/sona/runtime/model"
)

// asking returns a model that answers the n-th request, from 1, with what next does.
func asking(next func(n int, yield func(model.Part, error) bool)) model.Model {
	n := 0
	return model.Func(func(context.Context, model.Request) iter.Seq2[model.Part, error] {
		return func(yield func(model.Part, error) bool) {
			n++
			next(n, yield)
		}
	})
}

func TestTheFirstTokenIsMeasuredFromItsRequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &watched{model: asking(func(n int, yield func(model.Part, error) bool) {
			if n == 1 { // put off
				yield(nil, &model.Error{Kind: model.RateLimited, RetryAfter: 7 * time.Second})
				return
			}
			time.Sleep(300 * time.Millisecond)
			_ = yield(model.Usage{In: 5}, nil) && yield(model.Text("Hello"), nil)
			time.Sleep(time.Second)
			_ = yield(model.Text("."), nil) && yield(model.Done{Reason: model.Stop}, nil)
		})}
		begun := time.Now()
		r, err := model.Collect(w.Generate(t.Context(), model.Request{}), nil)
		if err != nil || r.Text != "Hello." || r.Usage.In != 5 {
			t.Fatalf("%+v, %v", r, err)
		}
		if len(w.first) != 1 || w.first[0] != 300*time.Millisecond {
			t.Errorf("first tokens after %v, not 300ms", w.first)
		}
		if passed := time.Since(begun); passed != 8300*time.Millisecond {
			t.Errorf("it took %v: the wait that the provider asked for is 7s", passed)
		}
	})
}

func TestAWaitEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &watched{model: asking(func(_ int, yield func(model.Part, error) bool) {
			yield(nil, &model.Error{Kind: model.RateLimited, RetryAfter: time.Hour})
		})}
		ctx, stop := context.WithTimeout(t.Context(), 2*time.Second)
		defer stop()
		begun := time.Now()
		if _, err := model.Collect(w.Generate(ctx, model.Request{}), nil); err == nil || ctx.Err() == nil {
			t.Errorf("error %v", err)
		}
		if passed := time.Since(begun); passed != 2*time.Second {
			t.Errorf("it took %v", passed)
		}
	})
}

func TestARefusalIsHopelessOnlyWhenNothingWasAnswered(t *testing.T) {
	refused := &model.Error{Kind: model.BadRequest}
	w := &watched{model: asking(func(n int, yield func(model.Part, error) bool) {
		if n == 1 {
			yield(nil, refused)
			return
		}
		_ = yield(model.Text("Hello"), nil) && yield(model.Done{}, nil)
	})}
	_, _ = model.Collect(w.Generate(t.Context(), model.Request{}), nil)
	if !errors.Is(w.hopeless(), refused) {
		t.Errorf("%v", w.hopeless())
	}
	_, _ = model.Collect(w.Generate(t.Context(), model.Request{}), nil)
	if err := w.hopeless(); err != nil {
		t.Errorf("%v, though a request was answered", err)
	}
}

func TestARateLimitInTheMiddleOfAReplyIsPassedOn(t *testing.T) {
	w := &watched{model: asking(func(_ int, yield func(model.Part, error) bool) {
		_ = yield(model.Text("Hel"), nil) && yield(nil, &model.Error{Kind: model.RateLimited})
	})}
	r, err := model.Collect(w.Generate(t.Context(), model.Request{}), nil)
	if err == nil || r.Text != "Hel" {
		t.Errorf("%+v, %v: what was said once would be said twice", r, err)
	}
}
