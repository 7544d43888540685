package runtime

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"

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
	// to OnRecord. A number inside of arguments, results or values that it changes becomes a text.
	// What the log has of texts goes through it, too. Events do not, nor what the model is sent: they are how the
	// call is held. Concurrent.
	Redact func(string) string
	// Retriever finds passages of the pages that have no room in the prompt, once for each thing that the caller says,
	// before the reply is asked for. Nil: a search for words, in this process.
	Retriever Retriever
	// History knows the caller's earlier contacts, for steps that look at them: of the last 21 days the newest 30.
	// Nil: the workspace's own records of calls to the same number, by their summaries. Calls on a snapshot of the
	// host's and callers who withhold their number have none.
	History History
	// Ledger makes effects (text messages, transfers and the host's own actions) run once, also when several processes
	// answer for one call or one of them dies in the middle: [StorageLedger] keeps it where the calls are. What
	// cannot be claimed is not carried out, and the model is told. Without one an effect runs once for each
	// [Session] or [Chat]. Dry runs and calls without a workspace claim nothing.
	Ledger Ledger
	// Summarizer makes the summaries of calls in which the caller spoke: a model that follows Request.Schema, and need
	// not be fast. A call ends without waiting: its record has a summary in progress, and is stored once more, and
	// handed to OnRecord, when the summary is there. It reads the record as it is stored, after Redact. After three
	// attempts the summary has failed: its status says so, and what it holds was taken from the call word for word.
	// Nil: all summaries are made in that way, at once, and none fails.
	Summarizer model.Model
	// OnRecord gets the record of each call after its summary. When it returns an error or panics it is called
	// again after a second, and once more after two; then it is given up, with a line in the log. Calls end
	// without waiting for it; [Runtime.Flush] does wait. Concurrent.
	OnRecord func(ctx context.Context, r call.Record) error
	// Log gets a line for each reply of the model (debug), each action and each call (info), and each fault. Attributes
	// are named as OpenTelemetry's conventions for generative AI name them: gen_ai.conversation.id is the call,
	// gen_ai.prompt.version the hash of the prompt's stable part. Nobody's words are in it, nothing is when nil.
	Log      *slog.Logger
	LogTexts bool // the log has, after Redact, what the model was told last and said, and what actions took and gave
	Limits   Limits
	// HearGreeting is for greetings that must be heard to their end, such as those with a recording notice: nothing
	// interrupts them, and what a caller says meanwhile is answered after. Set, it holds for all steps; else each step
	// has its own, callflow.SonaStep.HearGreeting. Only on a Session.
	HearGreeting bool
	// Dry marks every effect as dry and every record as a test. SMS, Transfer and Actions are expected to be
	// doubles then; package mockcall sees to it.
	Dry bool
}

// Runtime runs calls. Safe for concurrent use; one serves all calls of a host.
type Runtime struct {
	config  Config
	limits  Limits
	actions map[job.ActionName]hostAction
	specs   []job.ActionSpec // of the host's actions, in the order of Config
	prompts *prompts
	parts   prompt.Parts
	known   *lastKnown
	records deliveries
	logger  *slog.Logger
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
	if c.Retriever == nil {
		c.Retriever = newIndexes()
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	r := &Runtime{config: c, logger: c.Log, limits: c.Limits.withDefaults(c.Profile), actions: map[job.ActionName]hostAction{}, prompts: newPrompts(), known: newLastKnown()}
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

// PromptOptions returns with what the prompts of calls are built: for [prompt.Check] as a gate of publishing, for
// previews, and for [prompt.Rebuild] of what a record's receipt names.
func (r *Runtime) PromptOptions() prompt.Options {
	return prompt.Options{Profile: r.config.Profile, Actions: r.specs, Finds: true, Parts: &r.parts}
}

// log returns the host's logger, or one that writes nothing.
func (r *Runtime) log() *slog.Logger { return r.logger }
