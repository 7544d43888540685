package corpus_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/internal/corpus"
)

func TestScriptedCallsAreReadByTurns(t *testing.T) {
	const greeted = `{"id":"a","tasks":["x"],"steps":[{"agent":"Hello."},{"caller":"Hi"},{"action":"find","args":{"n":1}},{"result":{"ok":true},"of":"find"},` +
		`{"action":"keep","args":{}},{"unparsed":{"response":"{"}},{"result":{"lost":1}},{"agent":"Done."},{"caller":"Bye"},{"event":"complete"}]}`
	const silent = `{"id":"b","steps":[{"hint":"for the caller"},{"caller":"Hi"}]}`
	data(t, map[string]string{"eva/dev/scripted_calls.jsonl": greeted, "star/dev/scripted_calls.jsonl": silent, "taskmaster/dev/scripted_calls.jsonl": ""})
	require.Empty(t, cmp.Diff([]corpus.ScriptedCall{
		{ID: "a", Tasks: []string{"x"}, Left: 1, Turns: []corpus.ScriptedTurn{
			{Agent: "Hello."},
			{Caller: "Hi", Agent: "Done.", Actions: []corpus.ScriptedAction{
				{Name: "find", Args: json.RawMessage(`{"n":1}`), Result: json.RawMessage(`{"ok":true}`)},
				{Name: "keep", Args: json.RawMessage(`{}`)},
			}},
			{Caller: "Bye"},
		}},
		{ID: "b", Turns: []corpus.ScriptedTurn{{Caller: "Hi"}}},
	}, corpus.ScriptedCalls(t)))
}

func TestWhatIsNoCallIsNamed(t *testing.T) {
	for steps, want := range map[string]string{
		`[]`:                             "nothing was said",
		`[{"agent":"a"},{"agent":"b"}]`:  "the agent speaks twice",
		`[{"agent":"a"},{"action":"b"}]`: "an action after the words that go with it",
	} {
		data(t, map[string]string{"eva/dev/scripted_calls.jsonl": `{"id":"c1","steps":` + steps + `}`})
		require.Equal(t, "fatal: eva/dev/scripted_calls.jsonl: call c1: "+want, ending(func(t testing.TB) { corpus.ScriptedCalls(t) }))
	}
}

func TestScriptedCallsHoldEveryRecordedCall(t *testing.T) {
	all := corpus.ScriptedCalls(t)
	callers, agents, actions, left := 0, 0, 0, 0
	for _, c := range all {
		left += c.Left
		for _, turn := range c.Turns {
			actions += len(turn.Actions)
			if turn.Caller != "" {
				callers++
			}
			if turn.Agent != "" {
				agents++
			}
		}
	}
	require.Len(t, all, 645)
	require.Equal(t, []int{4161, 4187, 2344, 4}, []int{callers, agents, actions, left})
}
