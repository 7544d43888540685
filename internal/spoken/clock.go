package spoken

import "slices"

// Clock is a time of day, 0:00 to 23:59.
type Clock struct{ Hour, Minute int }

// Times returns every way to read s as one time of day. "6:30" without a.m. or p.m. gives both, and so does
// "half past six"; "18:30" gives one.
func Times(s string) []Clock {
	its := items(s)
	var out []Clock
	half := dayHalf(its)
	add := func(h, m int) {
		if h < 0 || h > 23 || m < 0 || m > 59 {
			return
		}
		both := []Clock{{h, m}}
		if h >= 1 && h <= 12 {
			am, pm := Clock{h % 12, m}, Clock{h%12 + 12, m}
			switch half {
			case "am":
				both = []Clock{am}
			case "pm":
				both = []Clock{pm}
			default:
				both = []Clock{am, pm}
			}
		}
		for _, c := range both {
			if !slices.Contains(out, c) {
				out = append(out, c)
			}
		}
	}
	for i, it := range its {
		switch it.word {
		case "noon", "midday":
			return []Clock{{12, 0}}
		case "midnight":
			return []Clock{{0, 0}}
		case "past", "to", "after", "till":
			if i == 0 || i+1 >= len(its) || !its[i+1].number {
				continue
			}
			m, ok := fraction(its[i-1])
			h := its[i+1].n
			switch {
			case !ok || it.word == "to" && its[i-1].number && m > 30: // "from 5 to 6"
				continue
			case it.word == "to" || it.word == "till":
				add((h+23)%24, 60-m)
				if h == 1 {
					add(12, 60-m)
				}
			default:
				add(h, m)
			}
			return out
		}
	}
	if len(its) > 1 && its[0].word == "half" && its[1].number { // half six
		add(its[1].n, 30)
		return out
	}
	for i, it := range its {
		if !it.number || it.ordinal {
			continue
		}
		rest := its[i+1:]
		switch {
		case len(rest) > 1 && (rest[0].word == ":" || rest[0].word == ".") && rest[1].number && rest[1].figures == 2:
			add(it.n, rest[1].n)
		case it.figures >= 3 && it.figures <= 4: // 1830
			add(it.n/100, it.n%100)
		case len(rest) > 0 && rest[0].number && !rest[0].ordinal && rest[0].n < 60 && rest[0].n >= 10: // six thirty
			add(it.n, rest[0].n)
		case len(rest) > 1 && rest[0].number && rest[0].n == 0 && rest[1].number && rest[1].n < 10: // six oh five
			add(it.n, rest[1].n)
		default:
			add(it.n, 0)
		}
		return out
	}
	return out
}

// fraction returns the minutes of what stands before "past" or "to".
func fraction(it item) (int, bool) {
	switch {
	case it.word == "half":
		return 30, true
	case it.word == "quarter":
		return 15, true
	case it.number && it.n < 60:
		return it.n, true
	case it.word == "minutes":
		return 0, false
	}
	return 0, false
}

// dayHalf returns "am", "pm" or "" as s says.
func dayHalf(its []item) string {
	for i, it := range its {
		switch it.word {
		case "am", "morning":
			return "am"
		case "pm", "afternoon", "evening", "tonight", "night":
			return "pm"
		case "a", "p":
			if i+2 < len(its) && its[i+1].word == "." && its[i+2].word == "m" || i+1 < len(its) && its[i+1].word == "m" {
				return it.word + "m"
			}
		}
	}
	return ""
}
