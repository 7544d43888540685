package job

import (
	"strings"
	"unicode/utf8"
)

// maxQuote is the longest quotation in bytes; more is an unclosed mark.
const maxQuote = 1000

// quoteFinder finds quotations: text in "…", “…”, «…» and, where it is clear, in '…' and ‘…’.
type quoteFinder struct {
	s       string
	found   []Span
	nothing [4]int // no closing mark of that kind stands before this byte: each stretch is searched once
}

// findQuotes returns the quotations of s, rising, without overlap. Those inside an action are found as
// long as they do not reach over its edge.
func findQuotes(s string, actions []ActionUse) []Span {
	f := quoteFinder{s: s}
	a := 0
	for i := 0; i < len(s); {
		for a < len(actions) && actions[a].Span.End <= i {
			a++
		}
		limit := len(s)
		if a < len(actions) {
			limit = actions[a].Span.Start
			if i >= limit {
				limit = actions[a].Span.End
			}
		}
		for i < limit && s[i] != '"' && s[i] != '\'' && s[i] != 0xc2 && s[i] != 0xe2 {
			i++
		}
		if i < limit {
			i = f.open(i, limit)
		}
	}
	return f.found
}

// open takes what may be a mark at byte i and returns where to go on.
func (f *quoteFinder) open(i, limit int) int {
	r, size := utf8.DecodeRuneInString(f.s[i:])
	from := i + size
	kind, most := 0, maxQuote
	switch r {
	case '"':
	case '“', '„':
		kind = 1
	case '«':
		kind = 2
	case '\'', '‘':
		kind, most = 3, 120
	default:
		return from
	}
	if i > 0 && !opensAfter(f.s, i) || from >= limit || kind != 2 && blankAt(f.s, from) > 0 {
		return from
	}
	to := f.close(kind, max(from, f.nothing[kind]), min(i+most, limit))
	if to == 0 {
		return from
	}
	f.found = append(f.found, Span{i, to})
	return to
}

// close returns the end of the quotation of that kind that goes on at i, 0 when nothing closes it.
func (f *quoteFinder) close(kind, i, limit int) int {
	for ; i < limit; i++ {
		switch c := f.s[i]; {
		case c == '\n':
			if rest := strings.TrimLeft(f.s[i+1:min(limit, i+40)], " \t\r"); kind == 3 || rest == "" || rest[0] == '\n' {
				f.nothing[kind] = i
				return 0
			}
		case c == '"' && kind < 2 && closesBefore(f.s, i+1) && f.s[i-1] != '\\':
			return i + 1
		case c == '\'' && kind == 3 && closesBefore(f.s, i+1):
			return i + 1
		case c == 0xe2 && kind == 1 && (strings.HasPrefix(f.s[i:limit], "”") || strings.HasPrefix(f.s[i:limit], "“")),
			c == 0xe2 && kind == 3 && strings.HasPrefix(f.s[i:limit], "’") && closesBefore(f.s, i+3):
			return i + 3
		case c == 0xc2 && kind == 2 && strings.HasPrefix(f.s[i:limit], "»"):
			return i + 2
		}
	}
	f.nothing[kind] = max(f.nothing[kind], limit)
	return 0
}

// opensAfter reports whether a mark at s[i] can open: after a blank or opening punctuation.
func opensAfter(s string, i int) bool {
	return blankBefore(s, i) > 0 || strings.IndexByte("([{:=-/>,*_`", s[i-1]) >= 0 || strings.HasSuffix(s[:i], "—") || strings.HasSuffix(s[:i], "–")
}

// closesBefore reports whether a mark can close before s[i]: no word may go on there.
func closesBefore(s string, i int) bool { return i >= len(s) || !joined(s[i]) }
