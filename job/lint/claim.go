package lint

import (
	"slices"
	"strings"
	"sync"

	"github.com/sonajobs/sona/job"
)

// claim is a sentence or a row of a table, as rules compare it with what other texts say.
type claim struct {
	source   int
	span     job.Span
	from, to int        // words of its source
	terms    []term     // its telling words, in order
	facts    []job.Fact // in it, quotations opened
	class    wordClass  // of all of its words
	whole    uint64     // of all of its words in their order: equal sentences have equal ones
	key      uint64     // of its terms in any order
}

// term stands for a word without its ending: "prices" and "price" are one term.
type term uint64

// wordClass says what a word does in a sentence beside naming something.
type wordClass uint16

const (
	wordPlain  wordClass = 1 << iota // says nothing about what is meant: the, please, caller
	wordNot                          // turns the meaning
	wordEver                         // without exception: always, never
	wordIf                           // binds to a condition
	wordMoney                        // belongs to prices
	wordReach                        // belongs to ways to reach somebody
	wordOpen                         // belongs to opening hours
	wordPlace                        // belongs to addresses
	wordUs                           // we, our: the business speaks
	wordCount                        // a number in words
	wordSample                       // announces an example
	wordIs                           // makes a statement: is, can, must
)

var wordClasses = func() map[string]wordClass {
	classes := map[string]wordClass{}
	for class, words := range map[wordClass]string{
		wordPlain: `a an the this that these those of to in on at for from by with as into about and so then it its is are was were be been
			being do does did have has had will would shall should may might must can could please just also you your yours they them their
			he she him her his i me my caller callers customer customers sona agent user there here make sure ensure
			say says said tell tells inform mention explain answer reply respond give state know which who
			al de del el en es la las lo los para por que su sus un una y le les des du et est pour que un une votre vous`,
		wordNot: `not no never don't dont doesn't doesnt didn't won't wont can't cannot cant isn't aren't wasn't shouldn't mustn't couldn't
			wouldn't neither nor without nunca no jamais pas ne`,
		wordEver: `always never every all ever must siempre nunca toujours jamais`,
		wordIf:   `if when whenever unless until once after before while only except si cuando quand`,
		wordMoney: `cost costs price prices priced pricing charge charges charged fee fees rate rates pay pays paid dollar dollars usd eur euro
			euros per person night each currently usually total`,
		wordReach: `call calls phone number numbers telephone tel reach contact dial text email e-mail mail address write line hotline mobile cell fax us`,
		wordOpen: `open opens opened opening close closes closed closing hour hours business time times until till through from daily day days week
			weekday weekdays weekend weekends every everyday everyone operating operation between am pm a.m p.m noon midnight
			monday tuesday wednesday thursday friday saturday sunday mondays tuesdays wednesdays thursdays fridays saturdays sundays
			mon tue tues wed weds thu thur thurs fri sat sun o'clock office regular normal our`,
		wordPlace: `located location address street st avenue ave road rd boulevard blvd lane ln drive dr way court ct place pl square
			highway parkway suite ste floor find visit office situated our`,
		wordUs:     `we we're our ours us business company office store shop main`,
		wordCount:  `one two three four five six seven eight nine ten eleven twelve fifteen twenty thirty forty fifty sixty ninety hundred`,
		wordIs:     `is are was were has have can may must will should cost costs take takes last lasts need needs allowed cannot can't`,
		wordSample: `example examples e.g eg like such sample format ejemplo exemple`,
	} {
		for w := range strings.FieldsSeq(words) {
			classes[w] |= class
		}
	}
	return classes
}()

// classOf returns what a word in small letters does.
func classOf(w string) wordClass {
	if strings.IndexByte(w, "’"[0]) >= 0 {
		w = strings.ReplaceAll(w, "’", "'")
	}
	return wordClasses[w]
}

// known is what claims need of the words of the lexicon, by their numbers: the same few words are most of a text.
var known = sync.OnceValue(func() (k struct {
	terms   []term
	classes []wordClass
}) {
	k.terms, k.classes = make([]term, len(lexicon.ids)+1), make([]wordClass, len(lexicon.ids)+1)
	for w, id := range lexicon.ids {
		k.terms[id], k.classes[id] = termOf(w), classOf(w)
	}
	return k
})

// weight returns the term and the class of word i.
func (t *text) weight(i int) (term, wordClass) {
	if id := t.words[i].id; id != 0 {
		k := known()
		return k.terms[id], k.classes[id]
	}
	w := t.words[i].span.In(t.lower)
	return termOf(w), classOf(w)
}

// claimReader reads claims; their terms share one slice.
type claimReader struct{ terms []term }

// read appends the claims of a source.
func (r *claimReader) read(claims []claim, number int, src *source) []claim {
	t := src.t
	facts := openFacts(t)
	w := 0
	for _, sp := range passages(t) {
		for w < len(t.words) && t.words[w].span.Start < sp.Start {
			w++
		}
		c := claim{source: number, span: sp, from: w}
		for w < len(t.words) && t.words[w].span.Start < sp.End {
			w++
		}
		c.to = w
		first := len(facts)
		if len(facts) > 0 {
			first, _ = slices.BinarySearchFunc(facts, sp.Start, func(f job.Fact, at int) int { return f.Span.Start - at })
		}
		last := first
		for last < len(facts) && facts[last].Span.Start < sp.End {
			last++
		}
		c.facts = facts[first:last]
		r.weigh(t, &c)
		if c.from < c.to {
			claims = append(claims, c)
		}
	}
	return claims
}

// weigh reads the words of a claim.
func (r *claimReader) weigh(t *text, c *claim) {
	begin, fact := len(r.terms), 0
	for i := c.from; i < c.to; i++ {
		w := t.words[i].span
		for fact < len(c.facts) && c.facts[fact].Span.End <= w.Start {
			fact++
		}
		h, class := t.weight(i)
		c.whole = c.whole*0x100000001b3 ^ uint64(h)
		if fact < len(c.facts) && c.facts[fact].Span.Start <= w.Start {
			continue
		}
		if class&wordIf != 0 && i+1 < c.to && t.word(i+1) == "asked" {
			i++ // what is said when somebody asks is said as it is
			continue
		}
		c.class |= class
		if class&(wordPlain|wordNot|wordEver|wordCount) == 0 {
			r.terms = append(r.terms, h)
			c.key += mixed(h)
		}
	}
	c.terms = r.terms[begin:len(r.terms):len(r.terms)]
}

// mixed spreads a term so that sums of terms differ.
func mixed(h term) uint64 {
	x := uint64(h)
	x ^= x >> 29
	x *= 0xbf58476d1ce4e5b9
	return x ^ x>>32
}

// termOf returns the term of a word in small letters: plurals, -ing and -ed meet.
func termOf(w string) term {
	n := len(w)
	switch {
	case n > 4 && w[n-3:] == "ies":
		n -= 2 // replies and reply are repl
	case n > 3 && w[n-1] == 's' && w[n-2] != 's' && w[n-2] != 'u' && w[n-2] != 'i':
		n--
	}
	switch {
	case n > 5 && w[n-3:n] == "ing":
		n -= 3
	case n > 4 && w[n-2:n] == "ed":
		n -= 2
	}
	if n > 3 && (w[n-1] == 'e' || w[n-1] == 'y' || w[n-1] == 'i') {
		n--
	}
	w = w[:n]
	h := uint64(14695981039346656037)
	for i := range len(w) {
		h = (h ^ uint64(w[i])) * 1099511628211
	}
	return term(h)
}

// passages are the sentences and the rows of tables, rising.
func passages(t *text) []job.Span {
	spans := make([]job.Span, 0, len(t.out.Sentences))
	at, next := 0, 0
	for line := range strings.Lines(t.s) {
		begin := at
		at += len(line)
		row := strings.TrimSpace(line)
		if len(row) > 1 && row[0] == '|' {
			spans = append(spans, job.Span{Start: begin, End: begin + len(strings.TrimRight(line, "\n"))})
			for next < len(t.out.Sentences) && t.out.Sentences[next].Start < at {
				next++
			}
			continue
		}
		for next < len(t.out.Sentences) && t.out.Sentences[next].Start < at {
			spans = append(spans, t.out.Sentences[next])
			next++
		}
	}
	return spans
}

// openFacts are the facts of a text, and instead of a quotation the facts in it.
func openFacts(t *text) []job.Fact {
	if !slices.ContainsFunc(t.out.Facts, func(f job.Fact) bool { return f.Kind == job.FactQuote }) {
		return t.out.Facts
	}
	facts := make([]job.Fact, 0, len(t.out.Facts)+8)
	for _, f := range t.out.Facts {
		if f.Kind != job.FactQuote {
			facts = append(facts, f)
			continue
		}
		if !strings.ContainsAny(f.Text, "0123456789@") {
			continue
		}
		inner := strings.Trim(f.Text, "\"'“”„«»‘’ ")
		shift := f.Span.Start + strings.Index(f.Text, inner)
		for _, g := range job.ParseOutline(inner).Facts {
			g.Span.Start, g.Span.End = g.Span.Start+shift, g.Span.End+shift
			facts = append(facts, g)
		}
	}
	return facts
}
