package runtime

import (
	"context"
	"errors"
	"fmt"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/storage"
)

// Incoming is a call that arrives at a Sona step.
type Incoming struct {
	ID     call.ID           // of the host's telephony, for one call only; made when empty
	To     callflow.Line     // that was called: finds the flow that is live there
	Flow   callflow.ID       // when the host knows the flow: it counts, and To is only recorded
	Step   callflow.StepID   // only when the flow has several Sona steps
	Caller call.Caller       // as it arrived; a call never fails for the shape of a number
	Values map[string]string // of the variables that jobs use
	Test   bool              // a mock call: marked so in the record and towards the host
	// Written is for a caller who reads and writes, as in a chat window behind a [Session]: they take their time, so
	// nobody asks whether they are still there, and silence ends nothing. Limits.Call does, all the same.
	Written bool
}

var (
	// ErrNoSonaStep means that the flow has no Sona step, so there is nothing to run.
	ErrNoSonaStep = errors.New("runtime: the flow has no Sona step")
	// ErrWhichStep means that the flow has several Sona steps; name one in Incoming.Step.
	ErrWhichStep = errors.New("runtime: the flow has several Sona steps: name one in Incoming.Step")
	// ErrOver means that the call is over.
	ErrOver = errors.New("runtime: the call is over")
)

var errNowhere = errors.New("runtime: begin: neither To nor Flow is set in Incoming: set To to the line that was called, or Flow to the flow's ID")

// BeginChat begins a call by text on what is live. Errors match storage.ErrNotFound (no such flow, or no
// flow is live on the line), storage.ErrUnpublished, [ErrNoSonaStep], [ErrWhichStep], a *callflow.StepError for
// a step that is not one of Sona's, a *job.ValidationError for an ill-formed Incoming.Flow, or a *job.FieldError
// for an ill-formed Incoming.ID. An Incoming with neither To nor Flow is an error, too.
//
// Storage that cannot be read is an error only for the first call: later ones begin on what was live when this
// Runtime last read it for the same flow or line, after three seconds at most, and the record has Stale set. After
// an error the caller is in the host's hands: what a step's fallback exit leads to is not known either.
//
// storage.ErrConflict means that Incoming.ID has a record already: the webhook came twice, or the ID is not the
// call's own. There is no second call then, and the first goes on. A record that cannot be written because
// storage is down is no error: the call begins, the record says so, and the next write holds all of it. Where both
// of a call that comes twice could begin by that, both go on, and the one that is stored first has the record: it is
// never written over, and the other's says so and is stored nowhere. A Ledger keeps their effects
// from running twice; without one a host with two webhooks and storage that is down may run them twice. Neither
// is a step that does not fit the model: the call begins, says so and leaves by the fallback exit.
func (r *Runtime) BeginChat(ctx context.Context, w *storage.Workspace, in Incoming) (*Chat, error) {
	e, err := r.begin(ctx, w, in)
	if err != nil {
		return nil, err
	}
	return &Chat{e: e}, nil
}

// Begin begins a call on what is live, for a host with a line. Errors are those of [Runtime.BeginChat].
func (r *Runtime) Begin(ctx context.Context, w *storage.Workspace, in Incoming) (*Session, error) {
	e, err := r.begin(ctx, w, in)
	if err != nil {
		return nil, err
	}
	return newSession(e), nil
}

// ChatOn is BeginChat on a snapshot that the host has; Incoming.To and Flow find nothing here, and To is only
// recorded. The record is handed back by End and stored nowhere, so an ID that was used before is not noticed.
func (r *Runtime) ChatOn(s callflow.Snapshot, in Incoming) (*Chat, error) {
	e, err := r.on(nil, s, in)
	if err != nil {
		return nil, err
	}
	return &Chat{e: e}, nil
}

// BeginOn is Begin on a snapshot that the host has, as [Runtime.ChatOn] is BeginChat. The record is handed back
// by Run.
func (r *Runtime) BeginOn(s callflow.Snapshot, in Incoming) (*Session, error) {
	e, err := r.on(nil, s, in)
	if err != nil {
		return nil, err
	}
	return newSession(e), nil
}

func (r *Runtime) begin(ctx context.Context, w *storage.Workspace, in Incoming) (*engine, error) {
	s, o, err := r.snapshot(ctx, w, in)
	if err != nil {
		return nil, err
	}
	e, err := r.on(w, s, in)
	if err != nil {
		return nil, err
	}
	if o.stale {
		e.rec.Stale = true
		e.note(call.NoteDegraded, "", "", "storage failed when the call began: it runs on the last known version of its flow and jobs")
	}
	e.recall(ctx, o.silent)
	if o.silent {
		e.unstored = true // said above; the next write holds all of it
		return e, nil
	}
	if err := e.register(ctx); err != nil {
		return nil, err
	}
	return e, nil
}

// on is the one way into a call.
func (r *Runtime) on(w *storage.Workspace, s callflow.Snapshot, in Incoming) (*engine, error) {
	if in.ID == "" {
		in.ID = call.NewID()
	} else if _, err := call.ParseID(string(in.ID)); err != nil {
		return nil, fmt.Errorf("runtime: begin: %w", err)
	}
	step := in.Step
	if step == "" {
		only, err := s.OnlySonaStep()
		if fault, ok := errors.AsType[*callflow.StepError](err); ok {
			switch fault.Rule {
			case callflow.RuleNoSonaStep:
				return nil, fmt.Errorf("%w: %w", ErrNoSonaStep, err)
			case callflow.RuleWhichStep:
				return nil, fmt.Errorf("%w: %w", ErrWhichStep, err)
			}
		}
		step = only
	}
	if _, err := s.SonaStep(step); err != nil {
		return nil, fmt.Errorf("runtime: begin: %w", err)
	}
	return newEngine(r, w, s, step, in), nil
}
