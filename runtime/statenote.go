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
	mostFacts = 50  // things that the host learned; the oldest are forgotten
)

// stateNote restates near the end of the request what is certain, and nothing else: the job and step that
// the model declared, what was done or failed, what the host learned, a transfer that was offered. It is
// never a guess about what is missing. Where there is no room for all, the oldest effects are left out, then
// what the host learned first; the job in hand always stays.
func (e *engine) stateNote() string {
	hand := ""
	if e.place.job.Handle != "" {
		hand = " In hand: job " + e.place.job.Handle
		if e.place.step != "" {
			hand += ", step " + e.place.step
		}
		hand += "."
	}
	if e.unfinished == goingOn {
		hand = " Your last reply was cut off by a limit: end its last sentence, shortly." + hand
	}
	if now := e.hurry(); now != "" {
		hand = " " + now + hand
	}
	rest := ""
	room := mostNote - len("State:") - len(hand)
	add := func(fact string) bool { // before what is there: the newest stands last
		if len(rest)+len(fact)+1 > room {
			return false
		}
		rest = " " + fact + rest
		return true
	}
	ok := true
	if e.offered() {
		ok = add("You have asked whether to transfer.")
	}
	for i := len(e.told) - 1; ok && i >= 0; i-- {
		ok = add(fmt.Sprintf("The host says: %s = %s.", encode(e.told[i].Key), encode(e.told[i].Value)))
	}
	for i := len(e.rec.Effects) - 1; ok && i >= 0; i-- {
		ok = add(state(e.rec.Effects[i]))
	}
	if hand+rest == "" {
		return ""
	}
	return "State:" + hand + rest
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
	e.told = e.told[max(0, len(e.told)-mostFacts):]
}

// clip returns the beginning of text whose JSON is at most n bytes long.
func clip(text string, n int) string {
	text = strings.ToValidUTF8(text, "")
	if len(text) <= n && len(encode(text)) <= n {
		return text
	}
	for text = beginning(text, n); len(encode(text+"…")) > n; {
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
	return len(e.prompt.Handles(job.TransferCall)) > 0 && (e.consent.asked || slices.ContainsFunc(e.latest(), asksTransfer))
}
