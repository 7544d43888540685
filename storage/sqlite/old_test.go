package sqlite_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/storage"
	"github.com/sonajobs/sona/storage/sqlite"
)

var writeOld = flag.String("write-file", "", "write testdata/NAME.db as this version makes it; never over one that is there")

// kept is what stands in the files of testdata: a bit of everything that the contract knows.
func kept() []storage.Doc {
	at := time.Date(2026, 11, 23, 12, 30, 0, 123_456_000, time.UTC)
	doc := func(kind storage.Kind, id string, revision int, sort, value string) storage.Doc {
		return storage.Doc{
			Ref: storage.Ref{Kind: kind, ID: id}, Revision: revision, At: at.Add(time.Duration(revision) * time.Hour),
			By: "ann", Note: fmt.Sprint("save ", revision), Sort: sort, Value: []byte(value),
		}
	}
	flow := doc(storage.KindFlow, "desk", 1, "front desk", `{"name":"Front desk"}`)
	flow.Unique, flow.Terms = []string{"live:+15550100"}, []string{"draft:take-a-message", "live:take-a-message", "number:+15550100"}
	deleted := doc(storage.KindJob, "gone", 2, "gone", `{"name":"Gone"}`)
	deleted.Deleted = true
	erased := doc(storage.KindCall, "call-1", 2, "2026-11-23", "")
	erased.Deleted = true
	erased.Value = nil
	return []storage.Doc{
		doc(storage.KindJob, "take-a-message", 1, "take a message", `{"name":"Take a message"}`),
		doc(storage.KindJob, "gone", 1, "gone", `{"name":"Gone"}`),
		doc(storage.KindJob, "take-a-message", 2, "take a message", `{"name":"Take a message","text":"日本 ünï 😀"}`),
		flow, deleted,
		doc(storage.KindPage, "hours", 1, "öffnungszeiten", `{"title":"Öffnungszeiten"}`),
		doc(storage.KindCall, "call-1", 1, "2026-11-23", `{"caller":"+15559990000"}`),
		erased,
		doc(storage.KindSettings, "settings", 1, "", `{"nonce":"abc"}`),
	}
}

// TestAFileOfThisVersionIsWritten runs with -write-file=NAME only, once for each version that is released.
func TestAFileOfThisVersionIsWritten(t *testing.T) {
	if *writeOld == "" {
		t.Skip("needs -write-file=NAME: it makes the file that later versions have to read")
	}
	path := newPath(t)
	s := open(t, path, sqlite.Options{})
	for _, d := range kept() {
		put(t, s, d)
	}
	to := filepath.Join("testdata", *writeOld+".db")
	require.NoFileExists(t, to)
	require.NoError(t, s.Backup(t.Context(), to))
}

func TestEveryFileEverWrittenIsReadInFull(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*.db")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			b, err := os.ReadFile(file)
			require.NoError(t, err)
			require.False(t, bytes.Contains(b, []byte("+15559990000")), "what was erased is nowhere in the file")
			path := newPath(t)
			require.NoError(t, os.WriteFile(path, b, 0o600))
			s := open(t, path, fast)
			require.NoError(t, s.Check(t.Context()))

			past := map[storage.Ref][]storage.Doc{}
			changes, err := s.Changes(t.Context(), "acme", 0, 1_000)
			require.NoError(t, err)
			require.Len(t, changes, len(kept()))
			for i, want := range kept() {
				if want.Kind == storage.KindCall {
					want.Value = nil
				}
				past[want.Ref] = append([]storage.Doc{want}, past[want.Ref]...)
				require.Equal(t, want.Ref, changes[i].Ref)
				require.Equal(t, want.Revision, changes[i].Revision)
				require.True(t, want.At.Equal(changes[i].At))
			}
			for ref, want := range past {
				got, err := s.History(t.Context(), "acme", ref, 0, 100)
				require.NoError(t, err)
				require.Empty(t, cmp.Diff(want, got), ref)
				listed, err := s.List(t.Context(), "acme", storage.Query{Kind: ref.Kind, Contains: want[0].Sort, Terms: want[0].Terms, Limit: 10})
				require.NoError(t, err)
				if want[0].Deleted {
					require.Empty(t, listed)
				} else {
					require.Empty(t, cmp.Diff(want[:1], listed), ref)
				}
				next := want[0]
				next.Revision++
				next.Deleted = false
				put(t, s, next)
			}
			taken := storage.Doc{Ref: storage.Ref{Kind: storage.KindFlow, ID: "other"}, Revision: 1, Unique: []string{"live:+15550100"}}
			require.ErrorIs(t, s.Put(t.Context(), "acme", []storage.Doc{taken}), storage.ErrTaken)
		})
	}
}
