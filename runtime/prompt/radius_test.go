package prompt_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow/knowledge"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime/prompt"
)

// TestAnEditChangesNothingBeforeItsPlace is the table of how far each kind of edit reaches back into what
// a provider may have cached: nothing before the mark changes, and only the named sections do.
func TestAnEditChangesNothingBeforeItsPlace(t *testing.T) {
	salonWithTransfer := func() scene {
		s := salon()
		s.jobs = append(s.jobs, job.Spec{Name: "Talk to a person", Instructions: `Goal: the caller talks to a person. {{action transfer_call to="inbox:desk"}}`})
		return s
	}
	lookUp := func(s *scene) *job.ActionSpec {
		s.options.Actions = slices.Clone(s.options.Actions)
		return &s.options.Actions[1]
	}
	tests := []struct {
		edit     string
		from     scene
		do       func(*scene)
		mark     string // in the prompt before the edit
		sections []string
	}{
		{"a step of a job", salon(), func(s *scene) { s.jobs[1].Instructions += "\n5. Wait." }, "<<job J2", []string{"job J2"}},
		{"a step of the first job", salon(), func(s *scene) {
			s.jobs[0].Instructions = strings.Replace(s.jobs[0].Instructions, "which day", "what day", 1)
		}, "<<job J1", []string{"job J1"}},
		{"a job's name", salon(), func(s *scene) { s.jobs[1].Name = "Note a message" }, "- J2 ", []string{"overview J2", "job J2"}},
		{"a job's intent", salon(), func(s *scene) { s.jobs[1].CallerIntent = "Nobody is in." }, "- J2 ", []string{"overview J2", "job J2"}},
		{"a job's goal where it has no intent", salon(), func(s *scene) {
			s.jobs[1].Instructions = strings.Replace(s.jobs[1].Instructions, "takes a message", "notes a message", 1)
		}, "- J2 ", []string{"overview J2", "job J2"}},
		{"a job's description where it has an intent", salon(), func(s *scene) { s.jobs[0].Description = "Other." }, "", nil},
		{"a result", salon(), func(s *scene) { s.jobs[1].Results = nil }, "<<job J2", []string{"job J2"}},
		{"a variable's default", salon(), func(s *scene) {
			s.jobs[0].Instructions = strings.Replace(s.jobs[0].Instructions, "Lumen Hair", "Other Hair", 1)
		}, "", nil},
		{"another use of an action that is used already", salon(), func(s *scene) { s.jobs[0].Instructions += "\n6. {{action end_call}}" }, "<<job J1", []string{"job J1"}},
		{"the text of an action", salon(), func(s *scene) {
			s.jobs[0].Instructions = strings.Replace(s.jobs[0].Instructions, "See you soon", "See you then", 1)
		}, "<<job J1", []string{"job J1"}},
		{"the first use of an action", salon(), func(s *scene) { s.jobs[1].Instructions += "\n5. {{action transfer_call to=\"inbox:desk\"}}" },
			"- voicemail:", []string{"actions", "job J2", "reminders"}},
		{"an action that is not to be had", salon(), func(s *scene) { s.jobs[1].Instructions += "\n5. {{action fly}}" }, "\n# 5. Knowledge", []string{"actions", "job J2"}},
		{"another job attached", salon(), func(s *scene) {
			s.jobs = append(s.jobs, job.Spec{Name: "Third", Instructions: "Talk."})
		}, "\n# 7. Jobs", []string{"overview J3", "job J3"}},
		{"the last job detached", salonWithTransfer(), func(s *scene) { s.jobs = s.jobs[:2] }, "- transfer_call:", []string{"actions", "overview J3", "job J3", "reminders"}},
		{"the first job detached: the others move up", salonWithTransfer(), func(s *scene) { s.jobs = s.jobs[1:] }, "- send_sms:",
			[]string{"actions", "overview J1", "overview J2", "overview J3", "job J1", "job J2", "job J3"}},
		{"jobs in another order", salon(), func(s *scene) { slices.Reverse(s.jobs) }, "- J1 ", []string{"overview J1", "overview J2", "job J1", "job J2"}},
		{"a page's text", salon(), func(s *scene) { s.pages[1].Text += "\n- Perm: 90 dollars" }, "<<page P2", []string{"page P2"}},
		{"a page's title", salon(), func(s *scene) { s.pages[0].Title = "When we are open" }, "<<page P1", []string{"page P1"}},
		{"a page more", salon(), func(s *scene) {
			s.pages = append(s.pages, knowledge.Spec{Title: "Parking", Text: "Behind the house."})
		}, "\n# 6. Jobs at a glance", []string{"page P3"}},
		{"the last page deselected", salon(), func(s *scene) { s.pages = s.pages[:1] }, "<<page P2", []string{"page P2"}},
		{"pages in another order", salon(), func(s *scene) { slices.Reverse(s.pages) }, "<<page P1", []string{"page P1", "page P2"}},
		{"the first page", scene{}, func(s *scene) { s.pages = salon().pages[:1] }, "There is none.\n\n# 6", []string{"knowledge", "page P1"}},
		{"a guardrail", salon(), func(s *scene) { s.settings.Guardrails = append(s.settings.Guardrails, "Be kind.") }, "\n# 4. Actions", []string{"rules", "reminders"}},
		{"the greeting", salon(), func(s *scene) { s.step.Greeting = "Hello." }, "The caller has already heard", []string{"role"}},
		{"the tone", salon(), func(s *scene) { s.step.Persona.Tone = "calm" }, "How you come across", []string{"role"}},
		{"the languages", salon(), func(s *scene) { s.step.Persona.Languages = nil }, "Languages:", []string{"role"}},
		{"the voice, which the host's speech uses", salon(), func(s *scene) { s.step.Persona.Voice = "ada" }, "", nil},
		{"history on or off, which adds to the context", salon(), func(s *scene) { s.step.History = true }, "", nil},
		{"targets that allow what the jobs do", salonWithTransfer(), func(s *scene) {
			s.settings.Targets = []job.Target{{Kind: job.TargetInbox, ID: "desk"}}
		}, "", nil},
		{"targets that forbid what a job does", salonWithTransfer(), func(s *scene) {
			s.settings.Targets = []job.Target{{Kind: job.TargetInbox, ID: "elsewhere"}}
		}, "- transfer_call:", []string{"actions", "job J3", "reminders"}},
		{"a lint finding that the workspace ignores", salon(), func(s *scene) { s.settings.Ignore = []string{"no_goal"} }, "", nil},
		{"the description of a host's action", actions(), func(s *scene) { lookUp(s).Description = "Find it." }, "- look_up_order:", []string{"actions"}},
		{"the parameters of a host's action", actions(), func(s *scene) { lookUp(s).Parameters = nil }, "", []string{}},
		{"a host's action that no job uses", actions(), func(s *scene) { s.options.Actions = s.options.Actions[1:] }, "", nil},
	}
	page, err := os.ReadFile("../../docs/prompt.md")
	require.NoError(t, err)
	var table strings.Builder
	for _, tt := range tests {
		t.Run(tt.edit, func(t *testing.T) {
			before := tt.from.build(t)
			tt.do(&tt.from)
			after := tt.from.build(t)
			var changed []string
			for _, d := range prompt.Diff(before, after) {
				require.NotEqual(t, d.Before, d.After)
				changed = append(changed, d.Section)
			}
			require.ElementsMatch(t, tt.sections, changed)
			sections, tools := strings.Join(changed, ", "), ""
			if sections == "" {
				sections = "–"
			}
			if before.Receipt.Tools != after.Receipt.Tools {
				tools = "yes"
			}
			row := fmt.Sprintf("| %s | %s | %s |\n", tt.edit, sections, tools)
			table.WriteString(row)
			if !strings.Contains(string(page), row) {
				t.Errorf("docs/prompt.md has no row: %s", row)
			}
			if tt.mark == "" {
				require.Equal(t, before.Stable, after.Stable)
				require.Equal(t, tt.sections == nil, tools == "", "nil: neither do the tools change")
				return
			}
			at := strings.Index(before.Stable, tt.mark)
			require.GreaterOrEqual(t, at, 0, tt.mark)
			require.GreaterOrEqual(t, len(after.Stable), at)
			require.Equal(t, before.Stable[:at], after.Stable[:at])
			if !slices.Contains(tt.sections, "actions") {
				require.Equal(t, before.Tools, after.Tools)
			}
		})
	}
	if t.Failed() {
		t.Log("the table:\n" + table.String())
	}
}

func TestDiffShowsTheTextsBeforeAndAfter(t *testing.T) {
	before := salon()
	after := salon()
	after.jobs[1].Name = "Note a message"
	after.jobs[1].Results = nil
	after.nonce = "ANOTHERNONCE"
	require.Equal(t, []prompt.SectionDiff{
		{
			Section: "overview J2",
			Before:  "- J2 Take a message: This job takes a message for the person who is not in.\n",
			After:   "- J2 Note a message: This job takes a message for the person who is not in.\n",
		},
		{
			Section: "job J2",
			Before:  strings.ReplaceAll(part(t, before.build(t).Stable, "<<job J2", "\n# 8."), nonce, "NONCE"),
			After:   strings.ReplaceAll(part(t, after.build(t).Stable, "<<job J2", "\n# 8."), after.nonce, "NONCE"),
		},
	}, prompt.Diff(before.build(t), after.build(t)), "another workspace's nonce is no difference")
}

// What was taken out stands where it was.
func TestDiffKeepsTheOrderOfThePrompt(t *testing.T) {
	before, after := salon(), salon()
	before.jobs = append(before.jobs, job.Spec{Name: "Third", Instructions: "Talk."})
	after.pages = append(after.pages, knowledge.Spec{Title: "Parking", Text: "Behind the house."})
	after.settings.Guardrails = nil
	sections := func(a, b prompt.Prompt) (names []string) {
		for _, d := range prompt.Diff(a, b) {
			names = append(names, d.Section)
		}
		return names
	}
	order := []string{"rules", "page P3", "overview J3", "job J3", "reminders"}
	require.Equal(t, order, sections(before.build(t), after.build(t)))
	require.Equal(t, order, sections(after.build(t), before.build(t)))
	require.Equal(t, []string{"jobs", "job J1", "job J2", "using"}, sections(salon().build(t), index().build(t)))
}

func TestEditsOfOneJobLeaveTheHandlesOfOthersAlone(t *testing.T) {
	s := actions()
	before := s.build(t)
	s.jobs[0].Instructions += " {{action end_call}}"
	after := s.build(t)
	for _, h := range before.Handles(job.Voicemail) {
		a, _ := before.Action(h)
		b, ok := after.Action(h)
		require.True(t, ok)
		require.Equal(t, a, b)
	}
}
