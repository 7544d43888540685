package prompt_test

import (
	"slices"
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
	require.Equal(t, prompt.BudgetError{Need: closed.Tokens, Have: closed.Tokens - 1, Shrink: "job-2", Page: "page-1",
		Sizes: []prompt.Size{{Job: "job-2", Name: "Take a message", Tokens: 282}, {Job: "job-1", Name: "Change a booking", Tokens: 192},
			{Page: "page-1", Name: "Opening hours", Tokens: 57}, {Page: "page-2", Name: "Prices", Tokens: 43}},
		Cheapest: []prompt.Size{{Page: "page-2", Name: "Prices", Tokens: 43}}}, *budget)
}

// What the error says to take out is enough, and where one thing is enough none smaller would be.
func TestTheCheapestRemedyIsOneAndIsEnough(t *testing.T) {
	all := salon()
	for i := range 4 {
		all.jobs = append(all.jobs, job.Spec{Name: "Job", CallerIntent: strings.Repeat("when it rains ", 5*i+1), Instructions: "Talk."})
		all.pages = append(all.pages, knowledge.Spec{Title: "Page", Text: strings.Repeat("It is so. ", 40*i+1)})
	}
	all.options.Profile.InstructionCap = 1
	_, err := prompt.Build(all.snapshot(t), callflow.Sona, all.options)
	var least *prompt.BudgetError
	require.ErrorAs(t, err, &least)
	for room := least.Need - 1; room > 0; room -= 7 {
		s := all
		s.options.Profile.InstructionCap = room
		_, err := prompt.Build(s.snapshot(t), callflow.Sona, s.options)
		var budget *prompt.BudgetError
		require.ErrorAs(t, err, &budget)
		if len(budget.Cheapest) == 0 {
			_, err := prompt.Build(scene{settings: s.settings, step: s.step, options: s.options}.snapshot(t), callflow.Sona, s.options)
			require.Error(t, err, "even with nothing attached")
			require.ErrorContains(t, budget, "shorten the workspace's guardrails")
			continue
		}
		_, err = prompt.Build(s.without(t, budget.Cheapest...), callflow.Sona, s.options)
		require.NoError(t, err, "%d: %v", room, budget)
		require.ErrorContains(t, budget, budget.Cheapest[0].String())
		if len(budget.Cheapest) == 1 {
			for _, size := range budget.Sizes {
				if size.Tokens < budget.Need-budget.Have {
					_, err = prompt.Build(s.without(t, size), callflow.Sona, s.options)
					require.Error(t, err, "%d: %v is smaller", room, size)
				}
			}
		}
	}
}

// without returns the scene's snapshot with some of its jobs and pages off.
func (s scene) without(t testing.TB, off ...prompt.Size) callflow.Snapshot {
	t.Helper()
	snap := s.snapshot(t)
	step := must(snap.SonaStep(callflow.Sona))
	for _, o := range off {
		step.Jobs = slices.DeleteFunc(step.Jobs, func(id job.ID) bool { return id == o.Job })
		step.Pages = slices.DeleteFunc(step.Pages, func(id knowledge.ID) bool { return id == o.Page })
	}
	return join(t, step, snap.Jobs(callflow.Sona), snap.Pages(callflow.Sona), snap.Settings())
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
	bare := scene{}.build(t).Tokens // the assembler's own words
	tests := []struct {
		name string
		from scene
		room int // above or below the assembler's own words
		want string
	}{
		{"a page is enough", scene{pages: salon().pages}, 60, `prompt: 948 tokens at least, room for 893: deselect page "Opening hours" (page-1, 57 tokens), ` +
			`or allow more tokens; largest: page "Opening hours" (page-1, 57 tokens) page "Prices" (page-2, 43 tokens)`},
		{"a job is enough, with its tools", scene{jobs: salon().jobs[:1]}, 155, `prompt: 1178 tokens at least, room for 988: detach job "Change a booking" (job-1, 345 tokens), ` +
			`or allow more tokens; largest: job "Change a booking" (job-1, 345 tokens)`},
		{"nothing is enough", salon(), -1, "shorten the workspace's guardrails, or allow more tokens"},
		{"nothing is attached", scene{settings: salon().settings}, 0, "shorten the workspace's guardrails, or allow more tokens"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.from.settings.MaxTokens = bare + tt.room
			_, err := prompt.Build(tt.from.snapshot(t), callflow.Sona, tt.from.options)
			require.ErrorContains(t, err, tt.want)
		})
	}
	_, err := prompt.Build(salon().snapshot(t), callflow.Sona, prompt.Options{Profile: prompt.Profile{ContextTokens: 100, Reserve: 1000}})
	require.ErrorContains(t, err, "room for 0: ")
	many := scene{settings: callflow.SettingsSpec{MaxTokens: bare + 600}}
	for range 20 {
		many.pages = append(many.pages, knowledge.Spec{Title: "Page", Text: strings.Repeat("It is so. ", 30)})
	}
	_, err = prompt.Build(many.snapshot(t), callflow.Sona, many.options)
	require.ErrorContains(t, err, "13 more, or allow more tokens; largest: page")
	require.Less(t, len(err.Error()), 700)
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
	counted, calls := 0, 0
	s.options.Profile.Tokens = func(text string) int {
		counted, calls = counted+len(text), calls+1
		return len(text)
	}
	p := s.build(t)
	tools := 0
	for _, tool := range p.Tools {
		tools += len(tool.Name) + len(tool.Description) + len(tool.Parameters)
	}
	require.Equal(t, len(p.Stable)+tools, p.Tokens)
	require.Equal(t, p.Tokens, counted, "all is counted once")
	q := p.For(prompt.CallContext{Now: noon})
	require.Equal(t, len(p.Stable)+tools+len(q.Context), q.Tokens)
	require.Equal(t, p.Tokens+len(q.Context), counted, "a full count takes milliseconds: never once a call")
	require.Equal(t, q.Tokens, q.For(prompt.CallContext{Now: noon}).Tokens)
}

// Counts are kept with the texts that they are of, so that an edit counts the edited text.
func TestCountsAreKept(t *testing.T) {
	s := salon()
	counted := 0
	s.options.Parts = new(prompt.Parts)
	s.options.Profile = prompt.Profile{Name: "exact", Tokens: func(text string) int {
		counted += len(text)
		return len(text)
	}}
	p := s.build(t)
	counted = 0
	require.Equal(t, p.Tokens, s.build(t).Tokens)
	require.Zero(t, counted)

	s.jobs[1].Instructions += "\n5. Wait."
	after := s.build(t)
	require.Equal(t, p.Tokens+len("\n5. Wait."), after.Tokens)
	require.Equal(t, len("<<job J2 "+nonce+">>\n"+body(t, after.Stable, "job J2")+"<<end job J2 "+nonce+">>\n"), counted, "only the edited job")

	counted = 0
	s.options.Profile.Name = "another"
	require.Equal(t, after.Tokens, s.build(t).Tokens)
	require.Greater(t, counted, len(after.Stable), "another model counts for itself")
	s.options.Profile.Name = ""
	for range 2 {
		counted = 0
		require.Equal(t, after.Tokens, s.build(t).Tokens)
		require.Greater(t, counted, len(after.Stable), "without a name nobody knows whose count it is")
	}
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
