package storage_test

import (
	"math/rand/v2"
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

func TestDiffIsTheShortestOne(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, alphabet := range []string{"a", "ab", "abcd", "abcdefghijklmnopqrstuvwxyz"} {
		for range 2_000 {
			a, b := randomLines(r, alphabet), randomLines(r, alphabet)
			removed, added, sound := storage.Edits(a, b)
			require.True(t, sound, "%q to %q", a, b)
			common := longestCommon(a, b)
			require.Equal(t, [2]int{len(a) - common, len(b) - common}, [2]int{removed, added}, "%q to %q", a, b)
		}
	}
}

func TestDiffOfShuffledLinesIsSoundAtFullLength(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	lines := make([]string, 5_000) // as many distinct lines as 10,000 characters can have
	for i := range lines {
		lines[i] = string(rune(0x4e00 + i))
	}
	shuffled := append([]string(nil), lines...)
	r.Shuffle(len(shuffled), func(i, k int) { shuffled[i], shuffled[k] = shuffled[k], shuffled[i] })
	removed, added, sound := storage.Edits(lines, shuffled)
	assert.True(t, sound)
	assert.Equal(t, removed, added)
	assert.Less(t, removed, len(lines))

	removed, added, sound = storage.Edits(lines, lines)
	assert.Equal(t, [2]int{0, 0}, [2]int{removed, added})
	assert.True(t, sound)
	removed, added, sound = storage.Edits(nil, strings.Split(strings.Repeat("\n", 10_000), "\n"))
	assert.Equal(t, [2]int{0, 10_001}, [2]int{removed, added})
	assert.True(t, sound)
}
