package storagetest

import (
	"fmt"
	"slices"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/storage"
)

var uniqueCases = []testCase{
	{"Unique: a string that another document holds is ErrTaken, which names the holder", func(p *probe) {
		p.put(unique(doc("x", 1), "other"), unique(doc("holder", 1), "u", "v"), unique(doc("y", 1), "more"))
		p.taken(ref("holder"), unique(doc("b", 1), "v"))
		p.taken(ref("holder"), unique(doc("b", 1), "w", "u"))
		p.put(unique(doc("b", 1), "w"))
		p.taken(ref("holder"), unique(doc("b", 2), "w", "u"))
	}},
	{"Unique: a string that an earlier document of the same Put holds is ErrTaken", func(p *probe) {
		p.taken(ref("a"), unique(doc("a", 1), "u"), unique(doc("b", 1), "u"))
		p.taken(ref("b"), doc("a", 1), unique(doc("b", 1), "v"), doc("c", 1), unique(doc("a", 2), "u", "v"))
	}},
	{"Unique: a document may hold a string twice, and hold it on", func(p *probe) {
		p.put(unique(doc("a", 1), "u", "u"))
		p.put(unique(doc("a", 2), "u"), unique(doc("a", 3), "v", "u"))
		p.taken(ref("a"), unique(doc("b", 1), "u"))
		p.taken(ref("a"), unique(doc("b", 1), "v"))
	}},
	{"Unique: only the strings of the newest revision are held", func(p *probe) {
		p.put(unique(doc("a", 1), "u", "v"))
		p.put(unique(doc("a", 2), "v"))
		p.put(unique(doc("b", 1), "u"))
		p.taken(ref("a"), unique(doc("c", 1), "v"))
		p.taken(ref("b"), unique(doc("a", 3), "u", "v"))
	}},
	{"Unique: a deleted document holds nothing", func(p *probe) {
		p.put(unique(doc("a", 1), "u"))
		p.put(unique(tombstone("a", 2), "u"))
		p.put(unique(doc("b", 1), "u"))
		p.taken(ref("b"), unique(doc("c", 1), "u"))
	}},
	{"Unique: a tombstone asks for nothing", func(p *probe) {
		p.put(unique(doc("a", 1), "u"), doc("b", 1))
		p.put(unique(tombstone("b", 2), "u"))
		p.taken(ref("a"), unique(doc("b", 3), "u"))
		p.put(doc("b", 3))
		p.taken(ref("a"), unique(doc("c", 1), "u"))
	}},
	{"Unique: a document that comes back holds its strings again, if they are free", func(p *probe) {
		p.put(unique(doc("a", 1), "u"), tombstone("a", 2))
		p.put(unique(doc("a", 3), "u"))
		p.taken(ref("a"), unique(doc("b", 1), "u"))
		p.put(tombstone("a", 4), unique(doc("b", 1), "u"))
		p.taken(ref("b"), unique(doc("a", 5), "u"))
		p.put(doc("a", 5))
	}},
	{"Unique: another kind may hold the same string", func(p *probe) {
		p.put(unique(doc("a", 1), "u"), unique(kinded(doc("a", 1), otherKind), "u"))
		p.put(unique(kinded(doc("a", 2), otherKind), "u"))
		p.taken(refOf(otherKind, "a"), unique(kinded(doc("b", 1), otherKind), "u"))
	}},
	{"Unique: one Put hands a string over if the giver stands first", func(p *probe) {
		p.put(unique(doc("a", 1), "u"), doc("b", 1))
		p.taken(ref("a"), unique(doc("b", 2), "u"), doc("a", 2))
		p.put(doc("a", 2), unique(doc("b", 2), "u"))
		p.put(tombstone("b", 3), unique(doc("a", 3), "u"))
		p.taken(ref("a"), unique(doc("c", 1), "u"))
	}},
	{"Unique: strings are compared byte for byte", func(p *probe) {
		docs := make([]storage.Doc, len(oddStrings))
		for i, s := range oddStrings {
			docs[i] = unique(doc(fmt.Sprint(i), 1), s)
		}
		p.put(docs...)
		for i, s := range oddStrings {
			err := p.tryPut(unique(doc("new", 1), s))
			var at *storage.RefError
			require.ErrorIs(p, err, storage.ErrTaken, "%q", s)
			require.ErrorAs(p, err, &at)
			require.Equal(p, docs[i].Ref, at.Ref, "%q", s)
		}
	}},
	{"Unique: a document that is both in conflict and taken is in conflict", func(p *probe) {
		p.put(unique(doc("a", 1), "u"), doc("b", 1))
		p.conflict(ref("b"), unique(doc("b", 1), "u"))
		p.conflict(ref("b"), unique(doc("b", 3), "u"))
	}},
	{"Unique: the first document that is refused decides", func(p *probe) {
		p.put(unique(doc("a", 1), "u"))
		p.taken(ref("a"), unique(doc("b", 1), "u"), doc("a", 1))
		p.conflict(ref("a"), doc("a", 1), unique(doc("b", 1), "u"))
	}},
	{"Unique: of 16 documents that ask for one string at once exactly one gets it", func(p *probe) {
		for round := range 10 {
			number := fmt.Sprintf("number %d", round)
			id := func(i int) string { return fmt.Sprintf("%d-%d", round, i) }
			errs := together(16, func(i int) error { return p.tryPut(unique(doc(id(i), 1), number)) })
			winner := slices.Index(errs, nil)
			require.GreaterOrEqual(p, winner, 0, "nobody got the string")
			for i, err := range errs {
				if i == winner {
					continue
				}
				var at *storage.RefError
				require.ErrorIs(p, err, storage.ErrTaken)
				require.ErrorAs(p, err, &at)
				require.Equal(p, ref(id(winner)), at.Ref, "the holder")
				require.Empty(p, p.get(ref(id(i))))
			}
		}
	}},
}
