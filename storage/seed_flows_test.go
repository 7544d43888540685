package storage_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/callflow/knowledge"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/storage"
	"github.com/sonajobs/sona/storage/memory"
)

func TestSeed_02_OneJobIsAttachedToAnyNumberOfStepsInAnyNumberOfFlows(t *testing.T) {
	w := newWorkspace()
	j := newJob(t, w, "Take a message", "Ask who calls.")
	for i := range 30 {
		f, err := w.CreateFlow(t.Context(), callflow.Spec{Name: fmt.Sprint("Flow ", i), Numbers: []callflow.Line{callflow.Line(fmt.Sprint(200 + i))}, Steps: []callflow.Step{
			{ID: "day", Is: callflow.SonaStep{}}, {ID: "night", Is: callflow.SonaStep{}}}})
		require.NoError(t, err)
		for _, step := range []callflow.StepID{"day", "night"} {
			_, err = w.Attach(t.Context(), f.ID(), step, j.ID())
			require.NoError(t, err)
		}
		publish(t, w, f.ID())
	}
	for i := range 30 {
		s, err := w.SnapshotFor(t.Context(), callflow.Line(fmt.Sprint(200+i)))
		require.NoError(t, err)
		assert.Equal(t, []string{"Take a message"}, namesOf(s.Jobs("day")))
		assert.Equal(t, []string{"Take a message"}, namesOf(s.Jobs("night")))
	}
	uses, err := w.Impact(t.Context(), j.ID())
	require.NoError(t, err)
	assert.Len(t, uses, 60)
}

func TestSeed_10_ASonaStepGivesItsJobsAndItsKnowledge(t *testing.T) {
	w := newWorkspace()
	j, p := newJob(t, w, "Book", "Ask for the day."), newPage(t, w, "Prices", "A haircut costs 30 dollars.")
	f := newDesk(t, w)
	attach(t, w, f.ID(), j.ID())
	_, err := w.AttachPage(t.Context(), f.ID(), sona, p.ID())
	require.NoError(t, err)
	publish(t, w, f.ID())

	s := newCall(t, w, f.ID())
	assert.Equal(t, "Ask for the day.", s.Jobs(sona)[0].Spec().Instructions)
	assert.Equal(t, "A haircut costs 30 dollars.", s.Pages(sona)[0].Text())
}

func TestSeed_11_CreateAttachPublishWorksEndToEnd(t *testing.T) {
	w := newWorkspace()
	f := liveFlow(t, w)
	j := newJob(t, w, "Book", "Ask for the day.")
	attach(t, w, f.ID(), j.ID())
	assert.Empty(t, newCall(t, w, f.ID()).Jobs(sona), "before the publish no caller meets it")
	publish(t, w, f.ID())
	for range 3 {
		assert.Equal(t, []string{"Book"}, namesOf(newCall(t, w, f.ID()).Jobs(sona)), "after it every new call does")
	}
}

func TestSeed_14_TheEleventhJobOfAStepIsRefusedAndTheTenStay(t *testing.T) {
	w := newWorkspace()
	jobs := newJobs(t, w, 11)
	f := newDesk(t, w)
	for _, id := range jobs[:10] {
		attach(t, w, f.ID(), id)
	}
	_, err := w.Attach(t.Context(), f.ID(), sona, jobs[10])
	tooMany, ok := errors.AsType[*callflow.TooManyJobsError](err)
	require.True(t, ok)
	assert.Equal(t, callflow.TooManyJobsError{Step: sona, Job: jobs[10], Max: 10}, *tooMany)
	f, err = w.Flow(t.Context(), f.ID())
	require.NoError(t, err)
	assert.Equal(t, jobs[:10], draftJobs(t, f))

	detach(t, w, f.ID(), jobs[3])
	attach(t, w, f.ID(), jobs[10]) // detaching freed a place
	assert.Len(t, newCall(t, w, publish(t, w, f.ID()).ID()).Jobs(sona), 10)
}

func TestSeed_15_TogglingOnIsIdempotent(t *testing.T) {
	w := newWorkspace()
	j := newJob(t, w, "Book", "Ask for the day.")
	f := newDesk(t, w)
	first, err := w.Attach(t.Context(), f.ID(), sona, j.ID())
	require.NoError(t, err)
	again, err := w.Attach(t.Context(), f.ID(), sona, j.ID())
	require.NoError(t, err)
	assert.True(t, again.Equal(first), "not even a revision is made")
	assert.Equal(t, []job.ID{j.ID()}, draftJobs(t, again))
}

func TestSeed_16_TogglingOffChangesTheDraftOnly(t *testing.T) {
	w := newWorkspace()
	j := newJob(t, w, "Book", "Ask for the day.")
	f := liveFlow(t, w, j.ID())
	detach(t, w, f.ID(), j.ID())
	assert.Empty(t, mockCall(t, w, f.ID()).Jobs(sona))
	assert.Equal(t, []string{"Book"}, namesOf(newCall(t, w, f.ID()).Jobs(sona)), "the live flow keeps it until publish")
	publish(t, w, f.ID())
	assert.Empty(t, newCall(t, w, f.ID()).Jobs(sona))
}

func TestSeed_17_StepsHoldCombinationsOfTheirOwn(t *testing.T) {
	w := newWorkspace()
	jobs := newJobs(t, w, 3)
	f, err := w.CreateFlow(t.Context(), callflow.Spec{Name: "Desk", Numbers: []callflow.Line{deskLine}, Steps: []callflow.Step{
		{ID: "day", Is: callflow.SonaStep{Jobs: jobs[:2]}}, {ID: "night", Is: callflow.SonaStep{Jobs: jobs[1:]}}}})
	require.NoError(t, err)
	_, err = w.Detach(t.Context(), f.ID(), "day", jobs[1])
	require.NoError(t, err)
	s := mockCall(t, w, f.ID())
	assert.Equal(t, []string{"Job 1"}, namesOf(s.Jobs("day")))
	assert.Equal(t, []string{"Job 2", "Job 3"}, namesOf(s.Jobs("night")), "the other step is left alone")
}

// TestSeed_19_JobEditsApplyAtOnceAttachmentsOnPublish is the product's main rule as a story. After each
// line: what does a new call hear, what a mock call, and what the call that began on line 4?
func TestSeed_19_JobEditsApplyAtOnceAttachmentsOnPublish(t *testing.T) {
	w := newWorkspace()
	f := liveFlow(t, w)
	book := newJob(t, w, "Book", "one")
	hears := func(s callflow.Snapshot) string {
		if s.Flow().IsZero() {
			return "-"
		}
		var texts []string
		for _, j := range s.Jobs(sona) {
			texts = append(texts, j.Spec().Instructions)
		}
		return strings.Join(texts, ", ")
	}
	var inProgress callflow.Snapshot

	for _, line := range []struct {
		says       string
		does       func()
		newCall    string
		mockCall   string
		inProgress string
	}{
		{"the job is saved", func() {}, "", "", "-"},
		{"it is attached", func() { attach(t, w, f.ID(), book.ID()) }, "", "one", "-"},
		{"the flow is published", func() { publish(t, w, f.ID()) }, "one", "one", "-"},
		{"a call begins", func() { inProgress = newCall(t, w, f.ID()) }, "one", "one", "one"},
		{"the job is edited", func() { rewrite(t, w, book.ID(), "two") }, "two", "two", "one"},
		{"it is detached", func() { detach(t, w, f.ID(), book.ID()) }, "two", "", "one"},
		{"the job is edited again", func() { rewrite(t, w, book.ID(), "three") }, "three", "", "one"},
		{"the flow is published", func() { publish(t, w, f.ID()) }, "", "", "one"},
		{"it is attached again", func() { attach(t, w, f.ID(), book.ID()) }, "", "three", "one"},
		{"and the draft discarded", func() {
			now, err := w.Flow(t.Context(), f.ID())
			require.NoError(t, err)
			require.NoError(t, second(w.Discard(t.Context(), f.ID(), now.Revision())))
		}, "", "", "one"},
	} {
		line.does()
		assert.Equal(t, line.newCall, hears(newCall(t, w, f.ID())), "%s: a new call", line.says)
		assert.Equal(t, line.mockCall, hears(mockCall(t, w, f.ID())), "%s: a mock call", line.says)
		assert.Equal(t, line.inProgress, hears(inProgress), "%s: the call in progress", line.says)
	}
}

func TestSeed_20_PublishIsAtomic(t *testing.T) {
	kept := memory.New()
	w := storage.Open(kept, "acme")
	jobs := newJobs(t, w, 10)
	odd, even := jobs[:5], jobs[5:]
	f := liveFlow(t, w, odd...)

	var readers sync.WaitGroup
	done := make(chan struct{})
	for i := range 4 {
		reader := w
		if i%2 == 1 {
			reader = storage.Open(kept, "acme") // another process
		}
		readers.Go(func() {
			for seen := 0; ; seen++ {
				select {
				case <-done:
					if seen > 0 {
						return
					}
				default:
				}
				s, err := reader.SnapshotFor(t.Context(), deskLine)
				if !assert.NoError(t, err) {
					return
				}
				want := odd
				if s.Version().Number()%2 == 0 {
					want = even
				}
				var got []job.ID
				for _, j := range s.Jobs(sona) {
					got = append(got, j.ID())
				}
				assert.Equal(t, want, got, "a call sees the old set or the new one, never a mix")
				assert.Empty(t, s.Missing())
			}
		})
	}
	for i := range 100 {
		set := [2][]job.ID{even, odd}[i%2]
		now, err := w.Flow(t.Context(), f.ID())
		require.NoError(t, err)
		now, err = w.EditDraft(t.Context(), f.ID(), now.Revision(), func(d *callflow.Draft) error {
			return d.EditSona(sona, func(s *callflow.SonaStep) { s.Jobs = set })
		})
		require.NoError(t, err)
		require.NoError(t, second(w.Publish(t.Context(), f.ID(), now.Revision())))
	}
	close(done)
	readers.Wait()
}

func TestSeed_21_DraftAndPublishedCanBeCompared(t *testing.T) {
	w := newWorkspace()
	jobs := newJobs(t, w, 2)
	f := liveFlow(t, w, jobs[0])
	assert.Empty(t, f.Changes(), "nothing is unpublished")
	detach(t, w, f.ID(), jobs[0])
	attach(t, w, f.ID(), jobs[1])
	f, err := w.Flow(t.Context(), f.ID())
	require.NoError(t, err)
	assert.Equal(t, []callflow.Change{
		{Kind: callflow.JobDetached, Step: sona, Job: jobs[0]},
		{Kind: callflow.JobAttached, Step: sona, Job: jobs[1]},
	}, f.Changes())
	assert.Empty(t, publish(t, w, f.ID()).Changes())
}

func TestSeed_22_AnEditReachesTheNextCallOfEveryStepThatHasTheJobLive(t *testing.T) {
	kept := memory.New()
	w, elsewhere := storage.Open(kept, "acme"), storage.Open(kept, "acme")
	j := newJob(t, w, "Book", "old")
	f, err := w.CreateFlow(t.Context(), callflow.Spec{Name: "Desk", Numbers: []callflow.Line{deskLine}, Steps: []callflow.Step{
		{ID: "day", Is: callflow.SonaStep{Jobs: []job.ID{j.ID()}}}, {ID: "night", Is: callflow.SonaStep{Jobs: []job.ID{j.ID()}}}}})
	require.NoError(t, err)
	publish(t, w, f.ID())
	inProgress := newCall(t, elsewhere, f.ID())
	rewrite(t, w, j.ID(), "new")
	for _, w := range []*storage.Workspace{w, elsewhere} {
		s := newCall(t, w, f.ID())
		assert.Equal(t, "new", s.Jobs("day")[0].Spec().Instructions)
		assert.Equal(t, "new", s.Jobs("night")[0].Spec().Instructions)
	}
	assert.Equal(t, "old", inProgress.Jobs("day")[0].Spec().Instructions, "a call in progress keeps what it began with")
}

func TestSeed_24_AnEditChangesNoAttachmentAndMakesNoFlowUnpublished(t *testing.T) {
	w := newWorkspace()
	jobs := newJobs(t, w, 2)
	f := liveFlow(t, w, jobs...)
	rewrite(t, w, jobs[0], "Do it better.")
	now, err := w.Flow(t.Context(), f.ID())
	require.NoError(t, err)
	assert.True(t, now.Equal(f), "the flow has not even a new revision")
	assert.Empty(t, now.Changes())
	assert.Equal(t, []string{"Job 1", "Job 2"}, namesOf(newCall(t, w, f.ID()).Jobs(sona)))
}

func TestSeed_26_SummariesOfTheCallsThatUsedAJobAreReadFromATimeOnAndComparedAcrossAnEdit(t *testing.T) {
	w := newWorkspace()
	jobs := newJobs(t, w, 2)
	f := liveFlow(t, w, jobs...)
	take := func(id call.ID, after time.Duration, summary string, used ...job.ID) {
		r := recordOf(newCall(t, w, f.ID()), id)
		r.StartedAt, r.Used, r.Summary = nine.Add(after), used, call.Summary{Status: call.SummaryCompleted, Summary: []string{summary}}
		record(t, w, r)
	}
	take("1", 0, "No day was agreed.", jobs[0])
	take("2", minute, "Asked for prices.", jobs[1])
	take("3", 2*minute, "No day again.", jobs[0])
	rewrite(t, w, jobs[0], "Offer two days.")
	take("4", 3*minute, "Booked for Friday.", jobs...)

	summaries := func(q storage.CallQuery) (lines []string) {
		for _, r := range all(t, w.Calls(t.Context(), q)) {
			lines = append(lines, r.Summary.Summary...)
		}
		return lines
	}
	assert.Equal(t, []string{"Booked for Friday.", "No day again.", "No day was agreed."}, summaries(storage.CallQuery{Job: jobs[0]}))
	assert.Equal(t, []string{"Booked for Friday.", "No day again."}, summaries(storage.CallQuery{Job: jobs[0], Since: nine.Add(2 * minute)}), "from a time on")
	assert.Equal(t, []string{"No day again.", "No day was agreed."}, summaries(storage.CallQuery{Job: jobs[0], Revision: 1}), "before the edit")
	assert.Equal(t, []string{"Booked for Friday."}, summaries(storage.CallQuery{Job: jobs[0], Revision: 2}), "after it")
}

func TestSeed_41_AtItsStartACallHasTheLiveJobsAsTheyStand(t *testing.T) {
	w := newWorkspace()
	jobs := newJobs(t, w, 10)
	f := liveFlow(t, w, jobs...)
	for i, id := range jobs {
		rewrite(t, w, id, fmt.Sprint("Text ", i))
	}
	s := newCall(t, w, f.ID())
	require.Len(t, s.Jobs(sona), 10, "up to ten")
	for i, j := range s.Jobs(sona) {
		assert.Equal(t, jobs[i], j.ID())
		assert.Equal(t, fmt.Sprint("Text ", i), j.Spec().Instructions)
		assert.Equal(t, 2, j.Revision())
	}
}

func TestSeed_55_AStepIsReachedThroughNumberAndFlow(t *testing.T) {
	w := newWorkspace()
	j := newJob(t, w, "Book", "Ask for the day.")
	f, err := w.CreateFlow(t.Context(), callflow.Spec{Name: "Front desk", Numbers: []callflow.Line{deskLine, "204"}, Steps: []callflow.Step{
		{ID: "hours", Is: callflow.HostStep{Name: "hours", Exits: []callflow.Exit{"open", "closed"}},
			Next: map[callflow.Exit]callflow.StepID{"open": "agent", "closed": "voicemail"}},
		{ID: "agent", Is: callflow.SonaStep{Jobs: []job.ID{j.ID()}, Pages: []knowledge.ID{}}},
		{ID: "voicemail", Is: callflow.VoicemailStep{}}}})
	require.NoError(t, err)
	publish(t, w, f.ID())

	for _, number := range []callflow.Line{deskLine, "+1 (555) 123-0000", "204"} {
		s, err := w.SnapshotFor(t.Context(), number)
		require.NoError(t, err)
		assert.Equal(t, "Front desk", s.Flow().Name())
		entry, ok := s.Version().Step(s.Version().Entry())
		require.True(t, ok)
		next := entry.Next["open"]
		step, err := s.OnlySonaStep()
		require.NoError(t, err)
		assert.Equal(t, next, step, "number → flow → step")
		assert.Equal(t, []string{"Book"}, namesOf(s.Jobs(step)))
	}
}
