package storage_test

import (
	"slices"
	"strings"
	"testing"
	"testing/quick"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"

	"github.com/sonajobs/sona/storage"
)

func TestNamesThatLookAlikeSortTogether(t *testing.T) {
	for _, alike := range [][]string{
		{"Take a message", "TAKE A MESSAGE", "  take   a message ", "Take\ta\u00a0message"},
		{"Café", "cafe", "CAFE\u0301", "Cafe\u200b"},
		{"Straße", "STRASSE"},
		{"Ｆａｘ", "fax"},
		{"№ 1", "no 1"},
		{"ﬁnd", "FIND"},
		{"Ελλάς", "ΕΛΛΑΣ"},
		{"ᎠᎡ", "ꭰꭱ"},
	} {
		for _, name := range alike {
			assert.Equal(t, storage.SortKey(alike[0]), storage.SortKey(name), "%q and %q", alike[0], name)
		}
	}
}

func TestNamesThatDifferKeepApart(t *testing.T) {
	for _, pair := range [][2]string{
		{"Take a message", "Takeamessage"},
		{"か", "が"}, // the mark makes another letter
		{"1", "2"},
		{"", "\u0301"}, // a mark alone is all that the name has
	} {
		assert.NotEqual(t, storage.SortKey(pair[0]), storage.SortKey(pair[1]), "%q and %q", pair[0], pair[1])
	}
}

func TestNamesSortAsPeopleExpect(t *testing.T) {
	names := []string{"Zebra", "école", "Apfel", "eclair", "Étoile", "apfelmus", "Äpfel"}
	slices.SortStableFunc(names, func(a, b string) int { return strings.Compare(storage.SortKey(a), storage.SortKey(b)) })
	assert.Equal(t, []string{"Apfel", "Äpfel", "apfelmus", "eclair", "école", "Étoile", "Zebra"}, names)
}

func TestSortKeyIsAFixedPointAndFitsEveryDatabase(t *testing.T) {
	check := func(name string) bool {
		key := storage.SortKey(name)
		return len(key) <= storage.MaxSort && storage.Storable(key) && (len(key) > storage.MaxSort-4 || storage.SortKey(key) == key)
	}
	assert.NoError(t, quick.Check(check, &quick.Config{MaxCount: 1_000}))
	for r := rune(' '); r <= utf8.MaxRune; r++ {
		if !unicode.In(r, unicode.L, unicode.M, unicode.N, unicode.P, unicode.S, unicode.Z) || unicode.In(r, unicode.Han, unicode.Hangul) {
			continue // unassigned, or without upper and lower case
		}
		if key := storage.SortKey(string(r)); storage.SortKey(key) != key {
			t.Errorf("%U folds to %+q, and that to %+q", r, key, storage.SortKey(key))
		}
	}
	for _, name := range []string{
		strings.Repeat("ﷺ", 100), // one character that folds to eighteen
		strings.Repeat("😀", 400),
		"\xff\xfe broken", "\x00", strings.Repeat("a", storage.MaxSort),
	} {
		assert.True(t, check(name), "%q", name)
		assert.True(t, utf8.ValidString(storage.SortKey(name)))
	}
}
