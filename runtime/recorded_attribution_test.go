package runtime_test

import (
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/internal/corpus"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/job/template"
)

// carelessness is how often marks go wrong, of a hundred.
var carelessness = []struct {
	name  string
	slips map[slip]int
}{
	{"every mark is well-formed", nil},
	{"5 of 100 are left out", map[slip]int{omitted: 5}},
	{"5 of 100 are ill-formed", map[slip]int{illFormed: 5}},
	{"5 of 100 are those of another job", map[slip]int{another: 5}},
	{"5 of 100 of each", map[slip]int{omitted: 5, illFormed: 5, another: 5}},
}

// attribute measures calls under every carelessness. Of what the marks tell in truth at most 2 of 100 turns may be
// attributed wrongly; a false mark is believed, and must not spread to other turns.
func attribute(t *testing.T, calls func(t *testing.T, c *careless, r *rates)) {
	t.Helper()
	for i, tt := range carelessness {
		if raced && i < len(carelessness)-1 {
			continue // one for all: it is a matter of marks, not of races
		}
		t.Run(tt.name, func(t *testing.T) {
			c := &careless{slips: tt.slips, rand: rand.New(rand.NewPCG(uint64(i), 7))}
			var r rates
			calls(t, c, &r)
			t.Log(r)
			require.NotZero(t, r.right)
			require.LessOrEqual(t, r.wrong(), 2.0, "attributed wrongly")
			require.Zero(t, r.missed, "what is well marked is known")
		})
	}
}

// answers is a caller who wants something, answers in one way, and may turn to something else in between.
func answers(wish, answer, instead string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for n := range 20 {
			say := answer
			switch {
			case n == 0:
				say = wish
			case n == 4 && instead != "":
				say = "Actually, I also need help with something else: " + instead
			}
			if !yield(say) {
				return
			}
		}
	}
}

// rehearsed calls each nth job of a set in four ways.
func rehearsed(t *testing.T, c *careless, r *rates, set []job.Spec, nth int) {
	t.Helper()
	s := deskWith(t, set...)
	for i, spec := range set {
		if i%nth != 0 {
			continue
		}
		for n, answer := range []string{"Yes.", "No.", "It is 4711.", "I would rather not say."} {
			instead := ""
			if n%2 == 1 {
				instead = set[(i+1)%len(set)].Name
			}
			r.talk(t, c, s, answers(spec.Name+". "+spec.Description, answer, instead), 7)
		}
	}
}

func TestTurnsOfGuidelinesAndTemplatesAreAttributed(t *testing.T) {
	var specs []job.Spec
	for _, g := range corpus.Lines[struct{ Name, Description, Instructions string }](t, "abcd/dev/job_guidelines.jsonl") {
		specs = append(specs, job.Spec{Name: g.Name, Description: g.Description, Instructions: g.Instructions})
	}
	require.Len(t, specs, 37)
	for _, name := range template.All() {
		specs = append(specs, name.Spec)
	}
	nth := stride(t, 5)
	attribute(t, func(t *testing.T, c *careless, r *rates) {
		t.Helper()
		for set := range slices.Chunk(specs, 10) {
			rehearsed(t, c, r, set, nth)
		}
	})
}

// starJobs makes a job of each recorded task: it asks the recorded questions in their order.
func starJobs(t *testing.T) map[string]job.Spec {
	t.Helper()
	all := map[string]job.Spec{}
	for _, task := range corpus.Lines[struct {
		ID, Task string
		Replies  map[string]string
		Graph    map[string]string
	}](t, "star/corpus/tasks.jsonl") {
		name := strings.TrimPrefix(task.ID, "star/")
		spec := job.Spec{Name: strings.ReplaceAll(name, "_", " "), CallerIntent: strings.ReplaceAll(task.Task, "_", " "), Instructions: "This job helps with " + strings.ReplaceAll(task.Task, "_", " ") + "."}
		seen := map[string]bool{}
		for at := task.Graph["hello"]; at != "" && !seen[at]; at = task.Graph[at] {
			if seen[at] = true; strings.Contains(at, "ask") && task.Replies[at] != "" {
				spec.Instructions += fmt.Sprintf("\n%d. Ask: “%s”", strings.Count(spec.Instructions, "\n")+1, task.Replies[at])
			}
		}
		all[name] = spec
	}
	return all
}

// coffee is a job for the callers of the second source.
var coffee = job.Spec{Name: "Coffee order", CallerIntent: "The caller orders a drink: a latte, an espresso, a tea.", Instructions: "This job takes an order of coffee.\n" +
	"1. Ask: “Which drink would you like?”\n2. Ask: “Which milk?”\n3. Ask: “Anything in it?”\n4. Ask: “For here or to go?”\n5. Ask: “What is your name?”"}

// volunteers reports whether a caller gives three answers at once: three values of the recorded arguments.
func volunteers(t *testing.T, call corpus.ScriptedCall, said string) bool {
	t.Helper()
	said = strings.ToLower(said)
	given := map[string]bool{}
	for _, turn := range call.Turns {
		for _, a := range turn.Actions {
			for name, v := range plain(t, a.Args).(map[string]any) {
				if text := strings.ToLower(strings.TrimSpace(fmt.Sprint(v))); len(text) > 1 && strings.Contains(said, text) {
					given[name] = true
				}
			}
		}
	}
	return len(given) > 2
}

func TestTurnsOfRecordedCallersAreAttributed(t *testing.T) {
	jobs := starJobs(t)
	names := []string{}
	for name := range jobs {
		names = append(names, name)
	}
	slices.Sort(names)
	var calls []corpus.ScriptedCall
	eager := map[string]bool{}
	for _, c := range corpus.ScriptedCalls(t) {
		if strings.HasPrefix(c.ID, "eva/") {
			continue
		}
		calls = append(calls, c)
		if slices.ContainsFunc(c.Turns, func(turn corpus.ScriptedTurn) bool { return volunteers(t, c, turn.Caller) }) {
			eager[c.ID] = true
		}
	}
	t.Logf("%d calls, %d of them of callers who give three answers at once", len(calls), len(eager))
	nth := map[bool]int{true: stride(t, 1), false: stride(t, 10)}
	attribute(t, func(t *testing.T, c *careless, r *rates) {
		t.Helper()
		for i, recorded := range calls {
			if i%nth[eager[recorded.ID]] != 0 {
				continue
			}
			at, _ := slices.BinarySearch(names, recorded.Tasks[0])
			set := []job.Spec{coffee}
			for n := range 9 { // the job itself, if there is one, and those beside it
				set = append(set, jobs[names[(at+n)%len(names)]])
			}
			r.talk(t, c, deskWith(t, set...), func(yield func(string) bool) {
				for _, turn := range recorded.Turns {
					if turn.Caller != "" && !yield(turn.Caller) {
						return
					}
				}
			}, 7)
		}
	})
}
