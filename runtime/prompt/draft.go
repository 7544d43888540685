package prompt

import "slices"

// draft is one way to write the stable part.
type draft struct {
	kind   PlanKind
	out    []bool // pages that do not stand in it, by their place; nil when all do
	pieces []piece
	tools  []*known
	bytes  int // of all pieces
	tokens int // of pieces and tools
}

// fit returns the best way that fits the room of the profile and of the workspace: all jobs open before
// all closed, and as many pages as there is room for. Pages make room before jobs do: to find a passage
// costs no round trip, to open a job costs one.
func (a *assembly) fit() (draft, error) {
	room := a.profile.room(a.settings.MaxTokens())
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
	own := a.frame(kind, out)
	d.pieces = append(d.pieces, own.role, own.reading, own.rules, own.actions, own.knowledge)
	for i, p := range a.texts {
		if out == nil || !out[i] {
			d.pieces = append(d.pieces, p)
		}
	}
	d.pieces = append(append(d.pieces, own.overview), a.glances...)
	d.pieces = append(d.pieces, own.jobs)
	if kind == Full {
		d.pieces = append(d.pieces, a.bodies...)
	}
	d.pieces = append(d.pieces, own.using, own.reminders)

	for _, p := range d.pieces {
		d.bytes += len(p.text)
		if a.profile.Tokens != nil {
			d.tokens += a.parts.count(a.profile, p.text)
		}
	}
	if a.profile.Tokens == nil {
		d.tokens = estimate(d.bytes)
	}
	for _, t := range d.tools {
		if a.profile.Tokens == nil {
			d.tokens += estimate(len(t.Name)) + estimate(len(t.Description)) + estimate(len(t.Parameters))
		} else {
			d.tokens += t.tokens(func(text string) int { return a.parts.count(a.profile, text) })
		}
	}
	return d
}
