package storage_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/storage"
	"github.com/sonajobs/sona/storage/memory"
)

func from(id call.ID, a call.Address) call.Record {
	r := talking(id)
	r.Caller.Number = a
	return r
}

// textsOf returns every byte that storage still holds of a call, in all revisions.
func textsOf(t testing.TB, s storage.Storage, id call.ID) string {
	t.Helper()
	docs, err := s.History(t.Context(), "acme", callDoc(id), 0, 100)
	require.NoError(t, err)
	var texts strings.Builder
	for _, doc := range docs {
		texts.Write(doc.Value)
	}
	return texts.String()
}

func TestEraseCall_LeavesNoWordOfIt(t *testing.T) {
	kept := memory.New()
	w := storage.Open(kept, "acme")
	record(t, w, talking("CA1"))
	record(t, w, over(talking("CA1"), call.Completed))
	require.Contains(t, textsOf(t, kept, "CA1"), "1234")
	require.NoError(t, w.EraseCall(t.Context(), "CA1"))

	assert.Empty(t, textsOf(t, kept, "CA1"))
	_, err := w.Call(t.Context(), "CA1")
	assertNotFound(t, err, callDoc("CA1"))
	assertNotFound(t, w.EraseCall(t.Context(), "CA1"), callDoc("CA1"))
	assert.Empty(t, idsOf(t, w, storage.CallQuery{Tests: true}))

	err = w.RecordCall(t.Context(), summed(over(talking("CA1"), call.Completed), call.SummaryCompleted, "1234"))
	assert.ErrorIs(t, err, storage.ErrConflict, "a late summary brings nothing back")
	assert.ErrorContains(t, err, "erased")
	assert.Empty(t, textsOf(t, kept, "CA1"))
}

func TestEraseCaller_FindsEveryCallOfOneCallerHoweverTheNumberIsWritten(t *testing.T) {
	kept := memory.New()
	w := storage.Open(kept, "acme")
	record(t, w, from("a", "+15559876543"))
	record(t, w, over(from("b", "+1 (555) 987-6543"), call.Completed))
	mock := from("c", " +15559876543 ")
	mock.Test = true
	record(t, w, mock)
	record(t, w, from("d", "+15559876544"))
	record(t, w, from("e", "anonymous"))

	n, err := w.EraseCaller(t.Context(), "+1-555-987-6543")
	require.NoError(t, err)
	assert.Equal(t, 3, n)
	assert.Empty(t, textsOf(t, kept, "a")+textsOf(t, kept, "b")+textsOf(t, kept, "c"))
	assert.Equal(t, "e d", idsOf(t, w, storage.CallQuery{Tests: true}))

	n, err = w.EraseCaller(t.Context(), "+1-555-987-6543")
	require.NoError(t, err)
	assert.Zero(t, n)
}

func TestEraseCaller_AnotherHandleAndAnotherShapeOfAddressFindItToo(t *testing.T) {
	kept := memory.New()
	for _, a := range []call.Address{"sip:Ann@Example.com", "72727", "15559876543", "J. Doe"} {
		record(t, storage.Open(kept, "acme"), from("CA1", a))
		n, err := storage.Open(kept, "acme").EraseCaller(t.Context(), a)
		require.NoError(t, err)
		assert.Equal(t, 1, n, a)
		kept = memory.New()
	}
}

func TestEraseCaller_AWithheldNumberBelongsToNobody(t *testing.T) {
	w := newWorkspace()
	record(t, w, from("a", "anonymous"))
	for _, a := range []call.Address{"", " ", "anonymous", "Restricted", "sip:anonymous@anonymous.invalid"} {
		n, err := w.EraseCaller(t.Context(), a)
		fault, ok := errors.AsType[*job.FieldError](err)
		require.True(t, ok, "%q", a)
		assert.Equal(t, "caller", fault.Field)
		assert.Zero(t, n)
	}
	assert.Equal(t, "a", idsOf(t, w, storage.CallQuery{}))
}

func TestEraseCaller_TheIndexDoesNotTellTheNumber(t *testing.T) {
	kept := memory.New()
	terms := func(ws storage.WorkspaceID) []string {
		record(t, storage.Open(kept, ws), talking("CA1"))
		docs, err := kept.Get(t.Context(), ws, []storage.Want{{Ref: callDoc("CA1")}})
		require.NoError(t, err)
		return docs[0].Terms
	}
	acme, other := terms("acme"), terms("other")
	for _, term := range acme {
		assert.NotContains(t, term, "5559876543")
	}
	assert.NotEqual(t, acme, other, "and nobody can compare callers across workspaces")
}

func TestErase_WhoeverWritesMeanwhileIsErasedToo(t *testing.T) {
	s := &trouble{Storage: memory.New()}
	w, other := storage.Open(s, "acme"), storage.Open(s.Storage, "acme")
	record(t, w, talking("a"))
	s.put = func(_ int, docs []storage.Doc) error {
		if docs[0].Revision == 2 {
			record(t, other, over(talking("a"), call.Completed))
		}
		return nil
	}
	require.NoError(t, w.EraseCall(t.Context(), "a"))
	s.put = nil
	assert.Empty(t, textsOf(t, s, "a"))

	record(t, w, talking("b"))
	s.put = func(int, []storage.Doc) error { s.put = nil; return other.EraseCall(t.Context(), "b") }
	n, err := w.EraseCaller(t.Context(), "+15559876543")
	require.NoError(t, err)
	assert.Zero(t, n, "what somebody else erased is not counted")

	record(t, w, talking("c"))
	s.put = func(int, []storage.Doc) error { s.get = failAlways; return &storage.RefError{Err: storage.ErrConflict} }
	assert.ErrorIs(t, second(w.EraseCaller(t.Context(), "+15559876543")), errDisk)
}
