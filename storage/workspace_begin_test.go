package storage_test

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/storage"
	"github.com/sonajobs/sona/storage/memory"
)

func TestBeginCall_SavesTheFirstRecordAndOnlyTheFirst(t *testing.T) {
	begun := talking("CA1")
	for name, before := range map[string]func(*testing.T, *storage.Workspace){
		"the same record, delivered twice": func(t *testing.T, w *storage.Workspace) { require.NoError(t, w.BeginCall(t.Context(), begun)) },
		"a call in progress":               func(t *testing.T, w *storage.Workspace) { record(t, w, begun) },
		"a call that is over":              func(t *testing.T, w *storage.Workspace) { record(t, w, over(begun, call.Completed)) },
		"a call that was erased": func(t *testing.T, w *storage.Workspace) {
			record(t, w, begun)
			require.NoError(t, w.EraseCall(t.Context(), begun.ID))
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorkspace()
			before(t, w)
			there, absent := w.Call(t.Context(), begun.ID)

			err := w.BeginCall(t.Context(), begun)
			require.ErrorIs(t, err, storage.ErrConflict)
			assert.EqualError(t, err, `call "CA1": a call with this ID was recorded before: each call needs an ID of its own, and a call that is announced twice begins once`)
			at, _ := errors.AsType[*storage.RefError](err)
			assert.Equal(t, callDoc("CA1"), at.Ref)

			now, err := w.Call(t.Context(), begun.ID)
			assert.Equal(t, absent, err)
			assert.Equal(t, there, now, "nothing was written")
		})
	}
}

func TestBeginCall_IsOneWriteThatEveryQueryFinds(t *testing.T) {
	s := &trouble{Storage: memory.New()}
	w := storage.Open(s, "acme")
	for range 2 { // made, then read, as the snapshot of the call has done
		_, err := w.Settings(t.Context())
		require.NoError(t, err)
	}
	gets, puts := s.count("get"), s.count("put")
	require.NoError(t, w.BeginCall(t.Context(), talking("CA1")))
	assert.Equal(t, 1, s.count("get")-gets, "no read, but for this count")
	assert.Equal(t, 2, s.count("put")-puts, "one write, and this count")

	assert.Equal(t, "CA1", idsOf(t, w, storage.CallQuery{Flow: "flow_1", Since: nine}))
	record(t, w, over(talking("CA1"), call.Completed))
	assert.Equal(t, "CA1", idsOf(t, w, storage.CallQuery{Outcome: call.Ended}), "what follows is written over it")
}

func TestBeginCall_OfManyAtOnceExactlyOneGoesOn(t *testing.T) {
	w := newWorkspace()
	var won atomic.Int32
	atOnce(16, func(i int) {
		r := talking("CA1")
		r.Caller.Name = fmt.Sprint(i)
		if err := w.BeginCall(t.Context(), r); err == nil {
			won.Add(1)
		} else {
			assert.ErrorIs(t, err, storage.ErrConflict)
		}
	})
	assert.EqualValues(t, 1, won.Load())
}

func TestBeginCall_TroubleIsNoConflict(t *testing.T) {
	s := &trouble{Storage: memory.New()}
	w := storage.Open(s, "acme")
	_, err := w.Settings(t.Context())
	require.NoError(t, err)
	s.put = func(int, []storage.Doc) error { return errDisk }
	err = w.BeginCall(t.Context(), talking("CA1"))
	require.ErrorIs(t, err, errDisk)
	require.NotErrorIs(t, err, storage.ErrConflict)
	s.put = nil
	require.ErrorIs(t, w.BeginCall(cancelled(t), talking("CA1")), context.Canceled)

	bad := talking("CA1")
	bad.Status = "ringing"
	_, field := errors.AsType[*job.FieldError](w.BeginCall(t.Context(), bad))
	require.True(t, field)
}
