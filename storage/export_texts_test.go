package storage

import "strings"

// What the tests of the texts look at from outside.
var (
	SortKey   = sortKey
	MaxSort   = maxSortKey
	BatchSize = importBatch
)

// MergeLines is the merge of one text by lines.
func MergeLines(base, mine, theirs string) (string, []Clash) {
	var m merger
	merged := m.lines("text", base, mine, theirs)
	return merged, m.clashes
}

// Edits returns how many lines diff removes from a and adds to b, and whether its hunks really turn the
// one into the other. ShortestEdits is the same without anchors.
func Edits(a, b []string) (removed, added int, sound bool) { return edits(a, b, diff) }

func ShortestEdits(a, b []string) (removed, added int, sound bool) {
	return edits(a, b, func(a, b []int32) []hunk {
		d := &differ{a: a, b: b, inA: make([]bool, len(a)), inB: make([]bool, len(b))}
		d.run(0)
		return d.hunks()
	})
}

func edits(a, b []string, diff func(a, b []int32) []hunk) (removed, added int, sound bool) {
	ids := intern{}
	x, y := ids.of(a), ids.of(b)
	var built []int32
	at := 0
	sound = true
	for _, h := range diff(x, y) {
		sound = sound && h.a0 >= at && h.a0 <= h.a1 && h.b0 <= h.b1 && (h.a0 < h.a1 || h.b0 < h.b1)
		built = append(append(built, x[at:h.a0]...), y[h.b0:h.b1]...)
		removed, added, at = removed+h.a1-h.a0, added+h.b1-h.b0, h.a1
	}
	built = append(built, x[at:]...)
	if len(built) != len(y) {
		return removed, added, false
	}
	for i := range y {
		sound = sound && built[i] == y[i]
	}
	return removed, added, sound
}

// Part returns base with those of the edits that lead to changed which take picks, and how many there are.
func Part(base, changed string, take func(i int) bool) (string, int) {
	a, b := strings.Split(base, "\n"), strings.Split(changed, "\n")
	ids := intern{}
	hunks := diff(ids.of(a), ids.of(b))
	var part []string
	at := 0
	for i, h := range hunks {
		if take(i) {
			part = append(append(part, a[at:h.a0]...), b[h.b0:h.b1]...)
			at = h.a1
		}
	}
	return strings.Join(append(part, a[at:]...), "\n"), len(hunks)
}
