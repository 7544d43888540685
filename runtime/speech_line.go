package runtime

// lineStage takes out what begins a line of Markdown: the signs of headings, entries of lists, quotations and
// rules. Numbers of entries stay, they are for the ear. Where a line was an entry of its own a pause is left.
type lineStage struct {
	held  []rune // may begin a line
	begun bool   // something of the line, or of its cell, was let through
	told  bool   // how the line is parted from the one before was said
	kind  lineKind
	above lineKind // of the line before
}

type lineKind int

const (
	prose lineKind = iota
	entry          // of a list
	row            // of a table, or a heading: a sentence of its own
)

const (
	bullets = "-–—*+•‣◦▪●○■□·"
	ruling  = "-–—=:"
	// fleeting are signs that may be dropped later on: what follows them may still begin the line.
	fleeting = "<>~_*#()\"'“”‘’«».,;:!?…=&@^$%/+{}"
)

// line is the fourth stage.
func (s *speech) line(r rune) {
	l := &s.lines
	if len(l.held) > 0 {
		s.judgeLine(r)
		return
	}
	switch {
	case r == '\n':
		l.above, l.kind, l.begun, l.told = l.kind, prose, false, false
		s.space(r)
	case r == pauseHere:
		l.kind, l.begun = row, false
		s.space(r)
	case blank(r) || l.begun:
		s.space(r)
	case r == '>':
	case anyOf(r, bullets), anyOf(r, ruling), r == '#', digit(r):
		l.held = append(l.held, r)
	default:
		s.begin(r)
	}
}

// judgeLine decides about what may begin a line when r follows.
func (s *speech) judgeLine(r rune) {
	const longestRule, longestNumber = 64, 3
	l := &s.lines
	first, n := l.held[0], len(l.held)
	number, last := digit(first), l.held[n-1]
	switch {
	case number && digit(r) && digit(last) && n < longestNumber, number && digit(last) && (r == '.' || r == ')'):
		l.held = append(l.held, r)
		return
	case number:
		if !digit(last) && blank(r) {
			l.kind = max(l.kind, entry)
		}
	case first == '#' && r == '#', anyOf(first, ruling) && anyOf(r, ruling):
		if n < longestRule {
			l.held = append(l.held, r)
		}
		return
	case !blank(r):
	case first == '#':
		l.held, l.kind = l.held[:0], row
		s.line(r)
		return
	case n == 1 && anyOf(first, bullets), n > 1 && rules(l.held):
		if r != '\n' && r != endHere && n == 1 {
			l.kind = max(l.kind, entry)
		}
		l.held = l.held[:0]
		s.line(r)
		return
	}
	held := append([]rune(nil), l.held...)
	l.held = l.held[:0]
	for _, c := range held {
		s.begin(c)
	}
	l.begun = l.begun || wordly(r)
	s.line(r)
}

// rules reports whether signs in a row rule a table or a page.
func rules(held []rune) bool {
	for _, r := range held {
		if r != ':' {
			return true
		}
	}
	return false
}

// begin hands on a character that is no sign of Markdown.
func (s *speech) begin(r rune) {
	l := &s.lines
	if !l.told {
		l.told = true
		switch {
		case l.kind == row || l.above == row, l.above == entry && l.kind == prose:
			s.space(stopHere)
		case l.kind == entry:
			s.space(pauseHere)
		}
	}
	l.begun = l.begun || !anyOf(r, fleeting) && !begins(r)
	s.space(r)
}
