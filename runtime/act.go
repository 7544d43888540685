package runtime

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/internal/digest"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime/model"
	"github.com/sonajobs/sona/runtime/prompt"
)

// proceed carries out the next call of the last reply. When all are through, the model is asked again with
// their results, unless the conversation is to end.
func (e *engine) proceed(ctx context.Context) {
	for len(e.calls) > 0 && !e.acting {
		c := e.calls[0]
		e.calls = e.calls[1:]
		if e.ending != nil {
			e.answer(c, false, nil, "not carried out: the call is ending")
			continue
		}
		e.act(ctx, c)
	}
	if e.acting || !e.replied {
		return
	}
	e.replied = false
	if e.ending == nil {
		e.generate(ctx, 1)
	}
}

// act carries out one call of the model, or answers why not.
func (e *engine) act(ctx context.Context, c model.ToolCall) {
	if c.Name == prompt.OpenJobTool && e.prompt.Plan.Kind == prompt.Index {
		e.open(c)
		return
	}
	handle, use, args, err := e.resolve(c)
	if err != nil {
		e.answer(c, false, nil, err.Error())
		return
	}
	j, _ := e.prompt.Job(handle)
	effect := call.Effect{Job: j.ID(), Action: use.Name, Target: use.Target, Dry: e.rt.config.Dry, At: time.Now()}
	text := e.fill(use, args)
	effect.Args = encode(args)
	effect.Key = e.key(use, args)
	if done, ok := e.earlier(effect.Key); ok {
		e.answer(c, done.Err == "", done.Result, "it was done already, and is not done again. "+done.Err)
		return
	}
	if use.Name == job.TransferCall && !consented(e.rec.Turns) {
		e.refuseTransfer(c, j)
		return
	}
	e.credit(handle)
	e.rec.Effects = append(e.rec.Effects, effect)
	e.persist(ctx)
	e.start(ctx, c, len(e.rec.Effects)-1, use, text)
}

// start runs an action outside of the owner's goroutine, under a context that an interruption does not end:
// what was begun is finished.
func (e *engine) start(ctx context.Context, c model.ToolCall, i int, use job.ActionUse, text string) {
	effect := e.rec.Effects[i]
	e.acting, e.current = true, c
	info := CallInfo{ID: e.rec.ID, Key: effect.Key, Number: e.rec.Number, Caller: e.rec.Caller, Job: effect.Job, Test: e.rec.Test}
	if e.ws != nil {
		info.Workspace = e.ws.ID()
	}
	actx, cancel := context.WithTimeout(context.WithoutCancel(ctx), e.rt.limits.Action)
	go func() {
		defer cancel()
		result, err := e.rt.perform(actx, info, use, text, effect.Args)
		known := err == nil || actx.Err() == nil
		if !known {
			err = fmt.Errorf("the action took longer than %s: whether it was done is not known, so it is not done again", e.rt.limits.Action)
		}
		e.mail.post(func() { e.acted(ctx, i, result, err, known) })
	}()
}

// acted takes the result of an action; known is false when it did not come back in time.
func (e *engine) acted(ctx context.Context, i int, result json.RawMessage, err error, known bool) {
	f := &e.rec.Effects[i]
	f.Done, f.Result = known, result
	if err != nil {
		f.Err = err.Error()
		e.note(call.NoteUnreachable, f.Job, f.Action, f.Err)
	}
	c := e.current
	e.acting, e.current = false, model.ToolCall{}
	e.emit(Acted{*f})
	if err == nil {
		e.conclude(*f)
	}
	if c.ID == "" || e.over { // the caller went on meanwhile; the state note tells the model what came of it
		e.persist(ctx)
		return
	}
	e.answer(c, err == nil, result, f.Err)
	e.proceed(ctx)
}

// conclude sets how the call ends when an action ends it.
func (e *engine) conclude(f call.Effect) {
	switch f.Action {
	case job.TransferCall:
		e.ending = &call.Outcome{Kind: call.Transferred, Target: f.Target}
	case job.Voicemail:
		e.ending = &call.Outcome{Kind: call.Voicemail}
	case job.EndCall:
		e.ending = &call.Outcome{Kind: call.Ended}
	default:
		if a, ok := e.rt.actions[f.Action]; ok && a.Spec.Terminal {
			e.ending = &call.Outcome{Kind: call.Ended, Reason: string(f.Action)}
		}
	}
}

// open answers the tool of the Index plan that opens a job.
func (e *engine) open(c model.ToolCall) {
	var in struct {
		Job string `json:"job"`
	}
	if err := json.Unmarshal(c.Arguments, &in); err != nil {
		e.answer(c, false, nil, "the arguments are no JSON object")
		return
	}
	body, err := e.prompt.OpenJob(in.Job)
	if err != nil {
		e.answer(c, false, nil, err.Error())
		return
	}
	e.follow(in.Job, "")
	e.messages = append(e.messages, model.Message{Role: model.Tool, CallID: c.ID, Text: body})
}

// resolve finds the inline action that a call means. The model can name none that no attached job contains.
func (e *engine) resolve(c model.ToolCall) (handle string, use job.ActionUse, args map[string]any, err error) {
	args = map[string]any{}
	if len(c.Arguments) > 0 {
		if err := json.Unmarshal(c.Arguments, &args); err != nil || args == nil {
			return "", use, nil, errors.New("the arguments are no JSON object")
		}
	}
	handle, _ = args[prompt.ActionProperty].(string)
	delete(args, prompt.ActionProperty)
	handle = strings.Trim(handle, "[] ")
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
	if err := e.rt.checkArgs(use, args); err != nil {
		return "", use, nil, err
	}
	return handle, use, args, nil
}

// fill puts what the job fixed above what the model filled in, variables included, and returns the text of
// a message. Of built-in actions the model fills in nothing.
func (e *engine) fill(use job.ActionUse, args map[string]any) (text string) {
	if _, own := e.rt.actions[use.Name]; !own {
		clear(args)
	}
	for key := range use.Args {
		value, missing := e.prompt.Text(use, key, e.in.Values)
		for _, name := range missing {
			e.note(call.NoteVariable, "", use.Name, fmt.Sprintf("the variable %q has no value: it was left out", name))
		}
		args[key] = value
		if use.Name == job.SendSMS && key == "text" {
			text = value
		}
	}
	return text
}

// key is the same for the same call, action and arguments.
func (e *engine) key(use job.ActionUse, args map[string]any) string {
	return digest.Of(string(e.rec.ID) + "\x00" + string(use.Name) + "\x00" + string(encode(args)))[:32]
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

// refuseTransfer tells the model to ask first, or that the caller said no.
func (e *engine) refuseTransfer(c model.ToolCall, j job.Job) {
	if declined(e.rec.Turns) {
		e.note(call.NoteDeclined, j.ID(), job.TransferCall, "the caller did not want to be transferred")
		e.answer(c, false, nil, "the caller said no: do not transfer, and go on helping")
		return
	}
	e.answer(c, false, nil, "ask the caller first whether they want to be transferred, and wait for the answer")
}

// credit takes an action as proof of the job in hand, where no mark said so.
func (e *engine) credit(handle string) {
	head, _, _ := strings.Cut(handle, ".")
	if last := len(e.rec.Turns) - 1; last >= 0 && e.rec.Turns[last].By == call.ByAgent && e.rec.Turns[last].Source == call.SourceUnknown {
		j, _ := e.prompt.Job(head)
		e.rec.Turns[last].Job, e.rec.Turns[last].Source = j.ID(), call.SourceAction
	}
	if e.job.Handle != head {
		e.follow(head, "")
	}
}

// attributed returns job, step and source of what the mark of the reply declared.
func (e *engine) attributed() (id job.ID, step string, s call.Source) {
	return e.job.Job.ID(), e.jobStep, call.SourceDeclared
}

// answer tells the model what came of a call.
func (e *engine) answer(c model.ToolCall, ok bool, result json.RawMessage, problem string) {
	out := struct {
		OK     bool            `json:"ok"`
		Result json.RawMessage `json:"result,omitempty"`
		Note   string          `json:"note,omitempty"`
	}{ok, result, strings.TrimSpace(problem)}
	e.messages = append(e.messages, model.Message{Role: model.Tool, CallID: c.ID, Text: string(encode(out))})
}

// checkArgs refuses calls of host actions that lack what the action requires and the job did not fix.
func (r *Runtime) checkArgs(use job.ActionUse, args map[string]any) error {
	a, own := r.actions[use.Name]
	if !own || len(a.Spec.Parameters) == 0 {
		return nil
	}
	var schema struct {
		Required   []string                   `json:"required"`
		Properties map[string]json.RawMessage `json:"properties"`
	}
	if err := json.Unmarshal(a.Spec.Parameters, &schema); err != nil {
		return fmt.Errorf("action %s is not available", use.Name)
	}
	for _, name := range schema.Required {
		if _, given := args[name]; !given && use.Args[name] == "" {
			return fmt.Errorf("the argument %q is missing", name)
		}
	}
	for name := range args {
		if _, declared := schema.Properties[name]; !declared {
			return fmt.Errorf("there is no argument %.40q: there are %q", name, sortedKeys(schema.Properties))
		}
	}
	return nil
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// encode gives canonical JSON: keys sorted, no escaping for HTML.
func encode(v any) json.RawMessage {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return json.RawMessage("null")
	}
	return json.RawMessage(strings.TrimSuffix(b.String(), "\n"))
}
