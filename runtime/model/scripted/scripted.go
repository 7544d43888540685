// Package scripted is a language model for tests: it gives the replies it was told to give, one for each
// request, and keeps the requests. It imports job and runtime/model.
package scripted

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime/model"
	"github.com/sonajobs/sona/runtime/prompt"
)

// Model gives scripted replies in order. Safe for concurrent use; concurrent requests take the replies in
// the order in which they begin.
type Model struct {
	mu       sync.Mutex
	replies  []Reply
	requests []model.Request
}

// New returns a model that gives these replies. A request for which none is left is a bad_request error.
func New(replies ...Reply) *Model { return &Model{replies: slices.Clone(replies)} }

// Requests returns what the model was asked so far.
func (m *Model) Requests() []model.Request {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.requests)
}

// Left returns how many replies were not asked for yet.
func (m *Model) Left() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.replies)
}

// Generate gives the next reply.
func (m *Model) Generate(ctx context.Context, r model.Request) iter.Seq2[model.Part, error] {
	return func(yield func(model.Part, error) bool) {
		reply, err := m.next(r)
		if err != nil {
			yield(nil, err)
			return
		}
		if reply.play(ctx, r.Prompt, yield) {
			reason := model.Stop
			if reply.calls() {
				reason = model.ToolCalls
			}
			yield(model.Done{Reason: reason}, nil)
		}
	}
}

func (m *Model) next(r model.Request) (Reply, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	r.Messages = slices.Clone(r.Messages)
	m.requests = append(m.requests, r)
	if len(m.replies) == 0 {
		return Reply{}, &model.Error{Kind: model.BadRequest, Err: fmt.Errorf("scripted: no reply left for request %d", len(m.requests))}
	}
	reply := m.replies[0]
	m.replies = m.replies[1:]
	return reply, nil
}

// Reply is one scripted reply; an immutable value.
type Reply struct{ beats []beat }

// beat is one thing that a reply does. It returns false when the stream is over.
type beat struct {
	do    func(ctx context.Context, p prompt.Prompt, yield func(model.Part, error) bool) bool
	calls bool
}

func reply(do func(context.Context, prompt.Prompt, func(model.Part, error) bool) bool) Reply {
	return Reply{[]beat{{do: do}}}
}

// Say speaks text, in pieces of a word.
func Say(text string) Reply {
	return reply(func(ctx context.Context, _ prompt.Prompt, yield func(model.Part, error) bool) bool {
		for _, word := range strings.SplitAfter(text, " ") {
			if err := ctx.Err(); err != nil {
				return fail(yield, err)
			}
			if word != "" && !yield(model.Text(word), nil) {
				return false
			}
		}
		return true
	})
}

// Follow speaks text under the mark of a job and its step, as a model does that says which job it follows.
// The job must be attached.
func Follow(id job.ID, step, text string) Reply {
	return reply(func(ctx context.Context, p prompt.Prompt, yield func(model.Part, error) bool) bool {
		for _, j := range p.Plan.Jobs {
			if j.Job.ID() == id {
				mark := "[" + j.Handle + "." + step + "] "
				if step == "" {
					mark = "[" + j.Handle + "] "
				}
				return Say(mark+text).play(ctx, p, yield)
			}
		}
		return fail(yield, fmt.Errorf("scripted: job %s is not attached", id))
	})
}

// Use calls the first inline action with this name in a job, by whatever handle it has.
func Use(id job.ID, action job.ActionName) Reply { return UseWith(id, action, nil) }

// UseWith is Use with arguments that the model fills in; args must encode as a JSON object.
func UseWith(id job.ID, action job.ActionName, args map[string]any) Reply {
	r := reply(func(_ context.Context, p prompt.Prompt, yield func(model.Part, error) bool) bool {
		handle, ok := p.Handle(id, action, 0)
		if !ok {
			return fail(yield, fmt.Errorf("scripted: job %s has no action %s that can be carried out", id, action))
		}
		all := map[string]any{prompt.ActionProperty: handle}
		maps.Copy(all, args)
		raw, err := json.Marshal(all)
		if err != nil {
			return fail(yield, fmt.Errorf("scripted: arguments of %s: %w", action, err))
		}
		return yield(model.ToolCall{ID: "use_" + handle, Name: string(action), Arguments: raw}, nil)
	})
	r.beats[0].calls = true
	return r
}

// Call calls any tool with any arguments, also ones that do not exist.
func Call(tool, args string) Reply {
	r := reply(func(_ context.Context, _ prompt.Prompt, yield func(model.Part, error) bool) bool {
		return yield(model.ToolCall{ID: "call_" + tool, Name: tool, Arguments: json.RawMessage(args)}, nil)
	})
	r.beats[0].calls = true
	return r
}

// Fail ends the stream with err.
func Fail(err error) Reply {
	return reply(func(_ context.Context, _ prompt.Prompt, yield func(model.Part, error) bool) bool {
		return fail(yield, err)
	})
}

// Cut ends the stream without saying that it is done.
func Cut() Reply {
	return reply(func(context.Context, prompt.Prompt, func(model.Part, error) bool) bool { return false })
}

// Count reports usage.
func Count(u model.Usage) Reply {
	return reply(func(_ context.Context, _ prompt.Prompt, yield func(model.Part, error) bool) bool {
		return yield(u, nil)
	})
}

// Wait stays silent for d, or until the request is cancelled.
func Wait(d time.Duration) Reply {
	return reply(func(ctx context.Context, _ prompt.Prompt, yield func(model.Part, error) bool) bool {
		timer := time.NewTimer(d)
		defer timer.Stop()
		select {
		case <-timer.C:
			return true
		case <-ctx.Done():
			return fail(yield, ctx.Err())
		}
	})
}

// And returns a reply that does r, then next, in one stream.
func (r Reply) And(next Reply) Reply {
	return Reply{append(slices.Clone(r.beats), next.beats...)}
}

func (r Reply) play(ctx context.Context, p prompt.Prompt, yield func(model.Part, error) bool) bool {
	for _, b := range r.beats {
		if err := ctx.Err(); err != nil {
			return fail(yield, err)
		}
		if !b.do(ctx, p, yield) {
			return false
		}
	}
	return true
}

func (r Reply) calls() bool {
	return slices.ContainsFunc(r.beats, func(b beat) bool { return b.calls })
}

func fail(yield func(model.Part, error) bool, err error) bool {
	yield(nil, err)
	return false
}
