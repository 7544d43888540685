package sqlite_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/storage"
	"github.com/sonajobs/sona/storage/sqlite"
)

func init() { //nolint:gochecknoinits // a part of another process, which has no other place
	parts["save"] = saveOnAndOn
}

// erasedEvery is how many revisions pass until a document is erased, and with it the write-ahead log emptied.
const erasedEvery = 4

// batch is what a writer saves at a time: three documents, the second of which has a name, a term and a unique
// string that change, and some length, while the third is erased and comes back again and again.
func batch(name string, revision int) []storage.Doc {
	a, b := doc(name+"-a", revision), doc(name+"-b", revision)
	b.Sort = fmt.Sprintf("%s at %d", name, revision)
	b.Terms = []string{"all", fmt.Sprint("at ", revision)}
	b.Unique = []string{fmt.Sprint(name, revision)}
	b.Value = fmt.Appendf(nil, `%q`, strings.Repeat(strconv.Itoa(revision%10), 100*(revision%90)))
	c := doc(name+"-c", revision)
	if revision%erasedEvery == 0 {
		c.Deleted, c.Value = true, nil
	}
	return []storage.Doc{a, b, c}
}

// saveOnAndOn saves the next revisions of these documents until it is killed, and says which ones were saved.
func saveOnAndOn(path, name string, out io.Writer) error {
	s, err := sqlite.Open(path, sqlite.Options{})
	if err != nil {
		return err
	}
	ctx := context.Background()
	docs, err := s.Get(ctx, "acme", []storage.Want{{Ref: doc(name+"-a", 1).Ref}})
	if err != nil {
		return err
	}
	revision := 1
	if len(docs) > 0 {
		revision = docs[0].Revision + 1
	}
	for ; ; revision++ {
		if err := s.Put(ctx, "acme", batch(name, revision)); err != nil {
			return err
		}
		if _, err := fmt.Fprintln(out, revision); err != nil {
			return err
		}
	}
}

func TestAKilledWriterLosesNothingThatItWasToldAndLeavesNothingHalf(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	path, last, sum := "", map[string]int{}, 0 // last is the revision that a writer was told last
	for round := range rounds(t) {
		if round%20 == 0 { // a file is killed 20 times; then checking it takes long
			path, last = newPath(t), map[string]int{}
		}
		names := []string{"x", "y"}
		var writers []*process
		for _, name := range names {
			writers = append(writers, start(t, "save", path, name))
		}
		for i, name := range names { // the writers do not wait: they are killed anywhere in the saves that follow
			for range r.IntN(60) {
				last[name] = writers[i].told(t)
			}
		}
		for i, name := range names {
			require.NoError(t, writers[i].Process.Kill())
			for revision := range writers[i].rest() {
				last[name] = revision
			}
			_ = writers[i].Wait()
		}
		s, err := sqlite.Open(path, sqlite.Options{})
		require.NoError(t, err)
		require.NoError(t, s.Check(t.Context()))
		for _, name := range names {
			saved{name, last[name]}.in(t, s)
			sum += last[name]
		}
		require.NoError(t, s.Close())
	}
	require.Positive(t, sum, "nobody saved anything")
}

// told returns the next number that a process says.
func (p *process) told(t *testing.T) int {
	t.Helper()
	line, err := p.out.ReadString('\n')
	require.NoError(t, err)
	n, err := strconv.Atoi(strings.TrimSpace(line))
	require.NoError(t, err)
	return n
}

// rest yields the numbers that a process said before it was killed. A line without its end was not said.
func (p *process) rest() iter.Seq[int] {
	return func(yield func(int) bool) {
		for {
			line, err := p.out.ReadString('\n')
			if err != nil {
				return
			}
			if n, err := strconv.Atoi(strings.TrimSpace(line)); err == nil && !yield(n) {
				return
			}
		}
	}
}

// saved are the documents of a writer that was told that a revision was saved.
type saved struct {
	name string
	told int
}

// in asserts that the storage has every revision that was told, perhaps the one after it, and nothing half.
func (w saved) in(t *testing.T, s *sqlite.Storage) {
	t.Helper()
	a, errA := s.History(t.Context(), "acme", doc(w.name+"-a", 1).Ref, 0, 1_000_000)
	b, errB := s.History(t.Context(), "acme", doc(w.name+"-b", 1).Ref, 0, 1_000_000)
	c, errC := s.History(t.Context(), "acme", doc(w.name+"-c", 1).Ref, 0, 1_000_000)
	require.NoError(t, errors.Join(errA, errB, errC))
	require.Len(t, b, len(a), "all documents or none")
	require.Len(t, c, len(a), "all documents or none")
	require.GreaterOrEqual(t, len(a), w.told, "a save that was told")
	require.LessOrEqual(t, len(a), w.told+1, "one save at most was under way")
	for i := range b {
		revision := len(b) - i
		want := batch(w.name, revision)
		require.Equal(t, string(want[0].Value), string(a[i].Value))
		require.Equal(t, string(want[1].Value), string(b[i].Value))
		if revision <= len(c)/erasedEvery*erasedEvery {
			require.Empty(t, c[i].Value, "what was erased")
		} else {
			require.Equal(t, string(want[2].Value), string(c[i].Value))
		}
	}
	if len(b) == 0 {
		return
	}
	found, err := s.List(t.Context(), "acme", storage.Query{Kind: storage.KindJob, Terms: []string{"all"}, Contains: b[0].Sort, Limit: 10})
	require.NoError(t, err)
	require.Len(t, found, 1)
	require.Equal(t, len(b), found[0].Revision)
}

func TestAFullDiskIsSaidAndTheFileGoesOnWhenThereIsRoom(t *testing.T) {
	t.Parallel()
	dir := mount(t, "size=4m")
	for range rounds(t) {
		path := filepath.Join(dir, "sona.db")
		s, err := sqlite.Open(path, sqlite.Options{})
		require.NoError(t, err)
		revision := 0
		for err == nil {
			d := doc("a", revision+1)
			d.Value = make([]byte, 50_000)
			if err = s.Put(t.Context(), "acme", []storage.Doc{d}); err == nil {
				revision++
			}
			require.Less(t, revision, 1_000)
		}
		require.ErrorIs(t, err, sqlite.ErrFull)
		require.Equal(t, revision, get(t, s, "a").Revision, "reading goes on")
		require.ErrorIs(t, s.Put(t.Context(), "acme", batch("big", 1)), sqlite.ErrFull)
		_ = s.Close() // there is no room to tidy up either

		moved := newPath(t) // to a disk with room
		for _, end := range []string{"", "-wal"} {
			b, err := os.ReadFile(path + end)
			if end == "" || err == nil {
				require.NoError(t, err)
				require.NoError(t, os.WriteFile(moved+end, b, 0o600))
			}
			_ = os.Remove(path + end)
		}
		_ = os.Remove(path + "-shm")
		again := open(t, moved, fast)
		require.NoError(t, again.Check(t.Context()))
		require.Equal(t, revision, get(t, again, "a").Revision)
		put(t, again, doc("a", revision+1))
	}
}

func TestAFullDiskDoesNotEndTheProcessAndTheSameFileGoesOn(t *testing.T) { //nolint:tparallel // one small disk at a time
	t.Parallel()
	const times = 10 // for one file
	for rest := rounds(t); rest > 0; rest -= times {
		t.Run("one file", func(t *testing.T) {
			dir := mount(t, "size=32m")
			ballast := filepath.Join(dir, "ballast")
			s := open(t, filepath.Join(dir, "sona.db"), sqlite.Options{})
			revision := 0
			for range min(rest, times) {
				require.NoError(t, os.WriteFile(ballast, make([]byte, free(t, dir)-100_000), 0o600))
				var err error
				for err == nil {
					if err = s.Put(t.Context(), "acme", batch("x", revision+1)); err == nil {
						revision++
					}
				}
				require.ErrorIs(t, err, sqlite.ErrFull)
				require.NoError(t, os.Remove(ballast))
				for range 3 {
					revision++
					put(t, s, batch("x", revision)...)
				}
			}
			require.NoError(t, s.Check(t.Context()))
			saved{"x", revision}.in(t, s)
		})
	}
}

func TestAFullDiskRefusesAFileThatIsThereAndKeepsIt(t *testing.T) {
	t.Parallel()
	dir := mount(t, "size=1m")
	path := filepath.Join(dir, "sona.db")
	s, err := sqlite.Open(path, fast)
	require.NoError(t, err)
	put(t, s, doc("a", 1))
	require.NoError(t, s.Close())
	ballast := filepath.Join(dir, "ballast")
	for room := free(t, dir); ; room -= 4_096 { // down to the last page
		if err = os.WriteFile(ballast, make([]byte, room), 0o600); err == nil {
			break
		}
	}
	_, err = sqlite.Open(path, fast)
	require.ErrorIs(t, err, sqlite.ErrFull)
	require.NoError(t, os.Remove(ballast))
	again := open(t, path, fast)
	require.Equal(t, 1, get(t, again, "a").Revision)
	require.NoError(t, again.Check(t.Context()))
}

func TestAFullDiskRefusesANewFile(t *testing.T) {
	t.Parallel()
	dir := mount(t, "size=64k")
	require.NoError(t, os.WriteFile(filepath.Join(dir, "ballast"), make([]byte, 60_000), 0o600))
	_, err := sqlite.Open(filepath.Join(dir, "sona.db"), sqlite.Options{})
	require.ErrorIs(t, err, sqlite.ErrFull)
	require.NoError(t, os.Remove(filepath.Join(dir, "ballast")))
	for _, end := range []string{"", "-wal", "-shm"} {
		_ = os.Remove(filepath.Join(dir, "sona.db"+end))
	}
}
