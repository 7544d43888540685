package lint

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/sonajobs/sona/job"
)

// conditions are how a sentence begins that applies under a condition only.
var conditions = phrases(`if|when|whenever|unless|once|should|in case|otherwise|only if|only when|for callers who|until|where
	si|cuando|salvo si|en caso de|quand|lorsque|sauf si|sinon|en cas de`)

// conditional reports whether sentence i begins with a condition.
func (t *text) conditional(i int) bool {
	_, ok := conditions.begins(t, i)
	return ok
}

// anyCondition reports whether a condition stands anywhere in sentence i.
func (t *text) anyCondition(i int) bool {
	_, ok := conditions.in(t, i)
	return ok
}

// cite quotes text in a message: on one line, and no more than 60 bytes of it.
func cite(text string) string {
	const most = 57
	text = strings.Join(strings.Fields(text), " ")
	if len(text) > most {
		end := most
		for end > 0 && !utf8.RuneStart(text[end]) {
			end--
		}
		if at := strings.LastIndexByte(text[:end], ' '); at > most/2 {
			end = at
		}
		text = strings.TrimRight(text[:end], " ,;:.") + "…"
	}
	return "“" + text + "”"
}

// capitalised returns s with its first letter large.
func capitalised(s string) string {
	if s == "" {
		return s
	}
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[n:]
}

// below returns the end of the entries below item i: the index of the next item that is not deeper.
func (t *text) below(i int) int {
	k := i + 1
	for k < len(t.out.Items) && t.out.Items[k].Kind != job.ItemHeading && t.out.Items[k].Depth > t.out.Items[i].Depth {
		k++
	}
	return k
}

// lineBefore returns what stands before byte at on its line: at most the given number of bytes of it, and
// whether that is all. Lines may be long, and a rule must not read each of them for every word on it.
func (t *text) lineBefore(at, most int) (string, bool) {
	from := max(0, at-most)
	if i := strings.LastIndexByte(t.s[from:at], '\n'); i >= 0 {
		return t.s[from+i+1 : at], true
	}
	return t.s[from:at], from == 0
}

// sentAt returns the index of the first sentence that ends after byte at, len(t.sents) when there is none.
func (t *text) sentAt(at int) int {
	lo, hi := 0, len(t.sents)
	for lo < hi {
		if mid := (lo + hi) / 2; t.sents[mid].span.End > at {
			hi = mid
		} else {
			lo = mid + 1
		}
	}
	return lo
}

// also makes places of spans of the instructions.
func also(spans []job.Span) []Place {
	places := make([]Place, 0, len(spans))
	for _, sp := range spans {
		places = append(places, Place{Field: "instructions", Span: sp})
	}
	return places
}

// asks reports whether the text asks callers for something of theirs, and the first place where it does.
func (t *text) asks() (job.Span, bool) {
	for i := range t.sents {
		s := t.sents[i]
		if s.example || t.kind(s) != job.ItemAsk {
			continue
		}
		if t.tongue != english {
			return s.span, true
		}
		if h, ok := askVerbs.in(t, i); !ok || t.forbidden(h) {
			continue
		}
		if _, manners := offers.in(t, i); manners {
			continue
		}
		_, field := fieldNouns.in(t, i)
		_, open := openQuestions.in(t, i)
		if field || open {
			return s.span, true
		}
	}
	return job.Span{}, false
}

// offers are questions that ask for nothing: nobody declines them.
var offers = phrases(`clarifying|clarify|clarification|how you can|how you could|how i can|how may i|how can i|any questions|anything else|something else|question at a time|questions|approval|any other|i get you|can i help|could help|what else`)

var openQuestions = phrases("what|which|why|when|where|who|how|how many|how much|whether|matter")
