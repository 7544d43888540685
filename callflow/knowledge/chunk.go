package knowledge

import (
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/sonajobs/sona/job"
)

// chunks yields consecutive parts of a cleaned text, each of at most most characters and, where the
// text allows, at least least. It cuts before a heading, else between paragraphs, lines, sentences or
// words, in this order of preference, and as late as possible; never after a heading, which would part
// it from what it announces. White space at the cuts belongs to no chunk, but a line keeps its indent.
func chunks(text string, least, most int) iter.Seq[job.Span] {
	return func(yield func(job.Span) bool) {
		at, left := 0, utf8.RuneCountInString(text)
		for {
			skip := skipSpace(text[at:])
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

// skipSpace returns how many bytes of white space s begins with; when they hold a line break, the
// indent after the last one is not counted.
func skipSpace(s string) int {
	space := s[:len(s)-len(strings.TrimLeftFunc(s, unicode.IsSpace))]
	if len(space) == len(s) {
		return len(s)
	}
	if i := strings.LastIndexByte(space, '\n'); i >= 0 {
		return i + 1
	}
	return len(space)
}

// How good a place is for a cut.
const (
	anywhere = iota
	beforeWord
	beforeSentence
	beforeLine
	beforeParagraph
	beforeHeading
)

// cut returns the best place to cut text with lo to hi characters before it. The text has more than hi.
func cut(text string, lo, hi int) (size, runes int) {
	var (
		best, bestRunes int
		grade           = anywhere - 1
		n               int // characters before i
		lines           lineState
		before, last    rune // the two characters before i
	)
	for i, r := range text {
		if n >= lo && n > 0 {
			if g := gradeOf(text[i:], r, &lines, before, last); g >= grade {
				best, bestRunes, grade = i, n, g
			}
		}
		if n == hi {
			break
		}
		lines.pass(r)
		before, last = last, r
		n++
	}
	return best, bestRunes
}

// gradeOf judges the cut between the characters before and last and the text next, which begins with r.
func gradeOf(next string, r rune, lines *lineState, before, last rune) int {
	switch {
	case last == '\n' && lines.afterHeading:
		return anywhere
	case last == '\n' && headingLevel(next) > 0:
		return beforeHeading
	case last == '\n' && lines.afterBlank:
		return beforeParagraph
	case last == '\n':
		return beforeLine
	case unicode.IsSpace(r):
		return anywhere - 1 // cut after the space, so that lines and paragraphs are seen
	case fullStop(last) || unicode.IsSpace(last) && strings.ContainsRune(".!?…", before):
		return beforeSentence
	case unicode.IsSpace(last):
		return beforeWord
	case unicode.IsMark(r):
		return anywhere - 1 // a mark stays with its letter
	}
	return anywhere
}

// fullStop reports the stops of scripts that write no space after them.
func fullStop(r rune) bool { return strings.ContainsRune("。！？｡।", r) }

// lineState knows what stood above the line that begins.
type lineState struct {
	line         strings.Builder // the start of the current line, enough to know a heading
	afterHeading bool            // the last line that is not blank is a heading
	afterBlank   bool            // the last line is blank
}

func (l *lineState) pass(r rune) {
	if r != '\n' {
		if l.line.Len() < 32 && (l.line.Len() > 0 || !unicode.IsSpace(r)) {
			l.line.WriteRune(r)
		}
		return
	}
	l.afterBlank = l.line.Len() == 0
	if !l.afterBlank {
		l.afterHeading = headingLevel(l.line.String()) > 0
	}
	l.line.Reset()
}

// headingLevel returns 1 to 6 when s begins with a Markdown heading (# to ######), else 0.
func headingLevel(s string) int {
	rest := strings.TrimLeft(s, "#")
	level := len(s) - len(rest)
	if level == 0 || level > 6 || rest == "" || rest[0] != ' ' && rest[0] != '\t' {
		return 0
	}
	return level
}
