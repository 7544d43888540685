package job

import (
	"strconv"
	"strings"
)

// saidPhone returns the digits of a phone number. Words between them mean nothing; an extension and a
// second number ("or …") are left out.
func saidPhone(said string) (string, bool) {
	words := phoneWords(said)
	var b strings.Builder
	repeat, digits := 1, 0
	for i := 0; i < len(words); {
		w := words[i]
		switch {
		case (w == "+" || w == "plus" || w == "mas") && digits == 0:
			b.Reset()
			b.WriteByte('+')
		case w == "double" || w == "doble":
			repeat = 2
		case w == "triple":
			repeat = 3
		case digits > 0 && (strings.HasPrefix(w, "ext") || w == "or" || w == "poste"), digits >= 7 && (w == "o" || w == "ou"):
			i = len(words)
			continue
		default:
			text, to := dialled(words, i)
			for ; repeat > 0 && text != ""; repeat-- {
				b.WriteString(text)
				digits += len(text)
			}
			repeat = max(repeat, 1)
			i = to
			continue
		}
		i++
	}
	if digits < 7 || digits > 15 {
		return "", false
	}
	return b.String(), true
}

// phoneWords is saidWords with each plus sign as a word.
func phoneWords(said string) []string {
	var words []string
	for k, part := range strings.Split(said, "+") {
		if k > 0 {
			words = append(words, "+")
		}
		words = append(words, saidWords(part)...)
	}
	return words
}

// dialled returns the digits that the word at i stands for, with those after it that it joins, and where
// to go on.
func dialled(words []string, i int) (string, int) {
	w := words[i]
	if w != "" && !strings.ContainsFunc(w, func(r rune) bool { return r < '0' || r > '9' }) {
		return w, i + 1
	}
	near := func(k int) bool { return k >= 0 && k < len(words) && dials(words[k]) }
	switch {
	case w == "oh" || w == "o":
		if near(i-1) || near(i+1) {
			return "0", i + 1
		}
		return "", i + 1
	case w == "one" || w == "un" || w == "uno" || w == "una" || w == "une":
		if !near(i-1) && !near(i+1) {
			return "", i + 1
		}
	case !dials(w) || numerals[w].kind == times:
		return "", i + 1
	}
	end := i
	for end < min(len(words), i+6) && numerals[words[end]].kind != times {
		end++
	}
	n, to := numberWords(words[:end], i)
	if to < len(words) && numerals[words[to]].kind == times { // eight hundred: 800, whatever follows
		return n.digit + strconv.Itoa(numerals[words[to]].value)[1:], to + 1
	}
	return n.digit, to
}

// dials reports whether w is a number, so that "oh" beside it is a zero.
func dials(w string) bool {
	_, ok := numerals[w]
	return ok || w == "oh" || w == "double" || w == "doble" || w == "triple" || w != "" && digit(w[0])
}

// Words that stand for the signs of an e-mail address.
var emailSigns = map[string]string{"at": "@", "arroba": "@", "arobase": "@", "arrobas": "@", "dot": ".", "punto": ".", "point": ".",
	"underscore": "_", "dash": "-", "hyphen": "-", "guion": "-", "tiret": "-", "plus": "+", "period": "."}

// saidEmail returns an e-mail address, as it is written or as it is spoken.
func saidEmail(said string) (string, bool) {
	facts, _ := findFacts(said, nil)
	for _, f := range facts {
		if f.Kind == FactEmail {
			return f.Text, true
		}
	}
	words := saidWords(withoutLead(emailSpaced.Replace(said)))
	for _, lead := range [...]string{"my email address is", "my email is", "the email is", "email is", "email address is", "mi correo es",
		"mi correo electronico es", "mon adresse est", "mon email est", "mon mail est"} {
		if at := holds(words, strings.Fields(lead)); at >= 0 {
			words = words[at+len(strings.Fields(lead)):]
			break
		}
	}
	return spokenEmail(words)
}

// emailSpaced parts the signs of an address from the words around them.
var emailSpaced = strings.NewReplacer("@", " at ", "_", " underscore ", "guión bajo", "underscore", "guion bajo", "underscore",
	"tiret bas", "underscore", "-", " dash ")

// spokenEmail puts an address together from its words: around the last "at" behind which a dot follows.
func spokenEmail(words []string) (string, bool) {
	isAt := func(w string) bool { return emailSigns[w] == "@" }
	at := len(words) - 1
	for at > 0 && emailSigns[words[at]] != "." {
		at--
	}
	for at > 0 && !isAt(words[at]) {
		at--
	}
	if at <= 0 {
		return "", false
	}
	from := at
	for from > 0 && !isAt(words[from-1]) {
		from--
	}
	var local, host strings.Builder
	for _, w := range words[from:at] {
		local.WriteString(signOr(w))
	}
	dotted := false
	for i, w := range words[at+1:] {
		sign := signOr(w)
		afterDot := i > 0 && signOr(words[at+i]) == "."
		if dotted && sign != "." && !afterDot {
			break // the address is over
		}
		dotted = dotted || sign == "."
		host.WriteString(sign)
	}
	address := local.String() + "@" + strings.Trim(host.String(), ".-")
	facts, _ := findFacts(address, nil)
	if len(facts) != 1 || facts[0].Kind != FactEmail || facts[0].Text != address {
		return "", false
	}
	return address, true
}

func signOr(w string) string {
	if s, ok := emailSigns[w]; ok {
		return s
	}
	return strings.ReplaceAll(w, "'", "")
}
