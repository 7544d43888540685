package rehearsal_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/internal/corpus"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/job/template"
	"github.com/sonajobs/sona/runtime/mockcall"
)

// Each template is walked by a caller who agrees, one who wants no transfer, one whom the first answers do
// not help, one who declines everything and one who would rather leave a voicemail.
func TestEveryTemplateCanBeWalkedToItsEnd(t *testing.T) {
	for _, tpl := range template.All() {
		t.Run(string(tpl.Name), func(t *testing.T) {
			j := newJob(t, tpl.Spec)
			reached := map[job.ActionName]bool{}
			walk := func(name string, a attitude) *mockcall.Result {
				t.Helper()
				a.opening = tpl.Spec.CallerIntent
				r := rehearse(t, plays(tpl.Spec.Results, a), nil, j)
				require.NotEqual(t, call.HungUp, r.Record.Outcome.Kind, "%s: a dead end\n%s", name, r.Transcript())
				require.Contains(t, r.Record.Used, j.ID())
				times := map[job.ActionName]int{}
				for _, f := range r.Record.Effects {
					times[f.Action]++
					reached[f.Action] = true
				}
				for action, n := range times {
					require.Equal(t, 1, n, "%s: %s more than once\n%s", name, action, r.Transcript())
				}
				return r
			}

			agrees := walk("agrees", attitude{transfer: "Yes, please.", otherwise: "Yes."})
			collected(t, agrees, tpl.Spec)
			collected(t, walk("wants no transfer", attitude{transfer: "No, thank you.", otherwise: "Yes."}), tpl.Spec)
			walk("is not helped", attitude{transfer: "Yes.", yesNo: "No.", otherwise: "Yes."})
			walk("declines", attitude{transfer: "No.", results: "I would rather not say.", otherwise: "No."})
			if j.Outline().OffScript != nil && uses(j, job.Voicemail) {
				r := walk("prefers voicemail", attitude{transfer: "No.", results: "Can I use the voicemail?", otherwise: "Yes."})
				mockcall.Assert(t, r, mockcall.Ends(call.Voicemail))
			}
			for _, u := range j.Outline().Actions {
				require.True(t, reached[u.Name], "no caller comes to %s", u.Name)
			}
		})
	}
}

func uses(j job.Job, action job.ActionName) bool {
	for _, u := range j.Outline().Actions {
		if u.Name == action {
			return true
		}
	}
	return false
}

// collected checks that every required result has a value.
func collected(t *testing.T, r *mockcall.Result, s job.Spec) {
	t.Helper()
	for _, f := range s.Results {
		value, ok := r.Record.Summary.Get(s.Name, f.Name)
		require.True(t, ok, "the summary has no %q", f.Name)
		if f.Required {
			require.NotNil(t, value, "%q was not collected\n%s", f.Name, r.Transcript())
		}
	}
}

func TestEveryRetailGuidelineEndsWithin40Turns(t *testing.T) {
	type guideline struct{ Name, Description, Instructions string }
	most := 0
	for _, g := range corpus.Lines[guideline](t, "abcd/dev/job_guidelines.jsonl") {
		j := newJob(t, job.Spec{Name: g.Name, Description: g.Description, Instructions: g.Instructions})
		for _, answer := range []string{"Yes.", "No.", "It is 4711.", "I would rather not say."} {
			r := rehearse(t, plays(nil, attitude{opening: g.Name, transfer: answer, otherwise: answer}), nil, j)
			require.LessOrEqual(t, len(r.Record.Turns), 40, "%s\n%s", g.Name, r.Transcript())
			require.Contains(t, says(r)[len(says(r))-1], "Goodbye", "%s\n%s", g.Name, r.Transcript())
			most = max(most, len(r.Record.Turns))
		}
	}
	t.Logf("the longest of all calls had %d turns", most)
}
