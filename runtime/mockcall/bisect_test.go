package mockcall_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/callflow/knowledge"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime"
	"github.com/sonajobs/sona/runtime/mockcall"
	"github.com/sonajobs/sona/runtime/model/rehearsal"
	"github.com/sonajobs/sona/storage"
)

// took records a live call.
func (s shop) took(t *testing.T, id call.ID) call.Record {
	t.Helper()
	rt, err := runtime.New(runtime.Config{Model: rehearsal.New(), SMS: runtime.SMSFunc(func(context.Context, runtime.CallInfo, string) error { return nil })})
	require.NoError(t, err)
	chat, err := rt.BeginChat(t.Context(), s.ws, runtime.Incoming{ID: id, Flow: s.flow.ID(), Caller: call.Caller{Number: "+15550199"}})
	require.NoError(t, err)
	for _, err := range chat.Greet(t.Context()) {
		require.NoError(t, err)
	}
	for _, line := range []string{"Can I have the price list?", "Ann", "Yes, it arrived"} {
		if _, over := chat.Over(); over {
			break
		}
		for _, err := range chat.Hear(t.Context(), line) {
			require.NoError(t, err)
		}
	}
	r, err := chat.End(t.Context())
	require.NoError(t, err)
	require.NoError(t, rt.Flush(t.Context()))
	return r
}

func TestBisectNamesTheEditThatBrokeACall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newShop(t)
		edit := func(i int, by, note string, change func(*job.Spec)) {
			time.Sleep(time.Minute)
			j, err := s.ws.Job(t.Context(), s.link.ID())
			require.NoError(t, err)
			spec := j.Spec()
			spec.Description = fmt.Sprint("edit ", i)
			change(&spec)
			_, err = s.ws.By(by).SaveJob(t.Context(), j.ID(), j.Revision(), spec, note)
			require.NoError(t, err)
		}
		nothing := func(*job.Spec) {}
		for i := range 40 {
			if i == 23 {
				edit(i, "bob", "shorter", func(s *job.Spec) {
					s.Instructions = strings.Replace(s.Instructions, "{{action send_sms text=\"Prices: https://example.com/prices\"}}", "the usual way.", 1)
				})
				continue
			}
			edit(i, "ann", "", nothing)
		}
		time.Sleep(time.Minute)
		s.took(t, "broken")
		time.Sleep(time.Minute)
		edit(40, "ann", "after the call", nothing)

		found, err := mockcall.Bisect(t.Context(), s.ws, "broken", mockcall.Once(job.SendSMS), mockcall.BisectConfig{})
		require.NoError(t, err)
		require.Equal(t, storage.Ref{Kind: storage.KindJob, ID: string(s.link.ID())}, found.Edit.Ref)
		require.Equal(t, 25, found.Edit.Revision)
		require.Equal(t, "bob", found.Edit.By)
		require.Equal(t, "shorter", found.Edit.Note)
		require.Contains(t, found.Problem, "send_sms was done 0 times")
		require.LessOrEqual(t, found.States, 9, "log2 of %d, and both ends", found.Edits)
		require.NotEmpty(t, found.Good.Record.Effects)
		require.Contains(t, found.String(), "revision 25, by bob")

		_, err = mockcall.Bisect(t.Context(), s.ws, "broken", mockcall.Turns(100), mockcall.BisectConfig{})
		require.ErrorIs(t, err, mockcall.ErrNotBroken)
		_, err = mockcall.Bisect(t.Context(), s.ws, "broken", mockcall.Ends(call.Voicemail), mockcall.BisectConfig{})
		require.ErrorIs(t, err, mockcall.ErrNeverGood)
		_, err = mockcall.Bisect(t.Context(), s.ws, "unheard-of", mockcall.Turns(100), mockcall.BisectConfig{})
		require.ErrorIs(t, err, storage.ErrNotFound)
	})
}

func TestBisectFindsAPublishedFlow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newShop(t)
		time.Sleep(time.Minute)
		other, err := s.ws.CreateJob(t.Context(), job.Spec{Name: "Other", Instructions: "1. Wait."})
		require.NoError(t, err)
		f, err := s.ws.Detach(t.Context(), s.flow.ID(), callflow.Sona, s.link.ID())
		require.NoError(t, err)
		f, err = s.ws.Attach(t.Context(), f.ID(), callflow.Sona, other.ID())
		require.NoError(t, err)
		time.Sleep(time.Minute)
		_, err = s.ws.By("bob").Publish(t.Context(), f.ID(), f.Revision())
		require.NoError(t, err)
		time.Sleep(time.Minute)
		s.took(t, "broken")
		found, err := mockcall.Bisect(t.Context(), s.ws, "broken", mockcall.Once(job.SendSMS), mockcall.BisectConfig{})
		require.NoError(t, err)
		require.Equal(t, storage.KindFlow, found.Edit.Ref.Kind)
		require.Equal(t, 2, found.Edit.Revision, "the second version that was published")
		require.Equal(t, "bob", found.Edit.By)
	})
}

func TestBisectFindsAPageAndTheSettings(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newShop(t)
		page, err := s.ws.CreatePage(t.Context(), knowledge.Spec{Title: "Hours", Text: "We open at nine."})
		require.NoError(t, err)
		f, err := s.ws.AttachPage(t.Context(), s.flow.ID(), callflow.Sona, page.ID())
		require.NoError(t, err)
		_, err = s.ws.Publish(t.Context(), f.ID(), f.Revision())
		require.NoError(t, err)
		for i, text := range []string{"We open at nine sharp.", "We open at ten.", "We open at ten sharp."} {
			time.Sleep(time.Minute)
			_, err = s.ws.SaveSettings(t.Context(), i+1, callflow.SettingsSpec{Guardrails: []string{fmt.Sprint("Rule ", i, ".")}})
			require.NoError(t, err)
			time.Sleep(time.Minute)
			_, err = s.ws.By("bob").SavePage(t.Context(), page.ID(), i+1, knowledge.Spec{Title: "Hours", Text: text}, "later")
			require.NoError(t, err)
		}
		time.Sleep(time.Minute)
		s.took(t, "broken")
		knows := func(r *mockcall.Result) error {
			// The flow had no page at first: that call is as good.
			for _, p := range r.Prompt.Plan.Pages {
				if !strings.Contains(p.Text(), "nine") {
					return errors.New("the hours are wrong")
				}
			}
			return nil
		}
		found, err := mockcall.Bisect(t.Context(), s.ws, "broken", knows, mockcall.BisectConfig{})
		require.NoError(t, err)
		require.Equal(t, storage.Ref{Kind: storage.KindPage, ID: string(page.ID())}, found.Edit.Ref)
		require.Equal(t, [2]any{3, "later"}, [2]any{found.Edit.Revision, found.Edit.Note})

		ruled := func(r *mockcall.Result) error {
			if strings.Contains(r.Prompt.Stable, "Rule 1.") || strings.Contains(r.Prompt.Stable, "Rule 2.") {
				return errors.New("a rule is in the way")
			}
			return nil
		}
		found, err = mockcall.Bisect(t.Context(), s.ws, "broken", ruled, mockcall.BisectConfig{Runs: 2})
		require.NoError(t, err)
		require.Equal(t, storage.KindSettings, found.Edit.Ref.Kind)
		require.Equal(t, 3, found.Edit.Revision)
	})
}
