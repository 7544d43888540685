package callflow_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/callflow/knowledge"
	"github.com/sonajobs/sona/job"
)

func ids(s ...knowledge.ID) []knowledge.ID { return s }

// everything is a flow in which every field of every kind is set.
func everything(t testing.TB) callflow.Flow {
	t.Helper()
	f, err := callflow.New(callflow.Spec{Name: "Desk", Numbers: []callflow.Line{desk, "204"}, Entry: "hours", Steps: []callflow.Step{
		{ID: "hours", Name: "Hours", Is: callflow.HostStep{Name: "hours", Exits: []callflow.Exit{"open", "closed"},
			Config: json.RawMessage(`{ "zone": "<Europe/Paris>" }`)},
			Next: map[callflow.Exit]callflow.StepID{"open": "sona", "closed": "vm"}},
		{ID: "sona", Name: "Sona", Is: callflow.SonaStep{Greeting: "Hello.", History: true, Jobs: []job.ID{"b", "a"}, Pages: ids("p"),
			Persona: callflow.Persona{Tone: "warm", Voice: "alto", Languages: []callflow.Language{"fr", "en"}}},
			Next: map[callflow.Exit]callflow.StepID{"voicemail": "vm", "ended": "end"}},
		{ID: "vm", Is: callflow.VoicemailStep{Greeting: "Speak after the tone."}, Next: map[callflow.Exit]callflow.StepID{"done": "end"}},
		{ID: "end", Is: callflow.HangupStep{}},
	}})
	require.NoError(t, err)
	f, err = f.Publish(monday, "ann")
	require.NoError(t, err)
	f = edit(t, f, func(d *callflow.Draft) error { return d.Attach("sona", "c") })
	return f.Stamped(job.Stamp{Revision: 4, At: monday.Add(time.Hour), By: "bob", Note: "c attached"})
}

func TestFlowJSON_HoldsEverythingAndReadsBackEqual(t *testing.T) {
	f := everything(t)
	raw, err := json.Marshal(f)
	require.NoError(t, err)
	var g callflow.Flow
	require.NoError(t, json.Unmarshal(raw, &g))

	assert.True(t, f.Equal(g))
	assert.Equal(t, f.ID(), g.ID())
	assert.Equal(t, f.Stamp(), g.Stamp())
	assert.Equal(t, f.Numbers(), g.Numbers())
	assert.Empty(t, cmp.Diff(f.Draft().Steps(), g.Draft().Steps()), "the host's configuration too, byte for byte")
	was, _ := f.Published()
	is, _ := g.Published()
	assert.Empty(t, cmp.Diff(was.Steps(), is.Steps()))
	assert.Equal(t, []any{was.Number(), was.At(), was.By(), was.Entry()}, []any{is.Number(), is.At(), is.By(), is.Entry()})
	assert.Equal(t, f.Changes(), g.Changes())

	version, err := json.Marshal(was)
	require.NoError(t, err)
	assert.Contains(t, string(raw), string(version), "a version alone has the form that it has in its flow")
}

func TestFlowJSON_TheZeroFlowIsNull(t *testing.T) {
	raw, err := json.Marshal(callflow.Flow{})
	require.NoError(t, err)
	assert.Equal(t, "null", string(raw))
	f := everything(t)
	require.NoError(t, json.Unmarshal(raw, &f))
	assert.True(t, f.IsZero())
}

// TestFlowJSON_TheStoredFormOfTheFirstReleaseLoads pins names and shapes: a stored flow loads for ever.
func TestFlowJSON_TheStoredFormOfTheFirstReleaseLoads(t *testing.T) {
	const stored = `{"id":"flow_1","revision":3,"at":"2026-03-02T09:00:00Z","by":"ann","note":"n","name":"Desk","numbers":["+15551230000"],
		"draft":{"entry":"sona","steps":[{"id":"sona","name":"Sona","is":{"kind":"sona","greeting":"Hi","persona":{"tone":"t","voice":"v","languages":["en"]},
			"jobs":["job_1"],"pages":["page_1"],"history":true},"next":{"voicemail":"vm"}},
			{"id":"vm","is":{"kind":"voicemail","greeting":"Speak"}},{"id":"end","is":{"kind":"hangup"}},
			{"id":"host","is":{"kind":"host","name":"hours","exits":["open"],"config":{"zone":"UTC"}}}]},
		"published":{"number":2,"at":"2026-03-01T09:00:00Z","by":"bob","entry":"end","steps":[{"id":"end","is":{"kind":"hangup"}}]},
		"a field of a later release":1}`
	var f callflow.Flow
	require.NoError(t, json.Unmarshal([]byte(stored), &f))
	assert.Equal(t, callflow.ID("flow_1"), f.ID())
	assert.Equal(t, 3, f.Revision())
	sona := sonaOf(t, f.Draft())
	assert.Equal(t, callflow.SonaStep{Greeting: "Hi", Jobs: []job.ID{"job_1"}, Pages: ids("page_1"), History: true,
		Persona: callflow.Persona{Tone: "t", Voice: "v", Languages: []callflow.Language{"en"}}}, sona)
	v, _ := f.Published()
	assert.Equal(t, 2, v.Number())
}

func TestFlowJSON_BrokenFormsAreRefusedAndTheOldValueStays(t *testing.T) {
	const hangup = `{"entry":"end","steps":[{"id":"end","is":{"kind":"hangup"}}]}`
	for name, raw := range map[string]string{
		"no JSON":                       `{`,
		"another shape":                 `[]`,
		"a number for a name":           `{"id":"f","name":7,"draft":` + hangup + `}`,
		"no ID":                         `{"name":"Desk","draft":` + hangup + `}`,
		"an ill-formed ID":              `{"id":"a b","name":"Desk","draft":` + hangup + `}`,
		"no name":                       `{"id":"f","draft":` + hangup + `}`,
		"a revision below zero":         `{"id":"f","revision":-1,"name":"Desk","draft":` + hangup + `}`,
		"a number that is no line":      `{"id":"f","name":"Desk","numbers":["x"],"draft":` + hangup + `}`,
		"no draft":                      `{"id":"f","name":"Desk"}`,
		"an unknown kind":               `{"id":"f","name":"Desk","draft":{"entry":"a","steps":[{"id":"a","is":{"kind":"menu"}}]}}`,
		"no kind":                       `{"id":"f","name":"Desk","draft":{"entry":"a","steps":[{"id":"a","is":{}}]}}`,
		"no step kind at all":           `{"id":"f","name":"Desk","draft":{"entry":"a","steps":[{"id":"a"}]}}`,
		"a kind of another shape":       `{"id":"f","name":"Desk","draft":{"entry":"a","steps":[{"id":"a","is":[]}]}}`,
		"a field of another shape":      `{"id":"f","name":"Desk","draft":{"entry":"a","steps":[{"id":"a","is":{"kind":"sona","jobs":"x"}}]}}`,
		"a step of another shape":       `{"id":"f","name":"Desk","draft":{"entry":"a","steps":[7]}}`,
		"eleven jobs":                   `{"id":"f","name":"Desk","draft":{"entry":"a","steps":[{"id":"a","is":{"kind":"sona","jobs":["1","2","3","4","5","6","7","8","9","10","11"]}}]}}`,
		"a broken published version":    `{"id":"f","name":"Desk","draft":` + hangup + `,"published":{"number":1,"entry":"x","steps":[]}}`,
		"a published version without n": `{"id":"f","name":"Desk","draft":` + hangup + `,"published":` + hangup + `}`,
	} {
		t.Run(name, func(t *testing.T) {
			f := everything(t)
			assert.Error(t, json.Unmarshal([]byte(raw), &f))
			assert.Error(t, (&f).UnmarshalJSON([]byte(raw)))
			assert.Equal(t, "Desk", f.Name(), "the old value stays")
			assert.Equal(t, 4, f.Revision())
		})
	}
}

func TestStepJSON_UnknownKindsNameTheStepAndTheOldValueStays(t *testing.T) {
	s := callflow.Step{ID: "old", Is: callflow.HangupStep{}}
	err := json.Unmarshal([]byte(`{"id":"menu","is":{"kind":"phone_menu"}}`), &s)
	assertStepError(t, err, "menu", callflow.RuleNoKind)
	assert.ErrorContains(t, err, `"phone_menu": use sona, voicemail, hangup or host`)
	assert.Equal(t, callflow.Step{ID: "old", Is: callflow.HangupStep{}}, s)
	assert.Error(t, (&s).UnmarshalJSON([]byte(`{`)))

	_, err = json.Marshal(callflow.Step{ID: "a", Is: &callflow.HangupStep{}})
	assertStepError(t, err, "a", callflow.RuleNoKind)
	_, err = json.Marshal(callflow.Step{ID: "a", Is: callflow.HostStep{Name: "h", Config: json.RawMessage("{")}})
	assertStepError(t, err, "a", callflow.RuleInvalid)
	raw, err := json.Marshal(callflow.Step{ID: "a"})
	require.NoError(t, err)
	assert.JSONEq(t, `{"id":"a","is":null}`, string(raw), "a half-made step can be sent to an editor")
}

func FuzzFlowJSON(f *testing.F) {
	raw, err := json.Marshal(everything(f))
	require.NoError(f, err)
	f.Add(raw)
	f.Add([]byte(`{"id":"f","name":"Desk","draft":{"steps":[{"id":"a","is":{"kind":"host","name":"h","config":null}}]}}`))
	f.Add([]byte(`{"id":"f","name":" x ","at":"2026-01-01T00:00:00+23:59","draft":{"steps":[{"id":"a","is":{"kind":"sona","greeting":"a\r\n\u2028é"}}]}}`))
	f.Add([]byte(`{"ID":"f","name":"x","draft":{"steps":[{"id":"a","is":{"kind":"hangup"},"next":{}}]},"published":{"number":3,"entry":"a","steps":[{"id":"a","is":{"kind":"hangup"}}]}}`))
	f.Add([]byte("null"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		var first, second callflow.Flow
		if json.Unmarshal(raw, &first) != nil {
			assert.True(t, first.IsZero())
			return
		}
		stored, err := json.Marshal(first)
		require.NoError(t, err)
		require.NoError(t, json.Unmarshal(stored, &second), "what was stored loads: %s", stored)
		assert.True(t, first.Equal(second))
		assert.Empty(t, cmp.Diff(first.Draft().Steps(), second.Draft().Steps()))
		assert.Equal(t, first.Changes(), second.Changes())
	})
}
