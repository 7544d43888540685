package model

import (
	"context"
	"errors"
	"fmt"
	"iter"
)

var (
	errNoStream = errors.New("the model gave no stream")
	errNothing  = errors.New("the reply was empty")
)

// Fallback returns a model that asks second when first fails before anything of its reply was delivered.
// Neither may hold up a call: give first a deadline of its own that is well below the time that a caller
// waits.
//
// 1. Second is asked after any error of first, also after a bad_request: what one provider refuses (a key, a
// name of a model, a length, a wish of its filter) another takes, and a caller who waits has no use for the
// difference. A stream of first without a Done, and a reply without a word or a call, are failures too.
//
// 2. It is not asked when the loop was left, nor when ctx has ended, whose error it is then; nor once a word or a call of first was
// delivered: then first's error passes on, and whoever asked decides. Nobody is to hear the beginning of one
// reply and the end of another.
//
// 3. First is asked anew for each request, and nothing is remembered of its failures. RetryAfter is not waited
// for.
//
// 4. When second fails before anything was delivered, the error holds both. errors.AsType finds first the one
// after which asking again helps soonest.
//
// 5. Tokens that first has counted are added to those of second.
//
// A nil first or second is left out. Fallbacks nest. The result is safe for concurrent use as both are.
func Fallback(first, second Model) Model {
	switch {
	case first == nil:
		return second
	case second == nil:
		return first
	}
	return Func(func(ctx context.Context, r Request) iter.Seq2[Part, error] {
		return func(yield func(Part, error) bool) {
			a := attempt{yield: yield}
			failed := a.play(first.Generate(ctx, r))
			if failed == nil || a.delivered {
				a.fail(failed)
				return
			}
			if err := ctx.Err(); err != nil {
				a.fail(err)
				return
			}
			b := attempt{yield: yield, spent: a.usage}
			if b.spent != (Usage{}) && !yield(b.spent, nil) {
				return
			}
			again := b.play(second.Generate(ctx, r))
			if again != nil && !b.delivered && ctx.Err() == nil {
				again = both(failed, again)
			}
			b.fail(again)
		}
	})
}

// attempt is one of the two asked. What counts tokens is held back until something is delivered.
type attempt struct {
	yield     func(Part, error) bool
	spent     Usage // by the one before
	usage     Usage // counted, of this one alone
	held      bool  // usage waits for what is said
	delivered bool
	left      bool
}

// play passes a reply on. It returns what made it fail, and nil when it came to its end or was left.
func (a *attempt) play(parts iter.Seq2[Part, error]) error {
	if parts == nil {
		return &Error{Kind: Unavailable, Err: errNoStream}
	}
	for part, err := range parts {
		if err != nil {
			return err
		}
		switch p := part.(type) {
		case nil:
			continue
		case Usage:
			a.usage = p
			if a.held = !a.delivered; a.held {
				continue
			}
			part = a.total()
		case Text:
			if p == "" {
				continue
			}
			a.delivered = true
		case ToolCall:
			a.delivered = true
		case Done:
			if !a.delivered {
				return &Error{Kind: Unavailable, Err: errNothing}
			}
			a.give(p)
			return nil
		}
		if !a.give(part) {
			return nil
		}
	}
	return &Error{Kind: Truncated, Err: errNoDone}
}

// give yields a part, and before it what was held back.
func (a *attempt) give(part Part) bool {
	if a.held {
		a.held = false
		if a.left = !a.yield(a.total(), nil); a.left {
			return false
		}
	}
	a.left = !a.yield(part, nil)
	return !a.left
}

// fail ends the stream with an error, after what was held back.
func (a *attempt) fail(err error) {
	if err == nil || a.left {
		return
	}
	if a.held && !a.yield(a.total(), nil) {
		return
	}
	a.yield(nil, err)
}

func (a *attempt) total() Usage {
	return Usage{In: a.spent.In + a.usage.In, Cached: a.spent.Cached + a.usage.Cached, Out: a.spent.Out + a.usage.Out}
}

// both is the errors of two models, the one that matters first: after which asking again helps, and soonest.
func both(first, second error) error {
	if sooner(second, first) {
		return fmt.Errorf("%w (the model before it: %w)", second, first)
	}
	return fmt.Errorf("%w (the model after it: %w)", first, second)
}

// sooner reports whether asking again helps sooner after a than after b.
func sooner(a, b error) bool {
	if Retryable(a) != Retryable(b) {
		return Retryable(a)
	}
	x, ok := errors.AsType[*Error](a)
	y, also := errors.AsType[*Error](b)
	if !ok || !also {
		return ok
	}
	return x.RetryAfter < y.RetryAfter
}
