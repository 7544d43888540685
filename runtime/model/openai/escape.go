package openai

import (
	"strings"
	"unicode/utf8"
)

const hex = "0123456789abcdef"

// plain are the bytes that stand in a string of JSON as they are. Those above ASCII are looked at apart.
var plain = func() (t [256]bool) {
	for c := range t {
		t[c] = c >= ' ' && c != '"' && c != '\\' && c < utf8.RuneSelf
	}
	return t
}()

// escape returns s as it stands between the quotes of a JSON string.
func escape(s string) []byte { return appendEscaped(make([]byte, 0, len(s)+len(s)/16+8), s) }

// appendEscaped appends s as it stands between the quotes of a JSON string. What is no UTF-8 becomes U+FFFD.
func appendEscaped(dst []byte, s string) []byte {
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, string(utf8.RuneError))
	}
	from := 0
	for i := range len(s) {
		c := s[i]
		if plain[c] || c >= utf8.RuneSelf {
			continue
		}
		dst = append(dst, s[from:i]...)
		from = i + 1
		switch c {
		case '"', '\\':
			dst = append(dst, '\\', c)
		case '\n':
			dst = append(dst, '\\', 'n')
		case '\t':
			dst = append(dst, '\\', 't')
		case '\r':
			dst = append(dst, '\\', 'r')
		default:
			dst = append(dst, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		}
	}
	return append(dst, s[from:]...)
}
