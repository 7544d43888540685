package bm25

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Tokens returns the terms of s in order. Text is folded first: lower case, accents off, compatibility
// forms (full width, ligatures) made plain. A term is a run of letters, marks and digits without its
// English, Spanish or French plural, -ing or -ed; an apostrophe parts words, which is right for French.
// Scripts that put no space between words (Han, Kana, Hangul, Thai, Lao, Khmer, Myanmar) give every
// pair of neighbouring characters instead, and a character that stands alone as it is.
func Tokens(s string) []string {
	s = fold(s)
	terms := make([]string, 0, len(s)/5)
	for len(s) > 0 {
		word, rest := next(s)
		s = rest
		switch {
		case word == "":
		case unspaced(first(word)):
			terms = pairs(terms, word)
		default:
			terms = append(terms, stem(word))
		}
	}
	return terms
}

// next cuts the first word off s: a run that is all unspaced or all spaced script. What is neither
// letter nor digit gives the empty word.
func next(s string) (word, rest string) {
	kind := other
	for i, r := range s {
		switch k := kindOf(r); {
		case i == 0:
			kind = k
		case k == mark && kind != other: // belongs to what it follows
		case k != kind:
			return keep(kind, s[:i]), s[i:]
		}
	}
	return keep(kind, s), ""
}

func keep(k kind, word string) string {
	if k == spaced || k == dense {
		return word
	}
	return ""
}

type kind int

const (
	other  kind = iota
	spaced      // letters and digits of scripts that part words by spaces
	dense       // letters of scripts that do not
	mark
)

func kindOf(r rune) kind {
	switch {
	case r < 0x80:
		if 'a' <= r && r <= 'z' || '0' <= r && r <= '9' {
			return spaced
		}
		return other
	case unspaced(r):
		return dense
	case unicode.IsLetter(r) || unicode.IsNumber(r):
		return spaced
	case unicode.IsMark(r):
		return mark
	}
	return other
}

// unspaced reports whether r is of a script that writes its words without spaces. Korean has spaces,
// but particles cling to its words, so pairs find more. U+30FC, the long vowel of Kana, belongs to no
// script in Unicode's tables.
func unspaced(r rune) bool {
	return r >= 0x0E00 && (r == 'ー' || unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana,
		unicode.Hangul, unicode.Bopomofo, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar))
}

func first(s string) rune {
	for _, r := range s {
		return r
	}
	return -1
}

// pairs appends every two neighbouring characters of word, or word itself when it is one character.
func pairs(terms []string, word string) []string {
	before, at := -1, -1 // where the last two characters began
	for i := range word {
		if before >= 0 {
			terms = append(terms, word[before:i])
		}
		before, at = at, i
	}
	if before < 0 {
		return append(terms, word[at:])
	}
	return append(terms, word[before:])
}

// fold makes texts equal that a caller would pronounce alike. The accents that go are those of
// U+0300–U+036F only: in Indic scripts a mark is a vowel, and without it the word is another one.
func fold(s string) string {
	s = strings.ToLower(s)
	if ascii(s) {
		return s
	}
	s = strings.Map(func(r rune) rune {
		if r >= 0x300 && r <= 0x36f {
			return -1
		}
		return r
	}, norm.NFKD.String(s))
	return norm.NFC.String(ligatures.Replace(s))
}

// ligatures are the letters of Western European languages that Unicode does not decompose.
var ligatures = strings.NewReplacer("ß", "ss", "œ", "oe", "æ", "ae", "ø", "o", "ł", "l", "đ", "d", "ı", "i")

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}
