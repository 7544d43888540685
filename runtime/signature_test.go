package runtime_test

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime"
	"github.com/sonajobs/sona/runtime/model/scripted"
)

// The host's schema is minded as a whole before Do runs; job.Spec fixes the argument source.
func TestAHostsSchemaIsMindedBeforeItsActionRuns(t *testing.T) {
	const schema = `{"type":"object","required":["party","source"],"properties":{
		"source":{"type":"string","enum":["Shop"]},
		"party":{"type":"object","required":["size"],"additionalProperties":false,"properties":{
			"size":{"type":"integer","minimum":1,"maximum":8},
			"names":{"type":"array","maxItems":2,"items":{"type":"string","maxLength":3}},
			"room":{"enum":["hall","terrace"]}}}}}`
	for _, tt := range []struct {
		args string
		want string // what the model is told; empty: it ran
	}{
		{`{"party":{"size":4,"names":["Zoë"],"room":"hall"}}`, ""},
		{`{"party":{"size":4},"source":"mine"}`, ""}, // what the job fixed stands above it
		{`{}`, `the argument "party" is missing`},
		{`{"party":4}`, `the argument "party" must be of type object`},
		{`{"party":{}}`, `the argument "party.size" is missing`},
		{`{"party":{"size":9}}`, `the argument "party.size" must be at most 8`},
		{`{"party":{"size":4,"names":["Zoë","Anna"]}}`, `the argument "party.names[1]" must have at most 3 characters`},
		{`{"party":{"size":4,"names":["a","b","c"]}}`, `the argument "party.names" must have at most 2 entries`},
		{`{"party":{"size":4,"room":"roof"}}`, `the argument "party.room" must be one of "hall", "terrace"`},
		{`{"party":{"size":4,"dog":true}}`, `the argument "party.dog" is not known: there are ["names" "room" "size"]`},
	} {
		o := newOffice(t)
		ran := 0
		a := runtime.Action{Spec: job.ActionSpec{Name: "look_up", Description: "Looks up.", Parameters: json.RawMessage(schema)},
			Do: func(context.Context, runtime.CallInfo, json.RawMessage) (json.RawMessage, error) {
				ran++
				return nil, nil
			}}
		var args map[string]any
		require.NoError(t, json.Unmarshal([]byte(tt.args), &args))
		m := scripted.New(scripted.UseWith(o.order.ID(), "look_up", args), scripted.Say("Well."))
		c := o.chat(t, runtime.Config{Model: m, Actions: []runtime.Action{a}}, runtime.Incoming{})
		hear(t, c, "Hi")
		var told struct {
			OK   bool   `json:"ok"`
			Note string `json:"note"`
		}
		messages := m.Requests()[1].Messages
		for _, msg := range messages {
			if msg.CallID != "" {
				require.NoError(t, json.Unmarshal([]byte(msg.Text), &told))
			}
		}
		require.Equal(t, tt.want, told.Note, tt.args)
		require.Equal(t, tt.want == "", ran == 1, tt.args)
	}
}

// What a schema says of the arguments together is minded, too, where the job fixes none.
func TestWhatASchemaSaysOfAllArgumentsIsMinded(t *testing.T) {
	o := newOffice(t)
	spec := o.order.Spec()
	spec.Instructions = "1. {{action look_up}}"
	_, err := o.ws.SaveJob(t.Context(), o.order.ID(), 1, spec, "")
	require.NoError(t, err)
	const schema = `{"type":"object","properties":{"a":{},"b":{}},"anyOf":[{"required":["a"]},{"required":["b"]}],"maxProperties":1}`
	m := scripted.New(scripted.UseWith(o.order.ID(), "look_up", nil), scripted.UseWith(o.order.ID(), "look_up", map[string]any{"a": 1, "b": 1}),
		scripted.UseWith(o.order.ID(), "look_up", map[string]any{"b": 1}), scripted.Say("Well."))
	ran := ""
	c := o.chat(t, runtime.Config{Model: m, Actions: []runtime.Action{{Spec: job.ActionSpec{Name: "look_up", Description: "Looks up.", Parameters: json.RawMessage(schema)},
		Do: func(_ context.Context, _ runtime.CallInfo, args json.RawMessage) (json.RawMessage, error) {
			ran += string(args)
			return nil, nil
		}}}}, runtime.Incoming{})
	hear(t, c, "Hi")
	require.Equal(t, `{"b":1}`, ran)
}

// Names that a schema leaves open are taken; one that says nothing of others has no others.
func TestOtherArgumentsAreTakenOnlyWhereTheSchemaSaysSo(t *testing.T) {
	for schema, want := range map[string]int{
		`{"type":"object","properties":{}}`:                                                   0,
		`{"type":"object","properties":{},"additionalProperties":false}`:                      0,
		`{"type":"object","properties":{},"additionalProperties":true}`:                       1,
		`{"type":"object","properties":{},"additionalProperties":{"type":"number"}}`:          0,
		`{"type":"object","properties":{"x":{"type":"string"}},"additionalProperties":false}`: 1,
	} {
		o := newOffice(t)
		ran := 0
		m := scripted.New(scripted.UseWith(o.order.ID(), "look_up", map[string]any{"x": "y"}), scripted.Say("Well."))
		c := o.chat(t, runtime.Config{Model: m, Actions: []runtime.Action{{Spec: job.ActionSpec{Name: "look_up", Description: "Looks up.", Parameters: json.RawMessage(schema)},
			Do: func(context.Context, runtime.CallInfo, json.RawMessage) (json.RawMessage, error) {
				ran++
				return nil, nil
			}}}}, runtime.Incoming{})
		hear(t, c, "Hi")
		require.Equal(t, want, ran, schema)
	}
}
