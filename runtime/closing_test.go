package runtime_test

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime"
	"github.com/sonajobs/sona/runtime/model/scripted"
	"github.com/sonajobs/sona/storage"
	"github.com/sonajobs/sona/storage/memory"
)

// killed leaves a call as a host does that is killed while it sends a text message.
func (o office) killed(t *testing.T, id call.ID) {
	t.Helper()
	stuck := runtime.SMSFunc(func(ctx context.Context, _ runtime.CallInfo, _ string) error {
		<-ctx.Done()
		return ctx.Err()
	})
	m := scripted.New(scripted.Follow(o.front.ID(), "1", "I send it.").And(scripted.Use(o.front.ID(), job.SendSMS)))
	c, err := o.runtime(t, runtime.Config{Model: m, SMS: stuck}).BeginChat(t.Context(), o.ws, incoming(runtime.Incoming{ID: id}))
	require.NoError(t, err)
	ctx, kill := context.WithTimeout(t.Context(), time.Second)
	defer kill()
	_, err = tryHear(ctx, c, "Text me")
	require.ErrorIs(t, err, context.DeadlineExceeded)
}

func TestRule_ARestartClosesWhatAKilledHostLeft(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		o.killed(t, "call-1")
		left, err := o.ws.Call(t.Context(), "call-1")
		require.NoError(t, err)
		require.Equal(t, call.InProgress, left.Status)
		time.Sleep(2 * time.Hour)
		o.chat(t, runtime.Config{Model: scripted.New()}, runtime.Incoming{ID: "under-way"})
		end(t, o.chat(t, runtime.Config{Model: scripted.New()}, runtime.Incoming{ID: "over"}))
		time.Sleep(time.Minute)

		var handed []call.Record
		rt := o.runtime(t, runtime.Config{Model: scripted.New(), OnRecord: func(_ context.Context, r call.Record) error {
			handed = append(handed, r)
			return nil
		}})
		n, err := rt.CloseAbandoned(t.Context(), o.ws, time.Hour)
		require.NoError(t, err)
		require.Equal(t, 1, n)
		require.NoError(t, rt.Flush(t.Context()))

		r, err := o.ws.Call(t.Context(), "call-1")
		require.NoError(t, err)
		require.Equal(t, call.Broken, r.Status)
		require.Equal(t, call.Outcome{Kind: call.Failed, Reason: "the host ended in the middle of the call", Exit: callflow.ExitFallback, Next: "voicemail"}, r.Outcome)
		require.Equal(t, "the host ended in the middle: whether it was done is not known", r.Effects[0].Err)
		require.False(t, r.Effects[0].Done)
		require.Equal(t, call.SummaryCompleted, r.Summary.Status)
		require.Equal(t, []string{"The caller said: “Text me”", "Job used: Front desk.", "Begun, with an unknown end: send sms.", "The line failed."}, r.Summary.Summary)
		require.Contains(t, r.Summary.NextSteps, "Check whether it was done: send sms.")
		require.Len(t, r.Summary.Jobs, 1, "with the fields of the job as it was")
		require.Less(t, r.EndedAt.Sub(r.StartedAt), time.Minute, "it ended when the last sign of it was written")
		require.Len(t, handed, 1)
		require.Empty(t, cmp.Diff(r, handed[0]))

		n, err = rt.CloseAbandoned(t.Context(), o.ws, time.Hour)
		require.NoError(t, err)
		require.Zero(t, n, "once")
		r, err = o.ws.Call(t.Context(), "under-way")
		require.NoError(t, err)
		require.Equal(t, call.InProgress, r.Status)
		time.Sleep(time.Minute) // the sender gives up
	})
}

func TestRule_ARestartGivesTheSummaryThatWasOwed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		slow := scripted.New(scripted.Wait(50 * time.Second).And(scripted.Say(goodSummary)))
		rt := o.runtime(t, runtime.Config{Model: scripted.New(scripted.Say("Well.")), Summarizer: slow})
		c, err := rt.BeginChat(t.Context(), o.ws, incoming(runtime.Incoming{ID: "call-1"}))
		require.NoError(t, err)
		hear(t, c, "Hi")
		end(t, c)
		time.Sleep(time.Second)
		n, err := rt.CloseAbandoned(t.Context(), o.ws, 0)
		require.NoError(t, err)
		require.Equal(t, 1, n)
		closed, err := o.ws.Call(t.Context(), "call-1")
		require.NoError(t, err)
		require.Equal(t, call.Completed, closed.Status)
		require.Equal(t, call.SummaryFailed, closed.Summary.Status)
		require.Equal(t, []string{"The caller said: “Hi”", "The caller hung up."}, closed.Summary.Summary)
		require.NoError(t, rt.Flush(t.Context()), "the model's comes too late")
		after, err := o.ws.Call(t.Context(), "call-1")
		require.NoError(t, err)
		require.Empty(t, cmp.Diff(closed, after))
	})
}

func TestSeveralHostsCloseACallOnce(t *testing.T) {
	o := newOffice(t)
	for _, id := range []call.ID{"a", "b", "c"} {
		o.chat(t, runtime.Config{Model: scripted.New()}, runtime.Incoming{ID: id})
	}
	var closed, handed atomic.Int32
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			rt := o.runtime(t, runtime.Config{Model: scripted.New(), OnRecord: func(context.Context, call.Record) error {
				handed.Add(1)
				return nil
			}})
			n, err := rt.CloseAbandoned(context.Background(), o.ws, -time.Second)
			if err != nil {
				t.Error(err)
			}
			closed.Add(int32(n))
			_ = rt.Flush(context.Background())
		})
	}
	all.Wait()
	require.Equal(t, [2]int32{3, 3}, [2]int32{closed.Load(), handed.Load()})
}

func TestOneThatCannotBeClosedHoldsUpNoOther(t *testing.T) {
	store := &flaky{Storage: memory.New()}
	o := newOfficeIn(t, store, callflow.Persona{})
	for _, id := range []call.ID{"a", "b"} {
		o.chat(t, runtime.Config{Model: scripted.New()}, runtime.Incoming{ID: id})
	}
	ref := storage.Ref{Kind: storage.KindCall, ID: "a"}
	docs, err := store.Get(t.Context(), "acme", []storage.Want{{Ref: ref}})
	require.NoError(t, err)
	docs[0].Revision, docs[0].Value = 2, []byte("{")
	require.NoError(t, store.Put(t.Context(), "acme", docs))
	rt := o.runtime(t, runtime.Config{Model: scripted.New()})
	n, err := rt.CloseAbandoned(t.Context(), o.ws, -time.Second)
	require.ErrorContains(t, err, `call "a"`)
	require.Equal(t, 1, n)

	o.chat(t, runtime.Config{Model: scripted.New()}, runtime.Incoming{ID: "c"})
	store.fails.Store(true)
	n, err = rt.CloseAbandoned(t.Context(), o.ws, -time.Second)
	require.ErrorIs(t, err, errDisk)
	require.Zero(t, n)
	n, err = rt.CloseAbandoned(cancelled(t), o.ws, -time.Second)
	require.ErrorIs(t, err, context.Canceled)
	require.Zero(t, n)
}
