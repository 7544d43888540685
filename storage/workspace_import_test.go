package storage_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/storage"
	"github.com/sonajobs/sona/storage/memory"
)

type entry struct {
	id   job.ID
	spec job.Spec
}

func entries(list ...entry) iter.Seq2[job.ID, job.Spec] {
	return func(yield func(job.ID, job.Spec) bool) {
		for _, e := range list {
			if !yield(e.id, e.spec) {
				return
			}
		}
	}
}

func TestASecondImportChangesNothing(t *testing.T) {
	s := memory.New()
	w := storage.Open(s, "acme").By("ci")
	const n = 1_234
	done, err := w.ImportJobs(t.Context(), counted(n))
	require.NoError(t, err)
	assert.Equal(t, storage.Imported{Created: n}, done)
	first := all(t, w.AllJobs(t.Context()))
	assert.Len(t, first, n)
	assert.Equal(t, job.Stamp{Revision: 1, At: first[0].Stamp().At, By: "ci", Note: "imported"}, first[0].Stamp())

	done, err = storage.Open(s, "acme").ImportJobs(t.Context(), counted(n))
	require.NoError(t, err)
	assert.Equal(t, storage.Imported{Unchanged: n}, done)
	assert.Empty(t, cmp.Diff(first, all(t, w.AllJobs(t.Context()))))
	changes, err := s.Changes(t.Context(), "acme", n, 1)
	require.NoError(t, err)
	assert.Empty(t, changes)
}

func TestAnImportCreatesUpdatesAndBringsBack(t *testing.T) {
	w := newWorkspace()
	_, err := w.ImportJobs(t.Context(), entries(
		entry{"same", typed("Same", "x")}, entry{"edited", typed("Edited", "x")}, entry{"deleted", typed("Deleted", "x")}))
	require.NoError(t, err)
	require.NoError(t, w.DeleteJob(t.Context(), "deleted", 1))

	done, err := w.ImportJobs(t.Context(), entries(
		entry{"same", typed("Same", "x")}, entry{"edited", typed("Edited", "y")}, entry{"deleted", typed("Deleted", "x")}, entry{"new", typed("New", "x")}))
	require.NoError(t, err)
	assert.Equal(t, storage.Imported{Created: 2, Updated: 1, Unchanged: 1}, done)
	assert.Equal(t, 4, done.Saved())
	jobs := all(t, w.AllJobs(t.Context()))
	assert.Equal(t, []string{"Deleted", "Edited", "New", "Same"}, namesOf(jobs))
	assert.Equal(t, []int{3, 2, 1, 1}, revisions(jobs))
}

func TestAnIDThatComesTwiceIsSavedTwice(t *testing.T) {
	w := newWorkspace()
	done, err := w.ImportJobs(t.Context(), entries(
		entry{"a", typed("A", "first")}, entry{"b", typed("B", "x")}, entry{"a", typed("A", "second")}, entry{"a", typed("A", "second")}))
	require.NoError(t, err)
	assert.Equal(t, storage.Imported{Created: 2, Updated: 1, Unchanged: 1}, done)
	a, err := w.Job(t.Context(), "a")
	require.NoError(t, err)
	assert.Equal(t, "second", a.Spec().Instructions)
	assert.Equal(t, 2, a.Revision())
}

func TestABrokenJobStopsTheImportAndTheBatchesBeforeItStay(t *testing.T) {
	for says, c := range map[string]struct {
		bad     entry
		message string
	}{
		"a long name": {entry{"bad", typed(strings.Repeat("x", 101), "x")},
			`import: job "bad": job: name: 101 characters, at most 100: shorten it by 1 (stopped there; 500 jobs before it are saved)`},
		"an ill-formed ID": {entry{"b d", typed("x", "x")},
			`import: job "b d": job: id: "b d" has ' ' at byte 1: only letters, digits and . _ - / may stand there (stopped there; 500 jobs before it are saved)`},
	} {
		t.Run(says, func(t *testing.T) {
			w := newWorkspace()
			read := 0
			done, err := w.ImportJobs(t.Context(), func(yield func(job.ID, job.Spec) bool) {
				for id, spec := range counted(storage.BatchSize + 10) {
					read++
					if !yield(id, spec) {
						return
					}
				}
				if yield(c.bad.id, c.bad.spec) {
					t.Error("the import is over")
				}
			})
			assert.EqualError(t, err, c.message)
			_, ok := errors.AsType[*job.ValidationError](err)
			assert.True(t, ok)
			where, ok := errors.AsType[*storage.RefError](err)
			require.True(t, ok)
			assert.Equal(t, jobDoc(c.bad.id), where.Ref)
			assert.Equal(t, storage.Imported{Created: storage.BatchSize}, done)
			assert.Len(t, all(t, w.AllJobs(t.Context())), storage.BatchSize, "of the batch with the broken job nothing")
			assert.Equal(t, storage.BatchSize+10, read)
		})
	}
}

func TestAnImportThatFailsHalfWayTellsHowFarItCame(t *testing.T) {
	s := &trouble{Storage: memory.New(), put: func(n int, _ []storage.Doc) error {
		if n == 1 {
			return errDisk
		}
		return nil
	}}
	w := storage.Open(s, "acme")
	done, err := w.ImportJobs(t.Context(), counted(2*storage.BatchSize+1))
	assert.ErrorIs(t, err, errDisk)
	assert.EqualError(t, err, "import: the disk is gone (stopped there; 500 jobs before it are saved)")
	assert.Equal(t, storage.Imported{Created: storage.BatchSize}, done)

	done, err = w.ImportJobs(t.Context(), counted(2*storage.BatchSize+1))
	require.NoError(t, err, "a second run does the rest")
	assert.Equal(t, storage.Imported{Created: storage.BatchSize + 1, Unchanged: storage.BatchSize}, done)
}

func TestAnImportStopsWhenItsContextEnds(t *testing.T) {
	w := newWorkspace()
	ctx, cancel := context.WithCancel(t.Context())
	done, err := w.ImportJobs(ctx, func(yield func(job.ID, job.Spec) bool) {
		for id, spec := range counted(3 * storage.BatchSize) {
			if id == "job-00700" {
				cancel()
			}
			if !yield(id, spec) {
				return
			}
		}
	})
	assert.ErrorIs(t, err, context.Canceled)
	assert.Equal(t, storage.Imported{Created: storage.BatchSize}, done)
	assert.Len(t, all(t, w.AllJobs(t.Context())), storage.BatchSize)
}

func TestAnImportPrevailsOverAnAuthorWhoSavesMeanwhile(t *testing.T) {
	s := &trouble{Storage: memory.New()}
	w, author := storage.Open(s, "acme"), storage.Open(s.Storage, "acme").By("bob")
	_, err := w.ImportJobs(t.Context(), entries(entry{"a", typed("A", "x")}, entry{"b", typed("B", "x")}))
	require.NoError(t, err)
	base := 0
	s.put = func(int, []storage.Doc) error { // bob saves three times in between
		if base++; base > 3 {
			return nil
		}
		_, err := author.SaveJob(t.Context(), "a", base, typed("A", fmt.Sprint("bob ", base)), "")
		return err
	}
	done, err := w.ImportJobs(t.Context(), entries(entry{"a", typed("A", "imported")}, entry{"b", typed("B", "x")}, entry{"c", typed("C", "x")}))
	require.NoError(t, err)
	assert.Equal(t, storage.Imported{Created: 1, Updated: 1, Unchanged: 1}, done)
	var texts []string
	for _, j := range all(t, w.JobHistory(t.Context(), "a")) {
		texts = append(texts, j.Spec().Instructions)
	}
	assert.Equal(t, []string{"imported", "bob 3", "bob 2", "bob 1", "x"}, texts, "nothing that bob typed is lost")
}

func TestAnImportMeetsSomebodyWhoCreatesOrDeletesTheSameJob(t *testing.T) {
	s := &trouble{Storage: memory.New()}
	w, author := storage.Open(s, "acme"), storage.Open(s.Storage, "acme")
	s.put = func(n int, _ []storage.Doc) error {
		var err error
		switch n {
		case 0:
			_, err = author.CreateJobAs(t.Context(), "a", typed("A", "mine"))
		case 1:
			err = author.DeleteJob(t.Context(), "a", 1)
		}
		return err
	}
	done, err := w.ImportJobs(t.Context(), entries(entry{"a", typed("A", "imported")}))
	require.NoError(t, err)
	assert.Equal(t, storage.Imported{Created: 1}, done)
	a, err := w.Job(t.Context(), "a")
	require.NoError(t, err)
	assert.Equal(t, 3, a.Revision())
}

func TestAnImportGivesUpInTheEnd(t *testing.T) {
	puts := 0
	s := &trouble{Storage: memory.New(), put: func(_ int, docs []storage.Doc) error {
		puts++
		return &storage.RefError{Ref: docs[0].Ref, Err: storage.ErrConflict}
	}}
	_, err := storage.Open(s, "acme").ImportJobs(t.Context(), counted(3))
	assert.ErrorIs(t, err, storage.ErrConflict)
	assert.ErrorContains(t, err, `import: job "job-00000": changed by somebody else`)
	assert.Equal(t, 16, puts)

	s.history = failAlways
	_, err = storage.Open(s, "acme").ImportJobs(t.Context(), counted(3))
	assert.ErrorIs(t, err, errDisk)
}

func TestAnImportMendsAJobThatCannotBeRead(t *testing.T) {
	s := memory.New()
	w := storage.Open(s, "acme")
	_, err := w.ImportJobs(t.Context(), entries(entry{"a", typed("A", "x")}))
	require.NoError(t, err)
	spoil(t, s, jobDoc("a"))
	done, err := w.ImportJobs(t.Context(), entries(entry{"a", typed("A", "x")}))
	require.NoError(t, err)
	assert.Equal(t, storage.Imported{Updated: 1}, done)
	_, err = w.Job(t.Context(), "a")
	assert.NoError(t, err)
}
