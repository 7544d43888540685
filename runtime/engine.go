package runtime

import (
	"context"
	"fmt"
	"time"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime/model"
	"github.com/sonajobs/sona/runtime/prompt"
	"github.com/sonajobs/sona/storage"
)

// engine is one call. All of it is owned by one goroutine: the one that iterates over a Chat, or the one
// that runs a Session. Models and actions work elsewhere and post what they found into the mailbox. The
// owner's loop is: deliver the events, run what was posted, and when there is neither, advance.
type engine struct {
	rt      *Runtime
	ws      *storage.Workspace // nil: the record is only handed back
	space   storage.WorkspaceID
	in      Incoming
	sona    callflow.SonaStep
	step    callflow.Step
	prompt  prompt.Prompt
	context prompt.CallContext // of the prompt
	nonce   string             // of the prompt's fences
	rec     call.Record
	mail    *mailbox[func()]
	events  queue[Event] // not delivered yet

	history    history
	spoken     []spoken // what was delivered of each turn, by its index
	utterances UtteranceID
	place      place
	gen        *generation // the reply under way, nil between replies
	asking     int         // requests whose goroutine has not come back
	todo       todo
	sought     sought
	acting     *acting         // the action under way
	undone     map[string]bool // keys of effects that were done, and have failed after all
	rounds     int             // replies to what the caller said last
	faults     int             // things that the caller said in a row that no reply came to
	consent    consent         // of the caller to a transfer
	told       []Note          // what the host learned during the call
	begun      bool            // a record of it is stored
	unstored   bool            // the record says that it could not be stored

	ending     *ending              // to be carried out once what was said is heard
	apologised bool                 // said that it cannot go on
	known      int                  // bytes of what actions answered, in the record
	news       bool                 // an action came back after the caller went on: the model has not told them yet
	hushed     bool                 // the caller makes themselves heard, and what they say is not known yet
	unfinished unfinished           // since the caller spoke
	filled     bool                 // said that an action takes a moment, since the caller spoke
	fillers    int                  // how often it was said on the call
	speaking   func() time.Duration // how long until what was said is heard, negative: since then; nil: nobody knows
	over       bool
	ended      bool
}

// place is what is in hand.
type place struct {
	job  prompt.PlannedJob // without a handle: none
	step string
	used int // how many jobs were used until then
}

// todo is what the last reply asks for.
type todo struct {
	calls []pendingCall
	entry int  // of the reply in the history
	turn  int  // of the reply; -1 when nothing was said
	begun bool // a call was carried out or answered
	again bool // the model is asked again when all are through
}

// pendingCall is a call of the model: as it came, and under the ID that the history has.
type pendingCall struct {
	model.ToolCall
	id string
}

func newEngine(rt *Runtime, ws *storage.Workspace, snap callflow.Snapshot, step callflow.StepID, in Incoming) *engine {
	e := &engine{rt: rt, ws: ws, in: in, mail: newMailbox[func()](), space: storage.WorkspaceID(snap.Workspace()), nonce: snap.Settings().Nonce()}
	if ws != nil {
		e.space = ws.ID()
	}
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

	base, err := rt.prompts.build(snap, step, rt.PromptOptions())
	if err != nil { // no room for the step, whatever is left out: the call goes on at the fallback exit
		e.note(call.NoteDegraded, "", "", err.Error())
		e.fallBack("the step's jobs and pages do not fit the model")
		return e
	}
	for _, n := range base.Notes() {
		e.write(n)
	}
	e.unserved(base)
	for _, name := range base.MissingValues(in.Values) {
		e.note(call.NoteVariable, "", "", fmt.Sprintf("the variable %q has neither a value nor a default: the call goes on without it", name))
	}
	e.context = prompt.CallContext{Now: now, Number: in.To, Caller: in.Caller, Values: in.Values}
	e.prompt = base.For(e.context)
	e.rec.Receipt = e.prompt.Receipt
	return e
}

// greet says the step's greeting, or one of the library's own.
func (e *engine) greet() {
	if e.ending != nil {
		e.apologise()
		return
	}
	text := e.sona.Greeting
	if text == "" {
		text = phrase(e.sona, hello)
	}
	e.utter(text, e.rt.config.HearGreeting || e.sona.HearGreeting)
	e.spoken[len(e.spoken)-1].entry = e.history.agent(text, nil)
}

// advance does the next thing that the last reply asked for, once all of the reply was delivered. It reports
// whether there was one.
func (e *engine) advance(ctx context.Context) bool {
	switch {
	case e.gen != nil || e.acting != nil || e.over:
		return false
	case len(e.todo.calls) > 0:
		c := e.todo.calls[0]
		e.todo.calls, e.todo.begun = e.todo.calls[1:], true
		if e.ending != nil {
			e.answer(c.id, false, nil, "not carried out: the call is ending")
			return true
		}
		e.carryOut(ctx, c)
		return true
	case e.todo.again:
		e.todo = todo{}
		if e.ending == nil {
			e.generate(ctx, 1)
		}
		return true
	case e.news && !e.hushed:
		e.news = false
		if e.ending == nil {
			e.generate(ctx, 1)
		}
		return true
	}
	return false
}

// idle reports whether nothing is under way or to be done, and everything was delivered.
func (e *engine) idle() bool {
	return e.gen == nil && e.acting == nil && e.events.len() == 0 && len(e.todo.calls) == 0 && !e.todo.again && (!e.news || e.hushed)
}

// interrupt drops whatever is under way. A turn keeps what was delivered of it; one of which nothing was
// delivered vanishes, from the record and from what the model is told. Calls of a reply that was dropped
// never run, and an intended end is off. A started action finishes; its result is kept.
func (e *engine) interrupt() {
	e.goneOn()
	e.dropReply()
	e.dropSpeech()
	e.dropCalls()
	for i := len(e.rec.Turns) - 1; i >= 0 && e.rec.Turns[i].By == call.ByAgent; i-- {
		e.cut(i)
	}
	e.dropEnding()
}

// dropCalls takes back what the last reply asks for, as far as it was not begun.
func (e *engine) dropCalls() {
	if e.acting != nil && e.acting.id != "" {
		e.answer(e.acting.id, false, nil, "still under way: its result is told when it is there")
		e.acting.id = ""
	}
	if len(e.todo.calls) > 0 && !e.todo.begun {
		e.history.forget(e.todo.entry)
		e.todo = todo{}
	}
	for _, c := range e.todo.calls {
		e.answer(c.id, false, nil, "not carried out: the caller went on speaking")
	}
	e.todo = todo{}
}

func (e *engine) emit(ev Event) { e.events.push(ev) }

// next returns the oldest event that was not delivered.
func (e *engine) next() (Event, bool) { return e.events.pop() }

// note writes down what went otherwise, and tells whoever listens.
func (e *engine) note(kind call.NoteKind, id job.ID, action job.ActionName, text string) {
	e.write(call.Note{Kind: kind, Job: id, Action: action, Text: short(text)})
}

func (e *engine) write(n call.Note) {
	n.At = time.Now()
	switch {
	case len(e.rec.Notes) == mostNotes:
		n = call.Note{Kind: call.NoteDegraded, Text: "there was more to note: it was left out", At: n.At}
	case len(e.rec.Notes) > mostNotes:
		return
	}
	e.rec.Notes = append(e.rec.Notes, n)
	e.emit(Trouble{n})
}

const mostNotes = 200 // of a record

// short bounds what strangers write into notes and errors: a provider's whole error page, for one.
func short(text string) string {
	const most = 500
	n := 0
	for i := range text {
		if n++; n > most {
			return text[:i] + "…"
		}
	}
	return text
}
