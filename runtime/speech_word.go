package runtime

import (
	"regexp"
	"strings"
)

// wordStage takes out web addresses, handles of actions and steps, the name of their property, and the nonce.
// E-mail addresses and names of sites without a protocol are for the ear.
type wordStage struct {
	held   []rune // may become such a word
	within bool   // what came last was part of a word
	junk   bool   // a word was taken out: signs that hang on it go with it
	url    url
}

// url is a web address that is being dropped. Punctuation at its end belongs to the sentence.
type url struct {
	on    bool
	depth int    // of parentheses
	tail  []rune // punctuation that may be its end
}

// word is the third stage.
func (s *speech) word(r rune) {
	w := &s.words
	if w.url.on {
		s.dropURL(r)
		return
	}
	if w.junk && anyOf(r, "*_~=<>#/+-&@%^$\"") {
		return
	}
	w.junk = false
	w.held = append(w.held, r)
	for len(w.held) > 0 {
		switch s.judgeWord(w.held, w.within) {
		case undecided:
			return
		case noToken:
			first := w.held[0]
			w.held = append(w.held[:0], w.held[1:]...)
			w.within = wordly(first) && first < unspaced || first == '_'
			s.line(first)
		case whole: // taken out by judgeWord
			return
		}
	}
}

var (
	urlBegins = []string{"https://", "http://", "ftp://"}

	// handle is the handle of an action or a step, and what it can grow out of.
	handle       = regexp.MustCompile(`^[Jj][0-9]{1,3}(\.([Aa]?[0-9]{1,9}|[A-Za-z]))+$`)
	handleBegins = regexp.MustCompile(`^[Jj]([0-9]{1,3}((\.([Aa]?[0-9]{1,9}|[A-Za-z]))*(\.[Aa]?)?)?)?$`)
)

const (
	property = "sona_action"
	slashes  = "://"
	www      = "www."
)

// unspaced is where the scripts without blanks between words begin: no address goes on with them.
const unspaced = 0x2e80

// judgeWord decides about what is held.
func (s *speech) judgeWord(held []rune, within bool) verdict {
	if !mayBeWord(held[0], s.nonce) {
		return noToken
	}
	text := string(held)
	if s.nonce != "" && strings.HasPrefix(s.nonce, strings.ToUpper(text)) {
		if len(text) < len(s.nonce) {
			return undecided
		}
		return s.takeWord(nil)
	}
	if strings.HasPrefix(slashes, text) {
		if text == slashes {
			return s.takeURL()
		}
		return undecided
	}
	if within {
		return noToken
	}
	small := strings.ToLower(text)
	for _, begin := range urlBegins {
		if small == begin {
			return s.takeURL()
		}
		if strings.HasPrefix(begin, small) {
			return undecided
		}
	}
	last := held[len(held)-1]
	switch {
	case strings.HasPrefix(www, small):
		return undecided
	case strings.HasPrefix(small, www) && wordly(last):
		return s.takeURL()
	case strings.HasPrefix(property, small):
		return undecided
	case !wordly(last) && last != '_' && strings.EqualFold(string(held[:len(held)-1]), property):
		return s.takeWord(held[len(held)-1:])
	case len(held) <= longestToken && handleBegins.MatchString(text):
		return undecided
	}
	for k := len(held) - 1; k > 0; k-- { // the longest handle that stands alone
		if !wordly(held[k]) && held[k] != '_' && handle.MatchString(string(held[:k])) {
			return s.takeWord(held[k:])
		}
	}
	return noToken
}

// mayBeWord is a quick look at the first character, that spares most of them a slow one.
func mayBeWord(r rune, nonce string) bool {
	switch r {
	case 'h', 'H', 'f', 'F', 'w', 'W', 'J', 'j', 's', ':':
		return true
	}
	return nonce != "" && (r == rune(nonce[0]) || letter(r) && r&^0x20 == rune(nonce[0]))
}

// takeWord takes out what is held but for the rest, which is read again.
func (s *speech) takeWord(rest []rune) verdict {
	again := append([]rune(nil), rest...)
	s.words.held, s.words.within, s.words.junk = s.words.held[:0], false, true
	s.line(gapHere)
	for _, r := range again {
		s.word(r)
	}
	return whole
}

// takeURL begins to take out an address.
func (s *speech) takeURL() verdict {
	s.words.held, s.words.within = s.words.held[:0], false
	s.words.url = url{on: true, tail: s.words.url.tail[:0]}
	s.line(gapHere)
	return whole
}

// dropURL drops an address as it comes.
func (s *speech) dropURL(r rune) {
	const mostTail = 8
	u := &s.words.url
	switch {
	case blank(r), r >= unspaced, anyOf(r, "<>\"“”«»"), r == ')' && u.depth == 0:
		u.on = false
		s.line(gapHere)
		for _, c := range u.tail {
			s.line(c)
		}
		s.word(r)
		return
	case anyOf(r, ".,;:!?'’…"):
		if len(u.tail) < mostTail {
			u.tail = append(u.tail, r)
		}
		return
	case r == '(':
		u.depth++
	case r == ')':
		u.depth--
	}
	u.tail = u.tail[:0]
}
