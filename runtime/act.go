package runtime

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/internal/digest"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime/prompt"
)

// acting is the action under way.
type acting struct {
	effect int    // index of its effect
	id     string // of the call that waits for the answer; empty when the model has one already
	call   string // the same, and it stays
	failed string // why the transfer failed, told by the line before it came back
	unsure bool   // that may be wrong
	made   bool   // the line told before it came back that the transfer is there
	filler *time.Timer
}

// carryOut carries out one call of the model, or answers why not.
func (e *engine) carryOut(ctx context.Context, c pendingCall) {
	if c.Name == prompt.OpenJobTool && e.prompt.Plan.Kind == prompt.Index {
		e.open(c)
		return
	}
	handle, use, args, err := e.resolve(c)
	if err != nil {
		e.answer(c.id, false, nil, err.Error())
		return
	}
	missing := e.fill(use, args)
	j, _ := e.prompt.Job(handle)
	effect := call.Effect{Job: j.ID(), Action: use.Name, Target: use.Target, Dry: e.rt.config.Dry, At: time.Now(), Args: encode(args)}
	effect.Key = e.key(effect)
	if done, ok := e.earlier(effect.Key); ok {
		e.answer(c.id, done.Done, done.Result, again(done))
		return
	}
	if len(e.rec.Effects) >= mostEffects {
		e.answer(c.id, false, nil, "there were too many actions on this call: no more are carried out")
		return
	}
	if use.Name == job.TransferCall && !e.mayTransfer(c) {
		return
	}
	for _, name := range missing {
		e.note(call.NoteVariable, j.ID(), use.Name, fmt.Sprintf("the variable %q has no value: it was left out", name))
	}
	e.credit(handle)
	e.rec.Effects = append(e.rec.Effects, effect)
	_ = e.persist(ctx)
	i := len(e.rec.Effects) - 1
	if use.Name == job.Voicemail || use.Name == job.EndCall {
		e.intend(c, i)
		return
	}
	text, _ := args["text"].(string)
	e.start(ctx, &acting{effect: i, id: c.id, call: c.id}, use, text)
}

// start runs an action outside of the owner's goroutine, under a context that an interruption does not end:
// what was begun is finished. When its time is over the call goes on without it.
func (e *engine) start(ctx context.Context, a *acting, use job.ActionUse, text string) {
	e.acting = a
	e.fillLater(a, e.rt.limits.Filler)
	f := e.rec.Effects[a.effect]
	info := CallInfo{ID: e.rec.ID, Key: f.Key, Workspace: e.space, Number: e.rec.Number, Caller: e.rec.Caller, Job: f.Job, Test: e.rec.Test}
	freed := e.undone[f.Key]
	delete(e.undone, f.Key)
	limit := e.rt.limits.Action
	late := fmt.Errorf("the action took longer than %s: whether it was done is not known, so it is not done again", limit)
	actx, cancel := context.WithTimeout(context.WithoutCancel(ctx), limit)
	forget := context.AfterFunc(actx, func() {
		e.mail.post(func() { e.acted(ctx, a, nil, late, false) })
	})
	go func() {
		result, err, known := json.RawMessage(nil), errors.New("the action ended inside the host: whether it was done is not known"), false
		defer func() {
			forget()
			cancel()
			e.mail.post(func() { e.acted(ctx, a, result, err, known) })
		}()
		result, err = e.rt.perform(actx, info, use, text, f.Args, freed)
		if known = err == nil || actx.Err() == nil; !known {
			err = late
		}
		known = known && !errors.Is(err, errUnknownEnd) && !errors.Is(err, errBrokeOff)
	}()
}

// acted takes the result of an action; known is false when it did not come back in time. What comes back
// later all the same makes a success known; the rest stays unknown.
func (e *engine) acted(ctx context.Context, a *acting, result json.RawMessage, err error, known bool) {
	f := &e.rec.Effects[a.effect]
	late := e.acting != a
	if late && (err != nil || f.Done) {
		return
	}
	if !late {
		e.acting = nil
	}
	if a.filler != nil {
		a.filler.Stop()
	}
	if a.made {
		err, known = nil, true // whatever its service says
	}
	if a.failed != "" && err == nil {
		e.undo(f.Key)
		err, known = errors.New(a.failed), known && !a.unsure
	}
	f.Done, f.Result, f.Err = known, e.kept(*f, result), ""
	if err != nil {
		f.Result, f.Err = nil, short(err.Error())
		e.note(call.NoteUnreachable, f.Job, f.Action, f.Err)
	}
	e.emit(Acted{*f})
	e.logAction(ctx, *f)
	if err == nil {
		e.conclude(*f, a.id)
	}
	if a.made {
		e.settle()
	}
	told := outcomeText(err == nil, f.Result, explain(f.Err, err))
	if a.id != "" {
		e.history.result(a.id, told)
		a.id = ""
		return
	}
	e.history.revise(a.call, told) // the caller went on meanwhile, and the model does not know yet
	e.news = e.news || !late && e.ending == nil
}

// undo takes that what was done, and may be claimed as done, has failed after all.
func (e *engine) undo(key string) {
	if e.undone == nil {
		e.undone = map[string]bool{}
	}
	e.undone[key] = true
}

// explain adds to an error what the agent can do about it.
func explain(text string, err error) string {
	if fault, ok := errors.AsType[*SMSError](err); ok {
		if why := smsReasons[fault.Reason]; why != "" {
			text += ": " + why
		}
	}
	return text
}

var smsReasons = map[string]string{
	SMSUnregistered: "this line may not send text messages; say that none was sent, and offer another way",
	SMSLandline:     "the caller's number cannot receive text messages; say that none was sent, and offer another way",
	SMSOptedOut:     "the caller has opted out of text messages; say that none was sent, and offer another way",
	SMSWithheld:     "the caller's number is not known or cannot be texted; say that none was sent, and offer another way",
}

// open answers the tool of the Index plan that opens a job.
func (e *engine) open(c pendingCall) {
	args, err := readArguments(c.Arguments)
	if err != nil {
		e.answer(c.id, false, nil, err.Error())
		return
	}
	handle, _ := args["job"].(string)
	handle = bareHandle(handle)
	body, err := e.prompt.OpenJob(handle)
	if err != nil {
		e.answer(c.id, false, nil, err.Error())
		return
	}
	e.follow(handle, "")
	e.history.result(c.id, body)
}

func bareHandle(s string) string { return strings.Trim(s, "[] ") }

// resolve finds the inline action that a call means. The model can name none that no attached job contains.
func (e *engine) resolve(c pendingCall) (handle string, use job.ActionUse, args map[string]any, err error) {
	args, err = readArguments(c.Arguments)
	if err != nil {
		return "", use, nil, err
	}
	handle, _ = args[prompt.ActionProperty].(string)
	delete(args, prompt.ActionProperty)
	handle = bareHandle(handle)
	use, ok := e.prompt.Action(handle)
	if !ok {
		all := e.prompt.Handles(job.ActionName(c.Name))
		if len(all) != 1 || handle != "" {
			return "", use, nil, fmt.Errorf("no job has the action %.40q under the handle %.20q: the handles are %q", c.Name, handle, all)
		}
		handle = all[0] // the only one there is: nothing else can be meant
		use, _ = e.prompt.Action(handle)
	}
	if string(use.Name) != c.Name {
		return "", use, nil, fmt.Errorf("%s is the action %s, not %.40q", handle, use.Name, c.Name)
	}
	a, own := e.rt.actions[use.Name]
	if !own {
		return handle, use, map[string]any{}, nil // of built-in actions the model fills in nothing
	}
	return handle, use, args, a.signature.check(use, args)
}

// fill puts what the job fixed above what the model filled in, variables included, and returns the variables
// that have no value.
func (e *engine) fill(use job.ActionUse, args map[string]any) (missing []string) {
	own := e.rt.actions[use.Name]
	for _, key := range slices.Sorted(maps.Keys(use.Args)) {
		text, unknown := e.prompt.Text(use, key, e.in.Values)
		args[key] = own.signature.fixed(key, text)
		missing = append(missing, unknown...)
	}
	return missing
}

// key is the same for the same call, action and arguments.
func (e *engine) key(f call.Effect) string {
	return digest.Of(string(e.rec.ID) + "\x00" + string(f.Action) + "\x00" + string(f.Args))[:32]
}

// earlier returns the effect with this key. One that failed may be tried again; one that is under way or
// whose end is not known may not.
func (e *engine) earlier(key string) (call.Effect, bool) {
	for _, f := range e.rec.Effects {
		if f.Key == key && (f.Err == "" || !f.Done) {
			return f, true
		}
	}
	return call.Effect{}, false
}

// again says why an action is not done a second time.
func again(f call.Effect) string {
	if f.Done {
		return "it was done already, and is not done again"
	}
	return cmp.Or(f.Err, "it is under way already, and is not done again")
}

// mayTransfer reports whether the caller agreed to be transferred, and uses the agreement up. Else it tells
// the model to ask first, or that the caller said no.
func (e *engine) mayTransfer(c pendingCall) bool {
	switch {
	case e.consent.use():
		return true
	case e.consent.is == refused:
		e.answer(c.id, false, nil, "the caller said no: do not transfer, and go on helping")
	default:
		e.answer(c.id, false, nil, "ask first, such as “"+phrase(e.sona, askTransfer)+"”, wait for the answer, and call again when the caller agrees")
	}
	return false
}

// declined notes that the caller has just refused a transfer.
func (e *engine) declined() {
	if e.consent.is != refused || !e.consent.fresh {
		return
	}
	var whose job.ID // the job in hand, or the only one that transfers
	for _, handle := range e.prompt.Handles(job.TransferCall) {
		j, _ := e.prompt.Job(handle)
		switch {
		case j.ID() == e.place.job.Job.ID():
			e.note(call.NoteDeclined, j.ID(), job.TransferCall, "the caller did not want to be transferred")
			return
		case whose != "" && whose != j.ID():
			return // it is not known which
		}
		whose = j.ID()
	}
	if whose != "" {
		e.note(call.NoteDeclined, whose, job.TransferCall, "the caller did not want to be transferred")
	}
}

// credit takes an action as proof of the job in hand, where no mark said so.
func (e *engine) credit(handle string) {
	head, _, _ := strings.Cut(handle, ".")
	if i := e.todo.turn; i >= 0 && i < len(e.rec.Turns) && e.rec.Turns[i].Source == call.SourceUnknown {
		j, _ := e.prompt.Job(head)
		e.rec.Turns[i].Job, e.rec.Turns[i].Source = j.ID(), call.SourceAction
	}
	if e.place.job.Handle != head {
		e.follow(head, "")
	}
}

// answer tells the model what came of a call.
func (e *engine) answer(id string, ok bool, result json.RawMessage, problem string) {
	e.history.result(id, outcomeText(ok, result, problem))
}

// outcomeText is what the model is told of an action's end.
func outcomeText(ok bool, result json.RawMessage, problem string) string {
	told, note := shorten(result, mostTold)
	return answerText(ok, told, strings.Trim(problem+"; "+note, "; "))
}

func answerText(ok bool, result json.RawMessage, problem string) string {
	return string(encode(struct {
		OK     bool            `json:"ok"`
		Result json.RawMessage `json:"result,omitempty"`
		Note   string          `json:"note,omitempty"`
	}{ok, result, strings.TrimSpace(problem)}))
}
