package mockcall

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime"
	"github.com/sonajobs/sona/runtime/model"
	"github.com/sonajobs/sona/runtime/model/rehearsal"
	"github.com/sonajobs/sona/runtime/prompt"
	"github.com/sonajobs/sona/storage"
)

// Config says what is rehearsed, by whom. Flow and Caller are required; RunOn needs no Flow and takes no notice
// of it.
type Config struct {
	Flow       callflow.ID
	Step       callflow.StepID  // only when the flow has several Sona steps
	Candidates []job.Job        // in place of the saved jobs with their IDs, or attached at the end
	Caller     Caller           // who calls
	Model      model.Model      // rehearsal.New() when nil
	Profile    prompt.Profile   // of the model
	Actions    []runtime.Action // the host's own; dry unless Live
	// World is what actions act on in the test: its actions are there besides Actions, and run for real in a dry call,
	// too. Its ledger goes on from call to call: give each call a new one. Optional.
	World *World
	// Reads names the actions that only look, for [Wrote]; those of a World are known.
	Reads []job.ActionName
	// Faults lets actions fail: what an action's double answers with, each time. Its names are those of Actions,
	// and send_sms and transfer_call where a job of the step has them; any other is an error. It is for dry calls
	// only: a live call takes no notice of it.
	Faults map[job.ActionName]error
	// Live carries out Actions, SMS and Transfer for real, marked as test towards the host. With SMS or Transfer
	// left nil, a live call does what a runtime without them does: the action fails, the model is told that it is
	// not possible here, and the record notes it at the start. A dry call needs neither: its doubles agree.
	Live     bool
	SMS      runtime.SMSSender  // for Live
	Transfer runtime.Transferer // for Live
	From     call.Caller        // +15550199 when zero, so that texts have somewhere to go
	To       callflow.Line      // the flow's first number when empty
	Values   map[string]string  // of the variables that jobs use
	MaxTurns int                // most things that the caller says; 100 when 0
	Limits   runtime.Limits     // of the call, such as how long a caller may be silent
	// Progress is told how far a [Suite] is, one call at a time. Optional.
	Progress func(Progress)
}

// Result is what a mock call gave: the record with turns, jobs used, effects, notes and summary, the prompt it
// ran on, and every event.
type Result struct {
	Record call.Record
	Prompt prompt.Prompt
	Events []runtime.Event
	Reads  []job.ActionName // the actions that only look, as Config knows them
}

var (
	// ErrNoCaller says that Config.Caller is missing.
	ErrNoCaller = errors.New("mockcall: Config.Caller is required: give mockcall.Script(…)")
	// ErrEndless says that the caller said MaxTurns things and the call was not over. The Result up to then
	// comes with it.
	ErrEndless = errors.New("mockcall: the call did not end")
)

// Run rehearses the draft of a flow in one go. Errors are storage's (ErrNotFound in a *storage.RefError), the
// runtime's (ErrNoSonaStep, ErrWhichStep), *callflow.TooManyJobsError and *callflow.StepError of candidates,
// [ErrNoCaller], [ErrEndless], the caller's own, ctx's, or one that names an action of Config.Faults that cannot
// fail here. The Result is nil when the call could not begin; with ErrEndless, the caller's and ctx's errors it
// holds the call up to then.
func Run(ctx context.Context, w *storage.Workspace, c Config) (*Result, error) {
	s, err := w.DraftSnapshot(ctx, c.Flow)
	if err != nil {
		return nil, fmt.Errorf("mockcall: %w", err)
	}
	return RunOn(ctx, s, c)
}

// RunOn is [Run] on a snapshot that the host has, published or not.
func RunOn(ctx context.Context, s callflow.Snapshot, c Config) (*Result, error) {
	if c.Caller == nil {
		return nil, ErrNoCaller
	}
	rt, s, in, err := c.begin(s)
	if err != nil {
		return nil, fmt.Errorf("mockcall: %w", err)
	}
	chat, err := rt.ChatOn(s, in)
	if err != nil {
		return nil, fmt.Errorf("mockcall: %w", err)
	}
	r := &Result{Prompt: chat.Prompt(), Reads: c.reads()}
	talked := r.talk(ctx, chat, c)
	r.Record, err = chat.End(ctx)
	return r, errors.Join(talked, err)
}

// begin returns what a call begins with: the runtime, the snapshot with the candidates in it, and who calls.
func (c Config) begin(s callflow.Snapshot) (*runtime.Runtime, callflow.Snapshot, runtime.Incoming, error) {
	in := runtime.Incoming{Caller: c.from(), Values: c.Values, Test: true}
	s, step, err := c.place(s)
	if err != nil {
		return nil, s, in, err
	}
	in.To, in.Step = c.line(s), step
	rt, err := c.runtime()
	if err != nil {
		return nil, s, in, err
	}
	if err := c.checkFaults(s, step); err != nil {
		return nil, s, in, err
	}
	return rt, s, in, c.checkRecording(s, step)
}

// place puts the candidates into the snapshot.
func (c Config) place(s callflow.Snapshot) (callflow.Snapshot, callflow.StepID, error) {
	step := c.Step
	if step == "" && len(c.Candidates) > 0 {
		only, err := s.OnlySonaStep()
		if err != nil {
			return s, "", err
		}
		step = only
	}
	for _, j := range c.Candidates {
		var err error
		if s, err = s.WithJob(step, j); err != nil {
			return s, "", err
		}
	}
	return s, step, nil
}

func (c Config) line(s callflow.Snapshot) callflow.Line {
	if numbers := s.Flow().Numbers(); c.To == "" && len(numbers) > 0 {
		return numbers[0]
	}
	return c.To
}

func (c Config) from() call.Caller {
	if c.From == (call.Caller{}) {
		return call.Caller{Number: "+15550199"}
	}
	return c.From
}

// runtime returns a runtime whose actions are doubles, unless the call is to be live.
func (c Config) runtime() (*runtime.Runtime, error) {
	c.Actions = c.actions()
	config := runtime.Config{Model: c.Model, Profile: c.Profile, Actions: c.Actions, SMS: c.SMS, Transfer: c.Transfer, Limits: c.Limits}
	if c.Model == nil {
		config.Model = rehearsal.New()
		if config.Profile.Name == "" {
			config.Profile.Name = "rehearsal"
		}
	}
	if !c.Live {
		c.dry(&config)
	}
	return runtime.New(config)
}

// actions returns the host's actions and those of the world.
func (c Config) actions() []runtime.Action {
	if c.World == nil {
		return c.Actions
	}
	return append(slices.Clone(c.Actions), c.World.Actions()...)
}

func (c Config) reads() []job.ActionName { return append(slices.Clone(c.Reads), c.World.readers()...) }

func (c Config) mostSaid() int {
	if c.MaxTurns <= 0 {
		return 100
	}
	return c.MaxTurns
}

// talk lets the caller speak until the call is over.
func (r *Result) talk(ctx context.Context, chat *runtime.Chat, c Config) error {
	if err := r.watch(chat.Greet(ctx), nil); err != nil {
		return err
	}
	for range c.mostSaid() {
		if _, over := chat.Over(); over {
			return nil
		}
		m, err := next(ctx, c.Caller, chat.Turns())
		if err != nil {
			return fmt.Errorf("mockcall: caller: %w", err)
		}
		if m.hangUp {
			return nil
		}
		if err := r.watch(chat.Hear(ctx, m.words()), cutter(c.Caller)); err != nil {
			return err
		}
	}
	if _, over := chat.Over(); over {
		return nil
	}
	return fmt.Errorf("%w within %d things that the caller said", ErrEndless, c.mostSaid())
}

// watch collects what happens until cut, if there is one, breaks into what Sona says.
func (r *Result) watch(events iter.Seq2[runtime.Event, error], cut func(said string) bool) error {
	var said strings.Builder
	for ev, err := range events {
		if err != nil {
			return fmt.Errorf("mockcall: %w", err)
		}
		r.Events = append(r.Events, ev)
		if s, ok := ev.(runtime.Said); ok && cut != nil {
			if said.WriteString(s.Text); cut(said.String()) {
				return nil
			}
		}
	}
	return nil
}
