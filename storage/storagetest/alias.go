package storagetest

import (
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/storage"
)

var aliasCases = []testCase{
	{"Slices: Put keeps none of those it was given", func(p *probe) {
		docs := []storage.Doc{full("a", 1), full("b", 1)}
		p.put(docs...)
		scribble(docs)
		p.intact("a", 1)
		p.intact("b", 1)
	}},
	{"Slices: Put writes to none of those it was given", func(p *probe) {
		docs := []storage.Doc{full("a", 1), full("a", 2)}
		docs[0].Terms, docs[0].Unique = []string{"z", "t", "z"}, []string{"z", "u", "z"}
		p.put(docs...)
		want := []storage.Doc{full("a", 1), full("a", 2)}
		want[0].Terms, want[0].Unique = []string{"z", "t", "z"}, []string{"z", "u", "z"}
		require.Equal(p, want, docs)
		conflict := []storage.Doc{full("b", 1), full("a", 9)}
		p.conflict(ref("a"), conflict...)
		require.Equal(p, []storage.Doc{full("b", 1), full("a", 9)}, conflict)
	}},
	{"Slices: what Get handed out is the asker's", func(p *probe) {
		p.put(full("a", 1))
		scribble(p.get(ref("a")))
		p.intact("a", 1)
		scribble(p.getWants(storage.Want{Ref: ref("a"), Have: 1}))
		p.intact("a", 1)
	}},
	{"Slices: what List handed out is the asker's", func(p *probe) {
		p.put(full("a", 1), full("b", 1))
		scribble(p.list(storage.Query{Kind: kind, Limit: many}))
		scribble(p.list(storage.Query{Kind: kind, Terms: []string{"t"}, Limit: many}))
		p.intact("a", 1)
		p.intact("b", 1)
	}},
	{"Slices: what History handed out is the asker's", func(p *probe) {
		p.put(full("a", 1), full("a", 2))
		scribble(p.history(ref("a")))
		p.intact("a", 2, full("a", 1))
	}},
	{"Slices: what Changes handed out is the asker's", func(p *probe) {
		p.put(full("a", 1), full("b", 1))
		changes := p.changes()
		want := append([]storage.Change{}, changes...)
		for i := range changes {
			changes[i] = storage.Change{}
		}
		_ = append(changes[:0], storage.Change{Seq: 99})
		require.Equal(p, want, p.changes())
	}},
	{"Slices: what two reads handed out is not shared", func(p *probe) {
		p.put(full("a", 1))
		first, second := p.get(ref("a")), p.get(ref("a"))
		scribble(first)
		p.same(second, full("a", 1))
		third := p.history(ref("a"))
		scribble(second)
		p.same(third, full("a", 1))
	}},
	{"Slices: the wants and the terms of a query stay the asker's", func(p *probe) {
		p.put(full("a", 1), full("b", 1))
		wants := []storage.Want{{Ref: ref("b"), Have: 3}, {Ref: ref("x")}, {Ref: ref("a")}, {Ref: ref("b")}}
		before := append([]storage.Want{}, wants...)
		_, err := p.s.Get(p.ctx, p.ws, wants)
		require.NoError(p, err)
		require.Equal(p, before, wants)

		terms := []string{"v", "t", "v"}
		require.Equal(p, []string{"a", "b"}, p.ids(storage.Query{Terms: terms}))
		require.Equal(p, []string{"v", "t", "v"}, terms)
		terms[0] = "absent"
		require.Equal(p, []string{"a", "b"}, p.ids(storage.Query{Terms: []string{"v", "t", "v"}}))
	}},
}

// full returns a revision with something in each of its slices. Its unique string is the document's own.
func full(id string, revision int) storage.Doc {
	return terms(unique(doc(id, revision), "v "+id, "u "+id), "v", "t")
}

// scribble writes over everything that the slices of docs reach, and into their spare capacity.
func scribble(docs []storage.Doc) {
	for i := range docs {
		d := &docs[i]
		for _, list := range [][]string{d.Unique, d.Terms} {
			for j := range list {
				list[j] = "scribbled"
			}
			_ = append(list, "appended")
		}
		for j := range d.Value {
			d.Value[j] = '!'
		}
		_ = append(d.Value, '!')
		docs[i] = storage.Doc{Ref: ref("scribbled"), Revision: 99}
	}
	_ = append(docs, storage.Doc{Ref: ref("appended")})
}

// intact asserts that no read sees that somebody scribbled.
func (p *probe) intact(id string, revision int, earlier ...storage.Doc) {
	p.Helper()
	want := full(id, revision)
	p.same(p.get(want.Ref), want)
	p.same(p.history(want.Ref), append([]storage.Doc{want}, earlier...)...)
	for _, term := range want.Terms {
		require.Contains(p, p.ids(storage.Query{Terms: []string{term}}), id)
	}
	for _, d := range p.list(storage.Query{Kind: kind, From: want.Sort, Limit: 1}) {
		p.same([]storage.Doc{d}, want)
	}
	for _, s := range want.Unique {
		p.taken(want.Ref, unique(doc("thief", 1), s))
	}
}
