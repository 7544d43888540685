package prompt_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/callflow/knowledge"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime/prompt"
)

func TestPlansGoFromFullToIndexToAnErrorThatNamesTheLargest(t *testing.T) {
	s := salon()
	full := s.build(t)
	require.Equal(t, prompt.Full, full.Plan.Kind)

	s.options.Profile.InstructionCap = full.Tokens
	require.Equal(t, prompt.Full, s.build(t).Plan.Kind, "what just fits, fits")
	s.options.Profile.InstructionCap = full.Tokens - 1
	closed := s.build(t)
	require.Equal(t, prompt.Index, closed.Plan.Kind)
	require.Less(t, closed.Tokens, full.Tokens)
	require.Equal(t, "open_job", closed.Tools[len(closed.Tools)-1].Name)
	require.NotContains(t, closed.Stable, "Ask for the name on the booking", "bodies are closed")

	s.options.Profile.InstructionCap = closed.Tokens
	require.Equal(t, prompt.Index, s.build(t).Plan.Kind)
	s.options.Profile.InstructionCap = closed.Tokens - 1
	_, err := prompt.Build(s.snapshot(t), callflow.Sona, s.options)
	var budget *prompt.BudgetError
	require.ErrorAs(t, err, &budget)
	require.Equal(t, prompt.BudgetError{Need: closed.Tokens, Have: closed.Tokens - 1, Shrink: "job-2", Page: "page-1"}, *budget)
}

// Closing jobs of a few words costs more than it saves: the error names the smaller need.
func TestABudgetErrorNamesTheSmallestPlan(t *testing.T) {
	s := scene{jobs: []job.Spec{{Name: "Talk", Instructions: "Talk."}}}
	need := s.build(t).Tokens
	s.options.Profile.InstructionCap = need - 1
	_, err := prompt.Build(s.snapshot(t), callflow.Sona, s.options)
	var budget *prompt.BudgetError
	require.ErrorAs(t, err, &budget)
	require.Equal(t, need, budget.Need)
}

func TestABudgetErrorSaysWhatToDo(t *testing.T) {
	for want, s := range map[string]scene{
		"deselect a Knowledge page, first page-1, or detach a job, first job-2":             salon(),
		"detach a job or shorten its caller intent, first job-2":                            {jobs: salon().jobs},
		"deselect a Knowledge page, first page-1":                                           {pages: salon().pages},
		"shorten the workspace's guardrails, or allow more tokens":                          {settings: salon().settings},
		"room for 0: shorten the workspace's guardrails, or allow more tokens":              {options: prompt.Options{Profile: prompt.Profile{ContextTokens: 100, Reserve: 1000}}},
		"tokens at least, room for 5: shorten the workspace's guardrails, or allow":         {},
		"room for 5: deselect a Knowledge page, first page-1, or detach a job, first job-1": {pages: salon().pages, jobs: salon().jobs[:1]},
	} {
		if s.options.Profile.ContextTokens == 0 {
			s.settings.MaxTokens = 5
		}
		_, err := prompt.Build(s.snapshot(t), callflow.Sona, s.options)
		require.ErrorContains(t, err, want)
	}
}

func TestRoomOfAProfile(t *testing.T) {
	s := salon()
	need := s.build(t).Tokens
	tests := []struct {
		name    string
		profile prompt.Profile
		max     int // of the workspace
		want    prompt.PlanKind
	}{
		{"zero", prompt.Profile{}, 0, prompt.Full},
		{"an eighth is kept free", prompt.Profile{ContextTokens: need*8/7 - 2}, 0, prompt.Index},
		{"an eighth is kept free, and more is there", prompt.Profile{ContextTokens: need*8/7 + 2}, 0, prompt.Full},
		{"its own reserve", prompt.Profile{ContextTokens: need + 10, Reserve: 10}, 0, prompt.Full},
		{"its own reserve, one less", prompt.Profile{ContextTokens: need + 9, Reserve: 10}, 0, prompt.Index},
		{"a cap", prompt.Profile{InstructionCap: need - 1}, 0, prompt.Index},
		{"a cap above the room", prompt.Profile{ContextTokens: need + 9, Reserve: 10, InstructionCap: need}, 0, prompt.Index},
		{"the workspace's own limit", prompt.Profile{}, need - 1, prompt.Index},
		{"the workspace's limit above the cap", prompt.Profile{InstructionCap: need - 1}, need, prompt.Index},
		{"a tokenizer that counts less", prompt.Profile{InstructionCap: 900, Tokens: func(s string) int { return len(strings.Fields(s)) }}, 0, prompt.Index},
		{"a tokenizer that counts nothing", prompt.Profile{InstructionCap: 1, Tokens: func(string) int { return 0 }}, 0, prompt.Full},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := salon()
			s.options.Profile, s.settings.MaxTokens = tt.profile, tt.max
			require.Equal(t, tt.want, s.build(t).Plan.Kind)
			appended, err := prompt.Append(nil, s.snapshot(t), callflow.Sona, s.options)
			require.NoError(t, err)
			require.Equal(t, s.build(t).Stable, string(appended))
		})
	}
}

func TestTokensAreCountedByTheProfile(t *testing.T) {
	s := salon()
	counted := map[string]int{}
	s.options.Profile.Tokens = func(text string) int {
		counted[text]++
		return len(text)
	}
	p := s.build(t)
	tools := 0
	for _, tool := range p.Tools {
		tools += len(tool.Name) + len(tool.Description) + len(tool.Parameters)
	}
	require.Equal(t, len(p.Stable)+tools, p.Tokens)
	require.Equal(t, 1, counted[p.Stable])
	q := p.For(prompt.CallContext{Now: noon})
	require.Equal(t, len(p.Stable)+tools+len(q.Context), q.Tokens)
	require.Equal(t, 1, counted[p.Stable], "a full count takes milliseconds: once a build, never once a call")
	require.Equal(t, q.Tokens, q.For(prompt.CallContext{Now: noon}).Tokens)
}

// Ten jobs, each as long as the rules allow, stand in the zero profile's prompt with their whole text:
// also in scripts of three bytes a character.
func TestTheZeroProfileFitsTheLegalMaximumOfJobs(t *testing.T) {
	for name, letter := range map[string]string{"Latin": "abcde fghi ", "Chinese": "顾客想要预约时间。", "Devanagari": "ग्राहक समय ", "headings": "#\n", "actions": "{{action end_call}} "} {
		t.Run(name, func(t *testing.T) {
			fill := func(n int) string { return string([]rune(strings.Repeat(letter, n))[:n]) }
			s := scene{}
			for range callflow.MaxJobsPerStep {
				s.jobs = append(s.jobs, job.Spec{Name: fill(job.MaxName), Description: fill(job.MaxDescription), CallerIntent: fill(job.MaxCallerIntent),
					Instructions: fill(job.MaxInstructions - job.MaxCallerIntent)})
			}
			p := s.build(t)
			require.Equal(t, prompt.Full, p.Plan.Kind)
			checkStructure(t, p)
			t.Logf("%d tokens of %d", p.Tokens, 112_000)
		})
	}
}

func TestKnowledgeThatDoesNotFitIsNamedNotCut(t *testing.T) {
	s := salon()
	s.pages = append(s.pages, knowledge.Spec{Title: "Everything", Text: strings.Repeat("word ", 3000)})
	s.options.Profile = prompt.Profile{Name: "small", ContextTokens: 4096}
	_, err := prompt.Build(s.snapshot(t), callflow.Sona, s.options)
	var budget *prompt.BudgetError
	require.ErrorAs(t, err, &budget)
	require.Equal(t, knowledge.ID("page-3"), budget.Page)
	require.Greater(t, budget.Need, budget.Have)
}
