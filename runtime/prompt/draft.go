package prompt

import (
	"slices"
	"strings"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/job"
)

// draft is one way to write the stable part.
type draft struct {
	kind   PlanKind
	out    []bool // pages that do not stand in it, by their place; nil when all do
	pieces []piece
	tools  []Tool
	bytes  int // of all pieces
	tokens int // of pieces and tools
}

// fit returns the best way that fits the room of the profile and of the workspace: all jobs open before
// all closed, and as many pages as there is room for. Pages make room before jobs do: to find a passage
// costs no round trip, to open a job costs one.
func (a *assembly) fit() (draft, error) {
	room := a.profile.room(a.settings.MaxTokens)
	var least draft
	for _, kind := range []PlanKind{Full, Index} {
		d := a.draft(kind, nil)
		if d.tokens > room && a.finds && len(a.pages) > 0 {
			d = a.withFewerPages(kind, room)
		}
		if d.tokens <= room {
			return d, nil
		}
		if kind == Full || d.tokens < least.tokens { // closing very short jobs saves nothing
			least = d
		}
	}
	return draft{}, a.tooLarge(least, room)
}

// withFewerPages returns the draft with as many pages as fit, and with none when that is still too much. The
// largest make room first: that leaves out the fewest.
func (a *assembly) withFewerPages(kind PlanKind, room int) draft {
	order := make([]int, len(a.texts))
	for i := range order {
		order[i] = len(order) - 1 - i // of equal ones the last first
	}
	slices.SortStableFunc(order, func(i, k int) int { return len(a.texts[k].text) - len(a.texts[i].text) })
	without := func(n int) draft {
		out := make([]bool, len(order))
		for _, i := range order[:n] {
			out[i] = true
		}
		return a.draft(kind, out)
	}
	low, high := 1, len(order) // the fewest that make it fit lie here
	for low < high {
		if n := (low + high) / 2; without(n).tokens <= room {
			high = n
		} else {
			low = n + 1
		}
	}
	return without(low)
}

// draft lays out the stable part. The order is fixed: what changes least and binds most comes first, long
// data stands above what uses it, an overview before the bodies, and the rules are repeated at the end.
func (a *assembly) draft(kind PlanKind, out []bool) draft {
	d := draft{kind: kind, out: out, tools: a.tools(kind)}
	d.pieces = make([]piece, 0, 9+len(a.pages)+2*len(a.jobs))
	own := func(section, source, detail string, write func(*writer)) {
		key := textKey{kind: section, source: source, handle: detail, nonce: a.nonce}
		d.pieces = append(d.pieces, piece{kind: section, prepared: a.parts.prepared(key, 1024, func() *prepared {
			w := writer{nonce: a.nonce}
			write(&w)
			return prepare(string(w.buf))
		})})
	}
	guardrails, actions := strings.Join(a.settings.Guardrails, "\n"), a.named()
	persona := a.sona.Persona
	own("role", a.sona.Greeting, persona.Tone+"\n\x00"+strings.Join(languageCodes(persona.Languages), " "), a.role)
	own("reading", "", "", reading)
	own("rules", guardrails, "", a.rules)
	own("actions", actions, yes(a.unavailable), a.acting)
	own("knowledge", yes(len(a.pages) == 0), yes(out == nil)+yes(slices.Contains(out, false)), func(w *writer) { a.knowledge(w, out) })
	for i, p := range a.texts {
		if out == nil || !out[i] {
			d.pieces = append(d.pieces, p)
		}
	}
	own("overview", yes(len(a.jobs) == 0), "", a.overview)
	d.pieces = append(d.pieces, a.glances...)
	own("jobs", yes(len(a.jobs) == 0), string(kind), func(w *writer) { a.opening(w, kind) })
	if kind == Full {
		d.pieces = append(d.pieces, a.bodies...)
	}
	own("using", "", string(kind), func(w *writer) { howToUse(w, kind) })
	own("reminders", guardrails, actions, a.reminders)

	for _, p := range d.pieces {
		d.bytes += len(p.text)
		if a.profile.Tokens != nil {
			d.tokens += a.parts.count(a.profile, p.text)
		}
	}
	if a.profile.Tokens == nil {
		d.tokens = estimate(d.bytes)
	}
	d.tokens += toolTokens(d.tools, func(text string) int { return a.parts.count(a.profile, text) })
	return d
}

// named says which actions are offered, and how: what section 4 is made of.
func (a *assembly) named() string {
	var b strings.Builder
	for _, o := range a.offers {
		b.WriteString(o.Name)
		if _, ours := builtin[job.ActionName(o.Name)]; !ours {
			b.WriteString("\x00" + o.Description)
		}
		b.WriteString("\x00\n")
	}
	return b.String()
}

func languageCodes(in []callflow.Language) []string {
	codes := make([]string, len(in))
	for i, l := range in {
		codes[i] = string(l)
	}
	return codes
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}
