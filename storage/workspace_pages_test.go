package storage_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/callflow/knowledge"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/storage"
	"github.com/sonajobs/sona/storage/memory"
)

func fact(title, text string) knowledge.Spec { return knowledge.Spec{Title: title, Text: text} }

func TestAPageIsSavedByRevisionsLikeAJob(t *testing.T) {
	w := newWorkspace()
	p := newPage(t, w, "Hours", "Monday 9 to 5")
	saved, err := w.By("ann").SavePage(t.Context(), p.ID(), 1, fact("Hours", "Monday 8 to 5"), "earlier")
	require.NoError(t, err)
	assert.Equal(t, job.Stamp{Revision: 2, At: saved.Stamp().At, By: "ann", Note: "earlier"}, saved.Stamp())

	read, err := w.Page(t.Context(), p.ID())
	require.NoError(t, err)
	assert.Empty(t, cmp.Diff(saved, read))
	assert.Empty(t, cmp.Diff([]knowledge.Page{saved, p}, all(t, w.PageHistory(t.Context(), p.ID()))))
	first, err := w.PageRevision(t.Context(), p.ID(), 1)
	require.NoError(t, err)
	assert.Empty(t, cmp.Diff(p, first))

	back, err := w.RestorePage(t.Context(), first, 2)
	require.NoError(t, err)
	assert.Equal(t, "Monday 9 to 5", back.Text())
	assert.Equal(t, 3, back.Revision())
}

func TestAPageNeedsItsRulesKept(t *testing.T) {
	w := newWorkspace()
	p := newPage(t, w, "Hours", "Monday 9 to 5")
	for says, err := range map[string]error{
		"a blank title":      second(w.CreatePage(t.Context(), fact(" ", "x"))),
		"an ill-formed ID":   second(w.CreatePageAs(t.Context(), "a b", fact("x", "x"))),
		"no text":            second(w.SavePage(t.Context(), p.ID(), 1, fact("Hours", ""), "")),
		"an ID that is none": second(w.Page(t.Context(), "")),
		"the zero page":      second(w.RestorePage(t.Context(), knowledge.Page{}, 1)),
		"an impact of none":  second(w.PageImpact(t.Context(), "")),
		"a key of no list":   second(w.Pages(t.Context(), storage.PageQuery{After: storage.Key{ID: "\x00"}})),
	} {
		_, ok := errors.AsType[*job.ValidationError](err)
		assert.True(t, ok, "%s: %v", says, err)
	}
	_, err := w.Page(t.Context(), knowledge.NewID())
	assert.ErrorIs(t, err, storage.ErrNotFound)
	assert.Len(t, all(t, w.AllPages(t.Context())), 1)
}

func TestAStalePageIsRefusedAndMerges(t *testing.T) {
	w := newWorkspace()
	p := newPage(t, w, "Hours", "Monday 9 to 5\nTuesday 9 to 5")
	theirs, err := w.By("bob").SavePage(t.Context(), p.ID(), 1, fact("Opening hours", "Monday 9 to 5\nTuesday closed"), "")
	require.NoError(t, err)
	_, err = w.SavePage(t.Context(), p.ID(), 1, fact("Hours", "Monday 8 to 5\nTuesday 9 to 5"), "")
	require.ErrorIs(t, err, storage.ErrConflict)
	conflict, ok := errors.AsType[*storage.PageConflictError](err)
	require.True(t, ok)
	assert.EqualError(t, err, fmt.Sprintf(
		`page "Opening hours" (%s): the edit was made from revision 1, but 2 is the newest, by "bob": merge with it and save again from revision 2`, p.ID()))
	assert.Empty(t, cmp.Diff(p, conflict.Base))
	assert.Empty(t, cmp.Diff(theirs, conflict.Theirs))
	merged, clashes := conflict.Merge()
	assert.Empty(t, clashes)
	assert.Equal(t, fact("Opening hours", "Monday 8 to 5\nTuesday closed").Clean(), merged)

	_, err = w.CreatePageAs(t.Context(), p.ID(), fact("Hours", "x"))
	_, ok = errors.AsType[*storage.PageConflictError](err)
	assert.True(t, ok, "%v", err)
}

func TestAPageInUseCannotBeDeleted(t *testing.T) {
	w := newWorkspace()
	p := newPage(t, w, "Hours", "Monday 9 to 5")
	f := newFlow(t, w, "Main", "+15550000001")
	f, err := w.AttachPage(t.Context(), f.ID(), callflow.Sona, p.ID())
	require.NoError(t, err)
	f, err = w.Publish(t.Context(), f.ID(), f.Revision())
	require.NoError(t, err)

	uses, err := w.PageImpact(t.Context(), p.ID())
	require.NoError(t, err)
	want := []storage.Use{{Flow: f.ID(), Name: "Main", Step: callflow.Sona, Numbers: f.Numbers(), Draft: true, Live: true}}
	assert.Equal(t, want, uses)
	err = w.DeletePage(t.Context(), p.ID(), 1)
	inUse, ok := errors.AsType[*storage.InUseError](err)
	require.True(t, ok, "%v", err)
	assert.Equal(t, &storage.InUseError{Ref: storage.Ref{Kind: storage.KindPage, ID: string(p.ID())}, Name: "Hours", Uses: want}, inUse)

	f, err = w.DetachPage(t.Context(), f.ID(), callflow.Sona, p.ID())
	require.NoError(t, err)
	_, err = w.Publish(t.Context(), f.ID(), f.Revision())
	require.NoError(t, err)
	uses, err = w.PageImpact(t.Context(), p.ID())
	require.NoError(t, err)
	assert.Empty(t, uses)
	require.NoError(t, w.DeletePage(t.Context(), p.ID(), 1))
	_, err = w.PageImpact(t.Context(), p.ID())
	assert.ErrorIs(t, err, storage.ErrNotFound)
}

func TestPagesAreListedAndFoundByTitle(t *testing.T) {
	w := newWorkspace()
	for _, title := range []string{"Prices", "Hours", "Holiday hours"} {
		newPage(t, w, title, "x")
	}
	list, err := w.Pages(t.Context(), storage.PageQuery{Text: "HOURS", Limit: 1})
	require.NoError(t, err)
	require.Len(t, list.Pages, 1)
	assert.Equal(t, "Holiday hours", list.Pages[0].Title())
	list, err = w.Pages(t.Context(), storage.PageQuery{Text: "HOURS", Limit: 1, After: list.Next})
	require.NoError(t, err)
	assert.Equal(t, "Hours", list.Pages[0].Title())
	assert.Zero(t, list.Next)
}

func TestAPageThatCannotBeReadIsReported(t *testing.T) {
	s := memory.New()
	w := storage.Open(s, "acme")
	p := newPage(t, w, "Hours", "x")
	spoil(t, s, storage.Ref{Kind: storage.KindPage, ID: string(p.ID())})
	list, err := w.Pages(t.Context(), storage.PageQuery{})
	require.NoError(t, err)
	require.Len(t, list.Broken, 1)
	assert.EqualError(t, list.Broken[0], fmt.Sprintf("page %q: revision 2 cannot be read: unexpected end of JSON input", p.ID()))
}

func TestAGateKeepsAPageFromBeingSaved(t *testing.T) {
	w := newWorkspace()
	p := newPage(t, w, "Hours", "Monday 9 to 5")
	f := newFlow(t, w, "Main", "+15550000001")
	f, err := w.AttachPage(t.Context(), f.ID(), callflow.Sona, p.ID())
	require.NoError(t, err)
	_, err = w.Publish(t.Context(), f.ID(), f.Revision())
	require.NoError(t, err)
	refused := errors.New("too long for the prompt")
	gate := func(_ context.Context, s callflow.Snapshot) error {
		assert.Equal(t, "Monday 8 to 5", s.Pages(callflow.Sona)[0].Text())
		return refused
	}
	_, err = w.SavePage(t.Context(), p.ID(), 1, fact("Hours", "Monday 8 to 5"), "", gate)
	assert.ErrorIs(t, err, refused)
	read, err := w.Page(t.Context(), p.ID())
	require.NoError(t, err)
	assert.Equal(t, 1, read.Revision())
}
