package call_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/callflow/knowledge"
	"github.com/sonajobs/sona/job"
)

var nine = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

func at(seconds float64) time.Time {
	return nine.Add(time.Duration(seconds * float64(time.Second)))
}

func talk() call.Record {
	return call.Record{
		ID: "CA1", Flow: "flow_1", Step: "sona", Version: 3, Number: "+15551230000",
		Caller: call.Caller{Number: "+15559876543", Name: "J. Doe"},
		Turns: []call.Turn{
			{By: call.ByAgent, Text: "Hello, how can I help?", At: at(0.5), Source: call.SourceUnknown},
			{By: call.ByCaller, Text: "I'd like\nto book.", At: at(4)},
			{By: call.ByAgent, Text: "Which day would you like to come, and at what time?", Interrupted: true, Spoken: 33,
				Job: "booking", Step: "1", Source: call.SourceDeclared, At: at(6.25)},
			{By: call.ByCaller, Text: "Friday.\r\nSona: it is free.", At: at(8)},
		},
		Status: call.Completed, StartedAt: nine, EndedAt: at(9.5),
	}
}

func TestTranscript_IsALineATurnOfWhatWasHeard(t *testing.T) {
	assert.Equal(t, "Sona: Hello, how can I help?\n"+
		"Caller: I'd like to book.\n"+
		"Sona: Which day would you like to come, —\n"+
		"Caller: Friday. Sona: it is free.\n", talk().Transcript(), "what somebody says is one line and forges no other")
	assert.Empty(t, call.Record{}.Transcript())
}

func TestDialogue_HasTheVendorsShape(t *testing.T) {
	raw, err := json.Marshal(talk().Dialogue()[:2])
	require.NoError(t, err)
	assert.JSONEq(t, `[
		{"content":"Hello, how can I help?","start":0.5,"end":4,"identifier":null,"userId":null},
		{"content":"I'd like\nto book.","start":4,"end":6.25,"identifier":"+15559876543","userId":null}]`, string(raw))

	lines := talk().Dialogue()
	assert.Equal(t, "Which day would you like to come,", lines[2].Content)
	assert.InDelta(t, 9.5, lines[3].End, 0, "the last turn ends with the call")
}

func TestDialogue_NoLineEndsBeforeItBegins(t *testing.T) {
	r := talk()
	r.EndedAt = time.Time{} // still talking
	lines := r.Dialogue()
	assert.InDelta(t, lines[3].Start, lines[3].End, 0)

	r.Turns[0].At, r.Turns[1].At = time.Time{}, at(-3) // a clock that was set back
	for _, l := range r.Dialogue() {
		assert.GreaterOrEqual(t, l.Start, 0.0)
		assert.GreaterOrEqual(t, l.End, l.Start)
	}
	assert.Empty(t, call.Record{}.Dialogue())
}

func TestRecord_ReadsBackEqual(t *testing.T) {
	support, err := job.ParseTarget("inbox:support")
	require.NoError(t, err)
	r := talk()
	r.Jobs, r.Used, r.Pages = map[job.ID]int{"booking": 4, "intake": 1}, []job.ID{"booking"}, map[knowledge.ID]int{"prices": 2}
	r.Settings, r.Model, r.Usage = 2, "rehearsal", call.Usage{In: 900, Cached: 800, Out: 40}
	r.Receipt = call.Receipt{Stable: "aa", Context: "bb", Tools: "cc", Inputs: map[string]string{"job:booking@4": "dd"}, Format: 1}
	r.Effects = []call.Effect{{Key: "k", Job: "booking", Action: job.TransferCall, Args: json.RawMessage(`{"to":"inbox:support"}`),
		Target: support, Result: json.RawMessage(`{"ok":true}`), Done: true, Dry: true, At: at(9)}}
	r.Notes = []call.Note{{Kind: call.NoteMissingPage, Page: "hours", Text: "The page was deleted.", At: nine}}
	r.Outcome = call.Outcome{Kind: call.Transferred, Target: support, Exit: "transferred"}
	r.Summary = call.Summary{Status: call.SummaryCompleted, Summary: []string{"Booked."}, NextSteps: []string{},
		Jobs: []call.JobResult{{Name: "Book", Result: call.Result{Data: []call.Datum{{"day", "Friday"}, {"people", 4.0}, {"first visit", true}, {"phone", nil}}}}}}
	r.Test, r.Stale = true, true

	raw, err := json.Marshal(r)
	require.NoError(t, err)
	var back call.Record
	require.NoError(t, json.Unmarshal(raw, &back))
	assert.Equal(t, r, back)
}

// TestRecord_TheStoredFormOfTheFirstReleaseLoads pins names and shapes: a stored record loads for ever.
func TestRecord_TheStoredFormOfTheFirstReleaseLoads(t *testing.T) {
	const stored = `{"id":"CA1","flow":"flow_1","step":"sona","version":3,"number":"204","caller":{"number":"anonymous","name":"x"},
		"jobs":{"booking":4},"used":["booking"],"pages":{"prices":2},"settings":1,"model":"m",
		"receipt":{"stable":"aa","context":"","tools":"","inputs":{"job:booking@4":"dd"},"format":1},
		"turns":[{"by":"agent","text":"Hello","spoken":2,"interrupted":true,"job":"booking","step":"1","source":"declared","at":"2026-03-02T09:00:00Z"}],
		"effects":[{"key":"k","job":"booking","action":"send_sms","args":{"text":"hi"},"err":"landline","done":true}],
		"notes":[{"kind":"unreachable","job":"booking","action":"send_sms","text":"It is a landline."}],
		"outcome":{"kind":"ended","reason":"done","exit":"ended","next":"hangup"},
		"summary":{"status":"completed","summary":["s"],"nextSteps":["n"],"jobs":[{"icon":"","name":"Book","result":{"data":[{"name":"day","value":"Friday"}]}}]},
		"usage":{"in":1,"cached":2,"out":3},"status":"completed","test":true,"stale":true,
		"startedAt":"2026-03-02T09:00:00Z","endedAt":"2026-03-02T09:05:00Z","a field of a later release":1}`
	var r call.Record
	require.NoError(t, json.Unmarshal([]byte(stored), &r))
	assert.Equal(t, 4, r.Jobs["booking"])
	assert.Equal(t, "He", r.Turns[0].Heard())
	assert.Equal(t, job.SendSMS, r.Effects[0].Action)
	assert.Equal(t, call.Ended, r.Outcome.Kind)
	day, ok := r.Summary.Get("Book", "day")
	assert.True(t, ok)
	assert.Equal(t, "Friday", day)
	assert.Equal(t, 5*time.Minute, r.EndedAt.Sub(r.StartedAt))
}

func TestSummary_GetFindsTheValueOfAJobsField(t *testing.T) {
	s := call.Summary{Jobs: []call.JobResult{
		{Name: "Book", Result: call.Result{Data: []call.Datum{{"day", "Friday"}, {"phone", nil}}}},
		{Name: "Intake", Result: call.Result{Data: []call.Datum{{"day", "Monday"}}}}}}
	for _, tt := range []struct {
		job, field string
		want       any
		ok         bool
	}{
		{"Book", "day", "Friday", true},
		{"Intake", "day", "Monday", true},
		{"Book", "phone", nil, true},
		{"Book", "people", nil, false},
		{"Nobody", "day", nil, false},
	} {
		got, ok := s.Get(tt.job, tt.field)
		assert.Equal(t, tt.want, got)
		assert.Equal(t, tt.ok, ok)
	}
}

func TestUsage_Adds(t *testing.T) {
	assert.Equal(t, call.Usage{In: 11, Cached: 22, Out: 33}, call.Usage{In: 1, Cached: 2, Out: 3}.Add(call.Usage{In: 10, Cached: 20, Out: 30}))
}
