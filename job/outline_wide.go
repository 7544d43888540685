package job

import (
	"strings"
	"unicode/utf8"
)

// Bullets beyond ASCII. A second kind of sign on the left margin is how word processors paste a
// nested list.
const (
	wideBullets    = "•●▪■‣·➤►▶→✓✔☐☑"
	wideSubBullets = "–—◦○▫"
)

// wide reads the markers that are not written in ASCII: "•", "①", "１．", "（1）", "一、".
func (m *marker) wide(s string, i, end int) bool {
	r, size := utf8.DecodeRuneInString(s[i:end])
	if r == utf8.RuneError {
		return false
	}
	at := i + size
	switch {
	case strings.ContainsRune(wideBullets, r):
		m.bullet(s, at, end, bullet)
		return at < end && (r != '·' && r != '→' || blankAt(s[:end], at) > 0)
	case strings.ContainsRune(wideSubBullets, r):
		for at < end && strings.HasPrefix(s[at:end], s[i:i+size]) {
			at += size
		}
		return m.bullet(s, at, end, subBullet)
	case r >= '①' && r <= '⑳':
		m.set(circled, int(r-'①')+1, Span{i, at})
		m.text = at
		return true
	}
	open := r == '（'
	if open {
		i = at
	}
	n, to := wideNumber(s, i, end)
	if n == 0 || to == end {
		return false
	}
	r, size = utf8.DecodeRuneInString(s[to:end])
	ascii := s[i] < 0x80 // "1." is read elsewhere, with more care
	if open && r != '）' || !open && !strings.ContainsRune("．、。）：", r) && (ascii || !strings.ContainsRune(".):", r)) {
		return false
	}
	m.set(circled, n, Span{i, to})
	m.text = to + size
	return true
}

// wideNumber reads full-width or plain digits, or a Chinese number from one to ten.
func wideNumber(s string, i, end int) (n, to int) {
	for to = i; to < end && n < 1000; {
		r, size := utf8.DecodeRuneInString(s[to:end])
		switch {
		case r >= '０' && r <= '９':
			n = n*10 + int(r-'０')
		case r >= '0' && r <= '9':
			n = n*10 + int(r-'0')
		default:
			if n == 0 {
				if k := strings.IndexRune("一二三四五六七八九十", r); k >= 0 {
					return k/size + 1, to + size
				}
			}
			return n, to
		}
		to += size
	}
	return 0, to
}
