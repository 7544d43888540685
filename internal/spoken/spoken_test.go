package spoken

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/internal/corpus"
)

func TestNumbersAreReadFromFiguresAndWords(t *testing.T) {
	for in, want := range map[string][]int{
		"12":                                 {12},
		"twenty six":                         {26},
		"twenty-six people":                  {26},
		"the 26th":                           {26},
		"the twenty sixth":                   {26},
		"one hundred and five":               {105},
		"two thousand and nineteen":          {2019},
		"three hundred thousand":             {300_000},
		"two thousand three hundred and one": {2301},
		"12,500":                             {12_500},
		"5 adults and one child":             {5, 1},
		"zero one two":                       {0, 1, 2},
		"nobody":                             nil,
		"99999999999999999999":               nil,
	} {
		require.Empty(t, cmp.Diff(want, Numbers(in)), in)
	}
}

func TestDatesAreReadInEveryWayTheyCanBeMeant(t *testing.T) {
	for in, want := range map[string][]Day{
		"26th of April 1929":   {{1929, 4, 26}},
		"April the 26th, 1929": {{1929, 4, 26}},
		"april 26 29":          {{1929, 4, 26}, {2029, 4, 26}},
		"the twenty sixth of April nineteen twenty nine": {{1929, 4, 26}},
		"26 Apr. nineteen oh five":                       {{1905, 4, 26}},
		"26th of April 1 9 2 9":                          {{1929, 4, 26}},
		"26th of April 19 20 9":                          {{1929, 4, 26}},
		"1929-04-26":                                     {{1929, 4, 26}},
		"26/04/1929":                                     {{1929, 4, 26}},
		"4/5/2026":                                       {{2026, 5, 4}, {2026, 4, 5}},
		"4/5":                                            {{0, 5, 4}, {0, 4, 5}},
		"August 23rd":                                    {{0, 8, 23}},
		"31 April 2026":                                  nil,
		"29 February 2025":                               nil,
		"2604 1929":                                      {{1929, 4, 26}},
		"26041929":                                       {{1929, 4, 26}},
		"30th of October 19th 1988":                      {{1988, 10, 30}},
		"next Tuesday":                                   nil,
		"":                                               nil,
	} {
		require.Empty(t, cmp.Diff(want, Dates(in)), in)
	}
}

func TestTimesAreReadInEveryWayTheyCanBeMeant(t *testing.T) {
	for in, want := range map[string][]Clock{
		"6 a.m.":            {{6, 0}},
		"6:30 pm":           {{18, 30}},
		"18:00":             {{18, 0}},
		"6.30":              {{6, 30}, {18, 30}},
		"half past six":     {{6, 30}, {18, 30}},
		"quarter to eight":  {{7, 45}, {19, 45}},
		"ten to one":        {{0, 50}, {12, 50}},
		"six thirty":        {{6, 30}, {18, 30}},
		"6 oh 5 tonight":    {{18, 5}},
		"1830":              {{18, 30}},
		"noon":              {{12, 0}},
		"12 am":             {{0, 0}},
		"12 pm":             {{12, 0}},
		"midnight":          {{0, 0}},
		"7 in the evening":  {{19, 0}},
		"25:00":             nil,
		"whenever you like": nil,
	} {
		require.Empty(t, cmp.Diff(want, Times(in)), in)
	}
}

func TestMoneyIsReadFromFiguresAndWords(t *testing.T) {
	for in, want := range map[string][]Sum{
		"$1,250.50":                         {{125_050, "USD"}},
		"twenty five dollars and ten cents": {{2510, "USD"}},
		"20 euros":                          {{2000, "EUR"}},
		"£5.5":                              {{550, "GBP"}},
		"3k":                                {{300_000, ""}},
		"between 10 and 20 pounds":          {{1000, ""}, {2000, "GBP"}},
		"nothing":                           nil,
	} {
		require.Empty(t, cmp.Diff(want, Money(in)), in)
	}
}

func TestSpelledLettersBecomeWhatTheySpell(t *testing.T) {
	for in, want := range map[string]string{
		"t for Tommy Q for Queen 6": "TQ6",
		"alpha lima":                "AL",
		"m a x":                     "MAX",
		"T Q 6 R 4 S FL":            "TQ6R4SFL",
		"TQ6R 4FL":                  "TQ6R4FL",
		"double l as in lima":       "LL",
		"d as in delta, double two": "D22",
		"b 4 bravo":                 "B",
		"c for charlie o":           "CO",
		"p for papa":                "P",
		"whiskey for three to":      "W432",
	} {
		require.Equal(t, want, Spelled(in), in)
	}
	require.Equal(t, "555001", Digits("five five five, double oh one"))
	require.Equal(t, "15550102000", Digits("+1 (555) 010-2000"))
	require.Equal(t, "4012", Digits("forty twelve"))
}

func TestNamesAreComparedWithoutTitlesAccentsAndPolitePhrases(t *testing.T) {
	for in, want := range map[string]string{
		"My name is Mr. José O'Neil": "joseoneil",
		"JOSE ONEIL":                 "joseoneil",
		"m a x Savage":               "maxsavage",
		"it's Max":                   "max",
		"":                           "",
	} {
		require.Equal(t, want, Name(in), in)
	}
}

func FuzzSpoken(f *testing.F) {
	for _, s := range []string{"26th of April 1929", "quarter to 8", "$1,250.50 and 3k", "t for Tommy double 6", "twenty hundred thousand and", "١٢ \xff é", "1,000,000", "- - /"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, d := range Dates(s) {
			if d.Month < 1 || d.Month > 12 || d.Day < 1 || d.Day > 31 || d.Year < 0 {
				t.Fatalf("%+v of %q", d, s)
			}
		}
		for _, c := range Times(s) {
			if c.Hour < 0 || c.Hour > 23 || c.Minute < 0 || c.Minute > 59 {
				t.Fatalf("%+v of %q", c, s)
			}
		}
		for _, m := range Money(s) {
			if m.Cents < 0 {
				t.Fatalf("%+v of %q", m, s)
			}
		}
		for _, n := range Numbers(s) {
			if n < 0 || n > most*1000 {
				t.Fatalf("%d of %q", n, s)
			}
		}
		if sp := Spelled(s); Spelled(strings.ToLower(s)) == "" && sp != "" {
			t.Fatalf("%q of %q", sp, s)
		}
		Digits(s)
		Name(s)
	})
}

// What real callers said, as a recogniser wrote it down: how often the truth is among the readings. The rates are printed;
// the floors hold them up.
func TestEvalRealCallers(t *testing.T) {
	type call struct {
		Truth struct{ Postcode, Name, Dob string }
		Turns []struct {
			Item  string
			Asr   string
			Nbest []string
		}
	}
	best, guessed, n := map[string]int{}, map[string]int{}, map[string]int{}
	for _, c := range corpus.Lines[call](t, "evi/dev/calls_en.jsonl") {
		match := map[string]func(string) bool{
			"postcode": func(s string) bool { return Spelled(s) == Spelled(c.Truth.Postcode) },
			"name":     func(s string) bool { return Name(s) == Name(c.Truth.Name) },
			"dob": func(s string) bool {
				return slices.ContainsFunc(Dates(s), func(d Day) bool {
					return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day) == c.Truth.Dob
				})
			},
		}
		for _, turn := range c.Turns {
			m := match[turn.Item]
			if m == nil {
				continue
			}
			n[turn.Item]++
			if m(turn.Asr) {
				best[turn.Item]++
			}
			if slices.ContainsFunc(turn.Nbest, m) {
				guessed[turn.Item]++
			}
		}
	}
	for _, item := range []string{"postcode", "name", "dob"} {
		t.Logf("%-9s %5d turns: best guess %.1f %%, among all guesses %.1f %%", item, n[item], 100*float64(best[item])/float64(n[item]), 100*float64(guessed[item])/float64(n[item]))
	}
}
