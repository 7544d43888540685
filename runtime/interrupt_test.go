package runtime_test

import (
	"context"
	"encoding/json"
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
)

func TestLeavingTheLoopInterruptsSona(t *testing.T) {
	o := newOffice(t)
	sent := 0
	m := scripted.New(
		scripted.Follow(o.front.ID(), "1", "One two three four.").And(scripted.Use(o.front.ID(), job.SendSMS)),
		scripted.Say("Yes."),
	)
	c := o.chat(t, runtime.Config{Model: m, SMS: sms(&sent, nil)}, runtime.Incoming{})
	hearUntil(t, c, "Hi", 2)
	require.Equal(t, "Yes.", hear(t, c, "Wait, are you there?"))

	require.Zero(t, sent, "what a dropped reply asked for never runs")
	require.Empty(t, cmp.Diff([]model.Message{
		{Role: model.User, Text: "Hi"},
		{Role: model.Assistant, Text: "[J1.1] One two"},
		{Role: model.User, Text: "Wait, are you there?"},
		{Role: model.System, Text: "State: In hand: job J1, step 1."},
	}, m.Requests()[1].Messages), "the model is told only what was heard")
	r := end(t, c)
	require.Equal(t, []string{"C: Hi", "S: One two—", "C: Wait, are you there?", "S: Yes."}, transcript(r.Turns))
	require.Empty(t, r.Effects)
}

func TestWhatWasSaidWholeIsNotInterrupted(t *testing.T) {
	o := newOffice(t)
	c := o.chat(t, runtime.Config{Model: scripted.New(scripted.Say("Yes."))}, runtime.Incoming{})
	for ev, err := range c.Hear(t.Context(), "Hi") {
		require.NoError(t, err)
		if s, ok := ev.(runtime.Said); ok && s.Last {
			break
		}
	}
	require.Equal(t, []string{"C: Hi", "S: Yes."}, transcript(end(t, c).Turns))
}

func TestRule_ATurnThatNobodyHeardVanishes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		m := scripted.New(
			scripted.Follow(o.front.ID(), "1", "One moment."),
			scripted.Say("[J2.4] ").And(scripted.Wait(time.Hour)).And(scripted.Say("Late.")),
			scripted.Say("Here."),
		)
		c := o.chat(t, runtime.Config{Model: m}, runtime.Incoming{})
		hear(t, c, "Hi")
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err := tryHear(ctx, c, "And?")
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.Equal(t, "Here.", hear(t, c, "Hello?"))

		valid(t, m.Requests()[2].Messages)
		require.Equal(t, "State: In hand: job J1, step 1.", note(m.Requests()[2]), "nor is what it declared in hand")
		r := end(t, c)
		require.Equal(t, []string{"C: Hi", "S: One moment.", "C: And?", "C: Hello?", "S: Here."}, transcript(r.Turns))
		require.Equal(t, []job.ID{o.front.ID()}, r.Used)
		require.Empty(t, r.Notes, "a host that left is no fault of the model")
	})
}

func TestATurnThatVanishesTakesItsCallsAlong(t *testing.T) {
	o := newOffice(t)
	m := scripted.New(scripted.Use(o.front.ID(), job.SendSMS).And(scripted.Say("[J1.1] Sent.")), scripted.Say("Here."))
	sent := 0
	c := o.chat(t, runtime.Config{Model: m, SMS: sms(&sent, nil)}, runtime.Incoming{})
	for ev, err := range c.Hear(t.Context(), "Hi") {
		require.NoError(t, err)
		if _, ok := ev.(runtime.JobChosen); ok {
			break // before a word was said
		}
	}
	require.Equal(t, "Here.", hear(t, c, "Hello?"))
	require.Empty(t, cmp.Diff([]model.Message{{Role: model.User, Text: "Hi"}, {Role: model.User, Text: "Hello?"}}, m.Requests()[1].Messages))
	require.Zero(t, sent)
	require.Empty(t, end(t, c).Used)
}

func TestRule_AnIntendedEndIsOffWhenTheCallerSpeaksFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		bye := scripted.Say("Goodbye then.").And(scripted.Use(o.front.ID(), job.EndCall))
		m := scripted.New(bye, scripted.Say("Sure."), bye)
		c := o.chat(t, runtime.Config{Model: m}, runtime.Incoming{})
		hearUntil(t, c, "Bye", 1)
		require.Equal(t, "Sure.", hear(t, c, "Oh, one more thing"))
		require.Equal(t, "Goodbye then.", hear(t, c, "Bye now"), "the same intent later is a new one")
		require.Equal(t, call.Ended, outcome(t, c).Kind)
		r := end(t, c)
		require.Len(t, r.Effects, 1)
		require.True(t, r.Effects[0].Done)
	})
}

// slowly answers after a while, or when its time is over.
func slowly(d time.Duration, ran *int) service {
	return func(ctx context.Context, _ runtime.CallInfo, _ json.RawMessage) (json.RawMessage, error) {
		*ran++
		select {
		case <-time.After(d):
			return json.RawMessage(`{"found":true}`), nil
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

func TestRule_AStartedActionIsFinishedAndKeptWhenTheHostStopsListening(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		ran := 0
		use := scripted.UseWith(o.order.ID(), "look_up", map[string]any{"number": "7"})
		m := scripted.New(use, scripted.Say("I am on it."), use, scripted.Say("Found it."))
		c := o.chat(t, runtime.Config{Model: m, Actions: []runtime.Action{lookUp(slowly(5*time.Second, &ran))}}, runtime.Incoming{})
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err := tryHear(ctx, c, "Order 7")
		require.ErrorIs(t, err, context.DeadlineExceeded)

		require.Equal(t, "I am on it.Found it.", hear(t, c, "Hello?"), "what came of it is told without being asked")
		second := m.Requests()[1]
		valid(t, second.Messages)
		require.Contains(t, note(second), "look_up is under way; do not repeat it.")
		valid(t, m.Requests()[2].Messages)
		require.JSONEq(t, `{"ok":true,"result":{"found":true}}`, m.Requests()[2].Messages[2].Text)
		require.Contains(t, last(m.Requests()[3]).Text, "it was done already")
		require.Contains(t, last(m.Requests()[3]).Text, `"found":true`, "its result is kept")
		require.Equal(t, 1, ran)
		r := end(t, c)
		require.Len(t, r.Effects, 1)
		require.True(t, r.Effects[0].Done)
		require.Empty(t, r.Effects[0].Err)
	})
}

func TestRule_CallsOfALaterReplyWaitForTheActionUnderWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		ran, sent := 0, 0
		m := scripted.New(
			scripted.UseWith(o.order.ID(), "look_up", map[string]any{"number": "7"}),
			scripted.Use(o.front.ID(), job.SendSMS), scripted.Say("Sent."),
		)
		c := o.chat(t, runtime.Config{Model: m, SMS: sms(&sent, nil), Actions: []runtime.Action{lookUp(slowly(5*time.Second, &ran))}}, runtime.Incoming{})
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err := tryHear(ctx, c, "Order 7")
		require.Error(t, err)
		require.Equal(t, "One moment, please.Sent.", hear(t, c, "Just text me"))
		require.Equal(t, 1, sent)
		require.Len(t, end(t, c).Effects, 2)
	})
}

func TestRule_EndWaitsForTheActionUnderWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		ran := 0
		m := scripted.New(scripted.UseWith(o.order.ID(), "look_up", map[string]any{"number": "7"}))
		c := o.chat(t, runtime.Config{Model: m, Actions: []runtime.Action{lookUp(slowly(5*time.Second, &ran))}}, runtime.Incoming{})
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err := tryHear(ctx, c, "Order 7")
		require.Error(t, err)
		began := time.Now()
		r := end(t, c)
		require.Equal(t, 4*time.Second, time.Since(began))
		require.True(t, r.Effects[0].Done)
		require.JSONEq(t, `{"found":true}`, string(r.Effects[0].Result))
	})
}

// An agreed transfer that has begun cannot be taken back by the caller's next words, and a call that is left
// meanwhile was transferred.
func TestATransferThatHasBegunIsNotTakenBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		slow := runtime.TransferFunc(func(context.Context, runtime.CallInfo, job.Target) error {
			time.Sleep(5 * time.Second)
			return nil
		})
		m := scripted.New(scripted.Say("Shall I transfer you?"), scripted.Use(o.front.ID(), job.TransferCall), scripted.Say("One moment."))
		c := o.chat(t, runtime.Config{Model: m, Transfer: slow}, runtime.Incoming{})
		hear(t, c, "A person")
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err := tryHear(ctx, c, "Yes")
		require.Error(t, err)
		require.Equal(t, "One moment.", hear(t, c, "Hello?"))
		require.Equal(t, call.Transferred, outcome(t, c).Kind)
	})
}

func TestCallsBehindTheActionUnderWayAreTakenBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		ran, sent := 0, 0
		m := scripted.New(
			scripted.Say("One moment.").And(scripted.UseWith(o.order.ID(), "look_up", map[string]any{"number": "7"})).And(scripted.Use(o.front.ID(), job.SendSMS)),
			scripted.Say("Yes."), scripted.Say("Found it."))
		c := o.chat(t, runtime.Config{Model: m, SMS: sms(&sent, nil), Actions: []runtime.Action{lookUp(slowly(5*time.Second, &ran))}}, runtime.Incoming{})
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err := tryHear(ctx, c, "Order 7")
		require.Error(t, err)
		require.Equal(t, "Yes.Found it.", hear(t, c, "Stop"))
		messages := m.Requests()[1].Messages
		valid(t, messages)
		require.Contains(t, messages[2].Text, "still under way")
		require.Contains(t, messages[3].Text, "not carried out")
		require.Zero(t, sent)
		require.Len(t, end(t, c).Effects, 1)
	})
}

// All that the model had said was delivered, but it had more to say: nobody knows what.
func TestAReplyThatIsCutWhileTheModelSpeaksIsInterrupted(t *testing.T) {
	unfinished := scripted.Say("One two. ").And(scripted.Wait(time.Hour)).And(scripted.Say("Three."))
	cut := []string{"C: Hi", "S: One two.—", "C: Go on", "S: Yes."}
	heard := func(turns []call.Turn) []string { // whether the blank at its end belongs to what was heard does not matter
		lines := transcript(turns)
		for i, line := range lines {
			lines[i] = strings.Replace(line, " —", "—", 1)
		}
		return lines
	}
	t.Run("a chat host leaves the loop", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			c := newOffice(t).chat(t, runtime.Config{Model: scripted.New(unfinished, scripted.Say("Yes."))}, runtime.Incoming{})
			hearUntil(t, c, "Hi", 2)
			turn := c.Turns()[1]
			require.True(t, turn.Interrupted, "at once")
			require.Equal(t, len(turn.Text), turn.Spoken)
			hear(t, c, "Go on")
			require.Equal(t, cut, heard(end(t, c).Turns))
		})
	})
	t.Run("a chat host that leaves and never comes back", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			c := newOffice(t).chat(t, runtime.Config{Model: scripted.New(unfinished)}, runtime.Incoming{})
			hearUntil(t, c, "Hi", 2)
			require.Equal(t, cut[:2], heard(end(t, c).Turns))
		})
	})
	for name, in := range map[string]runtime.Input{
		"the line tells of an interruption":   runtime.Interrupted{},
		"and of which utterance":              runtime.Interrupted{Utterance: 2, Heard: "One two."},
		"and cannot tell what was heard":      runtime.Interrupted{Unknown: true},
		"the caller is recognised at once":    nil,
		"the line tells of it a minute later": runtime.PlayedOut{},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := ring(t, newOffice(t), runtime.Config{Model: scripted.New(unfinished, scripted.Say("Yes.")), Limits: runtime.Limits{Reply: 2 * time.Hour}})
				r.put(t, runtime.PlayedOut{}, caller("Hi"))
				r.put(t, runtime.PlayedOut{})
				if _, later := in.(runtime.PlayedOut); later {
					time.Sleep(time.Minute)
				}
				if in != nil {
					r.put(t, in)
				}
				r.put(t, caller("Go on"))
				r.put(t, runtime.PlayedOut{}, runtime.HungUp{})
				record := r.over(t)
				require.Equal(t, append([]string{"S: Hello."}, cut...), heard(record.Turns))
				require.True(t, record.Turns[2].Interrupted)
			})
		})
	}
}
