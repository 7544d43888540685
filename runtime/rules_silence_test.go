package runtime_test

import (
	"context"
	"encoding/json"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime"
	"github.com/sonajobs/sona/runtime/model"
	"github.com/sonajobs/sona/runtime/model/scripted"
	"github.com/sonajobs/sona/storage/memory"
)

const (
	nudge1 = "Are you still there?"
	nudge2 = "I cannot hear you. Are you still on the line?"
	nobody = "I still cannot hear you, so I will end the call now. Goodbye."
)

func TestRule_ACallerWhoStaysSilentIsAskedTwiceAndThenTheCallEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := ring(t, newOffice(t), runtime.Config{Model: scripted.New()})
		r.put(t, runtime.PlayedOut{})
		time.Sleep(10 * time.Second)
		r.put(t, runtime.PlayedOut{}) // the question was heard at once
		time.Sleep(10 * time.Second)
		r.put(t, runtime.PlayedOut{})
		time.Sleep(10 * time.Second)
		r.put(t, runtime.PlayedOut{})
		record := r.over(t)
		require.Equal(t, []string{"0s Hello.", "10s " + nudge1, "20s " + nudge2, "30s " + nobody}, r.line.at())
		require.Equal(t, call.Outcome{Kind: call.NoInput, Exit: callflow.ExitEnded, Next: "hangup"}, record.Outcome)
		require.Equal(t, []time.Duration{30 * time.Second}, r.line.ended, "the goodbye was heard")
		require.Equal(t, call.Completed, record.Status)
		require.Equal(t, []string{"S: Hello.", "S: " + nudge1, "S: " + nudge2, "S: " + nobody}, transcript(record.Turns))
	})
}

func TestRule_SilenceCountsWhileSonaListensFromWhenSheWasHeard(t *testing.T) {
	const words = "One two three four five six." // two seconds
	slow := runtime.Limits{Filler: -1}
	for _, tt := range []struct {
		name   string
		reply  scripted.Reply
		limits runtime.Limits
		inputs map[time.Duration]runtime.Input // after the caller's words
		want   string                          // the first nudge
	}{
		{"from the end of the words, as estimated", scripted.Say(words), slow, nil, "12s " + nudge1},
		{"from the end of the words, as the host tells", scripted.Say(words), slow, map[time.Duration]runtime.Input{5 * time.Second: runtime.PlayedOut{}}, "15s " + nudge1},
		{"not while the model thinks", scripted.Wait(9 * time.Second).And(scripted.Say(words)), slow, nil, "21s " + nudge1},
		{"not while an action is under way", scripted.UseWith("", "look_up", map[string]any{"number": "7"}), slow, nil, "17s " + nudge1},
		{"a caller who begins to speak is there", scripted.Say(words), slow, map[time.Duration]runtime.Input{11 * time.Second: runtime.CallerSaid{Text: "We", Partial: true}}, "21s " + nudge1},
		{"so is one who presses keys", scripted.Say(words), runtime.Limits{Digits: time.Hour}, map[time.Duration]runtime.Input{11 * time.Second: runtime.CallerPressed{Digits: "1"}}, "21s " + nudge1},
		{"what the host learns tells nothing of the caller", scripted.Say(words), slow, map[time.Duration]runtime.Input{11 * time.Second: runtime.Note{Key: "a", Value: "b"}}, "12s " + nudge1},
		{"as long as the host wants", scripted.Say(words), runtime.Limits{Silence: 3 * time.Second}, nil, "5s " + nudge1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				o := newOffice(t)
				reply := tt.reply
				if tt.name == "not while an action is under way" {
					reply = scripted.UseWith(o.order.ID(), "look_up", map[string]any{"number": "7"})
				}
				ran := 0
				r := ring(t, o, runtime.Config{Model: scripted.New(reply, scripted.Say(words)), Limits: tt.limits, Actions: []runtime.Action{lookUp(slowly(5*time.Second, &ran))}})
				r.put(t, runtime.PlayedOut{}, caller("Hi"))
				for after, in := range tt.inputs {
					time.Sleep(after)
					r.put(t, in)
				}
				time.Sleep(30 * time.Second)
				require.Contains(t, r.line.at()[2:], tt.want)
				require.Equal(t, tt.want, r.line.at()[2])
				_ = r.Put(runtime.HungUp{})
				r.over(t)
			})
		})
	}
}

func TestRule_WhoeverAnswersANudgeIsThere(t *testing.T) {
	for _, tt := range []struct {
		name  string
		after time.Duration
		said  int // utterances until then
	}{{"the first", 11 * time.Second, 2}, {"the second", 22 * time.Second, 3}, {"the goodbye", 37 * time.Second, 4}} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := scripted.New(scripted.Say("Good."))
				r := ring(t, newOffice(t), runtime.Config{Model: m})
				r.put(t, runtime.PlayedOut{})
				time.Sleep(tt.after)
				require.Len(t, r.line.at(), tt.said)
				r.put(t, caller("Yes, I am here"))
				require.Len(t, m.Requests(), 1)
				valid(t, m.Requests()[0].Messages)
				require.Contains(t, m.Requests()[0].Messages[1].Text, "Are you", "the model knows what was asked")
				r.put(t, runtime.PlayedOut{})
				time.Sleep(10 * time.Second)
				synctest.Wait()
				require.Contains(t, r.line.at()[len(r.line.at())-1], nudge1, "and the next silence begins anew")
				r.put(t, runtime.HungUp{})
				require.Equal(t, call.HungUp, r.over(t).Outcome.Kind, "the goodbye is off")
			})
		})
	}
}

// "Yes" to "Are you still there?" is no agreement to what was asked before.
func TestRule_AnAnswerToANudgeAgreesToNothingElse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		var to []job.Target
		transfer := scripted.Use(o.front.ID(), job.TransferCall)
		m := scripted.New(scripted.Say("Shall I transfer you?"), transfer, scripted.Say("May I transfer you now?"), transfer)
		r := ring(t, o, runtime.Config{Model: m, Transfer: connects(&to, nil)})
		r.put(t, runtime.PlayedOut{}, caller("A person"))
		r.put(t, runtime.PlayedOut{})
		time.Sleep(10 * time.Second)
		r.put(t, runtime.PlayedOut{}, caller("Yes"))
		require.Empty(t, to)
		require.Contains(t, last(m.Requests()[2]).Text, "ask first")
		r.put(t, runtime.PlayedOut{}, caller("Yes"))
		require.Equal(t, call.Transferred, r.over(t).Outcome.Kind)
		require.Len(t, to, 1)
	})
}

func TestRule_ALineMayWaitForEverOrNotAsk(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := ring(t, newOffice(t), runtime.Config{Model: scripted.New(), Limits: runtime.Limits{Silence: -1}})
		time.Sleep(50 * time.Minute)
		require.Len(t, r.line.at(), 1)
		r.put(t, runtime.HungUp{})
		r.over(t)

		r = ring(t, newOffice(t), runtime.Config{Model: scripted.New(), Limits: runtime.Limits{Nudges: -1}})
		r.put(t, runtime.PlayedOut{})
		time.Sleep(10 * time.Second)
		r.put(t, runtime.PlayedOut{})
		require.Equal(t, call.NoInput, r.over(t).Outcome.Kind)
		require.Equal(t, []string{"S: Hello.", "S: " + nobody}, transcript(r.record.Turns))
	})
}

func TestRule_WhoeverWritesIsNotAskedWhetherTheyAreThere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := scripted.New(scripted.Say("Which number?"), scripted.Say("On its way."))
		o := newOffice(t)
		s, err := o.runtime(t, runtime.Config{Model: m}).Begin(t.Context(), o.ws, incoming(runtime.Incoming{Written: true}))
		require.NoError(t, err)
		r := run(t, s)
		r.put(t, runtime.PlayedOut{}, caller("Where is my order?"))
		time.Sleep(20 * time.Minute)
		r.put(t, runtime.PlayedOut{}, runtime.CallerSaid{Text: "Se", Partial: true})
		time.Sleep(20 * time.Minute)
		r.put(t, caller("Seven"), runtime.PlayedOut{})
		time.Sleep(30 * time.Minute)
		record := r.over(t)
		require.Equal(t, []string{"S: Hello.", "C: Where is my order?", "S: Which number?", "C: Seven", "S: On its way.", "S: I am sorry, our time is up and I have to end the call here. Goodbye."}, transcript(record.Turns))
		require.Equal(t, call.TimeLimit, record.Outcome.Kind, "a call still lasts no longer than it may")
	})
}

func TestRule_WhatTheLibrarySaysIsSaidInTheStepsFirstLanguage(t *testing.T) {
	for language, want := range map[callflow.Language][]string{
		callflow.English: {"0s Hello.", "10s " + nudge1, "20s " + nudge2, "30s " + nobody},
		callflow.Spanish: {"0s Hello.", "10s ¿Sigue ahí?", "20s No le oigo. ¿Sigue en la línea?", "30s Sigo sin oírle, así que voy a terminar la llamada. Adiós."},
		callflow.French:  {"0s Hello.", "10s Êtes-vous toujours là ?", "20s Je ne vous entends pas. Êtes-vous toujours en ligne ?", "30s Je ne vous entends toujours pas, je vais donc mettre fin à l'appel. Au revoir."},
	} {
		synctest.Test(t, func(t *testing.T) {
			r := ring(t, newOfficeIn(t, memory.New(), callflow.Persona{Languages: []callflow.Language{language}}), runtime.Config{Model: scripted.New()})
			for range 3 {
				r.put(t, runtime.PlayedOut{})
				time.Sleep(10 * time.Second)
			}
			r.put(t, runtime.PlayedOut{})
			r.over(t)
			require.Equal(t, want, r.line.at())
		})
	}
}

func TestRule_AnInterruptionWithoutWordsLeavesNoQuestionOpen(t *testing.T) {
	for name, in := range map[string]runtime.Input{
		"the line heard something": runtime.Interrupted{Unknown: true},
		"a guess came to nothing":  runtime.CallerSaid{Text: "Uh", Partial: true},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := scripted.New(scripted.Wait(5*time.Second).And(scripted.Say("Never heard.")), scripted.Say("At nine."))
				r := ring(t, newOffice(t), runtime.Config{Model: m})
				r.put(t, runtime.PlayedOut{}, caller("When do you open?"))
				time.Sleep(time.Second)
				r.put(t, in)
				time.Sleep(2 * time.Second)
				r.put(t, runtime.PlayedOut{}, runtime.HungUp{})
				require.Equal(t, []string{"S: Hello.", "C: When do you open?", "S: At nine."}, transcript(r.over(t).Turns))
				require.Equal(t, []string{"0s Hello.", "3s At nine."}, r.line.at(), "two seconds after the interruption")
			})
		})
	}
}

func TestRule_APartialTranscriptStopsSonaAndIsNeverAnswered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := scripted.New(scripted.Say("One two three four five six."), scripted.Say("Yes?"))
		r := ring(t, newOffice(t), runtime.Config{Model: m})
		r.put(t, runtime.PlayedOut{}, caller("Hi"))
		time.Sleep(time.Second)
		r.put(t, runtime.CallerSaid{Text: "Wa", Partial: true}, runtime.CallerSaid{Text: "Wait a", Partial: true}, runtime.CallerSaid{Text: " ", Partial: true})
		require.Len(t, m.Requests(), 1)
		require.Contains(t, r.line.said(), "flush")
		r.put(t, caller("Wait a moment"))
		r.put(t, runtime.PlayedOut{}, runtime.HungUp{})
		require.Equal(t, []string{"S: Hello.", "C: Hi", "S: One two three —", "C: Wait a moment", "S: Yes?"}, transcript(r.over(t).Turns))
		require.Len(t, m.Requests(), 2)
	})
}

// What came of an action is told although the caller has gone on meanwhile: they wait for it.
func TestRule_AnActionThatComesBackLaterIsToldWithoutBeingAsked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		ran := 0
		m := scripted.New(scripted.UseWith(o.order.ID(), "look_up", map[string]any{"number": "7"}), scripted.Say("I am on it."), scripted.Say("Found it."))
		r := ring(t, o, runtime.Config{Model: m, Actions: []runtime.Action{lookUp(slowly(5*time.Second, &ran))}, Limits: runtime.Limits{Filler: -1}})
		r.put(t, runtime.PlayedOut{}, caller("Order 7"))
		time.Sleep(time.Second)
		r.put(t, caller("Hello?"))
		r.put(t, runtime.PlayedOut{})
		time.Sleep(5 * time.Second)
		r.put(t, runtime.PlayedOut{}, runtime.HungUp{})
		r.over(t)
		require.Equal(t, []string{"0s Hello.", "1s I am on it.", "5s Found it."}, r.line.at())
		valid(t, m.Requests()[2].Messages)
		require.JSONEq(t, `{"ok":true,"result":{"found":true}}`, m.Requests()[2].Messages[3].Text, "where the model was told that it is under way")
		require.Equal(t, model.Tool, m.Requests()[2].Messages[3].Role)
		require.Equal(t, 1, ran)
	})
}

func TestRule_ASlowActionIsFilledOnceATurnInVaryingWordsThatTheModelDoesNotLearn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		slow := 0
		look := func(n string) scripted.Reply {
			return scripted.UseWith(o.order.ID(), "look_up", map[string]any{"number": n})
		}
		m := scripted.New(
			scripted.Say("One two three four five six.").And(look("1")), look("2"), scripted.Say("Found both."), // the words take two seconds
			look("3"), scripted.Say("And that."),
			scripted.Use(o.front.ID(), job.SendSMS), scripted.Say("Sent."))
		r := ring(t, o, runtime.Config{Model: m, Actions: []runtime.Action{lookUp(slowly(9*time.Second, &slow))}})
		r.put(t, runtime.PlayedOut{}, caller("Orders 1 and 2"))
		time.Sleep(20 * time.Second)
		r.put(t, runtime.PlayedOut{}, caller("And 3"))
		time.Sleep(10 * time.Second)
		r.put(t, runtime.PlayedOut{}, caller("Text me"))
		r.put(t, runtime.PlayedOut{}, runtime.HungUp{})
		record := r.over(t)
		require.Equal(t, []string{
			"0s Hello.", "0s One two three four five six.", "4s One moment, please.", "18s Found both.",
			"22s This takes just a moment.", "29s And that.", "30s Sent.",
		}, r.line.at(), "two seconds after Sona was heard, once a turn; what is quick is not filled")
		for _, request := range m.Requests() {
			valid(t, request.Messages)
			for _, message := range request.Messages {
				require.NotContains(t, message.Text, "moment")
			}
		}
		require.Contains(t, transcript(record.Turns), "S: One moment, please.", "the record has it")
	})
}

func TestRule_NothingIsFilledWhenTheCallerHasGoneOnOrTheHostWantsNone(t *testing.T) {
	for name, limits := range map[string]runtime.Limits{"the caller went on": {}, "the host wants none": {Filler: -1}} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				o := newOffice(t)
				do := func(ctx context.Context, _ runtime.CallInfo, _ json.RawMessage) (json.RawMessage, error) {
					<-time.After(8 * time.Second)
					return nil, ctx.Err()
				}
				m := scripted.New(scripted.UseWith(o.order.ID(), "look_up", map[string]any{"number": "7"}), scripted.Say("Yes?"), scripted.Say("Found."))
				r := ring(t, o, runtime.Config{Model: m, Limits: limits, Actions: []runtime.Action{lookUp(do)}})
				r.put(t, runtime.PlayedOut{}, caller("Order 7"))
				time.Sleep(time.Second)
				if limits.Filler == 0 {
					r.put(t, caller("Hello?"))
				}
				time.Sleep(8 * time.Second)
				r.put(t, runtime.PlayedOut{}, runtime.HungUp{})
				r.over(t)
				require.NotContains(t, r.line.said()[0], "moment")
			})
		})
	}
}

// The caller talks over an action, and the next reply has to wait for it: that is silence, too.
func TestRule_WhatWaitsForAnActionIsFilledToo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		ran := 0
		m := scripted.New(scripted.UseWith(o.order.ID(), "look_up", map[string]any{"number": "7"}), scripted.Use(o.front.ID(), job.SendSMS), scripted.Say("Sent."))
		r := ring(t, o, runtime.Config{Model: m, Actions: []runtime.Action{lookUp(slowly(9*time.Second, &ran))}})
		r.put(t, runtime.PlayedOut{}, caller("Order 7"))
		time.Sleep(time.Second)
		r.put(t, caller("Just text me"))
		time.Sleep(9 * time.Second)
		r.put(t, runtime.PlayedOut{}, runtime.HungUp{})
		r.over(t)
		require.Equal(t, []string{"0s Hello.", "3s One moment, please.", "9s Sent."}, r.line.at())
	})
}

// What came of an action waits while the caller speaks, and is told when no words follow.
func TestRule_AnActionThatComesBackIsNotTalkedIntoACallerWhoSpeaks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		ran := 0
		m := scripted.New(scripted.UseWith(o.order.ID(), "look_up", map[string]any{"number": "7"}), scripted.Say("I am on it."), scripted.Say("Found it."))
		r := ring(t, o, runtime.Config{Model: m, Actions: []runtime.Action{lookUp(slowly(5*time.Second, &ran))}, Limits: runtime.Limits{Filler: -1}})
		r.put(t, runtime.PlayedOut{}, caller("Order 7"))
		time.Sleep(time.Second)
		r.put(t, caller("Hello?"), runtime.PlayedOut{})
		r.put(t, runtime.PlayedOut{})
		time.Sleep(3 * time.Second)
		r.put(t, runtime.CallerSaid{Text: "I", Partial: true})
		time.Sleep(2 * time.Second) // the action comes back after one
		require.Len(t, r.line.at(), 2)
		time.Sleep(time.Second)
		r.put(t, runtime.PlayedOut{}, runtime.HungUp{})
		r.over(t)
		require.Equal(t, []string{"0s Hello.", "1s I am on it.", "7s Found it."}, r.line.at())
	})
}

func TestRule_WordsThatFillSilenceHaveNothingToDoWithTheJobInHand(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		ran := 0
		m := scripted.New(
			scripted.UseWith(o.order.ID(), "look_up", map[string]any{"number": "7"}).And(scripted.Use(o.front.ID(), job.SendSMS)),
			scripted.Wait(5*time.Second), scripted.Say("Yes?"))
		r := ring(t, o, runtime.Config{Model: m, Actions: []runtime.Action{lookUp(slowly(2*time.Second+time.Millisecond, &ran))}})
		r.put(t, runtime.PlayedOut{}, caller("Order 7"))
		time.Sleep(2*time.Second + 2*time.Millisecond)
		r.put(t, runtime.Interrupted{}, caller("Hello?")) // nothing of the words was heard
		r.put(t, runtime.PlayedOut{}, runtime.HungUp{})
		record := r.over(t)
		require.Equal(t, []string{"S: Hello.", "C: Order 7", "C: Hello?", "S: Yes?"}, transcript(record.Turns))
		require.Equal(t, []job.ID{o.order.ID(), o.front.ID()}, record.Used, "what was done was done")
	})
}
