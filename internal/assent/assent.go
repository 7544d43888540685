// Package assent tells what callers mean by short answers, in English, Spanish and French: whether words
// agree, refuse, or say that an answer is not to be had. It may import the standard library only.
package assent

import (
	"strings"
	"unicode"
)

// Refuses reports whether a caller's words are, or begin with, a refusal. Silence is no agreement, so it
// refuses.
func Refuses(text string) bool {
	all, empty := normal(text)
	if empty {
		return true
	}
	for _, ok := range noRefusal {
		all = strings.ReplaceAll(all, " "+ok+" ", " ")
	}
	return begins(all, firstNo) || holds(all, anyNo)
}

// Agrees reports whether a caller's words are, or begin with, an agreement. Words that do neither agree nor
// refuse do not agree.
func Agrees(text string) bool {
	all, empty := normal(text)
	if empty || Refuses(text) {
		return false
	}
	return begins(all, firstYes) || holds(all, anyYes)
}

// Lacks reports whether a caller says that they have or know no answer.
func Lacks(text string) bool {
	all, _ := normal(text)
	return holds(all, lacking)
}

// Words returns the words of text in lower case; an apostrophe stays inside its word.
func Words(text string) []string {
	text = strings.NewReplacer("’", "'", "‘", "'").Replace(strings.ToLower(text))
	return strings.FieldsFunc(text, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '\''
	})
}

// normal returns the words with a blank on either side of each, without the sounds that begin a sentence.
func normal(text string) (all string, empty bool) {
	words := Words(text)
	for len(words) > 0 && fillers[words[0]] {
		words = words[1:]
	}
	return " " + strings.Join(words, " ") + " ", len(words) == 0
}

func begins(all string, phrases []string) bool {
	for _, p := range phrases {
		if strings.HasPrefix(all, " "+p+" ") {
			return true
		}
	}
	return false
}

func holds(all string, phrases []string) bool {
	for _, p := range phrases {
		if strings.Contains(all, " "+p+" ") {
			return true
		}
	}
	return false
}
