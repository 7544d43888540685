package runtime

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/sonajobs/sona/runtime/model"
)

// history is the conversation as the model is told it. What it hands out is always what providers take: no
// message is empty, every call has arguments that are JSON and an ID of its own, and is answered. Entries
// keep their numbers, so that a turn can be cut after others have followed.
type history struct {
	entries []model.Message
	ids     map[string]bool // of all calls
	first   int             // entry that requests begin with
}

// nothing stands for a caller who says nothing: providers refuse an empty message.
const nothing = "(says nothing)"

// caller adds what the caller said.
func (h *history) caller(text string) {
	if strings.TrimSpace(text) == "" {
		text = nothing
	}
	h.entries = append(h.entries, model.Message{Role: model.User, Text: text})
}

// agent adds a reply and returns its number.
func (h *history) agent(text string, calls []model.ToolCall) int {
	h.entries = append(h.entries, model.Message{Role: model.Assistant, Text: text, Calls: calls})
	return len(h.entries) - 1
}

// result answers a call.
func (h *history) result(id, text string) {
	h.entries = append(h.entries, model.Message{Role: model.Tool, CallID: id, Text: text})
}

// revise replaces the answer to a call: what it said was true and is not any more.
func (h *history) revise(id, text string) {
	for i, m := range h.entries {
		if m.Role == model.Tool && m.CallID == id {
			h.entries[i].Text = text
		}
	}
}

// cut reduces a reply to what was heard of it. Nothing at all, and without calls, it is told no more.
func (h *history) cut(entry int, text string) {
	if entry >= 0 {
		h.entries[entry].Text = text
	}
}

// forget takes the calls out of a reply: none of them was carried out or answered.
func (h *history) forget(entry int) {
	h.entries[entry].Calls = nil
}

// acted reports whether a reply has calls.
func (h *history) acted(entry int) bool { return entry >= 0 && len(h.entries[entry].Calls) > 0 }

// messages returns the conversation for a request, as a slice of its own: no more tokens than most. What is left
// out is said at [Limits].
func (h *history) messages(most int) []model.Message {
	left := h.trim(most)
	sent := make([]model.Message, 0, len(h.entries)-h.first+2) // with what was left out, and the state note
	if h.first > 0 {
		sent = append(sent, model.Message{Role: model.User, Text: leftOut})
	}
	for _, m := range h.entries[h.first:] {
		if m.Text == "" && len(m.Calls) == 0 {
			continue
		}
		if m.Role == model.Tool && left > most && len(m.Text) > len(noRoom) {
			left -= tokens(m) - tokens(model.Message{Text: noRoom, CallID: m.CallID})
			m.Text = noRoom
		}
		sent = append(sent, m)
	}
	return sent
}

const (
	leftOut = "(The beginning of the conversation is left out here.)"
	noRoom  = `{"note":"the answer is left out here: the conversation is too long"}`
)

// trim moves the beginning of what is sent to a later exchange, when there is too much, and returns how many
// tokens that is then.
func (h *history) trim(most int) int {
	all := 0
	for _, m := range h.entries[h.first:] {
		all += tokens(m)
	}
	if all <= most {
		return all
	}
	left := all
	for i := h.first; i < len(h.entries) && all > most/2; i++ {
		if i > h.first && h.entries[i].Role == model.User && (i == 0 || h.entries[i-1].Role != model.User) {
			h.first, all = i, left
		}
		left -= tokens(h.entries[i])
	}
	return all
}

// tokens estimates a message, with what its form takes.
func tokens(m model.Message) int {
	const form = 12 // bytes
	n := len(m.Text) + len(m.CallID) + form
	for _, c := range m.Calls {
		n += len(c.ID) + len(c.Name) + len(c.Arguments) + form
	}
	return (n + 2) / 3
}

// named returns the calls of a reply as they can be repeated to a provider: with an ID that no other call of
// the conversation has, a name that is one, and arguments that are JSON. What was wrong about them is told by
// the answer, which is made from the calls as they came.
func (h *history) named(calls []model.ToolCall) (repeated []model.ToolCall) {
	if h.ids == nil {
		h.ids = map[string]bool{}
	}
	for i, c := range calls {
		for n := 0; c.ID == "" || h.ids[c.ID]; n++ {
			c.ID = fmt.Sprintf("call_%d_%d_%d", len(h.entries), i, n)
		}
		h.ids[c.ID] = true
		c.Name = toolName(c.Name)
		if len(c.Arguments) > mostReply || !json.Valid(c.Arguments) {
			c.Arguments = json.RawMessage("{}")
		}
		repeated = append(repeated, c)
	}
	return repeated
}

// toolName returns name in the form that providers accept: 1 to 64 ASCII letters, digits, _ and -.
func toolName(name string) string {
	name = strings.Map(func(r rune) rune {
		if r == '_' || r == '-' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
			return r
		}
		return '_'
	}, name)
	if name == "" {
		return "unknown"
	}
	return name[:min(len(name), 64)]
}
