package rehearsal

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/sonajobs/sona/internal/assent"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime/model"
	"github.com/sonajobs/sona/runtime/prompt"
)

// pass leaves a beat with its outcome: the first branch that holds says where to.
func (w *walk) pass(r *reply, b beat, o outcome) {
	w.out = o
	w.at++
	for _, br := range b.branches {
		switch {
		case br.when == unknown || !br.when.holds(o):
			continue
		case br.act != nil:
			r.say(br.text)
			w.at--
			w.act(r, *br.act)
			return
		case br.to != "":
			r.say(br.text)
			w.jump(br.to)
			return
		}
	}
}

// jump goes on with a step. A step that does not exist is passed over.
func (w *walk) jump(step string) {
	i := slices.IndexFunc(w.scripts[w.job].beats, func(b beat) bool { return b.step == step })
	if i >= 0 {
		w.at = i
	}
}

// act reaches an action: a transfer asks first, the others are called.
func (w *walk) act(r *reply, b beat) {
	if slices.Contains(w.done, b.handle) && b.action != job.EndCall && b.action != job.Voicemail {
		w.at++ // once is enough
		w.walk(r)
		return
	}
	if b.action == job.TransferCall && !(w.out.yes && w.asksTransfer()) {
		w.wait = forConsent
		r.say("Would you like me to transfer you now?")
		return
	}
	w.announce(r, b)
	w.call(r, b.handle)
}

// asksTransfer reports whether the question before the beat in hand asked about a transfer.
func (w *walk) asksTransfer() bool {
	for i := w.at - 1; i >= 0; i-- {
		b := w.scripts[w.job].beats[i]
		if b.kind == ask {
			text := strings.ToLower(b.text)
			return b.yesNo && (strings.Contains(text, "transfer") || strings.Contains(text, "connect") || strings.Contains(text, "speak") || strings.Contains(text, "talk"))
		}
	}
	return false
}

// announce says what is about to happen.
func (w *walk) announce(r *reply, b beat) {
	switch b.action {
	case job.SendSMS:
		r.say("I am sending you a text message now.")
	case job.TransferCall:
		r.say("I am connecting you now.")
	case job.Voicemail:
		r.say("Please leave your message after the tone.")
	case job.EndCall:
		if !slices.ContainsFunc(r.texts, func(t string) bool { return strings.Contains(t, "Goodbye") }) {
			r.say("Goodbye.")
		}
	default:
		r.say("One moment, please.")
	}
}

// call asks for an action by its handle.
func (w *walk) call(r *reply, handle string) {
	use, ok := w.p.Action(handle)
	if !ok {
		return
	}
	args := w.arguments(use)
	args[prompt.ActionProperty] = handle
	raw, err := json.Marshal(args)
	if err != nil {
		return
	}
	w.done = append(w.done, handle)
	w.wait = forAction
	r.call = &model.ToolCall{ID: "use_" + handle, Name: string(use.Name), Arguments: raw}
}

// arguments fills in what an action of the host's wants from the model: of text the last answer, else a
// value of the type. It is the shape that is rehearsed, not the values.
func (w *walk) arguments(use job.ActionUse) map[string]any {
	args := map[string]any{}
	for _, t := range w.p.Tools {
		if t.Name != string(use.Name) {
			continue
		}
		var schema struct {
			Properties map[string]struct {
				Type string `json:"type"`
				Enum []any  `json:"enum"`
			} `json:"properties"`
			Required []string `json:"required"`
		}
		if json.Unmarshal(t.Parameters, &schema) != nil {
			continue
		}
		for _, name := range schema.Required {
			property := schema.Properties[name]
			switch {
			case name == prompt.ActionProperty:
			case len(property.Enum) > 0:
				args[name] = property.Enum[0]
			case property.Type == "number" || property.Type == "integer":
				args[name] = 1
			case property.Type == "boolean":
				args[name] = true
			case property.Type == "array":
				args[name] = []any{}
			case property.Type == "object":
				args[name] = map[string]any{}
			default:
				args[name] = w.last
			}
		}
	}
	return args
}

// result replies to what came of an action.
func (w *walk) result(text string) reply {
	r := &reply{}
	var came struct {
		OK bool `json:"ok"`
	}
	if w.job < 0 || w.wait != forAction {
		return w.finish(r)
	}
	if !strings.HasPrefix(strings.TrimSpace(text), "{") { // the body of a job that was opened
		w.walk(r)
		return w.finish(r)
	}
	_ = json.Unmarshal([]byte(text), &came)
	b := w.scripts[w.job].beats[min(w.at, len(w.scripts[w.job].beats)-1)]
	action := w.called()
	switch {
	case !came.OK && action == job.TransferCall:
		r.say("I am sorry, I cannot connect you right now.")
	case !came.OK && action == job.SendSMS:
		r.say("I am sorry, the text message could not be sent.")
	case !came.OK:
		r.say("I am sorry, that did not work.")
	case action == job.SendSMS && !w.receiptAsked():
		w.wait = forReceipt
		r.say("Did the text arrive?")
		return w.finish(r)
	}
	w.pass(r, b, outcome{failed: !came.OK, yes: came.OK})
	if r.call == nil {
		w.walk(r)
	}
	return w.finish(r)
}

// called returns the action that was called last.
func (w *walk) called() job.ActionName {
	if len(w.done) == 0 {
		return ""
	}
	use, _ := w.p.Action(w.done[len(w.done)-1])
	return use.Name
}

// receiptAsked reports whether the step after the beat in hand asks whether a text arrived.
func (w *walk) receiptAsked() bool {
	beats := w.scripts[w.job].beats
	return w.at+1 < len(beats) && beats[w.at+1].kind == ask && beats[w.at+1].yesNo && strings.Contains(strings.ToLower(beats[w.at+1].text), "arrive")
}

// consent takes the answer to a transfer.
func (w *walk) consent(r *reply, b beat, text string) {
	if assent.Refuses(text) {
		r.say("That is fine, I will not transfer you.")
		w.pass(r, b, outcome{no: true})
		w.walk(r)
		return
	}
	for _, br := range b.branches {
		if br.act != nil && br.act.action == job.TransferCall {
			b = *br.act
		}
	}
	if b.kind != act {
		w.walk(r)
		return
	}
	w.announce(r, b)
	w.call(r, b.handle)
}

// complete is the end of a job: back to one that was left, or whatever else the caller wants.
func (w *walk) complete(r *reply) {
	if n := len(w.laid); n > 0 {
		r.say("Shall we go back to " + w.name(w.laid[n-1].job) + "?")
		w.wait = forReturn
		return
	}
	w.anythingElse(r)
}

func (w *walk) anythingElse(r *reply) {
	r.say("Is there anything else I can do for you?")
	w.wait = forMore
}

// bye says goodbye, and ends the call where the job in hand has an action for it.
func (w *walk) bye(r *reply) {
	r.say("Thank you for calling. Goodbye.")
	w.wait = forBye
	if w.job < 0 {
		return
	}
	id := w.scripts[w.job].job.ID()
	if handle, ok := w.p.Handle(id, job.EndCall, 0); ok {
		w.call(r, handle)
		w.wait = forBye
	}
}

func hasDigits(text string) bool { return strings.ContainsAny(text, "0123456789") }
