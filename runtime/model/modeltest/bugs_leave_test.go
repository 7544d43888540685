package modeltest

import (
	"context"
	"errors"
	"runtime"

	"github.com/sonajobs/sona/runtime/model"
)

const (
	leaveAnywhere = "Leaving the loop ends the stream, wherever it is"
	leaveNow      = "Leaving the loop does not wait for the rest"
	leaveTold     = "Leaving the loop tells the far side"
	leaveNothing  = "Leaving the loop leaves no goroutine behind"
	endedBefore   = "A context that has ended is the error, and nothing is said"
	endedMiddle   = "A context that ends in the middle ends the stream with its error"
	endedSilence  = "A deadline in a long silence ends the stream with its error"
	endedTold     = "A context that ends tells the far side"
	endedNothing  = "A context that ends leaves no goroutine behind"
)

// deaf is a model that minds no context.
func deaf(f *Far) model.Model {
	return asking(f, func(ctx context.Context, good model.Model, r model.Request, yield loop) {
		good.Generate(context.WithoutCancel(ctx), r)(yield)
	})
}

// detached reads the reply in a goroutine that goes on when nobody listens any more.
func detached(f *Far) model.Model {
	type said struct {
		part model.Part
		err  error
	}
	return asking(f, func(ctx context.Context, good model.Model, r model.Request, yield loop) {
		parts := make(chan said, 10_000)
		go func() {
			defer close(parts)
			for part, err := range good.Generate(context.WithoutCancel(ctx), r) {
				parts <- said{part, err}
			}
		}()
		for {
			select {
			case s, more := <-parts:
				if !more || !yield(s.part, s.err) {
					return
				}
			case <-ctx.Done():
				yield(nil, ctx.Err())
				return
			}
		}
	})
}

var leaveBugs = []bug{
	{"the loop cannot be left", []string{leaveAnywhere, "Check: " + leaveAnywhere}, func(f *Far) model.Model {
		return changed(f, func(part model.Part, yield loop) bool {
			yield(part, nil)
			return true
		})
	}},
	{"the rest is read when the loop was left", []string{leaveNow, leaveTold, "One who leaves does not disturb the others"}, func(f *Far) model.Model {
		return asking(f, func(ctx context.Context, good model.Model, r model.Request, yield loop) {
			left := false
			good.Generate(ctx, r)(func(part model.Part, err error) bool {
				left = left || !yield(part, err)
				return true
			})
		})
	}},
	{"the request goes on without a listener", []string{leaveTold, leaveNothing, endedTold, endedNothing}, detached},
	{"no context is minded", []string{endedBefore, endedMiddle, endedSilence, endedTold, "Check: " + endedBefore, "Check: Cancelling ends the stream, wherever it is"}, deaf},
	{"a cancel is an outage", []string{endedBefore, endedMiddle, endedSilence, "Check: " + endedBefore}, func(f *Far) model.Model {
		return failing(f, func(_ error, yield loop) bool {
			return yield(nil, &model.Error{Kind: model.Unavailable, Err: errors.New("the connection was closed")})
		})
	}},
	{"a cancel is an end", []string{endedBefore, endedMiddle, endedSilence, "Check: " + endedBefore}, func(f *Far) model.Model {
		return failing(f, func(_ error, yield loop) bool { return yield(model.Done{Reason: model.Stop}, nil) })
	}},
	{"it panics", []string{"Text comes whole and in order", "A request with nothing in it is answered or refused"}, func(f *Far) model.Model {
		return asking(f, func(context.Context, model.Model, model.Request, loop) { panic("oops") })
	}},
	{"it ends its goroutine", []string{"Text comes whole and in order"}, func(f *Far) model.Model {
		return asking(f, func(context.Context, model.Model, model.Request, loop) { runtime.Goexit() })
	}},
}
