package runtime

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime/model"
	"github.com/sonajobs/sona/runtime/prompt"
)

// Config says with what a runtime works. Only Model is required.
type Config struct {
	Model    model.Model
	SMS      SMSSender      // nil: a job that texts is told that it is not possible, and each call's record notes it at the start
	Transfer Transferer     // nil: the same for jobs that transfer
	Actions  []Action       // the host's own
	Profile  prompt.Profile // of the model; its Name stands in the records
	// Redact is applied to every text of turns, effects, notes and the summary before they are stored or handed
	// to OnRecord. A number inside of arguments, results or values that it changes becomes a text. Concurrent.
	Redact func(string) string
	// OnRecord gets the record of each call after its summary. When it returns an error or panics it is called
	// again after a second, and once more after two; then it is given up, with a line in the log. Calls end
	// without waiting for it; [Runtime.Flush] does wait. Concurrent.
	OnRecord func(ctx context.Context, r call.Record) error
	Log      *slog.Logger // no caller's words are ever logged; nothing is when nil
	Limits   Limits
	// Dry marks every effect as dry and every record as a test. SMS, Transfer and Actions are expected to be
	// doubles then; package mockcall sees to it.
	Dry bool
}

// Limits bound one call. Zero fields mean their defaults.
type Limits struct {
	Reply   time.Duration // longest time of one reply of the model; 30 s
	Action  time.Duration // longest time of one action; 20 s
	Rounds  int           // most replies of the model to one thing that the caller says, actions included; 8
	PlayOut time.Duration // longest wait for the last words to be heard, once they were handed over, before the line is left; 15 s
}

func (l Limits) withDefaults() Limits {
	if l.Reply <= 0 {
		l.Reply = 30 * time.Second
	}
	if l.Action <= 0 {
		l.Action = 20 * time.Second
	}
	if l.Rounds <= 0 {
		l.Rounds = 8
	}
	if l.PlayOut <= 0 {
		l.PlayOut = 15 * time.Second
	}
	return l
}

// Runtime runs calls. Safe for concurrent use; one serves all calls of a host.
type Runtime struct {
	config  Config
	limits  Limits
	actions map[job.ActionName]hostAction
	specs   []job.ActionSpec // of the host's actions, in the order of Config
	prompts *prompts
	records deliveries
}

// hostAction is an action of the host's, with its parameters read.
type hostAction struct {
	Action
	signature signature
}

// New makes a runtime. It fails when the configuration has no model, or an action without a function, with
// an ill-formed or taken name, or with parameters that are no JSON Schema of an object.
func New(c Config) (*Runtime, error) {
	if c.Model == nil {
		return nil, errors.New("runtime: Config.Model is required: give a model.Model, for a first look rehearsal.New()")
	}
	r := &Runtime{config: c, limits: c.Limits.withDefaults(), actions: map[job.ActionName]hostAction{}, prompts: newPrompts()}
	for _, a := range c.Actions {
		if _, err := job.ParseActionName(string(a.Spec.Name)); err != nil {
			return nil, fmt.Errorf("runtime: action: %w", err)
		}
		if a.Spec.Name == prompt.OpenJobTool {
			return nil, fmt.Errorf("runtime: action %q: the library has a tool of this name: choose another", a.Spec.Name)
		}
		if _, twice := r.actions[a.Spec.Name]; twice {
			return nil, fmt.Errorf("runtime: action %q stands there twice", a.Spec.Name)
		}
		if a.Do == nil {
			return nil, fmt.Errorf("runtime: action %q has no function Do", a.Spec.Name)
		}
		if err := prompt.CheckAction(a.Spec); err != nil {
			return nil, fmt.Errorf("runtime: %w", err)
		}
		r.actions[a.Spec.Name] = hostAction{a, readSignature(a.Spec.Parameters)}
		r.specs = append(r.specs, a.Spec)
	}
	return r, nil
}

// Actions returns every action that jobs may use here: the built-in ones, then the host's.
func (r *Runtime) Actions() []job.ActionSpec {
	return append(job.BuiltinActions(), slices.Clone(r.specs)...)
}

func (r *Runtime) options() prompt.Options {
	return prompt.Options{Profile: r.config.Profile, Actions: r.specs}
}

// log returns the host's logger, or one that writes nothing.
func (r *Runtime) log() *slog.Logger {
	if r.config.Log == nil {
		return slog.New(slog.DiscardHandler)
	}
	return r.config.Log
}
