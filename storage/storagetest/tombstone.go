package storagetest

import (
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/storage"
)

var tombstoneCases = []testCase{
	{"Tombstone: it counts as a revision", func(p *probe) {
		p.put(doc("a", 1), tombstone("a", 2))
		for _, revision := range []int{1, 2, 4} {
			p.conflict(ref("a"), doc("a", revision))
		}
		p.conflict(ref("a"), tombstone("a", 2))
		p.put(doc("a", 3))
	}},
	{"Tombstone: Get and List leave the document out, History keeps it", func(p *probe) {
		p.put(terms(doc("a", 1), "t"))
		p.put(terms(tombstone("a", 2), "t"))
		require.Empty(p, p.get(ref("a")))
		require.Empty(p, p.ids(storage.Query{}))
		require.Empty(p, p.ids(storage.Query{Terms: []string{"t"}}))
		p.same(p.history(ref("a")), terms(tombstone("a", 2), "t"), terms(doc("a", 1), "t"))
	}},
	{"Tombstone: a later revision brings the document back", func(p *probe) {
		p.put(terms(doc("a", 1), "old"))
		p.put(tombstone("a", 2))
		p.put(terms(doc("a", 3), "new"))
		p.same(p.get(ref("a")), terms(doc("a", 3), "new"))
		require.Equal(p, []string{"a"}, p.ids(storage.Query{Terms: []string{"new"}}))
		require.Empty(p, p.ids(storage.Query{Terms: []string{"old"}}))
		p.same(p.history(ref("a")), terms(doc("a", 3), "new"), tombstone("a", 2), terms(doc("a", 1), "old"))
	}},
	{"Tombstone: it may be the first revision, and one may follow another", func(p *probe) {
		p.put(tombstone("a", 1))
		p.put(tombstone("a", 2), tombstone("a", 3))
		require.Empty(p, p.get(ref("a")))
		p.put(doc("a", 4))
		p.same(p.get(ref("a")), doc("a", 4))
		p.same(p.history(ref("a")), doc("a", 4), tombstone("a", 3), tombstone("a", 2), tombstone("a", 1))
	}},
	{"Tombstone: one with a value keeps the history", func(p *probe) {
		p.put(doc("a", 1), doc("a", 2))
		p.put(tombstone("a", 3))
		p.same(p.history(ref("a")), tombstone("a", 3), doc("a", 2), doc("a", 1))
	}},
	{"Tombstone: one without a value erases the values of all earlier revisions, and nothing else", func(p *probe) {
		first := terms(unique(doc("a", 1), "u"), "t")
		p.put(first, doc("b", 1), kinded(doc("a", 1), otherKind))
		p.put(tombstone("a", 2))
		p.put(doc("a", 3))
		p.put(erasure("a", 4))
		p.same(p.history(ref("a")), erasure("a", 4), erased(doc("a", 3)), erased(tombstone("a", 2)), erased(first))
		p.same(p.get(ref("b"), refOf(otherKind, "a")), doc("b", 1), kinded(doc("a", 1), otherKind))
		require.Len(p, p.changes(), 6)
	}},
	{"Tombstone: an empty value erases as nil does", func(p *probe) {
		p.put(doc("a", 1))
		p.put(value(tombstone("a", 2), ""))
		p.same(p.history(ref("a")), erasure("a", 2), erased(doc("a", 1)))
	}},
	{"Tombstone: what is already deleted can still be erased", func(p *probe) {
		p.put(doc("a", 1), tombstone("a", 2))
		p.put(erasure("a", 3))
		p.same(p.history(ref("a")), erasure("a", 3), erased(tombstone("a", 2)), erased(doc("a", 1)))
	}},
	{"Tombstone: one Put may write and erase", func(p *probe) {
		p.put(doc("a", 1), erasure("a", 2), doc("a", 3))
		p.same(p.history(ref("a")), doc("a", 3), erasure("a", 2), erased(doc("a", 1)))
		p.same(p.get(ref("a")), doc("a", 3))
	}},
	{"Tombstone: what comes after an erasure is kept", func(p *probe) {
		p.put(doc("a", 1), erasure("a", 2))
		p.put(doc("a", 3))
		p.put(doc("a", 4))
		p.same(p.history(ref("a")), doc("a", 4), doc("a", 3), erasure("a", 2), erased(doc("a", 1)))
	}},
	{"Tombstone: a Put that fails erases nothing", func(p *probe) {
		p.put(doc("a", 1), doc("b", 1))
		p.conflict(ref("b"), erasure("a", 2), doc("b", 1))
		p.same(p.history(ref("a")), doc("a", 1))
	}},
	{"Tombstone: a revision without a value that deletes nothing erases nothing", func(p *probe) {
		p.put(doc("a", 1))
		p.put(erased(doc("a", 2)))
		p.same(p.history(ref("a")), erased(doc("a", 2)), doc("a", 1))
	}},
}
