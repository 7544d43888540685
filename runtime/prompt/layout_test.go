package prompt_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/callflow/knowledge"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime/prompt"
)

func TestLayoutHasOneOrder(t *testing.T) {
	p := salon().build(t).For(prompt.CallContext{Now: noon, History: []call.Activity{{Kind: "call", Text: "x", At: noon}},
		Passages: []knowledge.Passage{{Title: "Parking", Text: "Behind the house."}}})
	marks := regexp.MustCompile(`(?m)^(# .*|<<.*|- J\d .*|Name: .*|\| Title: .*)$`).FindAllString(strings.ReplaceAll(p.System(), nonce, "N"), -1)
	require.Empty(t, cmp.Diff(strings.Split(strings.TrimSpace(`
# 1. Your role
# 2. How to read this
# 3. Rules
# 4. Actions
# 5. Knowledge
<<page P1 N>>
| Title: Opening hours
<<end page P1 N>>
<<page P2 N>>
| Title: Prices
<<end page P2 N>>
# 6. Jobs at a glance
- J1 Change a booking: The caller wants to move or cancel an appointment.
- J2 Take a message: This job takes a message for the person who is not in.
# 7. Jobs
<<job J1 N>>
Name: Change a booking
<<end job J1 N>>
<<job J2 N>>
Name: Take a message
<<end job J2 N>>
# 8. How jobs are used
# 9. Remember
# 10. This call
<<call N>>
<<end call N>>
# 11. Earlier contacts with this caller
<<history N>>
<<end history N>>
# 12. More Knowledge for this call
<<page X1 N>>
| Title: Parking
<<end page X1 N>>`), "\n"), marks))
	checkStructure(t, p)
	require.Equal(t, 8+1, strings.Count(p.Stable, nonce), "the nonce stands in the fences and where the prompt explains it")
}

func TestGuardrailsAreSaidEarlyAndRepeatedAtTheEnd(t *testing.T) {
	p := salon().build(t)
	rule := "- Give no medical advice.\n"
	require.Contains(t, part(t, p.Stable, "# 3. Rules", "# 4. Actions"), rule)
	require.True(t, strings.HasSuffix(p.Stable, rule))
	require.Equal(t, 2, strings.Count(p.Stable, rule))
}

func TestEachJobStandsOnceInItsFenceInTheOrderOfAttachment(t *testing.T) {
	s := scene{}
	for i := range callflow.MaxJobsPerStep {
		s.jobs = append(s.jobs, job.Spec{Name: fmt.Sprintf("Job number %d", i+1), CallerIntent: fmt.Sprintf("wish %d", i+1),
			Instructions: fmt.Sprintf("1. First of %d.\n2. Second of %d.", i+1, i+1)})
	}
	p := s.build(t)
	checkStructure(t, p)
	last := -1
	for i, spec := range s.jobs {
		handle := fmt.Sprintf("J%d", i+1)
		require.Equal(t, 1, strings.Count(p.Stable, spec.Instructions+"\n"))
		require.Equal(t, fmt.Sprintf("Name: %s\nWhen: %s\nInstructions:\n%s\n", spec.Name, spec.CallerIntent, spec.Instructions), body(t, p.Stable, "job "+handle))
		at := strings.Index(p.Stable, spec.Instructions)
		require.Greater(t, at, last)
		last = at
		j, ok := p.Job(handle)
		require.True(t, ok)
		require.Equal(t, spec.Name, j.Name())
	}
}

func TestTheOverviewSaysWhenAJobApplies(t *testing.T) {
	tests := []struct {
		name string
		job  job.Spec
		want string
	}{
		{"by its intent", job.Spec{Name: "A", Description: "d", CallerIntent: " The caller\nwants   this. ", Instructions: "Goal: the goal."}, "- J1 A: The caller wants this.\n"},
		{"else by its goal", job.Spec{Name: "A", Description: "d", CallerIntent: " \n", Instructions: "Goal: the goal is met.\n1. Ask."}, "- J1 A: the goal is met.\n"},
		{"else by its description", job.Spec{Name: "A", Description: "The description.", Instructions: "1. Hm."}, "- J1 A: The description.\n"},
		{"or by its name alone", job.Spec{Name: "A", Instructions: "1. Hm."}, "- J1 A\n"},
		{"a goal's braces are shown by name", job.Spec{Name: "A", Instructions: `Goal: {{who}} is sent to voicemail {{action voicemail}} with \{{ braces.`}, "- J1 A: {who} is sent to voicemail [voicemail] with {{ braces.\n"},
		{"a goal without end is cut, and one sees it", job.Spec{Name: "A", Instructions: "Goal: " + strings.Repeat("and so on ", 100)}, "- J1 A: " + strings.Repeat("and so on ", 50) + "…\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := scene{jobs: []job.Spec{tt.job}}.build(t)
			require.Contains(t, p.Stable, "# 6. Jobs at a glance\n"+tt.want+"\n# 7. Jobs\n")
		})
	}
}

func TestLanguagesOfThePersona(t *testing.T) {
	en, es, fr := callflow.English, callflow.Spanish, callflow.French
	for _, tt := range []struct {
		in   []callflow.Language
		want string
	}{
		{nil, "speak English."},
		{[]callflow.Language{es}, "speak Spanish."},
		{[]callflow.Language{en, fr}, "speak English; change to French when the caller speaks it."},
		{[]callflow.Language{fr, es, en}, "speak French; change to Spanish or English when the caller speaks it."},
	} {
		p := scene{step: callflow.SonaStep{Persona: callflow.Persona{Languages: tt.in}}}.build(t)
		require.Contains(t, p.Stable, "\nLanguages: "+tt.want+"\n")
	}
}

func TestWhatIsMissingIsNoted(t *testing.T) {
	j := must(job.Restore("job-1", job.Stamp{Revision: 1}, job.Spec{Name: "One", Instructions: "Talk."}))
	snap := join(t, callflow.SonaStep{Jobs: []job.ID{"job-0", "job-1"}, Pages: []knowledge.ID{"page-0"}}, []job.Job{j}, nil, callflow.Settings{})
	p, err := prompt.Build(snap, callflow.Sona, prompt.Options{})
	require.NoError(t, err)
	require.Equal(t, []call.Note{
		{Kind: call.NoteMissingJob, Job: "job-0", Text: "the job is attached, but was deleted"},
		{Kind: call.NoteMissingPage, Page: "page-0", Text: "the page is selected, but was deleted"},
	}, p.Notes())
	require.Len(t, p.Plan.Jobs, 1)
	require.Equal(t, "J1", p.Plan.Jobs[0].Handle, "handles count what is there")
	require.Contains(t, p.Stable, "<<job J1 NONCE>>", "a snapshot made by hand shows the placeholder")
	require.Equal(t, p.Stable, p.String())
}

// Another step's missing job is no note of this one.
func TestNotesAreOfThisStep(t *testing.T) {
	f, err := callflow.New(callflow.Spec{Name: "Two", Steps: []callflow.Step{
		{ID: "day", Is: callflow.SonaStep{}}, {ID: "night", Is: callflow.SonaStep{Jobs: []job.ID{"job-0"}}}}})
	require.NoError(t, err)
	p, err := prompt.Build(callflow.NewSnapshot(f, f.Draft(), nil, nil, callflow.Settings{}), "day", prompt.Options{})
	require.NoError(t, err)
	require.Empty(t, p.Notes())
}

func TestOpenJobGivesTheBytesOfTheFullPlan(t *testing.T) {
	for name, s := range map[string]scene{"salon": salon(), "actions": actions(), "hostile": hostile()} {
		t.Run(name, func(t *testing.T) {
			full := s.build(t)
			require.Equal(t, prompt.Full, full.Plan.Kind)
			s.options.Profile.InstructionCap = full.Tokens - 1
			closed := s.build(t)
			require.Equal(t, prompt.Index, closed.Plan.Kind)
			checkStructure(t, closed)
			for _, j := range closed.Plan.Jobs {
				got, err := closed.OpenJob(j.Handle)
				require.NoError(t, err)
				require.False(t, j.Open)
				require.NotContains(t, closed.Stable, got)
				require.Contains(t, full.Stable, got)
				same, err := full.OpenJob(j.Handle)
				require.NoError(t, err)
				require.Equal(t, same, got)
			}
		})
	}
}

func TestOpenJobNamesTheJobsThatThereAre(t *testing.T) {
	_, err := index().build(t).OpenJob("J3 " + strings.Repeat("x", 100))
	require.EqualError(t, err, `there is no job "J3 xxxxxxxxxxxxxxxxx": the jobs are ["J1" "J2"]`)
}

func TestAZeroPromptAnswersEverything(t *testing.T) {
	var p prompt.Prompt
	_, ok := p.Action("J1.A1")
	require.False(t, ok)
	_, ok = p.Job("J1")
	require.False(t, ok)
	_, ok = p.Handle("job-1", job.EndCall, 0)
	require.False(t, ok)
	require.Empty(t, p.Handles(job.EndCall))
	require.Empty(t, p.Notes())
	require.Empty(t, p.String())
	require.Empty(t, prompt.Diff(p, p))
	require.Empty(t, p.MissingValues(nil))
}
