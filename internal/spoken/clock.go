package spoken

import "slices"

// Clock is a time of day, 0:00 to 23:59.
type Clock struct{ Hour, Minute int }

// Times returns every way to read s as one time of day. "6:30" without a.m. or p.m. gives both, and so does
// "half past six"; "18:30" gives one.
func Times(s string) []Clock {
	its := items(s)
	for _, it := range its {
		switch it.word {
		case "noon", "midday":
			return []Clock{{12, 0}}
		case "midnight":
			return []Clock{{0, 0}}
		}
	}
	c := clocks{half: dayHalf(its)}
	if c.relative(its) {
		return c.found
	}
	for i, it := range its {
		if it.number && !it.ordinal {
			c.plain(it, its[i+1:])
			break
		}
	}
	return c.found
}

// clocks collects the readings of one time of day.
type clocks struct {
	half  string // "am", "pm" or ""
	found []Clock
}

func (c *clocks) add(h, m int) {
	if h < 0 || h > 23 || m < 0 || m > 59 {
		return
	}
	readings := []Clock{{h, m}}
	if h >= 1 && h <= 12 {
		am, pm := Clock{h % 12, m}, Clock{h%12 + 12, m}
		switch c.half {
		case "am":
			readings = []Clock{am}
		case "pm":
			readings = []Clock{pm}
		default:
			readings = []Clock{am, pm}
		}
	}
	for _, r := range readings {
		if !slices.Contains(c.found, r) {
			c.found = append(c.found, r)
		}
	}
}

// relative reads "quarter to eight", "ten past six" and "half six", and reports whether there is one.
func (c *clocks) relative(its []item) bool {
	if len(its) > 1 && its[0].word == "half" && its[1].number {
		c.add(its[1].n, 30)
		return true
	}
	for i := 1; i+1 < len(its); i++ {
		word, h := its[i].word, its[i+1].n
		if !its[i+1].number || word != "past" && word != "after" && word != "to" && word != "till" {
			continue
		}
		m, ok := fraction(its[i-1])
		switch {
		case !ok || word == "to" && its[i-1].number && m > 30: // "from 45 to 50"
			continue
		case word == "past" || word == "after":
			c.add(h, m)
		default:
			c.add((h+23)%24, 60-m)
			if h == 1 {
				c.add(12, 60-m)
			}
		}
		return true
	}
	return false
}

// plain reads a time that begins with the number it.
func (c *clocks) plain(it item, rest []item) {
	switch {
	case len(rest) > 1 && (rest[0].word == ":" || rest[0].word == ".") && rest[1].number && rest[1].figures == 2:
		c.add(it.n, rest[1].n)
	case it.figures >= 3 && it.figures <= 4: // 1830
		c.add(it.n/100, it.n%100)
	case len(rest) > 0 && rest[0].number && !rest[0].ordinal && rest[0].n < 60 && rest[0].n >= 10: // six thirty
		c.add(it.n, rest[0].n)
	case len(rest) > 1 && rest[0].number && rest[0].n == 0 && rest[1].number && rest[1].n < 10: // six oh five
		c.add(it.n, rest[1].n)
	default:
		c.add(it.n, 0)
	}
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
