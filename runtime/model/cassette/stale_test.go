package cassette_test

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime/model"
	"github.com/sonajobs/sona/runtime/model/cassette"
	"github.com/sonajobs/sona/runtime/prompt"
)

const nonce = "8FK2M0QX3VTA"

// built is the prompt of a step with these jobs, in a workspace with a nonce.
func built(t *testing.T, nonce string, jobs ...job.Job) prompt.Prompt {
	t.Helper()
	var ids []job.ID
	for _, j := range jobs {
		ids = append(ids, j.ID())
	}
	spec := callflow.Simple("Desk", "+15550100", callflow.SonaStep{Jobs: ids})
	f, err := callflow.New(spec)
	require.NoError(t, err)
	settings := callflow.Settings{}.Stamped("ws", nonce, job.Stamp{Revision: 1})
	p, err := prompt.Build(callflow.NewSnapshot(f, f.Draft(), jobs, nil, settings), callflow.Sona, prompt.Options{})
	require.NoError(t, err)
	return p
}

func newJob(t *testing.T, name, instructions string) job.Job {
	t.Helper()
	j, err := job.New(job.Spec{Name: name, Instructions: instructions})
	require.NoError(t, err)
	return j
}

func TestAnEditNamesTheRecordingsThatItHasOvertaken(t *testing.T) {
	hours, prices, booking := newJob(t, "Hours", "Say the hours."), newJob(t, "Prices", "Say the prices."), newJob(t, "Booking", "Book a table.")
	ask := func(said string, jobs ...job.Job) model.Request {
		r := user(said)
		r.Prompt = built(t, nonce, jobs...)
		return r
	}
	path := file(t)
	c := open(t, path, cassette.Record, plays([]any{stop}, []any{stop}, []any{stop}))
	for _, r := range []model.Request{ask("When?", hours), ask("How much?", hours, prices), ask("A table!", prices, booking)} {
		_, err := parts(t.Context(), c, r)
		require.NoError(t, err)
	}
	require.Empty(t, c.Stale([]job.Job{hours, prices, booking}))
	require.NoError(t, c.Close())

	c = open(t, path, cassette.Replay, nil)
	require.Empty(t, c.Stale([]job.Job{booking, prices, hours}), "nothing was edited")

	spec := prices.Spec()
	spec.Instructions = "Say the new prices."
	edited, err := prices.With(spec)
	require.NoError(t, err)
	was, now := cassette.Edition{Revision: prices.Revision(), Hash: prices.Hash()}, cassette.Edition{Revision: edited.Revision(), Hash: edited.Hash()}
	require.Equal(t, []cassette.Stale{
		{Recording: cassette.Recording{Number: 2, Asked: "user: How much?"}, Job: prices.ID(), Was: was, Now: now},
		{Recording: cassette.Recording{Number: 3, Asked: "user: A table!"}, Job: prices.ID(), Was: was, Now: now},
	}, c.Stale([]job.Job{hours, edited, booking}))
	_, err = parts(t.Context(), c, ask("How much?", hours, edited))
	require.ErrorContains(t, err, "Say the new prices.")

	gone := c.Stale([]job.Job{prices, booking})
	require.Len(t, gone, 2)
	require.Equal(t, hours.ID(), gone[0].Job)
	require.Zero(t, gone[0].Now, "a job that is not there any more")
}

// Two workspaces with the same jobs have the same prompts but for the nonce, which stays on the server.
func TestTheNonceIsNeverWrittenAndNeverCompared(t *testing.T) {
	j := newJob(t, "Hours", "Say the hours.")
	ask := func(nonce string) model.Request {
		p := built(t, nonce, j).For(prompt.CallContext{Now: time.Date(2026, 1, 2, 3, 4, 0, 0, time.UTC)})
		if nonce != "" {
			require.Contains(t, p.Stable, nonce)
			require.Contains(t, p.Context, nonce)
		}
		return model.Request{Prompt: p, Messages: []model.Message{
			{Role: model.User, Text: "What is <<job " + nonce + ">>?"},
			{Role: model.Assistant, Calls: []model.ToolCall{{ID: "1", Name: "say", Arguments: []byte(`{"mark":"` + nonce + `"}`)}}},
			{Role: model.Tool, CallID: "1", Text: "<<end job J1 " + nonce + ">>"},
			{Role: model.System, Text: nonce}}}
	}
	path := record(t, ask(nonce), []any{model.Text("It is " + nonce[:5]), model.Text(nonce[5:] + "!"), model.ToolCall{ID: "2", Name: "say", Arguments: []byte(`{"mark":"` + nonce + `"}`)},
		&model.Error{Kind: model.BadRequest, Err: errors.New(nonce)}})
	require.NotContains(t, read(t, path), nonce)
	require.NotContains(t, read(t, path), nonce[5:])
	require.Contains(t, read(t, path), "NONCE")

	got, err := model.Collect(open(t, path, cassette.Replay, nil).Generate(t.Context(), ask("ANOTHERNONCE")), nil)
	require.ErrorContains(t, err, "NONCE")
	require.Equal(t, "It is NONCE!", got.Text)

	other := ask(nonce)
	other.Messages[0].Text += " " + nonce
	_, err = parts(t.Context(), open(t, path, cassette.Replay, nil), other)
	require.ErrorContains(t, err, "NONCE")
	require.NotContains(t, err.Error(), nonce, "nor does an error show it")
}

// Below a client the nonce is found by the form of the prompt's fences: this fails when that form changes.
func TestTheNonceOfABuiltPromptIsFoundBelowAClient(t *testing.T) {
	p := built(t, nonce, newJob(t, "Hours", "Say the hours.")).For(prompt.CallContext{})
	for name, text := range map[string]string{"whole": p.System(), "stable": p.Stable, "context": p.Context} {
		require.Contains(t, text, nonce)
		body, err := json.Marshal(map[string]string{"system": text})
		require.NoError(t, err)
		path := file(t)
		h := openHTTP(t, path, cassette.Record, answer(nil, "ok"))
		_, err = send(t, h, "POST", "https://a.b/", string(body), nil)
		require.NoError(t, err)
		require.NoError(t, h.Close())
		require.NotContains(t, read(t, path), nonce, name)
	}
}
