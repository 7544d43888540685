package runtime

import (
	"context"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/callflow/call"
)

// Port is the host's line. Its methods are called in order, from one goroutine. An error ends the call with
// the outcome failed.
type Port interface {
	// Say speaks a piece of an utterance. It returns when the piece was taken, not when it was heard.
	Say(ctx context.Context, s Speech) error
	// Flush drops what was taken and not heard yet: the caller went on speaking.
	Flush(ctx context.Context) error
	// End tells how Sona's part ended; it is called once, last. For outcomes with a next step the host goes on
	// with the flow.
	End(ctx context.Context, o call.Outcome) error
}

// UtteranceID names an utterance of Sona within a call: 1 for the first, rising.
type UtteranceID int

// Speech is a piece of an utterance. The last piece has Last set and may be empty.
type Speech struct {
	Utterance   UtteranceID
	Text        string
	Lang        callflow.Language // the step's first language
	Last        bool
	NoInterrupt bool // must be heard to its end; nothing of this version sets it
}

// Input is what a host puts into a [Session]: [CallerSaid], [CallerPressed], [Interrupted], [PlayedOut],
// [TransferStatus], [HungUp], [Note] or [Finish]. The set is closed; zero fields are the common case.
type Input interface{ input() }

// CallerSaid is what the caller said, as far as it was recognised. What Sona was saying is over.
type CallerSaid struct {
	Text    string
	Lang    callflow.Language
	Partial bool // a guess that will be replaced: it is not answered
}

// CallerPressed is what the caller pressed.
type CallerPressed struct{ Digits string }

// Interrupted tells that the caller spoke over Sona, before what they say is known.
type Interrupted struct {
	Utterance UtteranceID // 0: the one that was being heard
	Heard     string      // the part that was heard
	Unknown   bool        // the host cannot tell what was heard; it is estimated from the time that passed
}

// PlayedOut tells that an utterance was heard.
type PlayedOut struct {
	Utterance UtteranceID // 0: all of them
	Upto      int         // characters; 0: to its end
}

// The states of a transfer.
const (
	TransferConnected = "connected"
	TransferFailed    = "failed"
)

// TransferStatus tells what became of a transfer that was started and has not left the line yet.
type TransferStatus struct {
	Key    string // of the effect; empty: the only one
	State  string
	Reason string
}

// HungUp tells that the caller left.
type HungUp struct{ Reason string }

// Note is something that the host learned during the call, such as data of its CRM. The model is told; it
// is information, not instruction.
type Note struct{ Key, Value string }

// Finish ends the call at once: a supervisor stepped in, or the host shuts down.
type Finish struct{ Outcome call.Outcome }

func (CallerSaid) input()     {}
func (CallerPressed) input()  {}
func (Interrupted) input()    {}
func (PlayedOut) input()      {}
func (TransferStatus) input() {}
func (HungUp) input()         {}
func (Note) input()           {}
func (Finish) input()         {}
