// Package spoken reads values out of what people say and what recognisers write down: numbers, dates, times of day,
// sums of money, spelled words, names. Where words can be read in several ways ("4/5", "six thirty"), all
// readings are returned: who compares accepts any of them. It understands English, and figures everywhere.
package spoken

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Fold returns s in small letters, without accents, in compatibility form: "José" and "JOSE" are one.
func Fold(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Mn, r):
			return -1
		case r == '’' || r == '‘':
			return '\''
		}
		return unicode.ToLower(r)
	}, norm.NFKD.String(s))
}

// tokens cuts folded s into runs of letters (an apostrophe belongs to them), runs of digits, and single
// marks that mean something in dates, times and sums: / - . : , and currency signs.
func tokens(s string) []string {
	var out []string
	runes := []rune(Fold(s))
	for i := 0; i < len(runes); {
		from := i
		switch r := runes[i]; {
		case unicode.IsLetter(r):
			for i < len(runes) && (unicode.IsLetter(runes[i]) || runes[i] == '\'' && i+1 < len(runes) && unicode.IsLetter(runes[i+1])) {
				i++
			}
		case '0' <= r && r <= '9':
			for i < len(runes) && '0' <= runes[i] && runes[i] <= '9' {
				i++
			}
		default:
			i++
			if !strings.ContainsRune("/-.:,$€£¥", r) {
				continue
			}
		}
		out = append(out, string(runes[from:i]))
	}
	return out
}
