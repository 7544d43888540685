package prompt_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/internal/digest"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime/prompt"
)

func TestAReceiptListsEveryInputAndTheResult(t *testing.T) {
	s := actions()
	s.pages = salon().pages
	s.options.Profile.Name = "large"
	p := s.build(t).For(prompt.CallContext{Now: noon})
	require.Equal(t, []string{"action:end_call", "action:look_up_order", "action:send_sms", "action:transfer_call", "action:voicemail",
		"job:job-1@1", "job:job-2@1", "page:page-1@1", "page:page-2@1", "plan", "profile:large", "settings@1", "step:sona@1", "workspace"},
		slices.Sorted(maps.Keys(p.Receipt.Inputs)))
	require.Equal(t, p.Plan.Jobs[0].Job.Hash(), p.Receipt.Inputs["job:job-1@1"])
	require.Equal(t, digest.Of(p.Context), p.Receipt.Context)
	require.Equal(t, 1, p.Receipt.Format)
}

func TestRebuildGivesTheSameBytes(t *testing.T) {
	for name, s := range map[string]scene{"salon": salon(), "index": index(), "actions": actions(), "nothing": {}} {
		t.Run(name, func(t *testing.T) {
			p := s.build(t).For(prompt.CallContext{Now: noon, Caller: call.Caller{Name: "Rosa"}})
			r := decoded(t, p.Receipt) // as it comes back with a record
			again, err := prompt.Rebuild(r, s.snapshot(t), callflow.Sona, s.options)
			require.NoError(t, err)
			require.Equal(t, p.Stable, again.Stable)
			require.Equal(t, p.Tools, again.Tools)
			require.Empty(t, again.Context)
		})
	}
}

func TestRebuildNamesWhatDiffers(t *testing.T) {
	lookUp := func(s *scene) *job.ActionSpec { return &s.options.Actions[1] }
	tests := []struct {
		name string
		edit func(*scene)
		want string
	}{
		{"a job's text", func(s *scene) { s.jobs[0].Instructions += " Be kind." }, "job:job-1@1, the stable part"},
		{"a job's description, which does not show", func(s *scene) { s.jobs[0].Description += "d" }, "job:job-1@1"},
		{"a job less", func(s *scene) { s.jobs = s.jobs[:1] }, "action:voicemail is missing, job:job-2@1 is missing, step:sona@1, the stable part, the tools"},
		{"a job more", func(s *scene) { s.jobs = append(s.jobs, s.jobs[1]) }, "job:job-3@1 is new, step:sona@1, the stable part"},
		{"a page more", func(s *scene) { s.pages = salon().pages[:1] }, "page:page-1@1 is new, step:sona@1, the stable part"},
		{"the greeting", func(s *scene) { s.step.Greeting = "Hi." }, "step:sona@1, the stable part"},
		{"the settings", func(s *scene) { s.settings.Guardrails = []string{"Be kind."} }, "settings@1, the stable part"},
		{"the nonce", func(s *scene) { s.nonce = "ANOTHERNONCE" }, "the stable part"},
		{"another profile", func(s *scene) { s.options.Profile.Name = "other" }, "profile: is missing, profile:other is new"},
		{"another room", func(s *scene) { s.options.Profile.InstructionCap = 100_000 }, "profile:"},
		{"another plan", func(s *scene) {
			s.options.Profile.Tokens = func(text string) int { return 1_000_000 * strings.Count(text, "<<job J") }
		}, "plan, the stable part, the tools"},
		{"a host action's description", func(s *scene) { lookUp(s).Description = "Find it." }, "action:look_up_order, the stable part, the tools"},
		{"a host action's parameters", func(s *scene) { lookUp(s).Parameters = json.RawMessage(`{}`) }, "action:look_up_order, the tools"},
		{"an action that no job uses", func(s *scene) { s.options.Actions = s.options.Actions[1:] }, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := actions().build(t).Receipt
			s := actions()
			tt.edit(&s)
			_, err := prompt.Rebuild(r, s.snapshot(t), callflow.Sona, s.options)
			if tt.want == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorIs(t, err, prompt.ErrReceipt)
			require.EqualError(t, err, prompt.ErrReceipt.Error()+": "+tt.want)
		})
	}
}

func TestRebuildRefusesAnotherLayoutAndWhatCannotBeBuilt(t *testing.T) {
	s := salon()
	r := s.build(t).Receipt
	r.Format++
	_, err := prompt.Rebuild(r, s.snapshot(t), callflow.Sona, s.options)
	require.ErrorIs(t, err, prompt.ErrReceipt)
	require.ErrorContains(t, err, "layout 2, this version writes 1")

	r.Format--
	_, err = prompt.Rebuild(r, s.snapshot(t), "elsewhere", s.options)
	_, wrong := errors.AsType[*callflow.StepError](err)
	require.True(t, wrong)
}

// The nonce leaves the server in no text that people or logs get to see.
func TestTheNonceIsShownNowhere(t *testing.T) {
	s := actions()
	p := s.build(t).For(prompt.CallContext{Now: noon, Values: map[string]string{"order_id": "A-17"}})
	require.Contains(t, p.Stable, nonce)
	require.Contains(t, p.Context, nonce)
	encoded, err := json.Marshal(p)
	require.NoError(t, err)
	require.Contains(t, string(encoded), "# 3. Rules")
	other := salon().build(t)
	_, openErr := p.OpenJob("J9")
	_, rebuildErr := prompt.Rebuild(other.Receipt, s.snapshot(t), callflow.Sona, s.options)
	_, budgetErr := prompt.Build(s.snapshot(t), callflow.Sona, prompt.Options{Actions: s.options.Actions, Profile: prompt.Profile{InstructionCap: 1}})
	require.Error(t, budgetErr)
	shown := map[string]string{
		"String": p.String(), "%v": fmt.Sprintf("%v", p), "%+v": fmt.Sprintf("%+v", p), "%#v": fmt.Sprintf("%#v", p),
		"pointer": fmt.Sprintf("%+v", &p), "in a struct": fmt.Sprintf("%+v", struct{ Prompt prompt.Prompt }{p}), "JSON": string(encoded),
		"Diff": fmt.Sprintf("%+v", prompt.Diff(p, other)), "Diff back": fmt.Sprintf("%+v", prompt.Diff(other, p)),
		"OpenJob's error": openErr.Error(), "Rebuild's error": rebuildErr.Error(), "BudgetError": budgetErr.Error(),
		"Notes": fmt.Sprintf("%+v", p.Notes()), "Receipt": fmt.Sprintf("%+v", p.Receipt), "Tools": fmt.Sprintf("%+s", p.Tools),
	}
	for how, text := range shown {
		require.NotContains(t, text, nonce, how)
		require.NotContains(t, text, digest.Of(nonce), how)
	}
	require.Equal(t, fmt.Sprintf("prompt.Prompt{full, 2 jobs, %d tokens}", p.Tokens), shown["%#v"])
	require.Equal(t, strings.ReplaceAll(p.System(), nonce, "NONCE"), p.String())
}
