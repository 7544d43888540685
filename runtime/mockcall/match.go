package mockcall

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/internal/spoken"
)

// Date checks that an argument names the day want, written 2006-01-02, however it is said: "26th of April
// 1929", "4/26/1929", "april the twenty sixth nineteen twenty nine". An argument without a year matches the day of
// any year. Where a date can be read in two ways, one of them is enough.
func Date(name, want string) Arg {
	var day spoken.Day
	bad := ""
	if n, err := fmt.Sscanf(want, "%4d-%2d-%2d", &day.Year, &day.Month, &day.Day); n != 3 || err != nil {
		bad = fmt.Sprintf("date %q is not written 2006-01-02", want)
	}
	return reading(name, want, bad, spoken.Dates, func(d spoken.Day) bool {
		return d.Month == day.Month && d.Day == day.Day && (d.Year == day.Year || d.Year == 0)
	})
}

// Time checks that an argument names the time of day want, written 18:30, however it is said: "6:30 pm", "half past
// six". Where it can be read in two ways, one of them is enough.
func Time(name, want string) Arg {
	var at spoken.Clock
	bad := ""
	if n, err := fmt.Sscanf(want, "%2d:%2d", &at.Hour, &at.Minute); n != 2 || err != nil {
		bad = fmt.Sprintf("time %q is not written 18:30", want)
	}
	return reading(name, want, bad, spoken.Times, func(c spoken.Clock) bool { return c == at })
}

// Money checks that an argument names the sum want, such as "20.50" or "$20.50", however it is said: 20.5, "twenty
// dollars and fifty cents". The currency counts where both sides name one.
func Money(name, want string) Arg {
	sums := spoken.Money(want)
	bad := ""
	if len(sums) != 1 {
		bad = fmt.Sprintf("%q is no sum of money", want)
		sums = []spoken.Sum{{}}
	}
	return reading(name, want, bad, spoken.Money, func(s spoken.Sum) bool {
		return s.Cents == sums[0].Cents && (s.Currency == sums[0].Currency || s.Currency == "" || sums[0].Currency == "")
	})
}

// Number checks that an argument is, or has in it, the whole number want: 4, "4", "four of us".
func Number(name string, want int) Arg {
	return reading(name, strconv.Itoa(want), "", spoken.Numbers, func(n int) bool { return n == want })
}

// Name checks that an argument is the name want, without regard to case, accents, titles and blanks; it may be
// spelled.
func Name(name, want string) Arg {
	return reading(name, want, "", func(s string) []string { return []string{spoken.Name(s)} }, func(s string) bool { return s == spoken.Name(want) })
}

// Code checks that an argument is the code want (a postcode, an order number, spelled letters), without regard to case and
// blanks; "t for Tommy q for queen six" is TQ6.
func Code(name, want string) Arg {
	return reading(name, want, "", func(s string) []string { return []string{spoken.Spelled(s)} }, func(s string) bool { return s == spoken.Spelled(want) })
}

// Text checks that an argument has the words want, without regard to case, accents, marks and blanks.
func Text(name, want string) Arg {
	fold := func(s string) string {
		return strings.Join(strings.FieldsFunc(spoken.Fold(s), func(r rune) bool { return strings.ContainsRune(" \t\n.,;:!?\"'()", r) }), " ")
	}
	return reading(name, want, "", func(s string) []string { return []string{fold(s)} }, func(s string) bool { return s == fold(want) })
}

// Regexp checks that an argument matches re somewhere.
func Regexp(name string, re *regexp.Regexp) Arg {
	return reading(name, re.String(), "", func(s string) []string { return []string{s} }, re.MatchString)
}

// OneOf checks that at least one of args holds. Without any it never does.
func OneOf(args ...Arg) Arg {
	return func(f call.Effect) error {
		problems := make([]string, 0, len(args))
		for _, a := range args {
			err := a(f)
			if err == nil {
				return nil
			}
			problems = append(problems, err.Error())
		}
		return fmt.Errorf("none of %d holds: %s", len(args), strings.Join(problems, "; "))
	}
}

// reading checks that one of the readings of an argument is what is wanted. bad says what is wrong with the test
// itself.
func reading[V any](name, want, bad string, read func(string) []V, is func(V) bool) Arg {
	return func(f call.Effect) error {
		if bad != "" {
			return fmt.Errorf("argument %s: the test expects what cannot be: %s", name, bad)
		}
		raw, err := argument(f, name)
		if err != nil {
			return err
		}
		text := string(raw) // a number or a truth value as it is written
		if len(raw) > 0 && raw[0] == '"' {
			if err := json.Unmarshal(raw, &text); err != nil {
				return fmt.Errorf("argument %s is no text: %w", name, err)
			}
		}
		if !slices.ContainsFunc(read(text), is) {
			return fmt.Errorf("argument %s is %.80q, not %s", name, text, want)
		}
		return nil
	}
}
