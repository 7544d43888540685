package runtime

import (
	"slices"
	"time"
	"unicode/utf8"

	"github.com/sonajobs/sona/callflow/call"
)

// spoken is what the record does not say of a turn.
type spoken struct {
	characters int         // delivered
	utterance  UtteranceID // of an agent's turn
	entry      int         // of the reply in the history; -1 when the model is not told
	mark       string      // that declared the job in hand
	before     place       // what was in hand before
	aside      bool        // no reply of the model's: the job in hand has nothing to do with it
	whole      bool        // must be heard to its end
	nudge      bool        // asks whether the caller is there
}

// turn adds a turn of Sona's and returns its index. before is what was in hand before the reply.
func (e *engine) turn(text string, before place) int {
	e.rec.Turns = append(e.rec.Turns, call.Turn{By: call.ByAgent, Text: text, Source: call.SourceUnknown, At: time.Now()})
	e.utterances++
	e.spoken = append(e.spoken, spoken{utterance: e.utterances, entry: -1, before: before})
	return len(e.rec.Turns) - 1
}

// latest returns Sona's turns since the caller spoke last.
func (e *engine) latest() []call.Turn {
	i := len(e.rec.Turns)
	for i > 0 && e.rec.Turns[i-1].By == call.ByAgent {
		i--
	}
	return e.rec.Turns[i:]
}

// speak says a whole text that does not come from the model.
func (e *engine) speak(text string) { e.utter(text, false) }

// speakWhole says a text that must be heard to its end.
func (e *engine) speakWhole(text string) { e.utter(text, true) }

func (e *engine) utter(text string, whole bool) {
	i := e.turn(text, e.here())
	e.spoken[i].aside, e.spoken[i].whole = true, whole
	e.emit(Said{Turn: i, Text: text, Source: call.SourceUnknown, Last: true})
}

// apologise says, once, that Sona cannot go on.
func (e *engine) apologise() {
	if !e.apologised {
		e.apologised = true
		e.speakWhole(phrase(e.sona, cannotGoOn))
	}
}

// delivered counts what an event says as heard.
func (e *engine) delivered(ev Event) {
	if s, ok := ev.(Said); ok && s.Turn < len(e.spoken) {
		e.spoken[s.Turn].characters += count(s.Text)
	}
}

// dropSpeech drops what was not delivered.
func (e *engine) dropSpeech() {
	e.events.drop(func(ev Event) bool { _, said := ev.(Said); return said })
}

// cut reduces a turn to what was delivered.
func (e *engine) cut(i int) {
	t, s := &e.rec.Turns[i], e.spoken[i]
	if s.characters >= count(t.Text) {
		return
	}
	t.Interrupted, t.Spoken = true, s.characters
	text := t.Heard()
	if text != "" {
		text = marked(s.mark, text)
	}
	e.history.cut(s.entry, text)
	if s.characters > 0 || i < len(e.rec.Turns)-1 {
		return
	}
	e.rec.Turns, e.spoken = e.rec.Turns[:i], e.spoken[:i]
	if !s.aside && !e.history.acted(s.entry) {
		e.back(s.before)
	}
}

// here is what is in hand now.
func (e *engine) here() place {
	p := e.place
	p.used = len(e.rec.Used)
	return p
}

// back takes up what was in hand before a reply of which nothing was heard.
func (e *engine) back(p place) {
	e.rec.Used = e.rec.Used[:min(p.used, len(e.rec.Used))]
	now := e.place.job.Handle
	e.place = p
	if now != p.job.Handle {
		e.emit(JobChosen{Job: p.job.Job.ID(), Name: p.job.Job.Name(), Step: p.step})
	}
}

// follow makes a job the one in hand; an empty handle is none.
func (e *engine) follow(handle, step string) {
	before := e.place.job.Handle
	e.place = place{step: step}
	for _, j := range e.prompt.Plan.Jobs {
		if j.Handle == handle {
			e.place.job = j
		}
	}
	j := e.place.job.Job
	if handle != "" && !slices.Contains(e.rec.Used, j.ID()) {
		e.rec.Used = append(e.rec.Used, j.ID())
	}
	if before != handle {
		e.emit(JobChosen{Job: j.ID(), Name: j.Name(), Step: step})
	}
}

func count(s string) int { return utf8.RuneCountInString(s) }
