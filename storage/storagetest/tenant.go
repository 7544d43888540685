package storagetest

import (
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/storage"
)

var tenantCases = []testCase{
	{"Workspaces: an unknown one is an empty one, to all reads", func(p *probe) {
		p.put(terms(doc("a", 1), "t"))
		for _, ws := range []storage.WorkspaceID{p.neighbour().ws, p.ws + "x", p.ws[:len(p.ws)-1], "", "\xff", "a\x00"} {
			stranger := &probe{reporter: p.reporter, s: p.s, ws: ws, ctx: p.ctx}
			require.Empty(p, stranger.get(ref("a")))
			require.Empty(p, stranger.ids(storage.Query{}))
			require.Empty(p, stranger.ids(storage.Query{Terms: []string{"t"}}))
			require.Empty(p, stranger.history(ref("a")))
			require.Empty(p, stranger.changes())
		}
	}},
	{"Workspaces: Get sees its own only", func(p *probe) {
		hers, his := p.twins()
		p.same(hers.get(ref("a"), ref("hers"), ref("his")), value(doc("a", 1), "hers"), doc("hers", 1))
		p.same(his.get(ref("a"), ref("hers"), ref("his")), value(doc("a", 1), "his"), terms(doc("his", 1), "t"))
		his.put(doc("a", 2))
		p.same(hers.getWants(storage.Want{Ref: ref("a"), Have: 2}), value(doc("a", 1), "hers"))
	}},
	{"Workspaces: List sees its own only", func(p *probe) {
		hers, his := p.twins()
		for _, q := range []storage.Query{
			{}, {Reverse: true}, {Terms: []string{"t"}}, {Contains: "h"}, {From: "a", To: "z"}, {After: storage.Key{Sort: "A"}},
		} {
			require.NotContains(p, hers.ids(q), "his", "%+v", q)
			require.NotContains(p, his.ids(q), "hers", "%+v", q)
		}
		p.same(his.list(storage.Query{Kind: kind, To: "b", Limit: 9}), value(doc("a", 1), "his"))
		require.Equal(p, []string{"a", "hers"}, hers.ids(storage.Query{}))
		require.Equal(p, []string{"his"}, his.ids(storage.Query{Terms: []string{"t"}}))
	}},
	{"Workspaces: History sees its own only", func(p *probe) {
		hers, his := p.twins()
		his.put(doc("a", 2))
		p.same(hers.history(ref("a")), value(doc("a", 1), "hers"))
		p.same(his.history(ref("a")), doc("a", 2), value(doc("a", 1), "his"))
		require.Empty(p, his.history(ref("hers")))
	}},
	{"Workspaces: Changes tells of its own only", func(p *probe) {
		hers, his := p.twins()
		his.put(doc("his", 2), doc("his", 3))
		require.Len(p, hers.changes(), 2)
		require.Len(p, his.changes(), 4)
		for _, c := range hers.changes() {
			require.NotEqual(p, "his", c.Ref.ID)
		}
	}},
	{"Workspaces: Put touches its own only", func(p *probe) {
		hers, his := p.twins()
		before := hers.picture()
		his.put(doc("a", 2), doc("a", 3), tombstone("a", 4), doc("new", 1), doc("hers", 1))
		his.put(erasure("a", 5))
		his.conflict(ref("a"), doc("a", 2))
		require.Equal(p, before, hers.picture())
		hers.put(doc("a", 2))
	}},
	{"Workspaces: each has its own unique strings", func(p *probe) {
		hers, his := p.twins()
		hers.put(unique(doc("b", 1), "u"))
		his.put(unique(doc("c", 1), "u"))
		his.taken(ref("c"), unique(doc("d", 1), "u"))
		hers.taken(ref("b"), unique(doc("d", 1), "u"))
		hers.put(tombstone("b", 2))
		his.taken(ref("c"), unique(doc("d", 1), "u"))
	}},
	{"Workspaces: workspace and kind are two names, however they are put together", func(p *probe) {
		hers := p.neighbour()
		his := p.neighbour()
		his.ws = hers.ws + "x"
		hers.put(kinded(doc("a", 1), "xjob"))
		his.put(doc("a", 1))
		his.put(doc("a", 2))
		require.Empty(p, hers.get(ref("a")))
		p.same(hers.get(refOf("xjob", "a")), kinded(doc("a", 1), "xjob"))
		require.Len(p, hers.changes(), 1)
	}},
	{"Workspaces: writers of two do not disturb each other", func(p *probe) {
		spaces := []*probe{p.neighbour(), p.neighbour(), p.neighbour(), p.neighbour()}
		p.allDone(together(len(spaces), func(w int) error {
			for i := range 30 {
				if err := spaces[w].tryPut(unique(doc("a", i+1), "u"), doc("b", i+1)); err != nil {
					return err
				}
			}
			return nil
		}))
		for _, s := range spaces {
			require.Len(p, s.history(ref("a")), 30)
			require.Len(p, s.changes(), 60)
		}
	}},
}

// twins returns two workspaces that hold a document of the same name with different texts, and one of
// their own each.
func (p *probe) twins() (hers, his *probe) {
	p.Helper()
	hers, his = p.neighbour(), p.neighbour()
	hers.put(value(doc("a", 1), "hers"), doc("hers", 1))
	his.put(value(doc("a", 1), "his"), terms(doc("his", 1), "t"))
	p.same(hers.get(ref("hers")), doc("hers", 1))
	return hers, his
}
