package mockcall_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/internal/corpus"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime/mockcall"
)

// actionCall is an action as the recordings have it: each source names the arguments in a way of its own.
type actionCall struct {
	ID        string          `json:"id"`
	Name      string          `json:"name"`
	Arguments json.RawMessage `json:"arguments"`
	Kwargs    json.RawMessage `json:"kwargs"`
	Raw       string          `json:"arguments_raw"`
}

func (c actionCall) args() json.RawMessage {
	switch {
	case c.Raw != "":
		return json.RawMessage(c.Raw)
	case len(c.Kwargs) > 0:
		return c.Kwargs
	}
	return c.Arguments
}

type trajectory struct {
	ID       string            `json:"id"`
	Domain   string            `json:"domain"`
	System   string            `json:"system"`
	Task     string            `json:"task"`
	Reward   float64           `json:"reward"`
	Match    *bool             `json:"db_match"`
	Messages []recordedMessage `json:"messages"`
}

// callerNames finds the last name, or the number as a customer, of the caller in what a task says of them.
var callerNames = regexp.MustCompile(`(?:You are|name is) [A-Z][a-z]+ ([A-Z][a-z]+)|\b([a-z]+_[a-z]+_\d{4})\b`)

// names reports whether one of these is in what was said or looked up.
func (r trajectory) names(who [][][]byte) bool {
	all := string(mustJSON(r.Messages))
	return slices.ContainsFunc(who, func(m [][]byte) bool {
		name := string(m[1]) + string(m[2])
		return strings.Contains(all, name)
	})
}

type recordedMessage struct {
	Role    string       `json:"role"`
	Content string       `json:"content"`
	Failed  bool         `json:"error"`
	Of      string       `json:"tool_call_id"`
	Calls   []actionCall `json:"tool_calls"`
}

// effects returns what came of the recorded call: each action with its arguments, and whether it was carried out.
func (r trajectory) effects(writes map[string]bool) []call.Effect {
	type answer struct{ came, failed bool }
	answers := map[string]answer{}
	for _, m := range r.Messages {
		if m.Role == "tool" {
			answers[m.Of] = answer{true, m.Failed || strings.HasPrefix(m.Content, "Error")}
		}
	}
	var out []call.Effect
	for _, m := range r.Messages {
		for _, c := range m.Calls {
			if !writes[c.Name] {
				continue
			}
			e := call.Effect{Action: job.ActionName(c.Name), Args: c.args(), Done: answers[c.ID].came}
			if answers[c.ID].failed {
				e.Err = "refused"
			}
			out = append(out, e)
		}
	}
	return out
}

// sameArguments checks that an effect has just these arguments; the order of a list means nothing, and a whole number
// is one however it is written.
func sameArguments(want json.RawMessage) mockcall.Arg {
	return func(f call.Effect) error {
		if a, b := canonical(f.Args), canonical(want); a != b {
			return fmt.Errorf("arguments are %s, not %s", a, b)
		}
		return nil
	}
}

func canonical(raw json.RawMessage) string {
	var v any
	if json.Unmarshal(raw, &v) != nil {
		return string(raw)
	}
	var sorted func(v any) any
	sorted = func(v any) any {
		switch v := v.(type) {
		case map[string]any:
			for k := range v {
				v[k] = sorted(v[k])
			}
		case []any:
			for i := range v {
				v[i] = sorted(v[i])
			}
			slices.SortFunc(v, func(a, b any) int { return bytes.Compare(mustJSON(a), mustJSON(b)) })
		}
		return v
	}
	return string(mustJSON(sorted(v)))
}

func mustJSON(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return b
}

// writeChecks checks that the writes among the expected actions were carried out, each as often as it stands there, and no
// other write.
func writeChecks(expected []actionCall, writes map[string]bool) []mockcall.Check {
	type one struct{ name, args string }
	times, all := map[one]int{}, map[string]int{}
	for _, a := range expected {
		if writes[a.Name] {
			times[one{a.Name, canonical(a.args())}]++
			all[a.Name]++
		}
	}
	var checks []mockcall.Check
	for a, n := range times {
		checks = append(checks, mockcall.Exactly(n, job.ActionName(a.name), sameArguments(json.RawMessage(a.args))))
	}
	for name := range writes {
		checks = append(checks, mockcall.Exactly(all[name], job.ActionName(name)))
	}
	return checks
}

func scoreOf(r *mockcall.Result, checks []mockcall.Check) error {
	var all []error
	for _, c := range checks {
		all = append(all, c(r))
	}
	return errors.Join(all...)
}

func writesOf(t *testing.T) map[string]map[string]bool {
	t.Helper()
	var tools map[string][]struct {
		Name string `json:"name"`
		Kind string `json:"kind"`
	}
	require.NoError(t, json.Unmarshal(corpus.Read(t, "tau2/corpus/tools.json"), &tools))
	out := map[string]map[string]bool{}
	for domain, list := range tools {
		out[domain] = map[string]bool{}
		for _, x := range list {
			if x.Kind == "write" {
				out[domain][x.Name] = true
			}
		}
	}
	return out
}

// rescored counts how often the checks say of a recorded call what its source says.
type rescored struct {
	n, agree, right, wrong int
	disagree               []string
}

func (c *rescored) add(id string, want bool, got error) {
	c.n++
	switch {
	case (got == nil) == want:
		c.agree++
		if want {
			c.right++
		} else {
			c.wrong++
		}
	case want:
		c.disagree = append(c.disagree, fmt.Sprintf("%s: passed there, fails here: %.300v", id, got))
	default:
		c.disagree = append(c.disagree, id+": failed there, passes here: every expected write was made, and no other")
	}
}

func (c *rescored) String() string {
	return fmt.Sprintf("%d of %d agree (%.1f %%): %d pass, %d fail on both sides", c.agree, c.n, 100*float64(c.agree)/float64(max(c.n, 1)), c.right, c.wrong)
}

// Recorded calls of real agents are scored again from their effects alone, and compared with the verdict that their source
// reached by comparing databases. Some runs were scored by their source with another version of the task than the one
// that stands here; where the reference actions of the score have other names than those of the task, the run is counted
// apart.
func TestEvalTrajectoriesScoredAgainFromTheirEffects(t *testing.T) {
	writes := writesOf(t)
	type task struct {
		ID       string
		Caller   json.RawMessage
		Expected []actionCall `json:"expected_actions"`
	}
	tasks := map[string]task{}
	for _, x := range corpus.Lines[task](t, "tau2/dev/mock_calls.jsonl") {
		tasks[x.ID] = x
	}
	type tau2 struct {
		trajectory
		Scored []struct {
			Name  string
			Match bool
		} `json:"action_checks"`
	}
	var same, other, reward, bench rescored
	apart, strangers := map[string]int{}, map[string]int{}
	for _, r := range corpus.Lines[tau2](t, "tau2/dev/trajectories.jsonl.gz") {
		x, ok := tasks[r.Task]
		require.True(t, ok && r.Match != nil, r.ID)
		got := scoreOf(&mockcall.Result{Record: call.Record{Effects: r.effects(writes[r.Domain])}}, writeChecks(x.Expected, writes[r.Domain]))
		var was, is []string
		for _, a := range r.Scored {
			was = append(was, a.Name)
		}
		for _, a := range x.Expected {
			is = append(is, a.Name)
		}
		if !slices.Equal(was, is) {
			other.add(r.ID, *r.Match, got)
			apart[r.System]++
			if who := callerNames.FindAllSubmatch(x.Caller, -1); len(who) > 0 && !r.names(who) {
				strangers[r.System]++
			}
			continue
		}
		id := r.ID
		for i, a := range x.Expected { // what the source says of each reference action tells where the disagreement is
			if !writes[r.Domain][a.Name] {
				continue
			}
			here := slices.ContainsFunc(r.effects(writes[r.Domain]), func(e call.Effect) bool {
				return string(e.Action) == a.Name && canonical(e.Args) == canonical(a.args())
			})
			switch there := r.Scored[i].Match; {
			case here != there:
				id += fmt.Sprintf(" (the source's own reference of %s has other arguments: its check says %t, these say %t)", a.Name, there, here)
			case !there && *r.Match:
				id += fmt.Sprintf(" (the source, too, misses %s, and finds the database as it should be: the reference action itself changes nothing)", a.Name)
			}
		}
		same.add(id, *r.Match, got)
		reward.add(r.ID, r.Reward == 1, got)
	}
	type tauBench struct {
		ID       string
		Reward   float64
		Messages []recordedMessage
		Expected []actionCall `json:"expected_actions"`
		Outputs  []string     `json:"expected_outputs"`
	}
	for _, r := range corpus.Lines[tauBench](t, "taubench/dev/airline_gpt4o_4trials.jsonl.gz") {
		tr := trajectory{ID: r.ID, Messages: r.Messages}
		id := r.ID
		if len(r.Outputs) > 0 {
			id += fmt.Sprintf(" (its reward also wants %q to be said)", r.Outputs)
		}
		bench.add(id, r.Reward == 1, scoreOf(&mockcall.Result{Record: call.Record{Effects: tr.effects(writes["airline"])}}, writeChecks(r.Expected, writes["airline"])))
	}
	n, agree := same.n+bench.n, same.agree+bench.agree
	t.Logf("tau2, database:     %v", &same)
	t.Logf("tau2, whole reward: %v", &reward)
	t.Logf("tau-bench, reward:  %v", &bench)
	t.Logf("together (tau2's database, tau-bench's reward): %d of %d, %.1f %%", agree, n, 100*float64(agree)/float64(n))
	t.Logf("with those that their source scored with another version of the task: %d of %d, %.1f %%", agree+other.agree, n+other.n, 100*float64(agree+other.agree)/float64(n+other.n))
	t.Logf("tau2, scored with another version of the task: %v; of these", &other)
	for _, s := range slices.Sorted(maps.Keys(apart)) {
		t.Logf("    %3d by %s; in %d of them nobody says the name or the number of the task's caller", apart[s], s, strangers[s])
	}
	for _, line := range append(same.disagree, bench.disagree...) {
		t.Logf("disagree: %s", line)
	}
	require.Greater(t, n, 200)
	require.GreaterOrEqual(t, float64(agree)/float64(n), 0.95)
	require.GreaterOrEqual(t, float64(same.agree)/float64(same.n), 0.95)
	require.GreaterOrEqual(t, float64(bench.agree)/float64(bench.n), 0.95)
}
