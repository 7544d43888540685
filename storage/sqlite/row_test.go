package sqlite

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/storage"
)

func TestASetComesBackAsItWent(t *testing.T) {
	t.Parallel()
	for _, set := range [][]string{nil, {""}, {"", "a"}, {"a"}, {"a", "b"}, {" ", "\x01", "é", "日本"}} {
		back, err := unpack(pack(set))
		require.NoError(t, err)
		require.Equal(t, set, back)
	}
}

func TestASetWithoutItsEndIsDamaged(t *testing.T) {
	t.Parallel()
	_, err := unpack([]byte("a\x00b"))
	require.ErrorIs(t, err, errNoSet)
}

func FuzzUnpack(f *testing.F) {
	f.Add([]byte(nil))
	f.Add([]byte("a\x00b\x00"))
	f.Add([]byte("\x00\x00\xff"))
	f.Fuzz(func(t *testing.T, b []byte) {
		set, err := unpack(b)
		if err != nil {
			return
		}
		require.Equal(t, string(b), string(pack(set)))
	})
}

// FuzzMatch asserts that the query for FTS5 is well formed and finds whatever contains the text.
func FuzzMatch(f *testing.F) {
	s, err := Open(f.TempDir()+"/sona.db", Options{Synchronous: Normal})
	require.NoError(f, err)
	f.Cleanup(func() { require.NoError(f, s.Close()) })
	n := 0
	for _, text := range []string{"abc", `a"b"c"`, "AND OR NOT", "日本語", "a\x01b*", "{name}: x", "-(^)+"} {
		f.Add(text, "x")
	}
	f.Fuzz(func(t *testing.T, text, around string) {
		sort := around + text + around
		if !storage.Storable(sort) || len(sort) > storage.MaxKey {
			return
		}
		n++
		ws := storage.WorkspaceID(strings.Repeat("w", n%100+1))
		d := storage.Doc{Ref: storage.Ref{Kind: "k", ID: time.Now().Format(time.RFC3339Nano)}, Revision: 1, Sort: sort}
		require.NoError(t, s.Put(t.Context(), ws, []storage.Doc{d}))
		docs, err := s.List(t.Context(), ws, storage.Query{Kind: "k", Contains: text, From: sort, Limit: 1_000})
		require.NoError(t, err)
		require.True(t, slices.ContainsFunc(docs, func(got storage.Doc) bool { return got.ID == d.ID }))
	})
}

func TestARowThatIsNotAsItWasPutSaysSo(t *testing.T) {
	t.Parallel()
	r := row{ws: 1, doc: 2, d: storage.Doc{
		Ref: storage.Ref{ID: "j"}, Revision: 3, At: time.UnixMicro(4), By: "ann", Note: "n", Sort: "s", Value: []byte("v"),
	}, terms: pack([]string{"t"})}
	r.head, r.body = r.headSum(), checksum(r.d.Value)
	require.Empty(t, r.why(false))
	for name, change := range map[string]func(*row){
		"workspace": func(r *row) { r.ws++ }, "document": func(r *row) { r.doc++ }, "id": func(r *row) { r.d.ID = "k" },
		"revision": func(r *row) { r.d.Revision++ }, "deleted": func(r *row) { r.d.Deleted = true },
		"time": func(r *row) { r.d.At = r.d.At.Add(time.Microsecond) }, "by": func(r *row) { r.d.By = "ben" },
		"note": func(r *row) { r.d.Note = "" }, "sort": func(r *row) { r.d.Sort += " " }, "terms": func(r *row) { r.terms = nil },
		"uniques": func(r *row) { r.uniques = r.terms }, "head": func(r *row) { r.head++ }, "value": func(r *row) { r.d.Value = []byte("w") },
	} {
		changed := r
		change(&changed)
		require.NotEmpty(t, changed.why(false), name)
	}
	r.d.Value = nil
	require.Empty(t, r.why(true), "a value that was not read is not looked at")
}
