package optimize

import (
	"fmt"
	"sort"
	"strings"

	"github.com/sonajobs/sona/job"
)

// place is a unit before and where it stands after.
type place struct {
	unit, to int
	number   string // of a step
	numbered bool
	kind     job.ItemKind
	still    bool // numbered after, too
}

// compareOrder reports steps that changed places: hard when they were numbered, except for what to do with callers
// who leave the script when it left the list. What else changed places is soft, but for the goal and for what to do with
// callers who leave the script. Sections may move as a whole.
func compareOrder(a, b *reading, al alignment, vs *violations) {
	for _, section := range sections(a, b, al) {
		var numbered, all []place
		for _, p := range section {
			if p.numbered && (p.kind != job.ItemOffScript || p.still) {
				numbered, all = append(numbered, p), append(all, p)
			} else if p.kind != job.ItemOffScript {
				all = append(all, p)
			}
		}
		hard := movedPlaces(numbered)
		for _, p := range hard {
			vs.add(Violation{Guard: GuardOrder, Hard: true, Lost: a.text(a.units[p.unit]), Was: a.units[p.unit].span, Span: b.units[p.to].span,
				Message: fmt.Sprintf("%s changed its place: \"%s\".", strings.TrimSpace("Step "+p.number), a.text(a.units[p.unit]))})
		}
		if len(hard) > 0 {
			continue
		}
		for _, p := range movedPlaces(all) {
			vs.add(Violation{Guard: GuardOrder, Lost: a.text(a.units[p.unit]), Was: a.units[p.unit].span, Span: b.units[p.to].span,
				Message: fmt.Sprintf("This stands in another place now: \"%s\".", a.text(a.units[p.unit]))})
		}
	}
}

// sections returns the places of the units of the text before, parted at headings without a number. Of an item, only
// its first unit is a numbered step.
func sections(a, b *reading, al alignment) [][]place {
	var all [][]place
	var one []place
	last, off := -1, a.out.OffScript
	for i, u := range a.units {
		for len(off) > 0 && off[0].End <= u.span.Start {
			off = off[1:]
		}
		var it job.Item
		if u.item >= 0 {
			it = a.out.Items[u.item]
		}
		if u.heading && !it.Ordered {
			all, one = append(all, one), nil
			continue
		}
		if al.to[i] < 0 {
			continue
		}
		p := place{unit: i, to: al.to[i], number: it.Number, kind: it.Kind}
		if p.numbered = u.item != last && it.Ordered || u.item < 0 && a.marked(u); u.item >= 0 {
			last = u.item
		}
		if len(off) > 0 && off[0].Start < u.span.End {
			p.kind = job.ItemOffScript
		}
		if !p.numbered && a.goal(u) {
			continue // it may come first
		}
		to := b.units[p.to]
		p.still = to.item >= 0 && b.out.Items[to.item].Ordered || b.marked(to)
		one = append(one, p)
	}
	return append(all, one)
}

// goals are words by which a sentence near its beginning says what the job is for. Never written.
var goals = words("goal goals purpose objective aim objetivo objectif")

// goal reports whether a unit says what the job is for.
func (r *reading) goal(u unit) bool {
	for _, t := range r.tokens[u.from:min(u.to, u.from+5)] {
		if goals[t.word] {
			return true
		}
	}
	text := u.span.In(r.s)
	return r.out.Goal != "" && (strings.Contains(text, r.out.Goal) || strings.Contains(r.out.Goal, text))
}

// movedPlaces returns the places that must move for the others to be in order: as few as possible.
func movedPlaces(ps []place) []place {
	inOrder := true
	for i := 1; i < len(ps); i++ {
		inOrder = inOrder && ps[i-1].to <= ps[i].to
	}
	if inOrder {
		return nil
	}
	// longest run that does not fall, by patience
	var tails []int
	prev := fill(len(ps))
	for i, p := range ps {
		k := sort.Search(len(tails), func(k int) bool { return ps[tails[k]].to > p.to })
		if k > 0 {
			prev[i] = tails[k-1]
		}
		if k == len(tails) {
			tails = append(tails, i)
		} else {
			tails[k] = i
		}
	}
	stays := make([]bool, len(ps))
	for i := tails[len(tails)-1]; i >= 0; i = prev[i] {
		stays[i] = true
	}
	var moved []place
	for i, p := range ps {
		if !stays[i] {
			moved = append(moved, p)
		}
	}
	return moved
}

// compareNumbering reports once where steps have lost their numbers.
func compareNumbering(a, b *reading, al alignment, vs *violations) {
	first, lost := -1, 0
	last := -1
	for i, u := range a.units {
		if u.item < 0 || u.item == last || al.to[i] < 0 {
			continue
		}
		last = u.item
		it, to := a.out.Items[u.item], b.units[al.to[i]].item
		if it.Ordered && it.Kind != job.ItemOffScript && it.Kind != job.ItemHeading && (to < 0 || !b.out.Items[to].Ordered) && !b.marked(b.units[al.to[i]]) {
			if lost++; first < 0 {
				first = i
			}
		}
	}
	if lost > 1 {
		vs.add(Violation{Guard: GuardOrder, Was: a.units[first].span, Span: b.units[al.to[first]].span,
			Message: fmt.Sprintf("%d steps have lost their numbers.", lost)})
	}
}

// marked reports whether a number stands before a unit on its line, also one that does not count on from the last.
func (r *reading) marked(u unit) bool {
	line := strings.LastIndexByte(r.s[:u.span.Start], '\n') + 1
	before := strings.Trim(r.s[line:u.span.Start], " \t#*>(")
	if before == "" {
		return mark(r.s, line, u.span.End) > 0
	}
	if before[0] >= '0' && before[0] <= '9' {
		return len(before) < 6
	}
	return strings.HasSuffix(before, ":") && strings.ContainsAny(before, "0123456789")
}
