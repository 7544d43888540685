package knowledge

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Split turns a text that is too long for a page into several, called "Title (1 of 3)" and so on. It
// cuts before headings, else between paragraphs, lines, sentences or words, and inside a word only
// when that alone is too long. Nothing is lost: the texts in order are the cleaned text but for white
// space at the cuts and at both ends. A title that leaves no room for its number is shortened.
//
// A text that fits gives one cleaned Spec. What breaks another rule is not mended, and text that is
// no UTF-8 is returned as it is: [Spec.Check] says so.
func Split(s Spec) []Spec {
	if !utf8.ValidString(s.Text) {
		return []Spec{s}
	}
	s = s.Clean()
	if utf8.RuneCountInString(s.Text) <= MaxText {
		return []Spec{s}
	}
	spans := slices.Collect(chunks(s.Text, MaxText/2, MaxText))
	if len(spans) == 0 { // nothing but white space
		return []Spec{s}
	}
	pages := make([]Spec, len(spans))
	for i, at := range spans {
		pages[i] = s
		if len(spans) > 1 {
			pages[i].Title = numbered(s.Title, i+1, len(spans))
		}
		pages[i].Text = s.Text[at.Start:at.End]
	}
	return pages
}

func numbered(title string, i, of int) string {
	number := fmt.Sprintf(" (%d of %d)", i, of)
	return strings.TrimSpace(strings.TrimSpace(shorten(title, MaxTitle-len(number))) + number)
}

// shorten returns the first most characters of s.
func shorten(s string, most int) string {
	n := 0
	for i := range s {
		if n == most {
			return s[:i]
		}
		n++
	}
	return s
}
