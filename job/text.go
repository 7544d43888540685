package job

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
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
	if plain(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for i := 0; i < len(s); {
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
		case r == '\n' || r == '\t':
			b.WriteRune(r)
		case invisible(r):
		default:
			b.WriteRune(r)
		}
	}
	return norm.NFC.String(b.String())
}

// plain reports whether s is ASCII text that cleaning would leave as it is: the common case, and
// free of allocations.
func plain(s string) bool {
	for i := range len(s) {
		if c := s[i]; c >= 0x7f || c < ' ' && c != '\n' && c != '\t' {
			return false
		}
	}
	return true
}

// invisible reports whether r shows nothing: control (Cc) and format (Cf) characters, and what
// Unicode calls default ignorable: fillers, variation selectors, the grapheme joiner.
func invisible(r rune) bool {
	if r < 0x7f {
		return r < ' '
	}
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}

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
