package runtime_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow/call"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/storage"
)

// clean closes what killed processes have left, on several processes, one of which may be killed, too.
func (d *disaster) clean() {
	d.weatherIs(d.dice(2) == 0)
	var all sync.WaitGroup
	for _, left := range []int{d.dice(12), -1} {
		h, rt, ws := d.start("", left, true)
		all.Go(func() {
			done := make(chan struct{})
			go func() {
				defer close(done)
				_, _ = rt.CloseAbandoned(d.t.Context(), ws, time.Hour)
			}()
			select {
			case <-done:
			case <-h.killed:
			}
		})
	}
	all.Wait()
	d.weatherIs(false)
	<-time.After(time.Hour)
	_, rt, ws := d.start("", -1, true)
	_, err := rt.CloseAbandoned(d.t.Context(), ws, time.Hour)
	require.NoError(d.t, err)
	require.NoError(d.t, rt.Flush(d.t.Context()))
	n, err := rt.CloseAbandoned(d.t.Context(), ws, time.Hour)
	require.NoError(d.t, err)
	require.Zero(d.t, n, "once is enough")
}

func TestWhateverHappensToAHostEachCallHasOneRecord(t *testing.T) {
	n := &toll{killed: map[string]int{}}
	for seed := range seeds(t) {
		synctest.Test(t, func(t *testing.T) {
			d := newDisaster(t, seed+2_000_000, n)
			defer func() {
				d.release()
				if t.Failed() {
					t.Logf("with seed %d", seed)
				}
			}()
			id := call.ID(fmt.Sprintf("call-%d", seed))
			d.weatherIs(d.dice(3) == 0)
			first := d.hold(id, d.dice(2), d.dice(80))
			<-time.After(d.pause())
			left := -1
			if d.dice(3) == 0 {
				left = d.dice(60)
			}
			switch d.dice(4) {
			case 0: // the caller rings again
				d.hold(id+"-again", d.dice(2), left)
			case 1: // the webhook comes a second time
				d.hold(id, d.dice(2), left)
			case 2: // a process that keeps nothing answers for the call
				if !first.lives() {
					d.hold(id, continued, left)
				}
			}
			<-time.After(4 * time.Hour) // until those who live have stored what they have
			d.clean()
			for _, id := range []call.ID{id, id + "-again"} {
				d.check(id)
			}
		})
		if t.Failed() {
			break
		}
	}
	t.Logf("%d calls with a record, %d of them with failing storage; %d effects, %d without a trace where storage failed; %d records were never handed over and %d twice, where storage failed; killed %v",
		n.records, n.failed, n.effects, n.untraced, n.unhanded, n.twice, n.killed)
	if seeds(t) >= 1000 {
		for _, deed := range deeds {
			require.NotZero(t, n.killed["before "+deed]+n.killed["after "+deed], "nobody was killed at %s: %v", deed, n.killed)
		}
	}
}

// release lets those leave who were killed: nobody looks any more.
func (d *disaster) release() {
	for _, h := range d.hosts {
		close(h.released)
	}
	<-time.After(4 * time.Hour)
}

// check compares what is stored of a call with what is known of it.
func (d *disaster) check(id call.ID) {
	t := d.t
	d.mu.Lock()
	defer d.mu.Unlock()
	r, err := d.o.ws.Call(t.Context(), id)
	if errors.Is(err, storage.ErrNotFound) {
		require.True(t, d.lost[id] || !d.begun[id], "a call without a record")
		return
	}
	require.NoError(t, err)
	require.NotEqual(t, call.InProgress, r.Status)
	require.Contains(t, []call.SummaryStatus{call.SummaryCompleted, call.SummaryFailed}, r.Summary.Status)
	require.NotEmpty(t, r.Outcome.Kind)
	require.Equal(t, r.Outcome.Kind.Exit(), r.Outcome.Exit)
	require.False(t, r.EndedAt.Before(r.StartedAt))

	d.n.records++
	if d.lost[id] {
		d.n.failed++
	}
	switch n := len(d.handed[id]); {
	case n == 0:
		d.n.unhanded++
	case n > 1:
		d.n.twice++
		require.True(t, d.lost[id], "one record")
	}
	said := 0
	for _, turn := range r.Turns {
		for _, n := range number.FindAllStringSubmatch(turn.Text, -1) {
			require.Equal(t, fmt.Sprint(said), n[1], "what the caller said stands there once, in order, and without a gap")
			said++
		}
	}
	require.LessOrEqual(t, said, d.said[id])

	traced, kept := map[string]bool{}, map[string]bool{}
	for _, f := range r.Effects {
		traced[f.Key] = true
		require.True(t, f.Done || f.Err != "", "what is not known says so")
		if f.Err == "" || !f.Done {
			require.NotContains(t, kept, f.Key, "an effect stands there once")
			kept[f.Key] = true
		}
		if own := f.Action == job.Voicemail || f.Action == job.EndCall || f.Action == job.TransferCall && d.made[id]; f.Done && f.Err == "" && !own {
			require.Positive(t, d.done[f.Key], "what is said to be done was done: %+v %s", f, r.ID)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(d.done)) {
		s, again := d.served[key], 0
		if s.transfer { // what the line says was not made may be started again
			again = d.unmade[s.id]
		}
		require.LessOrEqual(t, d.done[key], 1+again, "effect %s happened more than once", key)
		if s.id == id && s.stores {
			d.n.effects++
			if !traced[key] {
				d.n.untraced++
				require.True(t, d.lost[id], "an effect without its trace")
			}
		}
		docs, err := d.store.Get(t.Context(), "acme", []storage.Want{{Ref: storage.Ref{Kind: "effect", ID: key}}})
		require.NoError(t, err)
		require.NotEmpty(t, docs, "an effect without its claim")
		require.True(t, again > 0 || !strings.Contains(string(docs[0].Value), "failed"), "a claim of what was done is not free")
	}
}
