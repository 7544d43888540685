package optimize

import (
	"strconv"
	"strings"

	"github.com/sonajobs/sona/job"
)

// Number words of English. "One" is left out: it is a number only before a noun; see one. Never written.
var (
	small = map[string]int{"zero": 0, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11,
		"twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19}
	tens  = map[string]int{"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
	large = map[string]int{"hundred": 100, "thousand": 1000, "million": 1_000_000}

	units = map[string]string{"second": "second", "seconds": "second", "sec": "second", "secs": "second", "minute": "minute", "minutes": "minute",
		"min": "minute", "mins": "minute", "hour": "hour", "hours": "hour", "hr": "hour", "hrs": "hour", "day": "day", "days": "day", "week": "week",
		"weeks": "week", "month": "month", "months": "month", "year": "year", "years": "year", "segundos": "second", "minutos": "minute", "horas": "hour",
		"días": "day", "semanas": "week", "meses": "month", "años": "year", "secondes": "second", "heures": "hour", "jours": "day", "semaines": "week",
		"mois": "month", "ans": "year"}
	currencyWords = map[string]string{"dollar": "usd", "dollars": "usd", "euro": "eur", "euros": "eur", "pound": "gbp", "pounds": "gbp", "cent": "cent", "cents": "cent"}

	// words before "one" that make a pronoun of it, and words after it that do.
	noOne    = words(`this that the no which another any some every each other new last next right wrong only first second a an good better nearest with by it`)
	afterOne = words(`of is are was were that who which to in on at for and or if when but the it they you can may should must will has have does do another by from with
		as so then also not before after until first available`)
)

func words(list string) map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(list) {
		m[w] = true
	}
	return m
}

// joinNumbers makes one token of the words of a number and of its unit, from tokens[first] on, in place.
func joinNumbers(s string, tokens []token, first int) []token {
	out := first
	for i := first; i < len(tokens); {
		t, n := tokens[i], 1
		if t.kind == "" {
			t, n = numberWord(s, tokens[first:], i-first)
		}
		if n > 0 && t.kind == FactNumber {
			var more int
			t, more = withUnit(t, tokens[i+n:])
			n += more
		}
		tokens[out] = t
		out++
		i += n
	}
	return tokens[:out]
}

// numberWord returns the number that begins with word i, and how many tokens it takes; else the token itself.
func numberWord(s string, t []token, i int) (token, int) {
	value, n := 0, 0
	switch w := t[i].word; {
	case w == "twice":
		value, n = 2, 1
	case w == "one" && one(s, t, i):
		value, n = 1, 1
	case (w == "a" || w == "half") && i+1 < len(t) && t[i+1].word == "dozen":
		value, n = map[string]int{"a": 12, "half": 6}[w], 2
	case w == "dozen":
		value, n = 12, 1
	}
	if v, more := spelled(t[i:]); more > n {
		value, n = v, more
	}
	if n == 0 {
		return t[i], 1
	}
	return token{word: strconv.Itoa(value), kind: FactNumber, begins: t[i].begins,
		span: job.Span{Start: t[i].span.Start, End: t[i+n-1].span.End}}, n
}

// one reports whether "one" counts something here: one question, one minute.
func one(s string, t []token, i int) bool {
	if i+1 == len(t) || afterOne[t[i+1].word] || i > 0 && noOne[t[i-1].word] {
		return false
	}
	between := strings.TrimSpace(s[t[i].span.End:t[i+1].span.Start])
	return between == "" || between == "-"
}

// spelled returns the number of the words that t begins with: "two hundred and five", "twenty-one".
func spelled(t []token) (value, n int) {
	total := 0
	if len(t) > 1 && (t[0].word == "one" || t[0].word == "a") && large[t[1].word] > 0 {
		value, n = 1, 1
	}
	for n < len(t) && n < 8 && t[n].kind == "" {
		w := t[n].word
		if v, ok := small[w]; ok {
			if value%100 != 0 && (value%100 < 20 || value%10 != 0 || v > 9) {
				break
			}
			value += v
		} else if v, ok := tens[w]; ok {
			if value%100 != 0 {
				break
			}
			value += v
		} else if v, ok := large[w]; ok && (value > 0 || total > 0) {
			if value == 0 || v == 100 && value >= 100 {
				break
			}
			if v == 100 {
				value *= 100
			} else {
				total, value = total+value*v, 0
			}
		} else {
			break
		}
		n++
	}
	return total + value, n
}

// withUnit makes a duration, a price or a share of a number and the words behind it.
func withUnit(t token, rest []token) (token, int) {
	if len(rest) == 0 || rest[0].kind != "" {
		return t, 0
	}
	take := func(kind FactKind, value string, n int) (token, int) {
		t.kind, t.word, t.span.End = kind, value, rest[n-1].span.End
		return t, n
	}
	at, extra := 0, ""
	if w := rest[0].word; len(rest) > 1 && (w == "business" || w == "working" || w == "calendar") {
		at, extra = 1, w+" "
	}
	if u, ok := units[rest[at].word]; ok && rest[at].kind == "" && !(u == "second" && rest[at].word == "second" && t.word == "1") {
		return take(FactDuration, t.word+" "+extra+u, at+1)
	}
	switch w := rest[0].word; {
	case currencyWords[w] != "":
		return take(FactMoney, t.word+" "+currencyWords[w], 1)
	case w == "percent" && !strings.HasSuffix(t.word, "%"):
		return take(FactNumber, t.word+"%", 1)
	case w == "per" && len(rest) > 1 && rest[1].word == "cent":
		return take(FactNumber, t.word+"%", 2)
	}
	return t, 0
}
