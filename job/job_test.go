package job_test

import (
	"encoding/json"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/job"
)

func newJob(t testing.TB, s job.Spec) job.Job {
	t.Helper()
	j, err := job.New(s)
	require.NoError(t, err)
	return j
}

func TestNewMakesAnUnsavedJobOfTheCleanedText(t *testing.T) {
	j := newJob(t, job.Spec{Name: "Take a message", Instructions: "Ask.\r\nTell."})
	require.False(t, j.IsZero())
	require.Equal(t, "Take a message", j.Name())
	require.Equal(t, "Ask.\nTell.", j.Spec().Instructions)
	require.Zero(t, j.Revision())
	require.Zero(t, j.Stamp())
	require.Regexp(t, `^job_[A-Z2-7]{26}$`, string(j.ID()))
	require.NotEqual(t, j.ID(), newJob(t, valid()).ID())
}

func TestNoConstructorMakesAnInvalidJob(t *testing.T) {
	bad := with(func(s *job.Spec) { s.Name = "" })
	j := newJob(t, valid())
	for name, err := range map[string]error{
		"New":     second(job.New(bad)),
		"Restore": second(job.Restore("job_1", job.Stamp{Revision: 1}, bad)),
		"With":    second(j.With(bad)),
		"zero":    second(job.Job{}.With(valid())),
		"no id":   second(job.Restore("", job.Stamp{Revision: 1}, valid())),
		"bad id":  second(job.Restore("a:b", job.Stamp{Revision: 1}, valid())),
		"revised": second(job.Restore("job_1", job.Stamp{Revision: -1}, valid())),
	} {
		var invalid *job.ValidationError
		require.ErrorAs(t, err, &invalid, name)
	}
	require.Equal(t, "Take a message", j.Name(), "a failed With leaves the job as it is")
}

func second[T any](_ T, err error) error { return err }

func TestRestoreGivesASavedRevisionBack(t *testing.T) {
	at := job.Stamp{Revision: 3, At: time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC), By: "ana", Note: "shorter"}
	j, err := job.Restore("front-desk/booking", at, valid())
	require.NoError(t, err)
	require.Equal(t, job.ID("front-desk/booking"), j.ID())
	require.Equal(t, 3, j.Revision())
	require.Equal(t, at, j.Stamp())
	require.Equal(t, `job "Take a message" (front-desk/booking, revision 3)`, j.String())
}

func TestWithIsACandidateAndNotASave(t *testing.T) {
	saved, err := job.Restore("job_1", job.Stamp{Revision: 2, By: "ana"}, valid())
	require.NoError(t, err)
	candidate, err := saved.With(with(func(s *job.Spec) { s.Instructions = "Ask for the number, too." }))
	require.NoError(t, err)
	require.Equal(t, saved.ID(), candidate.ID())
	require.Equal(t, saved.Stamp(), candidate.Stamp())
	require.NotEqual(t, saved.Hash(), candidate.Hash())
	require.Equal(t, "Ask for the caller's name.", saved.Spec().Instructions)
}

func TestTheZeroJobIsNoJobAndAnswersEveryQuestion(t *testing.T) {
	var j job.Job
	require.True(t, j.IsZero())
	require.Empty(t, j.ID())
	require.Empty(t, j.Name())
	require.Zero(t, j.Spec())
	require.Zero(t, j.Stamp())
	require.Zero(t, j.Revision())
	require.Empty(t, j.Hash())
	require.Empty(t, cmp.Diff(job.Outline{}, j.Outline()))
	require.Equal(t, "no job", j.String())
	require.True(t, j.Equal(job.Job{}))
	require.False(t, j.Equal(newJob(t, valid())))

	stored, err := json.Marshal(j)
	require.NoError(t, err)
	require.JSONEq(t, "null", string(stored))
}

func TestEqualComparesIDStampAndText(t *testing.T) {
	at := job.Stamp{Revision: 1, At: time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC), By: "ana", Note: "first"}
	restore := func(id job.ID, at job.Stamp, s job.Spec) job.Job {
		j, err := job.Restore(id, at, s)
		require.NoError(t, err)
		return j
	}
	j := restore("job_1", at, valid())
	same := j
	require.True(t, j.Equal(same))
	elsewhere := at
	elsewhere.At = at.At.In(time.FixedZone("", 3600))
	require.True(t, j.Equal(restore("job_1", elsewhere, valid())), "the same moment in another time zone")

	require.False(t, j.Equal(restore("job_2", at, valid())))
	require.False(t, j.Equal(restore("job_1", at, with(func(s *job.Spec) { s.Name = "x" }))))
	for name, change := range map[string]func(*job.Stamp){
		"revision": func(s *job.Stamp) { s.Revision++ },
		"time":     func(s *job.Stamp) { s.At = s.At.Add(1) },
		"author":   func(s *job.Stamp) { s.By = "bo" },
		"note":     func(s *job.Stamp) { s.Note = "" },
	} {
		other := at
		change(&other)
		require.False(t, j.Equal(restore("job_1", other, valid())), name)
	}
	require.Empty(t, cmp.Diff(j, restore("job_1", at, valid())), "cmp uses Equal")
}

func TestHashIsOfTheTextAlone(t *testing.T) {
	a, b := newJob(t, valid()), newJob(t, valid())
	require.NotEqual(t, a.ID(), b.ID())
	require.Equal(t, a.Hash(), b.Hash())
	require.Len(t, a.Hash(), 64)
	nfd := newJob(t, with(func(s *job.Spec) { s.Name = "Cafe\u0301" }))
	nfc := newJob(t, with(func(s *job.Spec) { s.Name = "Café" }))
	require.Equal(t, nfd.Hash(), nfc.Hash(), "what is stored is hashed")
	require.NotEqual(t, a.Hash(), newJob(t, withResults(job.Field{Name: "x"})).Hash())
	moved := job.Spec{Name: "Take a message", Description: "Ask", Instructions: "x"}
	split := job.Spec{Name: "Take a message", CallerIntent: "Ask", Instructions: "x"}
	require.NotEqual(t, newJob(t, moved).Hash(), newJob(t, split).Hash())
}

// A Job is a value: what a caller does with what it was handed changes nothing in it.
func TestAJobCannotBeChangedFromOutside(t *testing.T) {
	spec := withResults(job.Field{Name: "Plan", Type: job.ChoiceField, Choices: []string{"small", "large"}})
	spec.Instructions = "1. Say “Hi”.\n2. If the caller refuses, stop.\n3. {{action send_sms text=\"{{link}}\"}}"
	j := newJob(t, spec)
	hash, outline := j.Hash(), j.Outline()

	spec.Results[0].Choices[0] = "changed"
	got := j.Spec()
	got.Results[0].Choices[1] = "changed"
	got.Results[0].Name = "changed"
	out := j.Outline()
	out.Items[0].Number = "9"
	out.OffScript[0].Start = 99
	out.Actions[0].Args["text"] = "changed"
	out.Actions[0].Name = "changed"
	out.Variables[0].Name = "changed"
	out.Facts[0].Text = "changed"

	require.Equal(t, []string{"small", "large"}, j.Spec().Results[0].Choices)
	require.Equal(t, "Plan", j.Spec().Results[0].Name)
	require.Equal(t, hash, j.Hash())
	require.Empty(t, cmp.Diff(outline, j.Outline()))
}

func TestAJobIsSafeForManyGoroutines(t *testing.T) {
	j := newJob(t, longJob())
	want := job.ParseOutline(j.Spec().Instructions)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			got := j.Outline()
			got.Items[0].Kind = "mine"
			got.Actions[0].Args["text"] = "mine"
			if diff := cmp.Diff(want.Facts, j.Outline().Facts); diff != "" {
				t.Error(diff)
			}
			if _, err := json.Marshal(j); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	require.Empty(t, cmp.Diff(want, j.Outline()))
}

func TestStoredFormOfAJob(t *testing.T) {
	at := job.Stamp{Revision: 2, At: time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC), By: "ana", Note: "shorter"}
	j, err := job.Restore("job_1", at, job.Spec{
		Name: "Book", Description: "For guests.", CallerIntent: "wants a table", Instructions: "Ask.\nTell.",
		Results: []job.Field{{Name: "Size", Type: job.NumberField, Required: true, Ask: "How many?"}, {Name: "Where", Type: job.ChoiceField, Choices: []string{"in", "out"}}},
	})
	require.NoError(t, err)
	stored, err := json.Marshal(j)
	require.NoError(t, err)
	const want = `{"id":"job_1","revision":2,"at":"2026-05-01T12:00:00Z","by":"ana","note":"shorter",` +
		`"name":"Book","description":"For guests.","callerIntent":"wants a table","instructions":"Ask.\nTell.",` +
		`"results":[{"name":"Size","type":"number","required":true,"ask":"How many?"},{"name":"Where","type":"choice","choices":["in","out"]}]}`
	require.Empty(t, cmp.Diff(want, string(stored)), "byte for byte: the order of the fields, too")

	var back job.Job
	require.NoError(t, json.Unmarshal(stored, &back))
	require.True(t, j.Equal(back))
	require.Equal(t, j.Hash(), back.Hash())

	small, err := json.Marshal(newJob(t, valid()))
	require.NoError(t, err)
	require.Regexp(t, `^\{"id":"job_\w+","revision":0,"name":"Take a message","instructions":"Ask for the caller's name."\}$`, string(small))
}

func TestDecodingPassesOverFieldsOfLaterVersions(t *testing.T) {
	var j job.Job
	require.NoError(t, json.Unmarshal([]byte(`{"id":"job_1","revision":1,"name":"n","instructions":"i","colour":"red","results":[{"name":"f"}]}`), &j))
	require.Equal(t, []job.Field{{Name: "f", Type: job.TextField}}, j.Spec().Results)
}

func TestDecodingChecksAndLeavesTheOldValueOnAnError(t *testing.T) {
	old := newJob(t, valid())
	for name, stored := range map[string]string{
		"no JSON":          `{`,
		"a list":           `[]`,
		"a number":         `7`,
		"wrong type":       `{"id":"job_1","name":5,"instructions":"i"}`,
		"bad time":         `{"id":"job_1","at":"yesterday","name":"n","instructions":"i"}`,
		"no id":            `{"revision":1,"name":"n","instructions":"i"}`,
		"bad id":           `{"id":"job 1","name":"n","instructions":"i"}`,
		"negative":         `{"id":"job_1","revision":-1,"name":"n","instructions":"i"}`,
		"no name":          `{"id":"job_1","name":" ","instructions":"i"}`,
		"too long":         `{"id":"job_1","name":"n","instructions":"` + strings.Repeat("i", 10_001) + `"}`,
		"bad result":       `{"id":"job_1","name":"n","instructions":"i","results":[{"name":"f","type":"colour"}]}`,
		"long with intent": `{"id":"job_1","name":"n","callerIntent":"c","instructions":"` + strings.Repeat("i", 10_000) + `"}`,
	} {
		t.Run(name, func(t *testing.T) {
			j := old
			require.Error(t, json.Unmarshal([]byte(stored), &j))
			require.True(t, old.Equal(j))
		})
	}
	j := old
	require.NoError(t, json.Unmarshal([]byte(" null "), &j))
	require.True(t, j.IsZero())
	err := j.UnmarshalJSON([]byte(`{"id":`))
	var syntax *json.SyntaxError
	require.ErrorAs(t, err, &syntax)
	require.Contains(t, err.Error(), "job: stored form: ")
}

func TestParseID(t *testing.T) {
	for _, good := range []string{"a", "7", "job_1", "front-desk/booking.v2", strings.Repeat("x", 100), string(job.NewID())} {
		id, err := job.ParseID(good)
		require.NoError(t, err)
		require.Equal(t, job.ID(good), id)
	}
	for bad, why := range map[string]string{
		"":                       "id: is empty",
		" a":                     "must begin and end with a letter or a digit",
		"_a":                     "must begin and end",
		"a/":                     "must begin and end",
		"a:b":                    "has ':' at byte 1",
		"a@1":                    "has '@' at byte 1",
		"a b":                    "has ' ' at byte 1",
		"año":                    "at byte 1",
		"a\x00b":                 "at byte 1",
		strings.Repeat("x", 101): "has 101 bytes: at most 100",
	} {
		id, err := job.ParseID(bad)
		require.ErrorContains(t, err, why)
		require.Empty(t, id)
		var field *job.FieldError
		require.ErrorAs(t, err, &field)
		require.Equal(t, "id", field.Field)
		require.Equal(t, job.RuleFormat, field.Rule)
	}
}

func FuzzJobJSON(f *testing.F) {
	f.Add(`{"id":"job_1","revision":2,"at":"2026-05-01T12:00:00.5+02:00","by":"ana","name":"n","instructions":"Ask\r\n","results":[{"name":"f","type":"choice","choices":["a","b"]}]}`)
	f.Add(`{"id":"a","NAME":"e\u0301","callerintent":"c","instructions":"\ud800"}`)
	f.Add(`null`)
	f.Add(`{"id":"a","at":"0001-01-01T00:00:00Z","name":"n","instructions":"i","results":[]}`)
	f.Fuzz(func(t *testing.T, stored string) {
		var j job.Job
		if json.Unmarshal([]byte(stored), &j) != nil {
			if !j.IsZero() {
				t.Fatal("an error left a job behind")
			}
			return
		}
		again, err := json.Marshal(j)
		if err != nil {
			t.Fatal(err)
		}
		var back job.Job
		if err := json.Unmarshal(again, &back); err != nil {
			t.Fatalf("%s: %v", again, err)
		}
		if !j.Equal(back) || !j.Spec().Equal(back.Spec()) {
			t.Fatalf("%s\nbecame %v", again, back)
		}
		if !j.IsZero() && j.Spec().Check() != nil {
			t.Fatal("an invalid job was decoded")
		}
	})
}
