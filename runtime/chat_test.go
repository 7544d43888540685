package runtime_test

import (
	"context"
	"errors"
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
	"github.com/sonajobs/sona/runtime/prompt"
	"github.com/sonajobs/sona/storage"
	"github.com/sonajobs/sona/storage/memory"
)

func TestTheModelIsAskedWithMarksAndNobodyHearsThem(t *testing.T) {
	o := newOffice(t)
	m := scripted.New(scripted.Follow(o.front.ID(), "2", "One moment."), scripted.Say("Yes."))
	c := o.chat(t, runtime.Config{Model: m}, runtime.Incoming{})
	require.Equal(t, "Hello.", greet(t, c))
	require.Equal(t, "One moment.", hear(t, c, "Hi"))
	require.Equal(t, "Yes.", hear(t, c, "And?"))
	require.Empty(t, cmp.Diff([]model.Message{
		{Role: model.Assistant, Text: "Hello."},
		{Role: model.User, Text: "Hi"},
		{Role: model.Assistant, Text: "[J1.2] One moment."},
		{Role: model.User, Text: "And?"},
		{Role: model.System, Text: "State: In hand: job J1, step 2."},
	}, m.Requests()[1].Messages))
	require.NotContains(t, end(t, c).Transcript(), "[J")
}

func TestARequestHasThePromptOfTheCall(t *testing.T) {
	o := newOffice(t)
	m := scripted.New(scripted.Say("Hi."))
	c := o.chat(t, runtime.Config{Model: m}, runtime.Incoming{Values: map[string]string{"name": "Ann"}})
	hear(t, c, "Hi")
	p := m.Requests()[0].Prompt
	require.Equal(t, c.Prompt().System(), p.System())
	require.Contains(t, p.Context, `{name} = "Ann"`)
	require.NotEmpty(t, p.Tools)
	require.Equal(t, p.Receipt, end(t, c).Receipt)
}

func TestAStepWithoutAGreetingHasOneInItsFirstLanguage(t *testing.T) {
	for language, want := range map[callflow.Language]string{
		"": "Hello, you are speaking with Sona, an AI assistant.", callflow.English: "an AI assistant", callflow.Spanish: "inteligencia artificial", callflow.French: "intelligence artificielle",
	} {
		ws := storage.Open(memory.New(), "acme")
		persona := callflow.Persona{}
		if language != "" {
			persona.Languages = []callflow.Language{language}
		}
		f, err := ws.CreateFlow(t.Context(), callflow.Simple("Desk", "+15550100", callflow.SonaStep{Persona: persona}))
		require.NoError(t, err)
		_, err = ws.Publish(t.Context(), f.ID(), f.Revision())
		require.NoError(t, err)
		c := office{ws: ws}.chat(t, runtime.Config{Model: scripted.New()}, runtime.Incoming{})
		require.Contains(t, greet(t, c), want)
	}
}

func TestGreetComesOnceAndFirst(t *testing.T) {
	o := newOffice(t)
	yields := func(c *runtime.Chat) error {
		for _, err := range c.Greet(t.Context()) {
			return err
		}
		return nil
	}
	c := o.chat(t, runtime.Config{Model: scripted.New(scripted.Say("Hi."))}, runtime.Incoming{})
	greet(t, c)
	require.ErrorContains(t, yields(c), "Greet comes once")
	require.Len(t, c.Turns(), 1)

	c = o.chat(t, runtime.Config{Model: scripted.New(scripted.Say("Hi."))}, runtime.Incoming{})
	hear(t, c, "Hi")
	require.ErrorContains(t, yields(c), "Greet comes once")
	end(t, c)
	require.ErrorIs(t, yields(c), runtime.ErrOver)
}

func TestAfterTheEndNothingIsHeardAndEndGivesTheSameRecord(t *testing.T) {
	o := newOffice(t)
	c := o.chat(t, runtime.Config{Model: scripted.New(scripted.Say("Hi."))}, runtime.Incoming{})
	hear(t, c, "Hi")
	first := end(t, c)
	require.Equal(t, call.HungUp, first.Outcome.Kind, "a call that was not over counts as left by the caller")
	require.Empty(t, first.Outcome.Next)
	require.False(t, first.EndedAt.IsZero())
	_, err := tryHear(t.Context(), c, "Hello?")
	require.ErrorIs(t, err, runtime.ErrOver)
	require.Empty(t, cmp.Diff(first, end(t, c)))
	require.Equal(t, call.HungUp, outcome(t, c).Kind)
}

func TestEndingTheCallInsideOfTheLoopLeavesTheLoop(t *testing.T) {
	o := newOffice(t)
	c := o.chat(t, runtime.Config{Model: scripted.New(scripted.Say("One two three."))}, runtime.Incoming{})
	said := 0
	for ev, err := range c.Hear(t.Context(), "Hi") {
		require.NoError(t, err)
		if _, ok := ev.(runtime.Said); ok {
			said++
			end(t, c)
		}
	}
	require.Equal(t, 1, said)
	require.Equal(t, []string{"C: Hi", "S: One—"}, transcript(end(t, c).Turns))
}

func TestAnIntentToEndIsCarriedOutWhenAllWasHeard(t *testing.T) {
	o := newOffice(t)
	c := o.chat(t, runtime.Config{Model: scripted.New(scripted.Say("Goodbye.").And(scripted.Use(o.front.ID(), job.EndCall)))}, runtime.Incoming{})
	var events []runtime.Event
	for ev, err := range c.Hear(t.Context(), "Bye") {
		require.NoError(t, err)
		events = append(events, ev)
	}
	over, ok := events[len(events)-1].(runtime.Over)
	require.True(t, ok, "Over is the last event")
	require.Equal(t, call.Outcome{Kind: call.Ended, Exit: callflow.ExitEnded, Next: "hangup"}, over.Outcome)
	acted, ok := events[len(events)-2].(runtime.Acted)
	require.True(t, ok)
	require.True(t, acted.Effect.Done)
	require.Equal(t, job.EndCall, acted.Effect.Action)
}

func TestBeginSaysWhatIsWrong(t *testing.T) {
	ws := storage.Open(memory.New(), "acme")
	rt, err := runtime.New(runtime.Config{Model: scripted.New()})
	require.NoError(t, err)
	sona := callflow.Step{ID: "one", Is: callflow.SonaStep{}}
	flow := func(number callflow.Line, steps ...callflow.Step) callflow.ID {
		f, err := ws.CreateFlow(t.Context(), callflow.Spec{Name: "Flow " + string(number), Numbers: []callflow.Line{number}, Entry: steps[0].ID, Steps: steps})
		require.NoError(t, err)
		_, err = ws.Publish(t.Context(), f.ID(), f.Revision())
		require.NoError(t, err)
		return f.ID()
	}
	draft, err := ws.CreateFlow(t.Context(), callflow.Simple("Draft", "+15550109", callflow.SonaStep{}))
	require.NoError(t, err)
	two := sona
	two.ID = "two"
	hangup := callflow.Step{ID: "end", Is: callflow.HangupStep{}}
	none := flow("+15550101", hangup)
	several := flow("+15550102", sona, two, hangup)

	for _, tt := range []struct {
		name string
		in   runtime.Incoming
		want error
	}{
		{"no such flow", runtime.Incoming{Flow: "flow_none"}, storage.ErrNotFound},
		{"nothing is live on the line", runtime.Incoming{To: "+15550999"}, storage.ErrNotFound},
		{"a flow that was never published", runtime.Incoming{Flow: draft.ID()}, storage.ErrUnpublished},
		{"a flow without a Sona step", runtime.Incoming{Flow: none}, runtime.ErrNoSonaStep},
		{"a flow with several", runtime.Incoming{Flow: several}, runtime.ErrWhichStep},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := rt.BeginChat(t.Context(), ws, tt.in)
			require.ErrorIs(t, err, tt.want)
			_, err = rt.Begin(t.Context(), ws, tt.in)
			require.ErrorIs(t, err, tt.want)
		})
	}
	t.Run("one of several, by name", func(t *testing.T) {
		c, err := rt.BeginChat(t.Context(), ws, runtime.Incoming{Flow: several, Step: "two"})
		require.NoError(t, err)
		require.Equal(t, callflow.StepID("two"), end(t, c).Step)
	})
	t.Run("a step that is none of Sona's", func(t *testing.T) {
		_, err := rt.BeginChat(t.Context(), ws, runtime.Incoming{Flow: several, Step: "end"})
		_, ok := errors.AsType[*callflow.StepError](err)
		require.True(t, ok, "%v", err)
	})
	t.Run("an ID that is none", func(t *testing.T) {
		_, err := rt.BeginChat(t.Context(), ws, runtime.Incoming{Flow: several, Step: "two", ID: "a b"})
		_, ok := errors.AsType[*job.FieldError](err)
		require.True(t, ok, "%v", err)
	})
	t.Run("on a snapshot", func(t *testing.T) {
		s, err := ws.Snapshot(t.Context(), none)
		require.NoError(t, err)
		_, err = rt.ChatOn(s, runtime.Incoming{})
		require.ErrorIs(t, err, runtime.ErrNoSonaStep)
		_, err = rt.BeginOn(s, runtime.Incoming{})
		require.ErrorIs(t, err, runtime.ErrNoSonaStep)
	})
}

// A call never fails for what the network says of the caller.
func TestACallNeverFailsForTheShapeOfANumber(t *testing.T) {
	o := newOffice(t)
	for _, from := range []call.Address{"", "anonymous", "204", "sip:ann@example.com", "+266696687", "J. Doe", "\xff\x00", "+1 (555) 019-9000"} {
		c := o.chat(t, runtime.Config{Model: scripted.New(scripted.Say("Hi."))}, runtime.Incoming{Caller: call.Caller{Number: from, Name: "x"}})
		require.Equal(t, "Hi.", hear(t, c, "Hi"), "%q", from)
		r := end(t, c)
		require.Equal(t, from, r.Caller.Number)
		require.Empty(t, r.Notes)
		_, err := o.ws.Call(t.Context(), r.ID)
		require.NoError(t, err)
	}
}

func TestAStepThatDoesNotFitTheModelLeavesByTheFallbackExitWithARecord(t *testing.T) {
	o := newOffice(t)
	sorry := "I am sorry, I cannot help you any further right now."
	config := runtime.Config{Model: scripted.New(), Profile: prompt.Profile{Name: "tiny", ContextTokens: 200}}
	fallback := call.Outcome{Kind: call.Fallback, Reason: "the step's jobs and pages do not fit the model", Exit: callflow.ExitFallback, Next: "voicemail"}

	t.Run("the host greets", func(t *testing.T) {
		c := o.chat(t, config, runtime.Incoming{})
		require.Equal(t, sorry, greet(t, c))
		require.Equal(t, fallback, outcome(t, c))
		r := end(t, c)
		require.Equal(t, []call.NoteKind{call.NoteDegraded}, kinds(r))
		require.Equal(t, "tiny", r.Model)
		stored, err := o.ws.Call(t.Context(), r.ID)
		require.NoError(t, err)
		require.Equal(t, call.Completed, stored.Status)
	})
	t.Run("the caller speaks first", func(t *testing.T) {
		c := o.chat(t, config, runtime.Incoming{})
		require.Equal(t, sorry, hear(t, c, "Hi"), "the model is not asked with an empty prompt")
		require.Equal(t, fallback, outcome(t, c))
	})
	t.Run("nobody says anything", func(t *testing.T) {
		require.Equal(t, fallback, end(t, o.chat(t, config, runtime.Incoming{})).Outcome)
	})
}

func TestAStepWithoutJobsTalks(t *testing.T) {
	o := newOffice(t)
	for _, id := range []job.ID{o.front.ID(), o.order.ID()} {
		_, err := o.ws.Detach(t.Context(), o.flow.ID(), callflow.Sona, id)
		require.NoError(t, err)
	}
	f, err := o.ws.Flow(t.Context(), o.flow.ID())
	require.NoError(t, err)
	_, err = o.ws.Publish(t.Context(), f.ID(), f.Revision())
	require.NoError(t, err)
	m := scripted.New(scripted.Say("[J0] Shall I transfer you?"), scripted.Call("transfer_call", `{}`), scripted.Say("[J0] I cannot."))
	c := o.chat(t, runtime.Config{Model: m}, runtime.Incoming{})
	hear(t, c, "Hi")
	require.Equal(t, "I cannot.", hear(t, c, "Yes"))
	require.Empty(t, note(m.Requests()[1]), "nothing can be transferred, so nothing was offered")
	require.Empty(t, m.Requests()[0].Prompt.Tools)
	r := end(t, c)
	require.Empty(t, r.Effects)
	require.Empty(t, r.Used)
}

func TestSilenceIsNoEmptyMessage(t *testing.T) {
	o := newOffice(t)
	m := scripted.New(scripted.Say("Are you there?"), scripted.Say("Hm."))
	c := o.chat(t, runtime.Config{Model: m}, runtime.Incoming{})
	hear(t, c, " ")
	hear(t, c, "broken \xff text")
	valid(t, m.Requests()[1].Messages)
	require.Equal(t, "(says nothing)", m.Requests()[0].Messages[0].Text)
	r := end(t, c)
	require.Equal(t, " ", r.Turns[0].Text, "the record has what was said")
	require.Equal(t, "broken \uFFFD text", r.Turns[2].Text)
}

func TestWhatIsMissingIsSaidInTheRecordAndTheCallGoesOn(t *testing.T) {
	o := newOffice(t)
	spec := o.front.Spec()
	spec.Instructions += "\n5. Greet {{guest}}.\n6. {{action fly to=\"the moon\"}}"
	_, err := o.ws.SaveJob(t.Context(), o.front.ID(), 1, spec, "")
	require.NoError(t, err)
	c := o.chat(t, runtime.Config{Model: scripted.New(scripted.Say("Hi."))}, runtime.Incoming{})
	var troubles int
	for ev, err := range c.Greet(t.Context()) {
		require.NoError(t, err)
		if trouble, ok := ev.(runtime.Trouble); ok {
			troubles++
			require.NotEmpty(t, trouble.Note.Text)
		}
	}
	require.Equal(t, "Hi.", hear(t, c, "Hi"))
	r := end(t, c)
	require.Equal(t, []call.NoteKind{call.NoteActionUnavailable, call.NoteVariable}, kinds(r))
	require.Equal(t, len(r.Notes), troubles)
}

func TestACallOnASnapshotIsStoredNowhere(t *testing.T) {
	o := newOffice(t)
	s, err := o.ws.DraftSnapshot(t.Context(), o.flow.ID())
	require.NoError(t, err)
	var info runtime.CallInfo
	rt := o.runtime(t, runtime.Config{Model: scripted.New(scripted.Use(o.front.ID(), job.SendSMS), scripted.Say("Sent.")),
		SMS: runtime.SMSFunc(func(_ context.Context, i runtime.CallInfo, _ string) error {
			info = i
			return nil
		})})
	c, err := rt.ChatOn(s, incoming(runtime.Incoming{}))
	require.NoError(t, err)
	require.Equal(t, "Sent.", hear(t, c, "Hi"))
	r := end(t, c)
	require.Equal(t, r.ID, c.ID())
	require.True(t, r.Test, "nobody but a test runs on a draft")
	require.True(t, info.Test)
	require.Equal(t, storage.WorkspaceID("acme"), info.Workspace)
	_, err = o.ws.Call(t.Context(), r.ID)
	require.ErrorIs(t, err, storage.ErrNotFound)
}

// Nothing may be left behind, whichever way a host stops looking at a call. A goroutine that stays fails a
// bubble of synctest.
func TestRule_NoGoroutineStays(t *testing.T) {
	for name, leave := range map[string]func(t *testing.T, c *runtime.Chat){
		"the loop is left and nobody calls End": func(t *testing.T, c *runtime.Chat) { hearUntil(t, c, "Hi", 1) },
		"the loop is left and the call ended": func(t *testing.T, c *runtime.Chat) {
			hearUntil(t, c, "Hi", 1)
			end(t, c)
		},
		"the context ends": func(t *testing.T, c *runtime.Chat) {
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			_, err := tryHear(ctx, c, "Hi")
			require.ErrorIs(t, err, context.DeadlineExceeded)
		},
		"the loop panics": func(t *testing.T, c *runtime.Chat) {
			require.PanicsWithValue(t, "the host's own", func() {
				for _, err := range c.Hear(t.Context(), "Hi") {
					require.NoError(t, err)
					panic("the host's own")
				}
			})
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := &watched{Model: scripted.New(scripted.Say("One two ").And(scripted.Wait(time.Hour)).And(scripted.Say("three.")))}
				c := newOffice(t).chat(t, runtime.Config{Model: m}, runtime.Incoming{})
				leave(t, c)
				synctest.Wait()
				require.Len(t, m.requests, 1)
				require.Zero(t, m.open.Load(), "the request goes when nobody listens any more")
			})
		})
	}
}
