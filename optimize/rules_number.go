package optimize

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/sonajobs/sona/job"
)

// number numbers lists of steps that have bullets or no mark at all.
func (p *page) number() []fix {
	if p.code || p.lists && p.refs {
		return nil // a second list with the same numbers would make them ambiguous
	}
	var all []fix
	for i := 0; i < len(p.lines); {
		entries, next := p.run(i)
		if len(entries) > 1 && p.lines[i].mark == 0 {
			entries = p.trimmed(entries)
		}
		if len(entries) > 1 && p.areSteps(entries, next) {
			all = append(all, p.numbered(entries))
		}
		i = next
	}
	return all
}

// run returns the lines that begin the entries of a list without numbers, from line i on, and the line to go on from.
// Deeper lines belong to the entry above them.
func (p *page) run(i int) (entries []int, next int) {
	l := p.lines[i]
	if p.blank(i) || l.mark == '#' || l.mark == '1' || l.mark == 'c' || l.indent > 0 || p.heading(i) && l.mark == 0 {
		return nil, i + 1
	}
	k := i
	for ; k < len(p.lines); k++ {
		m := p.lines[k]
		switch {
		case p.blank(k):
			if l.mark == 0 || k+1 < len(p.lines) && (p.lines[k+1].mark != l.mark || p.lines[k+1].indent != l.indent) && p.lines[k+1].indent <= l.indent {
				return entries, k + 1
			}
		case m.mark == 'c':
			return entries, k
		case m.indent > l.indent:
		case m.mark == l.mark && m.indent == l.indent && (l.mark != 0 || !p.heading(k)):
			entries = append(entries, k)
		default:
			return entries, k
		}
	}
	return entries, k
}

var (
	// leads promise steps; unordered ones promise something else.
	leads = []string{"step", "procedure", "process", "workflow", "call flow", "conversation flow", "flow", "sequence", "in order", "in this order", "same set of actions",
		"pasos", "procedimiento", "étapes", "procédure"}
	unordered = []string{"rule", "guideline", "style", "tone", "avoid", "example", "remember", "note", "tip", "don't", "do not", "never", "always", "polic", "faq", "personality",
		"question", "principle", "restriction", "constraint", "guardrail", "voice", "must", "capabilit", "requirement", "best practice", "persona", "fact", "one of", "any of",
		"such as", "options", "reasons", "objection", "limit", "important", "role", "can", "hours", "pricing", "service", "response", "behavior", "behaviour",
		"precondition", "eligib", "criteria", "condition", "tool", "function", "filler", "phrase", "sample", "journey", "responsib", "abilit",
		"job is", "duties", "validat", "check", "either", "scenarios", "cases", "situations"}
	// manners begin what holds all the time or whenever it is wanted, and not once in a call.
	manners = words(`never always avoid be keep only no don't do speak maintain remember stay refrain not prefer sound act focus adapt limit help assist answer handle
		support escalate provide example can`)
)

// ordering begins steps that say where they stand.
var ordering = words("first firstly start begin then next afterwards finally lastly last primero luego después finalmente ensuite enfin")

// skips are words that take the entries of a list for steps.
var skips = []string{"to the next step", "skip the next step", "next step)"}

// trimmed takes prose before and after the steps away from lines without marks.
func (p *page) trimmed(entries []int) []int {
	const longest = 200 // bytes of a step under a condition
	order := func(i int, last bool) bool {
		switch p.orderOn(i) {
		case job.ItemAsk, job.ItemSay, job.ItemDo, job.ItemEnd:
			return true
		case job.ItemBranch:
			return last && p.lines[i].end-p.lines[i].text < longest
		case job.ItemHeading, job.ItemOffScript:
		}
		return false
	}
	for len(entries) > 0 && !order(entries[0], false) {
		entries = entries[1:]
	}
	for len(entries) > 0 && !order(entries[len(entries)-1], true) {
		entries = entries[:len(entries)-1]
	}
	return entries
}

// areSteps reports whether entries follow one another in a call: what stands above them or one of them says so, and half of
// them are orders; or most are, and they or the entries below them ask for something.
func (p *page) areSteps(entries []int, end int) bool {
	above := p.above(entries[0])
	from, to := p.lines[entries[0]].start, p.lines[end-1].end
	promised := containsAny(above, leads) || containsAny(strings.ToLower(p.s[from:to]), skips)
	if !promised && containsAny(above, unordered) {
		return false
	}
	prose := p.lines[entries[0]].mark == 0
	orders, cases, general, first := 0, 0, 0, false
	verbs := map[string]bool{}
	for n, i := range entries {
		verbs[p.firstWord(i)] = true
		if text := p.textOf(i); prose && (n > 0 && strings.HasSuffix(strings.TrimRight(p.textOf(entries[n-1]), " "), ",") || unicode.IsLower(firstRune(text))) {
			return false // a sentence that was broken into lines
		}
		if p.label(i) || manners[p.firstWord(i)] {
			general++
			continue
		}
		if ordering[p.firstWord(i)] {
			promised = true
			orders, first = orders+1, first || n < 2
			continue
		}
		switch p.orderOn(i) {
		case job.ItemAsk, job.ItemSay, job.ItemEnd, job.ItemDo:
			orders++
			first = first || n < 2
		case job.ItemBranch:
			cases++
		case job.ItemHeading, job.ItemOffScript:
		}
	}
	n := len(entries)
	switch {
	case prose && (orders+cases < n && !promised || n < 3):
		return false // lines of prose are steps only when all are
	case 10*general > 3*n || orders < cases:
		return false
	case promised:
		return 2*(orders+cases) >= n
	}
	if n > 2 && orders == n && 3*len(verbs) > 2*n {
		return true // different orders, one after the other
	}
	return first && p.asks(from, to) && 3*(orders+cases) >= 2*n
}

func firstRune(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}

// label reports whether line i begins with a name or a quotation, and not with an order: "search_orders: finds orders", "DONE: nothing to do".
func (p *page) label(i int) bool {
	text := strings.TrimLeft(p.textOf(i), "*_ ")
	if text == "" || strings.ContainsRune("\"“'‘`<[{(", firstRune(text)) {
		return true
	}
	word, _, _ := strings.Cut(text, " ")
	name := strings.TrimRight(word, ":*")
	return strings.Contains(name, "_") || len(name) > 2 && name != word && allCapitals(name)
}

// orderOn returns what line i tells Sona to do, empty when it is no order: entries of lists are items whatever they say, so
// the line is read as if it stood alone.
func (p *page) orderOn(i int) job.ItemKind {
	o := job.ParseOutline(strings.TrimLeft(p.textOf(i), "*_"))
	if len(o.Items) == 0 || o.Items[0].Span.Start > 0 {
		return ""
	}
	return o.Items[0].Kind
}

// asks reports whether an item between two bytes asks for something.
func (p *page) asks(from, to int) bool {
	for _, it := range p.out.Items {
		if it.Kind == job.ItemAsk && it.Span.Start >= from && it.Span.End <= to {
			return true
		}
	}
	return false
}

func containsAny(s string, list []string) bool {
	for _, w := range list { // at the beginning of a word
		for i := 0; ; {
			k := strings.Index(s[i:], w)
			if k < 0 {
				break
			}
			i += k
			if i == 0 || s[i-1] < 'a' || s[i-1] > 'z' {
				return true
			}
			i++
		}
	}
	return false
}

// crowd is how many orders make a step crowded, as for lint.
const crowd = 4

// numbered writes a number in front of each entry, in place of its mark, and of each sentence of a crowded one.
func (p *page) numbered(entries []int) fix {
	var b strings.Builder
	start := p.lines[entries[0]].start
	at := start
	n := 0
	for _, i := range entries {
		l := p.lines[i]
		n++
		b.WriteString(p.s[at : l.start+l.indent])
		b.WriteString(digits(n) + ". ")
		at = l.text
		if cuts := p.cuts(i); len(cuts) >= crowd-1 && !p.refs {
			for _, cut := range cuts {
				n++
				b.WriteString(strings.TrimRight(p.s[at:cut], " ") + "\n" + p.s[l.start:l.start+l.indent] + digits(n) + ". ")
				at = cut
			}
		}
	}
	end := p.lines[entries[len(entries)-1]].end
	b.WriteString(p.s[at:end])
	sp := job.Span{Start: start, End: end}
	return replacing(p.s, sp, b.String(), "number-steps", fmt.Sprintf("These %d steps follow one another: numbers keep their order.", n))
}
