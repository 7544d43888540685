package storagetest

import (
	"slices"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/storage"
)

var getCases = []testCase{
	{"Get returns the newest revision of each document that is wanted", func(p *probe) {
		p.put(doc("a", 1), doc("b", 1), doc("c", 1))
		p.same(p.get(ref("a"), ref("b"), ref("c")), doc("a", 1), doc("b", 1), doc("c", 1))
		p.put(doc("b", 2))
		p.put(doc("c", 2), doc("c", 3))
		p.same(p.get(ref("a"), ref("b"), ref("c")), doc("a", 1), doc("b", 2), doc("c", 3))
		p.same(p.get(ref("b")), doc("b", 2))
	}},
	{"Get leaves out what is absent", func(p *probe) {
		require.Empty(p, p.get(ref("a")))
		p.put(doc("a", 1))
		p.same(p.get(ref("z"), ref("a"), ref("A"), refOf(otherKind, "a")), doc("a", 1))
	}},
	{"Get leaves out what is deleted", func(p *probe) {
		p.put(doc("a", 1), doc("b", 1))
		p.put(tombstone("a", 2))
		p.same(p.get(ref("a"), ref("b")), doc("b", 1))
		require.Empty(p, p.getWants(storage.Want{Ref: ref("a"), Have: 2}, storage.Want{Ref: ref("a"), Have: 1}))
	}},
	{"Get finds nothing under a name that no Put accepts", func(p *probe) {
		p.put(doc("a", 1))
		p.same(p.get(refOf("", ""), refOf(kind, ""), ref("\xff"), ref("a\x00"), refOf("\xff", "a"), ref("a")), doc("a", 1))
	}},
	{"Get of nothing is nothing", func(p *probe) {
		p.put(doc("a", 1))
		require.Empty(p, p.getWants())
	}},
	{"Get tells documents of one ID apart by their kind", func(p *probe) {
		p.put(doc("a", 1), kinded(doc("a", 1), otherKind))
		p.put(kinded(doc("a", 2), otherKind))
		p.same(p.get(refOf(otherKind, "a"), ref("a")), kinded(doc("a", 2), otherKind), doc("a", 1))
	}},
	{"Get may leave out the value where the newest revision is Have, and nothing else", func(p *probe) {
		d := terms(unique(doc("a", 2), "u"), "t")
		p.put(doc("a", 1), d)
		got := p.getWants(storage.Want{Ref: d.Ref, Have: 2})
		require.Len(p, got, 1)
		if len(got[0].Value) == 0 {
			d.Value = nil
		}
		p.same(got, d)
	}},
	{"Get gives the newest value where Have is older, 0 or above the newest", func(p *probe) {
		p.put(doc("a", 1), doc("a", 2), doc("a", 3))
		for _, have := range []int{0, 1, 2, 4, 99, -1} {
			p.same(p.getWants(storage.Want{Ref: ref("a"), Have: have}), doc("a", 3))
		}
	}},
	{"Get judges each Have by its own document", func(p *probe) {
		p.put(doc("a", 1), doc("b", 1), doc("b", 2), doc("c", 1))
		got := p.getWants(
			storage.Want{Ref: ref("a"), Have: 2},
			storage.Want{Ref: ref("b"), Have: 1},
			storage.Want{Ref: ref("c"), Have: 1})
		require.Len(p, got, 3)
		p.same(got[:2], doc("a", 1), doc("b", 2))
	}},
	{"Get answers a document that is wanted twice once, with its value if one of the wants needs it", func(p *probe) {
		p.put(doc("a", 1), doc("a", 2))
		for _, haves := range [][]int{{0, 0}, {0, 2}, {2, 0}, {2, 1, 2}, {2, 3}} {
			var wants []storage.Want
			for _, have := range haves {
				wants = append(wants, storage.Want{Ref: ref("a"), Have: have})
			}
			p.same(p.getWants(wants...), doc("a", 2))
		}
		require.Len(p, p.getWants(storage.Want{Ref: ref("a"), Have: 2}, storage.Want{Ref: ref("a"), Have: 2}), 1)
	}},
	{"Get answers a thousand wants at once", func(p *probe) {
		docs := series("d", 1_000)
		p.put(docs...)
		var refs []storage.Ref
		for _, d := range slices.Backward(docs) {
			refs = append(refs, ref("absent "+d.ID), d.Ref)
		}
		slices.Reverse(docs)
		p.same(p.get(refs...), docs...)
	}},
}
