package lint

import (
	"strconv"
	"strings"

	"github.com/sonajobs/sona/job"
)

// hours are the opening hours that a claim gives: for some days, from when to when in minutes of the day.
type hours struct {
	days        uint8 // a bit for each day from Monday on
	open, close int   // both 0 for a day that is closed
}

const (
	workdays uint8 = 1<<5 - 1
	weekend  uint8 = 1<<5 | 1<<6
)

var dayOfWeek = map[string]int{"monday": 0, "tuesday": 1, "wednesday": 2, "thursday": 3, "friday": 4, "saturday": 5, "sunday": 6,
	"mondays": 0, "tuesdays": 1, "wednesdays": 2, "thursdays": 3, "fridays": 4, "saturdays": 5, "sundays": 6,
	"mon": 0, "tue": 1, "tues": 1, "wed": 2, "weds": 2, "thu": 3, "thur": 3, "thurs": 3, "fri": 4, "sat": 5, "sun": 6}

// hoursOf returns the opening hours in words[from:to] of t, in their order. Hours without a day are those of
// workdays.
func hoursOf(t *text, c *claim) (all []hours) {
	r := hoursReader{}
	fact := 0
	end := c.span.Start
	for i := c.from; i < c.to; i++ {
		w := t.words[i].span
		if w.Start < end {
			continue // of the fact before it
		}
		for fact < len(c.facts) && c.facts[fact].Span.End <= w.Start {
			fact++
		}
		between := ""
		if end < w.Start {
			between = t.lower[end:w.Start]
		}
		end = w.End
		if strings.ContainsAny(between, "-–—") {
			r.ranged = true
		}
		if fact < len(c.facts) && c.facts[fact].Span.Start <= w.Start {
			f := c.facts[fact]
			switch at, half, ok := clock(f); {
			case ok:
				end = f.Span.End
				r.time(at, half)
				continue
			case f.Kind != job.FactDate:
				end = f.Span.End
				r.reset()
				continue
			}
		}
		r.word(w.In(t.lower))
	}
	r.flush()
	return r.all
}

// hoursReader walks over days and times.
type hoursReader struct {
	all      []hours
	days     uint8
	last     int // the last day, and whether there is one
	hasDay   bool
	ranged   bool // "to" or a dash stands before what comes
	timed    bool // times were given for the days at hand
	shut     bool // the days to come are closed
	from     int
	fromHalf bool // it said a.m. or p.m.
	hasFrom  bool
}

func (r *hoursReader) word(w string) {
	if d, ok := dayOfWeek[w]; ok {
		r.newDays()
		if r.ranged && r.hasDay {
			for k := r.last; k != d; k = (k + 1) % 7 {
				r.days |= 1 << k
			}
		}
		r.days |= 1 << d
		r.last, r.hasDay, r.ranged, r.hasFrom = d, true, false, false
		return
	}
	switch w {
	case "to", "through", "thru", "until", "till", "til", "and":
		r.ranged = r.ranged || w != "and" || r.hasFrom
	case "weekday", "weekdays":
		r.newDays()
		r.days |= workdays
	case "weekend", "weekends":
		r.newDays()
		r.days |= weekend
	case "daily", "everyday":
		r.newDays()
		r.days |= workdays | weekend
	case "closed":
		if r.timed || r.days == 0 {
			r.days, r.timed, r.shut = 0, false, true // the days follow: closed on Sundays
			return
		}
		r.all = append(r.all, hours{days: r.days})
		r.timed = true
	default:
		r.ranged = false
	}
}

// newDays begins other days, once those at hand have their times.
func (r *hoursReader) newDays() {
	if r.timed {
		r.days, r.timed, r.hasDay = 0, false, false
	}
}

func (r *hoursReader) reset() { r.hasFrom, r.ranged = false, false }

func (r *hoursReader) time(at int, half bool) {
	if !r.hasFrom || !r.ranged {
		r.from, r.fromHalf, r.hasFrom, r.ranged = at, half, true, false
		return
	}
	from, to := r.from, at
	if !half && to <= 12*60 && to <= from {
		to += 12 * 60
	}
	if !r.fromHalf && half && from+12*60 < to && from < 6*60 {
		from += 12 * 60
	}
	r.all = append(r.all, hours{r.days, from, to})
	r.hasFrom, r.ranged, r.timed = false, false, true
}

// flush closes the days that only "closed" stood before, and gives what was said without a day the workdays.
func (r *hoursReader) flush() {
	if r.shut && r.days != 0 && !r.timed {
		r.all = append(r.all, hours{days: r.days})
	}
	for i := range r.all {
		if r.all[i].days == 0 {
			r.all[i].days = workdays
		}
	}
}

var clockSigns = strings.NewReplacer(".", ":", "h", ":")

// clock reads a time of the day in minutes; half is false where a number could mean either half of it.
func clock(f job.Fact) (at int, half, ok bool) {
	if f.Kind != job.FactTime && f.Kind != job.FactNumber {
		return 0, false, false
	}
	s := strings.ToLower(f.Text)
	switch s {
	case "noon", "midday":
		return 12 * 60, true, true
	case "midnight":
		return 24 * 60, true, true
	}
	digits := strings.TrimRight(s, "apm. \u00a0\u202fh")
	rest := strings.ReplaceAll(s[len(digits):], ".", "")
	hour, minute, colon := strings.Cut(clockSigns.Replace(digits), ":")
	h, err := strconv.Atoi(strings.TrimSpace(hour))
	if err != nil || h > 24 {
		return 0, false, false
	}
	m := 0
	if colon && minute != "" {
		if m, err = strconv.Atoi(minute); err != nil || m > 59 {
			return 0, false, false
		}
	}
	switch {
	case strings.Contains(rest, "p"):
		half = true
		if h < 12 {
			h += 12
		}
	case strings.Contains(rest, "a"):
		half = true
		if h == 12 {
			h = 0
		}
	case h > 12 || len(hour) == 2 && hour[0] == '0':
		half = true
	}
	return h*60 + m, half, true
}

// hoursDiffer reports whether two lists of hours speak of the same day and say something else.
func hoursDiffer(a, b []hours) bool {
	for d := range 7 {
		x, y := hoursOn(a, 1<<d), hoursOn(b, 1<<d)
		if len(x) > 0 && len(y) > 0 && !sameHours(x, y) {
			return true
		}
	}
	return false
}

func hoursOn(all []hours, day uint8) (of []hours) {
	for _, h := range all {
		if h.days&day != 0 {
			of = append(of, hours{open: h.open, close: h.close})
		}
	}
	return of
}

func sameHours(a, b []hours) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}
