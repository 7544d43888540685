package storage

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"github.com/sonajobs/sona/job"
)

// maxSortKey bounds a sort key, so that it fits with the rest of a list's order into one index entry of
// every database. The longest title of ordinary letters has 800 bytes.
const maxSortKey = 1_000

// sortKey returns what a name is sorted by and found by. Names that a person takes for the same have
// the same key: upper and lower case, accents, full-width and other compatibility forms, and the
// number of blanks make no difference. Keys sort as bytes, so that every driver gives the same order.
func sortKey(name string) string {
	key := foldText(name)
	if len(key) <= maxSortKey {
		return key
	}
	end := maxSortKey
	for !utf8.RuneStart(key[end]) {
		end--
	}
	return key[:end]
}

// foldText is sortKey in full length: a text to look for must not be cut, or it would find too much.
func foldText(name string) string {
	name = norm.NFKD.String(job.CleanLine(name))
	name = norm.NFKD.String(strings.ToLower(cases.Fold().String(name))) // Fold alone swaps the cases of Cherokee
	if plain := strings.Map(withoutAccent, name); strings.TrimSpace(plain) != "" {
		name = plain
	}
	return norm.NFC.String(strings.Join(strings.Fields(name), " "))
}

// withoutAccent drops the marks that Latin, Greek and Cyrillic letters carry. Marks of other scripts
// stay: there they make another letter.
func withoutAccent(r rune) rune {
	if r >= 0x0300 && r <= 0x036f {
		return -1
	}
	return r
}
