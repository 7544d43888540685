package job

import (
	"slices"
	"strconv"
	"strings"
)

// level is one open list.
type level struct {
	style  style // noMark for the lead that a list below it belongs to: "If the caller agrees:"
	indent int
	n      int    // number of its last entry
	path   string // dotted path of its last entry, empty in a bullet list
	kind   ItemKind
	line   int   // of its last entry
	after  style // of a lead: the list that it interrupts, whose last number is n
}

// item takes a line with a marker. It returns false when the marker is none after all: a wrapped line
// that happens to begin with a number.
func (o *outliner) item(i int) bool {
	ln := &o.lines[i]
	m := &ln.mark
	if !o.plausible(i) {
		return false
	}
	o.flush()
	if m.style == dotted {
		o.placeDotted(i)
	} else {
		o.place(i)
	}
	top := &o.levels[len(o.levels)-1]
	top.n, top.line = m.n, i
	o.lasts[m.style] = m.n
	if len(o.levels) == 1 {
		o.outer = *top
	}
	it := Item{Depth: len(o.levels) - 1, Ordered: m.style.ordered()}
	if it.Ordered {
		it.Number = top.path
		o.labels = append(o.labels, m.label)
	}
	o.open = block{kind: itemBlock, span: Span{m.text, max(m.text, ln.end)}, first: i, line: i, it: it}
	return true
}

// plausible tells the marker of a list from a number or letter that only happens to stand at the
// beginning of a line. It settles whether "i." is a letter or a Roman number on the way.
func (o *outliner) plausible(i int) bool {
	ln := &o.lines[i]
	m := &ln.mark
	if !m.style.ordered() {
		return true
	}
	if m.roman != 0 && o.goesOn(m.style, m.n) == nil &&
		(o.goesOn(m.roman, m.romanN) != nil || m.romanN == 1 && m.nextRoman == 2) {
		m.style, m.n, m.next = m.roman, m.romanN, m.nextRoman
	}
	wrapped := i > 0 && o.lines[i-1].end > o.lines[i-1].start && !ends(o.s[:o.lines[i-1].end]) &&
		o.lines[i-1].kind != headingLine && o.open.kind != noBlock
	small := lower(o.s[m.text:ln.end])
	switch {
	case o.goesOn(m.style, m.n) != nil, m.style == step, m.style == circled:
		return true
	case m.text == ln.end && m.next != m.n+1:
		return false // a number alone on its line is the text
	case m.style == dotted:
		return o.parent(m) >= 0 || (m.n <= 1 || m.next == m.n+1) && !(wrapped && small)
	case m.style >= letter:
		return o.plausibleLetter(ln, wrapped)
	case m.n <= 1:
		return !(wrapped && small && m.next != 2)
	case m.style == number+dash, m.style == number+colon:
		return o.lasts[m.style] > 0 && !wrapped
	case wrapped:
		return !small && o.sibling(m.style, ln.indent) != nil
	}
	return m.n <= 20 || m.next == m.n+1 || m.n == o.lasts[m.style]+1
}

// plausibleLetter is plausible for letters and Roman numbers. They need company, since "A. Smith" and
// "I. am" are none; in parentheses they may stand alone where no line was wrapped.
func (o *outliner) plausibleLetter(ln *line, wrapped bool) bool {
	m := &ln.mark
	if m.n == 1 && m.next == 2 {
		return true
	}
	if (m.style-letter)%delimiters == dot {
		return false
	}
	below := len(o.levels) > 0 && ln.indent > o.top().indent+1
	return m.n == 1 && (!wrapped || below) || o.sibling(m.style, ln.indent) != nil
}

// goesOn returns the open list whose next entry can be one of that style with number n. A sloppy hand
// goes on with "2)" after "1.".
func (o *outliner) goesOn(st style, n int) *level {
	for k := len(o.levels) - 1; k >= 0; k-- {
		if lv := &o.levels[k]; lv.n+1 == n && (lv.style == st || lv.style.figures() && st.figures()) {
			return lv
		}
	}
	return nil
}

// sibling returns the open list of that style and indentation.
func (o *outliner) sibling(st style, indent int) *level {
	for k := len(o.levels) - 1; k >= 0; k-- {
		if lv := &o.levels[k]; lv.style == st && near(lv.indent, indent) {
			return lv
		}
	}
	return nil
}

func near(a, b int) bool { return a-b <= 1 && b-a <= 1 }

// place finds the list to which the entry on line i belongs: it closes the lists that are over, and
// opens a new one where needed. Indentation decides first, then the look of the marker, then numbers.
func (o *outliner) place(i int) {
	ln := &o.lines[i]
	m := &ln.mark
	o.leaveLead(m)
	for k := len(o.levels) - 1; k >= 0 && o.levels[k].style != noMark; k-- {
		lv := &o.levels[k]
		same := lv.style == m.style || lv.style.figures() && m.style.figures() && lv.n+1 == m.n
		if same && near(lv.indent, ln.indent) {
			o.levels = o.levels[:k+1]
			o.number(i)
			return
		}
	}
	for len(o.levels) > 0 && o.top().indent > ln.indent && o.top().style != noMark {
		o.levels = o.levels[:len(o.levels)-1]
	}
	if top := o.top(); top != nil && top.style != noMark {
		numbersGoOn := m.style.ordered() && m.style == top.style && m.n > 1 && m.n == top.n+1
		switch {
		case numbersGoOn:
			o.number(i)
			return
		case ln.indent > top.indent+1 || ln.indent > top.indent && m.style != top.style:
		case !o.nests(top, i):
			o.levels = o.levels[:len(o.levels)-1]
		}
	}
	o.push(i)
}

// leaveLead closes "If so:" and the like when the numbers of the list that it interrupts go on.
func (o *outliner) leaveLead(m *marker) {
	for k := len(o.levels) - 1; k >= 0; k-- {
		switch lv := &o.levels[k]; {
		case lv.style == m.style && lv.n+1 == m.n:
			return // a list below the lead goes on
		case lv.style == noMark && lv.after == m.style && lv.n+1 == m.n && m.n > 1:
			o.levels = o.levels[:k]
			return
		}
	}
}

func (o *outliner) top() *level {
	if n := len(o.levels); n > 0 {
		return &o.levels[n-1]
	}
	return nil
}

// nests reports whether the entry on line i, at the indentation of the list lv but of another style,
// belongs below lv's last entry. Authors who do not indent write so.
func (o *outliner) nests(lv *level, i int) bool {
	m := &o.lines[i].mark
	adjacent := i > 0 && o.lines[i-1].kind != blankLine
	announced := i > 0 && strings.HasSuffix(o.s[:o.lines[o.lastText(i)].end], ":")
	later := o.lines[lv.line].mark.next == lv.n+1 // the list above goes on after this entry
	switch {
	case announced:
		return true
	case lv.style.ordered() && !m.style.ordered():
		return adjacent || later
	case lv.style.ordered():
		return m.n <= 1 && (adjacent || later)
	}
	return lv.style == bullet && m.style == subBullet && adjacent
}

// lastText returns the last line before line i that is not blank, or i-1.
func (o *outliner) lastText(i int) int {
	if o.lines[i-1].kind == blankLine && i > 1 {
		return i - 2 // one blank line at most: more of them part
	}
	return i - 1
}

// maxDepth is how deep lists may nest: far more than anybody writes, and a bound for hostile texts.
const maxDepth = 16

// push opens a list below the open ones, with the entry on line i as its first.
func (o *outliner) push(i int) {
	o.nest(level{style: o.lines[i].mark.style, indent: o.lines[i].indent})
	o.number(i)
}

func (o *outliner) nest(lv level) {
	o.levels = append(o.levels[:min(len(o.levels), maxDepth-1)], lv)
}

// number writes the dotted path of the entry on line i into the innermost list.
func (o *outliner) number(i int) {
	m, top := &o.lines[i].mark, o.top()
	top.path = o.above(len(o.levels) - 1)
	if !m.style.ordered() {
		return // entries below bullets are counted from the next list with numbers upwards
	}
	label := m.label.In(o.s)
	if m.style == circled {
		label = strconv.Itoa(m.n)
	}
	top.path = join(top.path, label)
}

// above returns the path of the nearest numbered entry above list k.
func (o *outliner) above(k int) string {
	if k > 0 {
		return o.levels[k-1].path
	}
	return ""
}

func join(path, label string) string {
	if path == "" {
		return label
	}
	return path + "." + label
}

// parent returns the open list whose last entry is the one above "2.3", or -1.
func (o *outliner) parent(m *marker) int {
	label := m.label.In(o.s)
	prefix := label[:strings.LastIndexAny(label, ".")+1]
	if prefix == "" { // "2a"
		prefix = label[:len(label)-1] + "."
	}
	for k, lv := range slices.Backward(o.levels) {
		if p := lv.path; lv.style.ordered() && len(p)+1 == len(prefix) && strings.HasPrefix(prefix, p) {
			return k
		}
	}
	return -1
}

// placeDotted places an entry that says itself where it belongs: "2.3" below "2".
func (o *outliner) placeDotted(i int) {
	ln := &o.lines[i]
	label := ln.mark.label.In(o.s)
	if k := o.parent(&ln.mark); k >= 0 {
		o.levels = o.levels[:k+1]
	} else if k := o.dottedSibling(ln); k >= 0 {
		o.levels = o.levels[:k]
	} else {
		for len(o.levels) > 0 && o.top().style != noMark {
			o.levels = o.levels[:len(o.levels)-1]
		}
	}
	o.nest(level{style: dotted, indent: ln.indent})
	if n := len(label); !digit(label[n-1]) && n > 1 && digit(label[n-2]) {
		label = label[:n-1] + "." + label[n-1:] // 2a → 2.a
	}
	o.top().path = label
}

// dottedSibling returns the open dotted list with as many parts, for texts whose "1.1" has no "1".
func (o *outliner) dottedSibling(ln *line) int {
	for k := len(o.levels) - 1; k >= 0; k-- {
		if lv := &o.levels[k]; lv.style == dotted && strings.Count(lv.path, ".")+1 == ln.mark.parts {
			return k
		}
	}
	return -1
}
