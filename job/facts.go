package job

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// factFinder finds the facts of one text in one pass from left to right.
type factFinder struct {
	s     string
	facts []Fact
	next  int // nothing before this byte can belong to a further fact

	quotes  []Span // quotations, rising
	q       int
	actions []ActionUse
	a       int
}

// findFacts returns the facts of s and all its quotations. The longest fact wins, and of equally long
// ones the most specific: a price in quotation marks is a price, a sentence in quotation marks is to be
// said as it stands and keeps what is in it. The marks around an action's arguments quote nothing.
func findFacts(s string, actions []ActionUse) ([]Fact, []Span) {
	f := factFinder{s: s, actions: actions, quotes: findQuotes(s, actions), facts: make([]Fact, 0, len(s)/64)}
	for i := 0; i < len(s); {
		quote := len(s)
		if f.q < len(f.quotes) {
			quote = f.quotes[f.q].Start
		}
		for i < quote && factBytes[s[i]] == plainByte {
			i++
		}
		if i < len(s) {
			i = f.at(i)
		}
	}
	return f.facts, f.quotes
}

// at takes what stands at byte i and returns where to go on.
func (f *factFinder) at(i int) int {
	for f.q < len(f.quotes) && f.quotes[f.q].Start <= i {
		q := f.quotes[f.q]
		f.q++
		if q.Start < i || f.hidden(q) {
			continue
		}
		if inner, ok := f.whole(q); ok {
			f.add(inner.Kind, inner.Span)
		} else {
			f.add(FactQuote, q)
		}
		return q.End
	}
	c := f.s[i]
	switch factBytes[c] {
	case plainByte:
		return i + 1
	case digitByte:
		if i > 0 && joined(f.s[i-1]) {
			return i + 1
		}
		return f.number(i, i)
	case signByte: // + ( # and currencies
		return f.sign(i)
	case atByte:
		return f.email(i)
	case dotByte:
		return f.domain(i)
	case slashByte:
		return f.url(i)
	}
	if i > 0 && joined(f.s[i-1]) || !f.mayName(i) {
		return i + 1
	}
	return f.name(i)
}

// whole returns the one fact that a quotation consists of, if it does.
func (f *factFinder) whole(q Span) (Fact, bool) {
	text := q.In(f.s)
	if len(text) > 60 || !strings.ContainsAny(text, "0123456789@/") {
		return Fact{}, false
	}
	_, open := utf8.DecodeRuneInString(text)
	_, shut := utf8.DecodeLastRuneInString(text)
	in := trim(f.s, q.Start+open, q.End-shut)
	facts, _ := findFacts(in.In(f.s), nil)
	if len(facts) != 1 || facts[0].Span.Start != 0 || facts[0].Span.End != in.End-in.Start {
		return Fact{}, false
	}
	return Fact{Kind: facts[0].Kind, Span: in}, true
}

// hidden reports whether the marks of q belong to the argument of an action.
func (f *factFinder) hidden(q Span) bool {
	for f.a < len(f.actions) && f.actions[f.a].Span.End <= q.Start {
		f.a++
	}
	return f.a < len(f.actions) && f.actions[f.a].Span.Start <= q.Start
}

func (f *factFinder) add(kind FactKind, sp Span) {
	f.facts = append(f.facts, Fact{Kind: kind, Text: sp.In(f.s), Span: sp})
	f.next = sp.End
}

// joined reports whether a word that c belongs to goes on after it: the 7 of "tool_7" is no number.
func joined(c byte) bool { return alnum(c) || c == '_' || c >= 0xc3 && c != 0xe2 && c < 0xf0 }

// What a byte can begin.
const (
	plainByte = iota
	digitByte
	signByte
	atByte
	dotByte
	slashByte
	wordByte // a letter that a name of a day, month or currency begins with
)

var factBytes = func() (t [256]uint8) {
	for c := '0'; c <= '9'; c++ {
		t[c] = digitByte
	}
	for _, c := range []byte("+($\xc2\xe2") { // the last two begin £ and €
		t[c] = signByte
	}
	t['@'], t['.'], t[':'] = atByte, dotByte, slashByte
	for w := range dayWords {
		t[w[0]] = wordByte
		t[unicode.ToUpper(rune(w[0]))] = wordByte
	}
	for _, c := range []byte("uUeEcCgGwW") { // USD, EUR, CAD, GBP, www
		t[c] = wordByte
	}
	return t
}()

// url takes the colon of "https://…".
func (f *factFinder) url(i int) int {
	if !strings.HasPrefix(f.s[i:], "://") {
		return i + 1
	}
	from := i
	for from > f.next && i-from < 8 && alnum(f.s[from-1]) {
		from--
	}
	to := f.link(i + len("://"))
	if from == i || to == i+3 {
		return i + 1
	}
	f.add(FactURL, Span{from, to})
	return to
}

// link returns where the address ends that goes on at i: at a blank or quote, and before punctuation
// that belongs to the sentence. A parenthesis that closes none of the address is such punctuation.
func (f *factFinder) link(i int) int {
	to, open := i, 0
	for ; to < len(f.s) && f.s[to] > ' ' && f.s[to] < 0x7f && strings.IndexByte("\"'<>`{}|\\^", f.s[to]) < 0; to++ {
		switch f.s[to] {
		case '(', '[':
			open++
		case ')', ']':
			open--
		}
	}
	for to > i {
		c := f.s[to-1]
		if closes := c == ')' || c == ']'; closes && open < 0 {
			open++
		} else if closes || strings.IndexByte(".,;:!?*_", c) < 0 {
			break
		}
		to--
	}
	return to
}

// email takes the @ of an e-mail address.
func (f *factFinder) email(i int) int {
	to := f.host(i + 1)
	if to == i+1 || !strings.Contains(f.s[i+1:to], ".") {
		return i + 1
	}
	from := i
	for from > 0 && i-from < 64 && (alnum(f.s[from-1]) || strings.IndexByte("._%+-", f.s[from-1]) >= 0) {
		from--
	}
	from = f.drop(from)
	for from < i && !alnum(f.s[from]) {
		from++
	}
	if from == i {
		return i + 1
	}
	f.add(FactEmail, Span{from, to})
	return to
}

// drop takes back the numbers that turn out to be part of a longer fact which begins at from, and
// returns where that begins when a fact that stays reaches into it.
func (f *factFinder) drop(from int) int {
	for n := len(f.facts); n > 0 && f.facts[n-1].Span.End > from; n-- {
		if last := f.facts[n-1]; last.Kind != FactNumber || last.Span.Start < from {
			return last.Span.End
		}
		f.facts = f.facts[:n-1]
	}
	return from
}

// host returns where the name of a host ends that begins at i.
func (f *factFinder) host(i int) int {
	to := i
	for to < len(f.s) && to-i < 253 && (alnum(f.s[to]) || f.s[to] == '-' || f.s[to] == '.') {
		to++
	}
	for to > i && !alnum(f.s[to-1]) {
		to--
	}
	return to
}

// domain takes the dot of "example.com/page".
func (f *factFinder) domain(i int) int {
	if i == 0 || !alnum(f.s[i-1]) || i+2 >= len(f.s) || !alnum(f.s[i+1]) || digit(f.s[i+1]) {
		return i + 1
	}
	to := f.host(i + 1)
	name := f.s[i+1 : to]
	if dot := strings.LastIndexByte(name, '.'); dot >= 0 {
		name = name[dot+1:]
	}
	if len(name) > 4 || !topLevel[strings.ToLower(name)] {
		return i + 1
	}
	from := i
	for from > 0 && i-from < 64 && (alnum(f.s[from-1]) || f.s[from-1] == '-' || f.s[from-1] == '.') {
		from--
	}
	from = f.drop(from)
	if from > 0 && (f.s[from-1] == '@' || joined(f.s[from-1])) || to < len(f.s) && (f.s[to] == '_' || f.s[to] == '@' || f.s[to] == '(') {
		return i + 1
	}
	if to < len(f.s) && f.s[to] == '/' {
		to = f.link(to)
	}
	f.add(FactURL, Span{from, to})
	return to
}

// topLevel are the domains under which addresses without http are recognised; never written.
var topLevel = map[string]bool{"com": true, "org": true, "net": true, "io": true, "co": true, "us": true, "uk": true, "ca": true,
	"es": true, "fr": true, "de": true, "eu": true, "app": true, "dev": true, "info": true, "biz": true, "edu": true, "gov": true,
	"mx": true, "be": true, "ch": true, "shop": true, "ly": true}
