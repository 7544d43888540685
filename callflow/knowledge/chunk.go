package knowledge

import (
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/sonajobs/sona/job"
)

// chunks yields consecutive parts of a cleaned text, none longer than most characters and, where the
// text allows, none shorter than least. It cuts before a heading, else between paragraphs, lines,
// sentences or words, in this order of preference, and as late as possible; never after a heading,
// which would part it from what it announces. White space at the cuts belongs to no chunk, but a line
// keeps its indent.
func chunks(text string, least, most int) iter.Seq[job.Span] {
	return func(yield func(job.Span) bool) {
		at, left := 0, utf8.RuneCountInString(text)
		for {
			skip := skipSpace(text, at)
			left -= utf8.RuneCountInString(text[at : at+skip])
			at += skip
			if at == len(text) {
				return
			}
			lo, hi := least, most
			if left < least+most { // the last two: no crumb at the end
				lo, hi = left/3, min(left*2/3, most)
			}
			size, runes := len(text)-at, left
			if left > most {
				size, runes = cut(text[at:], lo, hi)
			}
			part := strings.TrimRightFunc(text[at:at+size], unicode.IsSpace)
			if part != "" && !yield(job.Span{Start: at, End: at + len(part)}) { // "": part of a very wide indent
				return
			}
			at, left = at+size, left-runes
		}
	}
}

// skipSpace returns how many bytes of white space stand at text[at:], without the indent of a line
// that has more than white space.
func skipSpace(text string, at int) int {
	rest := text[at:]
	space := rest[:len(rest)-len(strings.TrimLeftFunc(rest, unicode.IsSpace))]
	if len(space) == len(rest) {
		return len(rest)
	}
	if i := strings.LastIndexByte(space, '\n'); i >= 0 {
		return i + 1
	}
	if at == 0 || text[at-1] == '\n' {
		return 0
	}
	return len(space)
}

// How good a place is for a cut.
const (
	never = iota // but better than no cut
	anywhere
	beforeWord
	beforeSentence
	beforeLine
	beforeParagraph
	beforeHeading
)

// cut returns the best place to cut text with lo to hi characters before it. The text has more than hi.
func cut(text string, lo, hi int) (size, runes int) {
	var (
		grade        = never
		n            int // characters before i
		line         int // where the line of i begins
		above        lineAbove
		before, last rune // the two characters before i
	)
	for i, r := range text {
		if last == '\n' {
			above.pass(text[line : i-1])
			line = i
		}
		if n >= lo && n > 0 {
			if g := gradeOf(text[i:], r, above, before, last); g >= grade {
				size, runes, grade = i, n, g
			}
		}
		if n == hi {
			break
		}
		before, last = last, r
		n++
	}
	return size, runes
}

// lineAbove is what stands above a line.
type lineAbove struct {
	blank   bool // the line before it is
	heading bool // the last line that is not blank is
}

func (l *lineAbove) pass(line string) {
	line = strings.TrimSpace(line)
	l.blank = line == ""
	if !l.blank {
		l.heading = headingLevel(line) > 0
	}
}

// gradeOf judges the cut between the characters before and last and the text next, which begins with r.
func gradeOf(next string, r rune, above lineAbove, before, last rune) int {
	switch {
	case last == '\n' && above.heading:
		return anywhere
	case last == '\n' && headingLevel(next) > 0:
		return beforeHeading
	case last == '\n' && above.blank:
		return beforeParagraph
	case last == '\n':
		return beforeLine
	case unicode.IsSpace(r):
		return never // but after the space, so that lines and paragraphs are seen
	case fullStop(last) || unicode.IsSpace(last) && strings.ContainsRune(".!?…", before):
		return beforeSentence
	case unicode.IsSpace(last):
		return beforeWord
	case r >= 0x300 && unicode.IsMark(r):
		return never // a mark stays with its letter
	}
	return anywhere
}

// fullStop reports the stops of scripts that write no space after them.
func fullStop(r rune) bool { return r >= 0x80 && strings.ContainsRune("。！？｡।", r) }

// headingLevel returns 1 to 6 when s begins with a Markdown heading (# to ######), else 0.
func headingLevel(s string) int {
	rest := strings.TrimLeft(s, "#")
	level := len(s) - len(rest)
	if level == 0 || level > 6 || rest == "" || rest[0] != ' ' && rest[0] != '\t' {
		return 0
	}
	return level
}
