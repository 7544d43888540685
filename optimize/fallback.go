package optimize

import (
	"context"
	"errors"
	"fmt"
)

// Fallback returns an [Optimizer] that asks first, and second when first fails or suggests what [Check] refuses;
// Suggestion.Passed then says why. When ctx has ended nobody else is asked and the error is its cause; when both
// fail the error is both. It is as safe for concurrent use as the two.
func Fallback(first, second Optimizer) Optimizer { return fallback{first, second} }

type fallback struct{ first, second Optimizer }

func (f fallback) Optimize(ctx context.Context, r Request) (Suggestion, error) {
	s, err := f.first.Optimize(ctx, r)
	if err == nil {
		after := r.Spec
		after.Instructions = s.Instructions
		found := Check(r.Spec, after, r.Lint)
		if !anyHard(found) {
			return s, nil
		}
		err = &RefusedError{Violations: found, Suggestion: s}
	}
	if ctx.Err() != nil {
		return Suggestion{}, context.Cause(ctx)
	}
	other, second := f.second.Optimize(ctx, r)
	if second != nil {
		return Suggestion{}, fmt.Errorf("optimizers: %w", errors.Join(err, second))
	}
	other.Passed = append([]string{err.Error()}, other.Passed...)
	return other, nil
}
