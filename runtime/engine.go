package runtime

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime/model"
	"github.com/sonajobs/sona/runtime/prompt"
	"github.com/sonajobs/sona/storage"
)

// engine is one call. All of it is owned by one goroutine: the one that iterates over a Chat, or the one
// that runs a Session. Models and actions work elsewhere and post what they found into the mailbox.
type engine struct {
	rt     *Runtime
	ws     *storage.Workspace // nil: the record is only handed back
	in     Incoming
	sona   callflow.SonaStep
	step   callflow.Step
	prompt prompt.Prompt
	rec    call.Record
	mail   *mailbox
	events []Event // not delivered yet

	messages []model.Message
	gen      *generation      // the reply under way, nil between replies
	calls    []model.ToolCall // of the last reply, not carried out yet
	acting   bool             // an action is under way
	current  model.ToolCall   // the one that asked for it; without an ID when the model has its answer already
	replied  bool             // the last reply asked for actions, so the model is asked again
	rounds   int              // replies to what the caller said last
	faults   int              // faults of the model in a row
	spoken   []spoken         // what was delivered of each turn, by its index
	job      prompt.PlannedJob
	jobStep  string
	told     []Note        // what the host learned during the call
	ending   *call.Outcome // to be carried out once what was said is heard
	over     bool
	ended    bool
}

// spoken keeps how much of an agent's turn was delivered, and which message of the model's history it is.
type spoken struct {
	characters int
	message    int // index; -1 when the history does not have it
}

// generation is one reply under way.
type generation struct {
	ctx     context.Context
	cancel  context.CancelFunc
	speech  speech
	turn    int // index of its turn; -1 before anything was said
	marked  bool
	attempt int
}

func newEngine(rt *Runtime, ws *storage.Workspace, snap callflow.Snapshot, step callflow.StepID, in Incoming) *engine {
	e := &engine{rt: rt, ws: ws, in: in, mail: newMailbox()}
	e.step, _ = snap.Version().Step(step)
	e.sona, _ = e.step.Is.(callflow.SonaStep)
	now := time.Now()
	e.rec = call.Record{ID: in.ID, Flow: snap.Flow().ID(), Step: step, Version: snap.Version().Number(), Number: in.To,
		Caller: in.Caller, Settings: snap.Settings().Revision(), Model: rt.config.Profile.Name, Status: call.InProgress,
		Summary: call.Summary{Status: call.SummaryAbsent}, Test: in.Test || rt.config.Dry || snap.IsDraft(), StartedAt: now,
		Jobs: map[job.ID]int{}}
	for _, j := range snap.Jobs(step) {
		e.rec.Jobs[j.ID()] = j.Revision()
	}
	e.rec.Pages = pageRevisions(snap.Pages(step))

	base, err := rt.prompts.build(snap, step, rt.options())
	if err != nil { // no room for the step, whatever is left out: the call goes on at the fallback exit
		e.note(call.NoteDegraded, "", "", err.Error())
		e.ending = &call.Outcome{Kind: call.Fallback, Reason: "the step's jobs and pages do not fit the model"}
		return e
	}
	for _, n := range base.Notes() {
		e.note(n.Kind, n.Job, n.Action, n.Text)
		e.rec.Notes[len(e.rec.Notes)-1].Page = n.Page
	}
	for _, name := range base.MissingValues(in.Values) {
		e.note(call.NoteVariable, "", "", fmt.Sprintf("the variable %q has neither a value nor a default: the call goes on without it", name))
	}
	e.prompt = base.For(prompt.CallContext{Now: now, Number: in.To, Caller: in.Caller, Values: in.Values})
	e.rec.Receipt = e.prompt.Receipt
	return e
}

// greet says the step's greeting, or one of the library's own.
func (e *engine) greet() {
	if e.ending != nil {
		e.speak(phrase(e.sona, cannotGoOn))
		return
	}
	text := e.sona.Greeting
	if text == "" {
		text = phrase(e.sona, hello)
	}
	e.speak(text)
	e.messages = append(e.messages, model.Message{Role: model.Assistant, Text: text})
	e.spoken[len(e.spoken)-1].message = len(e.messages) - 1
}

// hear takes what the caller said and asks the model for a reply. Whatever was under way is over.
func (e *engine) hear(ctx context.Context, text string) {
	e.interrupt()
	e.rec.Turns = append(e.rec.Turns, call.Turn{By: call.ByCaller, Text: text, At: time.Now()})
	e.spoken = append(e.spoken, spoken{message: -1})
	e.messages = append(e.messages, model.Message{Role: model.User, Text: text})
	e.rounds = 0
	e.generate(ctx, 1)
}

// idle reports whether nothing is under way and everything was delivered.
func (e *engine) idle() bool { return e.gen == nil && !e.acting && len(e.events) == 0 }

// settle carries out a pending end; the caller has heard everything.
func (e *engine) settle() {
	if e.ending != nil && !e.over {
		e.finish(*e.ending)
	}
}

// finish ends Sona's part. Exit and next step come from the flow.
func (e *engine) finish(o call.Outcome) {
	if e.over {
		return
	}
	e.interrupt()
	o.Exit = o.Kind.Exit()
	o.Next = e.step.Next[o.Exit]
	e.rec.Outcome, e.over, e.ending = o, true, nil
	e.emit(Over{o})
}

// interrupt drops whatever is under way. A turn keeps what was delivered of it; one of which nothing was
// delivered vanishes, from the record and from what the model is told. Calls of a reply that was dropped
// never run, and an intended end is off. A started action finishes; its result is kept.
func (e *engine) interrupt() {
	if e.gen != nil {
		e.gen.cancel()
		if e.gen.turn >= 0 {
			e.remember(e.gen, "", nil)
		}
		e.gen = nil
	}
	e.events = slices.DeleteFunc(e.events, func(ev Event) bool { _, said := ev.(Said); return said })
	for i := len(e.rec.Turns) - 1; i >= 0 && e.rec.Turns[i].By == call.ByAgent; i-- {
		e.cut(i)
	}
	if e.ending != nil && e.ending.Kind != call.Transferred { // a started transfer cannot be called back
		e.ending = nil
	}
	for _, c := range e.calls {
		e.answer(c, false, nil, "not carried out: the caller went on speaking")
	}
	if e.acting && e.current.ID != "" {
		e.answer(e.current, true, nil, "still under way")
		e.current = model.ToolCall{}
	}
	e.calls, e.replied = nil, false
}

// cut reduces a turn to what was delivered.
func (e *engine) cut(i int) {
	t, s := &e.rec.Turns[i], e.spoken[i]
	if s.characters >= count(t.Text) {
		return
	}
	t.Interrupted, t.Spoken = true, s.characters
	if s.message >= 0 {
		e.messages[s.message].Text = t.Heard()
	}
	if s.characters == 0 && i == len(e.rec.Turns)-1 {
		e.rec.Turns, e.spoken = e.rec.Turns[:i], e.spoken[:i]
		if last := len(e.messages) - 1; s.message == last && len(e.messages[last].Calls) == 0 {
			e.messages = e.messages[:last]
		}
	}
}

func (e *engine) emit(ev Event) { e.events = append(e.events, ev) }

// next returns the oldest event that was not delivered. What it says counts as heard from now on.
func (e *engine) next() (Event, bool) {
	if len(e.events) == 0 {
		return nil, false
	}
	ev := e.events[0]
	e.events = e.events[1:]
	if s, ok := ev.(Said); ok && s.Turn < len(e.spoken) {
		e.spoken[s.Turn].characters += count(s.Text)
	}
	return ev, true
}

// note writes down what went otherwise, and tells whoever listens.
func (e *engine) note(kind call.NoteKind, id job.ID, action job.ActionName, text string) {
	n := call.Note{Kind: kind, Job: id, Action: action, Text: text, At: time.Now()}
	e.rec.Notes = append(e.rec.Notes, n)
	e.emit(Trouble{n})
}
