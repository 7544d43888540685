package runtime

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/job"
)

const (
	mostNote  = 360 // bytes of the state note: at most 120 tokens by the library's own estimate
	mostValue = 120 // bytes of one thing that the host learned
)

// stateNote restates near the end of the request what is certain, and nothing else: the job and step that
// the model declared, what was done or failed, a transfer that was offered, what the host learned. It is
// never a guess about what is missing. Where there is no room for all, the oldest effects go first; the job
// in hand always stays.
func (e *engine) stateNote() string {
	hand := ""
	if e.place.job.Handle != "" {
		hand = " In hand: job " + e.place.job.Handle
		if e.place.step != "" {
			hand += ", step " + e.place.step
		}
		hand += "."
	}
	var facts []string
	for _, f := range e.rec.Effects {
		facts = append(facts, state(f))
	}
	for _, n := range e.told {
		facts = append(facts, fmt.Sprintf("The host says: %s = %s.", encode(n.Key), encode(n.Value)))
	}
	if e.offered() {
		facts = append(facts, "You have asked whether to transfer.")
	}
	for {
		note := "State:" + hand
		for _, f := range facts {
			note += " " + f
		}
		switch {
		case len(note) > mostNote && len(facts) > 0:
			facts = facts[1:]
		case note == "State:":
			return ""
		default:
			return note
		}
	}
}

// learn takes something that the host learned. The newest value of a key holds. What is too long for the
// state note is shortened, and the record says so.
func (e *engine) learn(n Note) {
	key, value := clip(n.Key, mostValue/3), clip(n.Value, mostValue)
	if key != n.Key || value != n.Value {
		e.note(call.NoteDegraded, "", "", fmt.Sprintf("what the host noted under %q was too long for the model and was shortened", key))
	}
	e.told = slices.DeleteFunc(e.told, func(t Note) bool { return t.Key == key })
	e.told = append(e.told, Note{key, value})
}

// clip returns the beginning of text whose JSON is at most n bytes long.
func clip(text string, n int) string {
	text = strings.ToValidUTF8(text, "")
	if len(encode(text)) <= n {
		return text
	}
	for len(encode(text+"…")) > n {
		_, size := utf8.DecodeLastRuneInString(text)
		text = text[:len(text)-size]
	}
	return text + "…"
}

func state(f call.Effect) string {
	switch {
	case !f.Done && f.Err != "":
		return fmt.Sprintf("%s: whether it was done is not known; do not repeat it.", f.Action)
	case !f.Done:
		return fmt.Sprintf("%s is under way; do not repeat it.", f.Action)
	case f.Err != "":
		return fmt.Sprintf("%s failed.", f.Action)
	}
	return fmt.Sprintf("%s is done.", f.Action)
}

// offered reports whether a transfer was asked for and not begun.
func (e *engine) offered() bool {
	for _, f := range e.rec.Effects {
		if f.Action == job.TransferCall {
			return false
		}
	}
	return len(e.prompt.Handles(job.TransferCall)) > 0 &&
		slices.ContainsFunc(e.rec.Turns, func(t call.Turn) bool { return t.By == call.ByAgent && asksTransfer(t) })
}
