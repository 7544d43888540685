package callflow_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/callflow/knowledge"
	"github.com/sonajobs/sona/job"
)

func TestStep_EveryRuleOfWhatStandsInsideHasItsError(t *testing.T) {
	long := func(n int) string { return strings.Repeat("é", n) }
	for _, tt := range []struct {
		name string
		step callflow.Step
		rule string
		says string
	}{
		{"no ID", callflow.Step{Is: callflow.HangupStep{}}, callflow.RuleInvalid, "id is empty"},
		{"a blank in the ID", callflow.Step{ID: "a b", Is: callflow.HangupStep{}}, callflow.RuleInvalid, "id"},
		{"an ID that is too long", callflow.Step{ID: callflow.StepID(strings.Repeat("a", 101)), Is: callflow.HangupStep{}}, callflow.RuleInvalid, "at most 100"},
		{"a name that is too long", callflow.Step{ID: "a", Name: long(101), Is: callflow.HangupStep{}}, callflow.RuleInvalid, "name: 101 characters, at most 100"},
		{"no kind", callflow.Step{ID: "a"}, callflow.RuleNoKind, "no kind"},
		{"a pointer to a kind, which would be shared", callflow.Step{ID: "a", Is: &callflow.SonaStep{}}, callflow.RuleNoKind, "no kind"},
		{"a greeting that is too long", callflow.Step{ID: "a", Is: callflow.SonaStep{Greeting: long(1001)}}, callflow.RuleInvalid, "greeting: 1001"},
		{"a tone that is too long", callflow.Step{ID: "a", Is: callflow.SonaStep{Persona: callflow.Persona{Tone: long(501)}}}, callflow.RuleInvalid, "persona.tone: 501"},
		{"a voice that is too long", callflow.Step{ID: "a", Is: callflow.SonaStep{Persona: callflow.Persona{Voice: long(501)}}}, callflow.RuleInvalid, "persona.voice: 501"},
		{"a language that is not spoken", callflow.Step{ID: "a", Is: callflow.SonaStep{Persona: callflow.Persona{Languages: []callflow.Language{"de"}}}}, callflow.RuleInvalid, `"de" is not spoken: use en, es or fr`},
		{"bytes that are no text", callflow.Step{ID: "a", Is: callflow.SonaStep{Greeting: "\xff"}}, callflow.RuleInvalid, "greeting"},
		{"an ill-formed job", callflow.Step{ID: "a", Is: callflow.SonaStep{Jobs: []job.ID{"a:b"}}}, callflow.RuleInvalid, "jobs: "},
		{"an ill-formed page", callflow.Step{ID: "a", Is: callflow.SonaStep{Pages: []knowledge.ID{""}}}, callflow.RuleInvalid, "pages: "},
		{"a voicemail greeting that is too long", callflow.Step{ID: "a", Is: callflow.VoicemailStep{Greeting: long(1001)}}, callflow.RuleInvalid, "greeting: 1001"},
		{"a host step without a name", callflow.Step{ID: "a", Is: callflow.HostStep{}}, callflow.RuleInvalid, "host.name: is required"},
		{"an ill-formed exit of the host", callflow.Step{ID: "a", Is: callflow.HostStep{Name: "hours", Exits: []callflow.Exit{"a b"}}}, callflow.RuleInvalid, "host.exits"},
		{"a configuration that is no JSON", callflow.Step{ID: "a", Is: callflow.HostStep{Name: "hours", Config: json.RawMessage(`{`)}}, callflow.RuleInvalid, "host.config"},
		{"a configuration that is no text", callflow.Step{ID: "a", Is: callflow.HostStep{Name: "hours", Config: json.RawMessage("\"\xff\"")}}, callflow.RuleInvalid, "host.config"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := callflow.New(callflow.Spec{Name: "Desk", Steps: []callflow.Step{tt.step}})
			fault, ok := errors.AsType[*callflow.StepError](err)
			require.True(t, ok, "%v", err)
			assert.Equal(t, tt.rule, fault.Rule)
			assert.Equal(t, tt.step.ID, fault.Step)
			assert.Contains(t, err.Error(), tt.says)
			assert.True(t, strings.HasPrefix(err.Error(), `flow "Desk": step "`), "the message starts with the noun: %v", err)
		})
	}
}

func TestStep_ReportsAllThatIsWrongInsideItAtOnce(t *testing.T) {
	_, err := callflow.New(callflow.Simple("Desk", desk, callflow.SonaStep{
		Greeting: strings.Repeat("a", 1001),
		Persona:  callflow.Persona{Languages: []callflow.Language{"de", "en", "xx"}},
	}))
	invalid, ok := errors.AsType[*job.ValidationError](err)
	require.True(t, ok)
	assert.Len(t, invalid.Fields, 3)
}

func TestStep_TextsAtTheLimitPassAndAreCleaned(t *testing.T) {
	f := simple(t, callflow.SonaStep{
		Greeting: strings.Repeat("é", 1000),
		Persona:  callflow.Persona{Tone: "warm\r\nand calm\x07", Voice: "alto\n2", Languages: []callflow.Language{"es", "en", "fr"}},
	})
	s := sonaOf(t, f.Draft())
	assert.Equal(t, 1000, job.Count(s.Greeting))
	assert.Equal(t, "warm\nand calm", s.Persona.Tone)
	assert.Equal(t, "alto 2", s.Persona.Voice)
}

func TestStep_SecondMentionsOfJobsPagesAndExitsAreDropped(t *testing.T) {
	f := steps(t,
		callflow.Step{ID: "sona", Is: callflow.SonaStep{Jobs: []job.ID{"b", "a", "b"}, Pages: []knowledge.ID{"q", "p", "p"}}},
		callflow.Step{ID: "hours", Is: callflow.HostStep{Name: "hours", Exits: []callflow.Exit{"open", "closed", "open"}}})
	s := sonaOf(t, f.Draft())
	assert.Equal(t, []job.ID{"b", "a"}, s.Jobs)
	assert.Equal(t, []knowledge.ID{"q", "p"}, s.Pages)
	hours, _ := f.Draft().Step("hours")
	assert.Equal(t, []callflow.Exit{"open", "closed"}, hours.Exits())
}

func TestStep_ElevenJobsAreTooManyAlsoWhenAllComeAtOnce(t *testing.T) {
	_, err := callflow.New(callflow.Simple("Desk", desk, callflow.SonaStep{Jobs: jobIDs(11)}))
	tooMany, ok := errors.AsType[*callflow.TooManyJobsError](err)
	require.True(t, ok)
	assert.Equal(t, &callflow.TooManyJobsError{Step: "sona", Job: "job-11", Max: 10}, tooMany)
	assert.EqualError(t, err, `flow "Desk": step "sona": 11th job (job-11): at most 10: detach one first`)

	_, err = callflow.New(callflow.Simple("Desk", desk, callflow.SonaStep{Jobs: append(jobIDs(10), jobIDs(10)...)}))
	assert.NoError(t, err, "ten jobs named twice are ten")
}

func TestStep_TheKindsAndTheirExits(t *testing.T) {
	for _, tt := range []struct {
		is    callflow.StepKind
		kind  callflow.Kind
		exits []callflow.Exit
	}{
		{callflow.SonaStep{}, callflow.KindSona, []callflow.Exit{"transferred", "voicemail", "ended", "fallback"}},
		{callflow.VoicemailStep{}, callflow.KindVoicemail, []callflow.Exit{"done"}},
		{callflow.HangupStep{}, callflow.KindHangup, nil},
		{callflow.HostStep{Exits: []callflow.Exit{"open"}}, callflow.KindHost, []callflow.Exit{"open"}},
	} {
		assert.Equal(t, tt.kind, tt.is.Kind())
		assert.Equal(t, tt.exits, callflow.Step{Is: tt.is}.Exits())
	}
	assert.Nil(t, callflow.Step{}.Exits())
}

func TestErrors_NumberTheJobThatWasTooMany(t *testing.T) {
	for most, want := range map[int]string{0: "1st", 1: "2nd", 2: "3rd", 3: "4th", 10: "11th", 11: "12th", 12: "13th", 20: "21st", 110: "111th"} {
		err := &callflow.TooManyJobsError{Step: "s", Job: "j", Max: most}
		assert.Contains(t, err.Error(), want+" job")
	}
}

func TestStep_AGreetingThatMustBeHeardIsStoredAndWhatIsOlderHasNone(t *testing.T) {
	var old callflow.Step
	require.NoError(t, json.Unmarshal([]byte(`{"id":"sona","is":{"kind":"sona","greeting":"Hello.","history":true}}`), &old))
	assert.Equal(t, callflow.SonaStep{Greeting: "Hello.", History: true}, old.Is)
	raw, err := json.Marshal(old)
	require.NoError(t, err)
	assert.JSONEq(t, `{"id":"sona","is":{"kind":"sona","greeting":"Hello.","history":true}}`, string(raw), "what is off is not written")

	s := callflow.Step{ID: "sona", Is: callflow.SonaStep{Greeting: "This call is recorded.", HearGreeting: true}}
	raw, err = json.Marshal(s)
	require.NoError(t, err)
	assert.JSONEq(t, `{"id":"sona","is":{"kind":"sona","greeting":"This call is recorded.","hearGreeting":true}}`, string(raw))
	var back callflow.Step
	require.NoError(t, json.Unmarshal(raw, &back))
	assert.Equal(t, s, back)
	assert.True(t, sonaOf(t, simple(t, s.Is.(callflow.SonaStep)).Draft()).HearGreeting)
}
