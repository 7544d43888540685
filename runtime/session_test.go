package runtime_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime"
	"github.com/sonajobs/sona/runtime/model"
	"github.com/sonajobs/sona/runtime/model/scripted"
)

func TestASessionGreetsHearsAnswersAndEndsOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		r := ring(t, o, runtime.Config{Model: scripted.New(scripted.Say("We open at nine."), scripted.Say("Goodbye.").And(scripted.Use(o.front.ID(), job.EndCall)))})
		r.put(t, runtime.PlayedOut{}, caller("When do you open?"))
		r.put(t, runtime.PlayedOut{}, caller("Thanks, bye"))
		r.put(t, runtime.PlayedOut{})
		record := r.over(t)
		require.Equal(t, []string{"say Hello.We open at nine.Goodbye.", "end ended"}, r.line.said())
		require.Equal(t, []string{"S: Hello.", "C: When do you open?", "S: We open at nine.", "C: Thanks, bye", "S: Goodbye."}, transcript(record.Turns))
		require.Equal(t, call.Completed, record.Status)
		require.Equal(t, callflow.StepID("hangup"), record.Outcome.Next)
		stored, err := o.ws.Call(t.Context(), r.ID())
		require.NoError(t, err)
		require.Equal(t, record.Outcome, stored.Outcome)

		require.ErrorIs(t, r.Put(runtime.HungUp{}), runtime.ErrOver)
		_, err = r.Run(t.Context(), r.line)
		require.ErrorContains(t, err, "runs once")
		require.Len(t, r.line.ended, 1)
	})
}

func TestRule_TheNewestInputCancelsTheReplyUnderWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		sent := 0
		m := scripted.New(
			scripted.Wait(10*time.Second).And(scripted.Say("Late.")).And(scripted.Use(o.front.ID(), job.SendSMS)),
			scripted.Say("Here."))
		r := ring(t, o, runtime.Config{Model: m, SMS: sms(&sent, nil)})
		r.put(t, runtime.PlayedOut{}, caller("Hi"))
		r.put(t, caller("Hello?"))
		r.put(t, runtime.PlayedOut{}, runtime.HungUp{Reason: "bye"})
		record := r.over(t)
		require.Equal(t, []string{"S: Hello.", "C: Hi", "C: Hello?", "S: Here."}, transcript(record.Turns))
		require.Equal(t, call.Outcome{Kind: call.HungUp, Reason: "bye"}, record.Outcome)
		require.Zero(t, sent)
		require.Equal(t, []string{"say Hello.Here.", "end hung_up"}, r.line.said(), "nothing was being heard, so nothing is flushed")
	})
}

func TestRule_ABargeInKeepsWhatWasHeardAndFlushesTheRest(t *testing.T) {
	const words = "One two three four five six." // two seconds
	for _, tt := range []struct {
		name    string
		after   time.Duration
		inputs  []runtime.Input
		want    []string
		flushed bool
	}{
		{"the host knows what was heard", time.Second, []runtime.Input{runtime.Interrupted{Heard: "One two "}}, []string{"S: One two —"}, true},
		{"and names the utterance", time.Second, []runtime.Input{runtime.Interrupted{Utterance: 2, Heard: "One two "}}, []string{"S: One two —"}, true},
		{"the host cannot tell: it is estimated", time.Second, []runtime.Input{runtime.Interrupted{Unknown: true}}, []string{"S: One two three —"}, true},
		{"the host says nothing of it", time.Second, nil, []string{"S: One two three —"}, true},
		{"it said what was heard before", time.Second, []runtime.Input{runtime.PlayedOut{Upto: 4}}, []string{"S: One —"}, true},
		{"nothing was heard", 0, []runtime.Input{runtime.Interrupted{}}, nil, true},
		{"all was heard", time.Second, []runtime.Input{runtime.PlayedOut{Utterance: 2}}, []string{"S: " + words}, false},
		{"time enough to hear it all", 9 * time.Second, nil, []string{"S: " + words}, false},
		{"the host is late: that utterance is long over", time.Second, []runtime.Input{runtime.PlayedOut{}, runtime.Interrupted{Utterance: 1, Heard: "H"}}, []string{"S: " + words}, false},
		{"an utterance that never was", time.Second, []runtime.Input{runtime.PlayedOut{Utterance: 9}, runtime.PlayedOut{}}, []string{"S: " + words}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				o := newOffice(t)
				m := scripted.New(scripted.Follow(o.front.ID(), "1", words), scripted.Say("Yes?"))
				r := ring(t, o, runtime.Config{Model: m})
				r.put(t, runtime.PlayedOut{}, caller("Hi"))
				time.Sleep(tt.after)
				r.put(t, tt.inputs...)
				r.put(t, caller("Wait"))
				r.put(t, runtime.PlayedOut{}, runtime.HungUp{})
				record := r.over(t)
				require.Equal(t, append(append([]string{"S: Hello.", "C: Hi"}, tt.want...), "C: Wait", "S: Yes?"), transcript(record.Turns))
				require.Equal(t, tt.flushed, strings.Contains(strings.Join(r.line.said(), "|"), "flush"))
				valid(t, m.Requests()[1].Messages)
				heard := ""
				if len(tt.want) > 0 {
					heard = "[J1.1] " + strings.TrimSuffix(strings.TrimPrefix(tt.want[0], "S: "), "—")
				}
				told := m.Requests()[1].Messages[2]
				if heard == "" {
					require.Equal(t, model.User, told.Role, "the model does not remember what nobody heard")
					require.Empty(t, note(m.Requests()[1]), "nor is the job that it declared in hand")
					require.Empty(t, record.Used)
				} else {
					require.Equal(t, strings.TrimSpace(heard), strings.TrimSpace(told.Text))
				}
			})
		})
	}
}

func TestALateInterruptionOfAnOldUtteranceDropsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		r := ring(t, o, runtime.Config{Model: scripted.New(scripted.Wait(time.Second).And(scripted.Say("Here.")))})
		r.put(t, runtime.PlayedOut{}, caller("Hi"), runtime.Interrupted{Utterance: 1, Heard: "Hel"})
		time.Sleep(2 * time.Second)
		r.put(t, runtime.PlayedOut{}, runtime.HungUp{})
		require.Equal(t, []string{"S: Hello.", "C: Hi", "S: Here."}, transcript(r.over(t).Turns))
	})
}

func TestWhatWasSaidAndNotHeardIsNotKeptWhenItIsRedacted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		r := ring(t, o, runtime.Config{Model: scripted.New(scripted.Say("One two three."), scripted.Say("Yes?")), Redact: strings.ToUpper})
		r.put(t, runtime.PlayedOut{}, caller("Hi"))
		r.put(t, runtime.Interrupted{Heard: "One two"}, caller("Wait"))
		r.put(t, runtime.PlayedOut{}, runtime.HungUp{})
		turn := r.over(t).Turns[2]
		require.Equal(t, call.Turn{By: call.ByAgent, Text: "ONE TWO", Spoken: 7, Interrupted: true, Source: call.SourceUnknown, At: turn.At}, turn)
	})
}

func TestWhatWaitsBehindAnInterruptedUtteranceWasNotHeardEither(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		first := strings.Repeat("first ", 14) // six seconds
		m := scripted.New(
			scripted.Say(first).And(scripted.UseWith(o.order.ID(), "look_up", map[string]any{"number": "7"})),
			scripted.Say("Found your order."), scripted.Say("Yes?"))
		r := ring(t, o, runtime.Config{Model: m})
		r.put(t, runtime.PlayedOut{}, caller("Order 7"))
		time.Sleep(3 * time.Second)
		r.put(t, caller("Wait"))
		r.put(t, runtime.PlayedOut{}, runtime.HungUp{})
		record := r.over(t)
		require.Equal(t, []string{"S: Hello.", "C: Order 7", "S: " + first[:42] + "—", "C: Wait", "S: Yes?"}, transcript(record.Turns))
		messages := m.Requests()[2].Messages
		valid(t, messages)
		require.Len(t, record.Effects, 1, "what was done is kept")
		require.True(t, record.Effects[0].Done)
		require.Contains(t, note(m.Requests()[2]), "look_up is done.")
	})
}

func TestRule_AnInterruptionCallsAnIntendedEndOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		bye := scripted.Say("Goodbye, and thank you.").And(scripted.Use(o.front.ID(), job.EndCall))
		m := scripted.New(bye, scripted.Say("Sure."), bye)
		r := ring(t, o, runtime.Config{Model: m})
		r.put(t, runtime.PlayedOut{}, caller("Bye"))
		time.Sleep(time.Second)
		r.put(t, caller("Oh, wait"))
		require.Contains(t, m.Requests()[1].Messages[3].Text, "not carried out")
		r.put(t, runtime.PlayedOut{}, caller("Bye now"))
		r.put(t, runtime.PlayedOut{})
		record := r.over(t)
		require.Equal(t, call.Ended, record.Outcome.Kind)
		require.Len(t, record.Effects, 1)
	})
}

func TestRule_ANoteOfTheHostIsToldToTheModel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		m := scripted.New(scripted.Say("Hi."), scripted.Say("Hi."))
		r := ring(t, o, runtime.Config{Model: m})
		r.put(t, runtime.Note{Key: "plan", Value: "silver"}, runtime.Note{Key: "plan", Value: "gold \"VIP\""}, runtime.PlayedOut{}, caller("Hi"))
		require.Equal(t, `State: The host says: "plan" = "gold \"VIP\"".`, note(m.Requests()[0]))
		r.put(t, runtime.Note{Key: "story", Value: strings.Repeat("é", 500)}, caller("Hi"))
		require.LessOrEqual(t, len(note(m.Requests()[1])), 360)
		require.Contains(t, note(m.Requests()[1]), "é…")
		r.put(t, runtime.HungUp{})
		require.Equal(t, []call.NoteKind{call.NoteDegraded}, kinds(r.over(t)), "what was shortened is said")
	})
}

func TestRule_FinishEndsTheCallAtOnce(t *testing.T) {
	for _, tt := range []struct {
		in   call.Outcome
		want call.Outcome
	}{
		{call.Outcome{}, call.Outcome{Kind: call.Ended, Exit: callflow.ExitEnded, Next: "hangup"}},
		{call.Outcome{Kind: call.Voicemail, Reason: "shutting down"}, call.Outcome{Kind: call.Voicemail, Reason: "shutting down", Exit: callflow.ExitVoicemail, Next: "voicemail"}},
	} {
		synctest.Test(t, func(t *testing.T) {
			o := newOffice(t)
			r := ring(t, o, runtime.Config{Model: scripted.New(scripted.Say("One two three four.").And(scripted.Wait(time.Hour)))})
			r.put(t, runtime.PlayedOut{}, caller("Hi"))
			time.Sleep(time.Second)
			r.put(t, runtime.Finish{Outcome: tt.in})
			record := r.over(t)
			require.Equal(t, tt.want, record.Outcome)
			require.Equal(t, []string{"S: Hello.", "C: Hi", "S: One two three —"}, transcript(record.Turns)[:3])
			require.Equal(t, []string{"say Hello.One two three four.", "flush", "end " + string(tt.want.Kind)}, r.line.said())
		})
	}
}

func TestRule_AContextThatEndsLeavesARecordToo(t *testing.T) {
	for _, fails := range []string{"", "Flush"} {
		synctest.Test(t, func(t *testing.T) {
			o := newOffice(t)
			r := ring(t, o, runtime.Config{Model: scripted.New(scripted.Say("One two three four.").And(scripted.Wait(time.Hour)))})
			r.put(t, runtime.PlayedOut{}, caller("Hi"))
			r.line.fails = fails
			r.cancel()
			<-r.done
			require.ErrorIs(t, r.err, context.Canceled)
			require.Equal(t, fails != "", errors.Is(r.err, errLine))
			require.Equal(t, call.HungUp, r.record.Outcome.Kind)
			require.Equal(t, call.Completed, r.record.Status)
			require.Equal(t, []string{"S: Hello.", "C: Hi"}, transcript(r.record.Turns))
		})
	}
}

func TestEverybodyWhoLooksSeesTheWholeCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		ran := 0
		m := scripted.New(scripted.Follow(o.order.ID(), "1", "One moment.").And(scripted.UseWith(o.order.ID(), "look_up", map[string]any{"number": "7"})))
		r := ring(t, o, runtime.Config{Model: m, Actions: []runtime.Action{lookUp(slowly(5*time.Second, &ran))}})
		watch := func(ctx context.Context) chan []runtime.Event {
			seen := make(chan []runtime.Event, 1)
			go func() {
				var all []runtime.Event
				for ev := range r.Events(ctx) {
					all = append(all, ev)
				}
				seen <- all
			}()
			return seen
		}
		early := watch(t.Context())
		ctx, cancel := context.WithCancel(t.Context())
		left := watch(ctx)
		r.put(t, runtime.PlayedOut{}, caller("Order 7"))
		cancel()
		require.NotContains(t, <-left, runtime.Over{}, "a look ends with its context")
		r.put(t, runtime.HungUp{})
		record := r.over(t)

		all := <-early
		require.Empty(t, cmp.Diff(all, <-watch(t.Context())), "whoever comes late sees it from the beginning")
		require.Equal(t, runtime.Over{Outcome: record.Outcome}, all[len(all)-1], "Over is the last event")
		acted, ok := all[len(all)-2].(runtime.Acted)
		require.True(t, ok, "the action that came back after the caller had left")
		require.True(t, acted.Effect.Done)
		for range r.Events(t.Context()) {
			break
		}
	})
}

func TestASessionOnASnapshotIsStoredNowhere(t *testing.T) {
	o := newOffice(t)
	snap, err := o.ws.Snapshot(t.Context(), o.flow.ID())
	require.NoError(t, err)
	s, err := o.runtime(t, runtime.Config{Model: scripted.New()}).BeginOn(snap, incoming(runtime.Incoming{}))
	require.NoError(t, err)
	require.NoError(t, s.Put(runtime.HungUp{}))
	record, err := s.Run(t.Context(), newLine(s))
	require.NoError(t, err)
	require.False(t, record.Test)
	_, err = o.ws.Call(t.Context(), record.ID)
	require.Error(t, err)
}
