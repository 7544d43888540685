package optimize

import (
	"slices"
	"strings"
)

// class is what a word or phrase does to the sentence around it.
type class uint8

const (
	plain    class = iota
	negation       // not, never, unless
	denial         // weaker: avoid, refuse, unable; it can stand for a negation
	must
	should
	may
	atLeast
	atMost
	moreThan
	lessThan
	and
	or
	cond // if, when
	only
	before
	after
)

var classNames = [...]string{negation: "negation", denial: "refusal", must: "must", should: "should", may: "may", atLeast: "at least", atMost: "at most",
	moreThan: "more than", lessThan: "less than", and: "and", or: "or", cond: "condition", only: "only", before: "before", after: "after"}

// event is a word or phrase of a class: tokens[from:to] of its unit.
type event struct {
	class    class
	from, to int
}

// phrase is a way to say something of a class. One that bounds only numbers needs one right behind it.
type phrase struct {
	words  []string
	class  class
	number bool
}

// classLists are in English, Spanish and French; ambiguous words are left out, # stands for a number.
var classLists = []struct {
	class class
	text  string
}{
	{negation, `not|never|no|none|nobody|nothing|nowhere|neither|nor|unless|without|except|nunca|jamás|ningún|ninguna|sin|excepto|ne|n'est|pas|jamais|aucun|aucune|sans|sauf|no longer|no one|a menos que|à moins que`},
	{denial, `avoid|refuse|refuses|refused|decline|declines|declined|unable|unsure|unknown|unwilling|fail|fails|failed|lack|lacks|missing|prohibited|forbidden|stop|skip|
		unavailable|unclear|unanswered|unwanted|reject|rejects|withhold|refrain|evita|evite|évitez|rather than|instead of|until|only|hasta|jusqu`},
	{must, `must|shall|always|required|mandatory|ensure|debe|debes|deben|siempre|doit|devez|toujours|need to|needs to|has to|have to|make sure|be sure`},
	{should, `should|ought|recommended|preferably|ideally|debería|deberías|devrait|devriez`},
	{may, `may|might|can|could|optional|optionally|sometimes|usually|perhaps|possibly|try|puede|puedes|pueden|podría|peut|pouvez|pourrait|if possible|where possible|when possible|feel free`},
	{atLeast, `minimum|≥|at least|no less than|no fewer than|not less than|not fewer than|or more|or greater|or higher|or above|al menos|como mínimo|por lo menos|au moins|minimum of`},
	{atMost, `maximum|≤|at most|no more than|not more than|up to #|or less|or fewer|or lower|or below|not exceed|not exceeding|within #|a lo sumo|como máximo|au plus|maximum of|hasta #|jusqu'à #`},
	{moreThan, `> #|more than|greater than|over #|above #|exceeds|exceed|exceeding|longer than|higher than|larger than|older than|más de|plus de|beyond #`},
	{lessThan, `< #|less than|fewer than|under #|below #|shorter than|lower than|smaller than|younger than|menos de|moins de`},
	{and, `and|y|et`},
	{or, `or|ou`},
	{cond, `if|when|whenever|si|cuando|quand|lorsque|provided|in case|as long as`},
	{only, `solely|exclusively|exactly|solo|sólo|solamente|seulement|uniquement`},
	{before, `before|prior|antes|avant|earlier than`},
	{after, `after|afterwards|following|después|despues|après|later than`},
}

// classes has the single words of all classes; phrases has the longer ones, and words that need a number behind them, by
// their first word, the longest first. Never written after they were built.
var classes, phrases = func() (map[string]class, map[string][]phrase) {
	single, longer := map[string]class{}, map[string][]phrase{}
	for _, l := range classLists {
		for p := range strings.SplitSeq(l.text, "|") {
			w := strings.Fields(p)
			number := w[len(w)-1] == "#"
			if number {
				w = w[:len(w)-1]
			}
			if len(w) == 1 && !number {
				single[w[0]] = l.class
				continue
			}
			longer[w[0]] = append(longer[w[0]], phrase{w, l.class, number})
		}
	}
	for _, ps := range longer {
		slices.SortStableFunc(ps, func(a, b phrase) int { return len(b.words) - len(a.words) })
	}
	return single, longer
}()

// readEvents returns what the words of one unit do to it, in order. Quoted words are not looked at.
func readEvents(t []token) []event {
	var events []event
	for i := 0; i < len(t); {
		if t[i].quoted {
			i++
			continue
		}
		c, n := classAt(t, i)
		if c != plain {
			events = append(events, event{c, i, i + n})
		}
		i += max(n, 1)
	}
	return turned(t, events)
}

// turned makes one bound of a negation and a bound: "do not ask more than twice" is "at most twice".
func turned(t []token, events []event) []event {
	const near = 7 // words
	for i := 1; i < len(events); i++ {
		e, n := events[i], events[i-1]
		if e.class != moreThan && e.class != lessThan || n.class != negation || e.from-n.to > near || t[n.from].word != "not" && t[n.from].word != "never" {
			continue
		}
		to := atMost
		if e.class == lessThan {
			to = atLeast
		}
		events = slices.Delete(events, i-1, i)
		events[i-1].class = to
	}
	return events
}

func classAt(t []token, i int) (class, int) {
	for _, p := range phrases[t[i].word] {
		if len(p.words) > len(t)-i {
			continue
		}
		ok := true
		for k, w := range p.words[1:] {
			ok = ok && t[i+1+k].word == w
		}
		if ok && (!p.number || numberWithin(t[i+len(p.words):], 3)) {
			return p.class, len(p.words)
		}
	}
	if c := classes[t[i].word]; c != plain {
		return c, 1
	}
	return plain, 1
}

func numberWithin(t []token, n int) bool {
	for _, w := range t[:min(n, len(t))] {
		switch w.kind {
		case FactNumber, FactMoney, FactDuration, FactTime, FactDate:
			return true
		case FactVariable, FactAction, FactURL, FactEmail, FactPhone, FactName, FactQuote:
		}
	}
	return false
}
