package spoken

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Day is a date; a Year of 0 was not said.
type Day struct{ Year, Month, Day int }

var months = map[string]int{
	"january": 1, "jan": 1, "february": 2, "feb": 2, "march": 3, "mar": 3, "april": 4, "apr": 4, "may": 5, "june": 6, "jun": 6,
	"july": 7, "jul": 7, "august": 8, "aug": 8, "september": 9, "sept": 9, "sep": 9, "october": 10, "oct": 10, "november": 11,
	"nov": 11, "december": 12, "dec": 12,
}

// Dates returns every way to read s as one date. "4/5/2026" gives the fourth of May and the fifth of April; a
// year of two figures gives both centuries; "the 26th of April" has no year. A relative date gives none.
func Dates(s string) []Day {
	its := items(s)
	var out []Day
	add := func(y, m, d int) {
		if m < 1 || m > 12 || d < 1 || d > days(y, m) {
			return
		}
		if day := (Day{y, m, d}); !slices.Contains(out, day) {
			out = append(out, day)
		}
	}
	for i, it := range its {
		m, ok := months[it.word]
		if it.number || !ok {
			continue
		}
		if d, ok := before(its[:i]); ok { // 26th of April 1929
			for _, y := range years(its[i+1:]) {
				add(y, m, d)
			}
		} else if d, rest, ok := after(its[i+1:]); ok { // April the 26th, 1929
			for _, y := range years(rest) {
				add(y, m, d)
			}
		}
		if out != nil {
			return out
		}
	}
	n := only(its)
	if run := figures(n); len(run) == 8 { // 2604 1929, 26041929
		at := func(from, to int) int { v, _ := strconv.Atoi(run[from:to]); return v }
		add(at(4, 8), at(2, 4), at(0, 2))
		add(at(4, 8), at(0, 2), at(2, 4))
		add(at(0, 4), at(4, 6), at(6, 8))
		out = slices.DeleteFunc(out, func(d Day) bool { return d.Year < 1800 || d.Year > 2999 })
		if out != nil {
			return out
		}
	}
	if len(n) < 2 {
		return nil
	}
	switch { // 1929-04-26, 26/04/1929, 04 26 29
	case n[0].figures == 4 && len(n) >= 3:
		add(n[0].n, n[1].n, n[2].n)
	case len(n) >= 3:
		for _, y := range years(n[2:]) {
			if y != 0 {
				add(y, n[1].n, n[0].n)
				add(y, n[0].n, n[1].n)
			}
		}
	case slices.ContainsFunc(its, func(it item) bool { return it.word == "/" }):
		add(0, n[1].n, n[0].n)
		add(0, n[0].n, n[1].n)
	}
	return out
}

func days(year, month int) int {
	switch month {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if year == 0 || year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}

// before returns the day that its ends with: "26th of", "26 .".
func before(its []item) (int, bool) {
	for i := len(its) - 1; i >= 0 && i >= len(its)-3; i-- {
		switch it := its[i]; {
		case it.number:
			return it.n, it.n >= 1 && it.n <= 31
		case it.word != "of" && it.word != "the" && it.word != "." && it.word != "-" && it.word != "/":
			return 0, false
		}
	}
	return 0, false
}

// after returns the day that its begins with, and what stands after it.
func after(its []item) (int, []item, bool) {
	for i := 0; i < len(its) && i < 3; i++ {
		switch it := its[i]; {
		case it.number:
			return it.n, its[i+1:], it.n >= 1 && it.n <= 31
		case it.word != "the" && it.word != "." && it.word != "-" && it.word != "/":
			return 0, nil, false
		}
	}
	return 0, nil, false
}

// only returns the numbers of its.
func only(its []item) []item {
	return slices.DeleteFunc(slices.Clone(its), func(it item) bool { return !it.number })
}

// years returns the ways to read its as a year: 1929, "nineteen twenty nine", "one nine two nine", 29. When there
// is none, the year was not said: 0.
func years(its []item) []int {
	n := only(its)
	if i := slices.IndexFunc(n, func(it item) bool { return it.figures == 4 && it.n >= 1000 && it.n <= 2999 }); i > 0 {
		n = n[i:]
	}
	switch {
	case len(n) == 0:
		return []int{0}
	case n[0].n >= 1000 && n[0].n <= 2999:
		return []int{n[0].n}
	case len(n) >= 4 && figure(n[0]) && figure(n[1]) && figure(n[2]) && figure(n[3]):
		return []int{n[0].n*1000 + n[1].n*100 + n[2].n*10 + n[3].n}
	case len(n) >= 3 && n[0].n >= 18 && n[0].n <= 20 && figure(n[1]) && figure(n[2]): // nineteen oh five, nineteen four two
		return []int{n[0].n*100 + n[1].n*10 + n[2].n}
	case len(n) >= 3 && n[0].n >= 18 && n[0].n <= 20 && n[1].n >= 20 && n[1].n%10 == 0 && n[1].n < 100 && figure(n[2]): // 19 20 9
		return []int{n[0].n*100 + n[1].n + n[2].n}
	case len(n) >= 2 && n[0].n >= 18 && n[0].n <= 20 && n[1].n <= 99:
		return []int{n[0].n*100 + n[1].n}
	case n[0].n <= 99 && n[0].figures != 1:
		return []int{1900 + n[0].n, 2000 + n[0].n}
	}
	return []int{0}
}

// figures returns the digits of numbers that were all written in figures, as they were written.
func figures(its []item) string {
	var b strings.Builder
	for _, it := range its {
		if it.figures == 0 || it.ordinal {
			return ""
		}
		fmt.Fprintf(&b, "%0*d", it.figures, it.n)
	}
	return b.String()
}

func figure(it item) bool { return it.n <= 9 && it.figures <= 1 }
