package runtime_test

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
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/runtime"
	"github.com/sonajobs/sona/runtime/model/scripted"
	"github.com/sonajobs/sona/storage"
	"github.com/sonajobs/sona/storage/memory"
)

// looking is an office whose step looks at earlier conversations.
func looking(t testing.TB) office { return lookingIn(t, memory.New()) }

func lookingIn(t testing.TB, store storage.Storage) office {
	t.Helper()
	o := newOfficeIn(t, store, callflow.Persona{})
	require.NoError(t, second(o.ws.EditDraft(t.Context(), o.flow.ID(), o.flow.Revision(), func(d *callflow.Draft) error {
		return d.EditSona(callflow.Sona, func(s *callflow.SonaStep) { s.History = true })
	})))
	f, err := o.ws.Flow(t.Context(), o.flow.ID())
	require.NoError(t, err)
	o.flow, err = o.ws.Publish(t.Context(), f.ID(), f.Revision())
	require.NoError(t, err)
	return o
}

func second[T any](_ T, err error) error { return err }

// said holds a call that says one thing.
func (o office) said(t testing.TB, in runtime.Incoming, text string) {
	t.Helper()
	c := o.chat(t, runtime.Config{Model: scripted.New(scripted.Say("Well."))}, in)
	hear(t, c, text)
	end(t, c)
}

// earlier returns the lines of the section on earlier contacts.
func earlier(c *runtime.Chat) []string {
	_, section, ok := strings.Cut(c.Prompt().Context, "# 11. Earlier contacts")
	if !ok {
		return nil
	}
	var lines []string
	for line := range strings.SplitSeq(section, "\n") {
		if rest, ok := strings.CutPrefix(line, "| "); ok {
			lines = append(lines, strings.ReplaceAll(rest, `"`, "")) // the prompt quotes what others wrote
		}
	}
	return lines
}

func TestRule_ACallKnowsTheCallersEarlierCalls(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := looking(t)
		ann := runtime.Incoming{Caller: call.Caller{Number: "+15550199"}}
		o.said(t, ann, "Too old.")
		time.Sleep(2 * time.Hour)
		o.said(t, ann, "My roof leaks.")
		time.Sleep(21*24*time.Hour - time.Hour)
		o.said(t, runtime.Incoming{Caller: call.Caller{Number: "+1 (555) 0199"}}, "Is it still me?")
		o.said(t, runtime.Incoming{Caller: call.Caller{Number: "+15550123"}}, "Somebody else.")
		o.said(t, runtime.Incoming{Caller: call.Caller{Number: "+15550199"}, Test: true}, "A mock call.")

		c := o.chat(t, runtime.Config{Model: scripted.New()}, ann)
		require.Equal(t, []string{
			"2000-01-01 02:00 call The caller said: “My roof leaks.” The caller hung up.",
			"2000-01-22 01:00 call The caller said: “Is it still me?” The caller hung up."}, earlier(c))
		r := end(t, c)
		require.Equal(t, c.Prompt().Receipt, r.Receipt)
		require.Empty(t, r.Notes)
	})
}

func TestOnlyTheNewestThirtyAreShown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := looking(t)
		for i := range 33 {
			o.said(t, runtime.Incoming{}, fmt.Sprint(i))
			time.Sleep(time.Minute)
		}
		lines := earlier(o.chat(t, runtime.Config{Model: scripted.New()}, runtime.Incoming{}))
		require.Len(t, lines, 30)
		require.Contains(t, lines[0], "“3”")
		require.Contains(t, lines[29], "“32”")
	})
}

func TestHistoryIsOfTheSameInbox(t *testing.T) {
	o := looking(t)
	f, err := o.ws.CreateFlow(t.Context(), callflow.Simple("Other", "+15550101", callflow.SonaStep{History: true}))
	require.NoError(t, err)
	_, err = o.ws.Publish(t.Context(), f.ID(), f.Revision())
	require.NoError(t, err)
	o.said(t, runtime.Incoming{}, "At the desk.")
	require.Empty(t, earlier(o.chat(t, runtime.Config{Model: scripted.New()}, runtime.Incoming{To: "+15550101"})))
	require.Len(t, earlier(o.chat(t, runtime.Config{Model: scripted.New()}, runtime.Incoming{To: "+1 555 0100"})), 1)
	require.Len(t, earlier(o.chat(t, runtime.Config{Model: scripted.New()}, runtime.Incoming{Flow: o.flow.ID()})), 1, "where no number is known the flow is the inbox")
}

func TestWhoWithholdsTheirNumberHasNoHistory(t *testing.T) {
	o := looking(t)
	asked := 0
	config := runtime.Config{Model: scripted.New(), History: inbox(func(context.Context, runtime.Contact) ([]call.Activity, error) {
		asked++
		return nil, errDisk
	})}
	for _, number := range []call.Address{"anonymous", "+266696687"} {
		c := o.chat(t, config, runtime.Incoming{Caller: call.Caller{Number: number}})
		require.Empty(t, end(t, c).Notes)
	}
	require.Zero(t, asked)
	require.Empty(t, end(t, newOffice(t).chat(t, config, runtime.Incoming{})).Notes)
	require.Zero(t, asked, "nor is it asked for by a step without it")
}

func TestAnErasedCallerHasNoHistory(t *testing.T) {
	o := looking(t)
	o.said(t, runtime.Incoming{}, "My roof leaks.")
	erased := []string{}
	rt := o.runtime(t, runtime.Config{Model: scripted.New()})
	n, err := rt.EraseCaller(t.Context(), o.ws, "+15550199")
	require.NoError(t, err)
	require.Equal(t, 1, n)
	require.Empty(t, earlier(o.chat(t, runtime.Config{Model: scripted.New()}, runtime.Incoming{})))

	o.said(t, runtime.Incoming{}, "It still leaks.")
	forget := &forgetful{erased: &erased}
	n, err = o.runtime(t, runtime.Config{Model: scripted.New(), History: forget}).EraseCaller(t.Context(), o.ws, "+15550199")
	require.NoError(t, err)
	require.Equal(t, 2, n, "the call above, too")
	require.Equal(t, []string{"acme +15550199"}, erased)
	forget.err = errDisk
	_, err = o.runtime(t, runtime.Config{Model: scripted.New(), History: forget}).EraseCaller(t.Context(), o.ws, "+15550199")
	require.ErrorIs(t, err, errDisk)
	_, err = o.runtime(t, runtime.Config{Model: scripted.New(), History: forget}).EraseCaller(t.Context(), o.ws, "anonymous")
	_, refused := errors.AsType[*job.FieldError](err)
	require.True(t, refused)
	require.Len(t, erased, 2, "nobody in particular is not erased")
}

type forgetful struct {
	erased *[]string
	err    error
}

func (*forgetful) Activities(context.Context, runtime.Contact) ([]call.Activity, error) {
	return nil, nil
}

func (f *forgetful) Erase(_ context.Context, ws storage.WorkspaceID, a call.Address) error {
	*f.erased = append(*f.erased, fmt.Sprint(ws, " ", a))
	return f.err
}

// inbox is a History of the host's.
type inbox func(context.Context, runtime.Contact) ([]call.Activity, error)

func (f inbox) Activities(ctx context.Context, c runtime.Contact) ([]call.Activity, error) {
	return f(ctx, c)
}

func (inbox) Erase(context.Context, storage.WorkspaceID, call.Address) error { return nil }

func TestAHostsHistoryIsHeldToTheRules(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := looking(t)
		now := time.Now()
		given := []call.Activity{
			{Kind: "message", Text: "  Can you come on Monday?  ", At: now.Add(-time.Hour)},
			{Kind: "voicemail", Text: strings.Repeat("é", 600), At: now.Add(-48 * time.Hour)},
			{Kind: "note", Text: "Pays late.", At: now.Add(-time.Hour)},
			{Kind: "call", Text: "Long ago.", At: now.Add(-22 * 24 * time.Hour)},
			{Kind: "call", Text: "Tomorrow.", At: now.Add(24 * time.Hour)},
			{Kind: "call", Text: " \n", At: now},
			{Kind: "call", Text: "bad \xff byte", At: now},
		}
		var asked runtime.Contact
		c := o.chat(t, runtime.Config{Model: scripted.New(), History: inbox(func(_ context.Context, c runtime.Contact) ([]call.Activity, error) {
			asked = c
			return given, nil
		})}, runtime.Incoming{})
		require.Equal(t, runtime.Contact{Workspace: "acme", Number: "+15550100", Flow: o.flow.ID(), Caller: call.Caller{Number: "+15550199"}, Since: now.AddDate(0, 0, -21), Limit: 30}, asked)
		require.Equal(t, []string{
			"1999-12-30 00:00 voicemail " + strings.Repeat("é", 500) + "…",
			"1999-12-31 23:00 message Can you come on Monday?",
			"2000-01-01 00:00 call bad \uFFFD byte"}, earlier(c))
		require.Equal(t, "Pays late.", given[2].Text, "the host's slice is the host's")
	})
}

func TestRule_ACallGoesOnWithoutItsHistory(t *testing.T) {
	for name, tt := range map[string]struct {
		history runtime.History
		takes   time.Duration
	}{
		"it fails":  {inbox(func(context.Context, runtime.Contact) ([]call.Activity, error) { return nil, errDisk }), 0},
		"it panics": {inbox(func(context.Context, runtime.Contact) ([]call.Activity, error) { panic("the host's own") }), 0},
		"it hangs": {inbox(func(ctx context.Context, _ runtime.Contact) ([]call.Activity, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		}), time.Second},
		"it does not mind its time": {inbox(func(context.Context, runtime.Contact) ([]call.Activity, error) {
			<-time.After(time.Minute)
			return nil, nil
		}), time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				o := looking(t)
				began := time.Now()
				c := o.chat(t, runtime.Config{Model: scripted.New(scripted.Say("Well.")), History: tt.history}, runtime.Incoming{})
				require.Equal(t, tt.takes, time.Since(began))
				require.Equal(t, "Well.", hear(t, c, "Hi"))
				r := end(t, c)
				require.Equal(t, []call.NoteKind{call.NoteDegraded}, kinds(r))
				require.Contains(t, r.Notes[0].Text, "earlier conversations could not be had")
				time.Sleep(time.Minute)
			})
		})
	}
}

// lists is a storage whose lists fail or hang.
type lists struct {
	storage.Storage
	fails, hangs bool
}

func (l *lists) List(ctx context.Context, ws storage.WorkspaceID, q storage.Query) ([]storage.Doc, error) {
	switch call := q.Kind == storage.KindCall; {
	case call && l.fails:
		return nil, errDisk
	case call && l.hangs:
		<-ctx.Done()
		return nil, ctx.Err()
	}
	return l.Storage.List(ctx, ws, q)
}

func TestOurOwnRecordsHaveASecondToo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := &lists{Storage: memory.New()}
		o := lookingIn(t, store)
		store.fails = true
		require.Len(t, end(t, o.chat(t, runtime.Config{Model: scripted.New()}, runtime.Incoming{})).Notes, 1)
		store.fails, store.hangs = false, true
		began := time.Now()
		require.Len(t, end(t, o.chat(t, runtime.Config{Model: scripted.New()}, runtime.Incoming{})).Notes, 1)
		require.Equal(t, time.Second, time.Since(began))
	})
}

func TestAnUnreadableRecordHidesNoOther(t *testing.T) {
	store := memory.New()
	o := lookingIn(t, store)
	o.said(t, runtime.Incoming{ID: "call-1"}, "One.")
	o.said(t, runtime.Incoming{ID: "call-2"}, "Two.")
	ref := storage.Ref{Kind: storage.KindCall, ID: "call-1"}
	docs, err := store.Get(t.Context(), "acme", []storage.Want{{Ref: ref}})
	require.NoError(t, err)
	docs[0].Revision, docs[0].Value = docs[0].Revision+1, []byte("{")
	require.NoError(t, store.Put(t.Context(), "acme", docs))
	c := o.chat(t, runtime.Config{Model: scripted.New()}, runtime.Incoming{})
	require.Len(t, earlier(c), 1)
	require.Empty(t, end(t, c).Notes)
}

func TestStorageThatDoesNotAnswerIsNotAskedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := &down{Storage: memory.New()}
		o := lookingIn(t, store)
		rt := o.runtime(t, runtime.Config{Model: scripted.New()})
		c, err := rt.BeginChat(t.Context(), o.ws, incoming(runtime.Incoming{}))
		require.NoError(t, err)
		end(t, c)
		store.hangs.Store(true)
		began := time.Now()
		c, err = rt.BeginChat(t.Context(), o.ws, incoming(runtime.Incoming{}))
		require.NoError(t, err)
		require.Equal(t, 3*time.Second, time.Since(began))
		store.hangs.Store(false)
		require.Equal(t, []call.NoteKind{call.NoteDegraded, call.NoteDegraded}, kinds(end(t, c)), "the snapshot, and the history")
	})
}

func TestAnActivityTellsWhatItsRecordTells(t *testing.T) {
	o := looking(t)
	r := call.Record{ID: "call-1", Flow: o.flow.ID(), Number: "+15550100", Caller: call.Caller{Number: "+15550199"}, StartedAt: time.Now().Add(-time.Hour),
		Status: call.Completed, Outcome: call.Outcome{Kind: call.Voicemail}}
	require.NoError(t, o.ws.RecordCall(t.Context(), r))
	r.ID, r.StartedAt, r.Status, r.Outcome = "call-2", r.StartedAt.Add(time.Minute), call.InProgress, call.Outcome{}
	require.NoError(t, o.ws.RecordCall(t.Context(), r))
	lines := earlier(o.chat(t, runtime.Config{Model: scripted.New()}, runtime.Incoming{}))
	require.Len(t, lines, 1, "a call that goes on is not an earlier one")
	require.Contains(t, lines[0], "voicemail The caller went on to voicemail.")
}
