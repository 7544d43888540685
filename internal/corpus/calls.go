package corpus

import (
	"encoding/json"
	"testing"
)

// ScriptedCall is a recorded conversation in which an agent carried out actions for a caller.
type ScriptedCall struct {
	ID    string
	Tasks []string // what it was about, as the source names it
	Turns []ScriptedTurn
	Left  int // steps that whoever recorded the call could not read: they are left out
}

// ScriptedTurn is what the caller said and what came of it until they spoke again.
type ScriptedTurn struct {
	Caller  string // empty in a first turn: the agent spoke first
	Actions []ScriptedAction
	Agent   string // after the actions; empty where the recording ends before
}

// ScriptedAction is an action that the agent carried out.
type ScriptedAction struct {
	Name   string
	Args   json.RawMessage // an object
	Result json.RawMessage // empty: not recorded
}

// ScriptedCalls returns every recorded call, in the order of the files.
func ScriptedCalls(t testing.TB) []ScriptedCall {
	t.Helper()
	var all []ScriptedCall
	for _, source := range []string{"eva", "star", "taskmaster"} {
		file := source + "/dev/scripted_calls.jsonl"
		for _, r := range Lines[recordedCall](t, file) {
			c, wrong := r.call()
			if wrong != "" {
				t.Fatalf("%s: call %s: %s", file, r.ID, wrong)
			}
			all = append(all, c)
		}
	}
	return all
}

type recordedCall struct {
	ID    string         `json:"id"`
	Tasks []string       `json:"tasks"`
	Steps []recordedStep `json:"steps"`
}

// recordedStep has one of these, or a hint for the caller or an event, which tell nothing of the call itself.
type recordedStep struct {
	Caller   *string         `json:"caller"`
	Agent    *string         `json:"agent"`
	Action   *string         `json:"action"`
	Args     json.RawMessage `json:"args"`
	Result   json.RawMessage `json:"result"`
	Unparsed json.RawMessage `json:"unparsed"`
}

// call puts the steps together; wrong says why they do not make a call.
func (r recordedCall) call() (c ScriptedCall, wrong string) {
	c = ScriptedCall{ID: r.ID, Tasks: r.Tasks}
	open := false // the last action waits for its result
	turn := func() *ScriptedTurn {
		if len(c.Turns) == 0 {
			c.Turns = append(c.Turns, ScriptedTurn{})
		}
		return &c.Turns[len(c.Turns)-1]
	}
	for _, s := range r.Steps {
		switch {
		case s.Caller != nil:
			c.Turns = append(c.Turns, ScriptedTurn{Caller: *s.Caller})
			open = false
		case s.Agent != nil:
			if turn().Agent != "" {
				return c, "the agent speaks twice"
			}
			turn().Agent, open = *s.Agent, false
		case s.Action != nil:
			if turn().Agent != "" {
				return c, "an action after the words that go with it"
			}
			turn().Actions, open = append(turn().Actions, ScriptedAction{Name: *s.Action, Args: s.Args}), true
		case s.Unparsed != nil:
			c.Left++
			open = false
		case s.Result != nil && open:
			t := turn()
			t.Actions[len(t.Actions)-1].Result, open = s.Result, false
		}
	}
	if len(c.Turns) == 0 {
		return c, "nothing was said"
	}
	return c, ""
}
