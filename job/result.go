package job

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Parse returns the value of f that a caller's words hold. Its type follows from the type of f:
//
//   - NumberField: a float64, from digits or from words up to the thousands ("twenty-three", "treinta y
//     cinco", "quatre-vingt-dix"); two different numbers are none
//   - YesNoField: a bool; a refusal wins over the politeness around it ("No, that's okay"), and "I'm not
//     sure" is neither
//   - PhoneField: a string of 7 to 15 digits with an optional plus sign, also from spoken ones ("double five")
//   - EmailField: a string, also from a spoken one ("jane at example dot com")
//   - ChoiceField: the one of f.Choices whose words stand there, without regard to case and accents
//   - all others: the words as a string, without what leads to them ("my name is", "it's")
//
// Words are understood in English, Spanish and French. Where the words hold no such value, and where
// they hold several, ok is false: better asked again than written down wrong.
func (f Field) Parse(said string) (value any, ok bool) {
	said = strings.TrimSpace(Clean(said))
	if said == "" {
		return nil, false
	}
	switch f.Type {
	case NumberField:
		return found(saidNumber(said))
	case YesNoField:
		return found(saidYesNo(said))
	case PhoneField:
		return found(saidPhone(said))
	case EmailField:
		return found(saidEmail(said))
	case ChoiceField:
		return found(saidChoice(said, f.Choices))
	default:
		return withoutLead(said), true
	}
}

func found[T any](value T, ok bool) (any, bool) {
	if !ok {
		return nil, false
	}
	return value, true
}

// saidWords returns the words of text in small letters without accents. Letters, digits and apostrophes
// make a word.
func saidWords(text string) []string {
	folded := strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Mn, r):
			return -1
		case r == '’':
			return '\''
		}
		return unicode.ToLower(r)
	}, norm.NFD.String(text))
	return strings.FieldsFunc(folded, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '\''
	})
}

// holds returns the index of the phrase within words, or -1.
func holds(words, phrase []string) int {
	for i := 0; len(phrase) > 0 && i+len(phrase) <= len(words); i++ {
		if slices.Equal(words[i:i+len(phrase)], phrase) {
			return i
		}
	}
	return -1
}

func holdsAny(words []string, phrases []string) bool {
	return slices.ContainsFunc(phrases, func(p string) bool { return holds(words, strings.Fields(p)) >= 0 })
}

// Words that answer a question with yes or no.
var (
	unclearAnswers = strings.Split("not sure|don't know|do not know|no idea|maybe|perhaps|unsure|depends|not certain|no se|no estoy seguro|"+
		"no estoy segura|quizas|tal vez|a lo mejor|depende|sais pas|peut etre|pas sur|pas sure|ca depend", "|")
	politeAnswers = strings.Split("no problem|no worries|not a problem|why not|no doubt|sin problema|por que no|sin duda|pas de probleme|"+
		"pas de souci|sans probleme|pourquoi pas", "|")
	yesWords = strings.Fields("yes yeah yep yup yea sure correct absolutely definitely certainly affirmative okay ok true exactly indeed aye " +
		"si claro correcto vale afirmativo exacto cierto seguro oui ouais exact absolument certainement volontiers parfaitement")
	yesPhrases = strings.Split("of course|that's right|that is right|i do|i am|i have|i did|it is|we do|we are|sounds good|that works|go ahead|"+
		"please do|uh huh|por supuesto|de acuerdo|asi es|desde luego|bien sur|d'accord|tout a fait|c'est ca|right", "|")
	noWords = strings.Fields("no nope nah not never negative neither don't doesn't didn't isn't aren't won't can't cannot haven't hasn't wouldn't " +
		"nunca jamas negativo tampoco non pas jamais nullement aucun aucune")
)

func saidYesNo(said string) (yes, ok bool) {
	words := saidWords(said)
	words = words[:min(len(words), 100)] // the answer stands at the beginning of a long story
	if holdsAny(words, unclearAnswers) {
		return false, false
	}
	polite := false
	for _, p := range politeAnswers {
		phrase := strings.Fields(p)
		for at := holds(words, phrase); at >= 0; at = holds(words, phrase) {
			words = slices.Delete(slices.Clone(words), at, at+len(phrase))
			polite = true
		}
	}
	firstNo := slices.IndexFunc(words, func(w string) bool { return slices.Contains(noWords, w) })
	firstYes := slices.IndexFunc(words, func(w string) bool { return slices.Contains(yesWords, w) })
	for _, p := range yesPhrases {
		if at := holds(words, strings.Fields(p)); at >= 0 && (firstYes < 0 || at < firstYes) {
			firstYes = at
		}
	}
	switch {
	case firstNo >= 0 && (firstYes < 0 || firstNo <= firstYes+1):
		return false, true // "no, that's okay", "yeah no"
	case firstNo >= 0:
		return false, false // "yes, but not today"
	}
	return true, firstYes >= 0 || polite
}

func saidChoice(said string, choices []string) (string, bool) {
	words := saidWords(said)
	best, at, size, several := -1, 0, 0, false
	for i, c := range choices {
		phrase := saidWords(c)
		from := holds(words, phrase)
		if from < 0 || denied(words[:from]) {
			continue
		}
		inside := best >= 0 && from >= at && from+len(phrase) <= at+size
		around := best >= 0 && from <= at && from+len(phrase) >= at+size
		switch {
		case best < 0 || around && len(phrase) > size:
			best, at, size, several = i, from, len(phrase), several && !around
		case !inside || len(phrase) == size:
			several = true
		}
	}
	if best < 0 || several {
		return "", false
	}
	return choices[best], true
}

// denied reports whether words end with a denial: "not the …".
func denied(words []string) bool {
	for _, w := range words[max(0, len(words)-2):] {
		if w == "not" || w == "don't" || w == "isn't" || w == "pas" {
			return true
		}
	}
	return false
}

// leadIns are what callers say before what they were asked for, longest first where one begins another.
var leadIns = strings.Split("my name's|my name is|the name is|name is|it's|it is|it'll be|it would be|it'd be|i'm|i am|this is|that's|that is|"+
	"that would be|that'd be|mi nombre es|me llamo|se trata de|soy|es|habla|mon nom est|je m'appelle|je suis|moi c'est|c'est|ici", "|")

// fillers are sounds, and words that only count as such before a comma.
var (
	sounds  = strings.Fields("um uh uhm er erm hmm mm eh euh este")
	fillers = strings.Fields("well so oh yes yeah yep sure ok okay hi hello hey right bueno pues hola si claro bon alors oui bonjour")
)

// withoutLead returns said without what leads to the answer, and without the punctuation at its end. What
// would be empty then is kept: to "Is that all?", "yes" is the answer.
func withoutLead(said string) string {
	for {
		rest := strings.TrimLeft(cutLead(said), " \t\n,.;:-–—…")
		if rest == said || !strings.ContainsFunc(rest, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) {
			break
		}
		said = rest
	}
	if end := strings.TrimRight(said, " \t\n.,;:!…"); end != "" {
		return end
	}
	return said
}

// cutLead cuts one filler or lead-in off the beginning of said.
func cutLead(said string) string {
	word, rest := firstWord(said)
	if slices.Contains(sounds, word) || slices.Contains(fillers, word) && strings.HasPrefix(rest, ",") {
		return rest
	}
	for _, lead := range leadIns {
		rest, ok := said, true
		for want := range strings.FieldsSeq(lead) {
			var got string
			if got, rest = firstWord(rest); got != want {
				ok = false
				break
			}
		}
		if ok && !strings.HasPrefix(rest, ",") {
			return rest
		}
	}
	return said
}

// firstWord returns the first word of s as saidWords has it, and what follows.
func firstWord(s string) (word, rest string) {
	s = strings.TrimLeft(s, " \t\n")
	end := len(s)
	for i, r := range s {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.Is(unicode.Mn, r) && r != '\'' && r != '’' {
			end = i
			break
		}
	}
	if words := saidWords(s[:end]); len(words) == 1 {
		return words[0], s[end:]
	}
	_, size := utf8.DecodeRuneInString(s)
	return "", s[max(end, size):]
}
