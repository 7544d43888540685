package spoken

import (
	"strings"
	"unicode"
)

// alphabet is the words that spellers use for a letter without saying the letter.
var alphabet = map[string]byte{
	"alpha": 'a', "alfa": 'a', "bravo": 'b', "charlie": 'c', "delta": 'd', "echo": 'e', "foxtrot": 'f', "golf": 'g', "hotel": 'h',
	"india": 'i', "juliet": 'j', "juliett": 'j', "kilo": 'k', "lima": 'l', "mike": 'm', "november": 'n', "oscar": 'o', "papa": 'p',
	"quebec": 'q', "romeo": 'r', "sierra": 's', "tango": 't', "uniform": 'u', "victor": 'v', "whiskey": 'w', "whisky": 'w',
	"xray": 'x', "yankee": 'y', "zulu": 'z', "zed": 'z', "zee": 'z', "are": 'r', "you": 'u', "why": 'y', "see": 'c', "bee": 'b', "tea": 't',
	"pea": 'p', "jay": 'j', "kay": 'k', "queue": 'q', "ex": 'x', "em": 'm', "en": 'n', "ess": 's', "ell": 'l', "eff": 'f', "aitch": 'h',
}

// repeats are the words that say the next character more than once.
var repeats = map[string]int{"double": 2, "triple": 3, "treble": 3}

// homophones are the words that recognisers write for a digit.
var homophones = map[string]string{"for": "4", "to": "2", "too": "2", "won": "1", "ate": "8"}

// character reports whether w stands for a letter or for digits.
func character(w string) bool {
	_, unit := units[w]
	return unit || digits(w) || alphabet[w] != 0 || repeats[w] > 0
}

// Spelled returns what s spells, in capitals without blanks: "t for Tommy q for Queen 6" is TQ6, "m a x" is MAX,
// "double five" is 55, "alpha lima" is AL. A word that stands for no letter is taken as it is written, so that
// "TQ6R 4FL" stays what it is.
func Spelled(s string) string {
	t := spellTokens(s)
	var b strings.Builder
	times := 1
	put := func(what string) {
		for range times {
			b.WriteString(strings.ToUpper(what))
		}
		times = 1
	}
	for i := 0; i < len(t); i++ {
		w := t[i]
		switch {
		case repeats[w] > 0:
			times = repeats[w]
		case w == "and" || w == "then" || w == "space" || w == "capital" || w == "dash" || w == "hyphen":
		case i+2 < len(t) && len(w) == 1 && (t[i+1] == "for" || t[i+1] == "4" || t[i+1] == "four" || t[i+1] == "like") && len(t[i+2]) > 1 && !digits(t[i+2]) && t[i+2][0] == w[0]:
			put(w) // t for Tommy, and the recogniser's "t 4 Tommy"
			i += 2
		case i+3 < len(t) && len(w) == 1 && t[i+1] == "as" && t[i+2] == "in":
			put(w)
			i += 3
		case i+2 < len(t) && len(w) == 1 && t[i+1] == "for" && len(t[i+2]) > 1 && !character(t[i+2]):
			put(w)
			i += 2
		case i > 0 && homophones[w] != "":
			put(homophones[w])
		case alphabet[w] != 0:
			put(string(alphabet[w]))
		default:
			if n, ok := units[w]; ok && n < 10 {
				w = string(rune('0' + n))
			} else if n, ok := units[w]; ok {
				w = string([]byte{'1', byte('0' + n - 10)})
			} else if n, ok := tens[w]; ok {
				w = string([]byte{byte('0' + n/10), '0'})
			}
			put(w)
		}
	}
	return b.String()
}

// spellTokens cuts s into folded runs of letters and of digits; everything else parts them.
func spellTokens(s string) []string {
	var out []string
	kind := 0
	var run []rune
	flush := func() {
		if len(run) > 0 {
			out = append(out, string(run))
		}
		run = run[:0]
	}
	for _, r := range Fold(s) {
		next := 0
		switch {
		case unicode.IsLetter(r):
			next = 1
		case r >= '0' && r <= '9':
			next = 2
		case r == '\'' && kind == 1:
			continue
		}
		if next != kind {
			flush()
		}
		if kind = next; next != 0 {
			run = append(run, r)
		}
	}
	flush()
	return out
}

// Digits returns the digits of a number that was said or written: "five five five, double oh one" is 555001.
func Digits(s string) string {
	var b strings.Builder
	times := 1
	for _, w := range spellTokens(s) {
		d := ""
		n, unit := units[w]
		ten, isTen := tens[w]
		switch {
		case repeats[w] > 0:
			times = repeats[w]
			continue
		case digits(w):
			d = w
		case w == "o":
			d = "0"
		case unit && n < 10:
			d = string(rune('0' + n))
		case unit:
			d = string([]byte{'1', byte('0' + n - 10)})
		case isTen:
			d = string([]byte{byte('0' + ten/10), '0'})
		}
		for range times {
			b.WriteString(d)
		}
		times = 1
	}
	return b.String()
}

// titles are no part of a name.
var titles = map[string]bool{"mr": true, "mrs": true, "ms": true, "miss": true, "dr": true, "sir": true, "madam": true}

// Name returns a name as it is compared: folded letters without blanks, titles, marks and what people say before
// their name. "m a x Savage" and "Max Savage" are one.
func Name(s string) string {
	t := spellTokens(s)
	for _, lead := range [][]string{{"my", "name", "is"}, {"my", "names"}, {"the", "name", "is"}, {"this", "is"}, {"it", "is"}, {"its"}, {"i", "am"}, {"im"}} {
		if len(t) > len(lead) && strings.Join(t[:len(lead)], " ") == strings.Join(lead, " ") {
			t = t[len(lead):]
			break
		}
	}
	var b strings.Builder
	for _, w := range t {
		if !titles[w] {
			b.WriteString(w)
		}
	}
	return b.String()
}
