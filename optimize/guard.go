package optimize

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/job/lint"
)

// Check compares a text with the text it was made from. Hard violations say what was lost or invented: an action,
// variable, number, address, price, time, name, quotation, negation, bound, limit or control token, the order of
// numbered steps, or a new error of lint; soft ones where wording changed. They come in the order of the text. Both
// texts are cleaned first; spans are of the cleaned instructions. Check(s, s, c) is empty, whatever s is. It
// never fails, and is safe for concurrent use.
//
// It does not object to other numbers in front of steps, other marks of lists, blanks and line breaks,
// contractions, or another way to write a number, a price or a time.
func Check(before, after job.Spec, c lint.Context) []Violation {
	a, b := before.Clean(), after.Clean()
	var vs violations
	compareFields(a, b, &vs)
	if a.Instructions != b.Instructions {
		compareLimits(before, after, &vs)
		if most := maxCompared; len(a.Instructions) > most || len(b.Instructions) > most {
			vs.add(Violation{Guard: GuardLimit, Hard: true, Message: fmt.Sprintf("The text is too long to be compared: at most %d bytes.", most)})
			return vs.sorted()
		}
		compareFindings(a, b, c, &vs)
		compareControls(a.Instructions, b.Instructions, &vs)
		if !slices.Equal(strings.Fields(a.Instructions), strings.Fields(b.Instructions)) { // else blanks and line breaks moved
			compareTexts(a, b, &vs)
		}
	}
	return vs.sorted()
}

// maxCompared is how many bytes of instructions are compared: far more than a job may have.
const maxCompared = 8 * job.MaxInstructions

// compareFields reports what changed besides the instructions.
func compareFields(a, b job.Spec, vs *violations) {
	for _, f := range [...]struct{ name, a, b string }{
		{"name", a.Name, b.Name}, {"description", a.Description, b.Description}, {"caller intent", a.CallerIntent, b.CallerIntent},
	} {
		if f.a != f.b {
			vs.add(Violation{Guard: GuardField, Hard: true, Message: "The " + f.name + " changed: only the instructions may.", Lost: f.a, New: f.b})
		}
	}
	a.Instructions, a.Name, a.Description, a.CallerIntent = b.Instructions, b.Name, b.Description, b.CallerIntent
	if !a.Equal(b) {
		vs.add(Violation{Guard: GuardField, Hard: true, Message: "The results changed: only the instructions may."})
	}
}

// compareLimits reports rules of length that the text after breaks and the text before did not.
func compareLimits(before, after job.Spec, vs *violations) {
	was := map[string]bool{}
	if e, ok := before.Check().(*job.ValidationError); ok { //nolint:errorlint // Check documents the type
		for _, f := range e.Fields {
			was[f.Field+" "+f.Rule] = true
		}
	}
	if e, ok := after.Check().(*job.ValidationError); ok { //nolint:errorlint // Check documents the type
		for _, f := range e.Fields {
			if f.Field == "instructions" && !was[f.Field+" "+f.Rule] {
				vs.add(Violation{Guard: GuardLimit, Hard: true, Message: f.Message})
			}
		}
	}
}

// compareFindings reports errors of rules that find more in the text after than in the text before.
func compareFindings(a, b job.Spec, c lint.Context, vs *violations) {
	count := map[lint.RuleID]int{}
	for _, f := range lint.Spec(a, c) {
		if f.Severity == lint.Error {
			count[f.Rule]++
		}
	}
	for _, f := range lint.Spec(b, c) {
		if f.Severity != lint.Error {
			continue
		}
		if count[f.Rule]--; count[f.Rule] < 0 {
			v := Violation{Guard: GuardFinding, Hard: true, Message: "The new text has an error that was not there: " + f.Message}
			if f.Field == "instructions" {
				v.Span = f.Span
			}
			vs.add(v)
		}
	}
}

// comparison is two texts with what corresponds in them.
type comparison struct {
	a, b   *reading
	known  map[string]bool // facts of the other fields: known, so not invented
	allA   string          // all words of a, to find quotations in
	allB   string
	quoteA map[string]int
	quoteB map[string]int
	vs     *violations
}

func compareTexts(before, after job.Spec, vs *violations) {
	ids := map[string]int32{}
	a, b := read(before.Instructions, ids), read(after.Instructions, ids)
	lower, certain := lowerWords(a, b), certainNames(a, b)
	a.finish(lower, certain)
	b.finish(lower, certain)
	if sameTokens(a.tokens, b.tokens) && sameUnits(a, b) {
		compareNumbering(a, b, align(a, b), vs)
		return
	}
	c := &comparison{a: a, b: b, known: map[string]bool{}, vs: vs,
		allA: " " + a.words(0, len(a.tokens)) + " ", allB: " " + b.words(0, len(b.tokens)) + " ", quoteA: a.quoteCount(), quoteB: b.quoteCount()}
	other := read(strings.Join([]string{before.Name, before.Description, before.CallerIntent}, "\n\n"), ids)
	other.finish(lower, certain)
	for _, t := range other.tokens {
		c.known[t.word] = true
	}
	if x, y := language(a.tokens), language(b.tokens); x != "" && y != "" && x != y {
		vs.add(Violation{Guard: GuardLanguage, Hard: true, Lost: x, New: y, Message: fmt.Sprintf("The text was in %s and is now in %s.", x, y)})
	}
	al := align(a, b)
	for _, g := range al.groups {
		c.group(g)
	}
	for _, i := range al.gone {
		c.goneUnit(a.units[i])
	}
	for _, j := range al.in {
		c.newUnit(b.units[j])
	}
	compareOrder(a, b, al, vs)
	compareNumbering(a, b, al, vs)
}

func sameTokens(a, b []token) bool {
	return slices.EqualFunc(a, b, func(x, y token) bool { return x.id == y.id })
}

// sameUnits reports whether no two sentences could have been torn apart where the words stayed: their facts are the same.
func sameUnits(a, b *reading) bool {
	return slices.EqualFunc(a.quotes, b.quotes, func(x, y quote) bool { return x.words == y.words })
}

func (r *reading) quoteCount() map[string]int {
	m := map[string]int{}
	for _, q := range r.quotes {
		m[q.words]++
	}
	return m
}

// gather returns the tokens of units in order, and their events with places among these tokens.
func (r *reading) gather(units []int) ([]token, []event) {
	if len(units) == 1 {
		u := r.units[units[0]]
		return r.tokens[u.from:u.to], u.events
	}
	var tokens []token
	var events []event
	for _, i := range units {
		u := r.units[i]
		for _, e := range u.events {
			events = append(events, event{e.class, e.from + len(tokens), e.to + len(tokens)})
		}
		tokens = append(tokens, r.tokens[u.from:u.to]...)
	}
	return tokens, events
}

// spanOf returns the stretch of the text that units cover.
func (r *reading) spanOf(units []int) job.Span {
	var sp job.Span
	for n, i := range units {
		u := r.units[i].span
		if n == 0 {
			sp = u
			continue
		}
		sp.Start, sp.End = min(sp.Start, u.Start), max(sp.End, u.End)
	}
	return sp
}

// guardOf returns the guard of a kind of fact.
func guardOf(k FactKind) Guard {
	switch k {
	case FactDate, FactDuration, FactTime:
		return GuardTime
	case FactVariable, FactAction, FactURL, FactEmail, FactPhone, FactMoney, FactNumber, FactName, FactQuote:
	}
	return Guard(k)
}

// nouns are how messages call facts.
var nouns = map[FactKind]string{FactVariable: "variable", FactAction: "action", FactURL: "address", FactEmail: "e-mail address", FactPhone: "phone number",
	FactMoney: "amount", FactTime: "time", FactDate: "date", FactDuration: "duration", FactNumber: "number", FactName: "name", FactQuote: "quotation"}

func (c *comparison) lost(kind FactKind, text string, at job.Span) {
	c.vs.add(Violation{Guard: guardOf(kind), Hard: true, Lost: shorten(text), Was: at, Message: fmt.Sprintf("The %s \"%s\" is gone.", nouns[kind], shorten(text))})
}

func (c *comparison) invented(kind FactKind, text string, at job.Span) {
	c.vs.add(Violation{Guard: guardOf(kind), Hard: true, New: shorten(text), Span: at,
		Message: fmt.Sprintf("The %s \"%s\" was not in the text.", nouns[kind], shorten(text))})
}

// goneUnit reports a sentence that has no counterpart.
func (c *comparison) goneUnit(u unit) {
	t := c.a.tokens[u.from:u.to]
	bare := onlyFacts(t)
	for _, w := range t {
		if w.kind != "" && (c.b.count[w.word] == 0 || bare && c.b.count[w.word] < c.a.count[w.word]) {
			c.lost(w.kind, w.span.In(c.a.s), w.span)
		}
	}
	for _, q := range c.a.quotesIn(u) {
		if c.quoteB[q.words] == 0 && !strings.Contains(c.allB, " "+q.words+" ") {
			c.lost(FactQuote, q.span.In(c.a.s), q.span)
		}
	}
	if e, ok := strongest(u.events); ok {
		c.vs.add(Violation{Guard: e, Hard: true, Lost: c.a.text(u), Was: u.span, Message: fmt.Sprintf("A sentence with a %s is gone: \"%s\".", e, c.a.text(u))})
	}
	c.vs.add(Violation{Guard: GuardSentence, Lost: c.a.text(u), Was: u.span, Message: fmt.Sprintf("A sentence is gone: \"%s\".", c.a.text(u))})
}

// newUnit reports a sentence that has no counterpart.
func (c *comparison) newUnit(u unit) {
	for _, w := range c.b.tokens[u.from:u.to] {
		if w.kind != "" && c.a.count[w.word] == 0 && !c.known[w.word] {
			c.invented(w.kind, w.span.In(c.b.s), w.span)
		}
	}
	for _, q := range c.b.quotesIn(u) {
		if c.quoteA[q.words] == 0 && !strings.Contains(c.allA, " "+q.words+" ") {
			c.invented(FactQuote, q.span.In(c.b.s), q.span)
		}
	}
	if e, ok := strongest(u.events); ok {
		c.vs.add(Violation{Guard: e, Hard: true, New: c.b.text(u), Span: u.span,
			Message: fmt.Sprintf("A sentence with a %s is new: \"%s\".", e, c.b.text(u))})
	}
	c.vs.add(Violation{Guard: GuardSentence, New: c.b.text(u), Span: u.span, Message: fmt.Sprintf("A sentence is new: \"%s\".", c.b.text(u))})
}

// strongest returns the guard of the event that makes a lost sentence a hard matter.
func strongest(events []event) (Guard, bool) {
	for _, e := range events {
		switch e.class {
		case negation:
			return GuardNegation, true
		case atLeast, atMost, moreThan, lessThan:
			return GuardBound, true
		default: // what else changes is soft
		}
	}
	return "", false
}

// quotesIn returns the quotations that begin in a unit.
func (r *reading) quotesIn(u unit) []quote {
	from, _ := slices.BinarySearchFunc(r.quotes, u.from, func(q quote, at int) int { return cmp.Compare(q.from, at) })
	to := from
	for to < len(r.quotes) && r.quotes[to].from < u.to {
		to++
	}
	return r.quotes[from:to]
}
