package storage_test

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/storage"
	"github.com/sonajobs/sona/storage/memory"
)

// atOnce runs n functions that start together.
func atOnce(n int, do func(i int)) {
	var group sync.WaitGroup
	start := make(chan struct{})
	for i := range n {
		group.Go(func() {
			<-start
			do(i)
		})
	}
	close(start)
	group.Wait()
}

func TestRaces_OfSixteenJobsAttachedAtOnceExactlyTenStick(t *testing.T) {
	kept := memory.New()
	w := storage.Open(kept, "acme")
	jobs := newJobs(t, w, 16)
	f := newDesk(t, w)
	var stuck, refused atomic.Int32
	atOnce(16, func(i int) {
		_, err := storage.Open(kept, "acme").Attach(t.Context(), f.ID(), sona, jobs[i])
		switch _, tooMany := errors.AsType[*callflow.TooManyJobsError](err); {
		case tooMany:
			refused.Add(1)
		case assert.NoError(t, err):
			stuck.Add(1)
		}
	})
	assert.Equal(t, [2]int32{10, 6}, [2]int32{stuck.Load(), refused.Load()})
	f, err := w.Flow(t.Context(), f.ID())
	require.NoError(t, err)
	assert.Len(t, draftJobs(t, f), 10)
	assert.Equal(t, 11, f.Revision(), "a revision for each that stuck")
}

func TestRaces_AttachAndDetachCommuteAndLoseNoEditOfOthers(t *testing.T) {
	w := newWorkspace()
	jobs := newJobs(t, w, 8)
	f := newDesk(t, w, jobs[:4]...)
	const edits = 8
	atOnce(16, func(i int) {
		switch {
		case i < 4:
			_, err := w.Detach(t.Context(), f.ID(), sona, jobs[i])
			assert.NoError(t, err)
		case i < 8:
			_, err := w.Attach(t.Context(), f.ID(), sona, jobs[i])
			assert.NoError(t, err)
		default: // an author who edits from what she sees, and looks again after each conflict
			for done := false; !done; {
				now, err := w.Flow(t.Context(), f.ID())
				if !assert.NoError(t, err) {
					return
				}
				_, err = w.EditDraft(t.Context(), f.ID(), now.Revision(), func(d *callflow.Draft) error {
					return d.EditSona(sona, func(s *callflow.SonaStep) { s.Greeting += "x" })
				})
				if done = err == nil; !done {
					_, conflict := errors.AsType[*storage.FlowConflictError](err)
					assert.True(t, conflict)
				}
			}
		}
	})
	f, err := w.Flow(t.Context(), f.ID())
	require.NoError(t, err)
	assert.ElementsMatch(t, jobs[4:], draftJobs(t, f))
	assert.Len(t, sonaStep(t, f.Draft()).Greeting, edits, "each edit is there once")
	assert.Equal(t, 1+16, f.Revision())
}

func TestRaces_OfManyWhoPublishOneDraftExactlyOneDoes(t *testing.T) {
	w := newWorkspace()
	f := newDesk(t, w)
	var won atomic.Int32
	atOnce(16, func(int) {
		_, err := w.Publish(t.Context(), f.ID(), 1)
		if err == nil {
			won.Add(1)
			return
		}
		_, conflict := errors.AsType[*storage.FlowConflictError](err)
		assert.True(t, conflict)
	})
	assert.EqualValues(t, 1, won.Load())
	assert.Len(t, all(t, w.Versions(t.Context(), f.ID())), 1)
}

func TestRaces_OfManyFlowsOnOneNumberExactlyOneIsPublished(t *testing.T) {
	w := newWorkspace()
	var flows [16]callflow.Flow
	for i := range flows {
		flows[i] = newDesk(t, w)
	}
	var won atomic.Int32
	atOnce(16, func(i int) {
		if _, err := w.Publish(t.Context(), flows[i].ID(), 1); err == nil {
			won.Add(1)
		} else {
			assert.ErrorIs(t, err, storage.ErrTaken)
		}
	})
	assert.EqualValues(t, 1, won.Load())
	s, err := w.SnapshotFor(t.Context(), deskLine)
	require.NoError(t, err)
	assert.Equal(t, 1, s.Version().Number())
}

func TestRaces_ACallThatIsCompletedStaysCompleted(t *testing.T) {
	w := newWorkspace()
	for n := range 20 {
		id := call.ID(fmt.Sprint("CA", n))
		r := talking(id)
		record(t, w, r)
		atOnce(8, func(i int) {
			if i == 0 {
				assert.NoError(t, w.RecordCall(t.Context(), over(r, call.Completed)))
				return
			}
			late := r
			late.Turns = append(late.Turns[:1:1], call.Turn{Text: fmt.Sprint("turn ", i)})
			if err := w.RecordCall(t.Context(), late); err != nil {
				assert.ErrorIs(t, err, storage.ErrConflict)
			}
		})
		got, err := w.Call(t.Context(), id)
		require.NoError(t, err)
		assert.Equal(t, over(r, call.Completed), got)
	}
}

func TestRaces_SnapshotsAreSharedAndNobodyCanSpoilThem(t *testing.T) {
	w := newWorkspace()
	jobs := newJobs(t, w, 4)
	f := liveFlow(t, w, jobs...)
	atOnce(16, func(i int) {
		for n := range 20 {
			if i == 0 {
				rewrite(t, w, jobs[n%4], fmt.Sprint("Text ", n))
				continue
			}
			s := newCall(t, w, f.ID())
			got := s.Jobs(sona)
			assert.Len(t, got, 4)
			got[0] = job.Job{}
			step, err := s.SonaStep(sona)
			assert.NoError(t, err)
			step.Jobs[0] = "spoiled"
		}
	})
	assert.Equal(t, []string{"Job 1", "Job 2", "Job 3", "Job 4"}, namesOf(newCall(t, w, f.ID()).Jobs(sona)))
}
