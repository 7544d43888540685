package runtime

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/sonajobs/sona/runtime/prompt"
)

// speech turns the stream of a model's text into what is spoken: marks like [J2.3] are taken out wherever
// they stand, and what is no text in UTF-8 is left out. However the stream is cut, the speech is the same.
// One speech for each reply.
type speech struct {
	held  string   // the end of what was written: what may be a mark or the first bytes of a character
	any   bool     // something was spoken
	blank bool     // what was spoken last was a blank
	gap   bool     // a mark was taken out: of the blanks around it one stays
	marks []string // the marks, without brackets, in order
}

// longestMark bounds how much is held back: "[J10." and a step's number.
const longestMark = 24

// write takes a piece of the stream and returns what can be spoken now. What is still held back when the
// stream ends is the beginning of a mark or of a character, and is not spoken.
func (s *speech) write(piece string) string {
	text := s.held + piece
	text, s.held = wholeCharacters(text)
	var out strings.Builder
	for text != "" {
		at := strings.IndexByte(text, '[')
		if at < 0 {
			s.say(&out, text)
			break
		}
		s.say(&out, text[:at])
		text = text[at:]
		n, state := readMark(text)
		switch state {
		case markWhole:
			s.marks = append(s.marks, text[1:n-1])
			s.gap = true
			text = text[n:]
		case markOpen:
			s.held = text + s.held
			return out.String()
		default:
			s.say(&out, text[:1])
			text = text[1:]
		}
	}
	return out.String()
}

// say adds text to what is spoken: no blanks at the beginning, and none twice around a mark.
func (s *speech) say(out *strings.Builder, text string) {
	text = strings.ToValidUTF8(text, "")
	if !s.any || s.gap && s.blank {
		text = strings.TrimLeft(text, blanks)
	}
	if text == "" {
		return
	}
	s.any, s.gap = true, false
	s.blank = strings.ContainsRune(blanks, rune(text[len(text)-1]))
	out.WriteString(text)
}

const blanks = " \t\r\n"

// wholeCharacters cuts off the first bytes of a character whose other bytes are still to come.
func wholeCharacters(text string) (whole, rest string) {
	for i := len(text) - 1; i >= 0 && i >= len(text)-utf8.UTFMax+1; i-- {
		if utf8.RuneStart(text[i]) {
			if !utf8.FullRuneInString(text[i:]) {
				return text[:i], text[i:]
			}
			break
		}
	}
	return text, ""
}

type markState int

const (
	markNone  markState = iota
	markOpen            // could become one
	markWhole           // text[:n] is one
)

// readMark reads a mark at the beginning of text: "[J", a number, and after a dot the step, "]".
func readMark(text string) (n int, state markState) {
	for i := range len(text) {
		c := text[i]
		switch {
		case i >= longestMark:
			return 0, markNone
		case i == 0: // the bracket
		case i == 1:
			if c != 'J' && c != 'j' {
				return 0, markNone
			}
		case c >= '0' && c <= '9':
		case i == 2:
			return 0, markNone
		case c == ']':
			return i + 1, markWhole
		case c == '.', c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z':
		default:
			return 0, markNone
		}
	}
	return 0, markOpen
}

// actionHandle is the part of an action's handle behind the job's: a mark that ends so names no step.
var actionHandle = regexp.MustCompile(`^A[0-9]+$`)

// attribution reads the job and step of a mark. ok is false for marks of jobs that are not attached; no
// job is what "J0" says.
func attribution(p prompt.Prompt, mark string) (handle, step string, ok bool) {
	handle, step, _ = strings.Cut(mark, ".")
	handle = strings.ToUpper(handle)
	if handle == "J0" {
		return "", "", true
	}
	if _, ok := p.Job(handle); !ok {
		return "", "", false
	}
	step = strings.Trim(step, ".")
	if actionHandle.MatchString(step) {
		step = ""
	}
	return handle, step, true
}
