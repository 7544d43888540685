package storage

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
// one into the other.
func Edits(a, b []string) (removed, added int, sound bool) {
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
