package storage_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/storage"
	"github.com/sonajobs/sona/storage/memory"
)

func TestChangesTellsWhatWasSavedAndReturnsAtTheHead(t *testing.T) {
	w := newWorkspace().By("ann")
	j := newJob(t, w, "A", "x")
	_, err := w.SaveJob(t.Context(), j.ID(), 1, typed("A", "y"), "")
	require.NoError(t, err)
	newPage(t, w, "Hours", "x")
	changes, err := w.Changes(t.Context(), 0, 0)
	require.NoError(t, err)
	require.Len(t, changes, 3)
	assert.Equal(t, storage.Change{Seq: changes[1].Seq, Ref: jobDoc(j.ID()), Revision: 2, At: changes[1].At, By: "ann"}, changes[1])
	assert.Equal(t, storage.KindPage, changes[2].Ref.Kind)

	rest, err := w.Changes(t.Context(), changes[0].Seq, 1)
	require.NoError(t, err)
	assert.Equal(t, changes[1:2], rest)
	rest, err = w.Changes(t.Context(), changes[2].Seq, 10_000)
	require.NoError(t, err)
	assert.Empty(t, rest)
}

func TestWatchFollowsUntilItsContextEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorkspace()
		ctx, cancel := context.WithCancel(t.Context())
		told := make(chan string)
		go func() {
			defer close(told)
			for c, err := range w.Watch(ctx, 0) {
				assert.NoError(t, err)
				told <- fmt.Sprint(c.Ref.Kind, " ", c.Revision)
			}
		}()
		j := newJob(t, w, "A", "x")
		assert.Equal(t, "job 1", <-told)
		for n := 1; n < 4; n++ {
			<-time.After(time.Hour) // of the test's own time: nothing happens for long
			_, err := w.SaveJob(t.Context(), j.ID(), n, typed("A", fmt.Sprint("text ", n)), "")
			require.NoError(t, err)
			at := time.Now()
			assert.Equal(t, fmt.Sprint("job ", n+1), <-told)
			assert.LessOrEqual(t, time.Since(at), time.Second, "at most a second late")
		}
		cancel()
		_, open := <-told
		assert.False(t, open)
	})
}

func TestWatchAsksLessOftenWhileNothingHappens(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &trouble{Storage: memory.New()}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		assert.Empty(t, all(t, storage.Open(s, "acme").Watch(ctx, 0)), "nothing happens")
		assert.InDelta(t, 60, s.calls["changes"], 10, "about once a second")
	})
}

func TestWatchYieldsOnlyTheKindsAskedForAndReadsOnPastTheOthers(t *testing.T) {
	w := newWorkspace()
	newPage(t, w, "Hours", "x")
	_, err := w.ImportJobs(t.Context(), counted(250))
	require.NoError(t, err)
	newPage(t, w, "Prices", "x")
	pages := 0
	for c, err := range w.Watch(t.Context(), 0, storage.KindPage, storage.KindFlow) {
		require.NoError(t, err)
		assert.Equal(t, storage.KindPage, c.Ref.Kind)
		if pages++; pages == 2 {
			break
		}
	}
	assert.Equal(t, 2, pages)
}

func TestWatchOutlivesTroubleOfStorageAndSkipsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &trouble{Storage: memory.New(), changes: func(n int) error {
			if n%2 == 0 {
				return errDisk
			}
			return nil
		}}
		w := storage.Open(s, "acme")
		_, err := w.ImportJobs(t.Context(), counted(3))
		require.NoError(t, err)
		var seen []string
		for c, err := range w.Watch(t.Context(), 0) {
			if seen = append(seen, fmt.Sprint(c.Seq, err)); c.Seq == 3 {
				break
			}
		}
		assert.Equal(t, []string{"0 the disk is gone", "1 <nil>", "2 <nil>", "3 <nil>"}, seen)

		seq := w.Watch(t.Context(), 2)
		for range 2 { // a sequence can be read again
			for c, err := range seq {
				if errors.Is(err, errDisk) {
					continue
				}
				assert.EqualValues(t, 3, c.Seq)
				break
			}
		}
		for _, err := range seq {
			assert.ErrorIs(t, err, errDisk)
			break // the reader may give up
		}
	})
}

func TestWatchStopsAtOnceInTheMiddleOfAPage(t *testing.T) {
	w := newWorkspace()
	_, err := w.ImportJobs(t.Context(), counted(50))
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	seen := 0
	for _, err := range w.Watch(ctx, 0) {
		require.NoError(t, err)
		if seen++; seen == 3 {
			cancel()
		}
	}
	assert.Equal(t, 3, seen)
}
