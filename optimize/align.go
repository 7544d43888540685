package optimize

import (
	"encoding/binary"
	"slices"
)

// group is units of the text before and the units after that say the same, or what came of it.
type group struct {
	a, b   []int
	placed bool // found by their neighbours, not by their words
	again  bool // the other side says it already, for another unit
	gone   bool // with again: it is the unit before that is gone
}

// alignment says what became of each unit.
type alignment struct {
	groups   []group
	gone, in []int // units without a counterpart
	to       []int // of each unit before: the first unit after that it belongs to, -1 for none
}

// aligner finds counterparts: equal units first, wherever they are, then by the words that they share, then by
// their neighbours.
type aligner struct {
	a, b   *reading
	toB    []int // of each unit of a, -1 for none
	toA    []int
	keysA  []string
	keysB  []string
	weight map[int32]float64
}

func align(a, b *reading) alignment {
	al := aligner{a: a, b: b, toB: fill(len(a.units)), toA: fill(len(b.units)), keysA: a.keys(), keysB: b.keys(), weight: map[int32]float64{}}
	al.equal()
	groups := al.similar()
	groups = append(groups, al.placed()...)
	return al.result(groups)
}

func fill(n int) []int {
	s := make([]int, n)
	for i := range s {
		s[i] = -1
	}
	return s
}

// keys returns the tokens of each unit as one string.
func (r *reading) keys() []string {
	keys := make([]string, len(r.units))
	var buf []byte
	for i, u := range r.units {
		buf = buf[:0]
		for _, t := range r.tokens[u.from:u.to] {
			buf = binary.LittleEndian.AppendUint32(buf, uint32(t.id))
		}
		keys[i] = string(buf)
	}
	return keys
}

func (al *aligner) pair(i, j int) { al.toB[i], al.toA[j] = j, i }

func (al *aligner) free(i, j int) bool {
	return i >= 0 && j >= 0 && i < len(al.toB) && j < len(al.toA) && al.toB[i] < 0 && al.toA[j] < 0 && al.keysA[i] == al.keysB[j]
}

// equal pairs equal units: from both ends, then those that stand once and what stands around them, then the
// rest in order.
func (al *aligner) equal() {
	for i := 0; al.free(i, i); i++ {
		al.pair(i, i)
	}
	for i, j := len(al.toB)-1, len(al.toA)-1; al.free(i, j); i, j = i-1, j-1 {
		al.pair(i, j)
	}
	count := map[string][2]int{}
	where := map[string]int{}
	for i, k := range al.keysA {
		if al.toB[i] < 0 {
			c := count[k]
			c[0]++
			count[k] = c
		}
	}
	for j, k := range al.keysB {
		if al.toA[j] < 0 {
			c := count[k]
			c[1]++
			count[k], where[k] = c, j
		}
	}
	for i, k := range al.keysA {
		if al.toB[i] >= 0 || count[k] != [2]int{1, 1} {
			continue
		}
		j := where[k]
		al.pair(i, j)
		for d := 1; al.free(i+d, j+d); d++ {
			al.pair(i+d, j+d)
		}
		for d := 1; al.free(i-d, j-d); d++ {
			al.pair(i-d, j-d)
		}
	}
	rest := map[string][]int{}
	for j, k := range al.keysB {
		if al.toA[j] < 0 {
			rest[k] = append(rest[k], j)
		}
	}
	for i, k := range al.keysA {
		if js := rest[k]; al.toB[i] < 0 && len(js) > 0 {
			rest[k] = js[1:]
			if al.toA[js[0]] < 0 {
				al.pair(i, js[0])
			}
		}
	}
}

// alike is how much of the smaller of two units must stand in the other one.
const (
	alike     = 0.45
	repeating = 0.8 // of a unit that says again what another one says
	mostHits  = 64  // units that share a word; a word of more says nothing
)

// of returns how much a token says: words that are everywhere least.
func (al *aligner) of(t token) float64 {
	w, ok := al.weight[t.id]
	if !ok {
		w = 1 / float64(1+(al.a.count[t.word]+al.b.count[t.word])/2)
		if t.kind == "" && (classes[t.word] != plain || common[t.word]) {
			w /= 2
		}
		al.weight[t.id] = w
	}
	return w
}

// sets returns the distinct tokens of units, and what each unit weighs.
func (al *aligner) sets(r *reading, which []int) (sets [][]token, weights []float64) {
	sets, weights = make([][]token, len(which)), make([]float64, len(which))
	seen := map[int32]int{}
	for n, i := range which {
		u := r.units[i]
		for _, t := range r.tokens[u.from:u.to] {
			if seen[t.id] != n+1 {
				seen[t.id] = n + 1
				sets[n] = append(sets[n], t)
				weights[n] += al.of(t)
			}
		}
	}
	return sets, weights
}

// best finds for each unit of from the unit of to that shares most with it, -1 where none shares enough. With
// whole, all of the unit has to be there.
func (al *aligner) best(ra *reading, from []int, rb *reading, to []int, enough float64, whole bool) []int {
	found := fill(len(from))
	if len(from) == 0 || len(to) == 0 {
		return found
	}
	sa, wa := al.sets(ra, from)
	sb, wb := al.sets(rb, to)
	postings := map[int32][]int{}
	for n, set := range sb {
		for _, t := range set {
			postings[t.id] = append(postings[t.id], n)
		}
	}
	score := make([]float64, len(to))
	for n, set := range sa {
		var touched []int
		for _, t := range set {
			ps := postings[t.id]
			if len(ps) > mostHits {
				continue
			}
			for _, m := range ps {
				if score[m] == 0 {
					touched = append(touched, m)
				}
				score[m] += al.of(t)
			}
		}
		top := 0.0
		for _, m := range touched {
			least := min(wa[n], wb[m])
			if whole {
				least = wa[n]
			}
			// Of units that contain as much of each other the one that is nearest in size and place is meant.
			sim := score[m] / least
			full := sim + score[m]/max(wa[n], wb[m]) - 0.001*float64(abs(from[n]-to[m]))
			if sim >= enough && full > top {
				top, found[n] = full, m
			}
			score[m] = 0
		}
	}
	return found
}

func abs(n int) int { return max(n, -n) }

// similar groups what is left by the words that units share; a sentence that was split or joined has several counterparts.
func (al *aligner) similar() []group {
	ua, ub := al.left(al.toB, al.a), al.left(al.toA, al.b)
	forth := al.best(al.a, ua, al.b, ub, alike, false)
	back := al.best(al.b, ub, al.a, ua, alike, false)
	// Units with a link, either way, belong together.
	root := make([]int, len(ua)+len(ub))
	for i := range root {
		root[i] = i
	}
	find := func(i int) int {
		for root[i] != i {
			root[i] = root[root[i]]
			i = root[i]
		}
		return i
	}
	for n, m := range forth {
		if m >= 0 {
			root[find(n)] = find(len(ua) + m)
		}
	}
	for m, n := range back {
		if n >= 0 {
			root[find(n)] = find(len(ua) + m)
		}
	}
	at := map[int]int{}
	var groups []group
	get := func(i int) *group {
		r := find(i)
		n, ok := at[r]
		if !ok {
			n = len(groups)
			at[r] = n
			groups = append(groups, group{})
		}
		return &groups[n]
	}
	for n, i := range ua {
		g := get(n)
		g.a = append(g.a, i)
	}
	for m, j := range ub {
		g := get(len(ua) + m)
		g.b = append(g.b, j)
	}
	groups = slices.DeleteFunc(groups, func(g group) bool {
		if len(g.a) == 0 || len(g.b) == 0 {
			return true
		}
		for _, i := range g.a {
			al.toB[i] = g.b[0]
		}
		for _, j := range g.b {
			al.toA[j] = g.a[0]
		}
		return false
	})
	for n, m := range forth { // where most of a unit went is its place
		if m >= 0 {
			al.toB[ua[n]] = ub[m]
		}
	}
	return groups
}

// left returns the units without a counterpart that have tokens.
func (al *aligner) left(to []int, r *reading) []int {
	var is []int
	for i, j := range to {
		if j < 0 && r.units[i].from < r.units[i].to {
			is = append(is, i)
		}
	}
	return is
}

// placed pairs units of a few words by their neighbours: a table cell, "Call 3 times." that became "Ring twice.".
func (al *aligner) placed() []group {
	const few = 5
	var groups []group
	for i := range al.toB {
		ua := al.a.units[i]
		if al.toB[i] >= 0 || ua.to == ua.from {
			continue
		}
		j := 0
		if i > 0 {
			if al.toB[i-1] < 0 {
				continue
			}
			j = al.toB[i-1] + 1
		}
		next := len(al.toA)
		if i+1 < len(al.toB) {
			next = al.toB[i+1]
		}
		if j+1 != next || al.toA[j] >= 0 {
			continue
		}
		ub := al.b.units[j]
		ta, tb := al.a.tokens[ua.from:ua.to], al.b.tokens[ub.from:ub.to]
		if len(tb) == 0 {
			continue
		}
		if _, common := tokenDiff(ta, tb); len(ta) <= few && len(tb) <= few || 2*common*10 >= 4*(len(ta)+len(tb)) {
			al.pair(i, j)
			groups = append(groups, group{a: []int{i}, b: []int{j}, placed: true})
		}
	}
	return groups
}

// result says what was found, and finds the units that only repeat another one.
func (al *aligner) result(groups []group) alignment {
	res := alignment{groups: groups, to: al.toB}
	gone, in := al.left(al.toB, al.a), al.left(al.toA, al.b)
	for n, m := range al.best(al.a, gone, al.b, all(al.b), repeating, true) {
		if m < 0 {
			res.gone = append(res.gone, gone[n])
		} else {
			res.groups = append(res.groups, group{a: []int{gone[n]}, b: []int{m}, again: true, gone: true})
		}
	}
	for n, m := range al.best(al.b, in, al.a, all(al.a), repeating, true) {
		if m < 0 {
			res.in = append(res.in, in[n])
		} else {
			res.groups = append(res.groups, group{a: []int{m}, b: []int{in[n]}, again: true})
		}
	}
	return res
}

func all(r *reading) []int {
	is := make([]int, len(r.units))
	for i := range is {
		is[i] = i
	}
	return is
}
