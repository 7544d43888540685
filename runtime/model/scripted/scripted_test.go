package scripted_test

import (
	"context"
	"encoding/json"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime/model"
	"github.com/sonajobs/sona/runtime/model/scripted"
	"github.com/sonajobs/sona/runtime/prompt"
)

// attached is a prompt with one job that texts and looks something up.
func attached(t testing.TB) (prompt.Prompt, job.ID) {
	t.Helper()
	j, err := job.New(job.Spec{Name: "Prices", Instructions: "1. {{action send_sms text=\"Hi\"}}\n2. {{action look_up}}"})
	require.NoError(t, err)
	f, err := callflow.New(callflow.Simple("Desk", "+15550100", callflow.SonaStep{Jobs: []job.ID{j.ID()}}))
	require.NoError(t, err)
	p, err := prompt.Build(callflow.NewSnapshot(f, f.Draft(), []job.Job{j}, nil, callflow.Settings{}), callflow.Sona,
		prompt.Options{Actions: []job.ActionSpec{{Name: "look_up"}}})
	require.NoError(t, err)
	return p, j.ID()
}

func ask(t testing.TB, m model.Model, p prompt.Prompt) (model.Reply, error) {
	t.Helper()
	return model.Collect(m.Generate(t.Context(), model.Request{Prompt: p}), nil)
}

func TestRepliesComeInOrderAndOnce(t *testing.T) {
	p, id := attached(t)
	other := job.NewID()
	for _, tt := range []struct {
		name  string
		reply scripted.Reply
		want  model.Reply
		err   string
	}{
		{"Say", scripted.Say("Good  morning."), model.Reply{Text: "Good  morning.", Reason: model.Stop}, ""},
		{"Say nothing", scripted.Say(""), model.Reply{Reason: model.Stop}, ""},
		{"nothing", scripted.Reply{}, model.Reply{Reason: model.Stop}, ""},
		{"Follow", scripted.Follow(id, "2", "Hi."), model.Reply{Text: "[J1.2] Hi.", Reason: model.Stop}, ""},
		{"Follow a job", scripted.Follow(id, "", "Hi."), model.Reply{Text: "[J1] Hi.", Reason: model.Stop}, ""},
		{"Follow what is not attached", scripted.Follow(other, "2", "Hi."), model.Reply{}, "is not attached"},
		{"Use", scripted.Use(id, job.SendSMS), model.Reply{Calls: []model.ToolCall{{ID: "use_J1.A1", Name: "send_sms", Arguments: json.RawMessage(`{"sona_action":"J1.A1"}`)}}, Reason: model.ToolCalls}, ""},
		{"UseWith", scripted.UseWith(id, "look_up", map[string]any{"n": 7}), model.Reply{Calls: []model.ToolCall{{ID: "use_J1.A2", Name: "look_up", Arguments: json.RawMessage(`{"n":7,"sona_action":"J1.A2"}`)}}, Reason: model.ToolCalls}, ""},
		{"UseWith a handle of one's own", scripted.UseWith(id, "look_up", map[string]any{"sona_action": "J9.A9"}), model.Reply{Calls: []model.ToolCall{{ID: "use_J1.A2", Name: "look_up", Arguments: json.RawMessage(`{"sona_action":"J9.A9"}`)}}, Reason: model.ToolCalls}, ""},
		{"UseWith what is no JSON", scripted.UseWith(id, "look_up", map[string]any{"f": func() {}}), model.Reply{}, "arguments of look_up"},
		{"Use what the job does not have", scripted.Use(id, job.TransferCall), model.Reply{}, "has no action transfer_call"},
		{"Call", scripted.Call("anything", `{`), model.Reply{Calls: []model.ToolCall{{ID: "call_anything", Name: "anything", Arguments: json.RawMessage(`{`)}}, Reason: model.ToolCalls}, ""},
		{"Fail", scripted.Say("Hi.").And(scripted.Fail(errors.New("lost"))), model.Reply{Text: "Hi."}, "lost"},
		{"Cut", scripted.Say("Hi.").And(scripted.Cut()).And(scripted.Say("never")), model.Reply{Text: "Hi."}, "truncated"},
		{"Count", scripted.Count(model.Usage{In: 3}).And(scripted.Say("Hi.")), model.Reply{Text: "Hi.", Usage: model.Usage{In: 3}, Reason: model.Stop}, ""},
		{"And", scripted.Say("A ").And(scripted.Use(id, job.SendSMS)).And(scripted.Say("B")), model.Reply{Text: "A B",
			Calls: []model.ToolCall{{ID: "use_J1.A1", Name: "send_sms", Arguments: json.RawMessage(`{"sona_action":"J1.A1"}`)}}, Reason: model.ToolCalls}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m := scripted.New(tt.reply, scripted.Say("Next."))
			got, err := ask(t, m, p)
			require.Empty(t, cmp.Diff(tt.want, got))
			if tt.err == "" {
				require.NoError(t, err)
			} else {
				require.ErrorContains(t, err, tt.err)
			}
			require.Equal(t, 1, m.Left())
			got, err = ask(t, m, p)
			require.NoError(t, err)
			require.Equal(t, "Next.", got.Text)
			require.Zero(t, m.Left())
		})
	}
}

func TestARequestWithoutAReplyIsABadRequest(t *testing.T) {
	m := scripted.New()
	_, err := ask(t, m, prompt.Prompt{})
	require.ErrorContains(t, err, "scripted: no reply left for request 1")
	require.False(t, model.Retryable(err))
	require.Len(t, m.Requests(), 1, "it was asked all the same")
}

func TestAReplyIsAValue(t *testing.T) {
	a := scripted.Say("a")
	b, c := a.And(scripted.Say("b")), a.And(scripted.Say("c"))
	m := scripted.New(a, b, c, b)
	for _, want := range []string{"a", "ab", "ac", "ab"} {
		got, err := ask(t, m, prompt.Prompt{})
		require.NoError(t, err)
		require.Equal(t, want, got.Text)
	}
}

func TestRequestsAreKeptAsTheyWere(t *testing.T) {
	m := scripted.New(scripted.Say("a"))
	messages := []model.Message{{Role: model.User, Text: "Hi"}}
	stream := m.Generate(t.Context(), model.Request{Messages: messages, MaxTokens: 5})
	require.Empty(t, m.Requests(), "a stream that nobody reads was not asked for")
	_, err := model.Collect(stream, nil)
	require.NoError(t, err)
	messages[0].Text = "changed"
	got := m.Requests()
	require.Equal(t, "Hi", got[0].Messages[0].Text)
	require.Equal(t, 5, got[0].MaxTokens)
	got[0] = model.Request{}
	require.Equal(t, 5, m.Requests()[0].MaxTokens)
}

func TestTextComesInWordsAndStopsWhenItIsLeftOrCancelled(t *testing.T) {
	var words []string
	for part, err := range scripted.New(scripted.Say("one two  three")).Generate(t.Context(), model.Request{}) {
		require.NoError(t, err)
		if text, ok := part.(model.Text); ok {
			words = append(words, string(text))
		}
	}
	require.Equal(t, []string{"one ", "two ", " ", "three"}, words)

	for part, err := range scripted.New(scripted.Say("one two").And(scripted.Say("three"))).Generate(t.Context(), model.Request{}) {
		require.NoError(t, err)
		require.Equal(t, model.Text("one "), part)
		break
	}

	ctx, cancel := context.WithCancel(t.Context())
	got, err := model.Collect(scripted.New(scripted.Say("one two three")).Generate(ctx, model.Request{}), func(model.Part) bool {
		cancel()
		return true
	})
	require.ErrorIs(t, err, context.Canceled)
	require.Equal(t, "one ", got.Text)
	_, err = model.Collect(scripted.New(scripted.Count(model.Usage{})).Generate(ctx, model.Request{}), nil)
	require.ErrorIs(t, err, context.Canceled)
}

func TestWaitIsSilentUntilItIsCancelled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		got, err := ask(t, scripted.New(scripted.Wait(time.Minute).And(scripted.Say("a"))), prompt.Prompt{})
		require.NoError(t, err)
		require.Equal(t, "a", got.Text)
		require.Equal(t, time.Minute, time.Since(began))

		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		began = time.Now()
		_, err = model.Collect(scripted.New(scripted.Wait(time.Minute)).Generate(ctx, model.Request{}), nil)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.Equal(t, time.Second, time.Since(began))
	})
}

func TestManyMayAskAtOnce(t *testing.T) {
	replies := make([]scripted.Reply, 100)
	for i := range replies {
		replies[i] = scripted.Say("x")
	}
	m := scripted.New(replies...)
	var group sync.WaitGroup
	for range 10 {
		group.Go(func() {
			for range 10 {
				_, _ = model.Collect(m.Generate(context.Background(), model.Request{}), nil)
				_, _ = m.Requests(), m.Left()
			}
		})
	}
	group.Wait()
	require.Zero(t, m.Left())
	require.Len(t, m.Requests(), 100)
}
