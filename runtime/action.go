package runtime

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime/prompt"
	"github.com/sonajobs/sona/storage"
)

// CallInfo tells the host for which call something is done.
type CallInfo struct {
	ID        call.ID
	Key       string // the same for the same call, action and arguments: an idempotency key for the host's own services
	Workspace storage.WorkspaceID
	Number    callflow.Line // that was called
	Caller    call.Caller
	Job       job.ID // that asked for it
	Test      bool   // a mock call
}

// SMSSender sends text messages. To and from are the CallInfo's, so that nobody else can be texted.
type SMSSender interface {
	// SendSMS sends text from i.Number to i.Caller.Number. It returns when the message was accepted, or an
	// error; an *[SMSError] tells the agent why, so that it can offer another way. Concurrent.
	SendSMS(ctx context.Context, i CallInfo, text string) error
}

// SMSFunc is an SMSSender that is a function.
type SMSFunc func(ctx context.Context, i CallInfo, text string) error

// SendSMS calls f.
func (f SMSFunc) SendSMS(ctx context.Context, i CallInfo, text string) error { return f(ctx, i, text) }

// The reasons why a text message can fail that the agent knows how to speak about.
const (
	SMSUnregistered = "unregistered" // the number that was called may not send messages
	SMSLandline     = "landline"     // the caller's number cannot receive any
	SMSOptedOut     = "opted_out"    // the caller wants none
	SMSWithheld     = "withheld"     // the caller's number is not known, or is none that could be texted
)

// SMSError says why a text message was not sent.
type SMSError struct {
	Reason string // one of the SMS constants, or the host's own
	Err    error  // the detail; never told to the model
}

func (e *SMSError) Error() string { return "sms: " + e.Reason }

// Unwrap gives the detail.
func (e *SMSError) Unwrap() error { return e.Err }

// Transferer starts transfers.
type Transferer interface {
	// Transfer starts to transfer the caller to a target from the job. When it returns nil the call leaves
	// Sona as soon as what was said is heard, unless the line tells before that the transfer failed, by a
	// [TransferStatus]; on an error the conversation goes on. Concurrent.
	Transfer(ctx context.Context, i CallInfo, to job.Target) error
}

// TransferFunc is a Transferer that is a function.
type TransferFunc func(ctx context.Context, i CallInfo, to job.Target) error

// Transfer calls f.
func (f TransferFunc) Transfer(ctx context.Context, i CallInfo, to job.Target) error {
	return f(ctx, i, to)
}

// Handoff is the Transferer for protocols where telling is doing: it starts nothing, and the Outcome that
// the Port's End gets makes the transfer.
var Handoff Transferer = TransferFunc(func(context.Context, CallInfo, job.Target) error { return nil })

// Action is something that the host can do for a caller.
type Action struct {
	Spec job.ActionSpec
	// Do carries the action out. args is a JSON object with what the model filled in, and with what the job
	// fixed, which stands above it. The result is JSON for the model; an error is told to the model as its
	// text, so it must hold no secret, and means that it was not done: the model may ask for it again. After a panic
	// nobody knows, so it is not done again; what answers with something that is no JSON was done. Concurrent.
	Do func(ctx context.Context, i CallInfo, args json.RawMessage) (json.RawMessage, error)
}

// errNoWords: every word of the message was a variable without a value.
var errNoWords = errors.New("the text message has no words in this call: say that none was sent, and offer another way")

var errNotHere = errors.New("this line has no such service: tell the caller that it is not possible here")

// unserved notes, once for each job, the built-in actions for which the host has configured nothing: that is to
// be seen before a caller asks for them.
func (e *engine) unserved(p prompt.Prompt) {
	note := func(name job.ActionName, problem string) {
		told := map[job.ID]bool{}
		for _, handle := range p.Handles(name) {
			j, _ := p.Job(handle)
			if !told[j.ID()] {
				told[j.ID()] = true
				e.note(call.NoteActionUnavailable, j.ID(), name, problem)
			}
		}
	}
	if e.rt.config.SMS == nil {
		note(job.SendSMS, "the host sends no text messages: set Config.SMS, or take the action out of the job")
	}
	if e.rt.config.Transfer == nil {
		note(job.TransferCall, "the host transfers no calls: set Config.Transfer, or take the action out of the job")
	}
}

// errBrokeOff: the host's code ended in the middle.
var errBrokeOff = errors.New("whether it was done is not known, so it is not done again")

// noAnswer stands for the result of an action that was done and answered with what cannot be told.
var noAnswer = json.RawMessage(`"it was done; its answer cannot be read"`)

// perform carries out one action, once; it runs outside of the goroutine that owns the call. freed tells that an
// earlier attempt was claimed as done and has failed.
func (r *Runtime) perform(ctx context.Context, i CallInfo, u job.ActionUse, text string, args json.RawMessage, freed bool) (result json.RawMessage, err error) {
	defer func() {
		if p := recover(); p != nil {
			result, err = nil, fmt.Errorf("action %s failed inside the host: %w", u.Name, errBrokeOff)
			r.log().ErrorContext(ctx, "action panicked", "gen_ai.tool.name", u.Name, "gen_ai.conversation.id", i.ID, "panic", fmt.Sprintf("%T", p))
		}
	}()
	return r.once(ctx, i, freed, func() (json.RawMessage, error) { return r.do(ctx, i, u, text, args) })
}

func (r *Runtime) do(ctx context.Context, i CallInfo, u job.ActionUse, text string, args json.RawMessage) (json.RawMessage, error) {
	switch u.Name {
	case job.SendSMS:
		if r.config.SMS == nil {
			return nil, errNotHere
		}
		if _, ok := i.Caller.Number.Phone(); !ok {
			return nil, &SMSError{Reason: SMSWithheld}
		}
		if strings.TrimSpace(text) == "" {
			return nil, errNoWords
		}
		return nil, r.config.SMS.SendSMS(ctx, i, text)
	case job.TransferCall:
		if r.config.Transfer == nil {
			return nil, errNotHere
		}
		return nil, r.config.Transfer.Transfer(ctx, i, u.Target)
	default: // the host's own; voicemail and end_call are the call's business
		result, err := r.actions[u.Name].Do(ctx, i, args)
		if err == nil && len(result) > 0 && !json.Valid(result) {
			r.log().WarnContext(ctx, "action answered with what is no JSON", "gen_ai.tool.name", u.Name, "gen_ai.conversation.id", i.ID)
			return noAnswer, nil
		}
		return result, err
	}
}
