package storage_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/storage"
	"github.com/sonajobs/sona/storage/memory"
)

func callDoc(id call.ID) storage.Ref { return storage.Ref{Kind: storage.KindCall, ID: string(id)} }

// talking is the record of a call in progress.
func talking(id call.ID) call.Record {
	return call.Record{ID: id, Flow: "flow_1", Step: sona, Version: 1, Number: deskLine, Caller: call.Caller{Number: "+15559876543"},
		Jobs: map[job.ID]int{"booking": 4, "intake": 1}, Turns: []call.Turn{{By: call.ByCaller, Text: "My card is 1234.", At: nine}},
		Status: call.InProgress, StartedAt: nine}
}

func over(r call.Record, status call.Status) call.Record {
	r.Status, r.EndedAt, r.Outcome = status, r.StartedAt.Add(minute), call.Outcome{Kind: call.Ended}
	return r
}

func summed(r call.Record, status call.SummaryStatus, lines ...string) call.Record {
	r.Summary = call.Summary{Status: status, Summary: lines}
	return r
}

func record(t testing.TB, w *storage.Workspace, r call.Record) {
	t.Helper()
	require.NoError(t, w.RecordCall(t.Context(), r))
}

// idsOf collects the calls that a query selects.
func idsOf(t testing.TB, w *storage.Workspace, q storage.CallQuery) string {
	t.Helper()
	var ids []string
	for _, r := range all(t, w.Calls(t.Context(), q)) {
		ids = append(ids, string(r.ID))
	}
	return strings.Join(ids, " ")
}

// TestRecordCall_OnlyMovesForward tries every write over every state.
func TestRecordCall_OnlyMovesForward(t *testing.T) {
	begun := talking("CA1")
	more := begun
	more.Turns = append(more.Turns[:1:1], call.Turn{By: call.ByAgent, Text: "Thank you.", At: nine})
	done, failed := over(more, call.Completed), over(more, call.Broken)
	summing, sum, noSum := summed(done, call.SummaryInProgress), summed(done, call.SummaryCompleted, "Booked."), summed(done, call.SummaryFailed)
	sum.Usage = call.Usage{In: 900, Out: 40}
	noted := noSum
	noted.Notes = []call.Note{{Kind: call.NoteModel, Text: "The summary failed."}}
	notedBefore := summing
	notedBefore.Notes = []call.Note{{Kind: call.NoteModel, Text: "The model was slow."}}
	absent := summed(done, call.SummaryAbsent)
	late := summed(done, call.SummaryCompleted, "Something else.")
	rewritten := sum
	rewritten.Turns = begun.Turns
	relabelled := sum
	relabelled.Outcome.Kind = call.Voicemail

	const yes, same, no = "saved", "unchanged", "refused"
	for _, tt := range []struct {
		name     string
		old, new call.Record
		want     string
	}{
		{"more of a call in progress", begun, more, yes},
		{"the same again", more, more, same},
		{"the end", more, done, yes},
		{"a broken end", more, failed, yes},
		{"end and summary at once", more, sum, yes},
		{"a late write of the call in progress", done, more, no},
		{"the end again", done, done, same},
		{"completed to failed", done, failed, no},
		{"failed to completed", failed, done, no},
		{"the summary begins", done, summing, yes},
		{"the summary of a record that said absent", absent, sum, yes},
		{"the summary of one that said nothing", done, sum, yes},
		{"the summary arrives", summing, sum, yes},
		{"the summary fails", summing, noSum, yes},
		{"a note beside the summary", summing, noted, yes},
		{"a note taken back with a final summary", noted, noSum, no},
		{"a note taken back", notedBefore, sum, no},
		{"a note changed", notedBefore, noted, no},
		{"the summary again", sum, sum, same},
		{"another summary", sum, late, no},
		{"a summary taken back", sum, done, no},
		{"a summary that is absent after all", summing, absent, no},
		{"a summary that changes what was said", done, rewritten, no},
		{"a summary that changes the outcome", done, relabelled, no},
		{"the summary of a failed call", failed, summed(failed, call.SummaryCompleted, "Cut off."), yes},
	} {
		t.Run(tt.name, func(t *testing.T) {
			kept := memory.New()
			w := storage.Open(kept, "acme")
			record(t, w, tt.old)
			before := newest(t, kept, callDoc("CA1"))
			err := w.RecordCall(t.Context(), tt.new)
			got, callErr := w.Call(t.Context(), "CA1")
			require.NoError(t, callErr)
			switch tt.want {
			case yes:
				require.NoError(t, err)
				assert.Equal(t, tt.new, got)
				assert.Equal(t, before+1, newest(t, kept, callDoc("CA1")))
			case same:
				require.NoError(t, err)
				assert.Equal(t, before, newest(t, kept, callDoc("CA1")), "a write may be retried")
			case no:
				require.ErrorIs(t, err, storage.ErrConflict)
				fault, ok := errors.AsType[*storage.RefError](err)
				require.True(t, ok)
				assert.Equal(t, callDoc("CA1"), fault.Ref)
				assert.ErrorContains(t, err, `call "CA1": it is `+string(tt.old.Status), "the message says why")
				if tt.old.Status != tt.new.Status {
					assert.ErrorContains(t, err, "cannot become "+string(tt.new.Status))
				}
				assert.NotContains(t, err.Error(), "1234", "a record holds a caller's words: no error repeats them")
				assert.Equal(t, tt.old, got)
				assert.Equal(t, before, newest(t, kept, callDoc("CA1")))
			}
		})
	}
}

func TestRecordCall_MayComeFirstInAnyStatus(t *testing.T) {
	w := newWorkspace()
	for _, r := range []call.Record{talking("a"), over(talking("b"), call.Completed), over(talking("c"), call.Broken)} {
		record(t, w, r)
		got, err := w.Call(t.Context(), r.ID)
		require.NoError(t, err)
		assert.Equal(t, r, got)
	}
}

func TestRecordCall_RefusesWhatNoQueryCouldFind(t *testing.T) {
	w := newWorkspace()
	for field, spoil := range map[string]func(*call.Record){
		"id":        func(r *call.Record) { r.ID = "a b" },
		"status":    func(r *call.Record) { r.Status = "ringing" },
		"startedAt": func(r *call.Record) { r.StartedAt = time.Time{} },
		"flow":      func(r *call.Record) { r.Flow = "a:b" },
		"outcome":   func(r *call.Record) { r.Outcome.Kind = "\x00" },
		"jobs":      func(r *call.Record) { r.Used = []job.ID{"a@b"} },
	} {
		r := talking("CA1")
		spoil(&r)
		fault, ok := errors.AsType[*job.FieldError](w.RecordCall(t.Context(), r))
		require.True(t, ok, field)
		assert.Equal(t, field, fault.Field)
	}
	r := talking("CA1")
	r.StartedAt = nine.AddDate(9000, 0, 0)
	assert.Error(t, w.RecordCall(t.Context(), r))
	r = talking("CA1")
	r.Effects = []call.Effect{{Args: json.RawMessage("{")}}
	fault, ok := errors.AsType[*storage.RefError](w.RecordCall(t.Context(), r))
	require.True(t, ok)
	assert.Equal(t, callDoc("CA1"), fault.Ref)
	_, err := w.Call(t.Context(), "CA1")
	assertNotFound(t, err, callDoc("CA1"))
	_, err = w.Call(t.Context(), "a b")
	_, ok = errors.AsType[*job.FieldError](err)
	assert.True(t, ok)
	_, ok = errors.AsType[*job.FieldError](w.EraseCall(t.Context(), ""))
	assert.True(t, ok)
}

func TestRecordCall_SomebodyWhoIsQuickerIsSeenBeforeTheSecondTry(t *testing.T) {
	s := &trouble{Storage: memory.New()}
	w, other := storage.Open(s, "acme"), storage.Open(s.Storage, "acme")
	_, err := w.Settings(t.Context())
	require.NoError(t, err)
	once := func(do func()) {
		done := false
		s.put = func(int, []storage.Doc) error {
			if !done {
				done = true
				do()
			}
			return nil
		}
	}
	once(func() { record(t, other, talking("a")) })
	record(t, w, over(talking("a"), call.Completed))
	once(func() { record(t, other, over(talking("b"), call.Completed)) })
	assert.ErrorIs(t, w.RecordCall(t.Context(), talking("b")), storage.ErrConflict)
	once(func() { record(t, other, talking("c")) })
	record(t, w, talking("c"))
	once(func() {
		record(t, other, talking("d"))
		require.NoError(t, other.EraseCall(t.Context(), "d"))
	})
	assert.ErrorIs(t, w.RecordCall(t.Context(), talking("d")), storage.ErrConflict)

	got, err := w.Call(t.Context(), "a")
	require.NoError(t, err)
	assert.Equal(t, call.Completed, got.Status)
}

func TestCalls_AreFoundByWhatTheQuerySays(t *testing.T) {
	w := newWorkspace()
	at := func(id call.ID, minutes int, change func(*call.Record)) {
		r := talking(id)
		r.StartedAt = nine.Add(time.Duration(minutes) * minute).In(time.FixedZone("", 3600*(minutes-3)))
		change(&r)
		record(t, w, r)
	}
	used := func(ids ...job.ID) func(*call.Record) { return func(r *call.Record) { r.Used = ids } }
	at("attached-only", 0, used())
	at("booking", 1, used("booking"))
	at("both", 2, used("intake", "booking"))
	at("old-booking", 3, func(r *call.Record) { r.Used, r.Jobs = []job.ID{"booking"}, map[job.ID]int{"booking": 3} })
	at("mock", 4, func(r *call.Record) { r.Used, r.Test = []job.ID{"booking"}, true })
	at("other-flow", 5, func(r *call.Record) { r.Flow = "flow_2" })
	at("voicemail", 6, func(r *call.Record) { r.Outcome = call.Outcome{Kind: call.Voicemail} })
	at("candidate", 7, func(r *call.Record) { r.Used, r.Jobs = []job.ID{"new"}, map[job.ID]int{"new": 0} })

	for _, tt := range []struct {
		query storage.CallQuery
		want  string
	}{
		{storage.CallQuery{}, "candidate voicemail other-flow old-booking both booking attached-only"},
		{storage.CallQuery{Tests: true}, "candidate voicemail other-flow mock old-booking both booking attached-only"},
		{storage.CallQuery{Job: "booking"}, "old-booking both booking"},
		{storage.CallQuery{Job: "booking", Tests: true}, "mock old-booking both booking"},
		{storage.CallQuery{Job: "booking", Revision: 4}, "both booking"},
		{storage.CallQuery{Job: "booking", Revision: 3}, "old-booking"},
		{storage.CallQuery{Job: "booking", Revision: 5}, ""},
		{storage.CallQuery{Job: "intake"}, "both"},
		{storage.CallQuery{Job: "new"}, "candidate"},
		{storage.CallQuery{Job: "nobody"}, ""},
		{storage.CallQuery{Flow: "flow_2"}, "other-flow"},
		{storage.CallQuery{Outcome: call.Voicemail}, "voicemail"},
		{storage.CallQuery{Flow: "flow_1", Outcome: call.Voicemail}, "voicemail"},
		{storage.CallQuery{Flow: "flow_2", Outcome: call.Voicemail}, ""},
		{storage.CallQuery{Since: nine.Add(3 * minute)}, "candidate voicemail other-flow old-booking"},
		{storage.CallQuery{Until: nine.Add(3 * minute)}, "both booking attached-only"},
		{storage.CallQuery{Job: "booking", Since: nine.Add(2 * minute), Until: nine.Add(3 * minute)}, "both"},
		{storage.CallQuery{Since: nine.AddDate(9999, 0, 0)}, ""},
		{storage.CallQuery{Until: nine.AddDate(-9999, 0, 0)}, ""},
	} {
		assert.Equal(t, tt.want, idsOf(t, w, tt.query), "%+v", tt.query)
	}
	for _, err := range w.Calls(t.Context(), storage.CallQuery{Revision: 4}) {
		fault, ok := errors.AsType[*job.FieldError](err)
		require.True(t, ok)
		assert.Equal(t, "revision", fault.Field)
	}
}

func TestCalls_AreFoundByWhatTheNewestRecordSays(t *testing.T) {
	w := newWorkspace()
	r := talking("CA1")
	record(t, w, r)
	assert.Empty(t, idsOf(t, w, storage.CallQuery{Job: "booking"}))
	r.Used = []job.ID{"booking"}
	record(t, w, r)
	assert.Equal(t, "CA1", idsOf(t, w, storage.CallQuery{Job: "booking"}))
}

func TestCalls_AreYieldedInPagesHoweverMany(t *testing.T) {
	w := newWorkspace()
	for i := range 250 {
		r := talking(call.ID(fmt.Sprintf("CA%03d", i)))
		r.StartedAt = nine.Add(time.Duration(i/2) * minute) // two of them at a time
		record(t, w, r)
	}
	calls := all(t, w.Calls(t.Context(), storage.CallQuery{}))
	require.Len(t, calls, 250)
	for i, r := range calls {
		assert.Equal(t, call.ID(fmt.Sprintf("CA%03d", 249-i)), r.ID)
	}
	for _, err := range w.Calls(t.Context(), storage.CallQuery{}) {
		require.NoError(t, err)
		break // the sequence stops when its reader does
	}
}

func TestCalls_OneThatCannotBeReadHidesNoOther(t *testing.T) {
	kept := memory.New()
	w := storage.Open(kept, "acme")
	record(t, w, talking("a"))
	record(t, w, talking("b"))
	spoil(t, kept, callDoc("a"))
	var seen, broken int
	for _, err := range w.Calls(t.Context(), storage.CallQuery{}) {
		if err != nil {
			broken++
			continue
		}
		seen++
	}
	assert.Equal(t, [2]int{1, 1}, [2]int{seen, broken})
	for _, err := range []error{second(w.Call(t.Context(), "a")), w.RecordCall(t.Context(), over(talking("a"), call.Completed))} {
		fault, ok := errors.AsType[*storage.RefError](err)
		require.True(t, ok)
		assert.Equal(t, callDoc("a"), fault.Ref)
	}
	assert.Equal(t, 2, newest(t, kept, callDoc("a")), "nothing was written over it")
	require.NoError(t, w.EraseCall(t.Context(), "a"), "but it can be erased")
}

func TestCalls_WorkspacesSeeNothingOfEachOther(t *testing.T) {
	kept := memory.New()
	w, other := storage.Open(kept, "acme"), storage.Open(kept, "other")
	record(t, w, talking("CA1"))
	assert.Empty(t, idsOf(t, other, storage.CallQuery{}))
	_, err := other.Call(t.Context(), "CA1")
	assertNotFound(t, err, callDoc("CA1"))
	assertNotFound(t, other.EraseCall(t.Context(), "CA1"), callDoc("CA1"))
	n, err := other.EraseCaller(t.Context(), "+15559876543")
	require.NoError(t, err)
	assert.Zero(t, n)
	record(t, other, over(talking("CA1"), call.Broken))
	assert.Equal(t, "CA1", idsOf(t, w, storage.CallQuery{}))
}

func TestCalls_TroubleAndCancellationComeThrough(t *testing.T) {
	s := &trouble{Storage: memory.New()}
	w := storage.Open(s, "acme")
	ctx := t.Context()
	act := map[string]func(context.Context) error{
		"record": func(ctx context.Context) error { return w.RecordCall(ctx, talking("b")) },
		"call":   func(ctx context.Context) error { return second(w.Call(ctx, "a")) },
		"erase":  func(ctx context.Context) error { return w.EraseCall(ctx, "a") },
		"caller": func(ctx context.Context) error { return second(w.EraseCaller(ctx, "+15559876543")) },
		"calls": func(ctx context.Context) error {
			for _, err := range w.Calls(ctx, storage.CallQuery{}) {
				return err
			}
			return nil
		},
	}
	s.put = func(int, []storage.Doc) error { return errDisk }
	assert.ErrorIs(t, act["record"](ctx), errDisk, "no nonce, no term for the caller")
	assert.ErrorIs(t, act["caller"](ctx), errDisk)
	s.put = nil
	record(t, w, talking("a"))
	s.get, s.list, s.put = failAlways, failAlways, func(int, []storage.Doc) error { return errDisk }
	for name, do := range act {
		assert.ErrorIs(t, do(ctx), errDisk, name)
	}
	s.get, s.list = nil, nil
	for _, name := range []string{"record", "erase", "caller"} {
		assert.ErrorIs(t, act[name](ctx), errDisk, name)
	}
	s.put = nil
	for name, do := range act {
		assert.ErrorIs(t, do(cancelled(t)), context.Canceled, name)
	}
	assert.Equal(t, "a", idsOf(t, w, storage.CallQuery{}))
}
