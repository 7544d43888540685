package mockcall

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime"
	"github.com/sonajobs/sona/storage"
)

// Call is a mock call in a test, turn by turn: what the caller does goes in by its methods, and each of them comes back
// when Sona waits for the caller again or the call is over. It runs on a [runtime.Session], so interruptions,
// silence and keys are what they are on a line. What Sona says last is being heard when a method comes back:
// the next one hears it out, [Call.Interrupt] speaks into it.
//
// Time is that of the test. In a bubble of testing/synctest it costs nothing; outside of one [Call.Silence] takes as
// long as it says. A Call is for the goroutine of its test. What cannot be done ends the test; what was expected and
// did not happen lets it go on.
type Call struct {
	t       testing.TB
	where   string // of New, in the test
	session *runtime.Session
	line    *line
	most    int              // things that a Caller says
	reads   []job.ActionName // for the result
	done    chan struct{}
	record  call.Record // once done is closed, and err with it
	err     error
	puts    int
	result  *Result   // once it was asked for
	pledges []*pledge // what is expected of the rest of the call
	from    int       // of the timeline: where Expect begins
	looked  bool      // something was expected, or the result was taken
}

// New begins a mock call on the draft of Config.Flow and lets Sona greet. Config.Caller is not needed; [Call.Talk]
// takes one. The test fails at once when the call cannot begin. The call ends with t.Context() at the latest: one
// that the test forgot to end is ended and logged, and one of which nothing was expected, and whose result
// nobody took, is an error: such a test cannot fail.
func New(t testing.TB, w *storage.Workspace, c Config) *Call {
	t.Helper()
	session, err := c.session(t.Context(), w)
	if err != nil {
		t.Fatalf("%v", err)
	}
	k := &Call{t: t, where: place(), session: session, done: make(chan struct{}), line: newLine(session), most: c.mostSaid(), reads: c.reads()}
	t.Cleanup(k.cleanup)
	go func() {
		defer close(k.done)
		k.record, k.err = session.Run(t.Context(), k.line)
	}()
	k.rest()
	return k
}

// session begins a call for a host with a line.
func (c Config) session(ctx context.Context, w *storage.Workspace) (*runtime.Session, error) {
	s, err := w.DraftSnapshot(ctx, c.Flow)
	if err != nil {
		return nil, fmt.Errorf("mockcall: %w", err)
	}
	rt, s, in, err := c.begin(s)
	if err != nil {
		return nil, fmt.Errorf("mockcall: %w", err)
	}
	session, err := rt.BeginOn(s, in)
	if err != nil {
		return nil, fmt.Errorf("mockcall: %w", err)
	}
	return session, nil
}

// Say lets the caller say something, once Sona's last words were heard.
func (k *Call) Say(text string) {
	k.t.Helper()
	if strings.TrimSpace(text) == "" {
		k.t.Fatalf("mockcall: Say without words: a caller who says nothing is Silence")
	}
	k.hearOut("say " + text)
	k.mark(moment{kind: isCaller, text: text})
	k.put(runtime.CallerSaid{Text: text})
	k.rest()
}

// Interrupt lets the caller speak into what Sona is saying: what was heard ends behind the words after, whatever their
// case; nothing was heard when after is empty. Without text the caller only makes a noise. The words must be among what Sona
// said since the caller's last act.
func (k *Call) Interrupt(after, text string) {
	k.t.Helper()
	if k.over() {
		k.fatal("the call is over: nobody is there to interrupt")
	}
	id, heard, ok := k.line.upTo(after)
	if !ok {
		k.fatal(fmt.Sprintf("Sona does not say %q now: nothing to interrupt", after))
	}
	k.cut(id, heard, text)
}

func (k *Call) cut(id runtime.UtteranceID, heard, text string) {
	k.t.Helper()
	shown := text
	if shown == "" {
		shown = "(a noise)"
	}
	k.line.stop(id, heard)
	k.mark(moment{kind: isCaller, text: shown, cut: true})
	k.put(runtime.Interrupted{Utterance: id, Heard: heard})
	if text != "" {
		k.put(runtime.CallerSaid{Text: text})
	}
	k.rest()
}

// Press lets the caller press keys, as one entry.
func (k *Call) Press(digits string) {
	k.t.Helper()
	k.hearOut("press " + digits)
	k.mark(moment{kind: isCaller, text: "(presses " + digits + ")"})
	k.put(runtime.CallerPressed{Digits: strings.TrimSuffix(digits, "#") + "#"})
	k.rest()
}

// Silence lets the caller say nothing for d, counted from when Sona was heard. She may ask whether the caller is
// there, and end the call. Outside of a bubble of testing/synctest it takes that long.
func (k *Call) Silence(d time.Duration) {
	k.t.Helper()
	k.hearOut("be silent")
	k.mark(moment{kind: isCaller, text: fmt.Sprintf("(silent for %s)", d)})
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-k.done:
	case <-k.t.Context().Done():
	}
	k.put(runtime.PlayedOut{Utterance: -1}) // names none, so nothing changes; it is taken when all is at rest
	k.rest()
}

// Hangup lets the caller leave.
func (k *Call) Hangup() {
	k.t.Helper()
	k.hearOut("hang up")
	k.mark(moment{kind: isCaller, text: "(hangs up)"})
	k.leave()
}

// Talk lets a caller speak until they hang up or the call is over. It fails the test when the caller does, or when
// they said Config.MaxTurns things and the call was not over.
func (k *Call) Talk(caller Caller) {
	k.t.Helper()
	for range k.most {
		id, heard, cuts := k.line.brokenInto(cutter(caller))
		if !cuts {
			k.settle()
		}
		if k.over() {
			return
		}
		if cuts {
			k.line.stop(id, heard)
		}
		m, err := next(k.t.Context(), caller, k.line.turns())
		switch {
		case err != nil:
			k.fatal(fmt.Sprintf("caller: %v", err))
		case m.hangUp:
			k.Hangup()
			return
		case cuts && m.words() != "":
			k.cut(id, heard, m.words())
		case m.keys != "":
			k.Press(m.keys)
		case m.silent > 0:
			k.Silence(m.silent)
		default:
			k.Say(m.say)
		}
	}
	k.settle()
	if !k.over() {
		k.fatal(fmt.Sprintf("%v within %d things that the caller said", ErrEndless, k.most))
	}
}

// Result ends the call if it goes on, by hanging up once Sona was heard, and returns what it gave. What was expected
// of the rest of the call is judged now. A second Result is the same.
func (k *Call) Result() *Result {
	k.t.Helper()
	k.looked = true
	k.settle()
	if !k.over() {
		k.mark(moment{kind: isCaller, text: "(hangs up)"})
		k.leave()
	}
	return k.close()
}

// close waits for the record.
func (k *Call) close() *Result {
	k.t.Helper()
	if k.result != nil {
		return k.result
	}
	<-k.done
	k.line.collect()
	k.result = &Result{Record: k.record, Prompt: k.session.Prompt(), Events: k.line.all(), Reads: k.reads}
	if k.err != nil && !errors.Is(k.err, context.Canceled) {
		k.t.Errorf("mockcall: %v", k.err)
	}
	k.judge(true)
	return k.result
}

// cleanup ends a call that the test has left.
func (k *Call) cleanup() {
	k.t.Helper()
	if k.result == nil {
		forgotten := !k.over()
		_ = k.session.Put(runtime.HungUp{Reason: "the test ended"})
		<-k.done
		if forgotten || errors.Is(k.err, context.Canceled) {
			k.t.Logf("mockcall: %s: the test ended before its call: it was hung up; Hangup or Result end it", k.where)
		}
		k.close()
	}
	if !k.looked {
		k.t.Errorf("mockcall: %s: nothing was expected of this call, and its result was not looked at: such a test cannot fail", k.where)
	}
}

// settle lets Sona be heard to the end, so that an end which waits for that comes about.
func (k *Call) settle() {
	if !k.over() {
		k.put(runtime.PlayedOut{})
		k.rest()
	}
}

// hearOut is settle before the caller acts, which needs a call that goes on.
func (k *Call) hearOut(act string) {
	k.t.Helper()
	k.settle()
	if k.over() {
		k.fatal("the call is over: the caller cannot " + act)
	}
}

func (k *Call) leave() {
	k.put(runtime.HungUp{})
	<-k.done
	k.line.collect()
	k.judge(false)
}

func (k *Call) put(in runtime.Input) {
	if k.session.Put(in) == nil {
		k.puts++
	}
}

// rest waits until all that was put is taken and nothing is under way.
func (k *Call) rest() {
	k.t.Helper()
	for {
		more, ready := k.line.rested(k.puts)
		if ready {
			break
		}
		select {
		case <-more:
			continue
		case <-k.done:
			k.line.collect()
		case <-k.t.Context().Done():
			<-k.done
			k.fatal("the test's context ended: " + context.Cause(k.t.Context()).Error())
		}
		break
	}
	k.judge(false)
}

func (k *Call) over() bool {
	select {
	case <-k.done:
		return true
	default:
		return false
	}
}

// mark notes what the caller does. What Sona does from here on came of it.
func (k *Call) mark(m moment) {
	k.from = k.line.add(m)
}

func (k *Call) fatal(problem string) {
	k.t.Helper()
	all := k.line.timeline()
	k.t.Fatalf("mockcall: %s: %s\n%s", place(), problem, k.around(all, len(all)-1))
}

// name returns a job's name.
func (k *Call) name(id string) string {
	i := slices.IndexFunc(k.session.Prompt().Plan.Jobs, func(j plannedJob) bool { return string(j.Job.ID()) == id })
	if i < 0 {
		return id
	}
	return k.session.Prompt().Plan.Jobs[i].Job.Name()
}
