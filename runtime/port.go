package runtime

import (
	"context"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/callflow/call"
)

// Port is the host's line. Its methods are called in order, from one goroutine. An error of Say or Flush ends
// the call with the outcome failed.
//
// What Say took is not heard yet: the call learns that from [PlayedOut]. A host whose line plays audio puts it
// when the audio was played. On a line that sends text, sent is heard, so the host puts it from inside of Say,
// just before it sends:
//
//	func (l *line) Say(_ context.Context, s runtime.Speech) error {
//		_ = l.session.Put(runtime.PlayedOut{Utterance: s.Utterance})
//		return l.send(s.Text)
//	}
//
// Before and not after, because inputs are taken in the order in which they were put: the caller's answer may
// come as soon as the words are out, and it must find that they were heard. Such a call has Incoming.Written set, so
// that nobody is asked whether they are still there while they type. A Port that collects the pieces and
// sends an utterance whole does both with the last piece, as examples/sockethost does.
type Port interface {
	// Say speaks a piece of an utterance. It returns when the piece was taken, not when it was heard.
	Say(ctx context.Context, s Speech) error
	// Flush drops what was taken and not heard yet: the caller went on speaking.
	Flush(ctx context.Context) error
	// End tells how Sona's part ended, so that the host can go on with the flow at o.Next without delay. It is
	// called once, last, and before the record is final: an action may be under way still, and the summary is
	// made afterwards. The final record is what [Session.Run] returns; only then is it stored and handed to
	// Config.OnRecord. An error of End is returned by Run and changes nothing about the outcome.
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
	NoInterrupt bool // must be heard to its end: the greeting when Config.HearGreeting is set, and the last words of a call that cannot go on
}

// Input is what a host puts into a [Session]: [CallerSaid], [CallerPressed], [Interrupted], [PlayedOut],
// [TransferStatus], [HungUp], [Note] or [Finish]. The set is closed; zero fields are the common case.
type Input interface{ input() }

// CallerSaid is what the caller said, as far as it was recognised. What Sona was saying is over, but for an
// utterance that must be heard to its end: it is answered after that.
//
// A Partial tells that the caller speaks, and what it says is never answered: like [Interrupted] with Unknown it
// stops Sona at once. Partials are not needed. When no words follow a Partial or an Interrupted within two
// seconds, and what the caller said before has no answer, it is answered after all.
type CallerSaid struct {
	Text    string
	Lang    callflow.Language
	Partial bool // a guess that will be replaced: it is not answered
}

// CallerPressed is what the caller pressed: one key or several of 0-9 * # A-D; others are dropped, and so are those
// behind the 64th of an entry. Sona stops at once. The keys of an entry count as one thing that the caller said,
// when a # ends it, when there is no other key for Limits.Digits, or when the caller speaks.
type CallerPressed struct{ Digits string }

// Interrupted tells that the caller spoke over Sona, before what they say is known. While an utterance is heard
// that must be heard to its end it changes nothing.
type Interrupted struct {
	Utterance UtteranceID // 0: the one that was being heard
	Heard     string      // the part that was heard; empty: nothing of it
	Unknown   bool        // the host cannot tell what was heard; it is estimated from the time that passed
}

// PlayedOut tells that an utterance was heard, and with it all that came before it. Of an utterance that is
// still being said it tells so of the pieces that Say has taken by the time the call reads it. One that names an
// utterance which is over tells nothing. When to put it is said at [Port].
//
// A host that never puts it runs too, on estimates: speech is taken to be heard at 14 characters a second from
// when Say took it. A caller who answers sooner than that counts as having interrupted: the turn is marked so in
// the record, the rest of it is kept from the model as not heard, and [Port.Flush] is called; an end of the call
// that was intended is off. The caller's silence counts from the end of what is estimated, too. A call that ends waits for the last words by the same estimate and a second more, at
// most Limits.PlayOut.
type PlayedOut struct {
	Utterance UtteranceID // 0: all of them
	Upto      int         // characters; 0: to its end
}

// The states of a transfer that was started.
const (
	TransferAccepted  = "accepted"  // the target was told; nothing follows yet
	TransferConnected = "connected" // the call leaves Sona
	TransferFailed    = "failed"    // the conversation goes on, and the caller may agree to another try
	TransferUnknown   = "unknown"   // nobody can tell: the conversation goes on, and the same transfer is never tried again
)

// TransferStatus tells what became of a transfer that was started, while the line is still there. Of a state
// other than those above nothing follows. A transfer whose state is never told leaves Sona when what was said is
// heard.
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

// Finish ends the call at once: a supervisor stepped in, or the host shuts down. An Outcome without a Kind is
// call.Ended; its Exit and Next are filled in from the flow.
type Finish struct{ Outcome call.Outcome }

func (CallerSaid) input()     {}
func (CallerPressed) input()  {}
func (Interrupted) input()    {}
func (PlayedOut) input()      {}
func (TransferStatus) input() {}
func (HungUp) input()         {}
func (Note) input()           {}
func (Finish) input()         {}
