package optimize

import "strings"

// changedLines returns the lines that differ, stretch by stretch, for optimizers that do not say what they did.
func changedLines(before, after string) []Change {
	a, b := strings.Split(before, "\n"), strings.Split(after, "\n")
	ids := map[string]int32{}
	tokens := func(lines []string) []token {
		ts := make([]token, len(lines))
		for i, l := range lines {
			id, ok := ids[l]
			if !ok {
				id = int32(len(ids) + 1)
				ids[l] = id
			}
			ts[i].id = id
		}
		return ts
	}
	kept, _ := tokenDiff(tokens(a), tokens(b))
	var changes []Change
	for _, h := range hunks(kept, len(b)) {
		changes = append(changes, Change{Before: strings.Join(a[h.a0:h.a1], "\n"), After: strings.Join(b[h.b0:h.b1], "\n")})
	}
	return changes
}
