package job

// inlineMark is the marker of one entry of a list within a sentence: "1) name, 2) company".
type inlineMark struct {
	at    int // where the marker begins
	text  int // where the entry's text begins
	label Span
	n     int
}

// enumeration returns the markers of the first inline list of sp, none when there is no list: two
// markers of one style with numbers that rise by one, the first of them from. Any style will do when st
// is noMark; else only that one, which goes on with a list whose first entry sp is.
func (o *outliner) enumeration(sp Span, st style, from int) []inlineMark {
	var found []inlineMark
	open := st
	s := o.s
	o.rewind(sp.Start)
	for i := sp.Start; i < sp.End; i++ {
		c := s[i]
		if c != ')' && c != '.' {
			if stops[c] != 0 {
				if end := o.guarded(i); end > i {
					i = end - 1
				}
			}
			continue
		}
		m, look := inlineAt(s, sp, i)
		switch {
		case look == noMark || len(found) > 0 && m.at < found[len(found)-1].text:
		case len(found) > 0 && look == open && m.n == found[len(found)-1].n+1,
			len(found) == 0 && m.n == from && (st == noMark || look == st):
			found, open = append(found, m), look
		case len(found) == 1 && st == noMark && m.n == from: // the first "1)" was none
			found[0], open = m, look
		case len(found) > 1 && m.n == 1: // the next list begins
			return found
		}
	}
	if len(found) < 2 && (st == noMark || len(found) == 0) {
		return nil
	}
	return found
}

// inlineAt returns the marker whose ")" or "." stands at s[i], and its style, noMark when it is none.
func inlineAt(s string, sp Span, i int) (inlineMark, style) {
	from := i
	for from > sp.Start && i-from < 3 && alnum(s[from-1]) {
		from--
	}
	label := Span{from, i}
	after := style(dot)
	at := from
	if s[i] == ')' {
		after = paren
		if from > sp.Start && s[from-1] == '(' {
			after, at = parens, from-1
		}
	}
	if from == i || at <= sp.Start || blankBefore(s, at) == 0 || i+1 >= sp.End || blankAt(s[:sp.End], i+1) == 0 {
		return inlineMark{}, noMark
	}
	if before := trim(s, sp.Start, at); after == dot && !(before.Start < before.End && separates(s[before.End-1])) {
		return inlineMark{}, noMark // "version 1. Then": only a mark before the number makes it a list
	}
	m := inlineMark{at: at, text: i + 1, label: label}
	text := label.In(s)
	if n, ok := digits(text); ok && n < 100 {
		m.n = n
		return m, number + after
	}
	if len(text) == 1 && lower(text) && after != dot {
		m.n = int(text[0]-'a') + 1
		return m, letter + after
	}
	return inlineMark{}, noMark
}

// separates reports whether c can stand between the entries of an inline list.
func separates(c byte) bool {
	switch c {
	case ':', ';', ',', '.', '!', '?', ')', '-':
		return true
	}
	return false
}

// enumerated emits the entries of an inline list as it says, with the labels put behind its number and
// the kind of what they stand under; it returns where the text goes on. The last entry ends with its
// sentence.
func (o *outliner) enumerated(marks []inlineMark, end int, it Item, above ItemKind) (next int) {
	path, last := it.Number, len(marks)-1
	for k, m := range marks {
		o.labels = append(o.labels, m.label)
		if k < last {
			next = marks[k+1].at
			it.Span = o.withoutJoin(trim(o.s, m.text, next))
		} else {
			_, next = o.sentence(Span{m.text, end})
			it.Span = trim(o.s, m.text, next)
		}
		r := o.read(it.Span)
		if r.off {
			o.out.OffScript = append(o.out.OffScript, it.Span)
		}
		it.Number, it.Kind = path+m.label.In(o.s), orElse(r.kind, above)
		o.emit(it)
	}
	return next
}

// orElse returns the kind of an entry: its own, else the one that what it stands under hands down.
func orElse(own, above ItemKind) ItemKind {
	switch {
	case own != "":
		return own
	case above == ItemAsk || above == ItemSay:
		return above
	}
	return ItemDo
}

// withoutJoin cuts the comma and the "and" before the next entry off.
func (o *outliner) withoutJoin(sp Span) Span {
	for _, w := range [...]string{" and", " or", " then", " y", " o", " et", " ou"} {
		if n := sp.End - len(w); n > sp.Start && o.s[n:sp.End] == w {
			sp = trim(o.s, sp.Start, n)
			break
		}
	}
	for sp.End > sp.Start && (o.s[sp.End-1] == ',' || o.s[sp.End-1] == ';') {
		sp.End--
	}
	return trim(o.s, sp.Start, sp.End)
}
