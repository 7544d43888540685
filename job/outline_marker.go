package job

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// marker is what an entry of a list begins with: "1.", "(b)", "Step 3:", "-".
type marker struct {
	style style
	n     int  // the number; of "2.3" the last one
	label Span // the number as it stands; empty for bullets
	text  int  // where the entry's own text begins
	parts int  // of "2.3.1": 3; else 1

	roman      style // "i." may be the ninth letter or the Roman one: this is the other reading
	romanN     int
	next       int // the number of the next entry of the same style, 0 when there is none
	nextRoman  int
	emphasised bool // the marker stands in bold: **1. Greeting**
}

// style is the look of a marker. Entries of one list have the same style.
type style uint8

const (
	noMark    style = iota
	bullet          // - * •
	subBullet       // – ◦: nested below the others even without indentation
	step            // Step 1:
	circled         // ① 一、
	dotted          // 1.1
	number          // 1, and so on in the five forms below
)

// The styles with a delimiter are a base, from number on, and one of these.
const (
	dot    = iota // 1.
	paren         // 1)
	parens        // (1)
	colon         // 1:
	dash          // 1 -
	delimiters
)

const (
	letter   = number + delimiters
	capital  = letter + delimiters
	romanLow = capital + delimiters
	romanCap = romanLow + delimiters
	styles   = romanCap + delimiters
)

func (s style) ordered() bool { return s > subBullet }

// figures reports whether s is one of "1." "1)" "(1)" "1:" "1 -".
func (s style) figures() bool { return s >= number && s < letter }

// readMark reads the marker at the beginning of the line s[start:end].
func readMark(s string, start, end int) marker {
	var m marker
	i := start
	if strings.HasPrefix(s[i:end], "**") || strings.HasPrefix(s[i:end], "__") {
		m.emphasised = true
		i += 2
	}
	if i == end {
		return marker{}
	}
	ok := false
	switch c := s[i]; {
	case c == '-' || c == '*' || c == '+':
		ok = !m.emphasised && m.bullet(s, i+1, end, bullet)
	case c == '(':
		ok = m.enclosed(s, i+1, end)
	case c >= '0' && c <= '9':
		ok = m.numbered(s, i, end) || m.wide(s, i, end)
	case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z':
		ok = m.step(s, i, end) || m.lettered(s, i, end)
	case c >= 0x80:
		ok = m.wide(s, i, end) || m.step(s, i, end)
	}
	if !ok {
		return marker{}
	}
	if m.emphasised && (strings.HasPrefix(s[m.text:end], "**") || strings.HasPrefix(s[m.text:end], "__")) {
		m.text += 2 // **1.** Greet the caller
	}
	m.text = trim(s, m.text, end).Start
	if rest := s[m.text:end]; len(rest) >= 3 && rest[0] == '[' && rest[2] == ']' && strings.IndexByte(" xX", rest[1]) >= 0 {
		m.text = trim(s, m.text+3, end).Start // a check box
	}
	return m
}

// bullet ends a bullet whose sign ends before i.
func (m *marker) bullet(s string, i, end int, st style) bool {
	m.style, m.text, m.parts = st, i, 1
	return i < end && blankAt(s[:end], i) > 0
}

// enclosed reads "(1)", "(a)", "(iv)" from behind the parenthesis.
func (m *marker) enclosed(s string, i, end int) bool {
	from := i
	for i < end && i-from < 6 && alnum(s[i]) {
		i++
	}
	if i == from || i == end || s[i] != ')' || i+1 < end && blankAt(s[:end], i+1) == 0 {
		return false
	}
	m.text = i + 1
	if n, ok := digits(s[from:i]); ok {
		m.set(number+parens, n, Span{from, i})
		return true
	}
	return m.letters(s, Span{from, i}, parens)
}

// numbered reads "1." "1)" "1:" "1 -" "1.2" "1a.".
func (m *marker) numbered(s string, i, end int) bool {
	from := i
	for i < end && digit(s[i]) {
		i++
	}
	n, ok := digits(s[from:i])
	if !ok || i == end {
		return false
	}
	if s[i] == '.' && i+1 < end && digit(s[i+1]) || i > from && letterAt(s, i, end) {
		return m.dotted(s, from, end)
	}
	after, at := delimiter(s, i, end)
	if after < 0 {
		return false
	}
	if rest := trim(s, at, end); after >= colon && rest.Start < rest.End && digit(s[rest.Start]) {
		return false // "9: 30", "5 - 10 minutes"
	}
	m.set(number+style(after), n, Span{from, i})
	m.text = at
	return true
}

// dotted reads "1.2", "1.2.3)", "2a." from its beginning.
func (m *marker) dotted(s string, from, end int) bool {
	i, parts := from, 0
	for parts < 6 {
		start := i
		for i < end && digit(s[i]) {
			i++
		}
		n, ok := digits(s[start:i])
		if !ok {
			return false
		}
		parts++
		m.n = n
		if letterAt(s, i, end) {
			parts++
			m.n = int(s[i]-'a') + 1
			i++
			break
		}
		if i+1 >= end || s[i] != '.' || !digit(s[i+1]) {
			break
		}
		i++
	}
	m.set(dotted, m.n, Span{from, i})
	m.parts = parts
	if i < end && (s[i] == '.' || s[i] == ')' || s[i] == ':') {
		i++
	} else if !digit(s[i-1]) {
		return false // "2a" without a dot is a flat number or a bus
	}
	m.text = i
	return parts > 1 && (i == end || blankAt(s[:end], i) > 0)
}

// letterAt reports whether a single small letter with a delimiter stands at s[i]: the a of "1a.".
func letterAt(s string, i, end int) bool {
	return i+1 < end && s[i] >= 'a' && s[i] <= 'z' && (s[i+1] == '.' || s[i+1] == ')')
}

// lettered reads "a." "b)" "IV.".
func (m *marker) lettered(s string, i, end int) bool {
	from := i
	for i < end && i-from < 6 && alnum(s[i]) && !digit(s[i]) {
		i++
	}
	after, at := delimiter(s, i, end)
	if after != dot && after != paren || at < end && blankAt(s[:end], at) == 0 { // "U.S." is no list
		return false
	}
	m.text = at
	return m.letters(s, Span{from, i}, style(after))
}

// letters sets m to one letter, or to a Roman number.
func (m *marker) letters(s string, label Span, after style) bool {
	text := s[label.Start:label.End]
	small, large, value := letter, romanLow, lowerByte(text[0])
	if text[0] < 'a' {
		small, large = capital, romanCap
	}
	roman := romanNumber(text)
	switch {
	case len(text) == 1 && !digit(text[0]):
		m.set(small+after, int(value-'a')+1, label)
		if roman > 0 {
			m.roman, m.romanN = large+after, roman
		}
	case roman > 0:
		m.set(large+after, roman, label)
	default:
		return false
	}
	return true
}

func (m *marker) set(st style, n int, label Span) {
	m.style, m.n, m.label, m.parts = st, n, label, 1
}

// delimiter reads what stands between a number and the text; the kind is negative when nothing fits.
func delimiter(s string, i, end int) (kind, text int) {
	if i == end {
		return -1, i
	}
	blank := i+1 == end || blankAt(s[:end], i+1) > 0 || strings.HasPrefix(s[i+1:end], "**")
	next, _ := utf8.DecodeRuneInString(s[min(i+1, end):end])
	switch c := s[i]; {
	case c == '.' && (blank || next >= 'A' && next <= 'Z' || next == '"'):
		return dot, i + 1
	case c == ')' && (blank || unicode.IsLetter(next) || next == '"'):
		return paren, i + 1
	case c == ':' && blank:
		return colon, i + 1
	}
	if n := blankAt(s[:end], i); n > 0 { // "1 - text"
		i += n
		for _, sign := range [...]string{"-", "–", "—"} {
			if rest := s[i:end]; strings.HasPrefix(rest, sign) && len(rest) > len(sign) && blankAt(s[:end], i+len(sign)) > 0 {
				return dash, i + len(sign)
			}
		}
	}
	return -1, i
}

// stepWords are what authors call a step in the three languages of Sona.
var stepWords = [...]string{"step", "phase", "paso", "fase", "étape", "etape", "pas"}

// step reads "Step 1:", "Paso 2 -", "ÉTAPE 3", and "Step 4" alone on its line.
func (m *marker) step(s string, i, end int) bool {
	for _, w := range stepWords {
		if end-i <= len(w) || !strings.EqualFold(s[i:i+len(w)], w) {
			continue
		}
		at := i + len(w)
		n := blankAt(s[:end], at)
		if n == 0 {
			continue
		}
		from := at + n
		to := from
		for to < end && digit(s[to]) {
			to++
		}
		value, ok := digits(s[from:to])
		if !ok {
			return false
		}
		rest := to
		if m.emphasised && strings.HasPrefix(s[rest:end], "**") {
			rest += 2
		}
		rest = trim(s, rest, end).Start
		switch after, text := delimiter(s, rest, end); {
		case rest == end:
			m.text = end
		case after >= 0:
			m.text = text
		case strings.HasPrefix(s[rest:end], "–"), strings.HasPrefix(s[rest:end], "—"):
			m.text = rest + len("–")
		case s[rest] == '-':
			m.text = rest + 1
		default:
			return false
		}
		m.set(step, value, Span{from, to})
		return true
	}
	return false
}

// digits returns the value of one to three digits.
func digits(s string) (int, bool) {
	n := 0
	for i := range len(s) {
		if !digit(s[i]) {
			return 0, false
		}
		n = n*10 + int(s[i]-'0')
		if i == 3 {
			return 0, false
		}
	}
	return n, s != ""
}

// romanNumber returns the value of a Roman number up to 39 in letters of one case, or 0.
func romanNumber(s string) int {
	total, last := 0, 0
	for i := len(s) - 1; i >= 0; i-- {
		v := 0
		switch lowerByte(s[i]) {
		case 'i':
			v = 1
		case 'v':
			v = 5
		case 'x':
			v = 10
		}
		if v == 0 || (s[i] < 'a') != (s[0] < 'a') {
			return 0
		}
		if v < last {
			v = -v
		} else {
			last = v
		}
		total += v
	}
	return max(total, 0)
}

func digit(c byte) bool { return c >= '0' && c <= '9' }

func alnum(c byte) bool { return digit(c) || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

func lowerByte(c byte) byte {
	if c >= 'A' && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}
