package job

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// numeral is the value of a number word, and how it joins others.
type numeral struct {
	value int
	kind  numeralKind
}

type numeralKind uint8

const (
	unit  numeralKind = iota + 1 // 0 to 19, and whole words like "veintidós"
	ten                          // 20 to 90: a unit may follow
	times                        // hundred, thousand: multiplies what stands before
	weak                         // "one", "una": a number only when no other one is there
)

// numerals are the number words of the three languages, without accents; never written.
var numerals = func() map[string]numeral {
	m := map[string]numeral{}
	put := func(kind numeralKind, from, step int, words string) {
		for w := range strings.FieldsSeq(words) {
			m[w] = numeral{from, kind}
			from += step
		}
	}
	put(unit, 0, 1, `zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
		eighteen nineteen`)
	put(unit, 0, 1, `cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciseis diecisiete
		dieciocho diecinueve`)
	put(unit, 0, 1, `zero un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize`)
	put(unit, 21, 1, `veintiuno veintidos veintitres veinticuatro veinticinco veintiseis veintisiete veintiocho veintinueve`)
	put(ten, 20, 10, `twenty thirty forty fifty sixty seventy eighty ninety`)
	put(ten, 20, 10, `veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa`)
	put(ten, 20, 10, `vingt trente quarante cinquante soixante septante huitante nonante`)
	m["vingts"], m["dix"] = numeral{20, ten}, numeral{10, ten} // dix-sept
	m["veintiun"], m["veintiuna"] = numeral{21, unit}, numeral{21, unit}
	m["dozen"], m["docena"], m["douzaine"] = numeral{12, unit}, numeral{12, unit}, numeral{12, unit}
	m["hundred"], m["cien"], m["ciento"], m["cent"], m["cents"] = numeral{100, times}, numeral{100, times}, numeral{100, times}, numeral{100, times}, numeral{100, times}
	m["thousand"], m["mil"], m["mille"] = numeral{1000, times}, numeral{1000, times}, numeral{1000, times}
	for w := range strings.FieldsSeq("one un una uno une once") {
		m[w] = numeral{max(m[w].value, 1), weak}
	}
	return m
}()

// spoken is one number of a text.
type spoken struct {
	value float64
	digit string // as it is dialled: "05", "23"
	weak  bool
	word  int // index of its first word
}

// numbersIn returns the numbers that stand in words, in digits or in words.
func numbersIn(words []string) []spoken {
	var all []spoken
	for i := 0; i < len(words); {
		if v, ok := figures(words[i]); ok {
			all = append(all, spoken{value: v, digit: words[i], word: i})
			i++
			continue
		}
		if _, ok := numerals[words[i]]; !ok {
			i++
			continue
		}
		n, to := numberWords(words, i)
		n.word = i
		all = append(all, n)
		i = to
	}
	return all
}

// numberWords reads the number word at i with those that belong to it.
func numberWords(words []string, i int) (spoken, int) {
	first := numerals[words[i]]
	total, current, room := 0, first.value, roomAfter(first)
	digit := strconv.Itoa(current)
	n := i + 1
	for n < len(words) {
		k := n
		if w := words[k]; (w == "y" || w == "et" || w == "and") && k+1 < len(words) && (room > 0 || current >= 100 || total > 0) {
			k++
		}
		next, ok := numerals[words[k]]
		switch {
		case !ok:
			return spoken{value: float64(total + current), digit: digit, weak: first.kind == weak && n == i+1}, n
		case words[k] == "vingt" && current == 4 || words[k] == "vingts" && current == 4: // quatre-vingt
			current, room = 80, 20
		case next.kind == times && next.value == 1000 && current > 0 && total == 0:
			total, current, room = (total+current)*1000, 0, 1000
		case next.kind == times && current > 0 && current < 100:
			current, room = current*next.value, 100
		case next.kind != times && next.value > 0 && next.value < room:
			current += next.value
			if room = roomAfter(next); next.kind == unit || next.kind == weak {
				room = 0
			}
		default:
			return spoken{value: float64(total + current), digit: digit, weak: first.kind == weak && n == i+1}, n
		}
		digit = strconv.Itoa(total + current)
		n = k + 1
	}
	return spoken{value: float64(total + current), digit: digit, weak: first.kind == weak && n == i+1}, n
}

// roomAfter returns below what a number must be to join the one before it: 60 and 80 take up to 19 in
// French.
func roomAfter(n numeral) int {
	switch {
	case n.kind == times:
		return n.value
	case n.kind != ten:
		return 0
	case n.value == 60 || n.value == 80:
		return 20
	}
	return 10
}

// figures reads a word of digits: 12, 1,200, 12.5, 5k.
func figures(w string) (float64, bool) {
	scale := 1.0
	if k, ok := strings.CutSuffix(w, "k"); ok {
		w, scale = k, 1000
	}
	if w == "" || !digit(w[0]) && (w[0] != '-' || len(w) == 1 || !digit(w[1])) {
		return 0, false
	}
	v, err := strconv.ParseFloat(w, 64)
	return v * scale, err == nil
}

// saidNumber returns the one number of said.
func saidNumber(said string) (float64, bool) {
	numbers := numbersIn(numberTokens(said))
	strong := slices.DeleteFunc(slices.Clone(numbers), func(n spoken) bool { return n.weak })
	if len(strong) == 0 {
		strong = numbers
	}
	if len(strong) == 0 || slices.ContainsFunc(strong, func(n spoken) bool { return n.value != strong[0].value }) {
		return 0, false
	}
	return strong[0].value, true
}

// numberTokens is saidWords that keeps numbers in digits whole: "1,200.50" is one, with a point.
func numberTokens(said string) []string {
	var b strings.Builder
	runes := []rune(said)
	at := func(i int) rune {
		if i < 0 || i >= len(runes) {
			return ' '
		}
		return runes[i]
	}
	var words []string
	flush := func() {
		words = append(words, saidWords(b.String())...)
		b.Reset()
	}
	for i := 0; i < len(runes); i++ {
		r := runes[i]
		if !plainDigit(r) || unicode.IsLetter(at(i-1)) {
			b.WriteRune(r)
			continue
		}
		flush()
		word, to := figureAt(runes, i)
		if at(i-1) == '-' && (unicode.IsSpace(at(i-2)) || i < 2) {
			word = "-" + word
		}
		words, i = append(words, word), to-1
	}
	flush()
	return words
}

// figureAt reads the number in digits at runes[i]. A comma or point before exactly three digits parts
// thousands, unless the number begins with a zero; any other parts the decimals.
func figureAt(runes []rune, i int) (word string, to int) {
	digitAt := func(i int) bool { return i < len(runes) && plainDigit(runes[i]) }
	var b strings.Builder
	for {
		for digitAt(i) {
			b.WriteRune(runes[i])
			i++
		}
		if i+1 >= len(runes) || runes[i] != ',' && runes[i] != '.' || !digitAt(i+1) || strings.Contains(b.String(), ".") {
			break
		}
		thousands := digitAt(i+2) && digitAt(i+3) && !digitAt(i+4) && !strings.HasPrefix(b.String(), "0")
		if !thousands {
			b.WriteByte('.')
		}
		i++
	}
	if i < len(runes) && (runes[i] == 'k' || runes[i] == 'K') && (i+1 == len(runes) || !unicode.IsLetter(runes[i+1])) {
		b.WriteByte('k')
		i++
	}
	return b.String(), i
}

func plainDigit(r rune) bool { return r >= '0' && r <= '9' }
