package job

import (
	"strings"
	"unicode/utf8"
)

// sentence returns the first sentence of sp, and where the next one begins. A sentence ends at . ! ? …
// and at a line break, but not inside quotations and braces, not after abbreviations, and not where a
// line was only wrapped.
func (o *outliner) sentence(sp Span) (first Span, next int) {
	s := o.s
	o.rewind(sp.Start)
	for i := sp.Start; i < sp.End; {
		c := s[i]
		if stops[c] == 0 {
			i++
			continue
		}
		if end := o.guarded(i); end > i {
			i = min(end, sp.End)
			if i < sp.End && blankAt(s, i) > 0 && quotedEnd(s[sp.Start:i]) && !lower(s[trim(s, i, sp.End).Start:sp.End]) {
				return trim(s, sp.Start, i), i
			}
			continue
		}
		switch {
		case c == '\n':
			if o.breaks(sp, i) {
				return trim(s, sp.Start, i), i + 1
			}
			i++
		case stops[c] == stop:
			to, ok := afterStop(s, i, sp.End)
			if ok && (c != '.' || !abbreviated(s[sp.Start:i], s[to:sp.End])) {
				return trim(s, sp.Start, to), to
			}
			i = to
		default:
			i++ // a quotation mark or brace that guards nothing
		}
	}
	return trim(s, sp.Start, sp.End), sp.End
}

const (
	stop = iota + 1
	look // where a quotation or braces may begin
)

var stops = func() (t [256]byte) {
	for _, c := range []byte(".!?\n\xe2\xe3\xef") { // the last three begin … “ 。 ！
		t[c] = stop
	}
	for _, c := range []byte("\"'{\xc2") { // the last one begins «
		t[c] = look
	}
	return t
}()

// afterStop returns where what stands at s[i] ends, and whether that ends a sentence.
func afterStop(s string, i, end int) (to int, ok bool) {
	r, size := utf8.DecodeRuneInString(s[i:end])
	wide := r == '。' || r == '！' || r == '？'
	if to = i + size; size > 1 && !wide && r != '…' {
		return to, false
	}
	for to < end && strings.IndexByte(".!?)]\"'*_`", s[to]) >= 0 {
		to++
	}
	for to < end && (strings.HasPrefix(s[to:end], "”") || strings.HasPrefix(s[to:end], "’")) {
		to += 3
	}
	return to, to == end || wide || blankAt(s, to) > 0
}

// breaks reports whether the line break at s[i] ends a sentence of sp: not where a long line was
// wrapped, or the next one begins with a small letter.
func (o *outliner) breaks(sp Span, i int) bool {
	const wrapped = 60 // columns; shorter lines end because their author ended them
	before := trim(o.s, sp.Start, i)
	after := trim(o.s, i, sp.End)
	if before.Start == before.End || after.Start == after.End {
		return false
	}
	if ends(o.s[before.Start:before.End]) {
		return true
	}
	begin := strings.LastIndexByte(o.s[:i], '\n') + 1
	return i-begin < wrapped && !lower(o.s[after.Start:after.End])
}

// quotedEnd reports whether text ends with a quotation that ends a sentence itself, such as "Is that right?".
func quotedEnd(text string) bool {
	for _, q := range [...]string{`"`, "”", "'", "’", "»"} {
		if inner, ok := strings.CutSuffix(text, q); ok {
			return inner != "" && strings.IndexByte(".!?", inner[len(inner)-1]) >= 0
		}
	}
	return false
}

// abbreviated reports whether the full stop between before and after belongs to an abbreviation, an
// initial or a number.
func abbreviated(before, after string) bool {
	word := before
	if i := strings.LastIndexAny(word[max(0, len(word)-24):], " \t\n(\"'"); i >= 0 {
		word = word[max(0, len(word)-24)+i+1:]
	}
	next := strings.TrimLeft(after[:min(len(after), 8)], " \t\n")
	switch strings.ToLower(word) {
	case "e.g", "i.e", "eg", "ie", "mr", "mrs", "ms", "dr", "st", "vs", "no", "nr", "p.ej", "sr", "sra", "mme", "m", "cf", "ex", "ext", "approx":
		return strings.ToLower(word) != "no" || next != "" && digit(next[0])
	case "etc", "a.m", "p.m", "inc", "ltd", "u.s", "am", "pm":
		return lower(next)
	}
	if len(word) == 1 { // J. Smith; but "press 1. Then"
		return word[0] >= 'A' && word[0] <= 'Z' && word != "I" && len(next) > 0 && next[0] >= 'A' && next[0] <= 'Z'
	}
	return false
}
