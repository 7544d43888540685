package prompt_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime/prompt"
)

func TestImpactNamesEachStepThatAnEditReaches(t *testing.T) {
	one, two := job.Spec{Name: "One", CallerIntent: "one", Instructions: "Talk of one."}, job.Spec{Name: "Two", CallerIntent: "two", Instructions: "Talk of two."}
	before := twoSteps(t, one, two)
	with := func(edit func(*job.Spec), to int) callflow.Snapshot {
		specs := []job.Spec{one, two}
		edit(&specs[to])
		return twoSteps(t, specs...)
	}

	require.Empty(t, prompt.Impact(before, before, prompt.Options{}))
	require.Empty(t, prompt.Impact(before, with(func(s *job.Spec) { s.Description = "It does not show." }, 1), prompt.Options{}))

	longer := with(func(s *job.Spec) { s.Instructions += strings.Repeat(" Be kind.", 40) }, 1)
	got := prompt.Impact(before, longer, prompt.Options{})
	require.Len(t, got, 2)
	for i, step := range []callflow.StepID{"day", "night"} {
		handle := []string{"J2", "J1"}[i]
		require.Equal(t, step, got[i].Step)
		require.Equal(t, []string{"job " + handle}, sectionsOf(got[i].Diff))
		require.Contains(t, got[i].Diff[0].After, "Talk of two. Be kind.")
		require.InDelta(t, 40*9/3, got[i].After.Tokens-got[i].Before.Tokens, 1)
		was, err := prompt.Build(before, step, prompt.Options{})
		require.NoError(t, err)
		require.Contains(t, was.Stable[:got[i].First], "<<job "+handle)
		require.Nil(t, got[i].NewlyOver())
	}
	require.Len(t, prompt.Impact(before, with(func(s *job.Spec) { s.Name = "Uno" }, 0), prompt.Options{}), 1, "the night does not have it")

	tight := prompt.Options{Profile: prompt.Profile{InstructionCap: got[1].After.Tokens + 5}} // the night has room, the day closes its jobs
	got = prompt.Impact(before, longer, tight)
	require.Equal(t, []prompt.PlanKind{prompt.Full, prompt.Index, prompt.Full, prompt.Full},
		[]prompt.PlanKind{got[0].Before.Plan, got[0].After.Plan, got[1].Before.Plan, got[1].After.Plan})

	wide := with(func(s *job.Spec) { s.CallerIntent = strings.Repeat("when it rains ", 35) }, 0)
	tight.Profile.InstructionCap = got[0].Before.Tokens
	got = prompt.Impact(before, wide, tight)
	require.Len(t, got, 1)
	require.Empty(t, got[0].Diff)
	require.Equal(t, job.ID("job-1"), got[0].NewlyOver().Shrink)
	require.Equal(t, got[0].NewlyOver().Need, got[0].After.Tokens)
	require.Empty(t, got[0].After.Plan)
	require.Empty(t, prompt.Impact(wide, wide, tight), "what did not fit before is no news")
	require.Nil(t, prompt.Impact(wide, before, tight)[0].NewlyOver())
}

func TestImpactNamesStepsThatComeAndGo(t *testing.T) {
	before := twoSteps(t, salon().jobs...)
	f, err := before.Flow().EditDraft(func(d *callflow.Draft) error {
		if err := d.SetStep(callflow.Step{ID: "noon", Is: callflow.SonaStep{}}); err != nil {
			return err
		}
		return d.RemoveStep("night")
	})
	require.NoError(t, err)
	after := callflow.NewSnapshot(f, f.Draft(), before.Jobs("day"), nil, callflow.Settings{})
	got := prompt.Impact(before, after, prompt.Options{})
	require.Len(t, got, 2)
	require.Equal(t, []callflow.StepID{"noon", "night"}, []callflow.StepID{got[0].Step, got[1].Step})
	for _, err := range []error{got[0].Before.Err, got[1].After.Err} {
		require.ErrorAs(t, err, new(*callflow.StepError))
	}
}

// The candidate of an unsaved edit is measured before anybody meets it.
func TestImpactOfACandidate(t *testing.T) {
	s := salon()
	snap := s.snapshot(t)
	j := snap.Jobs(callflow.Sona)[1]
	spec := j.Spec()
	spec.Instructions += "\n5. Wait."
	candidate, err := snap.WithJob(callflow.Sona, must(j.With(spec)))
	require.NoError(t, err)
	got := prompt.Impact(snap, candidate, s.options)
	require.Len(t, got, 1)
	require.Equal(t, []string{"job J2"}, sectionsOf(got[0].Diff))
}

// An author sees which steps an edit reaches, and what it costs there.
func ExampleImpact() {
	before := snapshot(message("1. Ask who it is for.\n2. Take it down."))
	after := snapshot(message("1. Ask who it is for.\n2. Take it down.\n3. Read it back."))

	for _, i := range prompt.Impact(before, after, prompt.Options{}) {
		sections := slices.Collect(func(yield func(string) bool) {
			for _, d := range i.Diff {
				if !yield(d.Section) {
					return
				}
			}
		})
		fmt.Printf("step %q: %v, %+d tokens, fits: %t\n", i.Step, sections, i.After.Tokens-i.Before.Tokens, i.NewlyOver() == nil)
	}
	// Output:
	// step "sona": [job J1], +5 tokens, fits: true
}
