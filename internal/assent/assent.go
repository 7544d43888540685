// Package assent tells what callers mean by short answers, in English, Spanish and French: whether words
// agree, refuse, decline to answer, or say that an answer is not to be had. Where words can be read either
// way they refuse: a refusal that is overheard is worse than a question asked twice. It may import the
// standard library only.
package assent

import (
	"slices"
	"strings"
	"unicode"
)

// Refuses reports whether a caller's words are, begin or end with, or hold a refusal. Silence is no
// agreement, so it refuses.
func Refuses(text string) bool {
	words := spoken(text)
	if len(words) == 0 {
		return true
	}
	words = without(words, noRefusal)
	return len(words) > 0 && (begins(words, firstNo) || ends(words, lastNo) || holds(words, anyNo))
}

// Agrees reports whether a caller's words are, or begin with, an agreement. Words that do neither agree nor
// refuse do not agree.
func Agrees(text string) bool {
	words := spoken(text)
	if len(words) == 0 || Refuses(text) {
		return false
	}
	return begins(words, firstYes) || holds(words, anyYes) || is(without(words, politeness), wholeYes)
}

// Declines reports whether a caller's words do not answer the question at all: a bare no, or a wish not to
// say. "No, it is Ann" answers.
func Declines(text string) bool {
	words := spoken(text)
	rest := words
	for len(rest) > 0 && begins(rest, bareNo) {
		rest = rest[1:]
	}
	rest = without(rest, politeness)
	return len(rest) == 0 || holds(words, declining)
}

// Lacks reports whether a caller says that they have or know no answer.
func Lacks(text string) bool { return holds(Words(text), lacking) }

// Words returns the words of text in lower case; an apostrophe stays inside its word.
func Words(text string) []string {
	text = apostrophes.Replace(strings.ToLower(text))
	return strings.FieldsFunc(text, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '\''
	})
}

var apostrophes = strings.NewReplacer("’", "'", "‘", "'")

// spoken returns the words without the sounds that begin a sentence.
func spoken(text string) []string {
	words := Words(text)
	for len(words) > 0 && slices.Contains(fillers, words[0]) {
		words = words[1:]
	}
	return words
}

// without returns the words without these phrases.
func without(words []string, phrases [][]string) []string {
	for _, p := range phrases {
		for at := find(words, p); at >= 0; at = find(words, p) {
			words = slices.Concat(words[:at], words[at+len(p):])
		}
	}
	return words
}

func begins(words []string, phrases [][]string) bool {
	return slices.ContainsFunc(phrases, func(p []string) bool { return len(p) <= len(words) && slices.Equal(p, words[:len(p)]) })
}

func ends(words []string, phrases [][]string) bool {
	return slices.ContainsFunc(phrases, func(p []string) bool {
		return len(p) <= len(words) && slices.Equal(p, words[len(words)-len(p):])
	})
}

func holds(words []string, phrases [][]string) bool {
	return slices.ContainsFunc(phrases, func(p []string) bool { return find(words, p) >= 0 })
}

func is(words []string, phrases [][]string) bool {
	return slices.ContainsFunc(phrases, func(p []string) bool { return slices.Equal(p, words) })
}

// find returns where phrase begins in words, -1 when it is not there.
func find(words, phrase []string) int {
	for i := 0; i+len(phrase) <= len(words); i++ {
		if slices.Equal(phrase, words[i:i+len(phrase)]) {
			return i
		}
	}
	return -1
}
