package mockcall_test

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/internal/corpus"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime/mockcall"
)

// accepted reports whether an argument v with this value is accepted.
func accepted(m mockcall.Arg, value string) bool {
	return m(call.Effect{Action: job.ActionName("keep"), Args: mustJSON(map[string]string{"v": value})}) == nil
}

func evalPercent(n, of int) string {
	return fmt.Sprintf("%5d of %5d (%5.1f %%)", n, of, 100*float64(n)/float64(max(of, 1)))
}

// What real callers said on the phone, as a recogniser wrote it down: how often it is accepted as what they meant; letter
// by letter, by a matcher that gets the best guess, and by one that gets all guesses. And how often a matcher for what another
// caller meant accepts it.
func TestEvalValuesOfRealCallersAreMatched(t *testing.T) {
	type evi struct {
		Truth struct{ Postcode, Name, Dob string }
		Turns []struct {
			Item  string
			Asr   string
			Nbest []string
		}
	}
	all := corpus.Lines[evi](t, "evi/dev/calls_en.jsonl")
	want := func(c evi, item string) (string, mockcall.Arg) {
		switch item {
		case "postcode":
			return c.Truth.Postcode, mockcall.Code("v", c.Truth.Postcode)
		case "name":
			return c.Truth.Name, mockcall.Name("v", c.Truth.Name)
		}
		return c.Truth.Dob, mockcall.Date("v", c.Truth.Dob)
	}
	for _, item := range []string{"postcode", "name", "dob"} {
		var turns, letters, best, guesses, calls, callsLetters, callsBest, callsAny, others, foreign int
		for i, c := range all {
			truth, m := want(c, item)
			otherTruth, other := want(all[(i+1)%len(all)], item)
			had := [4]bool{}
			for _, turn := range c.Turns {
				if turn.Item != item {
					continue
				}
				is := [4]bool{true, strings.EqualFold(turn.Asr, truth), accepted(m, turn.Asr), slices.ContainsFunc(turn.Nbest, func(s string) bool { return accepted(m, s) })}
				for k, n := range []*int{&turns, &letters, &best, &guesses} {
					if is[k] {
						*n++
						had[k] = true
					}
				}
				if otherTruth != truth {
					others++
					if slices.ContainsFunc(turn.Nbest, func(s string) bool { return accepted(other, s) }) {
						foreign++
					}
				}
			}
			for k, n := range []*int{&calls, &callsLetters, &callsBest, &callsAny} {
				if had[k] {
					*n++
				}
			}
		}
		t.Logf("evi %-8s turns: as written %s, best guess %s, all guesses %s", item, evalPercent(letters, turns), evalPercent(best, turns), evalPercent(guesses, turns))
		t.Logf("evi %-8s calls: as written %s, best guess %s, all guesses %s", item, evalPercent(callsLetters, calls), evalPercent(callsBest, calls), evalPercent(callsAny, calls))
		t.Logf("evi %-8s another caller's value accepted among all guesses: %s", item, evalPercent(foreign, others))
		require.Greater(t, best, letters)
		require.GreaterOrEqual(t, guesses, best)
		require.Less(t, float64(foreign), 0.01*float64(others))
	}
}

var (
	weekday     = regexp.MustCompile(`^(?i)(mon|tue|wed|thu|fri|sat|sun)[a-z]*,? *(the +)?`)
	suffix      = regexp.MustCompile(`(\d)(st|nd|rd|th)\b`)
	clockish    = regexp.MustCompile(`^(\d{1,2})(?:[:.](\d{2}))? ?(?i:(a|p)\.?m\.?)?$`)
	party       = regexp.MustCompile(`^(?i)(?:for )?(\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)(?: (?:people|persons|person|guests|adults|of us))?$`)
	numberWords = strings.Fields("zero one two three four five six seven eight nine ten eleven twelve")
)

// plainly reads a value of a slot with means of its own, strict ones that leave no doubt; it returns the matcher for what was
// read, one for a value that is near it, and false where the value is not written plainly.
func plainly(slot, value string) (is, near mockcall.Arg, ok bool) {
	value = strings.TrimRight(strings.TrimSpace(value), ",;")
	switch slot {
	case "people":
		m := party.FindStringSubmatch(value)
		if m == nil {
			return nil, nil, false
		}
		n, err := strconv.Atoi(m[1])
		if err != nil {
			n = slices.Index(numberWords, strings.ToLower(m[1]))
		}
		return mockcall.Number("v", n), mockcall.Number("v", n+1), true
	case "time":
		m := clockish.FindStringSubmatch(value)
		if m == nil || m[2] == "" && m[3] == "" {
			return nil, nil, false
		}
		hour, _ := strconv.Atoi(m[1])
		minute, _ := strconv.Atoi(m[2])
		if hour > 23 || minute > 59 || m[3] != "" && (hour == 0 || hour > 12) {
			return nil, nil, false
		}
		switch strings.ToLower(m[3]) {
		case "p":
			hour = hour%12 + 12
		case "a":
			hour %= 12
		}
		return mockcall.Time("v", fmt.Sprintf("%02d:%02d", hour, minute)), mockcall.Time("v", fmt.Sprintf("%02d:%02d", (hour+1)%24, minute)), true
	case "date":
		s := suffix.ReplaceAllString(weekday.ReplaceAllString(value, ""), "$1")
		s = strings.NewReplacer(",", " ", ".", " ", " of ", " ").Replace(s)
		s = strings.Join(strings.Fields(s), " ")
		for _, layout := range []string{"January 2 2006", "Jan 2 2006", "2 January 2006", "2 Jan 2006", "2006/01/02", "2006-01-02", "January 2", "Jan 2", "2 January", "2 Jan"} {
			if d, err := time.Parse(layout, s); err == nil {
				if d.Year() == 0 {
					d = d.AddDate(2018, 0, 0)
				}
				return mockcall.Date("v", d.Format(time.DateOnly)), mockcall.Date("v", d.AddDate(0, 0, 1).Format(time.DateOnly)), true
			}
		}
	}
	return nil, nil, false
}

// What callers of a restaurant wrote. Values that are written plainly are read a second time by strict means of the test's
// own; the matcher for what came of that has to accept the value, and the whole sentence around it, and to reject its
// neighbour.
func TestEvalValuesOfBookingsAreMatched(t *testing.T) {
	type turn struct {
		ID, Text string
		Slots    []struct{ Slot, Value string }
	}
	type tally struct{ all, plain, value, sentence, near, nearSentence int }
	tallies := map[string]*tally{"people": {}, "time": {}, "date": {}}
	names, whole, foreign := 0, 0, 0
	var missed []string
	all := corpus.Lines[turn](t, "restaurant8k/dev/train.jsonl")
	for _, x := range all {
		var first, last string
		for _, s := range x.Slots {
			switch s.Slot {
			case "first_name":
				first = s.Value
			case "last_name":
				last = s.Value
			}
			c := tallies[s.Slot]
			if c == nil {
				continue
			}
			c.all++
			is, near, ok := plainly(s.Slot, s.Value)
			if !ok {
				continue
			}
			c.plain++
			if accepted(is, s.Value) {
				c.value++
			} else {
				missed = append(missed, fmt.Sprintf("%s %q", s.Slot, s.Value))
			}
			if accepted(is, x.Text) {
				c.sentence++
			}
			if accepted(near, s.Value) {
				c.near++
				missed = append(missed, fmt.Sprintf("neighbour of %s %q accepted", s.Slot, s.Value))
			}
			if accepted(near, x.Text) {
				c.nearSentence++
			}
		}
		if first != "" && last != "" {
			names++
			if accepted(mockcall.Name("v", first+" "+last), x.Text) {
				whole++
			}
			if accepted(mockcall.Name("v", last+" "+first), x.Text) {
				foreign++
			}
		}
	}
	for _, slot := range []string{"people", "time", "date"} {
		c := tallies[slot]
		t.Logf("restaurant8k %-6s %d values, %d written plainly: accepted %s, in the whole sentence %s; the neighbour accepted %d, in the whole sentence %d",
			slot, c.all, c.plain, evalPercent(c.value, c.plain), evalPercent(c.sentence, c.plain), c.near, c.nearSentence)
		require.GreaterOrEqual(t, float64(c.value), 0.98*float64(c.plain), slot)
		require.LessOrEqual(t, float64(c.near), 0.01*float64(c.plain), slot)
	}
	t.Logf("restaurant8k name   %d sentences with first and last name: accepted %s; the two exchanged %d", names, evalPercent(whole, names), foreign)
	for _, m := range missed[:min(len(missed), 20)] {
		t.Logf("not as it should be: %s", m)
	}
}
