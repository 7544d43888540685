package lint

import (
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

// cell is a character as a terminal shows it, with the marks that stand on it.
type cell struct {
	s    string
	wide int // columns
}

// tabStop is how far apart the tab stops of a printed line are.
const tabStop = 4

// cells lays a line out: tabs become spaces, marks join the character before them, and the characters from and to become
// positions in cells.
func cells(line string, from, to int) (all []cell, begin, end int) {
	begin, end = -1, -1
	column, i := 0, 0
	mark := func() {
		if i == from {
			begin = len(all)
		}
		if i == to {
			end = len(all)
		}
	}
	for _, r := range line {
		mark()
		i++
		switch n := columns(r); {
		case r == '\t':
			n = tabStop - column%tabStop
			all = append(all, cell{strings.Repeat(" ", n), n})
			column += n
		case n == 0 && len(all) > 0 && unicode.IsPrint(r):
			all[len(all)-1].s += string(r)
		case n == 0:
		default:
			all = append(all, cell{string(r), n})
			column += n
		}
	}
	mark()
	if begin < 0 || begin >= len(all) {
		begin = max(0, len(all)-1)
	}
	if end <= begin {
		end = min(begin+1, len(all))
	}
	return all, min(begin, len(all)), end
}

// columns returns how many columns a terminal gives to r.
func columns(r rune) int {
	if unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) || unicode.IsControl(r) {
		return 0
	}
	if r < 0x1100 {
		return 1
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	default:
		return 1
	}
}

// window cuts a line to what stands around line[from:to].
func window(line []cell, from, to, most int) ([]cell, int, int) {
	if widthOf(line) <= most {
		return line, from, to
	}
	begin := from
	for room := most / 3; begin > 0 && room > 0; begin-- {
		room -= line[begin-1].wide
	}
	end, room := begin, most-2
	for end < len(line) && room >= line[end].wide {
		room -= line[end].wide
		end++
	}
	for begin > 0 && end == len(line) && room >= line[begin-1].wide {
		begin--
		room -= line[begin].wide
	}
	cut := make([]cell, 0, end-begin+2)
	if begin > 0 {
		cut = append(cut, cell{"…", 1})
		from, to = from+1, to+1
	}
	cut = append(cut, line[begin:end]...)
	if end < len(line) {
		cut = append(cut, cell{"…", 1})
	}
	to = min(to-begin, len(cut))
	return cut, from - begin, to
}

func widthOf(line []cell) (n int) {
	for _, c := range line {
		n += c.wide
	}
	return n
}

func shownCells(line []cell) string {
	var b strings.Builder
	for _, c := range line {
		b.WriteString(c.s)
	}
	return b.String()
}

// wrap breaks s between words so that no line is wider than textWidth; lines after the first begin with indent.
func wrap(s, indent string) string {
	var b strings.Builder
	column, lead := 0, s[:len(s)-len(strings.TrimLeft(s, " "))]
	b.WriteString(lead)
	column = len(lead)
	first := true
	for w := range strings.FieldsSeq(s) {
		n := 0
		for _, r := range w {
			n += columns(r)
		}
		switch {
		case first:
		case column+1+n > textWidth:
			b.WriteString("\n" + indent)
			column = len(indent)
		default:
			b.WriteByte(' ')
			column++
		}
		b.WriteString(w)
		column, first = column+n, false
	}
	b.WriteByte('\n')
	return b.String()
}

// printable leaves out what would steer a terminal.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return ' '
		case unicode.IsControl(r) || unicode.Is(unicode.Cf, r) && r != '\u200d':
			return -1
		}
		return r
	}, s)
}
