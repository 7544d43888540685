package mockcall

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"sync/atomic"
	"time"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime/model"
	"github.com/sonajobs/sona/runtime/model/cassette"
)

// ErrStale says that Config.Model is a cassette whose recordings were made with other jobs than those of the call.
var ErrStale = errors.New("mockcall: the cassette is stale: record it again")

// checkRecording refuses a cassette that an edit has overtaken: what it plays says nothing about the jobs as they are.
// A cassette that may ask its model is told of nothing: it asks.
func (c Config) checkRecording(s callflow.Snapshot, step callflow.StepID) error {
	tape, ok := c.Model.(*cassette.Cassette)
	if !ok {
		return nil
	}
	if step == "" {
		only, err := s.OnlySonaStep()
		if err != nil {
			return nil //nolint:nilerr // the runtime says it in its own words
		}
		step = only
	}
	current := s.Jobs(step)
	held := map[job.ID]bool{}
	for _, j := range current {
		held[j.ID()] = true
	}
	for _, old := range tape.Stale(current) {
		if held[old.Job] {
			return fmt.Errorf("%w: recording %d was made with revision %d of job %s, which is at %d now", ErrStale, old.Recording.Number, old.Was.Revision, old.Job, old.Now.Revision)
		}
	}
	return nil
}

// FaultKind is a way in which a model misbehaves.
type FaultKind int

// The faults of models.
const (
	ModelSlow      FaultKind = iota // its first word takes as long as ModelFault.For, 15 s when 0
	ModelCut                        // the stream breaks off after its first word
	ModelBroken                     // it fails with ModelFault.Err, or is unavailable
	ModelEmpty                      // it says nothing and does nothing
	ModelMalformed                  // it calls an action with arguments that are no JSON
	ModelLooping                    // it calls what there is not, however often it is told
)

// ModelFault says when a model misbehaves, and how.
type ModelFault struct {
	Kind FaultKind
	At   int           // which request, from 1; 0: each
	For  time.Duration // of ModelSlow
	Err  error         // of ModelBroken
}

// Faulty is m with faults: whether a call survives them is what is to be tested. Requests are counted over all calls of
// the Model returned. Safe for concurrent use.
func Faulty(m model.Model, faults ...ModelFault) model.Model {
	var asked atomic.Int64
	return model.Func(func(ctx context.Context, r model.Request) iter.Seq2[model.Part, error] {
		return func(yield func(model.Part, error) bool) {
			n := int(asked.Add(1))
			for _, f := range faults {
				if f.At == 0 || f.At == n {
					f.play(ctx, m, r, yield)
					return
				}
			}
			m.Generate(ctx, r)(yield)
		}
	})
}

func (f ModelFault) play(ctx context.Context, m model.Model, r model.Request, yield func(model.Part, error) bool) {
	switch f.Kind {
	case ModelSlow:
		d := f.For
		if d <= 0 {
			d = 15 * time.Second
		}
		timer := time.NewTimer(d)
		defer timer.Stop()
		select {
		case <-timer.C:
			m.Generate(ctx, r)(yield)
		case <-ctx.Done():
			yield(nil, ctx.Err())
		}
	case ModelCut:
		for part, err := range m.Generate(ctx, r) {
			if _, text := part.(model.Text); err != nil || text {
				yield(part, err)
				return
			}
		}
	case ModelBroken:
		err := f.Err
		if err == nil {
			err = &model.Error{Kind: model.Unavailable, Err: errors.New("mockcall: as the test asked for")}
		}
		yield(nil, err)
	case ModelEmpty:
		yield(model.Done{Reason: model.Stop}, nil)
	case ModelMalformed, ModelLooping:
		c := model.ToolCall{ID: "faulty", Name: "no_such_action", Arguments: json.RawMessage(`{}`)}
		if f.Kind == ModelMalformed {
			c.Arguments = json.RawMessage(`{"text": "cut off`)
			if tools := r.Prompt.Tools; len(tools) > 0 {
				c.Name = tools[0].Name
			}
		}
		if yield(c, nil) {
			yield(model.Done{Reason: model.ToolCalls}, nil)
		}
	}
}
