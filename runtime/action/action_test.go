package action_test

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"net"
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime"
	"github.com/sonajobs/sona/runtime/action"
	"github.com/sonajobs/sona/runtime/model/scripted"
	"github.com/sonajobs/sona/storage"
	"github.com/sonajobs/sona/storage/memory"
)

type guest struct {
	Name string `json:"name"           jsonschema:"maxLength=4"`
	Diet string `json:"diet,omitempty" jsonschema:"enum=none,enum=vegan"`
}

type booking struct {
	At     time.Time      `json:"at"`
	Guests []guest        `json:"guests"          jsonschema:"minItems=1"`
	Price  float64        `json:"price,omitempty" jsonschema:"minimum=0"`
	Tags   map[string]int `json:"tags,omitempty"`
	Memo   *string        `json:"memo,omitempty"`
	Secret string         `json:"-"`
	hidden int
}

// made returns an action that keeps what it was given.
func made(t *testing.T, got *booking) runtime.Action {
	t.Helper()
	a, err := action.New("book", "Books.", func(_ context.Context, _ runtime.CallInfo, in booking) (struct{}, error) {
		in.hidden = 0
		*got = in
		return struct{}{}, nil
	})
	require.NoError(t, err)
	return a
}

func TestArgumentsArriveAsTheStruct(t *testing.T) {
	var got booking
	result, err := made(t, &got).Do(t.Context(), runtime.CallInfo{}, json.RawMessage(`{"at":"2026-05-04T19:00:00Z","guests":[{"name":"Zoë"},{"name":"Ann","diet":"vegan"}],"price":12.5,"tags":{"a":1},"memo":"m"}`))
	require.NoError(t, err)
	require.JSONEq(t, `{}`, string(result))
	memo := "m"
	require.Equal(t, booking{At: time.Date(2026, 5, 4, 19, 0, 0, 0, time.UTC), Guests: []guest{{Name: "Zoë"}, {Name: "Ann", Diet: "vegan"}}, Price: 12.5, Tags: map[string]int{"a": 1}, Memo: &memo}, got)
}

func TestWhatDoesNotFitNeverReachesTheFunction(t *testing.T) {
	got := booking{Price: -1}
	a := made(t, &got)
	for args, want := range map[string]string{
		``:                       `the arguments: "at" is missing`,
		`{`:                      `the arguments are no JSON object`,
		`null`:                   `the arguments: must be of type object`,
		`{"at":"x","guests":[]}`: `the arguments: "guests" must have at least 1 entries`,
		`{"at":"2026-05-04T19:00:00Z","guests":[{"name":"Zoëëë"}]}`:                 `the arguments: "guests[0].name" must have at most 4 characters`,
		`{"at":"2026-05-04T19:00:00Z","guests":[{"name":"A","diet":"xyzzy"}]}`:      `the arguments: "guests[0].diet" must be one of "none", "vegan"`,
		`{"at":"2026-05-04T19:00:00Z","guests":[{}]}`:                               `the arguments: "guests[0].name" is missing`,
		`{"at":"2026-05-04T19:00:00Z","guests":[{"name":"A","age":3}]}`:             `the arguments: "guests[0].age" is not known: there are ["diet" "name"]`,
		`{"at":"2026-05-04T19:00:00Z","guests":[{"name":"A"}],"price":-1}`:          `the arguments: "price" must be at least 0`,
		`{"at":"2026-05-04T19:00:00Z","guests":[{"name":"A"}],"price":"12"}`:        `the arguments: "price" must be of type number`,
		`{"at":"2026-05-04T19:00:00Z","guests":[{"name":"A"}],"Secret":"x"}`:        `the arguments: "Secret" is not known: there are ["at" "guests" "memo" "price" "tags"]`,
		`{"at":"tomorrow","guests":[{"name":"A"}]}`:                                 `the arguments: one of them is not written as its type asks for`,
		`{"at":"2026-05-04T19:00:00Z","guests":[{"name":"A"}],"tags":{"a":1e9999}}`: `the arguments: "tags.a" must be of type integer`,
	} {
		_, err := a.Do(t.Context(), runtime.CallInfo{}, json.RawMessage(args))
		require.EqualError(t, err, want, args)
		require.NotContains(t, err.Error(), "xyzzy")
	}
	require.Equal(t, booking{Price: -1}, got)
}

func TestAnActionMayTakeNothing(t *testing.T) {
	a, err := action.New("ping", "Pings.", func(context.Context, runtime.CallInfo, struct{}) (string, error) { return "pong", nil })
	require.NoError(t, err)
	require.JSONEq(t, `{"type":"object","properties":{},"additionalProperties":false}`, string(a.Spec.Parameters))
	for _, args := range []string{"", "{}"} {
		result, err := a.Do(t.Context(), runtime.CallInfo{}, json.RawMessage(args))
		require.NoError(t, err)
		require.Equal(t, `"pong"`, string(result))
	}
	_, err = a.Do(t.Context(), runtime.CallInfo{}, json.RawMessage(`{"a":1}`))
	require.ErrorContains(t, err, `"a" is not known`)
}

func TestTheFunctionsErrorComesThrough(t *testing.T) {
	taken := errors.New("no table is free")
	a, err := action.New("ping", "Pings.", func(context.Context, runtime.CallInfo, struct{}) (float64, error) { return 0, taken })
	require.NoError(t, err)
	_, err = a.Do(t.Context(), runtime.CallInfo{}, nil)
	require.Equal(t, taken, err)

	a, err = action.New("ping", "Pings.", func(context.Context, runtime.CallInfo, struct{}) (float64, error) { return math.NaN(), nil })
	require.NoError(t, err)
	out, err := a.Do(t.Context(), runtime.CallInfo{}, nil)
	require.NoError(t, err, "what was carried out is not to be carried out again")
	require.JSONEq(t, `"it was carried out, but its result cannot be told"`, string(out))
}

type list struct {
	Value string `json:"value"`
	Next  *list  `json:"next,omitempty"`
}

type tree struct {
	Name     string          `json:"name"`
	Children map[string]tree `json:"children"`
}

type ownText struct{ Inner chan int }

func (*ownText) UnmarshalText(_ []byte) error { return nil }

func try[In any](name job.ActionName, description string) error {
	_, err := action.New(name, description, func(context.Context, runtime.CallInfo, In) (int, error) { return 0, nil })
	return err
}

func TestATypeWithoutASchemaIsAnError(t *testing.T) {
	for name, tt := range map[string]struct {
		err  error
		want string
	}{
		"a list":          {try[list]("a", "A."), `action "a": the field "next": action_test.list contains itself`},
		"a tree":          {try[struct{ Root tree }]("a", "A."), `action "a": the field "Root.children": action_test.tree contains itself`},
		"a channel":       {try[struct{ C []chan int }]("a", "A."), `action "a": the field "C": chan int cannot be written as JSON`},
		"a function":      {try[struct{ F func() }]("a", "A."), `the field "F": func() cannot be written`},
		"a map's keys":    {try[struct{ M map[int]string }]("a", "A."), `the keys of a map must be texts`},
		"no struct":       {try[string]("a", "A."), "string is no struct"},
		"a pointer":       {try[*guest]("a", "A."), "*action_test.guest is no struct"},
		"no name":         {try[guest]("", "A."), "is no name of an action"},
		"a built-in name": {try[guest](job.SendSMS, "A."), "is a built-in action"},
		"a taken field": {try[struct {
			A string `json:"sona_action"`
		}]("a", "A."), "is taken by the library"},
		"no description": {try[guest]("a", " "), "there is no description"},
	} {
		require.ErrorContains(t, tt.err, tt.want, name)
	}
	_, err := action.New[guest, int]("a", "A.", nil)
	require.ErrorContains(t, err, "there is no function")
	require.NoError(t, try[struct {
		Own  ownText    `json:"own"`
		Addr netip.Addr `json:"addr"`
		Any  any        `json:"any,omitempty"`
		Same [2]guest   `json:"same"`
		Also guest      `json:"also"`
	}]("a", "A."), "the same type twice is no recursion, and a type with a form of its own is not looked into")
}

// The whole way: a job, a model that errs first, and the host's function.
func TestACallCarriesATypedActionOutOnce(t *testing.T) {
	ws := storage.Open(memory.New(), "acme")
	j, err := ws.CreateJob(t.Context(), job.Spec{Name: "Book", Instructions: "1. {{action book}}"})
	require.NoError(t, err)
	f, err := ws.CreateFlow(t.Context(), callflow.Simple("desk", "+15550100", callflow.SonaStep{Jobs: []job.ID{j.ID()}}))
	require.NoError(t, err)
	_, err = ws.Publish(t.Context(), f.ID(), f.Revision())
	require.NoError(t, err)

	var got booking
	with := func(name string) scripted.Reply {
		return scripted.UseWith(j.ID(), "book", map[string]any{"at": "2026-05-04T19:00:00Z", "guests": []any{map[string]any{"name": name}}})
	}
	m := scripted.New(with("Annabel"), with("Ann"), scripted.Say("Booked."))
	rt, err := runtime.New(runtime.Config{Model: m, Actions: []runtime.Action{made(t, &got)}})
	require.NoError(t, err)
	c, err := rt.BeginChat(t.Context(), ws, runtime.Incoming{To: "+15550100", Caller: call.Caller{Number: "+15550199"}})
	require.NoError(t, err)
	for _, err := range c.Hear(t.Context(), "A table for Ann") {
		require.NoError(t, err)
	}
	r, err := c.End(t.Context())
	require.NoError(t, err)
	require.Equal(t, "Ann", got.Guests[0].Name)
	require.Len(t, r.Effects, 1, "what does not fit is no effect")
	told := m.Requests()[1].Messages
	require.Contains(t, told[len(told)-1].Text, `the argument \"guests[0].name\" must have at most 4 characters`)
}

type level int

func (*level) UnmarshalJSON(b []byte) error { return json.Unmarshal(b, new(any)) }

func TestATypeThatReadsItselfIsReadAsItReads(t *testing.T) {
	type in struct {
		Addr  netip.Addr      `json:"addr"`
		IP    net.IP          `json:"ip"`
		Level level           `json:"level"`
		Raw   json.RawMessage `json:"raw"`
	}
	var got in
	a, err := action.New("a", "A.", func(_ context.Context, _ runtime.CallInfo, i in) (int, error) {
		got = i
		return 0, nil
	})
	require.NoError(t, err)
	_, err = a.Do(t.Context(), runtime.CallInfo{}, json.RawMessage(`{"addr":"192.0.2.1","ip":"192.0.2.2","level":"high","raw":{"a":1}}`))
	require.NoError(t, err)
	require.Equal(t, "192.0.2.1", got.Addr.String())
	require.Equal(t, "192.0.2.2", got.IP.String())
	require.JSONEq(t, `{"a":1}`, string(got.Raw))
	_, err = a.Do(t.Context(), runtime.CallInfo{}, json.RawMessage(`{"addr":7,"ip":"192.0.2.2","level":1,"raw":1}`))
	require.EqualError(t, err, `the arguments: "addr" must be of type string`)
	_, err = a.Do(t.Context(), runtime.CallInfo{}, json.RawMessage(`{"addr":"xyzzy","ip":"192.0.2.2","level":1,"raw":1}`))
	require.EqualError(t, err, `the arguments: one of them is not written as its type asks for`)
}
