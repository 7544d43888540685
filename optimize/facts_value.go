package optimize

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/sonajobs/sona/job"
)

// factValue returns the kind and the form in which a fact of the outline is compared.
func factValue(f job.Fact) (FactKind, string) {
	text := strings.ToLower(strings.Join(strings.Fields(f.Text), " "))
	switch f.Kind {
	case job.FactURL:
		return FactURL, urlValue(f.Text)
	case job.FactEmail:
		return FactEmail, text
	case job.FactPhone:
		return FactPhone, phoneValue(f.Text)
	case job.FactMoney:
		return FactMoney, moneyValue(text)
	case job.FactTime:
		return FactTime, timeValue(text)
	case job.FactDate:
		return FactDate, dateValue(text)
	case job.FactNumber, job.FactQuote:
	}
	return FactNumber, numberValue(text)
}

// urlValue leaves out what does not matter: the case of scheme and host, a slash at the end.
func urlValue(s string) string {
	s = strings.TrimSuffix(s, "/")
	at := 0
	if i := strings.Index(s, "://"); i >= 0 {
		at = i + 3
	}
	if i := strings.IndexByte(s[at:], '/'); i >= 0 {
		return strings.ToLower(s[:at+i]) + s[at+i:]
	}
	return strings.ToLower(s)
}

// phoneValue is the digits, those of North America without their country code.
func phoneValue(s string) string {
	keys := strings.Map(func(c rune) rune {
		if c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' {
			return c
		}
		return -1
	}, s)
	if len(keys) == 11 && keys[0] == '1' {
		keys = keys[1:]
	} else if strings.HasPrefix(s, "+") {
		keys = "+" + keys
	}
	return "tel " + keys
}

// numberValue is the number without marks between thousands and zeros behind: "1,000.0" is "1000".
func numberValue(s string) string {
	percent := strings.Contains(s, "%")
	s = strings.TrimRight(s, "% \u00a0\u202f")
	s = plainNumber(s)
	if percent {
		s += "%"
	}
	return s
}

func plainNumber(s string) string {
	last := strings.LastIndexAny(s, ".,")
	switch {
	case last < 0:
	case len(s)-last == 4 && (strings.IndexByte(s, s[last]) < last || s[last] == ','): // thousands all along
		s = strings.NewReplacer(".", "", ",", "").Replace(s)
	default:
		s = strings.NewReplacer(".", "", ",", "").Replace(s[:last]) + "." + s[last+1:]
	}
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	return s
}

// currencySigns are in the order in which they are looked for; never written.
var currencySigns = []struct{ name, code string }{
	{"us$", "usd"}, {"$", "usd"}, {"usd", "usd"}, {"€", "eur"}, {"eur", "eur"}, {"£", "gbp"}, {"gbp", "gbp"}, {"pound", "gbp"}, {"libra", "gbp"},
	{"livre", "gbp"}, {"¢", "cent"}, {"cent", "cent"}, {"cad", "cad"}, {"mxn", "mxn"}, {"aud", "aud"}, {"peso", "peso"}, {"bucks", "usd"},
	{"dollar", "usd"}, {"dólar", "usd"}, {"dolar", "usd"}, {"¥", "jpy"}, {"₹", "inr"},
}

func moneyValue(s string) string {
	code := "?"
	for _, c := range currencySigns {
		if strings.Contains(s, c.name) {
			code = c.code
			break
		}
	}
	from := strings.IndexAny(s, "0123456789")
	if from < 0 {
		return s
	}
	to := from
	for to < len(s) && strings.IndexByte("0123456789.,", s[to]) >= 0 {
		to++
	}
	n := plainNumber(strings.TrimRight(s[from:to], ".,"))
	if to < len(s) && (s[to] == 'k' || s[to] == 'm') && (to+1 == len(s) || s[to+1] == ' ') {
		if v, err := strconv.ParseFloat(n, 64); err == nil {
			n = strconv.FormatFloat(v*map[byte]float64{'k': 1e3, 'm': 1e6}[s[to]], 'f', -1, 64)
		}
	}
	return n + " " + code
}

// timeValue is hour and minute: "9am" is "09:00".
func timeValue(s string) string {
	switch s {
	case "noon", "midday", "mediodía", "mediodia", "midi":
		return "12:00"
	case "midnight", "medianoche", "minuit":
		return "00:00"
	}
	hour, rest := leading(s)
	if hour < 0 {
		return s
	}
	minute := 0
	if rest != "" && strings.IndexByte(":h.", rest[0]) >= 0 {
		if m, after := leading(rest[1:]); m >= 0 {
			minute, rest = m, after
		}
	}
	rest = strings.Map(func(c rune) rune {
		if c >= 'a' && c <= 'z' || c >= '0' && c <= '9' {
			return c
		}
		return -1
	}, rest)
	switch {
	case rest == "pm" && hour < 12:
		hour += 12
	case rest == "am" && hour == 12:
		hour = 0
	case rest != "" && rest != "am" && rest != "pm" && !strings.HasPrefix(rest, "oclock") && !strings.HasPrefix(rest, "h"):
		return s
	}
	return fmt.Sprintf("%02d:%02d", hour, minute)
}

// leading returns the number that s begins with and what follows it; -1 when none or a huge one does.
func leading(s string) (n int, rest string) {
	i := 0
	for i < len(s) && i < 5 && s[i] >= '0' && s[i] <= '9' {
		n = n*10 + int(s[i]-'0')
		i++
	}
	if i == 0 {
		return -1, s
	}
	return n, s[i:]
}

var months = map[string]int{"jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12,
	"ene": 1, "abr": 4, "ago": 8, "dic": 12, "janv": 1, "févr": 2, "fév": 2, "avr": 4, "mai": 5, "juin": 6, "juil": 7, "août": 8, "déc": 12}

var weekdays = map[string]string{"mon": "monday", "tue": "tuesday", "wed": "wednesday", "thu": "thursday", "fri": "friday", "sat": "saturday", "sun": "sunday"}

// dateValue is a day of the week, or year, month and day as far as they are said. Dates in digits alone stay as
// they are, but for one that begins with the year: nobody knows which number is the month.
func dateValue(s string) string {
	if len(s) >= 3 && !strings.ContainsAny(s, "0123456789") {
		if day, ok := weekdays[s[:3]]; ok && (strings.HasPrefix(day, strings.TrimSuffix(s, "s")) || s == "tues" || s == "thurs") {
			return day
		}
	}
	year, month, day := 0, 0, 0
	words := strings.FieldsFunc(s, func(c rune) bool { return c == ' ' || c == ',' || c == '.' })
	for _, w := range words {
		switch n, rest := leading(w); {
		case n > 31 && rest == "":
			year = n
		case n > 0 && (rest == "" || ordinal(w) || rest == "er" || rest == "º"):
			day = n
		case n < 0:
			if m := monthOf(w); m > 0 {
				month = m
			} else if w != "of" && w != "de" && w != "the" {
				return s
			}
		default:
			if parts := strings.Split(w, "-"); len(parts) == 3 && len(parts[0]) == 4 {
				return "date " + w
			}
			return s
		}
	}
	if month == 0 {
		return s
	}
	value := "date "
	if year > 0 {
		value += strconv.Itoa(year)
	}
	value += fmt.Sprintf("-%02d", month)
	if day > 0 {
		value += fmt.Sprintf("-%02d", day)
	}
	return value
}

func monthOf(w string) int {
	if m, ok := months[w]; ok {
		return m
	}
	for _, n := range [...]int{5, 4, 3} { // févr, août and their like have letters of two bytes
		if len(w) > n {
			if m, ok := months[w[:n]]; ok {
				return m
			}
		}
	}
	return 0
}
