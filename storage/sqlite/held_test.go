package sqlite

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/storage"
)

func TestAGetForWhatDidNotChangeAsksTheFileForNothing(t *testing.T) {
	t.Parallel()
	s := opened2(t, Options{Synchronous: Normal, Readers: 1})
	require.NoError(t, s.Put(t.Context(), "acme", docs(0, 30)))
	want := wants(0, 30, 1)
	ask := func() []storage.Doc {
		got, err := s.Get(t.Context(), "acme", want)
		require.NoError(t, err)
		require.Len(t, got, 30)
		return got
	}
	first := ask()
	s.readers.free[0].forbid(t, sqlGet, sqlSince, sqlHead)
	second := ask()
	require.Equal(t, first, second)
	for _, d := range second {
		require.Nil(t, d.Value)
		require.Equal(t, []string{"all"}, d.Terms)
		d.Terms[0] = "scribbled"
	}
	require.Equal(t, first, ask(), "what was handed out is the asker's")
}

// forbid takes statements away: whoever runs one gets an error.
func (c *conn) forbid(t *testing.T, sqls ...string) {
	t.Helper()
	for _, sql := range sqls {
		if st := c.kept[sql]; st != nil {
			require.NoError(t, st.Close())
			delete(c.kept, sql)
		}
		st, _, err := c.db.Prepare(`SELECT json('not JSON')`)
		require.NoError(t, err)
		c.kept[sql] = st
	}
}

func wants(from, n, have int) []storage.Want {
	list := make([]storage.Want, n)
	for i, d := range docs(from, n) {
		list[i] = storage.Want{Ref: d.Ref, Have: have}
	}
	return list
}

func TestWhatIsHeldIsNeverStale(t *testing.T) {
	t.Parallel()
	here := opened2(t, Options{Synchronous: Normal})
	there, err := Open(here.path, Options{Synchronous: Normal})
	require.NoError(t, err)
	defer func() { require.NoError(t, there.Close()) }()
	list := docs(0, 3)
	require.NoError(t, here.Put(t.Context(), "acme", list))
	revision := 1
	see := func(what string, want ...int) {
		t.Helper()
		for name, s := range map[string]*Storage{"here": here, "there": there} {
			got, err := s.Get(t.Context(), "acme", wants(0, 3, 1))
			require.NoError(t, err)
			revisions := []int{}
			for _, d := range got {
				revisions = append(revisions, d.Revision)
				require.Equal(t, d.Revision == 1, d.Value == nil, "a value comes when it is new")
			}
			require.Equal(t, want, revisions, "%s, %s", what, name)
		}
	}
	see("first", 1, 1, 1)
	for i, s := range []*Storage{here, there, here, there} {
		revision++
		d := list[1]
		d.Revision = revision
		require.NoError(t, s.Put(t.Context(), "acme", []storage.Doc{d}))
		see(fmt.Sprint("save ", i), 1, revision, 1)
	}
	gone := list[2]
	gone.Revision, gone.Deleted = 2, true
	require.NoError(t, there.Put(t.Context(), "acme", []storage.Doc{gone}))
	see("deleted", 1, revision)
	gone.Revision, gone.Deleted = 3, false
	require.NoError(t, here.Put(t.Context(), "acme", []storage.Doc{gone}))
	see("back", 1, revision, 3)
	many := docs(1_000, heldSync+1)
	require.NoError(t, there.Put(t.Context(), "acme", append(many, storage.Doc{Ref: list[0].Ref, Revision: 2, Value: []byte("{}")})))
	see("after more than is looked at", 2, revision, 3)
}

func TestACommitThatPutNothingMakesNothingSure(t *testing.T) {
	t.Parallel()
	s := opened2(t, Options{Synchronous: Normal, Readers: 1})
	require.NoError(t, s.Put(t.Context(), "acme", docs(0, 2)))
	_, err := s.Get(t.Context(), "acme", wants(0, 2, 1))
	require.NoError(t, err)
	require.Len(t, s.held.docs, 2)
	c := connected(t, s.path)
	require.NoError(t, c.db.Exec(`UPDATE doc SET deleted = 1 WHERE id = 'j000001'`))
	got, err := s.Get(t.Context(), "acme", wants(0, 2, 1))
	require.NoError(t, err)
	require.Len(t, got, 1)
}

func TestWhatIsHeldIsBounded(t *testing.T) {
	t.Parallel()
	s := opened2(t, Options{Synchronous: Normal})
	s.held.most = 20_000
	require.NoError(t, s.Put(t.Context(), "acme", docs(0, 1_000)))
	for i := 0; i < 1_000; i += 10 {
		got, err := s.Get(t.Context(), "acme", wants(i, 10, 1))
		require.NoError(t, err)
		require.Len(t, got, 10)
		require.LessOrEqual(t, s.held.bytes, s.held.most)
	}
	require.NotEmpty(t, s.held.docs)
	sum := 0
	for _, d := range s.held.docs {
		sum += d.bytes
	}
	require.Equal(t, sum, s.held.bytes)
	before := len(s.held.docs)
	_, err := s.Get(t.Context(), "acme", wants(0, heldWants+1, 0))
	require.NoError(t, err)
	require.Len(t, s.held.docs, before, "a Get of many is no call start")
}
