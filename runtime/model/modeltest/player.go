package modeltest

import (
	"context"
	"errors"
	"iter"

	"github.com/sonajobs/sona/runtime/model"
)

var errFar = errors.New("the far side says no")

// Model returns the plainest model that gives the replies of the far side. It passes the suite, and stands
// below a model that is built on another one: a fallback, a cache, a recorder. A call that is half there it
// does not give.
func (f *Far) Model() model.Model {
	return model.Func(func(ctx context.Context, _ model.Request) iter.Seq2[model.Part, error] {
		return func(yield func(model.Part, error) bool) {
			if err := ctx.Err(); err != nil {
				yield(nil, err)
				return
			}
			reply := f.Next()
			reply[reply.play(ctx, yield):].tell()
		}
	})
}

// play returns how many steps were played until the reply ended, or its request.
func (r Reply) play(ctx context.Context, yield func(model.Part, error) bool) int {
	for i, s := range r {
		if err := ctx.Err(); err != nil {
			yield(nil, err)
			return i
		}
		var part model.Part
		switch s := s.(type) {
		case Text:
			part = model.Text(s)
		case Call:
			part = model.ToolCall(s)
		case Usage:
			part = model.Usage(s)
		case Finish:
			yield(model.Done{Reason: model.Reason(s)}, nil)
			return len(r)
		case Fault:
			yield(nil, &model.Error{Kind: s.Kind, RetryAfter: s.RetryAfter, Err: errFar})
			return len(r)
		case Cut:
			return len(r)
		case Wait:
			s.Until(ctx)
			continue
		case HalfCall:
			continue
		}
		if !yield(part, nil) {
			return i + 1
		}
	}
	return len(r)
}

// tell tells steps that were to wait that the request was cancelled before they began.
func (r Reply) tell() {
	for _, s := range r {
		if w, ok := s.(Wait); ok {
			w.far.told <- struct{}{}
		}
	}
}
