package sqlite_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/storage"
	"github.com/sonajobs/sona/storage/sqlite"
)

const damagedJobs = 60

// whole are the bytes of a good file. The values of its jobs have 1,500 bytes, so that two revisions stand on
// a page.
var whole = sync.OnceValues(func() (file []byte, err error) {
	dir, err := os.MkdirTemp("", "sona-sqlite")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	path := filepath.Join(dir, "sona.db")
	s, err := sqlite.Open(path, fast)
	if err != nil {
		return nil, err
	}
	for i := range damagedJobs {
		if err := s.Put(context.Background(), "acme", []storage.Doc{padded(i)}); err != nil {
			return nil, err
		}
	}
	if err := errors.Join(s.Check(context.Background()), s.Close()); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

// damage lets change write to the bytes of a good file, and opens it.
func damage(t *testing.T, change func(file []byte)) *sqlite.Storage {
	t.Helper()
	path := newPath(t)
	file, err := whole()
	require.NoError(t, err)
	file = bytes.Clone(file)
	change(file)
	require.NoError(t, os.WriteFile(path, file, 0o600))
	return open(t, path, fast)
}

func padded(i int) storage.Doc {
	d := doc(fmt.Sprintf("j%02d", i), 1)
	d.Terms = []string{"all"}
	d.Value = fmt.Appendf(nil, `{"text":"start of %s %s"}`, d.ID, bytes.Repeat([]byte("x"), 1_500))
	return d
}

// corrupted returns the IDs of the documents that Check names.
func corrupted(t *testing.T, s *sqlite.Storage) map[string]bool {
	t.Helper()
	err := s.Check(t.Context())
	require.ErrorIs(t, err, sqlite.ErrCorrupt)
	ids := map[string]bool{}
	for _, err := range err.(interface{ Unwrap() []error }).Unwrap() {
		if c, ok := errors.AsType[*sqlite.CorruptError](err); ok {
			require.Equal(t, storage.WorkspaceID("acme"), c.Workspace)
			require.Equal(t, storage.KindJob, c.Ref.Kind)
			ids[c.Ref.ID] = true
		}
	}
	return ids
}

// seen asserts that every read shows all documents, those that are damaged with what says so in place of their
// values.
func seen(t *testing.T, s *sqlite.Storage, bad map[string]bool) {
	t.Helper()
	same := func(read string, docs []storage.Doc) {
		t.Helper()
		require.Len(t, docs, damagedJobs, read)
		for i, d := range docs {
			want := padded(i)
			require.Equal(t, want.Ref, d.Ref, read)
			require.Equal(t, 1, d.Revision, read)
			if bad[d.ID] {
				require.Contains(t, string(d.Value), fmt.Sprintf("job %q revision 1: damaged: ", d.ID), read)
			} else {
				require.Equal(t, string(want.Value), string(d.Value), "%s of %s", read, d.ID)
			}
		}
	}
	var wants []storage.Want
	var past []storage.Doc
	for i := range damagedJobs {
		wants = append(wants, storage.Want{Ref: padded(i).Ref})
		docs, err := s.History(t.Context(), "acme", padded(i).Ref, 0, 10)
		require.NoError(t, err)
		past = append(past, docs...)
	}
	same("History", past)
	docs, err := s.Get(t.Context(), "acme", wants)
	require.NoError(t, err)
	same("Get", docs)
	for _, q := range []storage.Query{{}, {Terms: []string{"all"}}, {Contains: "name of j"}} {
		q.Kind, q.Limit = storage.KindJob, 1_000
		docs, err := s.List(t.Context(), "acme", q)
		require.NoError(t, err, "%+v", q)
		same("List", docs)
	}
}

func TestADamagedValueIsReportedWithItsKeyAndHidesNothing(t *testing.T) {
	t.Parallel()
	for round := range rounds(t) {
		i := round * 7 % damagedJobs
		s := damage(t, func(file []byte) {
			at := bytes.Index(file, []byte("start of "+padded(i).ID))
			require.Positive(t, at)
			file[at+100] ^= 1
		})
		bad := map[string]bool{padded(i).ID: true}
		require.Equal(t, bad, corrupted(t, s))
		seen(t, s, bad)

		mended := padded(i)
		mended.Revision = 2
		put(t, s, mended)
		require.Equal(t, string(mended.Value), string(get(t, s, mended.ID).Value), "a save mends it")
	}
}

func TestADamagedPageIsReportedWithItsKeysAndHidesNothing(t *testing.T) {
	t.Parallel()
	for round := range rounds(t) {
		var bad map[string]bool
		s := damage(t, func(file []byte) {
			at := bytes.Index(file, []byte("start of "+padded(round*5%damagedJobs).ID))
			require.Positive(t, at)
			page := file[at/4096*4096:][:4096]
			bad = map[string]bool{}
			for i := range damagedJobs {
				if bytes.Contains(page, []byte("start of "+padded(i).ID)) {
					bad[padded(i).ID] = true
				}
			}
			clear(page)
		})
		require.NotEmpty(t, bad)
		require.Equal(t, bad, corrupted(t, s))
		seen(t, s, bad)
		for id := range bad {
			require.ErrorIs(t, s.Put(t.Context(), "acme", []storage.Doc{doc(id, 2)}), sqlite.ErrCorrupt)
		}
	}
}

// TestNoDamageMakesItPanicOrHang zeroes, flips or fills any page of the file.
func TestNoDamageMakesItPanicOrHang(t *testing.T) {
	t.Parallel()
	pages := 0
	damage(t, func(file []byte) { pages = len(file) / 4096 })
	step := max(1, pages/(3*rounds(t)))
	for page := 1; page < pages; page += step {
		for name, change := range map[string]func([]byte){
			"zeroed": func(b []byte) { clear(b) },
			"filled": func(b []byte) { copy(b, bytes.Repeat([]byte{0xff}, len(b))) },
			"header": func(b []byte) { b[3] ^= 0x55; b[5] ^= 0x11 },
		} {
			s := damage(t, func(file []byte) { change(file[page*4096:][:4096]) })
			_ = s.Check(t.Context())
			for i := range damagedJobs {
				_, _ = s.Get(t.Context(), "acme", []storage.Want{{Ref: padded(i).Ref}})
				_, _ = s.History(t.Context(), "acme", padded(i).Ref, 0, 10)
			}
			_, _ = s.List(t.Context(), "acme", storage.Query{Kind: storage.KindJob, Contains: "of j1", Limit: 100})
			_, _ = s.Changes(t.Context(), "acme", 0, 100)
			d := doc("new", 1)
			if err := s.Put(t.Context(), "acme", []storage.Doc{d}); err != nil {
				require.Error(t, s.Check(t.Context()), "page %d %s: Put says %v", page, name, err)
			}
		}
	}
}
