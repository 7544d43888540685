package runtime

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/runtime/model"
	"github.com/sonajobs/sona/runtime/prompt"
)

const (
	attempts  = 2               // requests for one reply, when the fault may pass
	mostWait  = 2 * time.Second // of a provider's Retry-After; a caller waits no longer
	mostFault = 2               // replies in a row that failed, before Sona gives up
)

// generate asks the model for a reply.
func (e *engine) generate(ctx context.Context, attempt int) {
	if attempt == 1 {
		if e.rounds++; e.rounds > e.rt.limits.Rounds {
			e.note(call.NoteModel, "", "", fmt.Sprintf("the model asked for actions %d times in a row without an end", e.rt.limits.Rounds))
			e.failed()
			return
		}
	}
	g := &generation{turn: -1, attempt: attempt}
	g.ctx, g.cancel = context.WithTimeout(ctx, e.rt.limits.Reply)
	e.gen = g
	request := model.Request{Prompt: e.prompt, Messages: slices.Clone(e.messages)}
	if note := e.stateNote(); note != "" {
		request.Messages = append(request.Messages, model.Message{Role: model.System, Text: note})
	}
	go func() {
		defer g.cancel()
		reply, err := e.ask(g, request)
		e.mail.post(func() { e.generated(ctx, g, reply, err) })
	}()
}

// ask runs outside of the owner's goroutine. A model of the host that panics is a fault like any other.
func (e *engine) ask(g *generation, r model.Request) (reply model.Reply, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = &model.Error{Kind: model.Unavailable, Err: fmt.Errorf("the model panicked: %T", p)}
		}
	}()
	reply, err = model.Collect(e.rt.config.Model.Generate(g.ctx, r), func(p model.Part) bool {
		if t, ok := p.(model.Text); ok {
			e.mail.post(func() { e.hearModel(g, string(t)) })
		}
		return true
	})
	if err == nil && reply.Reason == "" {
		err = &model.Error{Kind: model.Truncated, Err: errors.New("the reply gives no reason for its end")}
	}
	return reply, err
}

// hearModel takes a piece of the reply. What a newer input has made stale is dropped.
func (e *engine) hearModel(g *generation, piece string) {
	if e.gen == g {
		e.say(g, g.speech.write(piece))
	}
}

// say speaks a piece of a reply, under the job that the reply's mark declared.
func (e *engine) say(g *generation, text string) {
	if !g.marked && g.speech.mark != "" {
		g.marked = true
		e.declared(g)
	}
	if text == "" {
		return
	}
	if g.turn < 0 {
		t := call.Turn{By: call.ByAgent, Source: call.SourceUnknown, At: time.Now()}
		if g.marked {
			t.Job, t.Step, t.Source = e.attributed()
		}
		e.rec.Turns = append(e.rec.Turns, t)
		e.spoken = append(e.spoken, spoken{message: -1})
		g.turn = len(e.rec.Turns) - 1
	}
	t := &e.rec.Turns[g.turn]
	t.Text += text
	e.emit(Said{Turn: g.turn, Text: text, Job: t.Job, Step: t.Step, Source: t.Source})
}

// declared takes the reply's mark as what the model says it follows.
func (e *engine) declared(g *generation) {
	handle, step, ok := attribution(e.prompt, g.speech.mark)
	if !ok {
		g.marked = false
		g.speech.mark = "" // a mark of nothing attached: what it belongs to stays unknown
		return
	}
	e.follow(handle, step)
}

// follow makes a job the one in hand; an empty handle is none.
func (e *engine) follow(handle, step string) {
	before := e.job.Handle
	e.job, e.jobStep = prompt.PlannedJob{}, step
	for _, j := range e.prompt.Plan.Jobs {
		if j.Handle == handle {
			e.job = j
		}
	}
	if handle != "" && !slices.Contains(e.rec.Used, e.job.Job.ID()) {
		e.rec.Used = append(e.rec.Used, e.job.Job.ID())
	}
	if before != handle {
		e.emit(JobChosen{Job: e.job.Job.ID(), Name: e.job.Job.Name(), Step: step})
	}
}

// generated takes the end of a reply.
func (e *engine) generated(ctx context.Context, g *generation, reply model.Reply, err error) {
	e.rec.Usage = e.rec.Usage.Add(call.Usage{In: reply.Usage.In, Cached: reply.Usage.Cached, Out: reply.Usage.Out})
	if e.gen != g {
		return
	}
	e.say(g, g.speech.end())
	e.gen = nil
	if err == nil && reply.Text == "" && len(reply.Calls) == 0 {
		err = &model.Error{Kind: model.Unavailable, Err: errors.New("the reply was empty")}
	}
	if err != nil {
		e.fault(ctx, g, err)
		return
	}
	e.faults = 0
	e.remember(g, reply.Text, e.named(reply.Calls))
	e.closeTurn(g)
	e.calls, e.replied = e.named(reply.Calls), len(reply.Calls) > 0
	e.proceed(ctx)
}

// named gives every call an ID that is its own within the conversation, as providers demand.
func (e *engine) named(calls []model.ToolCall) []model.ToolCall {
	calls = slices.Clone(calls)
	for i := range calls {
		if calls[i].ID == "" || slices.ContainsFunc(calls[:i], func(c model.ToolCall) bool { return c.ID == calls[i].ID }) {
			calls[i].ID = fmt.Sprintf("call_%d_%d", len(e.messages), i)
		}
	}
	return calls
}

// remember puts a reply into the model's history: with its mark, since the model is to go on that way; of
// a reply that was dropped only what was heard.
func (e *engine) remember(g *generation, text string, calls []model.ToolCall) {
	if text == "" && g.turn >= 0 && calls == nil {
		text = e.rec.Turns[g.turn].Text
	}
	if text == "" && len(calls) == 0 {
		return
	}
	e.messages = append(e.messages, model.Message{Role: model.Assistant, Text: text, Calls: calls})
	if g.turn >= 0 {
		e.spoken[g.turn].message = len(e.messages) - 1
	}
}

func (e *engine) closeTurn(g *generation) {
	if g.turn >= 0 {
		t := e.rec.Turns[g.turn]
		e.emit(Said{Turn: g.turn, Job: t.Job, Step: t.Step, Source: t.Source, Last: true})
	}
}

// fault decides what becomes of a reply that failed: it is asked for again when nothing of it was spoken
// and the fault may pass; else Sona says so, and after the second time in a row leaves by the fallback exit.
func (e *engine) fault(ctx context.Context, g *generation, err error) {
	if ctx.Err() != nil {
		e.interruptReply(g)
		return
	}
	again := model.Retryable(err) || errors.Is(err, context.DeadlineExceeded)
	if again && g.turn < 0 && g.attempt < attempts {
		wait := time.Duration(0)
		if fault, ok := errors.AsType[*model.Error](err); ok {
			wait = min(fault.RetryAfter, mostWait)
		}
		e.gen = g // still under way
		time.AfterFunc(wait, func() {
			e.mail.post(func() {
				if e.gen == g {
					e.generate(ctx, g.attempt+1)
				}
			})
		})
		return
	}
	e.rt.log().WarnContext(ctx, "model failed", "call", e.rec.ID, "error.type", fmt.Sprintf("%T", err))
	e.note(call.NoteModel, "", "", "the model failed: "+err.Error())
	if g.turn >= 0 {
		e.remember(g, "", nil)
		e.closeTurn(g)
	}
	e.failed()
}

// failed says that something went wrong, outside of the model's history.
func (e *engine) failed() {
	if e.faults++; e.faults >= mostFault {
		e.ending = &call.Outcome{Kind: call.Fallback, Reason: "the language model could not go on"}
		e.speak(phrase(e.sona, cannotGoOn))
		return
	}
	e.speak(phrase(e.sona, sayAgain))
}

// interruptReply ends a reply whose context is over: the host has gone, so nothing more is said.
func (e *engine) interruptReply(g *generation) {
	e.gen = g
	e.interrupt()
}

// speak says a whole text that does not come from the model.
func (e *engine) speak(text string) {
	e.rec.Turns = append(e.rec.Turns, call.Turn{By: call.ByAgent, Text: text, Source: call.SourceUnknown, At: time.Now()})
	e.spoken = append(e.spoken, spoken{message: -1})
	e.emit(Said{Turn: len(e.rec.Turns) - 1, Text: text, Source: call.SourceUnknown, Last: true})
}

func count(s string) int { return utf8.RuneCountInString(s) }
