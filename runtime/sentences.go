package runtime

import (
	"context"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/sonajobs/sona/callflow/call"
)

// longestSentence is how many characters [Sentences] holds back at most.
const longestSentence = 300

// Sentences hands p whole sentences instead of the pieces that come from the model, for hosts whose voice
// wants them.
//
//  1. A sentence is handed on as soon as the next one begins, or the utterance is over. Full stops of
//     abbreviations, initials, numbers and times end none: "Dr. Ruiz", "3.5", "5 p.m. today".
//  2. The texts of an utterance make the same text as before, blank by blank: positions in it, those of
//     [PlayedOut] and [Interrupted] among them, stay right.
//  3. A sentence of more than 300 characters is cut after a comma, else at a blank, else where it is.
//  4. The last text of an utterance has Last set and may be empty. Flush and End drop what is held back, and so
//     does the next utterance: the one before was interrupted.
//
// The call takes a piece as handed over when the Say of the returned Port returns, with what is held back of it.
// A host that tells what was heard by Upto or Heard is exact; a [PlayedOut] without Upto, before the last text,
// and an estimate, count up to a sentence too much. The returned Port is for one call, like p.
func Sentences(p Port) Port { return &sentences{port: p} }

type sentences struct {
	port Port
	held Speech // what was taken and not handed on; the beginning of a sentence
}

func (s *sentences) Say(ctx context.Context, piece Speech) error {
	same := s.held.Utterance == piece.Utterance
	if same && s.held.Text != "" && (s.held.Lang != piece.Lang || s.held.NoInterrupt != piece.NoInterrupt) {
		if err := s.hand(ctx, len(s.held.Text), false); err != nil {
			return err
		}
	}
	if !same {
		s.held.Text = ""
	}
	piece.Text = s.held.Text + piece.Text
	s.held = piece
	for {
		n := sentence(s.held.Text, piece.Last)
		if n == 0 || piece.Last && n == len(s.held.Text) {
			break
		}
		if err := s.hand(ctx, n, false); err != nil {
			return err
		}
	}
	if piece.Last {
		return s.hand(ctx, len(s.held.Text), true)
	}
	return nil
}

// hand hands on the first n bytes of what is held.
func (s *sentences) hand(ctx context.Context, n int, last bool) error {
	piece := s.held
	piece.Text, piece.Last = s.held.Text[:n], last
	s.held.Text = s.held.Text[n:]
	return s.port.Say(ctx, piece)
}

func (s *sentences) Flush(ctx context.Context) error {
	s.held = Speech{}
	return s.port.Flush(ctx)
}

func (s *sentences) End(ctx context.Context, o call.Outcome) error {
	s.held = Speech{}
	return s.port.End(ctx, o)
}

// sentence returns how many bytes the first sentence of text has; blanks behind it belong to the next one. It
// is 0 when its end is not known yet. over says that nothing follows text.
func sentence(text string, over bool) int {
	n, skip := 0, 0 // characters before i; what was looked at already
	for i, r := range text {
		if n++; n > longestSentence {
			return cutSentence(text[:i])
		}
		if i < skip || r != '\n' && !anyOf(r, stops) {
			continue
		}
		end := i
		if r != '\n' {
			end = len(text) - len(strings.TrimLeft(text[i:], stops+closingQuotes))
		}
		skip = end
		rest := strings.TrimLeftFunc(text[end:], unicode.IsSpace)
		next, _ := utf8.DecodeRuneInString(rest)
		switch {
		case rest == "" && over:
			return len(text)
		case rest == "": // what follows tells
		case r == '\n' && strings.TrimSpace(text[:i]) != "", anyOf(r, wideStops):
			return end
		case len(rest) == len(text)-end, r == '\n':
		case endsSentence(text[:i], text[i:end], next):
			return end
		}
	}
	return 0
}

const (
	wideStops     = "。！？｡"
	stops         = ".!?…؟।" + wideStops
	closingQuotes = "\"'”’»)]」』）"
)

// endsSentence reports whether the signs after before end a sentence, when next begins a word after a blank.
func endsSentence(before, signs string, next rune) bool {
	lower := unicode.IsLower(next)
	switch {
	case strings.ContainsAny(signs, "!?؟।"): // not: "Really?" he said
		return !lower || !strings.ContainsAny(signs, closingQuotes)
	case signs != ".": // an ellipsis, or a quotation
		return !lower
	}
	word := before
	if i := strings.LastIndexFunc(before, func(r rune) bool { return unicode.IsSpace(r) || anyOf(r, "(\"“«") }); i >= 0 {
		_, size := utf8.DecodeRuneInString(before[i:])
		word = before[i+size:]
	}
	switch small := strings.ToLower(word); small {
	case "no", "nr", "núm":
		return !digit(next)
	case "e.g", "i.e", "p.ej", "vs", "cf", "approx", "ext":
		return false
	case "a.m", "p.m", "etc", "inc", "ltd", "co", "u.s", "jr":
		return !lower
	default:
		if len(small) > 1 && abbreviations[small] {
			return false
		}
	}
	if initial(word) && unicode.IsUpper(next) {
		return false
	}
	return !entryNumber(before)
}

// entryNumber reports whether all that stands before a full stop is the number of an entry, "1. First", or
// nothing that could be said.
func entryNumber(before string) bool {
	const longest = 3
	if before = strings.TrimSpace(before); len(before) <= longest && strings.Trim(before, "0123456789") == "" {
		return true
	}
	return strings.IndexFunc(before, wordly) < 0
}

// initial reports whether word is one of a name: J, or J.R.
func initial(word string) bool {
	r, size := utf8.DecodeLastRuneInString(word)
	return unicode.IsUpper(r) && word != "I" && (size == len(word) || word[len(word)-size-1] == '.')
}

// cutSentence returns where to cut a sentence that is too long: as late as possible.
func cutSentence(text string) int {
	const commas = ",;:、，；："
	for i, after := len(text), true; i > len(text)/3; { // after a comma with a blank behind it
		r, size := utf8.DecodeLastRuneInString(text[:i])
		if anyOf(r, commas) && (after || r >= unspaced) {
			return i
		}
		after = unicode.IsSpace(r)
		i -= size
	}
	if i := strings.LastIndexFunc(text, unicode.IsSpace); i > 0 {
		return i
	}
	return len(text)
}
