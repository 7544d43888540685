package main

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"strings"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime"
	"github.com/sonajobs/sona/runtime/model"
	"github.com/sonajobs/sona/storage"
	"github.com/sonajobs/sona/storage/memory"
)

// The two lengths of all prompts, in characters of jobs.
const (
	short = 10_000
	long  = 100_000
)

// desk is a snapshot of a step with ten jobs, of so many characters together. The first looks orders up.
func desk(ctx context.Context, characters int) (callflow.Snapshot, error) {
	ws := storage.Open(memory.New(), "bench")
	var ids []job.ID
	for i := range 10 {
		text := "This job helps callers.\n1. Ask for the number.\n2. {{action look_up}}\n"
		const filler = "Mind what they say. "
		text += strings.Repeat(filler, (characters/10-len(text))/len(filler))
		j, err := ws.CreateJob(ctx, job.Spec{Name: fmt.Sprintf("Job %d", i), Instructions: text})
		if err != nil {
			return callflow.Snapshot{}, err
		}
		ids = append(ids, j.ID())
	}
	f, err := ws.CreateFlow(ctx, callflow.Simple("Desk", "+15550100", callflow.SonaStep{Greeting: "Hello, how can I help?", Jobs: ids}))
	if err != nil {
		return callflow.Snapshot{}, err
	}
	if f, err = ws.Publish(ctx, f.ID(), f.Revision()); err != nil {
		return callflow.Snapshot{}, err
	}
	return ws.Snapshot(ctx, f.ID())
}

// words are the pieces of a reply, as a model sends them.
var words = strings.SplitAfter("[J1.1] Certainly, I can help you with that, your order is on its way and comes on Friday.", " ")

// answers is a model that answers at once.
func answers() model.Func {
	return func(context.Context, model.Request) iter.Seq2[model.Part, error] {
		return func(yield func(model.Part, error) bool) {
			for _, w := range words {
				if !yield(model.Text(w), nil) {
					return
				}
			}
			yield(model.Done{Reason: model.Stop}, nil)
		}
	}
}

// looksUp is a model that looks something up whenever the caller has spoken, and then answers.
func looksUp() model.Func {
	talk := answers()
	return func(ctx context.Context, r model.Request) iter.Seq2[model.Part, error] {
		n := len(r.Messages) - 1
		for n > 0 && r.Messages[n].Role == model.System {
			n--
		}
		if r.Messages[n].Role != model.User {
			return talk(ctx, r)
		}
		return func(yield func(model.Part, error) bool) {
			args := fmt.Appendf(nil, `{"sona_action":"J1.A1","number":"%d"}`, len(r.Messages))
			if yield(model.ToolCall{ID: "1", Name: "look_up", Arguments: args}, nil) {
				yield(model.Done{Reason: model.ToolCalls}, nil)
			}
		}
	}
}

func newRuntime(m model.Model, l runtime.Limits) (*runtime.Runtime, error) {
	l.Call = -1
	return runtime.New(runtime.Config{Model: m, Limits: l, Actions: []runtime.Action{{
		Spec: job.ActionSpec{Name: "look_up", Description: "Looks an order up.", Parameters: json.RawMessage(`{"type":"object","properties":{"number":{"type":"string"}},"required":["number"]}`)},
		Do: func(context.Context, runtime.CallInfo, json.RawMessage) (json.RawMessage, error) {
			return json.RawMessage(`{"day":"Friday"}`), nil
		},
	}}})
}
