package rehearsal

import (
	"fmt"
	"slices"
	"strings"

	"github.com/sonajobs/sona/internal/assent"
	"github.com/sonajobs/sona/runtime/model"
	"github.com/sonajobs/sona/runtime/prompt"
)

// walk is a conversation as far as it has come.
type walk struct {
	p       prompt.Prompt
	scripts []script
	job     int // the one in hand; -1 = none
	at      int // its next beat
	wait    waiting
	asked   int      // how often the open question was asked
	last    string   // the last answer
	out     outcome  // of the last beat
	laid    []place  // jobs that were left for another subject
	missed  int      // how often no job fitted
	between []int    // the jobs to choose from
	done    []string // handles of actions that were called
	moves   int      // beats walked in this job, against jobs that go in circles
}

// place is where a job was left.
type place struct{ job, at int }

// waiting is what the caller is expected to say.
type waiting int

const (
	forWish    waiting = iota // what they want
	forChoice                 // which of two jobs
	forFit                    // whether the only job is what they want
	forAnswer                 // to the beat in hand
	forConsent                // to a transfer
	forReceipt                // whether a text arrived
	forAction                 // nothing: an action is under way
	forReturn                 // whether to go back to a job that was left
	forMore                   // whether there is anything else
	forBye                    // nothing more
)

// mostMoves bounds the beats of one job: instructions may send a caller in circles.
const mostMoves = 200

func newWalk(p prompt.Prompt) *walk {
	w := &walk{p: p, job: -1}
	for _, j := range p.Plan.Jobs {
		w.scripts = append(w.scripts, compile(p, j))
	}
	return w
}

// hear replies to what the caller said.
func (w *walk) hear(text string) reply {
	r := &reply{}
	switch w.wait {
	case forWish, forMore, forBye:
		w.wish(r, text)
	case forChoice:
		w.choose(r, text)
	case forFit:
		if assent.Agrees(text) {
			w.begin(r, 0)
		} else {
			w.wish(r, text)
		}
	case forReturn:
		back := w.laid[len(w.laid)-1]
		w.laid = w.laid[:len(w.laid)-1]
		if assent.Refuses(text) {
			w.anythingElse(r)
		} else {
			w.job, w.at = back.job, back.at
			w.walk(r)
		}
	default:
		w.answer(r, text)
	}
	return w.finish(r)
}

// finish puts the mark on a reply. A reply is never empty: silence on the phone is a fault.
func (w *walk) finish(r *reply) reply {
	if r.empty() {
		w.anythingElse(r)
	}
	r.mark = "J0"
	if w.job >= 0 {
		r.mark = w.scripts[w.job].handle
		if step := w.step(); step != "" {
			r.mark += "." + step
		}
	}
	return *r
}

func (w *walk) step() string {
	s := w.scripts[w.job]
	if len(s.beats) == 0 {
		return ""
	}
	return s.beats[min(w.at, len(s.beats)-1)].step
}

// wish takes what the caller wants.
func (w *walk) wish(r *reply, text string) {
	if w.wait != forWish && (w.wait == forBye || assent.Refuses(text) || isBye(text)) {
		w.bye(r)
		return
	}
	if w.wait == forMore && assent.Agrees(text) && len(assent.Words(text)) < 4 {
		r.say("What is it?")
		w.wait = forWish
		return
	}
	ranked := w.rank(text)
	if isQuestion(text) && w.fact(r, text) && len(ranked) == 0 {
		r.say("Is there anything else I can do for you?")
		w.job, w.wait = -1, forMore
		return
	}
	switch {
	case len(ranked) == 1, len(ranked) > 1 && ranked[0].Score > ranked[1].Score*tellApart:
		w.begin(r, ranked[0].Doc)
	case len(ranked) > 1:
		w.between = []int{ranked[0].Doc, ranked[1].Doc}
		r.say(fmt.Sprintf("Is it about %s, or about %s?", w.name(ranked[0].Doc), w.name(ranked[1].Doc)))
		w.wait = forChoice
	default:
		w.noFit(r)
	}
}

func (w *walk) name(i int) string { return "“" + w.scripts[i].job.Name() + "”" }

// noFit says what can be done when no job fits. After the third time it lets the caller go.
func (w *walk) noFit(r *reply) {
	w.missed++
	switch {
	case len(w.scripts) == 0 || w.missed > 2:
		r.say("I am sorry, I cannot help with that.")
		w.bye(r)
	case len(w.scripts) == 1:
		r.say("I can help with " + w.name(0) + ". Is that what you need?")
		w.wait = forFit
	default:
		names := make([]string, len(w.scripts))
		for i := range w.scripts {
			names[i] = w.name(i)
		}
		r.say("I can help with " + strings.Join(names, ", ") + ". Which one is it?")
		w.between, w.wait = nil, forChoice
	}
}

// choose takes the answer to which job it is.
func (w *walk) choose(r *reply, text string) {
	for _, hit := range w.rank(text) {
		if len(w.between) == 0 || slices.Contains(w.between, hit.Doc) {
			w.begin(r, hit.Doc)
			return
		}
	}
	if len(w.between) > 0 {
		w.begin(r, w.between[0])
		return
	}
	w.noFit(r)
}

// begin takes a job in hand, and in the Index plan opens it first.
func (w *walk) begin(r *reply, i int) {
	w.job, w.at, w.asked, w.moves, w.out = i, 0, 0, 0, outcome{}
	for _, j := range w.p.Plan.Jobs {
		if j.Handle == w.scripts[i].handle && !j.Open {
			args := []byte(`{"job":"` + j.Handle + `"}`)
			r.call = &model.ToolCall{ID: "open_" + j.Handle, Name: prompt.OpenJobTool, Arguments: args}
			w.wait = forAction
			return
		}
	}
	w.walk(r)
}

// walk goes on from the beat in hand until something waits for the caller or for an action.
func (w *walk) walk(r *reply) {
	s := &w.scripts[w.job]
	for w.at < len(s.beats) {
		if w.moves++; w.moves > mostMoves {
			break
		}
		b := s.beats[w.at]
		if !w.applies(b) {
			w.at++
			continue
		}
		switch b.kind {
		case say:
			r.say(b.text)
			w.pass(r, b, w.out)
			if r.call != nil {
				return
			}
			continue
		case ask:
			w.open(r, b.text)
			return
		case readBack:
			if w.last == "" {
				w.at++
				continue
			}
			w.open(r, "I have noted: "+strings.TrimRight(w.last, ".!? ")+". Is that right?")
			return
		case act:
			w.act(r, b)
			return
		}
	}
	w.complete(r)
}

// applies reports whether a step with a condition is walked. What cannot be told is walked, except what
// the caller has just said no to.
func (w *walk) applies(b beat) bool {
	switch b.cond {
	case onYes:
		return w.out.yes || !w.out.no && !w.out.declined && b.kind != act
	case onNo:
		return !w.out.yes
	case onFail:
		return w.out.failed
	case always, unknown:
	}
	return true
}

func (w *walk) open(r *reply, question string) {
	r.say(question)
	w.asked++
	w.wait = forAnswer
}

// answer takes the answer to the beat in hand.
func (w *walk) answer(r *reply, text string) {
	b := w.scripts[w.job].beats[min(w.at, len(w.scripts[w.job].beats)-1)]
	switch {
	case w.switched(r, text):
		return
	case isQuestion(text) && w.wait != forConsent && w.fact(r, text):
		w.again(r, b)
		return
	case strings.Contains(strings.ToLower(text), "voicemail") && w.scripts[w.job].sendTo != "":
		r.say("Please leave your message after the tone.")
		w.call(r, w.scripts[w.job].sendTo)
		return
	}
	o := outcome{}
	switch w.wait {
	case forConsent:
		w.consent(r, b, text)
		return
	case forReceipt:
		o.yes, o.no = !assent.Refuses(text), assent.Refuses(text)
		if o.no {
			r.say("I am sorry. Somebody will get it to you another way.")
		}
	default:
		o = w.take(r, b, text)
		if w.asked > 0 && o == (outcome{}) && r.call == nil && len(r.texts) > 0 {
			return // the question was asked again
		}
	}
	w.asked = 0
	if r.call != nil {
		return
	}
	w.pass(r, b, o)
	if r.call == nil && w.wait != forBye {
		w.walk(r)
	}
}

// take reads an answer to a question. A question that was declined is dealt with as the job says: asked
// once more at most, then skipped or left for voicemail.
func (w *walk) take(r *reply, b beat, text string) outcome {
	refused := assent.Refuses(text)
	if b.yesNo {
		if b.kind == readBack && refused {
			return w.correct(r, text)
		}
		if b.kind == readBack && hasDigits(text) {
			w.last = text // "yes, and 555 0101 in the evening"
		}
		return outcome{yes: !refused, no: refused}
	}
	if assent.Lacks(text) {
		return outcome{no: true}
	}
	if !refused || hasDigits(text) {
		w.last = text
		return outcome{answered: true}
	}
	rule := b.rule
	if !rule.set {
		rule = w.scripts[w.job].rule
	}
	if w.asked < 2 && (rule.again || !rule.set) {
		r.say("I ask so that we can help you.")
		w.open(r, b.text)
		return outcome{}
	}
	if send := w.scripts[w.job].sendTo; rule.voicemail && send != "" {
		r.say("Then please leave a message after the tone.")
		w.call(r, send)
		return outcome{declined: true}
	}
	r.say("That is fine.")
	return outcome{declined: true}
}

// correct takes what the caller corrects in what was read back.
func (w *walk) correct(r *reply, text string) outcome {
	if rest := strings.TrimSpace(strings.TrimLeft(text[min(2, len(text)):], " ,.o")); hasDigits(text) || len(assent.Words(text)) > 3 {
		w.last = rest
		return outcome{yes: true}
	}
	if w.asked < 2 {
		for i := w.at - 1; i >= 0; i-- {
			if b := w.scripts[w.job].beats[i]; b.kind == ask && !b.yesNo {
				r.say("Sorry. " + b.text)
				w.asked++
				return outcome{}
			}
		}
	}
	return outcome{no: true}
}

// again repeats the open question after a fact was told.
func (w *walk) again(r *reply, b beat) {
	switch {
	case w.wait == forReceipt:
		r.say("Did the text arrive?")
	case b.kind == ask:
		r.say(b.text)
	default:
		r.say("Shall we go on?")
	}
}
