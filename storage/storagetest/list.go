package storagetest

import (
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/storage"
)

var listCases = []testCase{
	{"List returns the newest revisions of one kind, with their values", func(p *probe) {
		p.put(doc("a", 1), kinded(doc("b", 1), otherKind), doc("c", 1), kinded(doc("a", 1), otherKind))
		p.put(terms(doc("a", 2), "t"))
		p.same(p.list(storage.Query{Kind: kind, Limit: many}), terms(doc("a", 2), "t"), doc("c", 1))
		p.same(p.list(storage.Query{Kind: otherKind, Limit: many}),
			kinded(doc("a", 1), otherKind), kinded(doc("b", 1), otherKind))
	}},
	{"List of a kind that nobody put is empty", func(p *probe) {
		p.put(doc("a", 1))
		require.Empty(p, p.list(storage.Query{Kind: otherKind, Limit: 1}))
		require.Empty(p, p.list(storage.Query{Kind: "", Limit: 1}))
	}},
	{"List leaves out what is deleted, until it comes back", func(p *probe) {
		p.put(doc("a", 1), doc("b", 1), doc("c", 1))
		p.put(tombstone("b", 2))
		require.Equal(p, []string{"a", "c"}, p.ids(storage.Query{}))
		p.put(doc("b", 3))
		require.Equal(p, []string{"a", "b", "c"}, p.ids(storage.Query{}))
	}},
	{"List returns at most Limit documents, the first ones, and fewer only if there are no more", func(p *probe) {
		p.put(series("d", 5)...)
		for limit := 1; limit <= 7; limit++ {
			require.Len(p, p.ids(storage.Query{Limit: limit}), min(limit, 5))
		}
		require.Equal(p, []string{"d0000", "d0001"}, p.ids(storage.Query{Limit: 2}))
		require.Equal(p, []string{"d0004", "d0003"}, p.ids(storage.Query{Limit: 2, Reverse: true}))
	}},
	{"List fills the page also where most documents do not match", func(p *probe) {
		docs := series("d", 2_000)
		for i := 0; i < len(docs); i += 500 {
			docs[i] = terms(sorted(docs[i], docs[i].Sort+" wanted"), "rare")
		}
		p.put(docs...)
		require.Equal(p, []string{"d0000", "d0500", "d1000"}, p.ids(storage.Query{Contains: "wanted", Limit: 3}))
		require.Equal(p, []string{"d0000", "d0500", "d1000"}, p.ids(storage.Query{Terms: []string{"rare"}, Limit: 3}))
		require.Equal(p, []string{"d1500", "d1000", "d0500"},
			p.ids(storage.Query{Contains: "want", Terms: []string{"rare"}, Limit: 3, Reverse: true}))
	}},
	{"List refuses a limit below 1", func(p *probe) {
		p.put(doc("a", 1))
		for _, limit := range []int{0, -1} {
			_, err := p.s.List(p.ctx, p.ws, storage.Query{Kind: kind, Limit: limit})
			p.own(err)
		}
	}},
	{"List refuses a query that is no valid text", func(p *probe) {
		for _, q := range []storage.Query{
			{Kind: "\xff"}, {Contains: "\xff"}, {From: "\xff"}, {To: "a\x00"}, {Terms: []string{"t", "\xff"}},
			{After: storage.Key{Sort: "\xff"}}, {After: storage.Key{ID: "\x00"}},
		} {
			q.Limit = 1
			_, err := p.s.List(p.ctx, p.ws, q)
			p.own(err)
		}
	}},
	{"List with Terms returns what has all of them, each as a whole", func(p *probe) {
		p.put(
			terms(doc("a", 1), "x", "y"),
			terms(doc("b", 1), "y", "z", "x"),
			terms(doc("c", 1), "x"),
			terms(doc("d", 1), "xy", "x y", "X"),
			doc("e", 1),
			terms(kinded(doc("f", 1), otherKind), "x", "y"),
		)
		for _, c := range []struct{ terms, want []string }{
			{nil, []string{"a", "b", "c", "d", "e"}},
			{[]string{"x"}, []string{"a", "b", "c"}},
			{[]string{"x", "y"}, []string{"a", "b"}},
			{[]string{"y", "x", "y"}, []string{"a", "b"}},
			{[]string{"x", "y", "z"}, []string{"b"}},
			{[]string{"z", "absent"}, []string{}},
			{[]string{"xy"}, []string{"d"}},
			{[]string{"x y", "X"}, []string{"d"}},
			{[]string{""}, []string{}},
		} {
			require.Equal(p, c.want, p.ids(storage.Query{Terms: c.terms}), "terms %q", c.terms)
		}
	}},
	{"List finds a document by the terms of its newest revision only", func(p *probe) {
		p.put(terms(doc("a", 1), "old", "both"))
		p.put(terms(doc("a", 2), "both", "new"))
		require.Empty(p, p.ids(storage.Query{Terms: []string{"old"}}))
		require.Empty(p, p.ids(storage.Query{Terms: []string{"old", "new"}}))
		require.Equal(p, []string{"a"}, p.ids(storage.Query{Terms: []string{"new", "both"}}))
		p.put(doc("a", 3))
		require.Empty(p, p.ids(storage.Query{Terms: []string{"both"}}))
	}},
	{"List finds a document once, even if it has a term twice", func(p *probe) {
		p.put(terms(doc("a", 1), "t", "t"))
		require.Equal(p, []string{"a"}, p.ids(storage.Query{Terms: []string{"t"}}))
		p.put(doc("a", 2))
		require.Empty(p, p.ids(storage.Query{Terms: []string{"t"}}))
	}},
	{"List with Contains returns what has it anywhere inside Sort, byte for byte", func(p *probe) {
		for id, sort := range map[string]string{
			"1": "take a message", "2": "message", "3": "Message", "4": "massage", "5": "", "6": "50% off_now",
			"7": "5000 off now", "8": `back\slash`, "9": "münchen", "10": "müchen", "11": "mu\u0308nchen",
		} {
			p.put(sorted(doc(id, 1), sort))
		}
		for contains, want := range map[string][]string{
			"message": {"1", "2"}, "Mess": {"3"}, "ss": {"1", "2", "3", "4"}, "a m": {"1"}, "take a message": {"1"},
			"%": {"6"}, "_": {"6"}, `\`: {"8"}, "f_n": {"6"}, "0%": {"6"}, "ü": {"9", "10"}, "ün": {"9"}, "\u0308": {"11"},
			"*": {}, "?": {}, ".": {}, "'": {}, `"`: {}, "absent": {}, "messages": {}, "message ": {}, " ": {"1", "6", "7"},
		} {
			require.ElementsMatch(p, want, p.ids(storage.Query{Contains: contains}), "contains %q", contains)
		}
		require.Len(p, p.ids(storage.Query{Contains: ""}), 11)
	}},
	{"List looks at the Sort of the newest revision only", func(p *probe) {
		p.put(sorted(doc("a", 1), "first"), sorted(doc("b", 1), "middle"))
		p.put(sorted(doc("a", 2), "zlast"))
		require.Equal(p, []string{"b", "a"}, p.ids(storage.Query{}))
		require.Empty(p, p.ids(storage.Query{Contains: "first"}))
		require.Empty(p, p.ids(storage.Query{To: "g"}))
	}},
	{"List returns what lies at From or above, and below To", func(p *probe) {
		for _, id := range []string{"a", "b", "ba", "bb", "c", "d"} {
			p.put(sorted(doc("1"+id, 1), id), sorted(doc("2"+id, 1), id))
		}
		for _, c := range []struct {
			from, to string
			want     []string
		}{
			{"b", "c", []string{"1b", "2b", "1ba", "2ba", "1bb", "2bb"}},
			{"bb", "", []string{"1bb", "2bb", "1c", "2c", "1d", "2d"}},
			{"", "b", []string{"1a", "2a"}},
			{"b", "b", []string{}},
			{"c", "b", []string{}},
			{"e", "", []string{}},
			{"bab", "bz", []string{"1bb", "2bb"}},
		} {
			require.Equal(p, c.want, p.ids(storage.Query{From: c.from, To: c.to}), "from %q to %q", c.from, c.to)
			reversed := reverse(c.want)
			require.Equal(p, reversed, p.ids(storage.Query{From: c.from, To: c.to, Reverse: true}), "from %q to %q, reversed", c.from, c.to)
		}
	}},
	{"List holds all conditions at once", func(p *probe) {
		p.put(
			terms(sorted(doc("hit1", 1), "m one"), "t"),
			terms(sorted(doc("hit2", 1), "m two one"), "t", "s"),
			terms(sorted(doc("other word", 1), "m two"), "t"),
			terms(sorted(doc("too low", 1), "a one"), "t"),
			terms(sorted(doc("too high", 1), "z one"), "t"),
			sorted(doc("no term", 1), "m three one"),
			terms(sorted(doc("before", 1), "m a one"), "t"),
			terms(kinded(sorted(doc("other kind", 1), "m one"), otherKind), "t"),
		)
		q := storage.Query{
			Terms: []string{"t"}, Contains: "one", From: "b", To: "n",
			After: storage.Key{Sort: "m a one", ID: "before"},
		}
		require.Equal(p, []string{"hit1", "hit2"}, p.ids(q))
		q.After, q.Reverse = storage.Key{Sort: "m two one", ID: "hit2"}, true
		require.Equal(p, []string{"hit1", "before"}, p.ids(q))
	}},
}
