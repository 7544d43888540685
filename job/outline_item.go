package job

import "strings"

// heading takes a line with a number sign. "## Step 2: …" is a step and not the name of a section.
func (o *outliner) heading(i int) {
	ln := &o.lines[i]
	o.labels = append(o.labels, ln.mark.label)
	switch {
	case ln.mark.style == step:
		o.levels = o.levels[:0]
		o.nest(level{style: step, indent: -1})
		o.number(i)
		o.lasts[step] = ln.mark.n
		top := o.top()
		top.n, top.line, o.section, o.lead = ln.mark.n, i, "", ""
		o.entry(Span{ln.mark.text, ln.end}, Item{Number: top.path, Ordered: true})
	case ln.mark.style.figures(), ln.mark.style == dotted:
		o.name(Span{ln.mark.text, ln.end}, ln.level, ln.mark.label.In(o.s))
	default:
		o.name(Span{ln.start, ln.end}, ln.level, "")
	}
}

// name emits a heading: the name of a section. All lists end before it.
func (o *outliner) name(sp Span, level int, number string) {
	for n := len(o.heads); n > 0 && o.heads[n-1] >= level; n-- {
		o.heads = o.heads[:n-1]
	}
	o.emit(Item{Number: number, Ordered: number != "", Depth: len(o.heads), Kind: ItemHeading, Span: sp})
	o.said(sp)
	o.heads = append(o.heads, level)
	o.levels, o.section, o.lead = o.levels[:0], "", ""

	says := o.cues(sp)
	if level <= o.example {
		o.example = 0
	}
	if o.example == 0 && says&cueExample != 0 {
		o.example = level // what is said in an example is no instruction
	}
	o.goal.pending = says&cueGoal != 0 && sp.End-sp.Start < 40
	if says&cueRefusals != 0 || o.read(sp).off {
		o.section = ItemOffScript
	}
}

// cues returns what the words of sp can mean, all taken together.
func (o *outliner) cues(sp Span) (all cue) {
	var space [maxTokens]token
	t, _ := o.tokens(sp, space[:0])
	for k, w := range t {
		all |= w.cue
		if w.text == "script" && k > 0 && t[k-1].text == "off" {
			all |= cueRefusals
		}
	}
	return all
}

// finish makes items of an entry of a list: itself, and what it counts up within its text.
func (o *outliner) finish(b block) {
	it, sp := b.it, b.span
	m := &o.lines[b.first].mark
	if m.style >= number && m.next != m.n+1 { // "1) name, 2) company" on one line: entries of the same list
		if marks := o.enumeration(sp, m.style, m.n+1); len(marks) > 0 {
			path := strings.TrimSuffix(it.Number, m.label.In(o.s))
			for _, next := range marks {
				o.entry(o.withoutJoin(trim(o.s, sp.Start, next.at)), it)
				it.Number, sp.Start = path+next.label.In(o.s), next.text
				m.n, o.labels = next.n, append(o.labels, next.label)
			}
			o.top().n, o.lasts[m.style] = m.n, m.n
		}
	}
	marks := o.enumeration(sp, noMark, 1)
	if len(marks) == 0 {
		o.entry(sp, it)
		o.top().kind = o.last().Kind
		return
	}
	o.entry(Span{sp.Start, marks[0].at}, it)
	above := o.last().Kind
	o.top().kind = above
	if it.Number != "" {
		it.Number += "."
	}
	it.Depth, it.Ordered = it.Depth+1, true
	rest := o.enumerated(marks, sp.End, it, above)
	o.sentences(Span{rest, sp.End}, it.Depth, noList)
}

// last returns the last item.
func (o *outliner) last() Item { return o.out.Items[len(o.out.Items)-1] }

// entry emits it, an entry of a list, with the text sp: its first sentence that gives an order says what
// kind it is.
func (o *outliner) entry(sp Span, it Item) {
	it.Span = trim(o.s, sp.Start, sp.End)
	if text := it.Span.In(o.s); strings.HasSuffix(strings.TrimRight(text, ":"), "**") && strings.Count(text, "**")%2 == 1 {
		it.Span = bare(o.s, it.Span) // **1. Greeting:** – the marker took the other half of the emphasis
	}
	begins := true
	for at := it.Span; at.Start < at.End; begins = false {
		first, next := o.sentence(at)
		at.Start = next
		o.said(first)
		r := o.read(first)
		if r.off && (it.Depth > 0 || o.section != ItemOffScript) {
			o.out.OffScript = append(o.out.OffScript, first)
		}
		if it.Kind == "" && (begins || r.kind != ItemBranch && r.kind != ItemOffScript) {
			it.Kind = r.kind
		}
		o.goal.sentence(o, first, false)
	}
	o.inherit(&it)
	o.emit(it)
}

// inherit gives an entry without an order of its own the kind of what stands above it: below "Ask for",
// every entry is asked for. In a section about callers who leave the script, every entry is about them.
func (o *outliner) inherit(it *Item) {
	above := o.lead
	if it.Depth > 0 && it.Depth <= len(o.levels) {
		above = o.levels[it.Depth-1].kind
	}
	if it.Depth == 0 && o.section == ItemOffScript {
		it.Kind = ItemOffScript
		if it.Span.Start < it.Span.End {
			o.out.OffScript = append(o.out.OffScript, it.Span)
		}
		return
	}
	it.Kind = orElse(it.Kind, above)
}

// paragraph emits the sentences of a paragraph that ask, say, act, branch or end, and what they count up.
// Before a list, a last sentence with a colon names the list.
func (o *outliner) paragraph(sp Span, list bool, indent int) {
	o.lead = ""
	depth := len(o.levels)
	for {
		marks := o.enumeration(sp, noMark, 1)
		if len(marks) == 0 {
			break
		}
		it := Item{Depth: depth, Ordered: true}
		above := o.sentences(Span{sp.Start, marks[0].at}, depth, inlineList)
		if above != "" && above != ItemHeading {
			it.Depth++
		}
		sp.Start = o.enumerated(marks, sp.End, it, above)
	}
	below := noList
	if list {
		below = listBelow
	}
	if last := o.sentences(sp, depth, below); list && last != "" && last != ItemHeading {
		o.adopt(last, indent)
	}
}

// adopt makes the last item, when it is a condition that ends with a colon, the one that the list below
// it belongs to: "If the caller agrees:".
func (o *outliner) adopt(kind ItemKind, indent int) {
	it := o.last()
	if (kind == ItemBranch || kind == ItemOffScript) && announces(it.Span.In(o.s)) && len(o.levels) == it.Depth {
		o.nest(level{indent: indent, kind: kind, after: o.outer.style, n: o.outer.n})
	}
}

// What stands after a stretch of sentences.
type following uint8

const (
	noList following = iota
	listBelow
	inlineList
)

// sentences emits the sentences of sp that mean something and returns the kind of the last one. Where a
// list follows, that one leads to it: it becomes a heading, unless it has something to say itself.
func (o *outliner) sentences(sp Span, depth int, after following) (last ItemKind) {
	for sp.Start < sp.End {
		first, next := o.sentence(sp)
		sp.Start = next
		if first.Start == first.End {
			continue
		}
		o.said(first)
		text := first.In(o.s)
		r := o.read(first)
		opening := o.goal.sentence(o, first, true)
		if r.off {
			o.out.OffScript = append(o.out.OffScript, first)
		}
		names := r.kind == "" && brief(text)
		if announces(text) && trim(o.s, sp.Start, sp.End).Start == sp.End {
			conditional := r.kind == ItemOffScript || r.kind == ItemBranch && !opening && !r.when
			names = names || after != noList && r.kind == "" || after == listBelow && depth == 0 && !conditional
		}
		switch last = r.kind; {
		case names:
			o.emit(Item{Depth: len(o.heads), Kind: ItemHeading, Span: bare(o.s, first)})
			o.lead, last = r.kind, ItemHeading
		case r.kind != "" && o.example == 0:
			o.emit(Item{Depth: depth, Kind: r.kind, Span: first})
		}
	}
	return last
}

// announces reports whether text announces what follows.
func announces(text string) bool { return strings.HasSuffix(strings.TrimRight(text, "*_ "), ":") }

// brief reports whether text is a few words with a colon: the name of a section.
func brief(text string) bool {
	return len(text) <= 60 && announces(text) && strings.Count(text, " ") < 8
}
