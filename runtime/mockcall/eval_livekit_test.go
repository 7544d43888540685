package mockcall_test

import (
	"encoding/json"
	"fmt"
	"maps"
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

// deskScenario is a call to the desk of a hotel with the changes of its tables that have to come of it.
type deskScenario struct {
	ID      string
	Brief   string `json:"caller_instructions"`
	Opening string `json:"opening_line"`
	Effects []struct {
		Op, Table, Where string
		Args             map[string]any
	} `json:"expected_effects"`
}

var whereCode = regexp.MustCompile(`code = '([^']+)'`)

// effects returns the changes as actions of one name each; a change of a row names the row by its code.
func (s deskScenario) effects() []call.Effect {
	var out []call.Effect
	for _, e := range s.Effects {
		args := maps.Clone(e.Args)
		if m := whereCode.FindStringSubmatch(e.Where); m != nil {
			args["of"] = m[1]
		}
		out = append(out, call.Effect{Action: job.ActionName(e.Op + "_" + e.Table), Args: mustJSON(args), Done: true})
	}
	return out
}

// What the authors of the scenarios do not compare: codes that the hotel gives, rooms and tables that it picks, totals, free text.
var notCompared = map[string]bool{"code": true, "total": true, "room_id": true, "table_id": true, "summary": true, "notes": true, "message": true, "situation": true}

// columnKind says how the values of a column are compared and can be wrong.
func columnKind(column string, value any) string {
	text, _ := value.(string)
	switch {
	case value == nil || value == "IGNORED" || notCompared[column]:
		return ""
	case strings.HasSuffix(column, "phone"):
		return "phone"
	case column == "date" || column == "check_in" || column == "check_out" || column == "return_date":
		return "date"
	case column == "time":
		return "time"
	case strings.HasSuffix(column, "_name") || column == "company":
		return "name"
	case column == "of" || column == "booking_code" || column == "card_last4":
		return "code"
	case text == "":
		if _, number := value.(float64); number {
			return "number"
		}
	}
	return "text"
}

func columnMatcher(column string, value any) mockcall.Arg {
	text := fmt.Sprint(value)
	switch columnKind(column, value) {
	case "":
		return nil
	case "phone":
		return mockcall.Phone(column, text)
	case "date":
		return mockcall.Date(column, text)
	case "time":
		return mockcall.Time(column, text[:len("15:04")])
	case "name":
		return mockcall.Name(column, text)
	case "code":
		return mockcall.Code(column, text)
	case "number":
		return mockcall.Number(column, int(value.(float64)))
	}
	return mockcall.Text(column, text)
}

// checks is what a test of the scenario has to say: these effects, and no other of all that the desk can do.
func (s deskScenario) checks(desk []job.ActionName) []mockcall.Check {
	times := map[job.ActionName]int{}
	var checks []mockcall.Check
	for _, e := range s.effects() {
		times[e.Action]++
		var args map[string]any
		if err := json.Unmarshal(e.Args, &args); err != nil {
			panic(err)
		}
		var all []mockcall.Arg
		for _, column := range slices.Sorted(maps.Keys(args)) {
			if m := columnMatcher(column, args[column]); m != nil {
				all = append(all, m)
			}
		}
		checks = append(checks, mockcall.Exactly(1, e.Action, all...))
	}
	for _, name := range desk {
		if times[name] == 0 {
			checks = append(checks, mockcall.Never(name))
		} else {
			checks = append(checks, mockcall.Exactly(times[name], name))
		}
	}
	return checks
}

// otherWays returns other ways to write a value that mean the same.
func otherWays(column string, value any) []any {
	text := fmt.Sprint(value)
	switch columnKind(column, value) {
	case "phone":
		if len(text) == 10 {
			return []any{"(" + text[:3] + ") " + text[3:6] + "-" + text[6:], text[:3] + "." + text[3:6] + "." + text[6:]}
		}
	case "date":
		if d, err := time.Parse(time.DateOnly, text); err == nil {
			return []any{d.Format("January 2, 2006"), d.Format("2 Jan 2006"), d.Format("01/02/2006"), "the " + strconv.Itoa(d.Day()) + "th of " + d.Format("January")}
		}
	case "time":
		if c, err := time.Parse(time.TimeOnly, text); err == nil {
			return []any{c.Format("3:04 pm"), c.Format("15:04")}
		}
	case "name":
		return []any{strings.ToUpper(text), "Mr. " + text}
	case "code":
		return []any{strings.ToLower(text), strings.Join(strings.Split(strings.ReplaceAll(text, "-", ""), ""), " ")}
	case "number":
		return []any{text, text + " people"}
	case "text":
		if text != "" {
			return []any{strings.ToUpper(text)}
		}
	}
	return nil
}

// nearMisses returns values that are near a value and mean another thing.
func nearMisses(column string, value any) []any {
	text := fmt.Sprint(value)
	last := text
	if last != "" {
		last = text[:len(text)-1]
	}
	switch columnKind(column, value) {
	case "phone":
		return []any{last, text + "0", last + string('0'+(text[len(text)-1]-'0'+1)%10), ""}
	case "date":
		d, err := time.Parse(time.DateOnly, text)
		if err != nil {
			panic(err)
		}
		return []any{d.AddDate(0, 0, 1).Format(time.DateOnly), d.AddDate(0, 0, -1).Format("January 2, 2006"), d.AddDate(0, 1, 0).Format(time.DateOnly), d.AddDate(1, 0, 0).Format(time.DateOnly), "tomorrow", ""}
	case "time":
		c, err := time.Parse(time.TimeOnly, text)
		if err != nil {
			panic(err)
		}
		return []any{c.Add(time.Hour).Format("15:04"), c.Add(12 * time.Hour).Format("3:04 pm"), c.Add(30 * time.Minute).Format(time.TimeOnly), ""}
	case "name", "code":
		other := "x"
		if strings.HasSuffix(strings.ToLower(text), other) {
			other = "y"
		}
		return []any{last, last + other, text + " " + other, ""}
	case "number":
		n := int(value.(float64))
		return []any{n + 1, n - 1, n * 10, strconv.Itoa(n + 1), ""}
	case "text":
		return []any{text + " too", last + "#", "not " + text}
	}
	return nil
}

// Checks are built from the effects that scenarios expect. They have to accept what is expected, however it is written,
// and reject each change of a single field, as well as an effect too few, too many, twice or failed.
func TestEvalScenariosAcceptWhatIsExpectedAndRejectEachChange(t *testing.T) {
	var scenarios, effects, fields, left, ways, free int
	changes, rejected := map[string]int{}, map[string]int{}
	var desk []job.ActionName
	all := corpus.Lines[deskScenario](t, "livekit/dev/scenarios.jsonl")
	for _, s := range all {
		for _, e := range s.effects() {
			if !slices.Contains(desk, e.Action) {
				desk = append(desk, e.Action)
			}
		}
	}
	for _, s := range all {
		if len(s.Effects) == 0 {
			continue
		}
		scenarios++
		gold, checks := s.effects(), s.checks(desk)
		judge := func(effects []call.Effect) error {
			return scoreOf(&mockcall.Result{Record: call.Record{Effects: effects}}, checks)
		}
		reject := func(how, what string, effects []call.Effect) {
			changes[how]++
			if judge(effects) == nil {
				t.Errorf("%s: %s: %s is accepted", s.ID, how, what)
				return
			}
			rejected[how]++
		}
		require.NoError(t, judge(gold), s.ID)
		for i, e := range gold {
			effects++
			var args map[string]any
			require.NoError(t, json.Unmarshal(e.Args, &args))
			with := func(column string, value any) []call.Effect {
				changed, other := slices.Clone(gold), maps.Clone(args)
				other[column] = value
				changed[i].Args = mustJSON(other)
				return changed
			}
			for _, column := range slices.Sorted(maps.Keys(args)) {
				value := args[column]
				if columnMatcher(column, value) == nil {
					left++
					require.NoError(t, judge(with(column, "another")), "%s: %s", s.ID, column)
					free++
					continue
				}
				fields++
				for _, v := range otherWays(column, value) {
					require.NoError(t, judge(with(column, v)), "%s: %s: %v", s.ID, column, v)
					ways++
				}
				for _, v := range nearMisses(column, value) {
					reject("another "+columnKind(column, value), fmt.Sprintf("%s %v in place of %v", column, v, value), with(column, v))
				}
				reject("null", column, with(column, nil))
				without := maps.Clone(args)
				delete(without, column)
				changed := slices.Clone(gold)
				changed[i].Args = mustJSON(without)
				reject("field left out", column, changed)
			}
			reject("effect left out", string(e.Action), slices.Delete(slices.Clone(gold), i, i+1))
			reject("effect twice", string(e.Action), append(slices.Clone(gold), e))
			failed := slices.Clone(gold)
			failed[i].Err = "not possible"
			reject("effect failed", string(e.Action), failed)
			cut := slices.Clone(gold)
			cut[i].Done = false
			reject("effect not finished", string(e.Action), cut)
		}
		for _, name := range desk {
			reject("one more effect", string(name), append(slices.Clone(gold), call.Effect{Action: name, Args: json.RawMessage(`{}`), Done: true}))
		}
	}
	t.Logf("%d scenarios, %d of them with expected effects: %d effects with %d fields compared, %d not (codes, picked rooms, totals, free text)", len(all), scenarios, effects, fields, left)
	t.Logf("accepted: %d of %d as expected, %d of %d fields written in another way, %d of %d fields that are not compared", scenarios, scenarios, ways, ways, free, free)
	n, ok := 0, 0
	for _, how := range slices.Sorted(maps.Keys(changes)) {
		t.Logf("rejected: %-20s %4d of %4d", how, rejected[how], changes[how])
		n, ok = n+changes[how], ok+rejected[how]
	}
	t.Logf("rejected: %d of %d changes", ok, n)
	require.Equal(t, n, ok)
}
