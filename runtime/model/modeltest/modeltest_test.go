package modeltest_test

import (
	"context"
	"iter"
	"testing"

	"github.com/sonajobs/sona/runtime/model"
	"github.com/sonajobs/sona/runtime/model/modeltest"
)

func TestThePlainestModelPasses(t *testing.T) {
	modeltest.Run(t, func(_ *testing.T, far *modeltest.Far) model.Model { return far.Model() })
}

// parrot answers every request in the same way.
func parrot(ctx context.Context, r model.Request) iter.Seq2[model.Part, error] {
	return func(yield func(model.Part, error) bool) {
		for _, part := range []model.Part{model.Text("You said: "), model.Text(r.Messages[0].Text), model.Done{Reason: model.Stop}} {
			if err := ctx.Err(); err != nil {
				yield(nil, err)
				return
			}
			if !yield(part, nil) {
				return
			}
		}
	}
}

func TestAModelWithRulesOfItsOwnIsChecked(t *testing.T) {
	modeltest.Check(t, model.Func(parrot), model.Request{Messages: []model.Message{{Role: model.User, Text: "Hello"}}})
}

// A case that would fail is skipped.
func TestWhatAModelCannotDoIsSkipped(t *testing.T) {
	modeltest.Run(t, func(_ *testing.T, far *modeltest.Far) model.Model {
		return model.Func(func(ctx context.Context, r model.Request) iter.Seq2[model.Part, error] {
			return func(yield func(model.Part, error) bool) {
				far.Model().Generate(ctx, r)(func(p model.Part, err error) bool {
					if _, ok := p.(model.Usage); ok {
						p = model.Usage{In: p.(model.Usage).In}
					}
					return yield(p, err)
				})
			}
		})
	}, modeltest.Cannot{Case: "Usage is counted, and a later count replaces an earlier one", Why: "the protocol does not tell what was cached"})
}
