package prompt

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// demote writes a job's text with its Markdown headings two levels lower, so that none stands beside the
// assembler's own, and with underlined headings as plain text. It only ever inserts: "##" (or "#" before
// the fifth level) before the hashes of a heading, and a backslash before a line of dashes or equals
// signs under a line of text. Everything else stays as the author typed it.
func (w *writer) demote(text string) {
	above := true // the assembler's line above the first one is no blank line
	for l := range strings.SplitSeq(text, "\n") {
		at, insert := -1, ""
		if !plain(l) {
			if h, n := hashes(l); h >= 0 {
				at, insert = h, "##"[:min(2, max(0, 6-n))]
			} else if u := underline(l); u >= 0 && above {
				at, insert = u, `\`
			}
		}
		if at < 0 {
			w.buf = append(append(w.buf, l...), '\n')
		} else {
			w.text(l[:at], insert, l[at:], "\n")
		}
		above = strings.IndexFunc(l, notQuoteOrBlank) >= 0
	}
}

// plain reports whether a line is certainly neither a heading nor an underline: a quick look that spares
// most lines a slow one.
func plain(l string) bool {
	if l == "" {
		return true
	}
	for i := range len(l) {
		if l[i] == '#' || l[i] >= utf8.RuneSelf {
			return false
		}
	}
	switch l[len(l)-1] { // what an underline ends with
	case '-', '=', ' ', '\t', '\v', '\f', '\r', '\n':
		return false
	}
	return true
}

// hashes returns where the hashes of a heading stand in a line and how many they are, -1 when the line is
// no heading. One inside a list item or a quotation is a heading, too, and so is "#1." without a blank:
// it reads like the assembler's.
func hashes(l string) (at, n int) {
	at = afterMarkers(l)
	end := at
	for i, r := range l[at:] {
		if !hash(r) && !(n > 0 && unicode.IsMark(r)) {
			break
		}
		if hash(r) {
			n++
		}
		end = at + i + utf8.RuneLen(r)
	}
	if n == 0 {
		return -1, 0
	}
	rest := l[end:]
	next, _ := utf8.DecodeRuneInString(rest)
	if rest == "" || blank(next) || numbered(rest) {
		return at, n
	}
	return -1, 0
}

func hash(r rune) bool {
	switch r {
	case '#', '＃', '﹟', '♯', '⌗', '⋕', '⧣':
		return true
	}
	return false
}

// numbered reports whether s begins with a number and a dot or a parenthesis.
func numbered(s string) bool {
	rest := strings.TrimLeftFunc(s, unicode.IsDigit)
	return len(rest) < len(s) && rest != "" && (rest[0] == '.' || rest[0] == ')')
}

// afterMarkers returns where a line's text begins behind blanks, list markers and quotation bars.
func afterMarkers(l string) int {
	for at := 0; ; {
		rest := strings.TrimLeftFunc(l[at:], quoteOrBlank)
		at = len(l) - len(rest)
		marker := listMarker(rest)
		if marker == 0 {
			return at
		}
		at += marker
	}
}

// listMarker returns the length of the marker of a list item at the beginning of s, 0 when there is none.
func listMarker(s string) int {
	var size int
	switch r, n := utf8.DecodeRuneInString(s); {
	case strings.ContainsRune("-*+•‣◦–—", r):
		size = n
	case unicode.IsDigit(r) && numbered(s):
		size = len(s) - len(strings.TrimLeftFunc(s, unicode.IsDigit)) + 1
	default:
		return 0
	}
	if next, _ := utf8.DecodeRuneInString(s[size:]); !blank(next) {
		return 0
	}
	return size
}

// underline returns where a line's dashes or equals signs begin when it holds nothing else, else -1.
func underline(l string) int {
	rest := strings.TrimLeftFunc(l, quoteOrBlank)
	body := strings.TrimRightFunc(rest, blank)
	if body != "" && (strings.Trim(body, "=＝﹦") == "" || strings.Trim(body, "-－﹣") == "") {
		return len(l) - len(rest)
	}
	return -1
}

func quoteOrBlank(r rune) bool { return r == '>' || r == '＞' || blank(r) }

func notQuoteOrBlank(r rune) bool { return !quoteOrBlank(r) }
