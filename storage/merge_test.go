package storage_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/storage"
)

func TestMergeByLines(t *testing.T) {
	const base = "Goal: book\n1. Ask name\n2. Ask date\n3. Confirm"
	for _, c := range []struct {
		says, base, mine, theirs, merged string
		clashes                          []storage.Clash
	}{{
		says: "edits of different lines combine", base: base,
		mine:   "Goal: book a table\n1. Ask name\n2. Ask date\n3. Confirm",
		theirs: "Goal: book\n1. Ask name\n2. Ask date\n3. Confirm by text",
		merged: "Goal: book a table\n1. Ask name\n2. Ask date\n3. Confirm by text",
	}, {
		says: "so do edits of neighbouring lines", base: base,
		mine:   "Goal: book\n1. Ask full name\n2. Ask date\n3. Confirm",
		theirs: "Goal: book\n1. Ask name\n2. Ask day\n3. Confirm",
		merged: "Goal: book\n1. Ask full name\n2. Ask day\n3. Confirm",
	}, {
		says: "a line added beside an edited one belongs after it", base: base,
		mine:   base + "\n4. Say goodbye",
		theirs: "Goal: book\n1. Ask name\n2. Ask date\n3. Confirm by text",
		merged: "Goal: book\n1. Ask name\n2. Ask date\n3. Confirm by text\n4. Say goodbye",
	}, {
		says: "a line added between two that the other side reworded", base: base,
		mine:   "Goal: book\n1. Ask name\n1b. Ask phone\n2. Ask date\n3. Confirm",
		theirs: "Goal: book\n1. Name?\n2. Date?\n3. Confirm",
		merged: "Goal: book\n1. Name?\n1b. Ask phone\n2. Date?\n3. Confirm",
	}, {
		says: "the same edit on both sides is one edit", base: base,
		mine:   "Goal: book\n1. Ask full name\n2. Ask day\n3. Confirm",
		theirs: "Goal: book\n1. Ask full name\n2. Ask date\n3. Confirm",
		merged: "Goal: book\n1. Ask full name\n2. Ask day\n3. Confirm",
	}, {
		says: "different edits of one line clash, and both stay", base: base,
		mine:    "Goal: book\n1. Ask name\n2. Ask day\n3. Confirm",
		theirs:  "Goal: book\n1. Ask name\n2. Ask time\n3. Confirm",
		merged:  "Goal: book\n1. Ask name\n2. Ask time\n2. Ask day\n3. Confirm",
		clashes: []storage.Clash{{Field: "text", Base: "2. Ask date", Mine: "2. Ask day", Theirs: "2. Ask time", Line: 3}},
	}, {
		says: "different lines added at one place clash", base: base,
		mine:    base + "\n4. Say goodbye",
		theirs:  base + "\n4. Thank them",
		merged:  base + "\n4. Thank them\n4. Say goodbye",
		clashes: []storage.Clash{{Field: "text", Mine: "4. Say goodbye", Theirs: "4. Thank them", Line: 5}},
	}, {
		says: "what both added alike is agreed, the rest clashes", base: base,
		mine:    base + "\n4. Thank them\n5. Hang up\nEnd",
		theirs:  base + "\n4. Thank them\n5. Wait\nEnd",
		merged:  base + "\n4. Thank them\n5. Wait\n5. Hang up\nEnd",
		clashes: []storage.Clash{{Field: "text", Mine: "5. Hang up", Theirs: "5. Wait", Line: 6}},
	}, {
		says: "a removed line that was edited stays and clashes", base: base,
		mine:    "Goal: book\n2. Ask date\n3. Confirm",
		theirs:  "Goal: book\n1. Ask full name\n2. Ask date\n3. Confirm",
		merged:  "Goal: book\n1. Ask full name\n2. Ask date\n3. Confirm",
		clashes: []storage.Clash{{Field: "text", Base: "1. Ask name", Theirs: "1. Ask full name", Line: 2}},
	}, {
		says: "a line added to a section that the other side removed clashes", base: base,
		mine:    "Goal: book\n1. Ask name\n2. Ask date\n2b. Ask time\n3. Confirm",
		theirs:  "Goal: book\n3. Confirm",
		merged:  "Goal: book\n1. Ask name\n2. Ask date\n2b. Ask time\n3. Confirm",
		clashes: []storage.Clash{{Field: "text", Base: "1. Ask name\n2. Ask date", Mine: "1. Ask name\n2. Ask date\n2b. Ask time", Line: 2}},
	}, {
		says: "both removed the line", base: base,
		mine: "Goal: book\n2. Ask date\n3. Confirm", theirs: "Goal: book\n2. Ask date\n3. Confirm", merged: "Goal: book\n2. Ask date\n3. Confirm",
	}, {
		says: "a paragraph put before the same one combines with an edit of it", base: "A\n\nB\n\nC",
		mine: "A\n\nNew\n\nB\n\nC", theirs: "A\n\nB, but better\n\nC", merged: "A\n\nNew\n\nB, but better\n\nC",
	}, {
		says: "without a base all that differs clashes", base: "",
		mine: "A\nB\nC", theirs: "A\nX\nC", merged: "A\nX\nB\nC",
		clashes: []storage.Clash{{Field: "text", Mine: "B", Theirs: "X", Line: 2}},
	}, {
		says: "a line end at the end is a line", base: "A\nB", mine: "A\nB\n", theirs: "A2\nB", merged: "A2\nB\n",
	}, {
		says: "everything may be removed", base: "A\nB", mine: "A", theirs: "B", merged: "",
	}} {
		t.Run(c.says, func(t *testing.T) {
			merged, clashes := storage.MergeLines(c.base, c.mine, c.theirs)
			assert.Empty(t, cmp.Diff(c.merged, merged))
			assert.Empty(t, cmp.Diff(c.clashes, clashes))
			checkMerge(t, c.base, c.mine, c.theirs)
		})
	}
}

// checkMerge holds a merge to what is promised for any three texts.
func checkMerge(t *testing.T, base, mine, theirs string) {
	t.Helper()
	for _, text := range []string{mine, theirs} {
		for _, c := range [][3]string{{base, text, base}, {base, base, text}, {base, text, text}} {
			merged, clashes := storage.MergeLines(c[0], c[1], c[2])
			require.Equal(t, text, merged, "%q", c)
			require.Empty(t, clashes, "%q", c)
		}
	}
	merged, clashes := storage.MergeLines(base, mine, theirs)
	swapped, swappedClashes := storage.MergeLines(base, theirs, mine)
	require.Len(t, swappedClashes, len(clashes))
	if len(clashes) == 0 {
		require.Equal(t, merged, swapped)
	}
	lines := strings.Split(merged, "\n")
	for i, c := range clashes {
		both := append(linesOf(c.Theirs), linesOf(c.Mine)...)
		require.Equal(t, both, lines[c.Line-1:c.Line-1+len(both)], "clash %d: %+v", i, c)
		require.Equal(t, c.Mine, swappedClashes[i].Theirs)
	}
	nothingIsLost(t, base, mine, theirs, merged)
}

func linesOf(s string) []string {
	if s == "" {
		return nil // a clash does not tell a blank line from no line; the tests use none
	}
	return strings.Split(s, "\n")
}

// nothingIsLost: every line that one side typed and the base does not have stands in the merged text.
func nothingIsLost(t *testing.T, base, mine, theirs, merged string) {
	t.Helper()
	had, has := strings.Split(base, "\n"), strings.Split(merged, "\n")
	for _, text := range []string{mine, theirs} {
		for line := range strings.SplitSeq(text, "\n") {
			if line != "" && !slices.Contains(had, line) {
				require.Contains(t, has, line)
			}
		}
	}
}

// edit changes lines of a text and tells which: it replaces, removes and inserts, with marked lines.
func edit(r *rand.Rand, lines []string, mark string, may func(i int) bool) []string {
	var out []string
	for i, line := range lines {
		if !may(i) || r.IntN(3) > 0 {
			out = append(out, line)
			continue
		}
		switch r.IntN(3) {
		case 0:
			out = append(out, line+" "+mark)
		case 1: // removed
		case 2:
			out = append(out, line, fmt.Sprintf("%s after %d", mark, i))
		}
	}
	return out
}

func TestEditsThatDoNotOverlapCombineInAnyOrder(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for range 600 {
		base := make([]string, 4+r.IntN(60))
		for i := range base {
			base[i] = fmt.Sprintf("line %d", i)
		}
		// Mine edits the places 0 and 1 of eight, theirs the places 4 and 5: never side by side.
		mineMay := func(i int) bool { return i%8 < 2 }
		theirsMay := func(i int) bool { return i%8 == 4 || i%8 == 5 }
		seed := r.Uint64()
		mine := edit(rand.New(rand.NewPCG(seed, 1)), base, "mine", mineMay)
		theirs := edit(rand.New(rand.NewPCG(seed, 2)), base, "theirs", theirsMay)
		both := edit(rand.New(rand.NewPCG(seed, 2)), base, "theirs", theirsMay)
		both = editAgain(rand.New(rand.NewPCG(seed, 1)), base, both, mineMay)

		join := func(lines []string) string { return strings.Join(lines, "\n") }
		merged, clashes := storage.MergeLines(join(base), join(mine), join(theirs))
		require.Empty(t, clashes, "base %q\nmine %q\ntheirs %q", base, mine, theirs)
		require.Empty(t, cmp.Diff(join(both), merged), "base %q\nmine %q\ntheirs %q", base, mine, theirs)
		checkMerge(t, join(base), join(mine), join(theirs))
	}
}

// editAgain makes the edits of mine on a text that theirs has edited already: what the merge has to find.
func editAgain(r *rand.Rand, base, edited []string, may func(i int) bool) []string {
	fate := map[string][]string{}
	for i, line := range base {
		fate[line] = edit(r, []string{line}, "mine", func(int) bool { return may(i) })
		if n := len(fate[line]); n == 2 {
			fate[line][1] = fmt.Sprintf("mine after %d", i)
		}
	}
	var out []string
	for _, line := range edited {
		if became, ok := fate[line]; ok {
			out = append(out, became...)
		} else {
			out = append(out, line)
		}
	}
	return out
}

func FuzzMerge(f *testing.F) {
	f.Add("a\nb\nc", "a\nB\nc", "a\nb\nC")
	f.Add("", "x", "y")
	f.Add("a\n\n\nb", "a\n\nb", "\n\n")
	f.Add("1\n2\n3\n4\n5\n6", "1\n2\n4\n5\n6\n3", "6\n5\n4\n3\n2\n1")
	f.Add(strings.Repeat("x\ny\n", 20), strings.Repeat("y\nx\n", 20), strings.Repeat("x\n", 30))
	f.Fuzz(func(t *testing.T, base, mine, theirs string) {
		for _, text := range []string{mine, theirs} {
			for _, c := range [][3]string{{base, text, base}, {base, base, text}, {base, text, text}} {
				if merged, clashes := storage.MergeLines(c[0], c[1], c[2]); merged != text || len(clashes) > 0 {
					t.Fatalf("%q: merged %q, clashes %+v", c, merged, clashes)
				}
			}
		}
		merged, clashes := storage.MergeLines(base, mine, theirs)
		swapped, swappedClashes := storage.MergeLines(base, theirs, mine)
		if len(clashes) != len(swappedClashes) || len(clashes) == 0 && merged != swapped {
			t.Fatalf("it matters who is who: %q, %q", merged, swapped)
		}
		nothingIsLost(t, base, mine, theirs, merged)
	})
}
