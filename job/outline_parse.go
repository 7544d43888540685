package job

import "strings"

// ParseOutline reads the outline of instructions, also of a text that is not valid yet. It never
// fails, takes any text, and runs in time linear in its length. Every span lies within instructions;
// the spans of Items, of OffScript, of Actions and of Facts rise and do not overlap among themselves.
func ParseOutline(instructions string) Outline {
	o := outliner{s: instructions}
	o.braces()
	o.out.Facts, o.quotes = findFacts(instructions, o.out.Actions)
	o.guard()
	o.split()
	o.out.Items = make([]Item, 0, len(o.lines))
	o.out.Sentences = make([]Span, 0, len(o.lines))
	o.walk()
	o.out.Goal = o.goal.text(instructions)
	o.finishUp()
	return o.out
}

// outliner holds one reading of one text. Its passes are, in order: braces, facts, lines, items.
type outliner struct {
	s   string
	out Outline

	quotes []Span // quotations
	guards []Span // what no sentence ends inside of: braces and quotations, rising
	g      int    // the first guard that may still matter

	lines   []line
	levels  []level // the open lists, outermost first
	lasts   [styles]int
	outer   level // the last outermost list: prose may stand between its entries
	heads   []int // the levels of the open headings
	example int   // the level of the open heading about an example, 0 for none
	open    block // what is being read and not yet an item

	section ItemKind // what the last heading says of the items below it
	lead    ItemKind // the same for a line that ends with a colon
	goal    goal

	labels []Span // the numbers of lists, rising: they are no facts
}

// block is a stretch of text that more lines may still join: an item or a paragraph of prose.
type block struct {
	kind        blockKind
	span        Span
	first, line int  // its first and last line
	it          Item // for an item: all but kind and span
}

type blockKind uint8

const (
	noBlock blockKind = iota
	itemBlock
	proseBlock
)

func (o *outliner) braces() {
	braces(o.s, func(u ActionUse, values []string) {
		o.out.Actions = append(o.out.Actions, u)
		for _, value := range values {
			braces(value, nil, func(v Variable) {
				v.Span = u.Span // its place in the value is no place in the instructions
				o.out.Variables = append(o.out.Variables, v)
			}, nil)
		}
	}, func(v Variable) { o.out.Variables = append(o.out.Variables, v) }, nil)
}

// guard merges braces and quotations into one rising list; of two that overlap, both are kept, since
// a sentence ends inside neither.
func (o *outliner) guard() {
	a, v, q := 0, 0, 0
	for {
		var next *Span
		consider := func(s *Span) {
			if next == nil || s.Start < next.Start {
				next = s
			}
		}
		if a < len(o.out.Actions) {
			consider(&o.out.Actions[a].Span)
		}
		if v < len(o.out.Variables) {
			consider(&o.out.Variables[v].Span)
		}
		if q < len(o.quotes) {
			consider(&o.quotes[q])
		}
		if next == nil {
			return
		}
		if n := len(o.guards); n == 0 || next.End > o.guards[n-1].End {
			o.guards = append(o.guards, *next)
		}
		switch {
		case q < len(o.quotes) && next == &o.quotes[q]:
			q++
		case a < len(o.out.Actions) && next == &o.out.Actions[a].Span:
			a++
		default:
			v++
		}
	}
}

// guarded returns the end of the guard that covers byte i, or 0. Calls must come with rising i, or
// after rewind.
func (o *outliner) guarded(i int) int {
	for o.g < len(o.guards) && o.guards[o.g].End <= i {
		o.g++
	}
	if o.g < len(o.guards) && o.guards[o.g].Start <= i {
		return o.guards[o.g].End
	}
	return 0
}

// rewind lets guarded start again from byte i: every stretch is looked at a bounded number of times.
func (o *outliner) rewind(i int) {
	for o.g > 0 && o.guards[o.g-1].End > i {
		o.g--
	}
}

// walk goes through the lines once and makes items of them.
func (o *outliner) walk() {
	for i := range o.lines {
		ln := &o.lines[i]
		switch ln.kind {
		case blankLine:
		case skipLine, ruleLine:
			o.flush()
			o.levels = o.levels[:0]
		case headingLine:
			o.flush()
			o.heading(i)
		case markLine:
			if !o.item(i) {
				o.text(i)
			}
		default:
			o.text(i)
		}
	}
	o.flush()
}

// text takes a line without a marker: it goes on with the open item or paragraph, or begins a paragraph.
func (o *outliner) text(i int) {
	ln := &o.lines[i]
	if o.open.kind != noBlock && o.continues(i) {
		o.open.span.End, o.open.line = ln.end, i
		return
	}
	o.flush()
	if level := sectionLine(o.s, o.lines, i); level > 0 {
		o.name(bare(o.s, Span{ln.start, ln.end}), level, "")
		return
	}
	for n := len(o.levels); n > 0 && ln.indent <= o.levels[n-1].indent; n-- {
		o.levels = o.levels[:n-1]
	}
	o.open = block{kind: proseBlock, span: Span{ln.start, ln.end}, first: i, line: i}
}

// continues reports whether line i goes on with the open block.
func (o *outliner) continues(i int) bool {
	ln, blank := &o.lines[i], i-o.open.line > 1
	if o.open.kind == proseBlock {
		return !blank && sectionLine(o.s, o.lines, i) == 0
	}
	if o.open.span.Start == o.open.span.End && !blank {
		return true // "Step 1" alone on its line: the text stands below
	}
	if marker := o.levels[len(o.levels)-1].indent; ln.indent > marker {
		return true
	}
	goesOn := ln.kind == markLine || digit(o.s[ln.start]) || lower(o.s[ln.start:ln.end])
	return !blank && goesOn && !ends(o.s[:o.lines[i-1].end])
}

// flush makes items of the open block.
func (o *outliner) flush() {
	b := o.open
	o.open = block{}
	switch b.kind {
	case noBlock:
	case itemBlock:
		o.finish(b)
	case proseBlock:
		next := b.line + 1
		for next < len(o.lines) && o.lines[next].kind == blankLine {
			next++
		}
		o.paragraph(b.span, next < len(o.lines) && o.lines[next].kind == markLine, o.lines[b.line].indent)
	}
}

// finishUp takes the numbers of lists out of the facts; what is empty becomes nil.
func (o *outliner) finishUp() {
	k, facts := 0, o.out.Facts[:0]
	for _, f := range o.out.Facts {
		for k < len(o.labels) && o.labels[k].End <= f.Span.Start {
			k++
		}
		if f.Kind == FactNumber && k < len(o.labels) && o.labels[k].Start <= f.Span.Start && f.Span.End <= o.labels[k].End {
			continue
		}
		facts = append(facts, f)
	}
	o.out.Facts = facts
	if len(facts) == 0 {
		o.out.Facts = nil
	}
	if len(o.out.Items) == 0 {
		o.out.Items = nil
	}
	if len(o.out.Sentences) == 0 {
		o.out.Sentences = nil
	}
}

// said keeps a sentence that was read, whatever became of it.
func (o *outliner) said(sp Span) {
	if sp.Start < sp.End {
		o.out.Sentences = append(o.out.Sentences, sp)
	}
}

func (o *outliner) emit(it Item) { o.out.Items = append(o.out.Items, it) }

// trim returns [a, b) without blanks around it.
func trim(s string, a, b int) Span {
	for a < b {
		n := blankAt(s, a)
		if n == 0 {
			break
		}
		a += n
	}
	for b > a {
		n := blankBefore(s, b)
		if n == 0 {
			break
		}
		b -= n
	}
	return Span{a, max(a, b)}
}

// blankAt returns how many bytes the blank character at s[i] has, 0 when there is none.
func blankAt(s string, i int) int {
	switch c := s[i]; {
	case c == ' ' || c == '\t' || c == '\n' || c == '\r':
		return 1
	case c < 0x80:
		return 0
	}
	for _, b := range blanks {
		if strings.HasPrefix(s[i:], b) {
			return len(b)
		}
	}
	return 0
}

func blankBefore(s string, i int) int {
	switch c := s[i-1]; {
	case c == ' ' || c == '\t' || c == '\n' || c == '\r':
		return 1
	case c < 0x80:
		return 0
	}
	for _, b := range blanks {
		if strings.HasSuffix(s[:i], b) {
			return len(b)
		}
	}
	return 0
}

// blanks are the blanks beyond ASCII that cleaning leaves in a text: no-break, narrow no-break,
// ideographic.
var blanks = [...]string{"\u00a0", "\u202f", "\u3000"}
