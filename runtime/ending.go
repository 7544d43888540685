package runtime

import (
	"slices"
	"strings"

	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/job"
)

// ending is how the call is to end once what was said is heard. An intent of the model, to end the call or to
// go to voicemail, is off when the caller speaks before. What the host has begun cannot be taken back, and
// neither can Sona's own inability.
type ending struct {
	outcome call.Outcome
	id      string // of the call that asked for it; empty when none waits for an answer
	effect  int    // index of an intent's effect, which is done when the call ends; -1 for what was done already
	bound   bool   // an interruption changes nothing
}

// intend makes an action without a service of the host's the end of the call. Its effect is open until then.
func (e *engine) intend(c pendingCall, effect int) {
	kind := call.Ended
	if e.rec.Effects[effect].Action == job.Voicemail {
		kind = call.Voicemail
	}
	e.ending = &ending{outcome: call.Outcome{Kind: kind}, id: c.id, effect: effect}
	e.answer(c.id, true, nil, "")
}

// conclude sets how the call ends when an action that the host has carried out ends it.
func (e *engine) conclude(f call.Effect, id string) {
	o := call.Outcome{Kind: call.Ended, Reason: string(f.Action)}
	switch a, own := e.rt.actions[f.Action]; {
	case e.over || own && !a.Spec.Terminal || f.Action == job.SendSMS:
		return
	case f.Action == job.TransferCall:
		o = call.Outcome{Kind: call.Transferred, Target: f.Target}
	}
	e.dropEnding()
	e.ending = &ending{outcome: o, id: id, effect: -1, bound: true}
}

// fallBack makes the call leave by the fallback exit.
func (e *engine) fallBack(reason string) {
	e.ending = &ending{outcome: call.Outcome{Kind: call.Fallback, Reason: reason}, effect: -1, bound: true}
}

// dropEnding takes back an intent to end the call. It leaves no effect: it never took place, and the same
// intent later is a new one.
func (e *engine) dropEnding() {
	if e.ending == nil || e.ending.bound {
		return
	}
	if e.ending.effect < 0 { // a caller who was silent is there after all
		e.ending = nil
		return
	}
	e.rec.Effects = slices.Delete(e.rec.Effects, e.ending.effect, e.ending.effect+1)
	e.history.revise(e.ending.id, answerText(false, nil, "not carried out: the caller went on speaking"))
	e.ending = nil
}

// transferFailed takes that a transfer which was started does not come about, or that nobody knows. The
// conversation goes on, and the model is told.
func (e *engine) transferFailed(key, reason string, known bool) {
	if known {
		reason = short("the transfer failed: " + reason)
	} else {
		reason = short(strings.TrimSuffix("it is not known what became of the transfer, so it is not done again: "+reason, ": "))
	}
	if a := e.acting; a != nil {
		if f := e.rec.Effects[a.effect]; f.Action == job.TransferCall && (key == "" || key == f.Key) {
			a.failed, a.unsure = reason, !known // its result is still to come, and changes nothing any more
			return
		}
	}
	if e.ending == nil || e.ending.outcome.Kind != call.Transferred {
		return
	}
	for i := len(e.rec.Effects) - 1; i >= 0; i-- {
		f := &e.rec.Effects[i]
		if f.Action != job.TransferCall || f.Err != "" || key != "" && key != f.Key {
			continue
		}
		if f.Done, f.Err = known, reason; known {
			e.undo(f.Key)
		}
		e.note(call.NoteUnreachable, f.Job, f.Action, reason)
		e.history.revise(e.ending.id, answerText(false, nil, reason))
		e.ending = nil
		e.todo.again = true
		return
	}
}

// settle carries out a pending end; the caller has heard everything.
func (e *engine) settle() {
	if e.ending == nil || e.over {
		return
	}
	end := *e.ending
	e.ending = nil
	if end.effect >= 0 {
		e.rec.Effects[end.effect].Done = true
		e.emit(Acted{e.rec.Effects[end.effect]})
	}
	e.finish(end.outcome)
}

// leave ends the call because the caller or the host has left the line. A transfer that was started is what
// made them leave: lines often go before its service has come back.
func (e *engine) leave(o call.Outcome) {
	if e.acting != nil && e.rec.Effects[e.acting.effect].Action == job.TransferCall {
		e.interrupt()
		e.wait()
	}
	if e.ending != nil && e.ending.outcome.Kind == call.Transferred {
		o = e.ending.outcome
	}
	e.finish(o)
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
