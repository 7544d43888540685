package prompt_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime/prompt"
)

// twoSteps is a flow with the same two jobs by day and one of them at night.
func twoSteps(t *testing.T, specs ...job.Spec) callflow.Snapshot {
	t.Helper()
	var jobs []job.Job
	var ids []job.ID
	for i, spec := range specs {
		j := must(job.Restore(job.ID(fmt.Sprintf("job-%d", i+1)), job.Stamp{Revision: 1}, spec))
		jobs, ids = append(jobs, j), append(ids, j.ID())
	}
	f, err := callflow.New(callflow.Spec{Name: "Two", Entry: "day", Steps: []callflow.Step{
		{ID: "day", Is: callflow.SonaStep{Jobs: ids}}, {ID: "night", Is: callflow.SonaStep{Jobs: ids[1:]}}}})
	require.NoError(t, err)
	return callflow.NewSnapshot(f, f.Draft(), jobs, nil, callflow.Settings{})
}

func TestCheckTellsTheAuthorWhatACallerWouldMeet(t *testing.T) {
	greet := job.Spec{Name: "Greet", Instructions: `Greet {{first_name}} from {{town | default: "here"}}.`}
	send := job.Spec{Name: "Send", Instructions: `{{action send_sms text="{{link}} for {{first_name}}, {{link}}"}}`}
	tests := []struct {
		name    string
		jobs    []job.Spec
		options prompt.Options
		want    string
	}{
		{"all is well", []job.Spec{greet, send}, prompt.Options{Variables: []string{"first_name", "link"}}, ""},
		{"variables are not asked for", []job.Spec{greet, send}, prompt.Options{}, ""},
		{"the host gives none", []job.Spec{greet, send}, prompt.Options{Variables: []string{}},
			`step "day": job "Greet": nobody gives {{first_name}} a value: write a default, as in {{first_name | default: "…"}}, or let the host give it
job "Send": nobody gives {{link}}, {{first_name}} a value: write a default, as in {{link | default: "…"}}, or let the host give it
step "night": job "Send": nobody gives {{link}}, {{first_name}} a value: write a default, as in {{link | default: "…"}}, or let the host give it`},
		{"a default in one job holds for all of the step", []job.Spec{{Name: "Greet", Instructions: `{{first_name | default: "you"}}`}, send}, prompt.Options{Variables: []string{"link"}},
			`step "night": job "Send": nobody gives {{first_name}} a value: write a default, as in {{first_name | default: "…"}}, or let the host give it`},
		{"no room", []job.Spec{greet, send}, prompt.Options{Profile: prompt.Profile{InstructionCap: 1000}},
			`step "day": prompt: 1106 tokens at least, room for 1000: detach job "Send" (job-2, 274 tokens), or allow more tokens; largest: job "Send" (job-2, 274 tokens) job "Greet" (job-1, 35 tokens)
step "night": prompt: 1071 tokens at least, room for 1000: detach job "Send" (job-2, 240 tokens), or allow more tokens; largest: job "Send" (job-2, 240 tokens)`},
		{"an action of the host that cannot be offered", []job.Spec{greet}, prompt.Options{Actions: []job.ActionSpec{{Name: prompt.OpenJobTool}}},
			"step \"day\": prompt: action \"open_job\": name: is taken by the library: choose another name\n" +
				"step \"night\": prompt: action \"open_job\": name: is taken by the library: choose another name"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := prompt.Check(twoSteps(t, tt.jobs...), tt.options)
			if tt.want == "" {
				require.NoError(t, err)
				return
			}
			require.EqualError(t, err, tt.want)
		})
	}
	_, over := errors.AsType[*prompt.BudgetError](prompt.Check(twoSteps(t, greet, send), prompt.Options{Profile: prompt.Profile{InstructionCap: 1000}}))
	require.True(t, over)
	unknown, ok := errors.AsType[*prompt.VariableError](prompt.Check(twoSteps(t, greet, send), prompt.Options{Variables: []string{"link"}}))
	require.True(t, ok)
	require.Equal(t, &prompt.VariableError{Job: "job-1", Name: "Greet", Variables: []string{"first_name"}}, unknown)
}

// What Check lets pass leaves no variable without a value in a call of that host, and what it refuses does.
func TestCheckAgreesWithTheCall(t *testing.T) {
	s := actions()
	for _, given := range [][]string{{}, {"order_id"}, {"first_name"}, {"order_id", "first_name"}} {
		values := map[string]string{}
		for _, name := range given {
			values[name] = "x"
		}
		s.options.Variables = given
		err := prompt.Check(s.snapshot(t), s.options)
		require.Equal(t, len(s.build(t).MissingValues(values)) > 0, err != nil, "%v", given)
	}
}

// A gate is one line in the package that knows contexts.
func ExampleCheck() {
	options := prompt.Options{Profile: prompt.Profile{Name: "small", InstructionCap: 16_384}, Variables: []string{"salon_name"}}

	err := prompt.Check(snapshot(message("Take the message of {{first_name}}, and thank them for calling {{salon_name}}.")), options)
	fmt.Println(err)
	// Output:
	// step "sona": job "Take a message": nobody gives {{first_name}} a value: write a default, as in {{first_name | default: "…"}}, or let the host give it
}
