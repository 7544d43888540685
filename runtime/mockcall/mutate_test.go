package mockcall_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/job/template"
	"github.com/sonajobs/sona/runtime/mockcall"
)

const deskSteps = "This job takes an order.\n\n1. Ask for the name.\n2. Ask for the number of plates.\n   - If the caller wants none, go to step 3.\n" +
	"3. Say that it takes 30 minutes.\n4. End the call: {{action end_call}}\n\n## Off script\n\n- If the caller declines a question, ask once more. If they decline again, skip it.\n"

func TestEveryKindOfMutantIsMade(t *testing.T) {
	j, err := job.New(job.Spec{Name: "Order", Instructions: deskSteps, Results: []job.Field{{Name: "Name"}}})
	require.NoError(t, err)
	diffs := map[mockcall.MutantKind][]string{}
	for _, m := range mockcall.Mutants(j) {
		require.Equal(t, j.ID(), m.Job.ID())
		require.NotEqual(t, j.Hash(), m.Job.Hash())
		diffs[m.Kind] = append(diffs[m.Kind], m.Diff)
	}
	require.Contains(t, diffs[mockcall.DropStep], "- 2. Ask for the number of plates.\n-    - If the caller wants none, go to step 3.\n", "a step goes with what stands below it")
	require.Len(t, diffs[mockcall.DropStep], 4)
	require.Len(t, diffs[mockcall.SwapSteps], 3)
	require.Contains(t, diffs[mockcall.SwapSteps][2], "+ 3. End the call: {{action end_call}}\n+ 4. Say that it takes 30 minutes.\n", "the numbers stay in their places")
	require.Equal(t, []string{"-    - If the caller wants none, go to step 3.\n+    - If it is not so that the caller wants none, go to step 3.\n"}, diffs[mockcall.NegateBranch])
	require.Len(t, diffs[mockcall.DropRule], 1, "both sentences of a rule go together")
	require.Contains(t, strings.Join(diffs[mockcall.ChangeNumber], ""), "+ 3. Say that it takes 31 minutes.\n")
	require.Contains(t, strings.Join(diffs[mockcall.ChangeNumber], ""), "go to step 4.")
	require.Equal(t, []string{"- 4. End the call: {{action end_call}}\n+ 4. End the call: \n"}, diffs[mockcall.DropAction])
	require.Equal(t, []string{"- result \"Name\"\n"}, diffs[mockcall.DropResult])
}

func TestAWeakSuiteLetsMutantsLive(t *testing.T) {
	spec := template.TakeAMessage.Spec()
	j, err := job.New(spec)
	require.NoError(t, err)
	weak := templateSuites[template.TakeAMessage][0].scenario(spec)
	weak.Checks = []mockcall.Check{mockcall.Ends(call.Ended)}
	m, err := mockcall.MutateOn(t.Context(), deskOf(t, j), mockcall.Config{}, 1, []mockcall.Scenario{weak})
	require.NoError(t, err)
	require.Greater(t, m.Count(mockcall.Survived), 10, "%s", m)
	require.Less(t, m.Rate(), 0.5)
	require.Contains(t, m.String(), "survived: Take a message, drop_step: step 2\n- 2. Ask for the callback number.\n")
	require.Contains(t, m.String(), "the engine cannot see it: Take a message, drop_rule")
	require.Contains(t, m.String(), "speaks for no language model")
	raw, err := m.JSON()
	require.NoError(t, err)
	require.Contains(t, string(raw), `"fate": "survived"`)
}

func TestMutantsNeedASuiteThatPasses(t *testing.T) {
	s := newShop(t)
	wrong := always("wrong")
	wrong.Checks = []mockcall.Check{mockcall.Ends(call.Voicemail)}
	_, err := mockcall.Mutate(t.Context(), s.ws, mockcall.Config{Flow: s.flow.ID()}, 1, []mockcall.Scenario{wrong})
	require.ErrorIs(t, err, mockcall.ErrBaseline)
	require.ErrorIs(t, err, mockcall.ErrFailed)
}

// Whatever text a job has, its mutants are valid jobs.
func FuzzMutants(f *testing.F) {
	f.Add(deskSteps)
	f.Add(template.Troubleshoot.Spec().Instructions)
	f.Add("1. a\n1. a\n\n- If x, y\n99999999999999999999. z {{action end_call}}{{action end_call}}")
	f.Fuzz(func(t *testing.T, text string) {
		j, err := job.New(job.Spec{Name: "x", Instructions: text})
		if err != nil {
			t.Skip()
		}
		for _, m := range mockcall.Mutants(j) {
			require.NoError(t, m.Job.Spec().Check())
			require.NotEqual(t, j.Hash(), m.Job.Hash())
		}
	})
}
