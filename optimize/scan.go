package optimize

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/sonajobs/sona/job"
)

// scanner makes tokens of a text, from left to right.
type scanner struct {
	r     *reading
	facts []Fact // rising, not overlapping; each is one token
	next  int
}

// unit appends the tokens of one unit.
func (sc *scanner) unit(sp job.Span) {
	r, s := sc.r, sc.r.s
	first := len(r.tokens)
	begins := true
	for i := sp.Start; i < sp.End; {
		if i == sp.Start || s[i-1] == '\n' {
			if n := mark(s, i, sp.End); n > 0 { // of a list that the outline takes for none
				i += n
				continue
			}
		}
		for sc.next < len(sc.facts) && sc.facts[sc.next].Span.Start < i {
			sc.next++
		}
		if sc.next < len(sc.facts) && sc.facts[sc.next].Span.Start == i {
			f := sc.facts[sc.next]
			sc.next++
			r.tokens = append(r.tokens, token{word: f.Value, kind: f.Kind, span: f.Span, begins: begins})
			i, begins = f.Span.End, false
			continue
		}
		end := sp.End
		if sc.next < len(sc.facts) {
			end = min(end, sc.facts[sc.next].Span.Start)
		}
		if n := wordLen(s[i:end]); n > 0 {
			sc.word(job.Span{Start: i, End: i + n}, begins)
			i, begins = i+n, false
			continue
		}
		c, n := utf8.DecodeRuneInString(s[i:])
		if w := sign(s, i); w != "" {
			r.tokens = append(r.tokens, token{word: w, span: job.Span{Start: i, End: i + n}})
		}
		if c == '.' && len(r.tokens) > first && stays(s, i+n, r.tokens[len(r.tokens)-1].word) {
			i += n
			continue
		}
		begins = begins || strings.ContainsRune(".:;!?—–|(\"“[«=\n", c)
		i += n
	}
	r.tokens = joinNumbers(s, r.tokens, first)
}

// stays reports whether the full stop before i, behind a word, ends nothing: Mr. Lee, e.g. this, a.b.
func stays(s string, i int, word string) bool {
	return titles[word] || len(word) == 1 || i < len(s) && s[i] > ' ' && strings.IndexByte("\"')*_]", s[i]) < 0
}

// titles stand before names, with a full stop that ends nothing.
var titles = words("mr mrs ms dr st prof")

// word appends a word, in two or three tokens when it is a contraction.
func (sc *scanner) word(sp job.Span, begins bool) {
	raw := sp.In(sc.r.s)
	c, _ := utf8.DecodeRuneInString(raw)
	t := token{word: fold(raw), span: sp, begins: begins, upper: unicode.IsUpper(c)}
	if coded(raw) || placeholder(sc.r.s, sp.Start) {
		t.kind = FactName
	}
	if strings.IndexByte(t.word, '\'') < 0 {
		if t.word == "cannot" {
			sc.put(t, "can", "not")
			return
		}
		sc.put(t, t.word)
		return
	}
	sc.put(t, expand(t.word)...)
}

func (sc *scanner) put(t token, words ...string) {
	for _, w := range words {
		t.word = w
		sc.r.tokens = append(sc.r.tokens, t)
		t.begins, t.upper = false, false
	}
}

// fold returns a word in small letters with straight apostrophes.
func fold(w string) string {
	w = strings.ToLower(w)
	if strings.Contains(w, "’") {
		w = strings.ReplaceAll(w, "’", "'")
	}
	return w
}

// expand returns the words of a contraction: "don't" is "do not".
func expand(w string) []string {
	switch w {
	case "can't":
		return []string{"can", "not"}
	case "won't":
		return []string{"will", "not"}
	case "shan't":
		return []string{"shall", "not"}
	case "ain't":
		return []string{"is", "not"}
	case "let's":
		return []string{"let", "us"}
	}
	if s, ok := strings.CutSuffix(w, "n't"); ok {
		return []string{s, "not"}
	}
	for _, end := range [...][2]string{{"'re", "are"}, {"'ll", "will"}, {"'ve", "have"}, {"'m", "am"}} {
		if s, ok := strings.CutSuffix(w, end[0]); ok {
			return []string{s, end[1]}
		}
	}
	if s, ok := strings.CutSuffix(w, "'s"); ok {
		switch s {
		case "it", "that", "what", "here", "there", "he", "she", "who", "where", "how", "when":
			return []string{s, "is"}
		}
		return []string{s, "'s"}
	}
	return []string{w}
}

// placeholder reports whether the word at i stands in the braces of another system: {name}, ${ name }.
func placeholder(s string, i int) bool {
	const most = 3 // blanks
	before := s[max(0, i-most-1):i]
	return strings.HasSuffix(strings.TrimRight(before, " "), "{")
}

// coded reports whether a word is no word of a language: look_up, userId, A4.
func coded(w string) bool {
	letters, digits, inner, small := false, false, false, false
	for i, c := range w {
		switch {
		case c == '_':
			inner = inner || i > 0 && len(w) > 2
		case c >= '0' && c <= '9':
			digits = true
		case unicode.IsUpper(c):
			inner = inner || i > 0 && small
			letters = true
		default:
			letters = true
			small = small || unicode.IsLower(c)
		}
	}
	return inner || letters && digits && !ordinal(w)
}

func ordinal(w string) bool {
	n := strings.TrimLeft(w, "0123456789")
	return n != w && (n == "st" || n == "nd" || n == "rd" || n == "th")
}

// mark returns how many bytes the mark of a list takes that begins the line at i, 0 for none: "2. ", "(b) ", "- ".
// Numbers that mark a line mean nothing, whether or not the outline finds that they count.
func mark(s string, i, end int) int {
	from := i
	if i > 0 && s[i-1] != '\n' && strings.TrimLeft(s[strings.LastIndexByte(s[:i], '\n')+1:i], " \t") != "" {
		return 0
	}
	for i < end && (s[i] == ' ' || s[i] == '\t' || s[i] == '#' || s[i] == '*' || s[i] == '>') {
		i++
	}
	at := i
	if i < end && s[i] == '(' {
		i++
	}
	digits := i
	for i < end && i-digits < 4 && s[i] >= '0' && s[i] <= '9' {
		i++
	}
	if i == digits {
		return 0
	}
	if i < end && s[i] >= 'a' && s[i] <= 'z' {
		i++
	}
	if i == end || s[i] != '.' && s[i] != ')' {
		return 0
	}
	i++
	if at == from && at+1 == i || i < end && s[i] != ' ' && s[i] != '\t' && s[i] != '\n' && s[i] != '*' {
		return 0
	}
	return i - from
}

// sign returns the token of a character that means something beside words.
func sign(s string, i int) string {
	c, n := utf8.DecodeRuneInString(s[i:])
	switch c {
	case '&':
		return "and"
	case '%', '€', '£', '$', '≤', '≥', '✅', '❌', '✔', '✗', '✘', '⛔', '🚫', '👍', '👎', '±', '×', '÷':
		return string(c)
	case '<', '>':
		if i > 0 && strings.IndexByte("-=<>", s[i-1]) >= 0 { // an arrow
			return ""
		}
		rest := s[i+n:]
		if strings.HasPrefix(rest, "=") {
			return map[rune]string{'<': "≤", '>': "≥"}[c]
		}
		rest = strings.TrimLeft(rest, " $")
		if rest != "" && rest[0] >= '0' && rest[0] <= '9' {
			return string(c)
		}
	}
	return ""
}

// wordLen returns how many bytes the word at the beginning of s has. Hyphens part words: "follow-up" is "follow up".
func wordLen(s string) int {
	i := 0
	for i < len(s) {
		c := s[i]
		if c < utf8.RuneSelf {
			if c|0x20 >= 'a' && c|0x20 <= 'z' || c >= '0' && c <= '9' || c == '_' || c == '\'' && i > 0 && letterAt(s[i+1:]) {
				i++
				continue
			}
			return i
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		if !letter(r) && !digit(r) && !(i > 0 && (unicode.IsMark(r) || r == '’' && letterAt(s[i+n:]))) {
			return i
		}
		i += n
	}
	return i
}

func letterAt(s string) bool {
	c, _ := utf8.DecodeRuneInString(s)
	return letter(c)
}

func letter(c rune) bool { return unicode.IsLetter(c) }
func digit(c rune) bool  { return unicode.IsDigit(c) }
