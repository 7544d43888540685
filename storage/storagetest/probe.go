package storagetest

import (
	"context"
	"crypto/rand"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/storage"
)

// probe is one workspace of the driver under test, with the calls of a case made short. Its methods end
// the case on the first surprise, so only the goroutine of the case may call them.
type probe struct {
	reporter
	s   storage.Storage
	ws  storage.WorkspaceID
	ctx context.Context //nolint:containedctx // one case of a test, which lives as long as it
}

func newProbe(t reporter, s storage.Storage) *probe {
	return &probe{reporter: t, s: s, ws: storage.WorkspaceID("ws-" + rand.Text()), ctx: t.Context()}
}

// neighbour returns a probe of another workspace in the same storage.
func (p *probe) neighbour() *probe { return newProbe(p.reporter, p.s) }

// tryPut puts and returns the driver's answer. It may be called from any goroutine.
func (p *probe) tryPut(docs ...storage.Doc) error { return p.s.Put(p.ctx, p.ws, docs) }

func (p *probe) put(docs ...storage.Doc) {
	p.Helper()
	require.NoError(p, p.tryPut(docs...), "Put")
}

// get returns the newest revisions, in the order of refs, without what the driver left out.
func (p *probe) get(refs ...storage.Ref) []storage.Doc {
	p.Helper()
	want := make([]storage.Want, len(refs))
	for i, ref := range refs {
		want[i] = storage.Want{Ref: ref}
	}
	return p.getWants(want...)
}

func (p *probe) getWants(want ...storage.Want) []storage.Doc {
	p.Helper()
	docs, err := p.s.Get(p.ctx, p.ws, want)
	require.NoError(p, err, "Get")
	place := func(d storage.Doc) int {
		return slices.IndexFunc(want, func(w storage.Want) bool { return w.Ref == d.Ref })
	}
	slices.SortStableFunc(docs, func(a, b storage.Doc) int { return place(a) - place(b) })
	return docs
}

func (p *probe) list(q storage.Query) []storage.Doc {
	p.Helper()
	docs, err := p.s.List(p.ctx, p.ws, q)
	require.NoError(p, err, "List")
	return docs
}

// ids lists and returns the IDs. A query without a kind or limit gets the usual kind and a high limit.
func (p *probe) ids(q storage.Query) []string {
	p.Helper()
	if q.Kind == "" {
		q.Kind = kind
	}
	if q.Limit == 0 {
		q.Limit = many
	}
	ids := []string{}
	for _, d := range p.list(q) {
		ids = append(ids, d.ID)
	}
	return ids
}

// history returns all revisions, newest first.
func (p *probe) history(ref storage.Ref) []storage.Doc {
	p.Helper()
	docs, err := p.s.History(p.ctx, p.ws, ref, 0, many)
	require.NoError(p, err, "History")
	return docs
}

// changes returns all changes.
func (p *probe) changes() []storage.Change {
	p.Helper()
	return p.changesAfter(0, many)
}

func (p *probe) changesAfter(after storage.Seq, limit int) []storage.Change {
	p.Helper()
	changes, err := p.s.Changes(p.ctx, p.ws, after, limit)
	require.NoError(p, err, "Changes")
	p.inOrder(changes, after)
	return changes
}

// inOrder asserts that the numbers of changes rise, from above after on.
func (p *probe) inOrder(changes []storage.Change, after storage.Seq) {
	p.Helper()
	after = max(after, 0)
	for _, c := range changes {
		require.Greater(p, c.Seq, after, "the Seq of %v", c)
		after = c.Seq
	}
}

// conflict asserts that Put was refused with ErrConflict about ref.
func (p *probe) conflict(ref storage.Ref, docs ...storage.Doc) {
	p.Helper()
	p.refusedWith(storage.ErrConflict, ref, docs)
}

// taken asserts that Put was refused with ErrTaken, which names the holder.
func (p *probe) taken(holder storage.Ref, docs ...storage.Doc) {
	p.Helper()
	p.refusedWith(storage.ErrTaken, holder, docs)
}

func (p *probe) refusedWith(sentinel error, ref storage.Ref, docs []storage.Doc) {
	p.Helper()
	p.writesNothing(func() {
		p.Helper()
		err := p.tryPut(docs...)
		require.ErrorIs(p, err, sentinel)
		var at *storage.RefError
		require.ErrorAs(p, err, &at)
		require.Equal(p, ref, at.Ref, "the document that the error names")
	})
}

// own asserts that err is one of the driver's own: there, and none of the sentinels.
func (p *probe) own(err error) {
	p.Helper()
	require.Error(p, err)
	for _, sentinel := range []error{
		storage.ErrNotFound, storage.ErrConflict, storage.ErrTaken, storage.ErrInUse, storage.ErrUnpublished,
	} {
		require.NotErrorIs(p, err, sentinel)
	}
}

// writesNothing asserts that the workspace looks the same to all reads before and after do.
func (p *probe) writesNothing(do func()) {
	p.Helper()
	before := p.picture()
	do()
	require.Empty(p, cmp.Diff(before, p.picture(), alike...), "what was kept before (-) and after (+) a Put that failed")
}

// picture is all that the reads tell about a workspace.
type picture struct {
	Lists     map[storage.Kind][]storage.Doc
	Histories map[storage.Ref][]storage.Doc
	Changes   []storage.Change
}

func (p *probe) picture() picture {
	p.Helper()
	pic := picture{
		Lists:     map[storage.Kind][]storage.Doc{},
		Histories: map[storage.Ref][]storage.Doc{},
		Changes:   p.changes(),
	}
	for _, k := range []storage.Kind{kind, otherKind} {
		pic.Lists[k] = p.list(storage.Query{Kind: k, Limit: many})
		for _, d := range pic.Lists[k] {
			pic.Histories[d.Ref] = p.history(d.Ref)
		}
	}
	for _, c := range pic.Changes {
		pic.Histories[c.Ref] = p.history(c.Ref)
	}
	return pic
}

// same asserts that the driver returned these documents, in this order, each field as it was put.
func (p *probe) same(got []storage.Doc, want ...storage.Doc) {
	p.Helper()
	want = slices.Clone(want)
	for i := range want {
		want[i].At = want[i].At.Truncate(time.Microsecond)
	}
	require.Empty(p, cmp.Diff(want, got, alike...), "documents that were put (-) and that came back (+)")
	for _, d := range got {
		require.Same(p, time.UTC, d.At.Location(), "the time comes back in UTC")
	}
}

// alike is when two documents are the same: sets have no order, and nil is empty.
var alike = cmp.Options{
	cmp.FilterPath(isSet, cmp.Transformer("set", func(list []string) map[string]bool {
		set := map[string]bool{}
		for _, s := range list {
			set[s] = true
		}
		return set
	})),
	cmp.FilterPath(isValue, cmp.Transformer("text", func(b []byte) string { return string(b) })),
	cmp.FilterPath(func(at cmp.Path) bool { return !isSet(at) && !isValue(at) }, cmpopts.EquateEmpty()),
}

func isSet(at cmp.Path) bool {
	field := at.Last().String()
	return field == ".Unique" || field == ".Terms"
}

func isValue(at cmp.Path) bool { return at.Last().String() == ".Value" }

// together runs do n times at once, in goroutines that start as one, and returns what they returned.
func together(n int, do func(i int) error) []error {
	errs := make([]error, n)
	start := make(chan struct{})
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			<-start
			errs[i] = do(i)
		})
	}
	close(start)
	all.Wait()
	return errs
}

// allDone asserts that none of the errors of together is one.
func (p *probe) allDone(errs []error) {
	p.Helper()
	require.NoError(p, errors.Join(errs...))
}
