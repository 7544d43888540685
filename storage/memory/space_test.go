package memory

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/storage"
)

// fickle is a context that ends when it is asked for the nth time.
type fickle struct {
	context.Context //nolint:containedctx // it is a context
	left            int
}

func (c *fickle) Err() error {
	if c.left--; c.left < 0 {
		return context.Canceled
	}
	return nil
}

func TestAContextThatEndsEndsALongScan(t *testing.T) {
	s := New()
	require.NoError(t, s.Put(t.Context(), "acme", numbered(5_000)))
	ctx := &fickle{t.Context(), 3}
	docs, err := s.List(ctx, "acme", storage.Query{Kind: storage.KindJob, Contains: "no such name", Limit: 10})
	require.ErrorIs(t, err, context.Canceled)
	require.Empty(t, docs)
}

func TestAContextThatEndsEndsALongPutAndWritesNothing(t *testing.T) {
	s := New()
	docs := numbered(100)
	for _, left := range []int{0, 1, 2, 50, 99} {
		require.ErrorIs(t, s.Put(&fickle{t.Context(), left}, "acme", docs), context.Canceled)
		changes, err := s.Changes(t.Context(), "acme", 0, 10)
		require.NoError(t, err)
		require.Empty(t, changes)
	}
	require.NoError(t, s.Put(t.Context(), "acme", docs))
}

func TestAPutThatFailsLeavesTheIndexesAsTheyWere(t *testing.T) {
	s := New().(*store)
	put := func(docs ...storage.Doc) error { return s.Put(t.Context(), "acme", docs) }
	first := storage.Doc{Ref: ref("a"), Revision: 1, Sort: "x", Terms: []string{"t", "t"}, Unique: []string{"u"}}
	require.NoError(t, put(first))

	second := first
	second.Revision, second.Sort, second.Terms, second.Unique = 2, "y", []string{"s"}, []string{"v"}
	gone := storage.Doc{Ref: ref("a"), Revision: 3, Deleted: true}
	require.ErrorIs(t, put(second, gone, storage.Doc{Ref: ref("new"), Revision: 1}, gone), storage.ErrConflict)

	sp := s.look("acme")
	ix := sp.kinds[storage.KindJob]
	require.Equal(t, 1, ix.all.len())
	require.Len(t, ix.terms, 1)
	require.Equal(t, 1, ix.terms["t"].len())
	require.Len(t, ix.unique, 1)
	require.Same(t, sp.records[ref("a")].newest(), ix.unique["u"])
	require.Len(t, sp.records, 1)
	require.Len(t, sp.feed, 1)

	require.NoError(t, put(second, gone))
	require.Zero(t, ix.all.len())
	require.Empty(t, ix.terms, "the set of a term goes with its last document")
	require.Empty(t, ix.unique)
}

func TestGetMovesNoTextThatTheAskerHolds(t *testing.T) {
	s := New()
	require.NoError(t, s.Put(t.Context(), "acme", numbered(2)))
	docs, err := s.Get(t.Context(), "acme", []storage.Want{{Ref: ref("00000000"), Have: 1}, {Ref: ref("00000001")}})
	require.NoError(t, err)
	require.Nil(t, docs[0].Value)
	require.NotNil(t, docs[1].Value)
}

func ref(id string) storage.Ref { return storage.Ref{Kind: storage.KindJob, ID: id} }

// numbered returns the first revisions of n documents.
func numbered(n int) []storage.Doc {
	docs := make([]storage.Doc, n)
	for i := range docs {
		id := fmt.Sprintf("%08d", i)
		docs[i] = storage.Doc{Ref: ref(id), Revision: 1, Sort: "job " + id, Value: []byte(`{"name":"job"}`)}
	}
	return docs
}
