package mockcall

import (
	"context"
	"slices"
	"strings"
	"sync"

	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/internal/rest"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime"
	"github.com/sonajobs/sona/runtime/prompt"
)

type plannedJob = prompt.PlannedJob

// kind is what a moment of a call is.
type kind int

const (
	isCaller kind = iota // the caller did something
	isSaid               // Sona said something, whole
	isChosen             // a job was taken in hand, or none
	isActed              // an action came back
	isTrouble
	isOver
)

// moment is one thing that happened on a call.
type moment struct {
	kind    kind
	text    string // what was said, or a note
	cut     bool   // of the caller: they spoke into what Sona said; of Sona: she was cut
	turn    int    // of Sona: its number in the record
	job     job.ID
	step    string
	source  call.Source
	effect  call.Effect
	outcome call.Outcome
}

// line is the port of a call in a test. It tells nothing of what was heard by itself: the test does.
type line struct {
	session *runtime.Session

	mu      sync.Mutex
	taken   int           // inputs, when the call was at rest last; -1 before it ever was
	more    chan struct{} // closed when it comes to rest
	spoken  []utterance   // since the caller's last act
	moments []moment
	events  []runtime.Event
}

// utterance is one on its way to the caller's ear.
type utterance struct {
	id   runtime.UtteranceID
	text string
}

func newLine(s *runtime.Session) *line {
	return &line{session: s, taken: -1, more: make(chan struct{})}
}

func (l *line) Say(_ context.Context, s runtime.Speech) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if n := len(l.spoken); n == 0 || l.spoken[n-1].id != s.Utterance {
		l.spoken = append(l.spoken, utterance{id: s.Utterance})
	}
	l.spoken[len(l.spoken)-1].text += s.Text
	return nil
}

func (l *line) Flush(context.Context) error { return nil }

func (l *line) End(context.Context, call.Outcome) error { return nil }

var _ rest.Port = (*line)(nil)

// Rest takes that the call waits for its caller.
func (l *line) Rest(taken rest.Inputs) {
	l.collect()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.taken = int(taken)
	close(l.more)
	l.more = make(chan struct{})
}

// rested reports whether the call has come to rest since so many inputs were put, and when to look again.
func (l *line) rested(puts int) (more <-chan struct{}, ready bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.more, l.taken >= puts
}

// collect takes the events that are there. It runs while the call is at rest, or after it.
func (l *line) collect() {
	l.mu.Lock()
	seen := len(l.events)
	l.mu.Unlock()
	var fresh []runtime.Event
	ended, cancel := context.WithCancel(context.Background())
	cancel() // what is there is looked at, and nothing is waited for
	for ev := range l.session.Events(ended) {
		if seen > 0 {
			seen--
			continue
		}
		fresh = append(fresh, ev)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, ev := range fresh {
		l.events = append(l.events, ev)
		l.take(ev)
	}
}

func (l *line) take(ev runtime.Event) {
	switch ev := ev.(type) {
	case runtime.Said:
		if n := len(l.moments); n > 0 && l.moments[n-1].kind == isSaid && l.moments[n-1].turn == ev.Turn {
			l.moments[n-1].text += ev.Text
			return
		}
		l.moments = append(l.moments, moment{kind: isSaid, text: ev.Text, turn: ev.Turn, job: ev.Job, step: ev.Step, source: ev.Source})
	case runtime.JobChosen:
		l.moments = append(l.moments, moment{kind: isChosen, job: ev.Job, step: ev.Step})
	case runtime.Acted:
		l.moments = append(l.moments, moment{kind: isActed, job: ev.Effect.Job, effect: ev.Effect})
	case runtime.Trouble:
		l.moments = append(l.moments, moment{kind: isTrouble, text: string(ev.Note.Kind) + ": " + ev.Note.Text, job: ev.Note.Job})
	case runtime.Over:
		l.moments = append(l.moments, moment{kind: isOver, outcome: ev.Outcome})
	}
}

// add notes what the caller does and returns the place behind it.
func (l *line) add(m moment) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.spoken = nil
	l.moments = append(l.moments, m)
	return len(l.moments)
}

// upTo finds the words in what is being heard, and returns the utterance and its part up to their end.
func (l *line) upTo(words string) (id runtime.UtteranceID, heard string, ok bool) {
	return l.brokenInto(func(said string) bool {
		return words == "" || strings.Contains(strings.ToLower(said), strings.ToLower(words))
	})
}

// brokenInto returns after which of the words that are being heard somebody breaks in: cut is asked of what was heard so
// far, a word more each time.
func (l *line) brokenInto(cut func(said string) bool) (id runtime.UtteranceID, heard string, ok bool) {
	if cut == nil {
		return 0, "", false
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	before := ""
	for _, s := range l.spoken {
		for end := 0; end <= len(s.text); end++ {
			if end > 0 && end < len(s.text) && s.text[end] != ' ' {
				continue
			}
			if cut(before + s.text[:end]) {
				return s.id, s.text[:end], true
			}
		}
		before += s.text + " "
	}
	return 0, "", false
}

// stop shortens what Sona said to what was heard: the rest of this utterance, and those behind it, were not.
func (l *line) stop(id runtime.UtteranceID, heard string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := 0 // utterances from this one on
	for i, s := range l.spoken {
		if s.id == id {
			n = len(l.spoken) - i
		}
	}
	for i := len(l.moments) - 1; i >= 0 && n > 0; i-- {
		m := &l.moments[i]
		if m.kind != isSaid {
			continue
		}
		m.text, m.cut = "", true
		if n--; n == 0 {
			m.text = heard
		}
	}
}

func (l *line) timeline() []moment {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.moments)
}

func (l *line) all() []runtime.Event {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.events)
}

// turns returns what was said so far, as a [Caller] hears it.
func (l *line) turns() []call.Turn {
	var all []call.Turn
	for _, m := range l.timeline() {
		switch m.kind {
		case isCaller:
			all = append(all, call.Turn{By: call.ByCaller, Text: m.text})
		case isSaid:
			all = append(all, call.Turn{By: call.ByAgent, Text: m.text, Job: m.job, Step: m.step, Source: m.source})
		case isChosen, isActed, isTrouble, isOver:
		}
	}
	return all
}
