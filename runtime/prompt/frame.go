package prompt

import (
	"slices"

	"github.com/sonajobs/sona/job"
)

// frame holds the sections of the assembler's own, between which the texts of others stand.
type frame struct {
	role, reading, rules, actions, knowledge, overview, jobs, using, reminders piece
}

// frame returns the sections of the assembler's own. They are looked up together: mostly all of them are there.
func (a *assembly) frame(kind PlanKind, out []bool) *frame {
	key := textKey{kind: "frame", source: a.sona.Greeting, handle: a.manner(kind, out), nonce: a.nonce, refused: a.named()}
	return a.parts.prepared(key, 1024, func() *prepared {
		guardrails, actions := a.settings.Hash(), key.refused
		return &prepared{frame: &frame{
			role:      a.own("role", key.source, key.handle, a.role),
			reading:   a.own("reading", "", "", reading),
			rules:     a.own("rules", guardrails, "", a.rules),
			actions:   a.own("actions", actions, yes(a.unavailable), a.acting),
			knowledge: a.own("knowledge", yes(len(a.pages) == 0), yes(out == nil)+yes(slices.Contains(out, false)), func(w *writer) { a.knowledge(w, out) }),
			overview:  a.own("overview", yes(len(a.jobs) == 0), "", a.overview),
			jobs:      a.own("jobs", yes(len(a.jobs) == 0), string(kind), func(w *writer) { a.opening(w, kind) }),
			using:     a.own("using", "", string(kind), func(w *writer) { howToUse(w, kind) }),
			reminders: a.own("reminders", guardrails, actions, a.reminders),
		}}
	}).frame
}

// own returns one section, kept under all that it is made of.
func (a *assembly) own(section, source, detail string, write func(*writer)) piece {
	key := textKey{kind: section, source: source, handle: detail, nonce: a.nonce}
	return piece{kind: section, prepared: a.parts.prepared(key, 1024, func() *prepared {
		w := writer{nonce: a.nonce}
		write(&w)
		return prepare(string(w.buf))
	})}
}

// manner says all that the frame is made of besides the greeting and the actions. No text holds a zero byte.
func (a *assembly) manner(kind PlanKind, out []bool) string {
	var room [512]byte
	b := append(append(room[:0], a.sona.Persona.Tone...), 0)
	for _, l := range a.sona.Persona.Languages {
		b = append(append(b, l...), ' ')
	}
	b = append(append(b, 0), a.settings.Hash()...)
	for _, is := range []bool{a.unavailable, len(a.pages) == 0, out == nil, slices.Contains(out, false), len(a.jobs) == 0} {
		b = append(b, yes(is)...)
	}
	return string(append(b, kind...))
}

// named says which actions are offered, and how: what section 4 is made of.
func (a *assembly) named() string {
	var room [256]byte
	b := room[:0]
	for _, o := range a.offers {
		b = append(b, o.Name...)
		if _, ours := builtin[job.ActionName(o.Name)]; !ours {
			b = append(append(b, 0), o.Description...)
		}
		b = append(b, "\x00\n"...)
	}
	return string(b)
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}
