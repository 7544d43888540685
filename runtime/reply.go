package runtime

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/runtime/model"
)

const (
	attempts  = 2               // requests for one reply, when the fault may pass
	mostWait  = 2 * time.Second // of a provider's Retry-After; a caller waits no longer
	mostFault = 2               // replies in a row that failed, before Sona gives up
	mostReply = 64 << 10        // bytes of one reply; nobody speaks that long
	mostCalls = 16              // calls of one reply
)

// generation is one reply under way, or the wait before it is asked for again.
type generation struct {
	cancel  context.CancelFunc
	speech  speech
	text    strings.Builder // of its turn, as far as it is there
	turn    int             // index of its turn; -1 before anything was said
	before  place           // what was in hand before
	mark    string
	attempt int
	begun   bool // its first word or call is there
	asked   time.Time
}

// generate asks the model for a reply.
func (e *engine) generate(ctx context.Context, attempt int) {
	if e.timeUp() {
		e.gen = nil
		e.takeLeave()
		return
	}
	if attempt == 1 {
		if e.rounds++; e.rounds > e.rt.limits.Rounds {
			e.note(call.NoteModel, "", "", fmt.Sprintf("the model asked for actions %d times in a row without an end", e.rt.limits.Rounds))
			e.failed()
			return
		}
	}
	request := model.Request{Prompt: e.prompt, Messages: e.history.messages(e.rt.limits.History)}
	if note := e.stateNote(); note != "" {
		request.Messages = append(request.Messages, model.Message{Role: model.System, Text: note})
	}
	e.news, e.hushed = false, false
	gctx, cancel := context.WithTimeout(ctx, e.rt.limits.Reply)
	g := &generation{turn: -1, attempt: attempt, before: e.here(), cancel: cancel, speech: speech{nonce: e.nonce}, asked: time.Now()}
	e.gen = g
	e.asking++
	// A model that minds neither its context nor its loop holds up nobody: the call goes on without it.
	forget := context.AfterFunc(gctx, func() {
		if errors.Is(gctx.Err(), context.DeadlineExceeded) {
			e.mail.post(func() { e.expired(ctx, g) })
		}
	})
	first := time.AfterFunc(e.rt.limits.FirstWord, func() {
		e.mail.post(func() {
			if !g.begun {
				e.expired(ctx, g)
			}
		})
	})
	find := e.search()
	go func() {
		reply, err := model.Reply{}, error(&model.Error{Kind: model.Unavailable, Err: errors.New("the model left without a reply")})
		defer func() {
			forget()
			first.Stop()
			cancel()
			e.mail.post(func() { e.generated(ctx, g, reply, err) })
		}()
		if find != nil {
			request.Prompt = find(gctx, request.Prompt)
			if err = gctx.Err(); err != nil { // nobody waits for the reply any more
				return
			}
		}
		reply, err = e.ask(gctx, g, request)
	}()
}

// ask runs outside of the owner's goroutine. A model of the host that panics is a fault like any other.
func (e *engine) ask(ctx context.Context, g *generation, r model.Request) (reply model.Reply, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = &model.Error{Kind: model.Unavailable, Err: fmt.Errorf("the model panicked: %T", p)}
		}
	}()
	size, calls := 0, 0
	reply, err = model.Collect(e.rt.config.Model.Generate(ctx, r), func(p model.Part) bool {
		switch p := p.(type) {
		case model.Text:
			if size += len(p); p != "" {
				e.mail.post(func() { e.hearModel(g, string(p)) })
			}
		case model.ToolCall:
			if calls++; calls == 1 {
				e.mail.post(func() { g.begun = true })
			}
			size += len(p.Arguments)
		default:
		}
		return ctx.Err() == nil && size < mostReply && calls <= mostCalls
	})
	if err == nil && ctx.Err() != nil {
		err = ctx.Err()
	}
	return reply, err
}

// hearModel takes a piece of the reply. What a newer input has made stale is dropped.
func (e *engine) hearModel(g *generation, piece string) {
	if e.gen == g {
		g.begun = true
		e.say(g, g.speech.write(piece))
	}
}

// say speaks a piece of a reply, under the job that the reply's mark declares.
func (e *engine) say(g *generation, text string) {
	if text != "" && g.turn < 0 {
		g.turn = e.turn("", g.before)
	}
	e.declare(g)
	if text == "" {
		return
	}
	t := &e.rec.Turns[g.turn]
	g.text.WriteString(text)
	t.Text = g.text.String()
	e.emit(Said{Turn: g.turn, Text: text, Job: t.Job, Step: t.Step, Source: t.Source})
}

// declare takes the reply's first mark of an attached job, or of none, as what the model says it follows. A
// mark of anything else tells nothing: what the reply belongs to stays unknown.
func (e *engine) declare(g *generation) {
	for len(g.speech.marks) > 0 && g.mark == "" {
		mark := g.speech.marks[0]
		g.speech.marks = g.speech.marks[1:]
		if handle, step, ok := attribution(e.prompt, mark); ok {
			g.mark = mark
			e.follow(handle, step)
		}
	}
	if g.mark != "" && g.turn >= 0 && e.spoken[g.turn].mark == "" {
		t := &e.rec.Turns[g.turn]
		e.spoken[g.turn].mark = g.mark
		t.Job, t.Step, t.Source = e.place.job.Job.ID(), e.place.step, call.SourceDeclared
	}
}

// generated takes the end of a reply.
func (e *engine) generated(ctx context.Context, g *generation, reply model.Reply, err error) {
	e.asking--
	e.rec.Usage = e.rec.Usage.Add(call.Usage{In: reply.Usage.In, Cached: reply.Usage.Cached, Out: reply.Usage.Out})
	e.logReply(ctx, reply, err, time.Since(g.asked))
	if e.gen != g {
		return
	}
	e.gen = nil
	if err == nil && reply.Reason == model.Filtered {
		err = errFiltered
	}
	if err == nil {
		e.say(g, g.speech.flush())
	}
	if err == nil && g.turn < 0 && len(reply.Calls) == 0 {
		err = errEmpty
		if reply.Reason == model.Length {
			err = errNoRoom
		}
	}
	if err != nil {
		e.fault(ctx, g, err)
		return
	}
	if len(reply.Calls) > mostCalls {
		reply.Calls = reply.Calls[:mostCalls]
		e.note(call.NoteModel, "", "", fmt.Sprintf("the model asked for more than %d actions at once: the rest was dropped", mostCalls))
	}
	goOn := e.cutShort(g, reply)
	repeated := e.history.named(reply.Calls)
	entry := e.keep(g, repeated)
	e.closeTurn(g, entry)
	e.todo = todo{entry: entry, turn: g.turn, again: len(repeated) > 0 || goOn}
	for i, c := range repeated {
		e.todo.calls = append(e.todo.calls, pendingCall{reply.Calls[i], c.ID})
	}
	if len(repeated) == 0 {
		e.faults = 0
	} else if e.acting != nil { // they wait for the action that the caller has talked over, and so does the caller
		e.fillLater(e.acting, e.rt.limits.Filler)
	}
}

// expired gives up a model that did not come back when its time was over.
func (e *engine) expired(ctx context.Context, g *generation) {
	if e.gen == g {
		e.gen = nil
		g.cancel()
		e.fault(ctx, g, context.DeadlineExceeded)
	}
}

// closeTurn tells that a reply's turn is whole, and which entry of the history it is.
func (e *engine) closeTurn(g *generation, entry int) {
	if g.turn >= 0 {
		t := e.rec.Turns[g.turn]
		e.spoken[g.turn].entry = entry
		e.emit(Said{Turn: g.turn, Job: t.Job, Step: t.Step, Source: t.Source, Last: true})
	}
}

// keep puts a reply into the history: what was said of it, under its mark. The model is told what the caller
// heard, and not what it wrote.
func (e *engine) keep(g *generation, calls []model.ToolCall) int {
	text := ""
	if g.turn >= 0 {
		text = e.rec.Turns[g.turn].Text
	}
	return e.history.agent(marked(g.mark, text), calls)
}

// marked puts the mark back that was taken out of a reply: the model is to go on marking its replies.
func marked(mark, text string) string {
	if mark == "" {
		return text
	}
	return strings.TrimSuffix("["+mark+"] "+text, " ")
}

// dropReply cancels the reply under way.
func (e *engine) dropReply() {
	g := e.gen
	if g == nil {
		return
	}
	e.gen = nil
	g.cancel()
	if g.turn < 0 {
		e.back(g.before)
		return
	}
	t := &e.rec.Turns[g.turn]
	t.Interrupted, t.Spoken = true, e.spoken[g.turn].characters
	e.spoken[g.turn].entry = e.keep(g, nil)
}

// fault decides what becomes of a reply that failed: it is asked for again when nothing of it was spoken
// and the fault may pass; else Sona says so, and after the second time in a row leaves by the fallback exit.
func (e *engine) fault(ctx context.Context, g *generation, err error) {
	if ctx.Err() != nil { // nobody listens any more: the owner is about to notice
		e.gen = g
		return
	}
	if g.turn < 0 {
		e.back(g.before)
	}
	kind := fmt.Sprintf("%T", err)
	wait := time.Duration(0)
	if fault, ok := errors.AsType[*model.Error](err); ok {
		kind, wait = string(fault.Kind), max(0, min(fault.RetryAfter, mostWait))
	}
	if g.turn < 0 && g.attempt < attempts && (model.Retryable(err) || errors.Is(err, context.DeadlineExceeded)) {
		e.askAgain(ctx, g.attempt+1, wait)
		return
	}
	e.rt.log().WarnContext(ctx, "model failed", "gen_ai.conversation.id", e.rec.ID, "error.type", kind)
	e.note(call.NoteModel, "", "", "the model failed: "+err.Error())
	if g.turn >= 0 {
		e.say(g, g.speech.flush())
		e.closeTurn(g, e.keep(g, nil))
	}
	e.failed()
}

// askAgain asks for a reply once more, after a while.
func (e *engine) askAgain(ctx context.Context, attempt int, wait time.Duration) {
	g := &generation{turn: -1, before: e.here()}
	timer := time.AfterFunc(wait, func() {
		e.mail.post(func() {
			if e.gen == g {
				e.generate(ctx, attempt)
			}
		})
	})
	g.cancel = func() { timer.Stop() }
	e.gen = g
}

// failed says that something went wrong, outside of the model's history.
func (e *engine) failed() {
	e.goneOn()
	if e.faults++; e.faults >= mostFault {
		e.fallBack("the language model could not go on")
		e.apologise()
		return
	}
	e.speak(phrase(e.sona, sayAgain))
}
