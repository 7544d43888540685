package runtime

import (
	"strings"

	"github.com/sonajobs/sona/runtime/prompt"
)

// speech turns the stream of a model's text into what is spoken: marks like [J2.3] are taken out wherever
// they stand, and however the stream is cut. One speech for each reply.
type speech struct {
	held    string // the beginning of what may be a mark
	started bool   // something was spoken
	gap     bool   // a mark was taken out: the blank behind it goes, too
	mark    string // the first mark, without brackets
}

// longestMark bounds how much is held back: "[J10." and a step's number.
const longestMark = 24

// write takes a piece of the stream and returns what can be spoken now.
func (s *speech) write(piece string) string {
	text := s.held + piece
	s.held = ""
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
			if s.mark == "" {
				s.mark = text[1 : n-1]
			}
			s.gap = true
			text = text[n:]
		case markOpen:
			s.held = text
			return out.String()
		default:
			s.say(&out, text[:1])
			text = text[1:]
		}
	}
	return out.String()
}

// end returns what was held back: the stream is over, so it was no mark.
func (s *speech) end() string {
	var out strings.Builder
	s.say(&out, s.held)
	s.held = ""
	return out.String()
}

func (s *speech) say(out *strings.Builder, text string) {
	if s.gap || !s.started {
		text = strings.TrimLeft(text, " \t\n")
	}
	if text == "" {
		return
	}
	s.gap, s.started = false, true
	out.WriteString(text)
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
		case i == 1 && c != 'J', i == 2 && (c < '0' || c > '9'):
			return 0, markNone
		case i <= 2:
		case c == ']':
			return i + 1, markWhole
		case c == '.', c >= '0' && c <= '9', c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z':
		default:
			return 0, markNone
		}
	}
	return 0, markOpen
}

// attribution reads the job and step of a mark. ok is false for marks of jobs that are not attached; no
// job is what "J0" says.
func attribution(p prompt.Prompt, mark string) (handle, step string, ok bool) {
	handle, step, _ = strings.Cut(mark, ".")
	if handle == "J0" {
		return "", "", true
	}
	if _, ok := p.Job(handle); !ok {
		return "", "", false
	}
	return handle, step, true
}
