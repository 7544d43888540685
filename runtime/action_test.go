package runtime_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime"
	"github.com/sonajobs/sona/runtime/model"
	"github.com/sonajobs/sona/runtime/model/scripted"
	"github.com/sonajobs/sona/runtime/prompt"
)

func TestRule_AnActionRunsOnceWithWhatTheJobFixed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		ran := []string{}
		use := func(args map[string]any) scripted.Reply { return scripted.UseWith(o.order.ID(), "look_up", args) }
		m := scripted.New(
			use(map[string]any{"number": "7", "source": "the model's own"}),
			use(map[string]any{"number": "7"}).And(use(map[string]any{"number": "7"})),
			scripted.Say("Found it."),
		)
		c := o.chat(t, runtime.Config{Model: m, Actions: []runtime.Action{lookUp(func(ctx context.Context, i runtime.CallInfo, args json.RawMessage) (json.RawMessage, error) {
			ran = append(ran, string(args))
			r, err := o.ws.Call(ctx, "call-1")
			require.NoError(t, err)
			require.Len(t, r.Effects, 1, "the effect is written down before it runs")
			require.False(t, r.Effects[0].Done)
			require.Equal(t, r.Effects[0].Key, i.Key)
			require.Equal(t, o.order.ID(), i.Job)
			require.Equal(t, call.InProgress, r.Status)
			return json.RawMessage(`{"found":true}`), nil
		})}}, runtime.Incoming{ID: "call-1"})
		require.Equal(t, "Found it.", hear(t, c, "Order 7"))
		require.Equal(t, []string{`{"number":"7","source":"shop"}`}, ran)

		valid(t, m.Requests()[2].Messages)
		require.Contains(t, last(m.Requests()[2]).Text, "it was done already, and is not done again")
		r := end(t, c)
		require.Len(t, r.Effects, 1)
		require.Equal(t, o.order.ID(), r.Effects[0].Job)
		require.JSONEq(t, `{"found":true}`, string(r.Effects[0].Result))
		require.Equal(t, []job.ID{o.order.ID()}, r.Used)
		require.Equal(t, "State: In hand: job J2. look_up is done.", note(m.Requests()[2]))
	})
}

// Two jobs of the office send the same text: a caller gets it once.
func TestRule_TheSameActionAskedForInTwoJobsRunsOnce(t *testing.T) {
	o := newOffice(t)
	sent := 0
	m := scripted.New(scripted.Use(o.front.ID(), job.SendSMS).And(scripted.Use(o.order.ID(), job.SendSMS)), scripted.Say("Sent."))
	c := o.chat(t, runtime.Config{Model: m, SMS: sms(&sent, nil)}, runtime.Incoming{})
	require.Equal(t, "Sent.", hear(t, c, "Text me"))
	require.Equal(t, 1, sent)
	r := end(t, c)
	require.Len(t, r.Effects, 1)
	require.Equal(t, o.front.ID(), r.Effects[0].Job)
}

func TestRule_WhatNoJobContainsIsNeverDone(t *testing.T) {
	o := newOffice(t)
	for _, tt := range []struct{ name, tool, args, answer string }{
		{"a tool that does not exist", "delete_all", `{}`, "no job has the action"},
		{"a tool without a name", "", `{}`, "no job has the action"},
		{"the tool of another plan", prompt.OpenJobTool, `{"job":"J1"}`, "no job has the action"},
		{"a handle that does not exist", "send_sms", `{"sona_action":"J7.A1"}`, "the handles are"},
		{"a handle of another action", "send_sms", `{"sona_action":"J1.A2"}`, "is the action transfer_call"},
		{"a handle that is no text", "send_sms", `{"sona_action":7}`, "the handles are"},
		{"no handle where two are", "end_call", `{}`, "the handles are"},
		{"arguments that are no object", "send_sms", `[1]`, "no JSON object"},
		{"arguments that are null", "send_sms", `null`, "no JSON object"},
		{"broken arguments", "send_sms", `{"sona_`, "no JSON object"},
		{"two objects", "send_sms", `{} {}`, "no JSON object"},
		{"a missing argument", "look_up", `{"sona_action":"J2.A1"}`, `\"number\" is missing`},
		{"an unknown argument", "look_up", `{"sona_action":"J2.A1","number":"7","to":"me"}`, "there is no argument"},
		{"a number where a text belongs", "look_up", `{"sona_action":"J2.A1","number":7}`, "must be of type string"},
		{"a fraction where an integer belongs", "look_up", `{"sona_action":"J2.A1","number":"7","year":2026.5}`, "must be of type integer"},
	} {
		t.Run(tt.name, inBubble(func(t *testing.T) {
			ran := 0
			m := scripted.New(scripted.Call(tt.tool, tt.args), scripted.Say("Sorry."))
			chat := o.chat(t, runtime.Config{Model: m, SMS: sms(&ran, nil), Actions: []runtime.Action{lookUp(slowly(0, &ran))}}, runtime.Incoming{})
			require.Equal(t, "Sorry.", hear(t, chat, "Hi"))
			valid(t, m.Requests()[1].Messages)
			require.Contains(t, last(m.Requests()[1]).Text, tt.answer)
			require.Empty(t, end(t, chat).Effects)
			require.Zero(t, ran)
		}))
	}
}

func TestAHandleMayStandInItsBracketsOrBeLeftOutWhereThereIsOne(t *testing.T) {
	o := newOffice(t)
	for _, args := range []string{`{"number":"7"}`, `{"number":"7","sona_action":""}`, `{"number":"7","sona_action":"[J2.A1]"}`} {
		m := scripted.New(scripted.Call("look_up", args), scripted.Say("Found."))
		c := o.chat(t, runtime.Config{Model: m}, runtime.Incoming{})
		hear(t, c, "Hi")
		require.Len(t, end(t, c).Effects, 1, args)
	}
}

func TestNumbersKeepTheirDigitsAndFixedValuesTheirTypes(t *testing.T) {
	o := newOffice(t)
	spec := o.order.Spec()
	spec.Instructions = `1. {{action book seats="4" vip="true" code="007" note="{{name}}" depth="deep" ratio="0.50"}}`
	_, err := o.ws.SaveJob(t.Context(), o.order.ID(), 1, spec, "")
	require.NoError(t, err)
	book := runtime.Action{Do: echo, Spec: job.ActionSpec{Name: "book", Description: "Books.", Parameters: json.RawMessage(
		`{"properties":{"seats":{"type":"integer"},"vip":{"type":"boolean"},"code":{"type":"string"},"note":{"type":"string"},"depth":{"type":"number"},"ratio":{"type":"number"},
		"id":{"type":"number"},"any":true,"kind":{"type":["string","null"]},"list":{"type":"array"},"map":{"type":"object"},"gone":{"type":"null"},"flag":{"type":"boolean"}},"required":["seats"]}`)}}
	m := scripted.New(scripted.Call("book", `{"id":9007199254740993,"seats":40,"any":[1],"kind":null,"list":[1.0],"map":{"a":12345678901234567890},"gone":null,"flag":false}`), scripted.Say("Booked."))
	c := o.chat(t, runtime.Config{Model: m, Actions: []runtime.Action{book}}, runtime.Incoming{Values: map[string]string{"name": "Ann"}})
	hear(t, c, "Hi")
	r := end(t, c)
	require.Len(t, r.Effects, 1, "%s", last(m.Requests()[1]).Text)
	want := `{"any":[1],"code":"007","depth":"deep","flag":false,"gone":null,"id":9007199254740993,"kind":null,"list":[1.0],` +
		`"map":{"a":12345678901234567890},"note":"Ann","ratio":0.50,"seats":4,"vip":true}`
	require.Empty(t, cmp.Diff(want, string(r.Effects[0].Args)), "to the byte")
	require.Equal(t, r.Effects[0].Args, r.Effects[0].Result)
}

func TestAnActionWithoutParametersTakesNothingFromTheModel(t *testing.T) {
	o := newOffice(t)
	spec := o.order.Spec()
	spec.Instructions = "1. {{action ring}}"
	_, err := o.ws.SaveJob(t.Context(), o.order.ID(), 1, spec, "")
	require.NoError(t, err)
	ring := runtime.Action{Spec: job.ActionSpec{Name: "ring", Description: "Rings."}, Do: echo}
	m := scripted.New(scripted.Call("ring", `{"loud":true}`), scripted.Call("ring", ``), scripted.Say("Done."))
	c := o.chat(t, runtime.Config{Model: m, Actions: []runtime.Action{ring}}, runtime.Incoming{})
	hear(t, c, "Hi")
	require.Contains(t, last(m.Requests()[1]).Text, "there is no argument")
	r := end(t, c)
	require.Len(t, r.Effects, 1)
	require.Equal(t, `{}`, string(r.Effects[0].Args))
}

func TestRule_AFailedActionMayBeTriedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		tries := 0
		flaky := func(context.Context, runtime.CallInfo, json.RawMessage) (json.RawMessage, error) {
			if tries++; tries == 1 {
				return nil, errors.New(strings.Repeat("é", 1000))
			}
			return nil, nil
		}
		use := scripted.UseWith(o.order.ID(), "look_up", map[string]any{"number": "7"})
		m := scripted.New(use, use, scripted.Say("Found."))
		c := o.chat(t, runtime.Config{Model: m, Actions: []runtime.Action{lookUp(flaky)}}, runtime.Incoming{})
		hear(t, c, "Hi")
		r := end(t, c)
		require.Len(t, r.Effects, 2)
		require.Equal(t, r.Effects[0].Key, r.Effects[1].Key)
		require.Empty(t, r.Effects[1].Err)
		require.Len(t, []rune(r.Effects[0].Err), 501, "what strangers write is bounded")
	})
}

// What is not known to have failed is not done again: what panics may have been done, and nonsense is an answer.
func TestRule_AnActionThatPanicsOrAnswersNonsenseIsNotDoneAgain(t *testing.T) {
	for _, tt := range []struct {
		name          string
		do            func() (json.RawMessage, error)
		told, summary string
		ran           int // when the model asks for it twice
		done          bool
	}{
		{"a panic", func() (json.RawMessage, error) { panic("secret") }, "failed inside the host: whether it was done is not known", "Begun, with an unknown end: look up", 1, false},
		{"nonsense", func() (json.RawMessage, error) { return json.RawMessage("{"), nil }, "it was done; its answer cannot be read", "Done: look up", 1, true},
		{"an error", func() (json.RawMessage, error) { return nil, errors.New("no such order") }, "no such order", "Failed: look up", 2, true},
	} {
		t.Run(tt.name, inBubble(func(t *testing.T) {
			o := newOffice(t)
			for _, ledger := range []runtime.Ledger{nil, runtime.StorageLedger(o.store)} {
				ran := 0
				look := lookUp(func(context.Context, runtime.CallInfo, json.RawMessage) (json.RawMessage, error) {
					ran++
					return tt.do()
				})
				use := scripted.UseWith(o.order.ID(), "look_up", map[string]any{"number": "7"})
				m := scripted.New(use, scripted.Say("Well."), use, scripted.Say("Well, well."))
				c := o.chat(t, runtime.Config{Model: m, Actions: []runtime.Action{look}, Ledger: ledger}, runtime.Incoming{})
				require.Equal(t, "Well.", hear(t, c, "Order 7"), "the conversation goes on")
				require.Equal(t, "Well, well.", hear(t, c, "Try again"))
				require.Equal(t, tt.ran, ran)
				for _, i := range []int{1, 3} {
					require.Contains(t, last(m.Requests()[i]).Text, tt.told)
					require.NotContains(t, last(m.Requests()[i]).Text, "secret")
				}
				r := end(t, c)
				require.Len(t, r.Effects, tt.ran)
				require.Equal(t, tt.done, r.Effects[0].Done)
				require.Contains(t, strings.Join(r.Summary.Summary, "\n"), tt.summary)
			}
		}))
	}
}

func TestATerminalActionOfTheHostsEndsTheCall(t *testing.T) {
	o := newOffice(t)
	park := lookUp(echo)
	park.Spec.Terminal = true
	m := scripted.New(scripted.Say("Bye. ").And(scripted.UseWith(o.order.ID(), "look_up", map[string]any{"number": "7"})).And(scripted.Use(o.front.ID(), job.SendSMS)))
	c := o.chat(t, runtime.Config{Model: m, Actions: []runtime.Action{park}}, runtime.Incoming{})
	hear(t, c, "Hi")
	require.Equal(t, call.Ended, outcome(t, c).Kind)
	r := end(t, c)
	require.Len(t, r.Effects, 1, "what the model wanted to do after the end is not done")
	require.Equal(t, "look_up", r.Outcome.Reason)
}

// An action belongs to the job that contains it; the turn that asked for it is its proof where no mark is.
func TestAnActionProvesItsJob(t *testing.T) {
	o := newOffice(t)
	m := scripted.New(
		scripted.Say("Let me see."),
		scripted.Say("I look it up.").And(scripted.UseWith(o.order.ID(), "look_up", map[string]any{"number": "7"})),
		scripted.Say("Found."),
		scripted.Use(o.front.ID(), job.SendSMS), scripted.Say("Sent."),
		scripted.Follow(o.front.ID(), "4", "One more.").And(scripted.UseWith(o.order.ID(), "look_up", map[string]any{"number": "8"})), scripted.Say("Found, too."),
	)
	c := o.chat(t, runtime.Config{Model: m, SMS: sms(new(int), nil)}, runtime.Incoming{})
	hear(t, c, "Hi")
	hear(t, c, "Order 7")
	hear(t, c, "Text me")
	hear(t, c, "Order 8")
	r := end(t, c)
	var got []call.Source
	for _, turn := range r.Turns {
		if turn.By == call.ByAgent {
			got = append(got, turn.Source)
			require.Equal(t, turn.Source == call.SourceUnknown, turn.Job == "")
		}
	}
	require.Equal(t, []call.Source{call.SourceUnknown, call.SourceAction, call.SourceUnknown, call.SourceUnknown, call.SourceDeclared, call.SourceUnknown}, got,
		"what was said before or after an action is not proved by it")
	require.Equal(t, []job.ID{o.order.ID(), o.front.ID()}, r.Used, "in the order of first use")
}

func TestInTheIndexPlanTheModelOpensAJobBeforeItActsOnIt(t *testing.T) {
	o := newOffice(t)
	full := o.chat(t, runtime.Config{Model: scripted.New()}, runtime.Incoming{}).Prompt()
	m := scripted.New(
		scripted.Call(prompt.OpenJobTool, `{"job":"[J2]"}`),
		scripted.Call(prompt.OpenJobTool, `{"job":"J9"}`).And(scripted.Call(prompt.OpenJobTool, `[]`)),
		scripted.UseWith(o.order.ID(), "look_up", map[string]any{"number": "7"}), scripted.Say("Found."))
	profile := prompt.Profile{Name: "small", InstructionCap: full.Tokens - (len(full.Context)+2)/3 - 1}
	c := o.chat(t, runtime.Config{Model: m, Profile: profile}, runtime.Incoming{})
	require.Equal(t, prompt.Index, c.Prompt().Plan.Kind)
	require.Equal(t, "Found.", hear(t, c, "Order 7"))
	requests := m.Requests()
	require.Contains(t, last(requests[1]).Text, "This job finds an order.")
	require.Equal(t, "State: In hand: job J2.", note(requests[1]))
	messages := requests[2].Messages
	valid(t, messages)
	require.Contains(t, messages[len(messages)-3].Text, "there is no job")
	require.Contains(t, messages[len(messages)-2].Text, "no JSON object")
	require.Equal(t, []job.ID{o.order.ID()}, end(t, c).Used)
}

func TestNewRefusesAConfigurationThatCannotWork(t *testing.T) {
	m := scripted.New()
	action := func(name job.ActionName, parameters string) runtime.Action {
		return runtime.Action{Spec: job.ActionSpec{Name: name, Parameters: json.RawMessage(parameters)}, Do: echo}
	}
	for _, tt := range []struct {
		name   string
		config runtime.Config
		want   string
	}{
		{"no model", runtime.Config{}, "Config.Model is required"},
		{"an ill-formed name", runtime.Config{Model: m, Actions: []runtime.Action{action("Look up", "")}}, "no name of an action"},
		{"a built-in name", runtime.Config{Model: m, Actions: []runtime.Action{action(job.SendSMS, "")}}, "built-in action"},
		{"the library's own tool", runtime.Config{Model: m, Actions: []runtime.Action{action(prompt.OpenJobTool, "")}}, "the library has a tool of this name"},
		{"one name twice", runtime.Config{Model: m, Actions: []runtime.Action{action("a", ""), action("a", "")}}, "stands there twice"},
		{"no function", runtime.Config{Model: m, Actions: []runtime.Action{{Spec: job.ActionSpec{Name: "a"}}}}, "no function Do"},
		{"parameters that are no schema", runtime.Config{Model: m, Actions: []runtime.Action{action("a", "[]")}}, "JSON Schema of an object"},
		{"a parameter of the library's", runtime.Config{Model: m, Actions: []runtime.Action{action("a", `{"properties":{"sona_action":{}}}`)}}, "taken by the library"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := runtime.New(tt.config)
			require.ErrorContains(t, err, tt.want)
			require.True(t, strings.HasPrefix(err.Error(), "runtime: "))
		})
	}
}

func TestActionsAreTheBuiltInOnesAndTheHosts(t *testing.T) {
	rt, err := runtime.New(runtime.Config{Model: scripted.New(), Actions: []runtime.Action{lookUp(echo)}})
	require.NoError(t, err)
	var names []job.ActionName
	for _, a := range rt.Actions() {
		names = append(names, a.Name)
	}
	require.Equal(t, []job.ActionName{job.SendSMS, job.TransferCall, job.Voicemail, job.EndCall, "look_up"}, names)
}

// What a model gets wrong in a call must not poison the conversation for the provider.
func TestRule_NonsenseOfTheModelLeavesAHistoryThatProvidersTake(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		nonsense := model.Func(scripted.New(
			scripted.Call("a b/c!", `{"x":`).And(scripted.Call("a b/c!", ``)).And(scripted.Call("", `null`)).And(scripted.Call(strings.Repeat("x", 99), `"text"`)),
			scripted.Call("a b/c!", `{}`), scripted.Say("Sorry."),
		).Generate)
		m := watched{Model: nonsense}
		c := o.chat(t, runtime.Config{Model: &m}, runtime.Incoming{})
		require.Equal(t, "Sorry.", hear(t, c, "Hi"))
		for _, r := range m.requests {
			valid(t, r.Messages)
		}
		require.Len(t, m.requests, 3)
		require.Equal(t, "a_b_c_", m.requests[2].Messages[1].Calls[0].Name)
	})
}

// Two actions in one reply are carried out one after the other, as the model has them, and told together.
func TestRule_TwoActionsAtOnceAreCarriedOutInTheirOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		var log []string
		look := lookUp(func(_ context.Context, _ runtime.CallInfo, args json.RawMessage) (json.RawMessage, error) {
			log = append(log, "begin "+string(args))
			<-time.After(time.Second)
			log = append(log, "end")
			return args, nil
		})
		use := func(n string) scripted.Reply {
			return scripted.UseWith(o.order.ID(), "look_up", map[string]any{"number": n})
		}
		text := runtime.SMSFunc(func(context.Context, runtime.CallInfo, string) error {
			log = append(log, "text")
			return errors.New("no")
		})
		m := scripted.New(use("1").And(use("2")).And(scripted.Use(o.front.ID(), job.SendSMS)).And(use("1")), scripted.Say("Found both."))
		c := o.chat(t, runtime.Config{Model: m, SMS: text, Actions: []runtime.Action{look}}, runtime.Incoming{})
		require.Equal(t, "Found both.", hear(t, c, "Orders 1 and 2"))
		require.Equal(t, []string{`begin {"number":"1","source":"shop"}`, "end", `begin {"number":"2","source":"shop"}`, "end", "text"}, log, "one that fails holds up no other, and one that is asked for twice runs once")
		valid(t, m.Requests()[1].Messages)
		var answers []string
		for _, message := range m.Requests()[1].Messages {
			if message.Role == model.Tool {
				answers = append(answers, message.Text[:12])
			}
		}
		require.Equal(t, []string{`{"ok":true,"`, `{"ok":true,"`, `{"ok":false,`, `{"ok":true,"`}, answers)
	})
}
