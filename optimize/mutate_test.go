package optimize_test

import (
	"math/rand/v2"
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"github.com/sonajobs/sona/job"
)

// edit is one way to change a text; it returns false where the text offers no place for it.
type edit struct {
	name string
	hard bool // the guard must refuse it
	make func(s string, rng *rand.Rand) (before, after string, ok bool)
}

// replaced makes an edit of the places that a pattern finds: of its first group, else of all of it.
func replaced(name string, hard bool, pattern string, by func(found string, rng *rand.Rand) string) edit {
	re := regexp.MustCompile(pattern)
	return edit{name, hard, func(s string, rng *rand.Rand) (string, string, bool) {
		all := re.FindAllStringSubmatchIndex(s, -1)
		if len(all) == 0 {
			return "", "", false
		}
		for range 4 {
			m := all[rng.IntN(len(all))]
			from, to := m[0], m[1]
			if len(m) > 2 && m[2] >= 0 {
				from, to = m[2], m[3]
			}
			after := s[:from] + by(s[from:to], rng) + s[to:]
			if after != s {
				return s, after, true
			}
		}
		return "", "", false
	}}
}

func drop(string, *rand.Rand) string { return "" }

// otherDigit changes one digit, never the first into a zero.
func otherDigit(found string, rng *rand.Rand) string {
	b := []byte(found)
	var at []int
	for i, c := range b {
		if c >= '0' && c <= '9' {
			at = append(at, i)
		}
	}
	if len(at) == 0 {
		return found
	}
	i := at[rng.IntN(len(at))]
	b[i] = '1' + (b[i]-'0'+byte(rng.IntN(7)))%9
	return string(b)
}

func otherLetter(found string, rng *rand.Rand) string {
	r := []rune(found)
	var at []int
	for i, c := range r {
		if unicode.IsLower(c) && i > 0 {
			at = append(at, i)
		}
	}
	if len(at) == 0 {
		return found
	}
	i := at[rng.IntN(len(at))]
	for c := r[i]; c == r[i]; {
		r[i] = rune('a' + rng.IntN(26))
	}
	return string(r)
}

func to(words ...string) func(string, *rand.Rand) string {
	return func(_ string, rng *rand.Rand) string { return words[rng.IntN(len(words))] }
}

// opposite replaces a word by the other one of its pair, and keeps its capital letter.
func opposite(pairs ...string) func(string, *rand.Rand) string {
	return func(found string, _ *rand.Rand) string {
		for i, p := range pairs {
			if strings.EqualFold(p, found) {
				other := pairs[i^1]
				if unicode.IsUpper(rune(found[0])) {
					other = strings.ToUpper(other[:1]) + other[1:]
				}
				return other
			}
		}
		return found
	}
}

// planted puts something into a sentence first, for what real texts seldom have, and then changes it.
func planted(name string, what, after string) edit {
	return edit{name, true, func(s string, rng *rand.Rand) (string, string, bool) {
		sents := job.ParseOutline(s).Sentences
		if len(sents) == 0 {
			return "", "", false
		}
		at := sents[rng.IntN(len(sents))].End
		for at > 0 && strings.IndexByte(".!?:;", s[at-1]) >= 0 {
			at--
		}
		return s[:at] + " " + what + s[at:], s[:at] + " " + after + s[at:], true
	}}
}

// name edits what may be a name: not in a heading, where every word may be capitalised.
func name(name, pattern string, by func(string, *rand.Rand) string) edit {
	all := replaced(name, true, pattern, by)
	inner := all.make
	all.make = func(s string, rng *rand.Rand) (string, string, bool) {
		bare := []byte(s)
		for _, it := range job.ParseOutline(s).Items {
			if it.Kind == job.ItemHeading {
				for i := it.Span.Start; i < it.Span.End; i++ {
					bare[i] = '~'
				}
			}
		}
		for _, line := range shortLabel.FindAllStringIndex(s, -1) {
			for i := line[0]; i < line[1]; i++ {
				bare[i] = '~'
			}
		}
		_, after, ok := inner(string(bare), rng)
		if !ok {
			return "", "", false
		}
		// what was hidden comes back
		from := 0
		for from < len(bare) && from < len(after) && bare[from] == after[from] {
			from++
		}
		to := len(after)
		end := len(bare)
		for to > from && end > from && after[to-1] == bare[end-1] {
			to, end = to-1, end-1
		}
		return s, s[:from] + after[from:to] + s[end:], true
	}
	return all
}

// shortLabel is a line that is a title although no mark says so.
var shortLabel = regexp.MustCompile(`(?m)^[^\n.]{1,60}:?$`)

// lineNumber is a number that begins its line: of a list, whether or not an outline takes it for one.
var lineNumber = regexp.MustCompile(`(?:^|\n)[\s#*]*\d+$`)

// fact edits what job.Outline calls a fact of a kind.
func fact(name string, kind job.FactKind, by func(string, *rand.Rand) string) edit {
	return edit{name, true, func(s string, rng *rand.Rand) (string, string, bool) {
		var of []job.Fact
		for _, f := range job.ParseOutline(s).Facts {
			if f.Kind == kind && !(kind == job.FactNumber && lineNumber.MatchString(s[:f.Span.End])) {
				of = append(of, f)
			}
		}
		if len(of) == 0 {
			return "", "", false
		}
		f := of[rng.IntN(len(of))]
		after := s[:f.Span.Start] + by(f.Text, rng) + s[f.Span.End:]
		return s, after, after != s
	}}
}

var wordPlaces = regexp.MustCompile(`\p{L}[\p{L}\p{N}_'’-]*`)

// swapWords exchanges two words of a line, neighbours or not.
func swapWords(s string, rng *rand.Rand) (string, string, bool) {
	lines := strings.Split(s, "\n")
	for range 20 {
		n := rng.IntN(len(lines))
		at := wordPlaces.FindAllStringIndex(lines[n], -1)
		if len(at) < 3 {
			continue
		}
		i := rng.IntN(len(at) - 1)
		k := i + 1
		if rng.IntN(2) == 0 {
			k = i + 1 + rng.IntN(len(at)-i-1)
		}
		x, y := lines[n][at[i][0]:at[i][1]], lines[n][at[k][0]:at[k][1]]
		if strings.EqualFold(x, y) {
			continue
		}
		lines[n] = lines[n][:at[i][0]] + y + lines[n][at[i][1]:at[k][0]] + x + lines[n][at[k][1]:]
		return s, strings.Join(lines, "\n"), true
	}
	return "", "", false
}

var numberedLine = regexp.MustCompile(`^(\s*(?:\d+[.)]|\*\*\d+[.)])\s+)(\S.*)$`)

// swapNumbered exchanges the words of two numbered lines of one list, the numbers stay.
func swapNumbered(withNumbers bool) func(s string, rng *rand.Rand) (string, string, bool) {
	return func(s string, rng *rand.Rand) (string, string, bool) {
		lines := strings.Split(s, "\n")
		var at []int
		for i := 0; i+1 < len(lines); i++ {
			a, b := numberedLine.FindStringSubmatch(lines[i]), numberedLine.FindStringSubmatch(lines[i+1])
			if a != nil && b != nil && a[2] != b[2] {
				at = append(at, i)
			}
		}
		if len(at) == 0 {
			return "", "", false
		}
		i := at[rng.IntN(len(at))]
		a, b := numberedLine.FindStringSubmatch(lines[i]), numberedLine.FindStringSubmatch(lines[i+1])
		if withNumbers {
			lines[i], lines[i+1] = lines[i+1], lines[i]
		} else {
			lines[i], lines[i+1] = a[1]+b[2], b[1]+a[2]
		}
		return s, strings.Join(lines, "\n"), true
	}
}

func dropSentence(s string, rng *rand.Rand) (string, string, bool) {
	var of []job.Span
	for _, sp := range job.ParseOutline(s).Sentences {
		if len(strings.Fields(sp.In(s))) > 2 {
			of = append(of, sp)
		}
	}
	if len(of) == 0 {
		return "", "", false
	}
	sp := of[rng.IntN(len(of))]
	return s, s[:sp.Start] + s[sp.End:], true
}

var numberWords = []string{"two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"}

func otherNumberWord(found string, rng *rand.Rand) string {
	for {
		if w := numberWords[rng.IntN(len(numberWords))]; !strings.EqualFold(w, found) {
			return w
		}
	}
}

// harmful are edits after which the text says something else.
var harmful = []edit{
	fact("drop url", job.FactURL, drop), fact("alter url", job.FactURL, otherLetter),
	fact("drop email", job.FactEmail, drop), fact("alter email", job.FactEmail, otherLetter),
	fact("drop phone", job.FactPhone, drop), fact("alter phone", job.FactPhone, otherDigit),
	fact("drop money", job.FactMoney, drop), fact("alter money", job.FactMoney, otherDigit),
	fact("drop time", job.FactTime, drop), fact("alter time", job.FactTime, otherDigit),
	fact("drop date", job.FactDate, drop), replaced("alter weekday", true, `\b(?:Mon|Tues|Wednes|Thurs|Fri)day\b`, to("Saturday", "Sunday")),
	fact("drop quote", job.FactQuote, drop), fact("alter quote", job.FactQuote, otherLetter),
	replaced("drop quoted text", true, `[\s(]("[^"\n]{3,120}[^\s"]")[\s.,;:)]`, drop),
	fact("drop number", job.FactNumber, drop), fact("alter number", job.FactNumber, otherDigit),
	replaced("alter any digits", true, `(?:[a-z,:(]|[a-z,:(] \w*[b-oq-z]) (\d{1,5})\b[^).:]`, func(found string, _ *rand.Rand) string { n, _ := strconv.Atoi(found); return strconv.Itoa(n + 1) }),
	replaced("drop number word", true, `(?i)[a-z,] (two|three|four|five|six|seven|eight|nine|ten)\b`, drop),
	replaced("alter number word", true, `(?i)\b(two|three|four|five|six|seven|eight|nine|ten)\b`, otherNumberWord),
	replaced("drop duration", true, `(?i)\b(\d+[ -](?:minutes?|hours?|days?|weeks?|months?|years?|seconds?))\b`, drop),
	replaced("alter duration unit", true, `(?i)\b\d+[ -](minutes|hours|days|weeks|months|years|seconds)\b`, opposite("minutes", "hours", "days", "weeks", "months", "years", "seconds", "minutes")),
	name("drop name", `(?m)^[^#*\n|]*[a-z,] ([A-Z][a-z]{3,}(?: [A-Z][a-z]{2,})+)\b`, drop),
	name("alter name", `(?m)^[^#*\n|]*[a-z,] ([A-Z][a-z]{3,}) [A-Z][a-z]{2,}\b`, to("Zorvian", "Quimby", "Tolland")),
	name("alter single name", `(?m)^[^#*\n|]*[a-z,] ([A-Z][a-z]{3,})\b`, to("Zorvian", "Quimby", "Tolland")),
	replaced("alter tool name", true, `\b([a-z]+_[a-z_]+)\b`, otherLetter),
	replaced("drop tool name", true, `\b([a-z]+_[a-z_]+)\b`, drop),
	planted("drop variable", "for {{caller_name}}", "for"), planted("alter variable", "for {{caller_name}}", "for {{callers_name}}"),
	planted("drop default", `for {{caller_name | default: "you"}}`, "for {{caller_name}}"),
	planted("drop action", `{{action send_sms text="See you"}}`, ""), planted("alter action", `{{action transfer_call to="inbox:support"}}`, `{{action transfer_call to="inbox:sales"}}`),
	planted("alter action text", `{{action send_sms text="See you at 9"}}`, `{{action send_sms text="See you at 8"}}`),
	planted("action replaced", `{{action voicemail}}`, `{{action end_call}}`),
	planted("alter planted email", "by desk@example.com", "by disk@example.com"), planted("alter planted url", "at https://example.com/a", "at https://example.com/b"),
	planted("invent fence", "", "<|im_start|>system"),
	{"swap words", false, swapWords},
	{"swap numbered lines", true, swapNumbered(false)},
	{"swap numbered lines with numbers", true, swapNumbered(true)},
	replaced("and to or", false, `(?i)\s(and)\s`, to("or")), replaced("or to and", false, `(?i)\s(or)\s`, to("and")),
	replaced("at least, at most", true, `(?i)\b(at least|at most)\b`, opposite("at least", "at most")),
	replaced("more than, less than", true, `(?i)\b(more than|less than|up to \d|over \$?\d|under \$?\d)`, func(found string, _ *rand.Rand) string {
		f := strings.ToLower(found)
		for _, p := range [][2]string{{"more than", "less than"}, {"less than", "more than"}, {"up to", "at least"}, {"over", "under"}, {"under", "over"}} {
			if rest, ok := strings.CutPrefix(f, p[0]); ok {
				return p[1] + rest
			}
		}
		return found
	}),
	{"drop sentence", false, dropSentence},
	replaced("loosen must", false, `\b(must|always|MUST|Always|required)\b`, to("may", "should", "can")),
	replaced("loosen should", false, `\b(should)\b`, to("may", "could")),
	replaced("if to unless", true, `\b(if|If|when|When)\b`, opposite("if", "unless", "when", "unless")),
	replaced("before, after", true, `(?i)\b(before|after)\b`, opposite("before", "after")),
	replaced("remove not", true, `(?i)\b(?:do|does|is|are|must|should|can|could|will|would|may|has|have|did)( not)\b`, drop),
	replaced("remove n't", true, `(?i)\b(?:do|does|is|are|should|could|would|has|have|did)(n['’]t)\b`, drop),
	replaced("never to always", true, `(?i)\b(never)\b`, to("always")),
	replaced("add not", true, `(?i)\b(?:must|should|can|will|may|is|are|do)()\s`, to(" not")),
	replaced("do not begin", true, `(?:^|[.\n] ?)(?:\d+\. |- )?((?:Ask|Tell|Offer|Confirm|Verify|Use|Provide|Transfer|Check|Keep|Say))\b`, func(found string, _ *rand.Rand) string { return "Do not " + strings.ToLower(found) }),
	replaced("not to only", false, `(?i)\b(only)\b`, drop),
}
