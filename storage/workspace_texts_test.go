package storage_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/storage"
	"github.com/sonajobs/sona/storage/memory"
)

func TestAStaleSaveIsRefusedWithAllThreeTexts(t *testing.T) {
	w := newWorkspace()
	j := newJob(t, w, "Take a message", "Goal: take a message.\n1. Ask who calls.\n2. Ask why.")
	theirs, err := w.By("bob").SaveJob(t.Context(), j.ID(), 1,
		typed("Take a message", "Goal: take a message.\n1. Ask who calls.\n2. Ask why they call."), "")
	require.NoError(t, err)

	mine := typed("Take a message", "Goal: take a message.\r\n1. Ask for the name.\r\n2. Ask why.")
	_, err = w.SaveJob(t.Context(), j.ID(), 1, mine, "")
	require.ErrorIs(t, err, storage.ErrConflict)
	conflict, ok := errors.AsType[*storage.JobConflictError](err)
	require.True(t, ok)
	assert.EqualError(t, err, fmt.Sprintf(
		`job "Take a message" (%s): the edit was made from revision 1, but 2 is the newest, by "bob": merge with it and save again from revision 2`, j.ID()))
	assert.Empty(t, cmp.Diff(&storage.JobConflictError{Base: j, Theirs: theirs, Mine: mine.Clean()}, conflict))

	merged, clashes := conflict.Merge()
	assert.Empty(t, clashes)
	saved, err := w.SaveJob(t.Context(), j.ID(), conflict.Theirs.Revision(), merged, "merged")
	require.NoError(t, err)
	assert.Equal(t, "Goal: take a message.\n1. Ask for the name.\n2. Ask why they call.", saved.Spec().Instructions)
}

func TestABaseThatNeverWasIsAConflict(t *testing.T) {
	w := newWorkspace()
	j := newJob(t, w, "Take a message", "Goal: take a message.")
	for _, base := range []int{0, -1, 2, 1 << 40} {
		for says, err := range map[string]error{
			"save":    second(w.SaveJob(t.Context(), j.ID(), base, typed("Take a message", "Goal: another."), "")),
			"same":    second(w.SaveJob(t.Context(), j.ID(), base, j.Spec(), "")),
			"delete":  w.DeleteJob(t.Context(), j.ID(), base),
			"restore": second(w.RestoreJob(t.Context(), j, base)),
		} {
			conflict, ok := errors.AsType[*storage.JobConflictError](err)
			require.True(t, ok, "%s from %d: %v", says, base, err)
			assert.True(t, conflict.Base.IsZero())
			assert.Empty(t, cmp.Diff(j, conflict.Theirs))
			assert.EqualError(t, err, fmt.Sprintf(
				`job "Take a message" (%s): the edit names no revision that it was made from; 1 is the newest: merge with it and save again from revision 1`, j.ID()))
		}
	}
	_, err := w.CreateJobAs(t.Context(), j.ID(), typed("Another", "Goal: another."))
	conflict, ok := errors.AsType[*storage.JobConflictError](err)
	require.True(t, ok, "creating what exists is a save without a base: %v", err)
	assert.Equal(t, "Another", conflict.Mine.Name)
	assert.Empty(t, cmp.Diff([]job.Job{j}, all(t, w.AllJobs(t.Context()))))
}

func TestARaceThatIsLostBetweenReadAndWriteIsTheSameConflict(t *testing.T) {
	s := &trouble{Storage: memory.New()}
	w, other := storage.Open(s, "acme"), storage.Open(s.Storage, "acme").By("bob")
	j := newJob(t, w, "Take a message", "Goal: take a message.")
	base := 1
	s.put = func(int, []storage.Doc) error { // bob saves the moment before
		_, err := other.SaveJob(t.Context(), j.ID(), base, typed("Take a message", fmt.Sprintf("Goal: bob was here %d.", base)), "")
		return err
	}
	for says, act := range map[string]func() error{
		"save": func() error {
			return second(w.SaveJob(t.Context(), j.ID(), base, typed("Take a message", "Goal: mine."), ""))
		},
		"restore": func() error { return second(w.RestoreJob(t.Context(), j, base)) },
		"delete":  func() error { return w.DeleteJob(t.Context(), j.ID(), base) },
	} {
		if says == "restore" && base == 1 {
			_, err := other.SaveJob(t.Context(), j.ID(), 1, typed("Take a message", "Goal: so that there is something to restore."), "")
			require.NoError(t, err)
			base = 2
		}
		err := act()
		conflict, ok := errors.AsType[*storage.JobConflictError](err)
		require.True(t, ok, "%s: %v", says, err)
		assert.Equal(t, base, conflict.Base.Revision(), says)
		assert.Equal(t, base+1, conflict.Theirs.Revision(), says)
		assert.Equal(t, "bob", conflict.Theirs.Stamp().By, says)
		base++
	}
}

func TestAJobDeletedBetweenReadAndWriteIsNotFound(t *testing.T) {
	s := &trouble{Storage: memory.New()}
	w, other := storage.Open(s, "acme"), storage.Open(s.Storage, "acme")
	j := newJob(t, w, "Take a message", "Goal: take a message.")
	s.put = func(int, []storage.Doc) error { return other.DeleteJob(t.Context(), j.ID(), 1) }
	_, err := w.SaveJob(t.Context(), j.ID(), 1, typed("Take a message", "Goal: mine."), "")
	assert.ErrorIs(t, err, storage.ErrNotFound)
	assert.EqualError(t, err, fmt.Sprintf("job %q: not found", j.ID()))
}

func TestASaveWhoseAnswerWasLostCanBeSavedAgain(t *testing.T) {
	s := &trouble{Storage: memory.New()}
	w := storage.Open(s, "acme")
	j := newJob(t, w, "Take a message", "Goal: one.")
	mine := typed("Take a message", "Goal: two.")
	s.put = func(_ int, docs []storage.Doc) error { // it is written, and then the line breaks
		return errors.Join(s.Storage.Put(t.Context(), "acme", docs), errDisk)
	}
	_, err := w.SaveJob(t.Context(), j.ID(), 1, mine, "")
	require.ErrorIs(t, err, errDisk)
	s.put = nil

	_, err = w.SaveJob(t.Context(), j.ID(), 1, mine, "")
	conflict, ok := errors.AsType[*storage.JobConflictError](err)
	require.True(t, ok, "%v", err)
	merged, clashes := conflict.Merge()
	assert.Empty(t, clashes, "it is in conflict with itself")
	saved, err := w.SaveJob(t.Context(), j.ID(), conflict.Theirs.Revision(), merged, "")
	require.NoError(t, err)
	assert.Equal(t, 2, saved.Revision(), "and is not saved twice")
}

func TestOfSixteenAuthorsOneWinsAndNobodyLosesAWord(t *testing.T) {
	w := newWorkspace()
	j := newJob(t, w, "Take a message", "Goal: take a message.\n1. Ask who calls.")
	const authors = 16
	line := func(i int) string { return fmt.Sprintf("Rule of author %02d.", i) }
	errs := make([]error, authors)
	var everybody sync.WaitGroup
	for i := range authors {
		everybody.Go(func() {
			mine := typed("Take a message", j.Spec().Instructions+"\n"+line(i))
			_, errs[i] = w.By(line(i)).SaveJob(t.Context(), j.ID(), 1, mine, "")
		})
	}
	everybody.Wait()

	winners := 0
	for i, err := range errs {
		if err == nil {
			winners++
			continue
		}
		conflict, ok := errors.AsType[*storage.JobConflictError](err)
		require.True(t, ok, "%v", err)
		assert.Contains(t, conflict.Mine.Instructions, line(i), "the text is in the error")
		assert.Empty(t, cmp.Diff(j, conflict.Base))
	}
	require.Equal(t, 1, winners)

	for _, err := range errs { // one after the other, as often as it takes
		for conflict, ok := errors.AsType[*storage.JobConflictError](err); ok; conflict, ok = errors.AsType[*storage.JobConflictError](err) {
			merged, _ := conflict.Merge()
			_, err = w.SaveJob(t.Context(), j.ID(), conflict.Theirs.Revision(), merged, "")
		}
		require.NoError(t, err)
	}
	read, err := w.Job(t.Context(), j.ID())
	require.NoError(t, err)
	assert.Equal(t, authors+1, read.Revision())
	for i := range authors {
		assert.Equal(t, 1, strings.Count(read.Spec().Instructions, line(i)), "author %d", i)
	}
}

func TestTroubleOfStorageComesThroughAndIsNoConflict(t *testing.T) {
	s := &trouble{Storage: memory.New()}
	w := storage.Open(s, "acme")
	j := newJob(t, w, "Take a message", "Goal: take a message.")
	_, err := w.SaveJob(t.Context(), j.ID(), 1, typed("Take a message", "Goal: two."), "")
	require.NoError(t, err)

	act := map[string]func() error{
		"create":         func() error { return second(w.CreateJob(t.Context(), typed("x", "x"))) },
		"create again":   func() error { return second(w.CreateJobAs(t.Context(), j.ID(), typed("x", "x"))) },
		"save":           func() error { return second(w.SaveJob(t.Context(), j.ID(), 2, typed("x", "x"), "")) },
		"save stale":     func() error { return second(w.SaveJob(t.Context(), j.ID(), 1, typed("x", "x"), "")) },
		"restore":        func() error { return second(w.RestoreJob(t.Context(), j, 2)) },
		"delete":         func() error { return w.DeleteJob(t.Context(), j.ID(), 2) },
		"revision":       func() error { return second(w.JobRevision(t.Context(), j.ID(), 1)) },
		"list":           func() error { return second(w.Jobs(t.Context(), storage.JobQuery{})) },
		"import":         func() error { return second(w.ImportJobs(t.Context(), counted(1))) },
		"settings":       func() error { return second(w.Settings(t.Context())) },
		"save settings":  func() error { return second(w.SaveSettings(t.Context(), 0, callflow.SettingsSpec{MaxTokens: 9})) },
		"settings stale": func() error { return second(w.SaveSettings(t.Context(), 7, callflow.SettingsSpec{MaxTokens: 9})) },
	}
	fails := map[string]map[string]bool{
		"get":     {"save": true, "save stale": true, "delete": true, "import": true, "settings": true, "save settings": true, "settings stale": true},
		"list":    {"list": true, "delete": true},
		"history": {"create again": true, "save stale": true, "restore": true, "revision": true},
		"put":     {"create": true, "create again": true, "save": true, "restore": true, "delete": true, "import": true, "settings": true, "save settings": true, "settings stale": true},
	}
	for method, set := range map[string]func(func(int) error){
		"get":     func(f func(int) error) { s.get = f },
		"list":    func(f func(int) error) { s.list = f },
		"history": func(f func(int) error) { s.history = f },
		"put": func(f func(int) error) {
			s.put = nil
			if f != nil {
				s.put = func(n int, _ []storage.Doc) error { return f(n) }
			}
		},
	} {
		set(failAlways)
		for says := range fails[method] {
			err := act[says]()
			assert.ErrorIs(t, err, errDisk, "%s while %s fails", says, method)
			assert.NotErrorIs(t, err, storage.ErrConflict)
		}
		set(nil)
	}
	assert.Equal(t, []int{2, 1}, revisions(all(t, w.JobHistory(t.Context(), j.ID()))))
}
