package prompt_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime/prompt"
)

func names(tools []prompt.Tool) []string {
	all := []string{}
	for _, tool := range tools {
		all = append(all, tool.Name)
	}
	return all
}

func TestToolsAreTheActionsThatAttachedJobsUse(t *testing.T) {
	p := actions().build(t)
	require.Equal(t, []string{"send_sms", "transfer_call", "voicemail", "end_call", "look_up_order"}, names(p.Tools))
	for _, tool := range p.Tools {
		var schema struct {
			Type                 string                    `json:"type"`
			Properties           map[string]map[string]any `json:"properties"`
			Required             []string                  `json:"required"`
			AdditionalProperties *bool                     `json:"additionalProperties"`
		}
		require.NoError(t, json.Unmarshal(tool.Parameters, &schema), tool.Name)
		require.Equal(t, "object", schema.Type)
		require.Equal(t, "string", schema.Properties[prompt.ActionProperty]["type"])
		require.Equal(t, prompt.ActionProperty, schema.Required[0])
		require.NotNil(t, schema.AdditionalProperties)
		require.False(t, *schema.AdditionalProperties)
		require.NotContains(t, string(tool.Parameters), "J1", "an edit of a job must leave the tools alone")
	}
	require.Empty(t, scene{jobs: []job.Spec{{Name: "Talk", Instructions: "Talk."}}}.build(t).Tools)
	require.Equal(t, []string{"send_sms", "voicemail", "end_call", "open_job"}, names(index().build(t).Tools))
}

func TestTheModelCanNameOnlyWhatAJobContains(t *testing.T) {
	p := actions().build(t)
	tests := []struct {
		handle string
		name   job.ActionName // empty: not in the list
		args   map[string]string
	}{
		{"J1.A1", "look_up_order", nil},
		{"J1.A2", "look_up_order", map[string]string{"order_id": "{{order_id}}"}},
		{"J1.A3", job.SendSMS, map[string]string{"text": `Hello {{first_name | default: "there"}}, order {{order_id}} is on its way.`}},
		{"J1.A4", job.TransferCall, map[string]string{"to": "inbox:support"}},
		{"J1.A5", job.EndCall, nil},
		{"J2.A1", job.Voicemail, nil},
		{"J1.A6", "", nil}, {"J2.A2", "", nil}, {"J3.A1", "", nil}, {"J1", "", nil}, {"j1.a1", "", nil}, {" J1.A1", "", nil}, {"", "", nil},
	}
	for _, tt := range tests {
		u, ok := p.Action(tt.handle)
		require.Equal(t, tt.name != "", ok, tt.handle)
		require.Equal(t, tt.name, u.Name, tt.handle)
		require.Empty(t, cmp.Diff(tt.args, u.Args), tt.handle)
		if ok {
			require.Equal(t, 1, strings.Count(p.Stable, "[action "+tt.handle+": "+string(tt.name)), tt.handle)
		}
	}
	require.Equal(t, []string{"J1.A1", "J1.A2"}, p.Handles("look_up_order"))
	require.Equal(t, []string{}, p.Handles("book_table"))
}

func TestScriptsFindAnActionByJobAndNumber(t *testing.T) {
	p := actions().build(t)
	for _, tt := range []struct {
		id     job.ID
		action job.ActionName
		n      int
		want   string
	}{
		{"job-1", "look_up_order", 0, "J1.A1"}, {"job-1", "look_up_order", 1, "J1.A2"}, {"job-1", "look_up_order", 2, ""},
		{"job-2", job.Voicemail, 0, "J2.A1"}, {"job-1", job.Voicemail, 0, ""}, {"job-9", job.Voicemail, 0, ""}, {"job-1", job.EndCall, -1, ""},
	} {
		got, ok := p.Handle(tt.id, tt.action, tt.n)
		require.Equal(t, tt.want, got)
		require.Equal(t, tt.want != "", ok)
	}
}

// Job 1 must not answer for job 10.
func TestHandlesOfTenJobsAreToldApart(t *testing.T) {
	s := scene{}
	for range callflow.MaxJobsPerStep {
		s.jobs = append(s.jobs, job.Spec{Name: "Bye", Instructions: "{{action end_call}}"})
	}
	s.jobs[0].Instructions = "{{action fly}}" // where the tenth job has an action
	p := s.build(t)
	_, ok := p.Handle("job-1", job.EndCall, 0)
	require.False(t, ok)
	h, ok := p.Handle("job-10", job.EndCall, 0)
	require.True(t, ok)
	require.Equal(t, "J10.A1", h)
	body, err := p.OpenJob("J1")
	require.NoError(t, err)
	require.Contains(t, body, "\n[action not available]\n")
	j, ok := p.Job("J10.2")
	require.True(t, ok)
	require.Equal(t, job.ID("job-10"), j.ID())
}

func TestSettingsRestrictWhereCallsGo(t *testing.T) {
	s := scene{jobs: []job.Spec{{Name: "Person", Instructions: `{{action transfer_call to="inbox:support"}} {{action transfer_call to="number:+15550001111"}} {{action transfer_call to="member:ana/desk"}}`}}}
	require.Equal(t, []string{"J1.A1", "J1.A2", "J1.A3"}, s.build(t).Handles(job.TransferCall), "no list: any target")

	s.settings.Targets = []job.Target{must(job.ParseTarget("number:+1 (555) 000-1111"))}
	p := s.build(t)
	require.Equal(t, []string{"J1.A1"}, p.Handles(job.TransferCall))
	u, _ := p.Action("J1.A1")
	require.Equal(t, "number:+15550001111", u.Target.String())
	require.Equal(t, []call.Note{
		{Kind: call.NoteActionUnavailable, Job: "job-1", Action: job.TransferCall, Text: "the workspace's settings allow no transfer to inbox:support: add the target there, or change the job"},
		{Kind: call.NoteActionUnavailable, Job: "job-1", Action: job.TransferCall, Text: "the workspace's settings allow no transfer to member:ana/desk: add the target there, or change the job"},
	}, p.Notes())
	require.Equal(t, 2, strings.Count(body(t, p.Stable, "job J1"), "[action not available]"))
	require.Contains(t, p.Stable, "Where a job shows [action not available],")

	s.settings.Targets = []job.Target{{Kind: job.TargetInbox, ID: "elsewhere"}}
	p = s.build(t)
	require.Empty(t, p.Tools)
	require.Contains(t, p.Stable, "There are no actions. You can talk, and nothing else.\nWhere a job shows [action not available],")
}

func TestHostActionsAreCheckedAndLeftAsTheyAre(t *testing.T) {
	raw := json.RawMessage(` {"required":["b"],"$defs":{"x":{"maximum":12345678901234567890}},"properties":{"b":{"type":"number","description":"a < b & c"}},"additionalProperties":true} `)
	kept := string(raw)
	s := scene{jobs: []job.Spec{{Name: "A", Instructions: "{{action own}}"}}}
	s.options.Actions = []job.ActionSpec{{Name: "own", Description: "Own.", Parameters: raw}}
	p := s.build(t)
	require.Equal(t, kept, string(raw))
	want := `{"$defs":{"x":{"maximum":12345678901234567890}},"additionalProperties":true,"properties":{"b":{"type":"number","description":"a < b & c"},` +
		`"sona_action":{"type":"string","description":"The handle that the job shows at this place, such as J2.A1."}},"required":["sona_action","b"],"type":"object"}`
	require.Empty(t, cmp.Diff(want, string(p.Tools[0].Parameters)), "the bytes, not only what they mean")

	for name, tt := range map[string]struct {
		spec  job.ActionSpec
		field string
		rule  string
		text  string
	}{
		"no JSON":          {job.ActionSpec{Name: "own", Parameters: json.RawMessage(`{`)}, "parameters", job.RuleFormat, `prompt: action "own": parameters: must be the JSON Schema of an object`},
		"null":             {job.ActionSpec{Name: "own", Parameters: json.RawMessage(`null`)}, "parameters", job.RuleFormat, `prompt: action "own": parameters: must be the JSON Schema of an object`},
		"true":             {job.ActionSpec{Name: "own", Parameters: json.RawMessage(`true`)}, "parameters", job.RuleFormat, `prompt: action "own": parameters: must be the JSON Schema of an object`},
		"a list":           {job.ActionSpec{Name: "own", Parameters: json.RawMessage(`[]`)}, "parameters", job.RuleFormat, `prompt: action "own": parameters: must be the JSON Schema of an object`},
		"another type":     {job.ActionSpec{Name: "own", Parameters: json.RawMessage(`{"type":["object","null"]}`)}, "parameters", job.RuleFormat, `prompt: action "own": parameters: must be a JSON Schema of type object, not ["object","null"]`},
		"odd properties":   {job.ActionSpec{Name: "own", Parameters: json.RawMessage(`{"properties":[]}`)}, "parameters", job.RuleFormat, `prompt: action "own": parameters: properties must be an object`},
		"null properties":  {job.ActionSpec{Name: "own", Parameters: json.RawMessage(`{"properties":null}`)}, "parameters", job.RuleFormat, `prompt: action "own": parameters: properties must be an object`},
		"odd required":     {job.ActionSpec{Name: "own", Parameters: json.RawMessage(`{"required":"b"}`)}, "parameters", job.RuleFormat, `prompt: action "own": parameters: required must be a list of names`},
		"our property":     {job.ActionSpec{Name: "own", Parameters: json.RawMessage(`{"properties":{"sona_action":{}}}`)}, "parameters", job.RuleFormat, `prompt: action "own": parameters: the name "sona_action" is taken by the library: choose another`},
		"our requirement":  {job.ActionSpec{Name: "own", Parameters: json.RawMessage(`{"required":["sona_action"]}`)}, "parameters", job.RuleFormat, `prompt: action "own": parameters: the name "sona_action" is taken by the library: choose another`},
		"a built-in name":  {job.ActionSpec{Name: job.SendSMS}, "name", job.RuleUnique, `prompt: action "send_sms": name: "send_sms" is a built-in action: choose another name`},
		"our tool's name":  {job.ActionSpec{Name: prompt.OpenJobTool}, "name", job.RuleUnique, `prompt: action "open_job": name: is taken by the library: choose another name`},
		"an ill-made name": {job.ActionSpec{Name: "Own"}, "name", job.RuleFormat, ""},
	} {
		t.Run(name, func(t *testing.T) {
			err := prompt.CheckAction(tt.spec)
			var fault *job.FieldError
			require.ErrorAs(t, err, &fault)
			require.Equal(t, tt.field, fault.Field)
			require.Equal(t, tt.rule, fault.Rule)
			if tt.text != "" {
				require.EqualError(t, err, tt.text)
			}
			_, built := prompt.Build(s.snapshot(t), callflow.Sona, prompt.Options{Actions: []job.ActionSpec{tt.spec}})
			require.Equal(t, err, built, "also when no job uses it: hosts learn it at once")
		})
	}
	_, err := prompt.Build(s.snapshot(t), callflow.Sona, prompt.Options{Actions: []job.ActionSpec{{Name: "own"}, {Name: "own"}}})
	require.EqualError(t, err, `prompt: action "own": name: stands there twice: give each action its own name`)
	for _, parameters := range []string{"", " ", "{}", `{"type":"object","properties":{},"required":[]}`} {
		require.NoError(t, prompt.CheckAction(job.ActionSpec{Name: "own", Parameters: json.RawMessage(parameters)}))
	}
}

func TestValuesStandAboveDefaultsAndTheFirstDefaultHoldsForAll(t *testing.T) {
	p := scene{jobs: []job.Spec{
		{Name: "A", Instructions: `Hello {{who}}. {{action send_sms text="To {{who}} at {{place | default: \"home\"}}, {{ when }}"}}`},
		{Name: "B", Instructions: `{{who | default: "you"}} {{place | default: "work"}} \{{who}} {{when | default: ""}}`},
	}}.build(t)
	u, ok := p.Action("J1.A1")
	require.True(t, ok)
	tests := []struct {
		name    string
		values  map[string]string
		context string
		text    string
	}{
		{"nothing given", nil, "{who} = \"you\"\n{place} = \"home\"\n{when} = \"\"\n", "To you at home,"},
		{"values win", map[string]string{"who": "Rosa", "place": "", "when": "now"}, "{who} = \"Rosa\"\n{place} = \"\"\n{when} = \"now\"\n", "To Rosa at , now"},
		{"values are put in once", map[string]string{"who": "{{place}}"}, "{who} = \"{{place}}\"\n{place} = \"home\"\n{when} = \"\"\n", "To {{place}} at home,"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			require.Contains(t, p.For(prompt.CallContext{Values: tt.values}).Context, "withheld\n"+tt.context+"<<end call")
			text, missing := p.Text(u, "text", tt.values)
			require.Equal(t, tt.text, text)
			require.Empty(t, missing)
			require.Empty(t, p.MissingValues(tt.values))
		})
	}
	require.Equal(t, "Name: B\nInstructions:\n{who} {place} {{who}} {when}\n", body(t, p.Stable, "job J2"))
}

func TestAVariableWithoutValueIsNamedAndLeftOut(t *testing.T) {
	p := scene{jobs: []job.Spec{{Name: "A", Instructions: `{{b}} {{action send_sms text="Hi {{a}} {{b}}"}} {{c | default: "c"}}`}}}.build(t)
	require.Equal(t, []string{"b", "a"}, p.MissingValues(nil))
	require.Equal(t, []string{"a"}, p.MissingValues(map[string]string{"b": ""}))
	require.Contains(t, p.For(prompt.CallContext{}).Context, "{b} is not known\n{a} is not known\n{c} = \"c\"\n")
	u, _ := p.Action("J1.A1")
	text, missing := p.Text(u, "text", map[string]string{"b": "Ben"})
	require.Equal(t, "Hi  Ben", text)
	require.Equal(t, []string{"a"}, missing)
	text, missing = p.Text(u, "no_such_argument", nil)
	require.Empty(t, text)
	require.Empty(t, missing)
}
