package storagetest

import (
	"math"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/storage"
)

var historyCases = []testCase{
	{"History returns the revisions newest first, each as it was put", func(p *probe) {
		first := terms(unique(sorted(doc("a", 1), "x"), "u"), "t")
		second := terms(unique(sorted(doc("a", 2), "y"), "v"), "s")
		second.By, second.Note = "ben", ""
		p.put(first)
		p.put(second)
		p.put(doc("a", 3))
		p.same(p.history(ref("a")), doc("a", 3), second, first)
	}},
	{"History is of one document", func(p *probe) {
		p.put(doc("a", 1), doc("b", 1), kinded(doc("a", 1), otherKind), doc("aa", 1))
		p.put(doc("b", 2))
		p.same(p.history(ref("a")), doc("a", 1))
		p.same(p.history(refOf(otherKind, "a")), kinded(doc("a", 1), otherKind))
	}},
	{"History of what was never put is empty", func(p *probe) {
		p.put(doc("a", 1))
		for _, ref := range []storage.Ref{ref("b"), refOf(otherKind, "a"), refOf("", ""), ref("\xff"), ref("a\x00")} {
			require.Empty(p, p.history(ref))
		}
	}},
	{"History has tombstones in their place", func(p *probe) {
		p.put(doc("a", 1), tombstone("a", 2), doc("a", 3), tombstone("a", 4))
		p.same(p.history(ref("a")), tombstone("a", 4), doc("a", 3), tombstone("a", 2), doc("a", 1))
	}},
	{"History starts below before, at the newest when it is 0 or less, and returns at most limit", func(p *probe) {
		for i := range 6 {
			p.put(doc("a", i+1))
		}
		for _, c := range []struct {
			before, limit int
			want          []int
		}{
			{0, many, []int{6, 5, 4, 3, 2, 1}},
			{-1, many, []int{6, 5, 4, 3, 2, 1}},
			{math.MinInt64, 2, []int{6, 5}},
			{0, 1, []int{6}},
			{0, 3, []int{6, 5, 4}},
			{4, many, []int{3, 2, 1}},
			{4, 2, []int{3, 2}},
			{2, 9, []int{1}},
			{1, 9, nil},
			{6, 1, []int{5}},
			{7, 2, []int{6, 5}},
			{99, 2, []int{6, 5}},
			{math.MaxInt64, math.MaxInt64, []int{6, 5, 4, 3, 2, 1}},
		} {
			docs, err := p.s.History(p.ctx, p.ws, ref("a"), c.before, c.limit)
			require.NoError(p, err)
			var got []int
			for _, d := range docs {
				got = append(got, d.Revision)
			}
			require.Equal(p, c.want, got, "before %d, limit %d", c.before, c.limit)
		}
	}},
	{"History refuses a limit below 1", func(p *probe) {
		p.put(doc("a", 1))
		for _, limit := range []int{0, -1} {
			_, err := p.s.History(p.ctx, p.ws, ref("a"), 0, limit)
			p.own(err)
		}
	}},
}
