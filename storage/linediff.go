package storage

import "slices"

// hunk says that lines [a0,a1) of one text became lines [b0,b1) of another. One of the two ranges may be
// empty, not both.
type hunk struct{ a0, a1, b0, b1 int }

func (h hunk) inserts() bool { return h.a0 == h.a1 }

// sameLength reports whether h replaces lines one by one, so that it is plain where something beside it
// belongs.
func (h hunk) sameLength() bool { return h.a1-h.a0 == h.b1-h.b0 }

const (
	// maxEdits bounds the search for the shortest diff of a piece: one of twice as many changed lines is
	// found. Beyond it a good one has to do.
	maxEdits = 500
	// maxDepth bounds how often a piece between anchors is searched for anchors of its own.
	maxDepth = 16
)

// diff returns the hunks that turn a into b, in order, with at least one common line between any two.
// Lines that stand just once on either side are its anchors, as in the patience diff: a heading is a better
// sign of what belongs together than a blank line or a phrase that every section repeats. Between them it
// is Myers' algorithm in linear space. Where a change can be placed in several ways it stands as far down
// as it can, so that two diffs place equal changes alike.
func diff(a, b []int32) []hunk {
	d := &differ{a: a, b: b, inA: make([]bool, len(a)), inB: make([]bool, len(b))}
	d.run(maxDepth)
	return settle(d.hunks(), a, b)
}

// differ marks the lines of a and b that are in no longest common subsequence.
type differ struct {
	a, b     []int32
	inA, inB []bool

	// What is left after lines that only one side has were marked: the texts and their places.
	x, y       []int32
	atX, atY   []int
	fore, back []int // furthest reaching points on each diagonal, from both ends
	zero       int   // the place of diagonal 0 in fore and back
}

func (d *differ) run(depth int) {
	d.x, d.atX = common(d.a, d.b, d.inA)
	d.y, d.atY = common(d.b, d.a, d.inB)
	size := len(d.x) + len(d.y) + 3
	d.fore, d.back, d.zero = make([]int, size), make([]int, size), len(d.y)+1
	d.split(0, len(d.x), 0, len(d.y), depth)
}

// split compares what lies between anchors; without anchors, and when depth is used up, all at once.
func (d *differ) split(x0, x1, y0, y1, depth int) {
	var anchors [][2]int
	if depth > 0 {
		anchors = d.anchors(x0, x1, y0, y1)
	}
	if len(anchors) == 0 {
		d.compare(x0, x1, y0, y1)
		return
	}
	for _, at := range anchors {
		d.split(x0, at[0], y0, at[1], depth-1)
		x0, y0 = at[0]+1, at[1]+1
	}
	d.split(x0, x1, y0, y1, depth-1)
}

// anchors returns the places of lines that stand once on each side: the most that keep their order.
func (d *differ) anchors(x0, x1, y0, y1 int) [][2]int {
	type seen struct{ inX, inY, y int }
	lines := make(map[int32]seen, x1-x0)
	for i := x0; i < x1; i++ {
		s := lines[d.x[i]]
		s.inX++
		lines[d.x[i]] = s
	}
	for i := y0; i < y1; i++ {
		if s, ok := lines[d.y[i]]; ok {
			lines[d.y[i]] = seen{s.inX, s.inY + 1, i}
		}
	}
	var once [][2]int
	for i := x0; i < x1; i++ {
		if s := lines[d.x[i]]; s.inX == 1 && s.inY == 1 {
			once = append(once, [2]int{i, s.y})
		}
	}
	return longestRising(once)
}

// longestRising returns the longest run of pairs whose second numbers rise as the first do; the first do
// already.
func longestRising(pairs [][2]int) [][2]int {
	ends := []int{}                   // ends[n] is the pair with the lowest end of all runs of n+1
	before := make([]int, len(pairs)) // the pair before it in its run
	for i, p := range pairs {
		n, _ := slices.BinarySearchFunc(ends, p[1], func(end, y int) int { return pairs[end][1] - y })
		if n > 0 {
			before[i] = ends[n-1]
		}
		if n == len(ends) {
			ends = append(ends, i)
		} else {
			ends[n] = i
		}
	}
	run := make([][2]int, len(ends))
	for n := len(ends) - 1; n >= 0; n-- {
		run[n] = pairs[ends[n]]
		if n > 0 {
			ends[n-1] = before[ends[n]] // from here on ends is the run itself
		}
	}
	return run
}

// common returns the lines of a that b has, too, with their places; the others are marked.
func common(a, b []int32, marked []bool) (lines []int32, places []int) {
	has := make(map[int32]bool, len(b))
	for _, line := range b {
		has[line] = true
	}
	for i, line := range a {
		if has[line] {
			lines, places = append(lines, line), append(places, i)
		} else {
			marked[i] = true
		}
	}
	return lines, places
}

func (d *differ) compare(x0, x1, y0, y1 int) {
	for {
		for x0 < x1 && y0 < y1 && d.x[x0] == d.y[y0] {
			x0, y0 = x0+1, y0+1
		}
		for x0 < x1 && y0 < y1 && d.x[x1-1] == d.y[y1-1] {
			x1, y1 = x1-1, y1-1
		}
		if x0 == x1 || y0 == y1 {
			break
		}
		x, y := d.middle(x0, x1, y0, y1)
		d.compare(x0, x, y0, y)
		x0, y0 = x, y
	}
	for ; x0 < x1; x0++ {
		d.inA[d.atX[x0]] = true
	}
	for ; y0 < y1; y0++ {
		d.inB[d.atY[y0]] = true
	}
}

// middle returns a point on a shortest path from (x0,y0) to (x1,y1), found from both ends at once; when
// that takes too long, the point that was reached with the most lines behind it. The rectangle has neither
// a common first nor a common last line, so the point is no corner of it.
func (d *differ) middle(x0, x1, y0, y1 int) (int, int) {
	const never = int(^uint(0) >> 1)
	low, high := x0-y1, x1-y0 // the diagonals that exist
	foreMin, foreMax, backMin, backMax := x0-y0, x0-y0, x1-y1, x1-y1
	odd := (foreMin-backMin)%2 != 0
	fore, back := d.fore, d.back
	at := func(diagonal int) int { return d.zero + diagonal }
	fore[at(foreMin)], back[at(backMin)] = x0, x1
	for c := 0; ; c++ {
		if c == maxEdits {
			return furthest(x0, x1, y0, y1, func(yield func(diagonal, fore, back int)) {
				for k := foreMin; k <= foreMax; k += 2 {
					yield(k, fore[at(k)], never)
				}
				for k := backMin; k <= backMax; k += 2 {
					yield(k, -1, back[at(k)])
				}
			})
		}
		foreMin, foreMax = widen(fore, d.zero, foreMin, foreMax, low, high, -1)
		for k := foreMax; k >= foreMin; k -= 2 {
			x := max(fore[at(k-1)]+1, fore[at(k+1)])
			for x < x1 && x-k < y1 && d.x[x] == d.y[x-k] {
				x++
			}
			fore[at(k)] = x
			if odd && backMin <= k && k <= backMax && back[at(k)] <= x {
				return x, x - k
			}
		}
		backMin, backMax = widen(back, d.zero, backMin, backMax, low, high, never)
		for k := backMax; k >= backMin; k -= 2 {
			x := min(back[at(k-1)], back[at(k+1)]-1)
			for x > x0 && x-k > y0 && d.x[x-1] == d.y[x-k-1] {
				x--
			}
			back[at(k)] = x
			if !odd && foreMin <= k && k <= foreMax && x <= fore[at(k)] {
				return x, x - k
			}
		}
	}
}

// furthest returns the point that one of the two searches reached with the most lines behind it.
func furthest(x0, x1, y0, y1 int, each func(func(diagonal, fore, back int))) (int, int) {
	bestX, bestY, most := x0, y0, -1
	each(func(k, fore, back int) {
		if fore >= 0 {
			if x := min(fore, x1, y1+k); x+x-k-x0-y0 > most {
				bestX, bestY, most = x, x-k, x+x-k-x0-y0
			}
			return
		}
		if x := max(back, x0, y0+k); x1+y1-x-x+k > most {
			bestX, bestY, most = x, x-k, x1+y1-x-x+k
		}
	})
	return bestX, bestY
}

// widen takes in one more diagonal on each side, or leaves one out where there is none any more.
func widen(reach []int, zero, least, most, low, high, unreached int) (int, int) {
	if least > low {
		least--
		reach[zero+least-1] = unreached
	} else {
		least++
	}
	if most < high {
		most++
		reach[zero+most+1] = unreached
	} else {
		most--
	}
	return least, most
}

// hunks turns the marks into hunks.
func (d *differ) hunks() []hunk {
	var hunks []hunk
	for i, j := 0, 0; i < len(d.a) || j < len(d.b); i, j = i+1, j+1 {
		h := hunk{a0: i, b0: j}
		for i < len(d.a) && d.inA[i] {
			i++
		}
		for j < len(d.b) && d.inB[j] {
			j++
		}
		if h.a1, h.b1 = i, j; h.a0 < h.a1 || h.b0 < h.b1 {
			hunks = append(hunks, h)
		}
	}
	return hunks
}

// settle moves pure insertions and deletions down as far as the lines after them allow, and joins those
// that come to touch.
func settle(hunks []hunk, a, b []int32) []hunk {
	for i := len(hunks) - 1; i >= 0; i-- {
		h, endA := &hunks[i], len(a)
		if i+1 < len(hunks) {
			endA = hunks[i+1].a0
		}
		switch {
		case h.a0 == h.a1:
			for h.a1 < endA && b[h.b0] == b[h.b1] {
				h.a0, h.a1, h.b0, h.b1 = h.a0+1, h.a1+1, h.b0+1, h.b1+1
			}
		case h.b0 == h.b1:
			for h.a1 < endA && a[h.a0] == a[h.a1] {
				h.a0, h.a1, h.b0, h.b1 = h.a0+1, h.a1+1, h.b0+1, h.b1+1
			}
		}
		if i+1 < len(hunks) && h.a1 == endA {
			h.a1, h.b1 = hunks[i+1].a1, hunks[i+1].b1
			hunks = append(hunks[:i+1], hunks[i+2:]...)
		}
	}
	return hunks
}
