package modeltest

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"time"

	"github.com/sonajobs/sona/runtime/model"
)

// onFault passes what the far side says of a fault through change.
func onFault(change func(*model.Error) error) func(*Far) model.Model {
	return func(f *Far) model.Model {
		return failing(f, func(err error, yield loop) bool {
			if fault, ok := errors.AsType[*model.Error](err); ok {
				err = change(fault)
			}
			return yield(nil, err)
		})
	}
}

// replaced puts other steps in the place of one.
func replaced(change func(Step) []Step) func(*Far) model.Model {
	return func(f *Far) model.Model {
		return hearing(f, func(r Reply) Reply {
			var all Reply
			for _, s := range r {
				all = append(all, change(s)...)
			}
			return all
		})
	}
}

// buffered gives nothing of a reply that fails.
func buffered(f *Far) model.Model {
	return asking(f, func(ctx context.Context, good model.Model, r model.Request, yield loop) {
		var parts []model.Part
		_, err := model.Collect(good.Generate(ctx, r), func(p model.Part) bool {
			parts = append(parts, p)
			return true
		})
		if err != nil {
			yield(nil, err)
			return
		}
		for _, p := range parts {
			if !yield(p, nil) {
				return
			}
		}
	})
}

func isDone(part model.Part) bool {
	_, ok := part.(model.Done)
	return ok
}

const (
	cutMiddle    = "A stream that is cut is no reply, and what came until then is kept"
	cutBegin     = "A stream that is cut before it began is no reply"
	cutCall      = "A stream that is cut after a call is no reply"
	oneDone      = "A reply ends with one Done and its reason"
	faultMiddle  = "A fault in the middle is an error, and what came until then is kept"
	howLong      = "A fault says how long the far side asks to wait, and nothing when it does not ask"
	usageCounted = "Usage is counted, and a later count replaces an earlier one"
)

var endBugs = []bug{
	{"two Dones", []string{oneDone, "Text comes whole and in order", "Check: A reply ends with one Done"}, func(f *Far) model.Model {
		return changed(f, func(part model.Part, yield loop) bool { return yield(part, nil) && (!isDone(part) || yield(part, nil)) })
	}},
	{"no Done", []string{oneDone, "Check: A reply ends with one Done"}, func(f *Far) model.Model {
		return changed(f, func(part model.Part, yield loop) bool { return isDone(part) || yield(part, nil) })
	}},
	{"text after the end", []string{oneDone}, func(f *Far) model.Model {
		return changed(f, func(part model.Part, yield loop) bool {
			return yield(part, nil) && (!isDone(part) || yield(model.Text("more"), nil))
		})
	}},
	{"a Done after an error", []string{"A fault has its kind"}, func(f *Far) model.Model {
		return failing(f, func(err error, yield loop) bool { return yield(nil, err) && yield(model.Done{}, nil) })
	}},
	{"a Done with an error", []string{"A fault has its kind"}, func(f *Far) model.Model {
		return failing(f, func(err error, yield loop) bool { return yield(model.Done{}, err) })
	}},
	{"every stream has its end, whatever was lost", []string{cutMiddle, cutBegin, cutCall, "Half a call is none when the stream is cut"}, replaced(func(s Step) []Step {
		if _, ok := s.(Cut); ok {
			return []Step{Finish(model.Stop)}
		}
		return []Step{s}
	})},
	{"what is cut is the asker's fault", []string{cutBegin, cutMiddle}, replaced(func(s Step) []Step {
		if _, ok := s.(Cut); ok {
			return []Step{Fault{Kind: model.BadRequest}}
		}
		return []Step{s}
	})},
	{"every reason is stop", []string{oneDone, "A call comes whole"}, replaced(func(s Step) []Step {
		if _, ok := s.(Finish); ok {
			return []Step{Finish(model.Stop)}
		}
		return []Step{s}
	})},
	{"a reason that nobody has heard of is no end", []string{"A reason that nobody has heard of ends a reply all the same"}, replaced(func(s Step) []Step {
		if s == Finish("unheard_of") {
			return nil
		}
		return []Step{s}
	})},
	{"a reply of nothing is no end", []string{"A reply of nothing is a Done"}, func(f *Far) model.Model {
		return hearing(f, func(r Reply) Reply {
			if len(r) == 1 && r[0] == Finish(model.Stop) {
				return nil
			}
			return r
		})
	}},
	{"a reply that fails is thrown away", []string{cutMiddle, faultMiddle, "Text comes piece by piece, each as soon as it is there"}, buffered},
	{"a part that is none", []string{"Text comes whole and in order"}, func(f *Far) model.Model {
		return changed(f, func(part model.Part, yield loop) bool { return yield(nil, nil) && yield(part, nil) })
	}},
	{"the first count of tokens stays", []string{usageCounted}, func(f *Far) model.Model {
		return hearing(f, func(r Reply) Reply {
			counted := false
			return slices.DeleteFunc(r, func(s Step) bool {
				_, ok := s.(Usage)
				again := ok && counted
				counted = counted || ok
				return again
			})
		})
	}},
	{"tokens of the last reply are counted again", []string{usageCounted}, func(f *Far) model.Model {
		var last Usage
		return hearing(f, func(r Reply) Reply {
			r = append(Reply{last}, r...)
			for _, s := range r {
				if u, ok := s.(Usage); ok {
					last = u
				}
			}
			return r
		})
	}},
	{"a fault has no kind", []string{"A fault has its kind"}, onFault(func(*model.Error) error { return errors.New("status 429") })},
	{"every fault may pass", []string{"A fault has its kind"}, onFault(func(e *model.Error) error {
		e.Kind = model.Unavailable
		return e
	})},
	{"how long to wait is lost", []string{howLong}, onFault(func(e *model.Error) error {
		e.RetryAfter = 0
		return e
	})},
	{"how long to wait is made up", []string{howLong}, onFault(func(e *model.Error) error {
		e.RetryAfter = max(e.RetryAfter, time.Second)
		return e
	})},
	{"a fault in the middle is an end", []string{faultMiddle, "A fault is over with its request"}, func(f *Far) model.Model {
		return hearing(f, func(r Reply) Reply {
			for i, s := range r {
				if _, ok := s.(Fault); ok && i > 0 {
					r[i] = Finish(model.Stop)
				}
			}
			return r
		})
	}},
	{"a fault stays", []string{"A fault is over with its request"}, func(f *Far) model.Model {
		var down atomic.Bool
		return hearing(f, func(r Reply) Reply {
			if _, ok := r[len(r)-1].(Fault); ok {
				down.Store(true)
			}
			if down.Load() {
				return Reply{Fault{Kind: model.Unavailable}}
			}
			return r
		})
	}},
}
