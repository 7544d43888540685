package runtime

import (
	"slices"
	"strings"
	"unicode"
)

// How much is held back, in characters, until it is known to be a token or none.
const (
	longestToken = 32  // a mark: "[J10." and a step's number, or the beginning of what is dropped up to its end
	longestTag   = 256 // a tag of HTML with its attributes
)

// How much is dropped, in characters, when the end of what is being dropped does not come.
const (
	longestFence = 128
	longestLink  = 2048
)

// tokenStage takes out what stands in brackets and angle brackets: marks, links, tags, fences and control
// tokens; and signs that are for the eye alone: brackets, backticks, bars and backslashes.
type tokenStage struct {
	held  []rune // may become a token
	drop  dropping
	begun bool // something stands on the line already
	blank bool // what came last was a blank
	open  int  // brackets
}

// dropping is a token whose beginning was recognised and whose rest is dropped as it comes. It is over at the
// end of the line and after left characters at the latest.
type dropping struct {
	until string // the last characters of the token; empty: nothing is dropped
	words bool   // the token may hold blanks
	depth int    // of parentheses
	last  rune
	left  int

	tag  bool   // until is the tag that closes what this began with; nothing else is its end
	tail []rune // of what was dropped, as long as the tag
}

// token is the first stage.
func (s *speech) token(r rune) {
	t := &s.tokens
	switch {
	case t.drop.tag:
		s.dropInside(r)
	case t.drop.until != "":
		s.dropToken(r)
	case len(t.held) > 0:
		t.held = append(t.held, r)
		s.judgeToken()
	case r == '[', r == ']', r == '<', r == '`', r == '!' && (t.blank || !t.begun):
		t.held = append(t.held, r)
	default:
		s.pass(r)
	}
}

// pass hands on what is no part of a token.
func (s *speech) pass(r rune) {
	t := &s.tokens
	switch r {
	case '\n', endHere:
		t.begun, t.open = false, 0
	case '|':
		r = pauseHere
	case '\\':
		return
	}
	t.blank = blank(r)
	t.begun = t.begun || !t.blank && r != '>'
	s.emphasise(r)
}

// dropToken drops the rest of a token.
func (s *speech) dropToken(r rune) {
	d := &s.tokens.drop
	last := d.last
	d.last = r
	d.left--
	switch {
	case r == '\n' || r == endHere || d.left == 0 || blank(r) && !d.words:
		*d = dropping{}
		s.pass(gapHere)
		s.token(r)
	case r == '(':
		d.depth++
	case r == ')' && d.depth > 0:
		d.depth--
	case d.until == ">>" && last == '>' && r == '>', d.until == "->" && last == '-' && r == '>', len(d.until) == 1 && r == rune(d.until[0]):
		*d = dropping{}
		s.pass(gapHere)
	}
}

// verdict says what a held text is.
type verdict int

const (
	undecided verdict = iota // or decided, and carried out
	noToken                  // its first character is none
	whole                    // it is one
)

// judgeToken decides about what is held, once it can be.
func (s *speech) judgeToken() {
	t := &s.tokens
	over := t.held[len(t.held)-1] == endHere
	var v verdict
	switch t.held[0] {
	case '[':
		v = s.bracket(over)
	case ']':
		s.closing()
		return
	case '<':
		if v = s.angle(over); v == whole {
			s.enter()
			return
		}
	case '`':
		s.ticks()
		return
	case '!': // before a picture
		if v = noToken; t.held[1] == '[' {
			s.let(1)
			return
		}
	}
	switch v {
	case undecided:
	case whole:
		t.held = t.held[:0]
		s.pass(gapHere)
		if over {
			s.pass(endHere)
		}
	case noToken:
		first := t.held[0]
		switch first {
		case '[':
			t.open++
			s.pass(gapHere)
		default:
			s.pass(first)
		}
		s.let(1)
	}
}

// let takes the first n characters out of what is held and reads the others again.
func (s *speech) let(n int) {
	rest := append([]rune(nil), s.tokens.held[n:]...)
	s.tokens.held = s.tokens.held[:0]
	for _, r := range rest {
		s.token(r)
	}
}

// dropTo begins to drop, with what is held.
func (s *speech) dropTo(until string, words bool, most int) verdict {
	last := s.tokens.held[len(s.tokens.held)-1]
	s.tokens.held = s.tokens.held[:0]
	s.tokens.drop = dropping{until: until, words: words, left: most}
	if blank(last) && !words || last == '\n' || last == endHere {
		s.dropToken(last)
	}
	return undecided
}

// tokens in square brackets, in small letters, but for marks; those without an end go on to the bracket.
var bracketTokens = []string{"[inst]", "[/inst]", "[system_prompt]", "[/system_prompt]", "[tool_calls]", "[tool_results]", "[/tool_results]",
	"[available_tools]", "[/available_tools]", "[action not available]", "[action j"}

// bracket judges "[…".
func (s *speech) bracket(over bool) verdict {
	held := s.tokens.held
	if mark, v := readMark(held); v != noToken {
		if v == whole {
			s.marks = append(s.marks, mark)
		} else if over {
			v = whole // a mark that is cut off by the end of the stream
		}
		return v
	}
	text := strings.ToLower(string(held))
	for _, token := range bracketTokens {
		switch {
		case text == "[action j":
			return s.dropTo("]", true, longestFence)
		case text == token:
			return whole
		case strings.HasPrefix(token, text):
			return undecided
		}
	}
	return noToken
}

// readMark reads a mark at the beginning of text: "[J", a number and after a dot the step, "]". What a model
// adds to it is no part of the mark: "[**J1.2**]", "[J 1.2]", "[J1: greeting]".
func readMark(text []rune) (mark string, v verdict) {
	const added = " *_`"
	if len(text) > longestToken {
		return "", noToken
	}
	begun := 0 // "J", and the first digit
	for i, r := range text[1:] {
		switch {
		case begun == 0 && anyOf(r, added):
		case begun == 0 && (r == 'J' || r == 'j'):
			begun = 1
		case begun == 1 && digit(r):
			begun = 2
		case begun == 1 && anyOf(r, added):
		case begun < 2:
			return "", noToken
		case r == ']':
			mark = strings.TrimLeft(string(text[1:i+1]), added)
			mark = mark[:1] + strings.TrimLeft(mark[1:], added)
			if i := strings.IndexAny(mark, ",:-"+added); i >= 0 {
				mark = mark[:i]
			}
			return mark, whole
		case digit(r), letter(r), anyOf(r, ".,:-"), anyOf(r, added):
		case r == endHere:
		default:
			return "", noToken
		}
	}
	return "", undecided
}

// closing judges "]…": behind the text of a link stands its address.
func (s *speech) closing() {
	t := &s.tokens
	if t.open > 0 && t.held[1] == '(' {
		t.open--
		s.dropTo(")", true, longestLink)
		return
	}
	t.open = max(0, t.open-1)
	s.pass(gapHere)
	s.let(1)
}

// angleTokens begin tokens, in small letters. What follows is dropped.
var angleTokens = []struct {
	begin, until string
	words        bool
}{
	{"<<job ", ">>", true}, {"<<page ", ">>", true}, {"<<call ", ">>", true}, {"<<history ", ">>", true}, {"<<end ", ">>", true},
	{"<</", ">>", true}, {"<<sys>", ">", false}, {"<<|", ">", false}, {"<|", ">", false}, {"<｜", ">", false}, {"<!--", "->", true},
}

// angle judges "<…".
func (s *speech) angle(over bool) verdict {
	held := s.tokens.held
	text := strings.ToLower(string(held[:min(len(held), longestToken)]))
	for _, t := range angleTokens {
		switch {
		case text == t.begin:
			return s.dropTo(t.until, t.words, longestFence)
		case strings.HasPrefix(t.begin, text) && !over:
			return undecided
		}
	}
	if held[1] == '<' { // quotation marks, made of what a keyboard has
		s.pass('<')
		s.pass('<')
		s.let(2)
		return undecided
	}
	return readTag(held)
}

// readTag reads a tag of HTML or an address between angle brackets: a name, and after a blank attributes with
// values. An e-mail address is no tag.
func readTag(text []rune) verdict {
	if len(text) < 2 {
		return undecided
	}
	if r := text[1]; !letter(r) && r != '/' && r != '!' && r != '?' || len(text) > longestTag {
		return noToken
	}
	const (
		name = iota
		attribute
		value
	)
	at, mail := name, false
	for i, r := range text[1:] {
		switch {
		case r == '>' && at == name && mail:
			return noToken
		case r == '>' && at == attribute && text[i] != '/' && !blank(text[i]):
			return noToken
		case r == '>':
			return whole
		case r == '<', r == '\n', r == endHere, r < 0:
			return noToken
		case r == '=':
			at = value
		case at == name && blank(r):
			at = attribute
		case at == name:
			mail = mail || r == '@'
		case at == attribute && !letter(r) && !anyOf(r, "-:_/ "), at == attribute && blank(r) && !blank(text[i]):
			return noToken
		}
	}
	return undecided
}

// inward are the tags whose contents are for nobody's ears: what the model thinks, and calls of tools that it
// wrote into its text.
var inward = []string{"think", "thinking", "reasoning", "tool_call", "tool_calls", "tool_response", "function_call", "function_calls"}

// enter takes out the tag that is held, and with a tag that opens something inward all up to the one that
// closes it.
func (s *speech) enter() {
	name := strings.ToLower(strings.Trim(string(s.tokens.held), "<>"))
	s.tokens.held = s.tokens.held[:0]
	s.pass(gapHere)
	if slices.Contains(inward, name) {
		s.tokens.drop = dropping{tag: true, until: "</" + name + ">"}
	}
}

// dropInside drops what stands inside of a tag.
func (s *speech) dropInside(r rune) {
	d := &s.tokens.drop
	if r == endHere {
		s.tokens.drop = dropping{}
		s.pass(endHere)
		return
	}
	if r == '<' {
		d.tail = d.tail[:0]
	}
	if d.tail = append(d.tail, unicode.ToLower(r)); len(d.tail) > len(d.until) {
		d.tail = d.tail[:0]
	}
	if string(d.tail) == d.until {
		s.tokens.drop = dropping{}
	}
}

// ticks judges backticks, which are never spoken. Three of them at the beginning of a line open a block of
// code; the name of its language goes with them.
func (s *speech) ticks() {
	t := &s.tokens
	n := 0
	for n < len(t.held) && t.held[n] == '`' {
		n++
	}
	if n == len(t.held) {
		if n > 3 {
			t.held = t.held[:3]
		}
		return
	}
	last := t.held[len(t.held)-1]
	switch {
	case n < 3 || t.begun:
		s.let(n)
	case last == '\n':
		t.held = t.held[:0]
		s.pass(last)
	case letter(last) && len(t.held) < longestToken, digit(last) && len(t.held) < longestToken:
	default:
		s.let(n)
	}
}
