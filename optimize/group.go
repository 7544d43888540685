package optimize

import (
	"fmt"
	"slices"
	"strings"

	"github.com/sonajobs/sona/job"
)

// pair is a group under comparison.
type pair struct {
	*comparison
	g        group
	a, b     []token
	ea, eb   []event
	kept     []int
	close    bool // a small edit of one text: what is counted here must agree; else it may stand elsewhere
	was      job.Span
	is       job.Span
	found    bool // something was reported
	hopeless bool // and it was hard
}

// nearly is how much of both sides must correspond for a small edit.
const nearly = 0.6

// group compares units before with the units after that came of them.
func (c *comparison) group(g group) {
	p := pair{comparison: c, g: g, was: c.a.spanOf(g.a), is: c.b.spanOf(g.b)}
	p.a, p.ea = c.a.gather(g.a)
	p.b, p.eb = c.b.gather(g.b)
	if g.again {
		p.repeated()
		return
	}
	if sameTokens(p.a, p.b) {
		return
	}
	kept, common := tokenDiff(p.a, p.b)
	p.kept = kept
	n, m := len(p.a), len(p.b)
	p.close = g.placed || n == m && common == n-1 && common > 0 || float64(2*common) >= nearly*float64(n+m) || common == min(n, m) && (common > 1 || common > 0 && n+m-2*common <= 3)
	p.facts()
	p.quotations()
	p.polarity()
	p.bounds()
	p.flips()
	p.steps()
	if !p.hopeless {
		p.softer()
	}
	if !p.found {
		lost, fresh := p.changedWords()
		p.report(Violation{Guard: GuardWording, Lost: lost, New: fresh, Message: fmt.Sprintf("Other words: \"%s\".", shorten(p.is.In(c.b.s)))})
	}
}

func (p *pair) report(v Violation) {
	p.found, p.hopeless = true, p.hopeless || v.Hard
	v.Was, v.Span = p.was, p.is
	p.vs.add(v)
}

// note reports a violation that does not say all that changed.
func (p *pair) note(v Violation) {
	v.Was, v.Span = p.was, p.is
	p.vs.add(v)
}

// repeated reports a sentence that was said twice and is now said once, or the other way round.
func (p *pair) repeated() {
	was, is := shorten(p.was.In(p.comparison.a.s)), shorten(p.is.In(p.comparison.b.s))
	v := Violation{Guard: GuardSentence, New: is, Message: fmt.Sprintf("A sentence repeats another one: \"%s\".", is)}
	if p.g.gone {
		v = Violation{Guard: GuardSentence, Lost: was, Message: fmt.Sprintf("A sentence is gone that another one repeats: \"%s\".", was)}
	}
	bare := p.g.gone && onlyFacts(p.a)
	for _, w := range p.a {
		if there := p.comparison.b.count[w.word]; w.kind != "" && (there == 0 || bare && there < p.comparison.a.count[w.word]) {
			p.lost(w.kind, w.span.In(p.comparison.a.s), w.span)
		}
	}
	for _, w := range p.b {
		if w.kind != "" && p.comparison.a.count[w.word] == 0 && !p.known[w.word] {
			p.invented(w.kind, w.span.In(p.comparison.b.s), w.span)
		}
	}
	if bare {
		for _, q := range p.comparison.a.quotesOf(p.g.a) {
			if p.quoteB[q.words] < p.quoteA[q.words] {
				p.lost(FactQuote, q.span.In(p.comparison.a.s), q.span)
			}
		}
	}
	p.report(v)
}

// onlyFacts reports whether no other words are there than facts and quotations.
func onlyFacts(tokens []token) bool {
	return !slices.ContainsFunc(tokens, func(t token) bool { return t.kind == "" && !t.quoted })
}

// facts compares what each side counts.
func (p *pair) facts() {
	ca, cb := counts(p.a), counts(p.b)
	lostKinds, newKinds := map[Guard]bool{}, map[Guard]bool{}
	for _, t := range p.a {
		if t.kind != "" && ca[t.word] > cb[t.word] {
			lostKinds[guardOf(t.kind)] = true
		}
	}
	for _, t := range p.b {
		if t.kind != "" && cb[t.word] > ca[t.word] {
			newKinds[guardOf(t.kind)] = true
		}
	}
	said := map[string]bool{}
	for _, t := range p.a {
		if ca[t.word] <= cb[t.word] || said[t.word] {
			continue
		}
		if t.kind == "" && t.proper && p.close {
			t.kind = FactName
		}
		if t.kind == "" {
			continue
		}
		said[t.word] = true
		there, was := p.comparison.b.count[t.word], p.comparison.a.count[t.word]
		switch {
		case there == 0, p.close && (there < was || newKinds[guardOf(t.kind)]):
			p.found, p.hopeless = true, true
			p.lost(t.kind, t.span.In(p.comparison.a.s), t.span)
		case p.close:
			p.note(Violation{Guard: GuardWording, Lost: t.span.In(p.comparison.a.s),
				Message: fmt.Sprintf("\"%s\" stands in another sentence now.", shorten(t.span.In(p.comparison.a.s)))})
		}
	}
	clear(said)
	for _, t := range p.b {
		if t.kind == "" || cb[t.word] <= ca[t.word] || said[t.word] {
			continue
		}
		said[t.word] = true
		if was := p.comparison.a.count[t.word]; was == 0 && !p.known[t.word] || p.close && was > 0 && lostKinds[guardOf(t.kind)] && t.kind != FactName {
			p.found, p.hopeless = true, true
			p.invented(t.kind, t.span.In(p.comparison.b.s), t.span)
		}
	}
	p.swapped(ca, cb)
}

func counts(tokens []token) map[string]int {
	m := make(map[string]int, len(tokens))
	for _, t := range tokens {
		m[t.word]++
	}
	return m
}

// swapped reports facts that changed places while everything around them stayed.
func (p *pair) swapped(ca, cb map[string]int) {
	if p.found || len(p.a) != len(p.b) {
		return
	}
	first := -1
	for i := range p.a {
		x, y := p.a[i], p.b[i]
		if x.id == y.id {
			continue
		}
		if x.kind == "" || y.kind == "" || guardOf(x.kind) != guardOf(y.kind) || ca[x.word] != cb[x.word] || ca[y.word] != cb[y.word] {
			return
		}
		if first < 0 {
			first = i
		}
	}
	if first >= 0 {
		x, y := p.a[first], p.b[first]
		lost, fresh := x.span.In(p.comparison.a.s), y.span.In(p.comparison.b.s)
		p.report(Violation{Guard: guardOf(x.kind), Hard: true, Lost: shorten(lost), New: shorten(fresh),
			Message: fmt.Sprintf("\"%s\" stands where \"%s\" stood.", shorten(fresh), shorten(lost))})
	}
}

// quotations compares what is to be said as it stands.
func (p *pair) quotations() {
	qa, qb := p.comparison.a.quotesOf(p.g.a), p.comparison.b.quotesOf(p.g.b)
	if len(qa) == 0 && len(qb) == 0 {
		return
	}
	count := map[string]int{}
	for _, q := range qa {
		count[q.words]++
	}
	for _, q := range qb {
		count[q.words]--
	}
	for _, q := range qa {
		if count[q.words] <= 0 {
			continue
		}
		count[q.words]--
		text := q.span.In(p.comparison.a.s)
		switch {
		case p.quoteB[q.words] >= p.quoteA[q.words] || !p.close && p.quoteB[q.words] > 0:
			p.note(Violation{Guard: GuardWording, Lost: shorten(text), Message: fmt.Sprintf("%s stands in another sentence now.", shorten(text))})
		case p.standsUnquoted(q):
			p.note(Violation{Guard: GuardWording, Lost: shorten(text), Message: fmt.Sprintf("%s has lost its quotation marks.", shorten(text))})
		default:
			p.found, p.hopeless = true, true
			p.lost(FactQuote, text, q.span)
		}
	}
	for _, q := range qb {
		if count[q.words] >= 0 {
			continue
		}
		count[q.words]++
		if p.quoteA[q.words] == 0 && !strings.Contains(p.allA, " "+q.words+" ") {
			p.found, p.hopeless = true, true
			p.invented(FactQuote, q.span.In(p.comparison.b.s), q.span)
		}
	}
}

// standsUnquoted reports whether the words of a quotation stand on the other side without its marks: in the sentences
// that are compared, or anywhere when these were rewritten.
func (p *pair) standsUnquoted(q quote) bool {
	const most = 1000 // tokens: no sentence is as long
	if !p.close || len(p.b) > most {
		return strings.Contains(p.allB, " "+q.words+" ")
	}
	seq := p.comparison.a.tokens[q.from:q.to]
	return countOf(p.b, seq) >= countOf(p.a, seq)
}

// countOf returns how often the words of seq stand in tokens, one after the other.
func countOf(tokens, seq []token) (n int) {
	for i := 0; i+len(seq) <= len(tokens); i++ {
		if sameTokens(tokens[i:i+len(seq)], seq) {
			n++
		}
	}
	return n
}

func (r *reading) quotesOf(units []int) []quote {
	var qs []quote
	for _, i := range units {
		qs = append(qs, r.quotesIn(r.units[i])...)
	}
	return qs
}

// changedWords returns the words of each side that do not correspond.
func (p *pair) changedWords() (lost, fresh string) {
	var l, n []string
	for _, h := range hunks(p.kept, len(p.b)) {
		if h.a1 > h.a0 {
			l = append(l, words1(p.comparison.a.s, p.a[h.a0:h.a1]))
		}
		if h.b1 > h.b0 {
			n = append(n, words1(p.comparison.b.s, p.b[h.b0:h.b1]))
		}
	}
	return shorten(strings.Join(l, " … ")), shorten(strings.Join(n, " … "))
}

func words1(s string, t []token) string {
	return job.Span{Start: t[0].span.Start, End: t[len(t)-1].span.End}.In(s)
}
