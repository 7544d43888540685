package mockcall_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime"
	"github.com/sonajobs/sona/runtime/mockcall"
	"github.com/sonajobs/sona/runtime/model/scripted"
	"github.com/sonajobs/sona/storage"
	"github.com/sonajobs/sona/storage/memory"
)

// shop is a workspace with one published flow whose Sona step has the job "Text the link".
type shop struct {
	ws   *storage.Workspace
	flow callflow.Flow
	link job.Job
}

const linkSteps = "This job texts the link to the price list.\n" +
	"1. Ask for the caller's name.\n" +
	"2. Text the link: {{action send_sms text=\"Prices: https://example.com/prices\"}}\n" +
	"3. Thank the caller and say goodbye: {{action end_call}}"

func newShop(t *testing.T) shop {
	t.Helper()
	ws := storage.Open(memory.New(), "acme").By("ann")
	j, err := ws.CreateJob(t.Context(), job.Spec{Name: "Text the link", CallerIntent: "The caller wants the price list.", Instructions: linkSteps,
		Results: []job.Field{{Name: "Name", Required: true, Ask: "What is your name?"}}})
	require.NoError(t, err)
	f, err := ws.CreateFlow(t.Context(), callflow.Simple("Front desk", "+15550100", callflow.SonaStep{Greeting: "Hello, this is Sona, an AI assistant.", Jobs: []job.ID{j.ID()}}))
	require.NoError(t, err)
	f, err = ws.Publish(t.Context(), f.ID(), f.Revision())
	require.NoError(t, err)
	return shop{ws, f, j}
}

func (s shop) run(t *testing.T, c mockcall.Config) *mockcall.Result {
	t.Helper()
	c.Flow = s.flow.ID()
	if c.Caller == nil {
		c.Caller = mockcall.Script("Can I have the price list?", "Ann", "Yes, it arrived")
	}
	r, err := mockcall.Run(t.Context(), s.ws, c)
	require.NoError(t, err)
	return r
}

func TestSeed_37_AMockCallRunsOnTheDraftBeforeItIsPublished(t *testing.T) {
	s := newShop(t)
	other, err := s.ws.CreateJob(t.Context(), job.Spec{Name: "Say the weather", CallerIntent: "The caller asks about the weather.",
		Instructions: "This job tells the weather.\n1. Say that the sun shines."})
	require.NoError(t, err)
	_, err = s.ws.Attach(t.Context(), s.flow.ID(), callflow.Sona, other.ID())
	require.NoError(t, err)

	r := s.run(t, mockcall.Config{Caller: mockcall.Script("How about the weather today")})

	mockcall.Assert(t, r, mockcall.Uses(other.ID()))
	live, err := s.ws.Snapshot(t.Context(), s.flow.ID())
	require.NoError(t, err)
	require.Len(t, live.Jobs(callflow.Sona), 1, "callers do not have the new job yet")
}

func TestSeed_38_AMockCallRunsOnAnUnsavedCandidateOfAJob(t *testing.T) {
	s := newShop(t)
	t.Run("in place of the saved job", func(t *testing.T) {
		spec := s.link.Spec()
		spec.Instructions = strings.Replace(spec.Instructions, "https://example.com/prices", "https://example.com/new", 1)
		candidate, err := s.link.With(spec)
		require.NoError(t, err)
		r := s.run(t, mockcall.Config{Candidates: []job.Job{candidate}})
		mockcall.Assert(t, r, mockcall.Uses(s.link.ID()), mockcall.Once(job.SendSMS, mockcall.Equal("text", "Prices: https://example.com/new")))
	})
	t.Run("a job that nobody saved and no step has", func(t *testing.T) {
		candidate, err := job.New(job.Spec{Name: "Tell a joke", CallerIntent: "The caller wants a joke.", Instructions: "This job tells a joke.\n1. Say \"Knock knock.\""})
		require.NoError(t, err)
		r := s.run(t, mockcall.Config{Candidates: []job.Job{candidate}, Caller: mockcall.Script("tell me a joke")})
		mockcall.Assert(t, r, mockcall.Uses(candidate.ID()))
		_, err = s.ws.Job(t.Context(), candidate.ID())
		require.ErrorIs(t, err, storage.ErrNotFound)
	})
	t.Run("the eleventh is refused", func(t *testing.T) {
		var eleven []job.Job
		for range callflow.MaxJobsPerStep {
			j, err := job.New(job.Spec{Name: "Another", Instructions: "1. Wait."})
			require.NoError(t, err)
			eleven = append(eleven, j)
		}
		_, err := mockcall.Run(t.Context(), s.ws, mockcall.Config{Flow: s.flow.ID(), Candidates: eleven, Caller: mockcall.Script()})
		tooMany, ok := errors.AsType[*callflow.TooManyJobsError](err)
		require.True(t, ok, "%v", err)
		require.Equal(t, callflow.MaxJobsPerStep, tooMany.Max)
	})
}

func TestSeed_39_AMockCallGivesTranscriptJobsUsedActionsAndSummary(t *testing.T) {
	s := newShop(t)
	r := s.run(t, mockcall.Config{})
	want := `Sona: Hello, this is Sona, an AI assistant.
Caller: Can I have the price list?
Sona (Text the link, step 1): What is your name?
Caller: Ann
Sona (Text the link, step 2): I am sending you a text message now.
Sona (Text the link, step 2): Did the text arrive?
Caller: Yes, it arrived
Sona (Text the link, step 3): Thank you. Goodbye.
`
	require.Empty(t, cmp.Diff(want, r.Transcript()))
	require.Equal(t, []job.ID{s.link.ID()}, r.Record.Used)
	mockcall.Assert(t, r, mockcall.Once(job.SendSMS), mockcall.Once(job.EndCall), mockcall.Before(job.SendSMS, job.EndCall),
		mockcall.Ends(call.Ended), mockcall.Collected("Text the link", "Name", "Ann"), mockcall.Turns(8), mockcall.Asks("your name"))
	require.Equal(t, call.SummaryCompleted, r.Record.Summary.Status)
	require.NotEmpty(t, r.Record.Summary.Summary)
	require.NotEmpty(t, r.Events)
	require.NotEmpty(t, r.Prompt.Stable)
}

func TestSeed_40_AMockCallLeavesEverythingLiveUntouched(t *testing.T) {
	s := newShop(t)
	before, err := s.ws.Changes(t.Context(), 0, 1000)
	require.NoError(t, err)
	sent := 0
	c := mockcall.Config{SMS: runtime.SMSFunc(func(_ context.Context, i runtime.CallInfo, _ string) error {
		require.True(t, i.Test, "the host is told that it is a test")
		sent++
		return nil
	})}

	r := s.run(t, c)
	require.Zero(t, sent, "side effects are dry unless asked for")
	require.True(t, r.Record.Test)
	require.NotEmpty(t, r.Record.Effects)
	for _, f := range r.Record.Effects {
		require.True(t, f.Dry)
	}

	c.Live = true
	r = s.run(t, c)
	require.Equal(t, 1, sent)
	require.True(t, r.Record.Test, "what is asked for is still marked as a test")

	for r, err := range s.ws.Calls(t.Context(), storage.CallQuery{Tests: true}) {
		require.NoError(t, err)
		t.Fatalf("a mock call is stored nowhere, but %s is", r.ID)
	}
	after, err := s.ws.Changes(t.Context(), 0, 1000)
	require.NoError(t, err)
	require.Empty(t, cmp.Diff(before, withoutSettings(after)), "nothing was written but the nonce that every workspace makes once")
}

func withoutSettings(changes []storage.Change) []storage.Change {
	var rest []storage.Change
	for _, c := range changes {
		if c.Ref.Kind != storage.KindSettings {
			rest = append(rest, c)
		}
	}
	return rest
}

func TestAnActionOfTheHostIsDryAndFailsAsTold(t *testing.T) {
	s := newShop(t)
	spec := s.link.Spec()
	spec.Instructions = "This job looks up a price.\n1. {{action look_up item=\"boiler\"}}\n2. Say goodbye: {{action end_call}}"
	candidate, err := s.link.With(spec)
	require.NoError(t, err)
	ran := 0
	action := runtime.Action{Spec: job.ActionSpec{Name: "look_up", Description: "Looks up a price."},
		Do: func(context.Context, runtime.CallInfo, json.RawMessage) (json.RawMessage, error) {
			ran++
			return json.RawMessage(`{"price":12}`), nil
		}}
	c := mockcall.Config{Candidates: []job.Job{candidate}, Actions: []runtime.Action{action}, Caller: mockcall.Script("the price list please")}

	mockcall.Assert(t, s.run(t, c), mockcall.Once("look_up", mockcall.Equal("item", "boiler")))
	require.Zero(t, ran)

	c.Faults = map[job.ActionName]error{"look_up": errors.New("the price service is down")}
	r := s.run(t, c)
	require.Error(t, mockcall.Did("look_up")(r))
	require.Contains(t, r.Transcript(), "I am sorry, that did not work.")

	c.Faults, c.Live = nil, true
	mockcall.Assert(t, s.run(t, c), mockcall.Did("look_up"))
	require.Equal(t, 1, ran)
}

func TestAFaultThatCannotComeAboutIsAnError(t *testing.T) {
	s := newShop(t)
	down := errors.New("down")
	lookUp := runtime.Action{Spec: job.ActionSpec{Name: "look_up", Description: "Looks up a price."},
		Do: func(context.Context, runtime.CallInfo, json.RawMessage) (json.RawMessage, error) { return nil, nil }}
	for _, tt := range []struct {
		name    string
		fault   job.ActionName
		actions []runtime.Action
		want    string
	}{
		{"a name that is misspelt", "send_smss", nil, `mockcall: fault of "send_smss": no such action can fail here: the actions are ["send_sms"]`},
		{"an action that no job of the step has", job.TransferCall, nil, `mockcall: fault of "transfer_call": no such action can fail here: the actions are ["send_sms"]`},
		{"one that is the call's own", job.EndCall, []runtime.Action{lookUp}, `mockcall: fault of "end_call": no such action can fail here: the actions are ["look_up" "send_sms"]`},
		{"an action of a job", job.SendSMS, nil, ""},
		{"an action of the host's", "look_up", []runtime.Action{lookUp}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := mockcall.Config{Flow: s.flow.ID(), Caller: mockcall.Script(), Actions: tt.actions, Faults: map[job.ActionName]error{tt.fault: down}}
			r, err := mockcall.Run(t.Context(), s.ws, c)
			if tt.want == "" {
				require.NoError(t, err)
				return
			}
			require.EqualError(t, err, tt.want)
			require.Nil(t, r)
			c.Live = true
			_, err = mockcall.Run(t.Context(), s.ws, c)
			require.NoError(t, err, "a live call takes no notice of faults")
		})
	}
	candidate, err := job.New(job.Spec{Name: "Pass on", Instructions: "1. {{action transfer_call to=\"inbox:desk\"}}"})
	require.NoError(t, err)
	_, err = mockcall.Run(t.Context(), s.ws, mockcall.Config{Flow: s.flow.ID(), Caller: mockcall.Script(), Candidates: []job.Job{candidate},
		Faults: map[job.ActionName]error{job.TransferCall: down}})
	require.NoError(t, err, "a candidate counts as attached")
}

func TestALiveCallWithoutASenderSaysSo(t *testing.T) {
	s := newShop(t)
	r := s.run(t, mockcall.Config{Live: true})
	require.Error(t, mockcall.Did(job.SendSMS)(r))
	require.Equal(t, "this line has no such service: tell the caller that it is not possible here", r.Record.Effects[0].Err)
	require.Equal(t, call.NoteActionUnavailable, r.Record.Notes[0].Kind)
	require.Equal(t, s.link.ID(), r.Record.Notes[0].Job)
	require.Empty(t, s.run(t, mockcall.Config{}).Record.Notes, "a dry call needs no sender")
}

func TestWhatCannotBeRehearsedSaysWhy(t *testing.T) {
	s := newShop(t)
	two, err := s.ws.CreateFlow(t.Context(), callflow.Spec{Name: "two", Steps: []callflow.Step{
		{ID: "a", Is: callflow.SonaStep{}}, {ID: "b", Is: callflow.SonaStep{}}, {ID: "end", Is: callflow.HangupStep{}}}})
	require.NoError(t, err)
	none, err := s.ws.CreateFlow(t.Context(), callflow.Spec{Name: "none", Steps: []callflow.Step{{ID: "end", Is: callflow.HangupStep{}}}})
	require.NoError(t, err)
	alive := func(ctx context.Context) context.Context { return ctx }
	cancelled := func(ctx context.Context) context.Context {
		ctx, cancel := context.WithCancel(ctx)
		cancel()
		return ctx
	}
	caller := mockcall.Script("hello", "again", "and again")
	broken := errors.New("the caller's model is down")

	for _, c := range []struct {
		name   string
		ctx    func(context.Context) context.Context
		config mockcall.Config
		want   error
	}{
		{"no caller", alive, mockcall.Config{Flow: s.flow.ID()}, mockcall.ErrNoCaller},
		{"no such flow", alive, mockcall.Config{Flow: "flow_x", Caller: caller}, storage.ErrNotFound},
		{"several Sona steps", alive, mockcall.Config{Flow: two.ID(), Caller: caller}, runtime.ErrWhichStep},
		{"no Sona step", alive, mockcall.Config{Flow: none.ID(), Caller: caller}, runtime.ErrNoSonaStep},
		{"cancelled", cancelled, mockcall.Config{Flow: s.flow.ID(), Caller: caller}, context.Canceled},
		{"an endless call", alive, mockcall.Config{Flow: s.flow.ID(), Caller: caller, MaxTurns: 2}, mockcall.ErrEndless},
		{"a caller who fails", alive, mockcall.Config{Flow: s.flow.ID(), Caller: mockcall.CallerFunc(
			func(context.Context, []call.Turn) (string, bool, error) { return "", false, broken })}, broken},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := mockcall.Run(c.ctx(t.Context()), s.ws, c.config)
			require.ErrorIs(t, err, c.want)
		})
	}
	_, err = mockcall.Run(t.Context(), s.ws, mockcall.Config{Flow: s.flow.ID(), Caller: caller, Candidates: []job.Job{{}}})
	require.ErrorContains(t, err, "zero Job")
	_, err = mockcall.Run(t.Context(), s.ws, mockcall.Config{Flow: s.flow.ID(), Caller: caller, Actions: []runtime.Action{{}}})
	require.Error(t, err)
	_, err = mockcall.Run(t.Context(), s.ws, mockcall.Config{Flow: two.ID(), Caller: caller, Candidates: []job.Job{s.link}})
	step, ok := errors.AsType[*callflow.StepError](err)
	require.True(t, ok)
	require.Equal(t, callflow.RuleWhichStep, step.Rule)
}

func TestAModelThatIsScriptedKnowsJobsAndNoHandles(t *testing.T) {
	s := newShop(t)
	m := scripted.New(
		scripted.Follow(s.link.ID(), "2", "I am texting it now.").And(scripted.Use(s.link.ID(), job.SendSMS)),
		scripted.Say("Did it arrive?"),
	)
	r := s.run(t, mockcall.Config{Model: m, Caller: mockcall.Script("The prices, please.")})
	mockcall.Assert(t, r, mockcall.Uses(s.link.ID()), mockcall.Once(job.SendSMS), mockcall.Ends(call.HungUp))
	require.Equal(t, call.SourceUnknown, r.Record.Turns[len(r.Record.Turns)-1].Source, "what no mark says is unknown")
}
