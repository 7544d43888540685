package runtime

import "unicode/utf8"

// spaceStage is the last one: blanks become one, pauses become punctuation where there is none, and signs that
// are left with nothing to belong to go.
type spaceStage struct {
	last  rune       // spoken last; 0 before anything was
	begun bool       // something was spoken that begins no line of Markdown
	sep   separation // since then
	sign  rune       // held back until what follows is known; 0 for none
	n     int        // parentheses, when sign is one
	after separation // between the sign and what follows
}

// separation is what stands between two characters that are spoken.
type separation struct {
	blank rune // 0 for none
	many  bool // blanks, or another one than stands there
	gap   bool // something was taken out
	lines int
	pause rune // pauseHere or stopHere, 0 for none
}

func (p *separation) add(r rune) {
	switch r {
	case gapHere:
		p.gap = true
	case pauseHere, stopHere:
		p.gap = true
		p.pause = min(p.pause, r)
	case '\n':
		if p.lines++; p.lines > 1 {
			p.pause = stopHere
		}
		fallthrough
	default:
		p.many = p.many || p.blank != 0 || r == '\n'
		p.blank = r
	}
}

// merge adds what stood on the other side of a sign that was dropped.
func (p *separation) merge(q separation) {
	*p = separation{blank: max(p.blank, q.blank), many: p.many || q.many || p.blank != 0 && q.blank != 0, gap: true,
		lines: p.lines + q.lines, pause: min(p.pause, q.pause)}
}

func (p separation) none() bool { return p == separation{} }

// apart reports whether there is a blank.
func (p separation) apart() bool { return p.blank != 0 || p.pause != 0 }

// one is the blank that is spoken: the one that stands there, when it is alone.
func (p separation) one() rune {
	if p.blank == 0 || p.many || p.gap || p.pause != 0 {
		return ' '
	}
	return p.blank
}

// space is the last stage.
func (s *speech) space(r rune) {
	p := &s.spaces
	switch {
	case r == endHere:
		if p.sign != 0 {
			s.settle(endHere)
		}
		if sep := p.sep; p.last != 0 && sep.blank != 0 && !sep.gap && sep.lines == 0 {
			s.utter(sep.one()) // between this reply and the next
		}
	case r == pauseHere && !p.begun, r == stopHere && !p.begun:
	case blank(r) && p.sign != 0:
		p.after.add(r)
	case blank(r):
		p.sep.add(r)
	case p.sign == '(' && r == '(':
		const deepest = 8
		p.n = min(p.n+1, deepest)
	case p.sign == '(' && r == ')':
		s.unnest()
	default:
		if p.sign != 0 {
			s.settle(r)
		}
		if p.last == '(' && (r == ')' || r == '(') { // what stood between was taken out
			p.sep.gap = true
			return
		}
		if s.holds(r) {
			p.sign, p.n, p.after = r, 1, separation{}
			return
		}
		s.speak(r)
	}
}

// unnest drops parentheses that hold nothing.
func (s *speech) unnest() {
	p := &s.spaces
	if p.n--; p.n == 0 {
		p.sign = 0
		p.sep.merge(p.after)
	}
}

// holds reports whether r is spoken or not depending on what follows.
func (s *speech) holds(r rune) bool {
	p := &s.spaces
	switch r {
	case '<', '>', '~', '_', '(':
		return true
	case '#':
		return p.last == 0 || !p.sep.none() || !wordly(p.last)
	case '*':
		return p.last == 0 || !p.sep.none() || !digit(p.last) && p.last != '*'
	case '.':
		return p.sep.gap
	}
	return !p.begun && begins(r)
}

// begins reports whether r could begin a line of Markdown.
func begins(r rune) bool { return r != ':' && (anyOf(r, bullets) || anyOf(r, ruling)) }

// settle speaks the sign that is held back before r, or drops it.
func (s *speech) settle(r rune) {
	p := &s.spaces
	sign, n, after := p.sign, p.n, p.after
	p.sign = 0
	if !p.stays(sign, r, after) {
		p.sep.merge(after)
		return
	}
	if sign == '.' && after.none() && wordly(r) { // it begins a word, and ends none
		p.sep.blank, p.sep.gap = ' ', false
	}
	if !s.speak(sign) {
		p.sep.merge(after)
		return
	}
	for range n - 1 {
		s.speak(sign)
	}
	p.sep = after
}

// stays reports whether a sign that is held back is spoken before r.
func (p *spaceStage) stays(sign, r rune, after separation) bool {
	switch sign {
	case '<', '>': // a < b, 5>3, I <3 it
		between := p.sep.blank != 0 && after.blank != 0 && wordly(r)
		before := after.none() && (digit(r) || r == '=') && (p.sep.blank != 0 || digit(p.last))
		return wordly(p.last) && !p.sep.gap && p.sep.pause == 0 && (between || before)
	case '~':
		return after.none() && digit(r)
	case '_':
		return p.sep.none() && wordly(p.last) && after.none() && wordly(r)
	case '#':
		return after.none() && wordly(r)
	case '*':
		return p.last != 0 && p.sep.blank != 0 && after.blank != 0 && wordly(r)
	case '(', '.':
		return true
	}
	return after.none() && (wordly(r) || anyOf(r, "$€£"))
}

const (
	enders  = ".,;:!?…。，、；：！？"
	closers = enders + ")]}»”’）」』"
	openers = "([{«“‘¿¡（「『"
	joining = "/:.<>*_~#&=@-\\" // could become something else when they meet
)

// speak speaks r, after what belongs between it and what came before. It reports false for punctuation of
// something that was taken out.
func (s *speech) speak(r rune) bool {
	p := &s.spaces
	sep := p.sep
	if p.last == 0 && sep.gap && anyOf(r, ".,;:") || sep.gap && anyOf(p.last, enders) && anyOf(r, ".,;:") {
		return false
	}
	p.sep = separation{}
	switch {
	case p.last == 0, sep.none():
	case sep.pause != 0 && (wordly(p.last) || anyOf(p.last, ")]}»”’\"'%€$£")) && !anyOf(r, closers):
		if sep.pause == stopHere {
			s.utter('.')
		} else {
			s.utter(',')
		}
		s.utter(' ')
	case sep.gap && (anyOf(r, closers) || anyOf(p.last, openers)):
	case sep.apart():
		s.utter(sep.one())
	case wordly(p.last) && wordly(r), anyOf(p.last, joining), anyOf(r, joining):
		s.utter(' ')
	}
	s.utter(r)
	p.last = r
	p.begun = p.begun || !anyOf(r, fleeting) && !begins(r)
	return true
}

func (s *speech) utter(r rune) { s.out = utf8.AppendRune(s.out, r) }
