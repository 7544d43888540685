package job

import "strings"

// number takes the digits at byte i, before which a currency or plus sign may stand from start on. It
// tries the kinds from the most specific to the plainest.
func (f *factFinder) number(start, i int) int {
	if to := f.phone(start); to > 0 {
		return f.found(FactPhone, start, to)
	}
	if start == i {
		if to := f.date(i); to > 0 {
			return f.found(FactDate, i, to)
		}
		if to := f.clock(i); to > 0 {
			return f.found(FactTime, i, to)
		}
	}
	to := f.digits(i)
	if start < i && f.s[start] != '+' && f.s[start] != '(' {
		return f.found(FactMoney, start, f.thousand(to))
	}
	if end := f.currency(to); end > to {
		return f.found(FactMoney, i, end)
	}
	for _, percent := range [...]string{"%", " %", "\u00a0%", "\u202f%"} {
		if strings.HasPrefix(f.s[to:], percent) {
			to += len(percent)
			break
		}
	}
	return f.found(FactNumber, i, to)
}

func (f *factFinder) found(kind FactKind, from, to int) int {
	f.add(kind, Span{from, to})
	return to
}

// digits returns where the number ends that begins at i: "1,234.50" is one.
func (f *factFinder) digits(i int) int {
	for i < len(f.s) && digit(f.s[i]) {
		i++
		if i+1 < len(f.s) && (f.s[i] == '.' || f.s[i] == ',') && digit(f.s[i+1]) {
			i++
		}
	}
	return i
}

// thousand returns where "$5k" ends.
func (f *factFinder) thousand(i int) int {
	if i < len(f.s) && strings.IndexByte("kKmM", f.s[i]) >= 0 && (i+1 == len(f.s) || !joined(f.s[i+1])) {
		return i + 1
	}
	return i
}

// sign takes a character that a phone number or a price can begin with.
func (f *factFinder) sign(i int) int {
	to := i + 1
	for _, sign := range [...]string{"€", "£", "¥", "₹"} {
		if strings.HasPrefix(f.s[i:], sign) {
			to = i + len(sign)
		}
	}
	if f.s[i] >= 0x80 && to == i+1 {
		return to
	}
	money := f.s[i] != '+' && f.s[i] != '('
	if money && to < len(f.s) && f.s[to] == ' ' {
		to++
	}
	if to == len(f.s) || !digit(f.s[to]) {
		return i + 1
	}
	if !money {
		if end := f.phone(i); end > 0 {
			return f.found(FactPhone, i, end)
		}
		return i + 1
	}
	if f.s[i] == '$' && i >= f.next+2 && strings.HasSuffix(f.s[:i], "US") {
		i -= 2
	}
	return f.number(i, to)
}

// currencies are the words and signs that make money of the number before them; never written.
var currencies = map[string]bool{"dollar": true, "dollars": true, "euro": true, "euros": true, "pound": true, "pounds": true,
	"cent": true, "cents": true, "bucks": true, "usd": true, "eur": true, "gbp": true, "cad": true, "mxn": true, "aud": true,
	"peso": true, "pesos": true, "libras": true, "dolares": true, "livres": true, "centimes": true, "centavos": true}

// currency returns where the currency ends that follows a number which ends at i, or i.
func (f *factFinder) currency(i int) int {
	at := i
	if at < len(f.s) {
		at += blankAt(f.s, at)
	}
	for _, sign := range [...]string{"€", "£", "¢", "$"} {
		if strings.HasPrefix(f.s[at:], sign) && (sign != "$" || at == i) {
			return at + len(sign)
		}
	}
	if at < len(f.s) && inWord(f.s, at) {
		var buf [maxWord]byte
		if w, to := foldWord(f.s, at, min(len(f.s), at+4*maxWord), &buf); currencies[string(w)] {
			return to
		}
	}
	return i
}

// phone returns where the phone number ends that begins at i, 0 when none does. It must be written like
// one: with a plus sign, or in groups as people write them.
func (f *factFinder) phone(i int) int {
	s := f.s
	plus := s[i] == '+'
	if plus {
		i++
	}
	first, end, bracket := i, 0, false
	var groups [8]int
	var seps [8]byte
	for n := range groups {
		open := i < len(s) && s[i] == '('
		if open {
			i++
			bracket = true
		}
		from := i
		for i < len(s) && digit(s[i]) && i-from < 16 {
			i++
		}
		if groups[n] = i - from; groups[n] == 0 || open && (i == len(s) || s[i] != ')') {
			break
		}
		if open {
			i++
		}
		if i == len(s) || !joined(s[i]) {
			if phoneShape(s[first], plus, bracket, groups[:n+1], seps[:n+1]) {
				end = i
			} else if seps[n] == '-' || seps[n] == '.' {
				end = 0 // more digits than a phone number has
			}
		}
		if to := vanity(s, i, groups[:n+1]); to > 0 {
			return to
		}
		if i == len(s) {
			break
		}
		gap := blankAt(s, i)
		if strings.IndexByte("-.", s[i]) >= 0 {
			gap = 1
		}
		if s[i] == '\n' || gap == 0 && s[i] != '(' && !open {
			break
		}
		if n+1 < len(seps) {
			seps[n+1] = s[i]
		}
		if i += gap; gap == 1 && s[i-1] == ' ' && strings.HasPrefix(s[i:], "- ") {
			i += 2
		}
	}
	return end
}

// phoneShape reports whether groups of digits, the first of which begins with c, look like a phone number.
func phoneShape(c byte, plus, bracket bool, groups []int, seps []byte) bool {
	total, shape := 0, 0
	for _, n := range groups {
		total += n
		shape = shape*10 + min(n, 9)
	}
	if plus {
		return total >= 7 && total <= 15
	}
	last := seps[len(seps)-1]
	switch shape {
	case 334: // North America
		return true
	case 1334:
		return c == '1'
	case 34:
		return last == '-' || last == '.'
	case 9:
		return groups[0] == 10 && c >= '2' || groups[0] == 11 && c == '1'
	case 22222, 344, 434, 443, 433, 533, 56:
		return c == '0' || bracket
	case 333, 3222, 3223:
		return c >= '6' && last != '.'
	}
	return false
}

// vanity returns the end of the letters in 1-800-FLOWERS when groups of digits end at i, else 0.
func vanity(s string, i int, groups []int) int {
	n := len(groups)
	if groups[n-1] != 3 || n > 2 || n == 2 && groups[0] != 1 || i == len(s) || s[i] != '-' {
		return 0
	}
	to := i + 1
	for to < len(s) && (s[to] >= 'A' && s[to] <= 'Z' || s[to] == '-' && to+1 < len(s) && s[to+1] >= 'A' && s[to+1] <= 'Z') {
		to++
	}
	if to-i < 7 || to < len(s) && joined(s[to]) {
		return 0
	}
	return to
}
