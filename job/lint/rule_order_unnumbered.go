package lint

import (
	"fmt"
	"strings"

	"github.com/sonajobs/sona/job"
)

var ruleOrderUnnumbered = &rule{
	RuleInfo: RuleInfo{
		ID: "order-unnumbered", Practice: Order, Severity: Warning, Language: "any",
		Title:   "Order without numbers",
		Catches: "Steps whose order stands in words such as “first”, “then” and “after that”, or below a heading that promises steps, without numbers.",
		Why:     "Numbers keep the order of the steps, and let other sentences refer to them; prose is easily read as a loose wish.",
		Source:  "Seed 45, Seed 50",
		How: "Two sentences of one section outside of numbered lists begin with a word of order or have a “then” that belongs to no condition; " +
			"or three orders without numbers stand below a heading such as “Steps” or “Procedure”, or a line such as “Follow these steps:”; or four short ones, one of which asks, below one heading of a text without any numbers. Words of order in English, Spanish and French.",
		Bad: []Example{
			says("First, ask for the order number. Then look the order up. Finally, tell the caller when it comes."),
			says("Ask for the name and then say it back. After that, ask for the message. Say goodbye."),
			says("## Steps\n\n- Ask for the full name.\n- Ask for the message.\n- Read the message back.\n- Say goodbye."),
			says("This job books a table. Follow these steps:\n\n- Ask for the day.\n- Look up the table.\n- Tell the caller when it is free."),
			says("Primero, pida el nombre. Luego, pida el número de teléfono. Finalmente, despídase."),
		},
		Good: []Example{
			says("1. First, ask for the order number.\n2. Then look the order up.\n3. Finally, tell the caller when it comes."),
			says("Ask for the first name. If the caller refuses, then go on without it. Say goodbye."),
			says("Then thank the caller and say goodbye."),
			says("## Facts\n\n- The office opens at nine.\n- The shop is next door.\n- Parking is free."),
		},
	},
	structure: true,
	text: func(t *text, found report) {
		run := make([]int, 0, 8)
		last, section := -9, -1
		for i, s := range t.sents {
			switch {
			case s.heading:
				if section >= 0 && t.promised(section, i, found) {
					return
				}
				if t.runFound(run, found) {
					return
				}
				run, section = run[:0], i
			case t.leads(i) && t.promisedBy(i, found):
				return
			case !t.instructs(i):
			case t.ordered(s):
				if t.runFound(run, found) {
					return
				}
				run = run[:0]
			case t.ordersInWords(i):
				if i-last > 5 {
					if t.runFound(run, found) {
						return
					}
					run = run[:0]
				}
				run, last = append(run, i), i
			}
		}
		if !t.runFound(run, found) && (section < 0 || !t.promised(section, len(t.sents), found)) {
			t.listed(found)
		}
	},
}

var (
	orderWords = phrases(`first|firstly|second|secondly|third|thirdly|then|next|after that|after this|afterwards|afterward|finally|lastly|last|once done|when done|to begin|to start|start by|begin by
		primero|primero que nada|luego|después|a continuación|finalmente|por último
		d'abord|tout d'abord|ensuite|puis|enfin|après cela|pour finir`)
	thenWords = phrases("then|and then|luego|y luego|puis|et puis|ensuite")
	stepHeads = phrases(`steps|step by step|step-by-step|procedure|process|workflow|call flow|conversation flow|sequence|in this order|in order
		pasos|procedimiento|étapes|procédure|déroulement`)
	stepLeads = phrases(`following process|following steps|these steps|following order|this order|following workflow|following procedure|following sequence|this process|this sequence|steps in order|this procedure|this workflow`)
	nextSteps = phrases(`go to the next step|go to next step|skip the next step|skip to the next step|move to the next step|move on to the next step|move onto the next step|proceed to the next step|continue to the next step
		continue with the next step|head to the next step|see next step|go back to the previous step|return to the previous step|repeat the previous step|back to the first step|start over at the first step`)
	noOrder = phrases("if|when|whenever|unless|once|until|any order|si|cuando|quand|lorsque|than|rather than|less than")
)

// ordersInWords reports whether a word of sentence i says where it stands in an order.
func (t *text) ordersInWords(i int) bool {
	if h, ok := orderWords.begins(t, i); ok {
		end := t.words[h.to-1].span.End
		comma := end < len(t.s) && t.s[end] == ','
		switch t.word(h.from) {
		case "first", "second", "third", "last", "primero":
			return comma || h.to < t.sents[i].to && t.verbAt(h.to)
		case "next", "then":
			return comma || h.to < t.sents[i].to && (t.verbAt(h.to) || t.word(h.to) == "you")
		}
		return true
	}
	if t.inBullet(t.sents[i]) {
		return false // the order is within one entry
	}
	if h, ok := thenWords.in(t, i); ok && h.to < t.sents[i].to && t.verbAt(h.to) {
		_, no := noOrder.in(t, i)
		return !no && !t.quoted(t.words[h.from].span)
	}
	return false
}

// runFound reports the sentences of a run that give an order in words, when there are at least two.
func (t *text) runFound(run []int, found report) bool {
	if len(run) < 2 {
		return false
	}
	first, last := run[0], run[len(run)-1]
	if first > 0 && t.instructs(first-1) && !t.ordered(t.sents[first-1]) && t.kind(t.sents[first-1]) == job.ItemAsk &&
		!strings.Contains(t.s[t.sents[first-1].span.End:t.sents[first].span.Start], "\n") {
		first-- // the step that the first "then" comes after
	}
	spans := make([]job.Span, 0, len(run))
	words := make([]string, 0, 3)
	for _, i := range run {
		spans = append(spans, t.sents[i].span)
		h, ok := orderWords.begins(t, i)
		if !ok {
			h, _ = thenWords.in(t, i)
		}
		if len(words) < 3 {
			words = append(words, cite(t.span(h.from, h.to).In(t.s)))
		}
	}
	f := Finding{Span: spans[0], Also: also(spans[1:])}
	f.Message = fmt.Sprintf("The order of %d steps stands in words (%s) and not in numbers.", last-first+1, strings.Join(words, ", "))
	if offer, ok := t.numbered(first, last); ok {
		f.Offer = &offer
	} else {
		f.Question = "Can these steps become a numbered list?"
	}
	found(f)
	return true
}

// numbered offers sentences[first:last+1] as a numbered list, where they are prose and not too many.
func (t *text) numbered(first, last int) (Fix, bool) {
	if last-first > 11 {
		return Fix{}, false
	}
	var b strings.Builder
	start := t.sents[first].span.Start
	if start > 0 && t.s[start-1] != '\n' {
		b.WriteString("\n\n")
	}
	for i := first; i <= last; i++ {
		s := t.sents[i]
		if s.item >= 0 && (t.out.Items[s.item].Depth > 0 || t.out.Items[s.item].Ordered) || s.heading || t.bullet(s) {
			return Fix{}, false
		}
		at := s.span.Start
		if h, ok := orderWords.begins(t, i); ok && h.to < s.to {
			if t.word(h.to-1) == "by" {
				return Fix{}, false // "start by asking" is no order without its first words
			}
			at = t.words[h.to].span.Start
		}
		fmt.Fprintf(&b, "%d. %s\n", i-first+1, capitalised(t.s[at:s.span.End]))
	}
	return Fix{Span: job.Span{Start: start, End: t.sents[last].span.End}, Text: strings.TrimSuffix(b.String(), "\n")}, true
}

// bullet reports whether s begins an entry of a list.
func (t *text) bullet(s sentence) bool {
	line, all := t.lineBefore(s.span.Start, 40)
	return all && strings.TrimSpace(line) != "" && strings.Trim(line, " \t-*•+–—") == ""
}

// inBullet reports whether s stands on a line that begins an entry of a list.
func (t *text) inBullet(s sentence) bool {
	line, all := t.lineBefore(s.span.Start, 1000)
	if line = strings.TrimLeft(line, " \t"); !all {
		return false
	}
	return strings.HasPrefix(line, "- ") || strings.HasPrefix(line, "* ") || strings.HasPrefix(line, "• ")
}

// listed reports a list without numbers that reads like the steps of a call: at least four short orders
// below one heading, of which one asks and another does or says something, and not much else among them,
// in a text without any numbered list.
func (t *text) listed(found report) {
	for _, it := range t.out.Items {
		if it.Ordered {
			return
		}
	}
	for _, h := range nextSteps.all(t) {
		if t.instructs(h.sent) && !t.quoted(t.words[h.from].span) {
			found(Finding{
				Span:     t.span(h.from, h.to),
				Message:  cite(t.span(h.from, h.to).In(t.s)) + " is named, but no step has a number.",
				Question: "Can the steps be a numbered list?",
			})
			return
		}
	}
	var l unnumberedList
	for i, it := range t.out.Items {
		switch {
		case it.Kind == job.ItemHeading:
			if l.report(t, found) {
				return
			}
			l = unnumberedList{}
		case strings.ContainsAny(it.Span.In(t.s), "\"“"):
			// what to say in certain words has its place anywhere
		case !t.plainOrder(it):
			l.others++
		default:
			if l.orders == 0 {
				l.first = i
			}
			l.orders++
			if it.Kind == job.ItemAsk {
				l.asks++
			}
		}
	}
	l.report(t, found)
}

// unnumberedList is what stands below one heading.
type unnumberedList struct{ first, orders, asks, others int }

func (l unnumberedList) report(t *text, found report) bool {
	if l.orders < 4 || l.asks == 0 || l.asks == l.orders || l.others > 2*l.orders {
		return false
	}
	sp := t.out.Items[l.first].Span
	found(Finding{
		Span:     sp,
		Message:  fmt.Sprintf("The %d orders from %s on have no numbers.", l.orders, cite(sp.In(t.s))),
		Question: "Do they follow one another, and can they be a numbered list?",
	})
	return true
}

// plainOrder reports whether item it is one short sentence that begins with a verb, and no example.
func (t *text) plainOrder(it job.Item) bool {
	i := t.sentAt(it.Span.Start)
	return it.Span.End-it.Span.Start <= 220 && i < len(t.sents) && !t.sents[i].example && t.sents[i].from < t.sents[i].to &&
		t.words[t.sents[i].from].span.Start == it.Span.Start && t.verbAt(t.sents[i].from)
}

// promised reports the orders below heading number head, up to sentence end, when the heading promises
// steps and none of them has a number.
func (t *text) promised(head, end int, found report) bool {
	h, ok := stepHeads.in(t, head)
	if !ok || t.sents[head].example || t.sents[head].to-t.sents[head].from > 6 || t.out.Items[t.sents[head].item].Ordered {
		return false
	}
	orders := 0
	for i := head + 1; i < end; i++ {
		switch kind := t.kind(t.sents[i]); {
		case t.ordered(t.sents[i]):
			return false
		case t.instructs(i) && (kind == job.ItemAsk || kind == job.ItemSay || kind == job.ItemDo || kind == job.ItemEnd):
			orders++
		}
	}
	if orders < 3 {
		return false
	}
	found(Finding{
		Span:     t.sents[head].span,
		Message:  fmt.Sprintf("The heading says %s, but what stands below it has no numbers.", cite(t.span(h.from, h.to).In(t.s))),
		Question: "Do these steps follow one another, and can they have numbers?",
	})
	return true
}

// leads reports whether sentence i is a line such as "Follow these steps:" that promises what stands below it.
func (t *text) leads(i int) bool {
	s := t.sents[i]
	_, ok := stepLeads.in(t, i)
	return ok && !s.example && (strings.HasSuffix(s.span.In(t.s), ":") || strings.HasPrefix(t.s[s.span.End:], ":"))
}

// promisedBy reports the orders below sentence number lead, up to the end of its section, when they are three
// or more, of which one asks, and none of them has a number.
func (t *text) promisedBy(lead int, found report) bool {
	orders, asks := 0, 0
	for i := lead + 1; i < len(t.sents) && !t.sents[i].heading; i++ {
		s := t.sents[i]
		if t.ordered(s) {
			return false
		}
		if orders == 0 && i > lead+2 {
			return false
		}
		if s.from < s.to && t.verbAt(s.from) {
			orders++
			if t.kind(s) == job.ItemAsk {
				asks++
			}
		}
	}
	if orders < 3 || asks == 0 {
		return false
	}
	found(Finding{
		Span:     t.sents[lead].span,
		Message:  fmt.Sprintf("%s promises an order, but what stands below it has no numbers.", cite(t.sents[lead].span.In(t.s))),
		Question: "Do these steps follow one another, and can they have numbers?",
	})
	return true
}
