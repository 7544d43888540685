package storage_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/storage"
)

// longestCommon is the textbook table: slow and plainly right.
func longestCommon(a, b []string) int {
	row := make([]int, len(b)+1)
	for _, x := range a {
		diagonal := 0
		for j, y := range b {
			up := row[j+1]
			if x == y {
				row[j+1] = diagonal + 1
			} else {
				row[j+1] = max(up, row[j])
			}
			diagonal = up
		}
	}
	return row[len(b)]
}

func randomLines(r *rand.Rand, alphabet string) []string {
	lines := make([]string, r.IntN(40))
	for i := range lines {
		lines[i] = string(alphabet[r.IntN(len(alphabet))])
	}
	return lines
}

func TestDiffIsSoundAndTheShortestBetweenAnchors(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, alphabet := range []string{"a", "ab", "abcd", "abcdefghijklmnopqrstuvwxyz"} {
		for range 1_000 {
			a, b := randomLines(r, alphabet), randomLines(r, alphabet)
			removed, added, sound := storage.ShortestEdits(a, b)
			require.True(t, sound, "%q to %q", a, b)
			common := longestCommon(a, b)
			require.Equal(t, [2]int{len(a) - common, len(b) - common}, [2]int{removed, added}, "%q to %q", a, b)

			_, _, sound = storage.Edits(a, b)
			require.True(t, sound, "%q to %q", a, b)
		}
	}
}

func TestDiffKeepsSectionsTogetherByTheirHeadings(t *testing.T) {
	// The shortest diff would keep the repeated rules and take the headings for changed.
	a := strings.Split("# A\nrule 1\nrule 2\n# B\nrule 1\nrule 2", "\n")
	b := strings.Split("# B\nrule 1\nrule 2", "\n")
	removed, added, sound := storage.Edits(a, b)
	assert.Equal(t, [2]int{3, 0}, [2]int{removed, added})
	assert.True(t, sound)
	removed, added, sound = storage.Edits(strings.Split("x\nsame\nsame\n# B\ny", "\n"), strings.Split("# B\nsame\nsame\nz", "\n"))
	assert.Equal(t, [2]int{4, 3}, [2]int{removed, added}, "the heading stays, though two lines could")
	assert.True(t, sound)
}

func TestDiffOfShuffledLinesIsSoundAtFullLength(t *testing.T) {
	// 5,000 lines are as many as 10,000 characters can have. Each stands there twice, so that none is an
	// anchor, and the shortest diff has more changed lines than there is patience for.
	r := rand.New(rand.NewPCG(3, 4))
	lines := make([]string, 5_000)
	for i := range lines {
		lines[i] = string(rune(0x4e00 + i/2))
	}
	shuffled := slices.Clone(lines)
	r.Shuffle(len(shuffled), func(i, k int) { shuffled[i], shuffled[k] = shuffled[k], shuffled[i] })
	removed, added, sound := storage.Edits(lines, shuffled)
	assert.True(t, sound)
	assert.Equal(t, removed, added)
	assert.Less(t, removed, len(lines))

	for _, same := range [][]string{lines, nil} {
		removed, added, sound = storage.Edits(same, same)
		assert.Equal(t, [2]int{0, 0}, [2]int{removed, added})
		assert.True(t, sound)
	}
	removed, added, sound = storage.Edits(nil, strings.Split(strings.Repeat("\n", 10_000), "\n"))
	assert.Equal(t, [2]int{0, 10_001}, [2]int{removed, added})
	assert.True(t, sound)
}
