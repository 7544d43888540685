package storage_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/callflow/knowledge"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/storage"
	"github.com/sonajobs/sona/storage/memory"
)

// counting is a Storage that writes down what it is asked and what it sends.
type counting struct {
	storage.Storage
	mu    sync.Mutex
	gets  [][]storage.Want
	lists int
	sent  int // values
}

func (c *counting) Get(ctx context.Context, ws storage.WorkspaceID, want []storage.Want) ([]storage.Doc, error) {
	docs, err := c.Storage.Get(ctx, ws, want)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.gets = append(c.gets, want)
	for _, doc := range docs {
		if doc.Value != nil {
			c.sent++
		}
	}
	return docs, err
}

func (c *counting) List(ctx context.Context, ws storage.WorkspaceID, q storage.Query) ([]storage.Doc, error) {
	c.lists++
	return c.Storage.List(ctx, ws, q)
}

// since returns what happened since it was called last.
func (c *counting) since() (gets, lists, sent int) {
	gets, lists, sent = len(c.gets), c.lists, c.sent
	c.gets, c.lists, c.sent = nil, 0, 0
	return gets, lists, sent
}

func TestSnapshot_JoinsTheNewestOfEverything(t *testing.T) {
	w := newWorkspace()
	j, p := newJob(t, w, "Job", "Do it."), newPage(t, w, "Prices", "30 dollars.")
	f, err := w.CreateFlow(t.Context(), callflow.Simple("Desk", deskLine, callflow.SonaStep{Jobs: []job.ID{j.ID()}, Pages: []knowledge.ID{p.ID()}}))
	require.NoError(t, err)
	f = publish(t, w, f.ID())
	settings, err := w.SaveSettings(t.Context(), 0, callflow.SettingsSpec{Guardrails: []string{"Never quote prices."}})
	require.NoError(t, err)

	s := newCall(t, w, f.ID())
	assert.True(t, s.Flow().Equal(f))
	assert.Equal(t, 1, s.Version().Number())
	assert.False(t, s.IsDraft())
	assert.Equal(t, "acme", s.Workspace())
	assert.Equal(t, settings.Nonce(), s.Settings().Nonce())
	assert.Equal(t, []string{"Never quote prices."}, s.Settings().Spec().Guardrails)
	assert.True(t, s.Jobs(sona)[0].Equal(j))
	assert.True(t, s.Pages(sona)[0].Equal(p))

	_, err = w.SaveSettings(t.Context(), 2, callflow.SettingsSpec{})
	require.NoError(t, err)
	assert.Equal(t, 3, newCall(t, w, f.ID()).Settings().Revision(), "settings apply at once, like job edits")
	_, err = w.SavePage(t.Context(), p.ID(), 1, knowledge.Spec{Title: "Prices", Text: "31 dollars."}, "")
	require.NoError(t, err)
	assert.Equal(t, "31 dollars.", newCall(t, w, f.ID()).Pages(sona)[0].Text())
}

func TestSnapshot_OfANewWorkspaceHasANonceAlready(t *testing.T) {
	w := newWorkspace()
	f := newDesk(t, w)
	s := mockCall(t, w, f.ID())
	assert.NotEmpty(t, s.Settings().Nonce())
	assert.Equal(t, 1, s.Settings().Revision())
	assert.Equal(t, s.Settings().Nonce(), newCall(t, w, publish(t, w, f.ID()).ID()).Settings().Nonce())
}

func TestSnapshot_SaysWhyThereIsNone(t *testing.T) {
	kept := memory.New()
	w, other := storage.Open(kept, "acme"), storage.Open(kept, "other")
	f := newDesk(t, w)
	_, err := w.Snapshot(t.Context(), "nowhere")
	assertNotFound(t, err, flowDoc("nowhere"))
	_, err = other.DraftSnapshot(t.Context(), f.ID())
	assertNotFound(t, err, flowDoc(f.ID()))
	_, err = w.Snapshot(t.Context(), f.ID())
	assert.ErrorIs(t, err, storage.ErrUnpublished)
	_, err = w.SnapshotFor(t.Context(), deskLine)
	assert.ErrorIs(t, err, storage.ErrUnpublished)
	_, err = w.SnapshotFor(t.Context(), shopLine)
	assert.ErrorIs(t, err, storage.ErrNotFound)
	_, err = w.SnapshotFor(t.Context(), "anonymous")
	assert.ErrorIs(t, err, storage.ErrNotFound)
}

func TestSnapshot_GoesOnWithoutWhatWasDeletedAndTellsWhenItIsBack(t *testing.T) {
	kept := memory.New()
	w := storage.Open(kept, "acme")
	j := newJob(t, w, "Job", "Do it.")
	f := liveFlow(t, w, j.ID())
	newCall(t, w, f.ID())
	tombstone := storage.Doc{Ref: jobDoc(j.ID()), Revision: 2, Deleted: true, Value: []byte("{}")} // past the check of use
	require.NoError(t, kept.Put(t.Context(), "acme", []storage.Doc{tombstone}))

	for range 2 {
		s := newCall(t, w, f.ID())
		assert.Empty(t, s.Jobs(sona))
		assert.Equal(t, []callflow.Missing{{Step: sona, Job: j.ID()}}, s.Missing())
	}
	_, err := w.RestoreJob(t.Context(), j, 2)
	require.NoError(t, err)
	assert.Empty(t, newCall(t, w, f.ID()).Missing())
}

func TestSnapshot_AWarmStartIsOneReadThatSendsNothing(t *testing.T) {
	c := &counting{Storage: memory.New()}
	w := storage.Open(c, "acme")
	jobs := newJobs(t, w, 3)
	f := liveFlow(t, w, jobs[:2]...)
	newCall(t, w, f.ID())

	starts := map[string]func(){
		"Snapshot":    func() { newCall(t, w, f.ID()) },
		"SnapshotFor": func() { require.NoError(t, second(w.SnapshotFor(t.Context(), deskLine))) },
	}
	for name, start := range starts {
		start()
		c.since()
		start()
		gets, lists, sent := c.since()
		assert.Equal(t, [3]int{1, 0, 0}, [3]int{gets, lists, sent}, name)
	}

	rewrite(t, storage.Open(c.Storage, "acme"), jobs[0], "Do it better.") // by another process
	for name, start := range starts {
		c.since()
		start()
		gets, lists, sent := c.since()
		assert.Equal(t, [2]int{1, 0}, [2]int{gets, lists}, "%s: an edit of a job is part of the same read", name)
		assert.LessOrEqual(t, sent, 1)
	}

	other := storage.Open(c.Storage, "acme")
	attach(t, other, f.ID(), jobs[2])
	c.since()
	starts["Snapshot"]()
	gets, _, sent := c.since()
	assert.Equal(t, [2]int{1, 1}, [2]int{gets, sent}, "a draft that changed names nothing else to callers: only the flow is sent")

	publish(t, other, f.ID())
	c.since()
	starts["Snapshot"]()
	gets, lists, sent := c.since()
	assert.Equal(t, [3]int{2, 0, 2}, [3]int{gets, lists, sent}, "a flow that names more is read again, with it")
}

// backwards answers in another order than it was asked, which drivers may, and tells of things nobody asked
// for, which they may not.
type backwards struct {
	storage.Storage
	more []storage.Doc
}

func (b *backwards) Get(ctx context.Context, ws storage.WorkspaceID, want []storage.Want) ([]storage.Doc, error) {
	docs, err := b.Storage.Get(ctx, ws, want)
	slices.Reverse(docs)
	return append(b.more, docs...), err
}

func TestSnapshot_TheOrderOfTheAnswerIsTheDrivers(t *testing.T) {
	b := &backwards{Storage: memory.New()}
	w := storage.Open(b, "acme")
	jobs := newJobs(t, w, 3)
	f := liveFlow(t, w, jobs...)
	for range 3 {
		assert.Equal(t, []string{"Job 1", "Job 2", "Job 3"}, namesOf(newCall(t, w, f.ID()).Jobs(sona)))
	}
	rewrite(t, w, jobs[1], "Do it better.")
	assert.Equal(t, "Do it better.", newCall(t, w, f.ID()).Jobs(sona)[1].Spec().Instructions)
	stranger := newJob(t, w, "Stranger", "Stay out.")
	docs, err := b.Storage.Get(t.Context(), "acme", []storage.Want{{Ref: jobDoc(stranger.ID())}})
	require.NoError(t, err)
	b.more = docs
	assert.Len(t, newCall(t, w, f.ID()).Jobs(sona), 3)
}

func TestSnapshot_AColdStartIsTwoReads(t *testing.T) {
	c := &counting{Storage: memory.New()}
	f := func() callflow.Flow {
		w := storage.Open(c, "acme")
		_, err := w.Settings(t.Context())
		require.NoError(t, err)
		return liveFlow(t, w, newJobs(t, w, 10)...)
	}()
	w := storage.Open(c, "acme")
	c.since()
	newCall(t, w, f.ID())
	gets, _, sent := c.since()
	assert.Equal(t, [2]int{2, 12}, [2]int{gets, sent}, "the second sends the jobs, the first the flow and the settings")

	w = storage.Open(c, "acme")
	_, err := w.Flow(t.Context(), f.ID())
	require.NoError(t, err)
	c.since()
	newCall(t, w, f.ID())
	gets, _, _ = c.since()
	assert.Equal(t, 1, gets, "a flow that was read already tells what to ask for")
}

func TestSnapshot_AllOfItComesFromOneRead(t *testing.T) {
	c := &counting{Storage: memory.New()}
	w := storage.Open(c, "acme")
	f := liveFlow(t, w, newJobs(t, w, 2)...)
	c.since()
	newCall(t, w, f.ID())
	last := c.gets[len(c.gets)-1]
	assert.Len(t, last, 4, "the flow, the settings and two jobs")
}

func TestSnapshotFor_FollowsTheNumber(t *testing.T) {
	w := newWorkspace()
	first := liveFlow(t, w)
	on := func() callflow.ID {
		s, err := w.SnapshotFor(t.Context(), "+1 555 123 0000")
		require.NoError(t, err)
		return s.Flow().ID()
	}
	require.Equal(t, first.ID(), on())

	require.NoError(t, second(w.SetNumbers(t.Context(), first.ID(), first.Revision(), []callflow.Line{shopLine})))
	_, err := w.SnapshotFor(t.Context(), deskLine)
	require.ErrorIs(t, err, storage.ErrNotFound, "what was remembered is checked")
	next := liveFlow(t, w)
	assert.Equal(t, next.ID(), on())

	require.NoError(t, w.DeleteFlow(t.Context(), next.ID(), next.Revision()))
	_, err = w.SnapshotFor(t.Context(), deskLine)
	require.ErrorIs(t, err, storage.ErrNotFound)
	last := liveFlow(t, w)
	assert.Equal(t, last.ID(), on())
}

func TestSnapshot_TroubleOfStorageComesThrough(t *testing.T) {
	s := &trouble{Storage: memory.New()}
	w := storage.Open(s, "acme")
	f := newDesk(t, w)
	s.put = func(int, []storage.Doc) error { return errDisk }
	_, err := w.DraftSnapshot(t.Context(), f.ID())
	assert.ErrorIs(t, err, errDisk, "no nonce, no snapshot")
	s.put, s.get = nil, failAlways
	_, err = w.Snapshot(t.Context(), f.ID())
	assert.ErrorIs(t, err, errDisk)
	s.get = nil
	liveFlow(t, w)
	_, err = w.SnapshotFor(t.Context(), deskLine)
	require.NoError(t, err)
	s.get = failAlways
	_, err = w.SnapshotFor(t.Context(), deskLine)
	assert.ErrorIs(t, err, errDisk)
	s.get, s.list = nil, failAlways
	_, err = w.SnapshotFor(t.Context(), shopLine)
	assert.ErrorIs(t, err, errDisk)
}

func TestSnapshot_WhatCannotBeReadNamesItself(t *testing.T) {
	kept := memory.New()
	w := storage.Open(kept, "acme")
	j := newJob(t, w, "Job", "Do it.")
	f := liveFlow(t, w, j.ID())
	newCall(t, w, f.ID())
	spoil(t, kept, jobDoc(j.ID()))
	_, err := w.Snapshot(t.Context(), f.ID())
	fault, ok := errors.AsType[*storage.RefError](err)
	require.True(t, ok)
	assert.Equal(t, jobDoc(j.ID()), fault.Ref)
}

// A flow that names something else at every look is given up on, in a bounded number of reads. Authors who
// publish to and fro between things seen before do not get there.
func TestSnapshot_AFlowThatChangesFasterThanItCanBeRead(t *testing.T) {
	s := &trouble{Storage: memory.New()}
	w, other := storage.Open(s, "acme"), storage.Open(s.Storage, "acme")
	f := liveFlow(t, w)
	jobs := newJobs(t, other, 40)
	_, err := w.Settings(t.Context())
	require.NoError(t, err)
	swap := func(n int) {
		if on := draftJobs(t, must(other.Flow(t.Context(), f.ID()))); len(on) > 0 {
			detach(t, other, f.ID(), on[0])
		}
		attach(t, other, f.ID(), jobs[n])
		publish(t, other, f.ID())
	}

	n := 0
	s.get = func(int) error { swap(n); n++; return nil }
	_, err = w.Snapshot(t.Context(), f.ID())
	assert.ErrorIs(t, err, storage.ErrConflict)
	assert.ErrorContains(t, err, `changed 16 times while it was read`)

	n = 0
	s.get = func(int) error { swap(n % 2); n++; return nil }
	snap, err := w.Snapshot(t.Context(), f.ID())
	require.NoError(t, err)
	assert.Len(t, snap.Jobs(sona), 1)
	assert.Empty(t, snap.Missing())
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
