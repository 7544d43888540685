package runtime

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/runtime/model"
)

// A reply that its provider's filter withheld is a fault that asking again does not mend: what was said of it stays
// said, its calls never run, Sona asks the caller to say it again, and after the second in a row she leaves by the
// fallback exit.
//
// A reply that a limit of tokens cut is taken as far as it goes: its calls are whole, so they run. When its words end
// in the middle of a sentence the model is asked, once for each thing that the caller says, to end the sentence.
// Nothing is held back for that: a caller waits for no word that is there.
var (
	errFiltered = &model.Error{Kind: model.BadRequest, Err: errors.New("the provider's filter withheld the reply")}
	errEmpty    = &model.Error{Kind: model.Unavailable, Err: errors.New("the reply was empty")}
	errNoRoom   = &model.Error{Kind: model.Unavailable, Err: errors.New("the reply was cut by its limit of tokens before its first word")}
)

// unfinished is how far a reply is made good that was cut in the middle of a sentence.
type unfinished int

const (
	notCut  unfinished = iota
	goingOn            // the next reply is to end the sentence
	wentOn             // it was asked for: that is enough
)

// cutShort notes that a reply was cut, and reports whether the model is to go on with it.
func (e *engine) cutShort(g *generation, r model.Reply) bool {
	e.goneOn()
	switch {
	case r.Reason == model.Length:
		e.note(call.NoteModel, "", "", "a reply was cut by the model's limit of tokens")
	case size(r) >= mostReply:
		e.note(call.NoteModel, "", "", fmt.Sprintf("a reply was longer than %d bytes: the rest was left out", mostReply))
		return false
	default:
		return false
	}
	if len(r.Calls) > 0 || g.turn < 0 || e.unfinished != notCut || wholeSentence(e.rec.Turns[g.turn].Text) {
		return false
	}
	e.unfinished = goingOn
	return true
}

// goneOn takes that the model was asked to go on.
func (e *engine) goneOn() {
	if e.unfinished == goingOn {
		e.unfinished = wentOn
	}
}

// size is how much a reply was as it came.
func size(r model.Reply) int {
	n := len(r.Text)
	for _, c := range r.Calls {
		n += len(c.Arguments)
	}
	return n
}

// wholeSentence reports whether nothing is missing at the end of text.
func wholeSentence(text string) bool {
	text = strings.TrimRight(text, " \t\n\"'”’»)]")
	last, _ := utf8.DecodeLastRuneInString(text)
	return strings.ContainsRune(".?!…。？！", last)
}
