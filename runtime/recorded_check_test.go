package runtime_test

import (
	"encoding/json"
	"slices"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime/model"
)

// told is a turn as it is compared: who said what, in which job and step.
type told struct {
	by     call.Speaker
	text   string
	job    job.ID
	step   string
	source call.Source
}

// turns returns what the record of the call has to hold, greeting included.
func (s *stage) turns(greeted string) []told {
	var all []told
	if greeted != "" {
		all = append(all, told{by: call.ByAgent, text: greeted, source: call.SourceUnknown})
	}
	for i, turn := range s.call.Turns {
		if turn.Caller == "" {
			continue
		}
		all = append(all, told{by: call.ByCaller, text: words(turn.Caller)})
		if turn.Agent != "" {
			p := s.place(i)
			all = append(all, told{call.ByAgent, words(turn.Agent), s.jobs[p.job].ID(), p.step, call.SourceDeclared})
		}
	}
	return all
}

// recorded returns the turns of a record in the same form.
func recorded(r call.Record) []told {
	var all []told
	for _, t := range r.Turns {
		all = append(all, told{t.By, words(t.Heard()), t.Job, t.Step, t.Source})
	}
	return all
}

// spoken reports whether heard is what is spoken of a text: the same, or less where a part of it is for the eye only.
func spoken(text, heard string) bool {
	text, heard = words(text), words(heard)
	if text == heard {
		return true
	}
	rest := []rune(text)
	left := 0 // letters and digits that are not spoken
	for _, r := range heard {
		for len(rest) > 0 && rest[0] != r {
			if unicode.IsLetter(rest[0]) || unicode.IsDigit(rest[0]) {
				left++
			}
			rest = rest[1:]
		}
		if len(rest) == 0 {
			return unicode.IsPunct(r) && left*4 < len(text) // a pause at the end
		}
		rest = rest[1:]
	}
	return heard != "" && left*4 < len(text)
}

// compare looks at the turns of a call that nothing has disturbed. The words that were spoken count where they are
// not those of the recording.
func (s *stage) compare(r call.Record, greeted string) {
	want, got := s.turns(greeted), recorded(r)
	for i := range min(len(want), len(got)) {
		if want[i].by == call.ByAgent && want[i].text != got[i].text && spoken(want[i].text, got[i].text) {
			want[i].text = got[i].text
			s.reworded++
		}
	}
	require.Empty(s.t, cmp.Diff(want, got, cmp.AllowUnexported(told{})))
}

// check looks at what is left of a call: every action was carried out once, in order and with the recorded
// arguments, the record and the model were told so, and the record that was stored and handed over says the same.
func (s *stage) check(r call.Record) {
	t := s.t
	want := call.HungUp
	if s.ends {
		want = call.Ended
	}
	require.Equal(t, want, r.Outcome.Kind)
	require.Equal(t, call.Completed, r.Status)
	require.Equal(t, call.SummaryCompleted, r.Summary.Status)
	require.Empty(t, r.Notes)

	different := cmp.AllowUnexported(carried{}, told{})
	require.Empty(t, cmp.Diff(s.want, s.carried, different), "each action once, in order, with equal arguments")
	var effects []carried
	ended := 0
	for _, f := range r.Effects {
		require.True(t, f.Done)
		require.Empty(t, f.Err)
		if f.Action == job.EndCall {
			ended++
			continue
		}
		require.Zero(t, ended, "nothing is carried out after the end")
		require.Equal(t, s.jobs[s.places[string(f.Action)].job].ID(), f.Job)
		effects = append(effects, carried{string(f.Action), plain(t, f.Args), plain(t, f.Result)})
	}
	require.Equal(t, s.ends, ended == 1)
	require.Empty(t, cmp.Diff(s.want, effects, different), "the record has each action once, in order")

	s.checkRequests()
	require.Len(t, s.records, 1, "one record")
	stored, err := s.ws.Call(t.Context(), r.ID)
	require.NoError(t, err)
	require.JSONEq(t, string(encoded(t, r)), string(encoded(t, stored)))
	require.JSONEq(t, string(encoded(t, r)), string(encoded(t, s.records[0])))
}

// checkRequests looks at what the model was told of the actions.
func (s *stage) checkRequests() {
	t := s.t
	for _, r := range s.requests {
		valid(t, r.Messages)
	}
	if len(s.requests) == 0 {
		return
	}
	var asked []carried // as the model asked, in order: the name, the ID and the arguments
	told := map[string]any{}
	for _, m := range s.requests[len(s.requests)-1].Messages {
		for _, c := range m.Calls {
			asked = append(asked, carried{c.Name, c.ID, plain(t, c.Arguments)})
		}
		if m.Role == model.Tool {
			told[m.CallID] = plain(t, json.RawMessage(m.Text))
		}
	}
	for i, a := range asked {
		if slices.ContainsFunc(asked[:i], func(b carried) bool { return b.name == a.name && same(b.result, a.result) }) {
			s.repeated++
		}
		answer, ok := told[a.args.(string)].(map[string]any)
		require.True(t, ok, "%s was never answered", a.name)
		if answer["ok"] != true {
			continue
		}
		require.True(t, answer["result"] == nil || slices.ContainsFunc(s.want, func(w carried) bool { return w.name == a.name && same(w.result, answer["result"]) }),
			"the model was told what was never answered: %s: %v", a.name, answer)
	}
}

// loose reduces turns of a call that was disturbed to what was said in the end: what was said again, what was cut
// off and the model's own words to a request for which nothing was recorded are left out.
func loose(r call.Record, disturbance string) (callers, agents []string) {
	for _, t := range r.Turns {
		text := words(t.Heard())
		list := &agents
		if t.By == call.ByCaller {
			list = &callers
		}
		if t.Interrupted || text == already || text == words(disturbance) && t.By == call.ByCaller || len(*list) > 0 && (*list)[len(*list)-1] == text {
			continue
		}
		*list = append(*list, text)
	}
	return callers, agents
}

// looseTurns is loose for what was recorded.
func (s *stage) looseTurns(greeted string) (callers, agents []string) {
	for _, t := range s.turns(greeted) {
		list := &agents
		if t.by == call.ByCaller {
			list = &callers
		}
		if text := words(t.text); len(*list) == 0 || (*list)[len(*list)-1] != text {
			*list = append(*list, text)
		}
	}
	return callers, agents
}
