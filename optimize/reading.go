package optimize

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/sonajobs/sona/job"
)

// reading is one cleaned text as the guard sees it: units of tokens.
type reading struct {
	s      string
	out    job.Outline
	tokens []token
	units  []unit
	quotes []quote
	count  map[string]int   // of each token
	ids    map[string]int32 // shared by both texts
}

// token is a word, or a fact of one or more words, in a form in which equal things are equal.
type token struct {
	id     int32
	word   string // "ask", "5 usd"
	kind   FactKind
	span   job.Span
	begins bool // a sentence, or what comes after a colon or a dash
	quoted bool
	upper  bool // begins with a capital letter
	proper bool // may be a name: a capital letter within a sentence
}

// unit is a sentence of the outline, or a line that is none: of a table, a tag.
type unit struct {
	span     job.Span
	from, to int // tokens[from:to]
	item     int // of the outline, -1 for none
	heading  bool
	events   []event
}

// quote is a quotation: its tokens, and their words in one string.
type quote struct {
	span  job.Span
	from  int
	to    int
	words string
}

// read takes a cleaned text in. Texts that are compared share ids.
func read(s string, ids map[string]int32) *reading {
	r := &reading{s: s, out: job.ParseOutline(s), ids: ids, count: map[string]int{}, tokens: make([]token, 0, len(s)/5)}
	r.readUnits()
	scan := scanner{r: r, facts: r.wholeFacts()}
	for i := range r.units {
		u := &r.units[i]
		u.from = len(r.tokens)
		scan.unit(u.span)
		u.to = len(r.tokens)
		if n := r.label(*u); n > 0 {
			r.tokens = slices.Delete(r.tokens, u.from, u.from+n)
			u.to -= n
		}
	}
	r.readQuotes()
	return r
}

// finish does what needs the words of both texts: names, numbers of the tokens, and events.
func (r *reading) finish(lower map[string]bool, certain map[string]bool) {
	for i := range r.units {
		r.nameUnit(&r.units[i], lower, certain)
	}
	for i := range r.tokens {
		t := &r.tokens[i]
		id, ok := r.ids[t.word]
		if !ok {
			id = int32(len(r.ids) + 1)
			r.ids[t.word] = id
		}
		t.id = id
		r.count[t.word]++
	}
	for i := range r.units {
		u := &r.units[i]
		u.events = readEvents(r.tokens[u.from:u.to])
	}
}

func (r *reading) readUnits() {
	it := 0
	add := func(sp job.Span, sentence bool) {
		u := unit{span: sp, item: -1}
		for it < len(r.out.Items) && r.out.Items[it].Span.End <= sp.Start {
			it++
		}
		if sentence && it < len(r.out.Items) && r.out.Items[it].Span.Start < sp.End {
			u.item, u.heading = it, r.out.Items[it].Kind == job.ItemHeading
		}
		r.units = append(r.units, u)
	}
	at := 0
	for _, sp := range append(slices.Clip(r.out.Sentences), job.Span{Start: len(r.s), End: len(r.s)}) {
		for at < sp.Start { // lines between sentences
			end := sp.Start
			if n := strings.IndexByte(r.s[at:end], '\n'); n >= 0 {
				end = at + n
			}
			if between(r.s[at:end]) {
				add(job.Span{Start: at, End: end}, false)
			}
			at = end + 1
		}
		if sp.Start < sp.End {
			add(sp, true)
			at = sp.End
		}
	}
}

// between reports whether a line that is no sentence says something: not a marker such as "- ", "1." or
// "## Step 4:", and not a line of dashes.
func between(line string) bool {
	text := strings.TrimLeft(line, " \t#*->•")
	if strings.HasPrefix(text, "|") || strings.HasPrefix(strings.TrimSpace(line), "<") {
		return true
	}
	words, digits := 0, 0
	for w := range strings.FieldsFuncSeq(text, func(c rune) bool { return !letter(c) && !digit(c) }) {
		if c := w[0]; c >= '0' && c <= '9' {
			digits++
		} else if utf8.RuneCountInString(w) > 1 {
			words++
		}
	}
	return words > 1 || words == 1 && digits == 0
}

// readQuotes finds the tokens of each quotation.
func (r *reading) readQuotes() {
	at := 0
	for _, f := range r.out.Facts {
		if f.Kind != job.FactQuote {
			continue
		}
		q := quote{span: f.Span}
		for at < len(r.tokens) && r.tokens[at].span.Start < f.Span.Start {
			at++
		}
		q.from = at
		for at < len(r.tokens) && r.tokens[at].span.Start < f.Span.End {
			r.tokens[at].quoted = true
			at++
		}
		q.to = at
		if q.words = r.words(q.from, q.to); q.words != "" {
			r.quotes = append(r.quotes, q)
		}
	}
}

func (r *reading) words(from, to int) string { return join(r.tokens[from:to]) }

func join(tokens []token) string {
	var b strings.Builder
	for _, t := range tokens {
		b.WriteString(t.word)
		b.WriteByte(' ')
	}
	return strings.TrimSpace(b.String())
}

// text returns the words of a unit as they stand there, shortened for a message.
func (r *reading) text(u unit) string { return shorten(u.span.In(r.s)) }

// shorten returns s in one line of at most 60 characters.
func shorten(s string) string {
	const most = 60
	s = strings.Join(strings.Fields(s), " ")
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	n := 0
	for i := range s {
		if n++; n == most {
			return strings.TrimSpace(s[:i]) + "…"
		}
	}
	return s
}
