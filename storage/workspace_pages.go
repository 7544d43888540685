package storage

import (
	"context"
	"iter"

	"github.com/sonajobs/sona/callflow/knowledge"
	"github.com/sonajobs/sona/job"
)

var pageShelf = shelf[knowledge.Page, knowledge.Spec]{
	kind:  KindPage,
	parse: func(id string) error { _, err := knowledge.ParseID(id); return err },
	build: func(id string, at job.Stamp, s knowledge.Spec) (knowledge.Page, error) {
		return knowledge.Restore(knowledge.ID(id), at, s)
	},
	name: func(s knowledge.Spec) string { return s.Title },
	conflict: func(base, theirs knowledge.Page, mine knowledge.Spec) error {
		return &PageConflictError{Base: base, Theirs: theirs, Mine: mine}
	},
}

// CreatePage adds a Knowledge page, selected for no step. What breaks a rule is a *[job.ValidationError].
func (w *Workspace) CreatePage(ctx context.Context, s knowledge.Spec) (knowledge.Page, error) {
	return w.CreatePageAs(ctx, knowledge.NewID(), s)
}

// CreatePageAs is CreatePage under an ID that the host chose. An ID that has a page already is a
// *[PageConflictError]. The ID of a deleted page may be used again; its revisions count on.
func (w *Workspace) CreatePageAs(ctx context.Context, id knowledge.ID, s knowledge.Spec) (knowledge.Page, error) {
	return pageShelf.create(ctx, w, string(id), s)
}

// SavePage makes the next revision of a page. Like an edit of a job it applies at once, everywhere;
// base, note, gates and errors are those of [Workspace.SaveJob], the conflict a *[PageConflictError].
func (w *Workspace) SavePage(ctx context.Context, id knowledge.ID, base int, s knowledge.Spec, note string, gates ...Gate) (knowledge.Page, error) {
	return pageShelf.save(ctx, w, string(id), base, s, note, func(p knowledge.Page) error { return w.gatePage(ctx, p, gates) })
}

// Page returns the newest revision of a page. One that does not exist here, or was deleted, is
// [ErrNotFound] in a *[RefError].
func (w *Workspace) Page(ctx context.Context, id knowledge.ID) (knowledge.Page, error) {
	return pageShelf.load(ctx, w, string(id))
}

// DeletePage deletes a page that no flow names, neither in its draft nor published: else the error is an
// *[InUseError]. It is [Workspace.DeleteJob] for pages.
func (w *Workspace) DeletePage(ctx context.Context, id knowledge.ID, base int) error {
	return pageShelf.remove(ctx, w, string(id), base, func() ([]Use, error) { return w.pageUses(ctx, id) })
}

// PageHistory yields the revisions of a page, newest first, as [Workspace.JobHistory] does.
func (w *Workspace) PageHistory(ctx context.Context, id knowledge.ID) iter.Seq2[knowledge.Page, error] {
	return pageShelf.history(ctx, w, string(id))
}

// PageRevision returns one revision of a page, also of a deleted one, else [ErrNotFound] in a *[RefError].
func (w *Workspace) PageRevision(ctx context.Context, id knowledge.ID, revision int) (knowledge.Page, error) {
	return pageShelf.revision(ctx, w, string(id), revision)
}

// RestorePage makes an old text of a page the newest revision, as [Workspace.RestoreJob] does.
func (w *Workspace) RestorePage(ctx context.Context, old knowledge.Page, base int, gates ...Gate) (knowledge.Page, error) {
	if old.IsZero() {
		return knowledge.Page{}, noText("the zero Page has no text to restore: take one from PageHistory")
	}
	return pageShelf.restore(ctx, w, string(old.ID()), old, base, func(p knowledge.Page) error { return w.gatePage(ctx, p, gates) })
}

// PageQuery selects Knowledge pages, in the order of their titles. The zero PageQuery is the first page of
// all.
type PageQuery struct {
	Text  string // a part of the title; upper and lower case, accents and blanks make no difference
	Limit int    // DefaultLimit when it is 0 or less, at most MaxLimit
	After Key    // PageList.Next of the list before; zero for the first
}

// PageList is a part of the workspace's Knowledge. Pages and Broken together are its entries.
type PageList struct {
	Pages  []knowledge.Page
	Next   Key         // where the next list goes on; zero when this is the last
	Broken []*RefError // pages of this list that cannot be read; RestorePage with an earlier revision mends them
}

// Pages returns a part of the Knowledge pages, as [Workspace.Jobs] does with jobs; those that cannot be read are
// reported in PageList.Broken.
func (w *Workspace) Pages(ctx context.Context, q PageQuery) (PageList, error) {
	found, next, broken, err := pageShelf.page(ctx, w, q.Text, q.Limit, q.After)
	return PageList{Pages: found, Next: next, Broken: broken}, err
}

// AllPages yields every Knowledge page, as [Workspace.AllJobs] does with jobs.
func (w *Workspace) AllPages(ctx context.Context) iter.Seq2[knowledge.Page, error] {
	return pageShelf.all(ctx, w)
}
