package job

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"golang.org/x/text/unicode/rangetable"
)

// Count returns how many characters s has: it cleans s, then counts Unicode code points. It is the
// number that an editor shows, that the limits of this package mean, and that JSON Schema's
// maxLength counts for the stored text.
func Count(s string) int { return count(Clean(s)) }

func count(clean string) int { return utf8.RuneCountInString(clean) }

// Clean returns s as it is stored: CRLF, CR, U+0085, U+2028 and U+2029 become LF; control, format and
// invisible characters are left out, but for LF and TAB; each byte that is no UTF-8 becomes U+FFFD;
// then Unicode normalisation form C, in this order. Clean(Clean(s)) == Clean(s).
func Clean(s string) string {
	keep, ascii := kept(s)
	switch {
	case keep == len(s) && ascii:
		return s
	case keep == len(s):
		return compose(s)
	}
	var b strings.Builder
	b.Grow(len(s))
	b.WriteString(s[:keep])
	for i := keep; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		i += size
		switch {
		case r == '\r':
			if strings.HasPrefix(s[i:], "\n") {
				continue // the LF that follows stands for both
			}
			b.WriteByte('\n')
		case r == '\u0085' || r == '\u2028' || r == '\u2029':
			b.WriteByte('\n')
		case r == '\n' || r == '\t' || !invisible(r):
			b.WriteRune(r)
		}
	}
	return compose(b.String())
}

// compose returns s in normal form C; a text in that form comes back as it is. Package norm parts more
// than thirty accents on one letter by an invisible joiner, which has no place in a cleaned text.
func compose(s string) string {
	return strings.ReplaceAll(norm.NFC.String(s), "\u034f", "")
}

// kept returns how much of s, from its beginning, cleaning leaves as it is but for the normal form, and
// whether all of that is ASCII.
func kept(s string) (n int, ascii bool) {
	ascii = true
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			if c == 0x7f || c < ' ' && c != '\n' && c != '\t' {
				return i, ascii
			}
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && size == 1 || r == '\u0085' || r == '\u2028' || r == '\u2029' || invisible(r) {
			return i, ascii
		}
		ascii = false
		i += size
	}
	return len(s), ascii
}

// invisible reports whether r shows nothing: control (Cc) and format (Cf) characters, and what
// Unicode calls default ignorable: fillers, variation selectors, the grapheme joiner.
func invisible(r rune) bool {
	switch {
	case r < 0x7f:
		return r < ' '
	case r < 0x300: // Latin letters
		return r < 0xa0 || r == 0xad
	}
	return unicode.Is(invisibles, r)
}

// invisibles is never written.
var invisibles = rangetable.Merge(unicode.Cc, unicode.Cf, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)

// cleanLine is Clean for a text of one line: what would break the line becomes a space, so that the
// number of characters stays the same.
func cleanLine(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' {
			return ' '
		}
		return r
	}, Clean(s))
}
