package optimize

import (
	"fmt"
	"slices"
)

// steps reports where a sentence became numbered steps in another order than it had itself: soft, because a
// sentence need not have meant an order.
func (p *pair) steps() {
	if len(p.g.b) < 2 {
		return
	}
	at := map[int32]int{} // where a word stands that stands once
	for i, t := range p.a {
		if _, twice := at[t.id]; twice {
			at[t.id] = -1
			continue
		}
		at[t.id] = i
	}
	last := -1
	for _, j := range p.g.b {
		u := p.comparison.b.units[j]
		if u.item < 0 || !p.comparison.b.out.Items[u.item].Ordered {
			continue
		}
		var places []int
		for _, t := range p.comparison.b.tokens[u.from:u.to] {
			if i, ok := at[t.id]; ok && i >= 0 && (t.kind != "" || classes[t.word] == plain && !common[t.word]) {
				places = append(places, i)
			}
		}
		if len(places) == 0 {
			continue
		}
		slices.Sort(places)
		middle := places[len(places)/2]
		if middle < last {
			p.note(Violation{Guard: GuardOrder, New: p.comparison.b.text(u), Message: fmt.Sprintf("This stood earlier in the text: \"%s\".", p.comparison.b.text(u))})
			return
		}
		last = middle
	}
}
