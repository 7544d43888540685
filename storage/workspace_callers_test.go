package storage_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/storage"
	"github.com/sonajobs/sona/storage/memory"
)

func ids(records []call.Record) (found []call.ID) {
	for _, r := range records {
		found = append(found, r.ID)
	}
	return found
}

func TestCallsFrom_FindsACallerInEveryForm(t *testing.T) {
	w := newWorkspace()
	for id, number := range map[call.ID]call.Address{"a": "+15559876543", "b": "+1 (555) 987-6543", "c": "+15550000000", "d": "anonymous"} {
		r := talking(id)
		r.Caller.Number = number
		r.Test = id == "b"
		record(t, w, r)
	}
	assert.Equal(t, []call.ID{"a"}, ids(all(t, w.CallsFrom(t.Context(), "+1 555 987 6543", storage.CallQuery{}))))
	assert.ElementsMatch(t, []call.ID{"a", "b"}, ids(all(t, w.CallsFrom(t.Context(), "+15559876543", storage.CallQuery{Tests: true}))))
	assert.Empty(t, ids(all(t, w.CallsFrom(t.Context(), "anonymous", storage.CallQuery{}))), "withheld is nobody")
	assert.Empty(t, ids(all(t, w.CallsFrom(t.Context(), "+15559876543", storage.CallQuery{Since: nine.Add(minute)}))))
	_, err := w.EraseCaller(t.Context(), "+15559876543")
	require.NoError(t, err)
	assert.Empty(t, ids(all(t, w.CallsFrom(t.Context(), "+15559876543", storage.CallQuery{Tests: true}))))
	for _, err := range w.CallsFrom(t.Context(), "+15559876543", storage.CallQuery{Revision: 1}) {
		require.ErrorAs(t, err, new(*job.FieldError))
	}
}

func TestOpenCalls_AreThoseInProgressAndThoseThatWaitForTheirSummary(t *testing.T) {
	w := newWorkspace()
	waiting := over(talking("waiting"), call.Completed)
	waiting.Summary.Status = call.SummaryInProgress
	late := talking("late")
	late.StartedAt = nine.Add(10 * minute)
	mock := talking("mock")
	mock.Test = true
	record(t, w, talking("talking"))
	for _, r := range []call.Record{waiting, late, mock, over(talking("over"), call.Completed), over(talking("broken"), call.Broken)} {
		record(t, w, r)
	}
	assert.ElementsMatch(t, []call.ID{"talking", "waiting", "mock"}, ids(all(t, w.OpenCalls(t.Context(), nine.Add(10*minute)))))
	assert.Len(t, all(t, w.OpenCalls(t.Context(), nine.Add(11*minute))), 4)

	waiting.Summary = call.Summary{Status: call.SummaryCompleted, Summary: []string{"Done."}}
	record(t, w, waiting)
	record(t, w, over(talking("talking"), call.Completed))
	assert.Equal(t, []call.ID{"mock"}, ids(all(t, w.OpenCalls(t.Context(), nine.Add(minute)))))
}

func TestOpenCalls_TroubleComesThrough(t *testing.T) {
	s := &trouble{Storage: memory.New()}
	w := storage.Open(s, "acme")
	s.list = failAlways
	for _, err := range w.OpenCalls(t.Context(), nine) {
		require.ErrorIs(t, err, errDisk)
	}
	s.get, s.put = failAlways, func(int, []storage.Doc) error { return errDisk }
	for _, err := range w.CallsFrom(t.Context(), "+15559876543", storage.CallQuery{}) {
		require.ErrorIs(t, err, errDisk)
	}
}
