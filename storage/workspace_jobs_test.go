package storage_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
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
	w := newWorkspace().By(" ann\n\x00")
	assert.Equal(t, storage.WorkspaceID("acme"), w.ID())
	created, err := w.CreateJob(t.Context(), typed("Take a message", "Goal: take a message.\r\n1. Ask who calls."))
	require.NoError(t, err)
	assert.Equal(t, 1, created.Revision())
	assert.Equal(t, " ann ", created.Stamp().By, "cleaned like a name: every database can keep it")
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
			"note: 501 characters, at most 500: shorten it by 1"},
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
			"id: the zero Job has no text to restore: take one from JobHistory"},
		"a key that no page gave": {
			func() error {
				_, err := w.Jobs(t.Context(), storage.JobQuery{After: storage.Key{Sort: "\xff"}})
				return err
			},
			`after: {"\xff" ""} is no key of a page: take Next of the page before`},
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
	assert.Empty(t, all(t, w.Watch(ctx, 0)), "the loop is over before it begins")
	assert.Equal(t, []int{1}, revisions(all(t, w.JobHistory(t.Context(), j.ID()))))
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
	for first, err := range w.AllJobs(t.Context()) {
		require.NoError(t, err)
		assert.Contains(t, pages[0][:2], first.Name())
		break // the reader may stop
	}
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
		"ré":                       {"100% refund", "Change a reservation", "Réservation"},
		"  ":                       {"100% refund", "Change a reservation", "Réservation", "Take a message"},
		"%":                        {"100% refund"},
		"a  mess":                  {"Take a message"},
		"_":                        {},
		strings.Repeat("a", 5_000): {},
		"\xff\x00":                 {},
	} {
		page, err := w.Jobs(t.Context(), storage.JobQuery{Text: text})
		require.NoError(t, err, "%.20q", text)
		assert.Equal(t, want, namesOf(page.Jobs), "%.20q", text)
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
