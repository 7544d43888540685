package runtime_test

import (
	"context"
	"encoding/json"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime"
	"github.com/sonajobs/sona/runtime/model"
	"github.com/sonajobs/sona/runtime/model/scripted"
)

// A caller hangs up in the middle of anything: there is one record, with what was heard, what was begun is
// finished, and nothing runs on.
func TestRule_ACallerMayHangUpInTheMiddleOfAnything(t *testing.T) {
	const words = "One two three four five six." // two seconds
	look := func(o office) scripted.Reply {
		return scripted.UseWith(o.order.ID(), "look_up", map[string]any{"number": "7"})
	}
	heard := []runtime.Input{runtime.PlayedOut{}}
	for _, tt := range []struct {
		name    string
		replies func(o office) []scripted.Reply
		config  func(c *runtime.Config)
		inputs  [][]runtime.Input // each a second after the one before
		want    []string
		kind    call.OutcomeKind
		effects []bool        // done
		takes   time.Duration // from the hang-up to the record
	}{
		{name: "the greeting", want: nil},
		{name: "the greeting that must be heard", config: func(c *runtime.Config) { c.HearGreeting = true }, inputs: [][]runtime.Input{{caller("Hi")}}, want: []string{"S: Hello.", "C: Hi"}},
		{name: "nothing: Sona listens", inputs: [][]runtime.Input{heard}, want: []string{"S: Hello."}},
		{name: "an entry of keys", inputs: [][]runtime.Input{heard, {runtime.CallerPressed{Digits: "41"}}}, want: []string{"S: Hello.", "C: (pressed 41 on the keypad)"}},
		{name: "the model's thinking", inputs: [][]runtime.Input{heard, {caller("Hi")}}, want: []string{"S: Hello.", "C: Hi"},
			replies: func(office) []scripted.Reply {
				return []scripted.Reply{scripted.Wait(5 * time.Second).And(scripted.Say(words))}
			}},
		{name: "the wait before it is asked again", inputs: [][]runtime.Input{heard, {caller("Hi")}}, want: []string{"S: Hello.", "C: Hi"},
			replies: func(office) []scripted.Reply {
				return []scripted.Reply{scripted.Fail(&model.Error{Kind: model.RateLimited, RetryAfter: time.Hour}), scripted.Say(words)}
			}},
		{name: "a reply that is being made", inputs: [][]runtime.Input{heard, {caller("Hi")}}, want: []string{"S: Hello.", "C: Hi", "S: One two three —"},
			replies: func(office) []scripted.Reply {
				return []scripted.Reply{scripted.Say(words).And(scripted.Wait(5 * time.Second)).And(scripted.Say(" Seven."))}
			}},
		{name: "a reply that is being heard", inputs: [][]runtime.Input{heard, {caller("Hi")}}, want: []string{"S: Hello.", "C: Hi", "S: One two three —"},
			replies: func(office) []scripted.Reply { return []scripted.Reply{scripted.Say(words)} }},
		{name: "an action", inputs: [][]runtime.Input{heard, {caller("Hi")}}, want: []string{"S: Hello.", "C: Hi"}, effects: []bool{true}, takes: 4 * time.Second,
			replies: func(o office) []scripted.Reply {
				return []scripted.Reply{look(o).And(scripted.Use(o.front.ID(), job.SendSMS))}
			}},
		{name: "an action that never comes back", inputs: [][]runtime.Input{heard, {caller("Hi")}}, want: []string{"S: Hello.", "C: Hi"}, effects: []bool{false}, takes: 19 * time.Second,
			config: func(c *runtime.Config) {
				c.Actions = []runtime.Action{lookUp(func(context.Context, runtime.CallInfo, json.RawMessage) (json.RawMessage, error) {
					<-time.After(time.Hour)
					return nil, nil
				})}
			},
			replies: func(o office) []scripted.Reply { return []scripted.Reply{look(o)} }},
		{name: "an action that the caller has talked over", inputs: [][]runtime.Input{heard, {caller("Hi")}, {caller("Hello?")}}, want: []string{"S: Hello.", "C: Hi", "C: Hello?", "S: I am on it. On—"}, effects: []bool{true}, takes: 3 * time.Second,
			replies: func(o office) []scripted.Reply {
				return []scripted.Reply{look(o), scripted.Say("I am on it. One two three.")}
			}},
		{name: "the words while an action takes its time", inputs: [][]runtime.Input{heard, {caller("Hi")}, {}, {runtime.PlayedOut{}}}, want: []string{"S: Hello.", "C: Hi", "S: One moment, please."}, effects: []bool{true}, takes: 2 * time.Second,
			replies: func(o office) []scripted.Reply { return []scripted.Reply{look(o)} }},
		{name: "a transfer that is being started", inputs: [][]runtime.Input{heard, {caller("A person")}, {runtime.PlayedOut{}, caller("Yes")}}, kind: call.Transferred, effects: []bool{true}, takes: 4 * time.Second,
			want: []string{"S: Hello.", "C: A person", "S: Shall I transfer you?", "C: Yes"},
			config: func(c *runtime.Config) {
				c.Transfer = runtime.TransferFunc(func(context.Context, runtime.CallInfo, job.Target) error {
					<-time.After(5 * time.Second)
					return nil
				})
			},
			replies: func(o office) []scripted.Reply {
				return []scripted.Reply{scripted.Say("Shall I transfer you?"), scripted.Use(o.front.ID(), job.TransferCall)}
			}},
		{name: "the words before a transfer", inputs: [][]runtime.Input{heard, {caller("A person")}, {runtime.PlayedOut{}, caller("Yes")}}, kind: call.Transferred, effects: []bool{true},
			want: []string{"S: Hello.", "C: A person", "S: Shall I transfer you?", "C: Yes", "S: One two three —"},
			replies: func(o office) []scripted.Reply {
				return []scripted.Reply{scripted.Say("Shall I transfer you?"), scripted.Say(words).And(scripted.Use(o.front.ID(), job.TransferCall))}
			}},
		{name: "Sona's goodbye", inputs: [][]runtime.Input{heard, {caller("Bye")}}, want: []string{"S: Hello.", "C: Bye", "S: One two three —"}, effects: nil,
			replies: func(o office) []scripted.Reply {
				return []scripted.Reply{scripted.Say(words).And(scripted.Use(o.front.ID(), job.EndCall))}
			}},
		{name: "a nudge", inputs: [][]runtime.Input{heard}, want: []string{"S: Hello.", "S: Are you still—"}, config: func(c *runtime.Config) { c.Limits.Silence = time.Nanosecond }},
		{name: "the goodbye after silence", inputs: [][]runtime.Input{heard}, want: []string{"S: Hello.", "S: I still canno—"},
			config: func(c *runtime.Config) { c.Limits = runtime.Limits{Silence: time.Nanosecond, Nudges: -1} }},
		{name: "the goodbye when the time is up", inputs: [][]runtime.Input{heard}, want: []string{"S: Hello.", "S: I am sorry, o—"}, config: func(c *runtime.Config) { c.Limits.Call = time.Nanosecond }},
		{name: "the words for a fault", inputs: [][]runtime.Input{heard, {caller("Hi")}}, want: []string{"S: Hello.", "C: Hi", "S: Sorry, I did n—"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				o := newOffice(t)
				ran := 0
				var replies []scripted.Reply
				if tt.replies != nil {
					replies = tt.replies(o)
				}
				m := &watched{Model: scripted.New(replies...)}
				var records []call.Record
				c := runtime.Config{Model: m, Actions: []runtime.Action{lookUp(slowly(5*time.Second, &ran))}, OnRecord: func(_ context.Context, r call.Record) error {
					records = append(records, r)
					return nil
				}}
				if tt.config != nil {
					tt.config(&c)
				}
				r := ring(t, o, c)
				for _, inputs := range tt.inputs {
					r.put(t, inputs...)
					time.Sleep(time.Second)
				}
				hungUp := time.Now()
				r.put(t, runtime.HungUp{Reason: "bye"})
				record := r.over(t)
				require.Equal(t, tt.takes, time.Since(hungUp))
				synctest.Wait()
				require.Zero(t, m.open.Load(), "no request runs on")

				kind := tt.kind
				if kind == "" {
					kind = call.HungUp
				}
				require.Equal(t, kind, record.Outcome.Kind)
				require.Equal(t, tt.want, transcript(record.Turns))
				require.Equal(t, call.Completed, record.Status)
				var done []bool
				for _, f := range record.Effects {
					done = append(done, f.Done)
				}
				require.Equal(t, tt.effects, done)
				require.Len(t, records, 1)
				require.Len(t, r.line.ended, 1)
				require.ErrorIs(t, r.Put(runtime.HungUp{}), runtime.ErrOver)
				time.Sleep(2 * time.Hour) // nothing comes after
				require.Len(t, r.line.ended, 1)
				stored, err := o.ws.Call(t.Context(), r.ID())
				require.NoError(t, err)
				require.Equal(t, record.Outcome, stored.Outcome)
			})
		})
	}
}
