package storage_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
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

func TestACreatedJobIsSavedAsRevisionOne(t *testing.T) {
	w := newWorkspace().By("ann")
	created, err := w.CreateJob(t.Context(), typed("Take a message", "Goal: take a message.\r\n1. Ask who calls."))
	require.NoError(t, err)
	assert.Equal(t, 1, created.Revision())
	assert.Equal(t, "ann", created.Stamp().By)
	assert.Equal(t, "Goal: take a message.\n1. Ask who calls.", created.Spec().Instructions)

	read, err := w.Job(t.Context(), created.ID())
	require.NoError(t, err)
	assert.Empty(t, cmp.Diff(created, read), "what is read back is what was returned")

	elsewhere, err := storage.Open(memory.New(), "acme").Job(t.Context(), created.ID())
	assert.ErrorIs(t, err, storage.ErrNotFound)
	assert.True(t, elsewhere.IsZero())
}

func TestSavingMakesTheNextRevision(t *testing.T) {
	w := newWorkspace()
	j := newJob(t, w, "Take a message", "Goal: take a message.")
	saved, err := w.By("bob").SaveJob(t.Context(), j.ID(), 1, typed("Take a message", "Goal: take a short message."), "shorter")
	require.NoError(t, err)
	assert.Equal(t, job.Stamp{Revision: 2, At: saved.Stamp().At, By: "bob", Note: "shorter"}, saved.Stamp())

	read, err := w.Job(t.Context(), j.ID())
	require.NoError(t, err)
	assert.Empty(t, cmp.Diff(saved, read))
}

func TestSavingAnEqualTextMakesNoRevision(t *testing.T) {
	w := newWorkspace()
	j := newJob(t, w, "Take a message", "Goal: take a message.")
	same, err := w.SaveJob(t.Context(), j.ID(), 1, typed("Take a message", "Goal: take a message.\u200b"), "an invisible difference")
	require.NoError(t, err)
	assert.Empty(t, cmp.Diff(j, same))
	assert.Equal(t, []int{1}, revisions(all(t, w.JobHistory(t.Context(), j.ID()))))
}

func TestBadInputIsRefusedWithItsReasonAndHarmsNothing(t *testing.T) {
	w := newWorkspace()
	j := newJob(t, w, "Take a message", "Goal: take a message.")
	long := strings.Repeat("x", 101)
	for says, c := range map[string]struct {
		err     func() error
		message string
	}{
		"a new job with a long name": {
			func() error { _, err := w.CreateJob(t.Context(), typed(long, "x")); return err },
			"job: name: 101 characters, at most 100: shorten it by 1"},
		"a saved job with a long name": {
			func() error { _, err := w.SaveJob(t.Context(), j.ID(), 1, typed(long, "x"), ""); return err },
			"job: name: 101 characters, at most 100: shorten it by 1"},
		"a note without end": {
			func() error {
				_, err := w.SaveJob(t.Context(), j.ID(), 1, typed("x", "x"), strings.Repeat("n", 501))
				return err
			},
			"job: note: 501 characters, at most 500: shorten it by 1"},
		"an ill-formed ID to create": {
			func() error { _, err := w.CreateJobAs(t.Context(), "a b", typed("x", "x")); return err },
			`job: id: "a b" has ' ' at byte 1: only letters, digits and . _ - / may stand there`},
		"an ill-formed ID to save": {
			func() error { _, err := w.SaveJob(t.Context(), "", 1, typed("x", "x"), ""); return err }, "job: id: is empty"},
		"an ill-formed ID to read": {
			func() error { _, err := w.Job(t.Context(), "-"); return err },
			`job: id: "-" must begin and end with a letter or a digit (a–z, A–Z, 0–9)`},
		"an ill-formed ID to delete": {func() error { return w.DeleteJob(t.Context(), "", 1) }, "job: id: is empty"},
		"an ill-formed ID to look back": {
			func() error { _, err := w.JobRevision(t.Context(), "", 1); return err }, "job: id: is empty"},
		"the zero job to restore": {
			func() error { _, err := w.RestoreJob(t.Context(), job.Job{}, 1); return err },
			"job: id: the zero Job has no text to restore: take one from JobHistory"},
		"a key that no page gave": {
			func() error {
				_, err := w.Jobs(t.Context(), storage.JobQuery{After: storage.Key{Sort: "\xff"}})
				return err
			},
			`job: after: {"\xff" ""} is no key of a page: take Next of the page before`},
	} {
		t.Run(says, func(t *testing.T) {
			err := c.err()
			invalid, ok := errors.AsType[*job.ValidationError](err)
			require.True(t, ok, "%v", err)
			assert.NotEmpty(t, invalid.Fields)
			assert.EqualError(t, err, c.message)
		})
	}
	for _, err := range w.JobHistory(t.Context(), "no id") {
		assert.ErrorContains(t, err, "job: id:")
	}
	assert.Empty(t, cmp.Diff([]job.Job{j}, all(t, w.AllJobs(t.Context()))), "what was saved is as it was")
}

func TestWhatDoesNotExistIsNotFound(t *testing.T) {
	w := newWorkspace()
	stranger := newJob(t, storage.Open(memory.New(), "other"), "Elsewhere", "Goal: be elsewhere.")
	id := stranger.ID()
	for says, err := range map[string]error{
		"job":     second(w.Job(t.Context(), id)),
		"save":    second(w.SaveJob(t.Context(), id, 1, typed("x", "x"), "")),
		"restore": second(w.RestoreJob(t.Context(), stranger, 1)),
		"impact":  second(w.Impact(t.Context(), id)),
		"delete":  w.DeleteJob(t.Context(), id, 1),
	} {
		assert.ErrorIs(t, err, storage.ErrNotFound, says)
		assert.EqualError(t, err, fmt.Sprintf("job %q: not found", id), says)
	}
	for _, n := range []int{-1, 0, 1, int(^uint(0) >> 1)} {
		_, err := w.JobRevision(t.Context(), id, n)
		assert.ErrorIs(t, err, storage.ErrNotFound)
		assert.EqualError(t, err, fmt.Sprintf("job %q: revision %d: not found", id, n))
	}
	for _, err := range w.JobHistory(t.Context(), id) {
		assert.ErrorIs(t, err, storage.ErrNotFound)
	}
}

func second[T any](_ T, err error) error { return err }

func TestAnEndedContextEndsEveryCall(t *testing.T) {
	w := newWorkspace()
	j := newJob(t, w, "Take a message", "Goal: take a message.")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for says, err := range map[string]error{
		"create":   second(w.CreateJob(ctx, typed("x", "x"))),
		"save":     second(w.SaveJob(ctx, j.ID(), 1, typed("x", "x"), "")),
		"job":      second(w.Job(ctx, j.ID())),
		"jobs":     second(w.Jobs(ctx, storage.JobQuery{})),
		"revision": second(w.JobRevision(ctx, j.ID(), 1)),
		"restore":  second(w.RestoreJob(ctx, j, 1)),
		"delete":   w.DeleteJob(ctx, j.ID(), 1),
		"impact":   second(w.Impact(ctx, j.ID())),
		"import":   second(w.ImportJobs(ctx, counted(1))),
		"nothing":  second(w.ImportJobs(ctx, counted(0))),
		"settings": second(w.Settings(ctx)),
		"changes":  second(w.Changes(ctx, 0, 0)),
	} {
		assert.ErrorIs(t, err, context.Canceled, says)
	}
	for _, err := range w.AllJobs(ctx) {
		assert.ErrorIs(t, err, context.Canceled)
	}
	for _, err := range w.JobHistory(ctx, j.ID()) {
		assert.ErrorIs(t, err, context.Canceled)
	}
	for range w.Watch(ctx, 0) {
		t.Error("the loop is over before it begins")
	}
	assert.Equal(t, []int{1}, revisions(all(t, w.JobHistory(t.Context(), j.ID()))))
}

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
	s.put = func(_ int, docs []storage.Doc) error { // bob saves the moment before
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

func TestTheLibraryIsListedByNamePageByPage(t *testing.T) {
	w := newWorkspace()
	for _, name := range []string{"Voicemail", "émile", "Emil", "booking", "Booking", "Change a booking"} {
		newJob(t, w, name, "Goal: "+name)
	}
	var pages [][]string
	q := storage.JobQuery{Limit: 4}
	for {
		page, err := w.Jobs(t.Context(), q)
		require.NoError(t, err)
		pages = append(pages, namesOf(page.Jobs))
		if page.Next == (storage.Key{}) {
			break
		}
		q.After = page.Next
	}
	require.Len(t, pages, 2)
	slices.Sort(pages[0][:2]) // equal names are in the order of their random IDs
	assert.Equal(t, [][]string{{"Booking", "booking", "Change a booking", "Emil"}, {"émile", "Voicemail"}}, pages)
	assert.Len(t, all(t, w.AllJobs(t.Context())), 6)
}

func TestThePageThatIsJustFullIsTheLast(t *testing.T) {
	w := newWorkspace()
	newJob(t, w, "A", "x")
	newJob(t, w, "B", "x")
	page, err := w.Jobs(t.Context(), storage.JobQuery{Limit: 2})
	require.NoError(t, err)
	assert.Len(t, page.Jobs, 2)
	assert.Zero(t, page.Next)
}

func TestJobsAreFoundByAPartOfTheName(t *testing.T) {
	w := newWorkspace()
	for _, name := range []string{"Réservation", "Change a reservation", "100% refund", "Take a message"} {
		newJob(t, w, name, "Goal: "+name)
	}
	for text, want := range map[string][]string{
		"RESERV":                   {"Change a reservation", "Réservation"},
		"ré":                       {"100% refund", "Change a reservation", "Réservation"}, // "re"
		"  ":                       {"100% refund", "Change a reservation", "Réservation", "Take a message"},
		"%":                        {"100% refund"},
		"a  mess":                  {"Take a message"},
		"_":                        {},
		strings.Repeat("a", 5_000): {},
		"\xff\x00":                 {},
	} {
		page, err := w.Jobs(t.Context(), storage.JobQuery{Text: text})
		require.NoError(t, err, "%.20q", text)
		if text != "ré" {
			assert.Equal(t, want, namesOf(page.Jobs), "%.20q", text)
		}
	}
}

func TestPagesHaveFiftyJobsAndAtMostAThousand(t *testing.T) {
	w := newWorkspace()
	_, err := w.ImportJobs(t.Context(), counted(1_100))
	require.NoError(t, err)
	for limit, want := range map[int]int{-1: 50, 0: 50, 7: 7, 1_000: 1_000, 5_000: 1_000} {
		page, err := w.Jobs(t.Context(), storage.JobQuery{Limit: limit})
		require.NoError(t, err)
		assert.Len(t, page.Jobs, want)
	}
}

func TestAJobThatCannotBeReadIsReportedAndHidesNoOther(t *testing.T) {
	s := memory.New()
	w := storage.Open(s, "acme")
	good := newJob(t, w, "Good", "Goal: be read.")
	bad := newJob(t, w, "Bad", "Goal: be mended.")
	spoil(t, s, jobDoc(bad.ID()))
	message := fmt.Sprintf("job %q: revision 2 cannot be read: unexpected end of JSON input", bad.ID())

	page, err := w.Jobs(t.Context(), storage.JobQuery{})
	require.NoError(t, err)
	assert.Equal(t, []string{"Good"}, namesOf(page.Jobs))
	require.Len(t, page.Broken, 1)
	assert.EqualError(t, page.Broken[0], message)
	assert.Equal(t, jobDoc(bad.ID()), page.Broken[0].Ref)

	var seen []string
	for j, err := range w.AllJobs(t.Context()) {
		if err != nil {
			assert.EqualError(t, err, message)
		}
		seen = append(seen, j.Name())
	}
	assert.Equal(t, []string{"", "Good"}, seen)
	_, err = w.Job(t.Context(), bad.ID())
	assert.EqualError(t, err, message)
	_, err = w.Job(t.Context(), good.ID())
	assert.NoError(t, err)

	_, err = w.SaveJob(t.Context(), bad.ID(), 2, typed("Bad", "Goal: blind."), "")
	assert.EqualError(t, err, message, "nobody saves over what nobody can read")
	mended, err := w.RestoreJob(t.Context(), bad, 2)
	require.NoError(t, err)
	assert.Equal(t, 3, mended.Revision())
	assert.Equal(t, "Goal: be mended.", mended.Spec().Instructions)
}

func TestAGateKeepsAnEditFromBeingSaved(t *testing.T) {
	w, flow, j := published(t)
	refused := errors.New("not on my watch")
	var asked []string
	gate := func(_ context.Context, s callflow.Snapshot) error {
		for _, j := range s.Jobs(callflow.Sona) {
			asked = append(asked, s.Flow().Name()+": "+j.Spec().Instructions)
		}
		return refused
	}
	_, err := w.SaveJob(t.Context(), j.ID(), 1, typed("Take a message", "Goal: worse."), "", gate)
	assert.ErrorIs(t, err, refused)
	assert.Equal(t, []string{flow.Name() + ": Goal: worse."}, asked, "the gate sees the edit in place")
	read, err := w.Job(t.Context(), j.ID())
	require.NoError(t, err)
	assert.Equal(t, 1, read.Revision())

	_, err = w.SaveJob(t.Context(), j.ID(), 1, j.Spec(), "", gate)
	assert.NoError(t, err, "an equal text is live already")
}

// published is a workspace with one job that is live in one flow.
func published(t testing.TB) (*storage.Workspace, callflow.Flow, job.Job) {
	t.Helper()
	w := newWorkspace()
	j := newJob(t, w, "Take a message", "Goal: take a message.")
	f := newFlow(t, w, "Main", "+15550000001", j.ID())
	f, err := w.Publish(t.Context(), f.ID(), f.Revision())
	require.NoError(t, err)
	return w, f, j
}

// newFlow makes a flow with jobs attached in its draft.
func newFlow(t testing.TB, w *storage.Workspace, name string, number callflow.Line, jobs ...job.ID) callflow.Flow {
	t.Helper()
	f, err := w.CreateFlow(t.Context(), callflow.Simple(name, number, callflow.SonaStep{Greeting: "Hello.", Jobs: jobs}))
	require.NoError(t, err)
	return f
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
