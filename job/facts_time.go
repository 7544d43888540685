package job

import "strings"

// What a name tells about the time.
const (
	weekday = iota + 1
	weekdayShort
	month
	monthByDay // counts only beside a day: "may" is a verb, "mars" a planet
	timeOfDay
)

// dayWords are the names of days, months and times, without accents in small letters; never written.
var dayWords = func() map[string]int {
	m := map[string]int{}
	for kind, words := range map[int]string{
		weekday: `monday tuesday wednesday thursday friday saturday sunday mondays tuesdays wednesdays thursdays fridays saturdays
			sundays lunes martes miercoles jueves viernes sabado sabados domingo domingos lundi mardi mercredi jeudi vendredi samedi dimanche`,
		weekdayShort: `mon tue tues wed thu thur thurs fri sat sun`,
		month:        `january february april june july august september october november december`,
		monthByDay: `march may jan feb mar apr jun jul aug sep sept oct nov dec enero febrero marzo abril mayo junio julio agosto
			septiembre octubre noviembre diciembre janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre`,
		timeOfDay: `noon midnight mediodia medianoche midi minuit`,
	} {
		for w := range strings.FieldsSeq(words) {
			m[w] = kind
		}
	}
	return m
}()

// dayPairs tells for two letters whether a name begins with them, so that most words are passed over.
var dayPairs = func() (t [26 * 26]bool) {
	pair := func(w string) { t[int(w[0]-'a')*26+int(w[1]-'a')] = true }
	for w := range dayWords {
		pair(w)
	}
	for w := range currencies {
		pair(w)
	}
	pair("www")
	return t
}()

// mayName reports whether the word at byte i can be one that name takes.
func (f *factFinder) mayName(i int) bool {
	if i+2 >= len(f.s) {
		return false
	}
	a, b := lowerByte(f.s[i])-'a', lowerByte(f.s[i+1])-'a'
	return b >= 26 || a < 26 && dayPairs[int(a)*26+int(b)] // b may have an accent
}

// name takes the word at byte i, when it names a day, a month, a time, a currency or an address.
func (f *factFinder) name(i int) int {
	var buf [maxWord]byte
	w, to := foldWord(f.s, i, len(f.s), &buf)
	switch dayWords[string(w)] {
	case weekday:
		return f.found(FactDate, i, to)
	case weekdayShort:
		if f.s[i] < 'a' && f.s[i+1] >= 'a' {
			return f.found(FactDate, i, to)
		}
	case month, monthByDay:
		if end := f.dayAfter(to); end > to {
			return f.found(FactDate, i, end)
		}
		if dayWords[string(w)] == month && f.s[i] < 'a' {
			return f.found(FactDate, i, to)
		}
	case timeOfDay:
		return f.found(FactTime, i, to)
	}
	switch {
	case len(w) == 3 && currencies[string(w)] && to+1 < len(f.s) && f.s[to] == ' ' && digit(f.s[to+1]):
		return f.found(FactMoney, i, f.digits(to+1))
	case string(w) == "www" && to < len(f.s) && f.s[to] == '.':
		if end := f.link(to); end > to+1 {
			return f.found(FactURL, i, end)
		}
	}
	return to
}

// date returns where the date ends that begins with the digits at i, 0 when none does.
func (f *factFinder) date(i int) int {
	var v, n [3]int
	parts, at := 0, i
	sep := byte(0)
	for parts < 3 {
		from := at
		for at < len(f.s) && digit(f.s[at]) && at-from < 5 {
			v[parts] = v[parts]*10 + int(f.s[at]-'0')
			at++
		}
		n[parts] = at - from
		if parts++; at+1 >= len(f.s) || !digit(f.s[at+1]) || strings.IndexByte("-/.", f.s[at]) < 0 || sep != 0 && f.s[at] != sep {
			break
		}
		if parts < 3 {
			sep = f.s[at]
			at++
		}
	}
	if at < len(f.s) && joined(f.s[at]) && parts > 1 {
		return 0
	}
	day := func(v int) bool { return v >= 1 && v <= 31 }
	short := n[0] <= 2 && n[1] <= 2 && day(v[0]) && day(v[1]) && (v[0] <= 12 || v[1] <= 12)
	switch {
	case parts == 3 && n[0] == 4 && n[1] == 2 && n[2] == 2 && v[1] <= 12 && day(v[1]) && day(v[2]): // 2026-05-31
		return at
	case parts == 3 && short && (n[2] == 4 || n[2] == 2):
		return at
	case parts == 2 && sep == '/' && short && !(v[0] == 24 && v[1] == 7) && !(n[0] == 1 && n[1] == 1 && v[0] < v[1] && v[1] <= 4): // neither 24/7 nor ¾
		return at
	case parts == 2 && sep == '/' && n[0] <= 2 && day(v[0]) && v[0] <= 12 && n[1] == 4:
		return at
	case n[0] <= 2 && day(v[0]):
		return f.monthAfter(i + n[0])
	}
	return 0
}

// monthAfter returns where "15th of March 2026" ends whose day ends at i, 0 when no month follows.
func (f *factFinder) monthAfter(i int) int {
	i = ordinal(f.s, i)
	if i == len(f.s) || blankAt(f.s, i) == 0 || f.s[i] == '\n' {
		return 0
	}
	i += blankAt(f.s, i)
	for _, of := range [...]string{"of ", "de "} {
		if strings.HasPrefix(f.s[i:], of) {
			i += len(of)
		}
	}
	var buf [maxWord]byte
	if i == len(f.s) || !inWord(f.s, i) {
		return 0
	}
	w, to := foldWord(f.s, i, min(len(f.s), i+4*maxWord), &buf)
	kind := dayWords[string(w)]
	if kind != month && kind != monthByDay || kind == monthByDay && string(w) == "may" && f.s[i] == 'm' {
		return 0 // "2 may join" is no date
	}
	if end := f.year(to); end > 0 {
		return end
	}
	return to
}

// dayAfter returns where "March 15th, 2026" ends whose month ends at i, or i.
func (f *factFinder) dayAfter(i int) int {
	at := i
	if at < len(f.s) && f.s[at] == '.' {
		at++
	}
	if at+1 >= len(f.s) || f.s[at] != ' ' || !digit(f.s[at+1]) {
		return i
	}
	if end := f.year(at); end > 0 {
		return end
	}
	from := at + 1
	at = from
	for at < len(f.s) && digit(f.s[at]) {
		at++
	}
	if at-from > 2 || at < len(f.s) && (f.s[at] == ':' || joined(f.s[at]) && ordinal(f.s, at) == at) {
		return i
	}
	at = ordinal(f.s, at)
	if end := f.year(at); end > 0 {
		return end
	}
	return at
}

// year returns where " 2026" or ", 2026" or " de 2026" ends that begins at i, 0 when none does.
func (f *factFinder) year(i int) int {
	for _, before := range [...]string{", ", " de ", " "} {
		rest, ok := strings.CutPrefix(f.s[i:], before)
		if ok && len(rest) >= 4 && (rest[:2] == "19" || rest[:2] == "20") && digit(rest[2]) && digit(rest[3]) && (len(rest) == 4 || !joined(rest[4])) {
			return i + len(before) + 4
		}
	}
	return 0
}

// ordinal returns where the "th" of "15th" ends, or i.
func ordinal(s string, i int) int {
	for _, th := range [...]string{"st", "nd", "rd", "th", "er", "º"} {
		if strings.HasPrefix(s[i:], th) && (i+len(th) == len(s) || !joined(s[i+len(th)])) {
			return i + len(th)
		}
	}
	return i
}

// clock returns where the time ends that begins with the digits at i, 0 when none does.
func (f *factFinder) clock(i int) int {
	s, at, hour := f.s, i, 0
	for at < len(s) && digit(s[at]) && at-i < 3 {
		hour = hour*10 + int(s[at]-'0')
		at++
	}
	if at-i > 2 || hour > 24 || at == len(s) {
		return 0
	}
	if sep := s[at]; sep == ':' || sep == 'h' || sep == 'H' || sep == '.' {
		if to := minutes(s, at+1); to > 0 {
			if sep == ':' && minutes(s, min(to+1, len(s))) > 0 && s[to] == ':' {
				to = minutes(s, to+1)
			}
			if end := meridiem(s, to); end > 0 {
				return end
			}
			if sep != '.' && (to == len(s) || !joined(s[to])) {
				return to
			}
			return 0
		}
		if (sep == 'h' || sep == 'H') && (at+1 == len(s) || !joined(s[at+1])) {
			return at + 1
		}
	}
	if end := meridiem(s, at); end > 0 && hour <= 12 {
		return end
	}
	for _, clock := range [...]string{" o'clock", " o’clock", " heures", " heure"} {
		if strings.HasPrefix(s[at:], clock) && (at+len(clock) == len(s) || !joined(s[at+len(clock)])) {
			return at + len(clock)
		}
	}
	return 0
}

// minutes returns the end of two digits below 60 at i, 0 when they are not there.
func minutes(s string, i int) int {
	if i+1 < len(s) && s[i] >= '0' && s[i] <= '5' && digit(s[i+1]) && (i+2 == len(s) || !digit(s[i+2])) {
		return i + 2
	}
	return 0
}

// meridiem returns the end of "am" or "p.m." at i, after at most one blank, 0 when none stands there.
func meridiem(s string, i int) int {
	if i < len(s) && s[i] != '\n' {
		i += blankAt(s, i)
	}
	if i >= len(s) || strings.IndexByte("aApP", s[i]) < 0 {
		return 0
	}
	for _, m := range [...]string{".m.", ". m.", "m", ".m"} {
		if end := i + 1 + len(m); end <= len(s) && strings.EqualFold(s[i+1:end], m) && (end == len(s) || !joined(s[end])) {
			return end
		}
	}
	return 0
}
