package storagetest

import (
	"context"
	"fmt"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/storage"
)

var cancelCases = []testCase{
	{"Cancelled: Get returns the context's error at once", func(p *probe) {
		p.put(doc("a", 1))
		p.ended(func(ctx context.Context, ws storage.WorkspaceID) error {
			_, err := p.s.Get(ctx, ws, []storage.Want{{Ref: ref("a")}})
			return err
		})
		p.ended(func(ctx context.Context, ws storage.WorkspaceID) error {
			_, err := p.s.Get(ctx, ws, nil)
			return err
		})
	}},
	{"Cancelled: List returns the context's error at once", func(p *probe) {
		p.put(doc("a", 1))
		p.ended(func(ctx context.Context, ws storage.WorkspaceID) error {
			_, err := p.s.List(ctx, ws, storage.Query{Kind: kind, Limit: 1})
			return err
		})
	}},
	{"Cancelled: History returns the context's error at once", func(p *probe) {
		p.put(doc("a", 1))
		p.ended(func(ctx context.Context, ws storage.WorkspaceID) error {
			_, err := p.s.History(ctx, ws, ref("a"), 0, 1)
			return err
		})
	}},
	{"Cancelled: Changes returns the context's error at once", func(p *probe) {
		p.put(doc("a", 1))
		p.ended(func(ctx context.Context, ws storage.WorkspaceID) error {
			_, err := p.s.Changes(ctx, ws, 0, 1)
			return err
		})
	}},
	{"Cancelled: Put returns the context's error at once and writes nothing", func(p *probe) {
		p.put(doc("a", 1))
		p.writesNothing(func() {
			p.ended(func(ctx context.Context, ws storage.WorkspaceID) error {
				return p.s.Put(ctx, ws, []storage.Doc{doc("a", 2), doc("b", 1)})
			})
			p.ended(func(ctx context.Context, ws storage.WorkspaceID) error { return p.s.Put(ctx, ws, nil) })
		})
		p.put(doc("a", 2), doc("b", 1))
	}},
	{"Cancelled: a context that ends during a Put leaves all of it or nothing", func(p *probe) {
		for round := range 40 {
			docs := series(fmt.Sprintf("r%d-", round), 30)
			refs := make([]storage.Ref, len(docs))
			for i := range docs {
				refs[i] = docs[i].Ref
			}
			ctx, cancel := context.WithCancel(p.ctx)
			errs := together(2, func(w int) error {
				if w == 0 {
					cancel()
					return nil
				}
				return p.s.Put(ctx, p.ws, docs)
			})
			written := len(p.get(refs...))
			if errs[1] == nil {
				require.Equal(p, len(docs), written, "a Put that returned nil")
				continue
			}
			require.ErrorIs(p, errs[1], context.Canceled)
			require.Contains(p, []int{0, len(docs)}, written, "a Put that was cancelled")
			if written == 0 {
				p.put(docs...)
			}
		}
		require.Len(p, p.changes(), 40*30)
	}},
	{"Cancelled: the context of a call that is over does not matter", func(p *probe) {
		ctx, cancel := context.WithCancel(p.ctx)
		require.NoError(p, p.s.Put(ctx, p.ws, []storage.Doc{doc("a", 1)}))
		docs, err := p.s.Get(ctx, p.ws, []storage.Want{{Ref: ref("a")}})
		require.NoError(p, err)
		cancel()
		p.same(docs, doc("a", 1))
		p.same(p.get(ref("a")), doc("a", 1))
		p.put(doc("a", 2))
	}},
}

// ended asserts that call returns the error of a context that ended before, in a workspace that is known
// and in one that is not.
func (p *probe) ended(call func(context.Context, storage.WorkspaceID) error) {
	p.Helper()
	cancelled, cancel := context.WithCancel(p.ctx)
	cancel()
	late, cancelLate := context.WithDeadline(p.ctx, time.Unix(0, 0))
	defer cancelLate()
	for _, ws := range []storage.WorkspaceID{p.ws, p.neighbour().ws} {
		require.ErrorIs(p, call(cancelled, ws), context.Canceled)
		require.ErrorIs(p, call(late, ws), context.DeadlineExceeded)
	}
}
