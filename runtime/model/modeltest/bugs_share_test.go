package modeltest

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/sonajobs/sona/runtime/model"
)

const (
	notWritten = "The request is not written to"
	notKept    = "The request is not kept"
	atOnce     = "Many may ask at once, and each gets a reply of its own"
	inTurn     = "Streams that are read in turns do not mix"
)

// pooled keeps calls until their reply ends, and keeps those of all replies together.
func pooled(f *Far) model.Model {
	var mu sync.Mutex
	var calls []model.Part
	return changed(f, func(part model.Part, yield loop) bool {
		mu.Lock()
		var now []model.Part
		switch part.(type) {
		case model.ToolCall:
			calls = append(calls, part)
		case model.Done:
			now = slices.Concat(calls, []model.Part{part})
			calls = nil
		default:
			now = []model.Part{part}
		}
		mu.Unlock()
		for _, p := range now {
			if !yield(p, nil) {
				return false
			}
		}
		return true
	})
}

// single is a model with one connection.
func single(f *Far) model.Model {
	line := make(chan struct{}, 1)
	return asking(f, func(ctx context.Context, good model.Model, r model.Request, yield loop) {
		select {
		case line <- struct{}{}:
			defer func() { <-line }()
			good.Generate(ctx, r)(yield)
		case <-f.over:
		}
	})
}

// flaky fails each time for whoever comes third.
func flaky(f *Far) model.Model {
	var n atomic.Int32
	return asking(f, func(ctx context.Context, good model.Model, r model.Request, yield loop) {
		if n.Add(1)%3 == 0 {
			yield(nil, &model.Error{Kind: model.Unavailable})
			return
		}
		good.Generate(ctx, r)(yield)
	})
}

var shareBugs = []bug{
	{"messages are written to", []string{notWritten, "Check: " + notWritten}, func(f *Far) model.Model {
		return asking(f, func(ctx context.Context, good model.Model, r model.Request, yield loop) {
			r.Messages[len(r.Messages)-1].Role = model.User
			good.Generate(ctx, r)(yield)
		})
	}},
	{"a message is put behind the others", []string{notWritten, "Check: " + notWritten}, func(f *Far) model.Model {
		return asking(f, func(ctx context.Context, good model.Model, r model.Request, yield loop) {
			r.Messages = append(r.Messages, model.Message{Role: model.System, Text: "Be brief."})
			good.Generate(ctx, r)(yield)
		})
	}},
	{"requests are kept", []string{notKept, "Check: " + notKept}, func(f *Far) model.Model {
		var mu sync.Mutex
		var kept []model.Request
		m := asking(f, func(ctx context.Context, good model.Model, r model.Request, yield loop) {
			mu.Lock()
			kept = append(kept, r)
			mu.Unlock()
			good.Generate(ctx, r)(yield)
		})
		return keeper{m, &kept}
	}},
	{"the last request is looked at again", []string{"A request may be changed when its stream has ended"}, func(f *Far) model.Model {
		var last []model.Message
		return asking(f, func(ctx context.Context, good model.Model, r model.Request, yield loop) {
			if len(last) > 0 && last[0].Text != r.Messages[0].Text {
				yield(nil, &model.Error{Kind: model.BadRequest})
				return
			}
			last = r.Messages
			good.Generate(ctx, r)(yield)
		})
	}},
	{"calls of all replies are kept together", []string{inTurn}, pooled},
	{"one connection", []string{inTurn, "One who leaves does not disturb the others", "Check: " + inTurn}, single},
	{"too many requests", []string{atOnce, "Check: Many may ask at once"}, flaky},
	{"Generate asks", []string{"A stream that nobody reads asks nothing"}, func(f *Far) model.Model {
		return model.Func(func(ctx context.Context, _ model.Request) iter.Seq2[model.Part, error] {
			reply := f.Next()
			return func(yield func(model.Part, error) bool) { reply.play(ctx, yield) }
		})
	}},
	{"a stream that is read again is done", []string{"A stream that is read again asks again, or is an error"}, func(f *Far) model.Model {
		good := f.Model()
		return model.Func(func(ctx context.Context, r model.Request) iter.Seq2[model.Part, error] {
			var read atomic.Bool
			return func(yield func(model.Part, error) bool) {
				if read.Swap(true) {
					yield(model.Done{Reason: model.Stop}, nil)
					return
				}
				good.Generate(ctx, r)(yield)
			}
		})
	}},
	{"no stream", []string{"Text comes whole and in order", "Check: A reply ends with one Done"}, func(*Far) model.Model {
		return model.Func(func(context.Context, model.Request) iter.Seq2[model.Part, error] { return nil })
	}},
	{"two parts at once", []string{"Text of a thousand pieces comes whole"}, func(f *Far) model.Model {
		return asking(f, func(ctx context.Context, good model.Model, r model.Request, yield loop) {
			busy := make(chan struct{})
			_, _ = model.Collect(good.Generate(ctx, r), nil)
			go func() {
				defer close(busy)
				for i := range 1000 {
					yield(model.Text(fmt.Sprint(i)), nil)
				}
			}()
			for range 1000 {
				yield(model.Text("x"), nil)
			}
			<-busy
		})
	}},
}

// keeper is a model that holds on to what it was asked.
type keeper struct {
	model.Model
	kept *[]model.Request
}
