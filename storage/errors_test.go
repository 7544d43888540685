package storage_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/storage"
)

func TestRefErrorNamesTheDocumentAndKeepsTheSentinel(t *testing.T) {
	ref := storage.Ref{Kind: storage.KindFlow, ID: "desk"}
	for sentinel, want := range map[error]string{
		storage.ErrNotFound:    `flow "desk": not found`,
		storage.ErrConflict:    `flow "desk": changed by somebody else: load the newest revision and save again`,
		storage.ErrTaken:       `flow "desk": already has what only one may have: take it away there, or do without it here`,
		storage.ErrInUse:       `flow "desk": still in use`,
		storage.ErrUnpublished: `flow "desk": not published`,
	} {
		err := error(&storage.RefError{Ref: ref, Err: sentinel})
		require.EqualError(t, err, want)

		wrapped := fmt.Errorf("publish: %w", err)
		require.ErrorIs(t, wrapped, sentinel)
		at, ok := errors.AsType[*storage.RefError](wrapped)
		require.True(t, ok)
		require.Equal(t, ref, at.Ref)
	}
}

func TestDocKeyIsItsPlaceInLists(t *testing.T) {
	d := storage.Doc{Ref: storage.Ref{Kind: storage.KindJob, ID: "j1"}, Sort: "book a table"}
	require.Equal(t, storage.Key{Sort: "book a table", ID: "j1"}, d.Key())
	require.Equal(t, `job "j1"`, d.Ref.String())
}
