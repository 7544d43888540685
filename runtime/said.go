package runtime

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/sonajobs/sona/callflow/call"
)

const mostSaid = 16 << 10 // bytes of one thing that a caller says

// hear takes what the caller said, one thing after the other, and asks the model for a reply to all of it. What
// was under way is over.
func (e *engine) hear(ctx context.Context, texts ...string) {
	for _, text := range texts {
		e.listen(text)
	}
	if e.ending != nil { // there is no way back: the caller is being transferred, or Sona cannot go on
		if e.ending.outcome.Kind == call.Fallback {
			e.apologise()
		}
		return
	}
	e.rounds, e.filled, e.hushed, e.unfinished = 0, false, false, notCut
	e.generate(ctx, 1)
}

// listen writes down what the caller said.
func (e *engine) listen(text string) {
	text = strings.ToValidUTF8(text, "\uFFFD")
	if len(text) > mostSaid {
		e.note(call.NoteDegraded, "", "", fmt.Sprintf("the caller said more than %d bytes at once: the rest was left out", mostSaid))
		text = beginning(text, mostSaid) + "…"
	}
	e.interrupt()
	e.consent.hear(e.question(), text)
	e.rec.Turns = append(e.rec.Turns, call.Turn{By: call.ByCaller, Text: text, At: time.Now()})
	e.spoken = append(e.spoken, spoken{entry: -1})
	e.history.caller(text)
	e.declined()
}

// question returns Sona's turns that the caller's next words may answer: a "yes" to the question whether they are
// still there agrees to nothing else.
func (e *engine) question() []call.Turn {
	turns := e.latest()
	for i := range slices.Backward(turns) {
		if e.spoken[len(e.spoken)-len(turns)+i].nudge {
			return turns[i+1:]
		}
	}
	return turns
}

// unanswered reports whether the caller waits for a reply that nobody is making.
func (e *engine) unanswered() bool {
	last := len(e.rec.Turns) - 1
	return e.listening() && (e.news || last >= 0 && e.rec.Turns[last].By == call.ByCaller)
}

// listening reports whether Sona waits for the caller and for nothing else.
func (e *engine) listening() bool { return e.idle() && e.ending == nil && !e.over }

// beginning returns the first characters of text, at most n bytes.
func beginning(text string, n int) string {
	if len(text) <= n {
		return text
	}
	for n > 0 && !utf8.RuneStart(text[n]) {
		n--
	}
	return text[:n]
}
