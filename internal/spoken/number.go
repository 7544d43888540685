package spoken

import "strconv"

var units = map[string]int{
	"zero": 0, "oh": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
	"ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17,
	"eighteen": 18, "nineteen": 19,
}

var tens = map[string]int{
	"twenty": 20, "thirty": 30, "forty": 40, "fourty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}

var ordinals = map[string]int{
	"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10,
	"eleventh": 11, "twelfth": 12, "thirteenth": 13, "fourteenth": 14, "fifteenth": 15, "sixteenth": 16, "seventeenth": 17,
	"eighteenth": 18, "nineteenth": 19, "twentieth": 20, "thirtieth": 30,
}

// item is a number or anything else of a text.
type item struct {
	word    string // as it stands there, folded; of a number its first token
	n       int
	number  bool
	ordinal bool // 26th, sixth
	figures int  // how many digits, for one that was written in figures
}

const most = 999_999_999 // numbers above are no values of a call

// items reads s as numbers and other tokens: "twenty six" and "26th" are one item each.
func items(s string) []item {
	t := tokens(s)
	var out []item
	for i := 0; i < len(t); {
		it, n := number(t[i:])
		if n == 0 {
			it, n = item{word: t[i]}, 1
		}
		out = append(out, it)
		i += n
	}
	return out
}

// number reads the number at the beginning of t and returns how many tokens it takes.
func number(t []string) (item, int) {
	it := item{word: t[0], number: true}
	if c := t[0][0]; c >= '0' && c <= '9' {
		n, err := strconv.Atoi(t[0])
		if err != nil || n > most {
			return item{word: t[0]}, 1
		}
		it.n, it.figures = n, len(t[0])
		if len(t) > 2 && t[1] == "," && len(t[0]) <= 3 && len(t[2]) == 3 && digits(t[2]) { // 12,500
			if more, err := strconv.Atoi(t[0] + t[2]); err == nil {
				it.n, it.figures = more, len(t[0])+3
				return it, 3
			}
		}
		if len(t) > 1 {
			switch t[1] {
			case "st", "nd", "rd", "th":
				it.ordinal = true
				return it, 2
			}
		}
		return it, 1
	}
	n, used := hundreds(t)
	if used == 0 {
		if o, ok := ordinals[t[0]]; ok {
			it.n, it.ordinal = o, true
			return it, 1
		}
		return item{}, 0
	}
	if used < len(t) && t[used] == "thousand" && n > 0 {
		n, used = n*1000, used+1
		if more, and := hundreds(rest(t[used:])); and > 0 {
			n, used = n+more, used+and+len(t[used:])-len(rest(t[used:]))
		}
	}
	it.n = n
	_, it.ordinal = ordinals[t[used-1]]
	return it, used
}

// rest returns t behind an "and".
func rest(t []string) []string {
	if len(t) > 0 && t[0] == "and" {
		return t[1:]
	}
	return t
}

// hundreds reads a number below a thousand, or up to "ninety nine hundred", in words.
func hundreds(t []string) (n, used int) {
	if len(t) == 0 {
		return 0, 0
	}
	n, used = small(t)
	if used == 0 || n == 0 || used == len(t) || t[used] != "hundred" {
		return n, used
	}
	n, used = n*100, used+1
	behind := rest(t[used:])
	if len(behind) > 0 {
		if more, and := small(behind); and > 0 {
			return n + more, used + len(t[used:]) - len(behind) + and
		}
	}
	return n, used
}

// small reads a number below a hundred in words: "twenty", "twenty six", "twenty-six", "twenty sixth".
func small(t []string) (n, used int) {
	if n, ok := tens[t[0]]; ok {
		next := 1
		if next < len(t) && t[next] == "-" {
			next++
		}
		if next < len(t) {
			if u, ok := units[t[next]]; ok && u > 0 && u < 10 {
				return n + u, next + 1
			}
			if o, ok := ordinals[t[next]]; ok && o < 10 {
				return n + o, next + 1
			}
		}
		return n, 1
	}
	if n, ok := units[t[0]]; ok {
		return n, 1
	}
	return 0, 0
}

func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// Numbers returns every number of s in order: figures and words.
func Numbers(s string) []int {
	var out []int
	for _, it := range items(s) {
		if it.number {
			out = append(out, it.n)
		}
	}
	return out
}
