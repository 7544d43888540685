package runtime

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// speech is the filter between a model and a voice. It turns the stream of a model's text into what is spoken:
// marks, Markdown, web addresses, emoji, fences and other tokens are taken out, and what is left is one line
// of plain text. One speech for each reply; it has no clock and does no I/O.
//
//  1. However the stream is cut, be it inside of a character, the speech is the same.
//  2. What was spoken, filtered again, stays as it is.
//  3. Ordinary sentences stay as they are, byte for byte.
//  4. Text is handed out as soon as nothing that may follow can change it. What may become a tag waits for
//     most longestTag characters, what may become a mark or another token longestToken; a symbol, and a blank,
//     wait for the character that follows.
//
// A character passes five stages, each of which sees what the one before it let through: speech_token.go (what
// stands in brackets), speech_emphasis.go (stars and underscores), speech_word.go (addresses, handles),
// speech_line.go (what begins a line) and speech_space.go (blanks and pauses).
type speech struct {
	nonce string   // of the workspace's fences: it is never spoken; empty for none
	marks []string // the marks, without brackets, in order

	cut      string // the first bytes of a character whose others are still to come
	returned bool   // a carriage return came last: a line feed after it is no line of its own
	out      []byte // what the call under way hands out
	tokens   tokenStage
	emphasis emphasisStage
	words    wordStage
	lines    lineStage
	spaces   spaceStage
}

// What passes the stages beside characters.
const (
	gapHere   rune = -1 - iota // something was taken out
	pauseHere                  // between the entries of a list
	stopHere                   // a sentence is over
	endHere                    // the text is
)

// write takes a piece of the stream and returns what can be spoken now.
func (s *speech) write(piece string) string {
	s.out = s.out[:0]
	text := s.cut + piece
	for utf8.FullRuneInString(text) {
		r, size := utf8.DecodeRuneInString(text)
		text = text[size:]
		s.clean(r)
	}
	s.cut = text
	return string(s.out)
}

// flush returns what was held back when the stream is over. The beginning of a mark or of a character is
// nothing to say. Nothing is written after it.
func (s *speech) flush() string {
	s.out, s.cut = s.out[:0], ""
	s.token(endHere)
	return string(s.out)
}

// clean drops what is no text or cannot be seen, and emoji.
func (s *speech) clean(r rune) {
	returned := s.returned
	s.returned = r == '\r'
	switch {
	case r > ' ' && r < 0x7f:
		s.token(r)
	case r == '\n' && returned:
	case r == '\n', r == '\r', r == '\u0085', r == '\u2028', r == '\u2029':
		s.token('\n')
	case unicode.IsSpace(r) && r != '\t' && r != '\v' && r != '\f':
		s.token(r)
	case r == '\t', r == '\v', r == '\f':
		s.token(' ')
	case r == utf8.RuneError:
	case r == '【', r == '〔', r == '［':
		s.token('[')
	case r == '】', r == '〕', r == '］':
		s.token(']')
	case unseen(r):
	case emoji(r):
		s.token(gapHere)
	default:
		s.token(r)
	}
}

// unseen reports what leaves no trace on paper: control and format characters, fillers, selectors, and what
// has a meaning for one font only. The frame of a keycap goes with them: the digit in it is for the ear.
func unseen(r rune) bool {
	const frame = '\u20e3'
	switch {
	case r >= 0xc0 && r < 0x300:
		return false
	case r == frame:
		return true
	}
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}

// emoji reports pictures. Of what Unicode calls one, digits, ©, ® and ™ are for the ear.
func emoji(r rune) bool {
	if r < 0x203c {
		return false
	}
	return unicode.Is(pictures, r)
}

// pictures are the emoji and, where they stand among them, the signs that nobody says either.
var pictures = &unicode.RangeTable{
	R16: []unicode.Range16{
		{Lo: 0x203c, Hi: 0x203c, Stride: 1}, {Lo: 0x2049, Hi: 0x2049, Stride: 1}, {Lo: 0x2139, Hi: 0x2139, Stride: 1}, {Lo: 0x2194, Hi: 0x2199, Stride: 1},
		{Lo: 0x21a9, Hi: 0x21aa, Stride: 1}, {Lo: 0x231a, Hi: 0x231b, Stride: 1}, {Lo: 0x2328, Hi: 0x2328, Stride: 1}, {Lo: 0x2388, Hi: 0x2388, Stride: 1},
		{Lo: 0x23cf, Hi: 0x23cf, Stride: 1}, {Lo: 0x23e9, Hi: 0x23fa, Stride: 1}, {Lo: 0x24c2, Hi: 0x24c2, Stride: 1}, {Lo: 0x25aa, Hi: 0x25ab, Stride: 1},
		{Lo: 0x25b6, Hi: 0x25b6, Stride: 1}, {Lo: 0x25c0, Hi: 0x25c0, Stride: 1}, {Lo: 0x25fb, Hi: 0x25fe, Stride: 1}, {Lo: 0x2600, Hi: 0x2775, Stride: 1},
		{Lo: 0x2794, Hi: 0x27bf, Stride: 1}, {Lo: 0x2934, Hi: 0x2935, Stride: 1}, {Lo: 0x2b05, Hi: 0x2b07, Stride: 1}, {Lo: 0x2b1b, Hi: 0x2b1c, Stride: 1},
		{Lo: 0x2b50, Hi: 0x2b50, Stride: 1}, {Lo: 0x2b55, Hi: 0x2b55, Stride: 1}, {Lo: 0x3030, Hi: 0x3030, Stride: 1}, {Lo: 0x303d, Hi: 0x303d, Stride: 1},
		{Lo: 0x3297, Hi: 0x3297, Stride: 1}, {Lo: 0x3299, Hi: 0x3299, Stride: 1},
	},
	R32: []unicode.Range32{{Lo: 0x1f000, Hi: 0x1faff, Stride: 1}},
}

// blank reports whether r parts words: white space, and whatever is no character.
func blank(r rune) bool {
	return r <= ' ' || r >= 0x85 && unicode.IsSpace(r)
}

// wordly reports whether r can be part of a word.
func wordly(r rune) bool {
	if r < utf8.RuneSelf {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || digit(r)
	}
	return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r)
}

func digit(r rune) bool { return r >= '0' && r <= '9' }

func letter(r rune) bool { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' }

func anyOf(r rune, set string) bool { return strings.ContainsRune(set, r) }
