package storagetest

import (
	"fmt"
	"strings"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/storage"
)

var putCases = []testCase{
	{"Put keeps every field of a revision", func(p *probe) {
		full := doc("a", 1)
		full.Sort = "sort key"
		full.Unique = []string{"u2", "u1"}
		full.Terms = []string{"t2", "t1"}
		p.put(full)
		p.same(p.get(full.Ref), full)
		p.same(p.list(storage.Query{Kind: kind, Limit: 1}), full)
		p.same(p.history(full.Ref), full)
	}},
	{"Put keeps a time as an instant, in UTC, cut to the microsecond", func(p *probe) {
		for i, at := range []time.Time{
			{},
			noon,
			time.Date(1969, 12, 31, 23, 59, 59, 999_999_999, time.UTC),
			time.Date(2999, 1, 1, 0, 0, 0, 1_999, time.FixedZone("far", -11*3600)),
		} {
			d := doc(fmt.Sprint(i), 1)
			d.At = at
			p.put(d)
			p.same(p.get(d.Ref), d)
		}
	}},
	{"Put keeps a document that has nothing but a name", func(p *probe) {
		bare := storage.Doc{Ref: ref("a"), Revision: 1}
		p.put(bare)
		p.same(p.get(bare.Ref), bare)
		p.same(p.list(storage.Query{Kind: kind, Limit: 1}), bare)
	}},
	{"Put accepts revision 1 of a document that is new, and no other", func(p *probe) {
		for _, revision := range []int{-1, 0, 2, 7} {
			p.conflict(ref("a"), doc("a", revision))
		}
		p.put(doc("a", 1))
	}},
	{"Put accepts the newest revision plus one, and no other", func(p *probe) {
		p.put(doc("a", 1))
		p.put(doc("a", 2))
		for _, revision := range []int{0, 1, 2, 4} {
			p.conflict(ref("a"), doc("a", revision))
		}
		p.put(doc("a", 3))
		p.same(p.get(ref("a")), doc("a", 3))
	}},
	{"Put leaves the text of the revision that won", func(p *probe) {
		p.put(doc("a", 1))
		p.put(value(doc("a", 2), "hers"))
		p.conflict(ref("a"), value(doc("a", 2), "his"))
		p.same(p.history(ref("a")), value(doc("a", 2), "hers"), doc("a", 1))
	}},
	{"Put appends successive revisions of one document in order", func(p *probe) {
		p.put(doc("a", 1), doc("b", 1), doc("a", 2), doc("a", 3))
		p.same(p.get(ref("a"), ref("b")), doc("a", 3), doc("b", 1))
		p.same(p.history(ref("a")), doc("a", 3), doc("a", 2), doc("a", 1))
		require.Equal(p, []string{"a", "b"}, p.ids(storage.Query{}))
	}},
	{"Put of one revision twice is a conflict", func(p *probe) {
		p.conflict(ref("a"), doc("a", 1), value(doc("a", 1), "other"))
	}},
	{"Put of revisions in the wrong order is a conflict", func(p *probe) {
		p.conflict(ref("a"), doc("a", 2), doc("a", 1))
	}},
	{"Put writes all or none when the last document is in conflict", func(p *probe) {
		p.put(terms(unique(doc("old", 1), "u"), "t"))
		p.conflict(ref("old"),
			unique(doc("new", 1), "v"),
			sorted(terms(doc("old", 2), "other"), "elsewhere"),
			kinded(doc("new", 1), otherKind),
			doc("old", 2))
		require.Equal(p, []string{"old"}, p.ids(storage.Query{Terms: []string{"t"}}))
		require.Empty(p, p.ids(storage.Query{Terms: []string{"other"}}))
		p.taken(ref("old"), unique(doc("thief", 1), "u"))
		p.put(unique(doc("third", 1), "v"))
	}},
	{"Put writes all or none when a document in the middle is taken", func(p *probe) {
		p.put(unique(doc("holder", 1), "u"))
		p.taken(ref("holder"), doc("a", 1), unique(doc("b", 1), "u"), doc("c", 1))
		require.Empty(p, p.get(ref("a"), ref("b"), ref("c")))
		p.put(doc("a", 1), doc("b", 1), doc("c", 1))
	}},
	{"Put of nothing does nothing", func(p *probe) {
		p.put(doc("a", 1))
		p.writesNothing(func() {
			require.NoError(p, p.s.Put(p.ctx, p.ws, nil))
			require.NoError(p, p.s.Put(p.ctx, p.ws, []storage.Doc{}))
		})
	}},
	{"Put refuses what no driver accepts, and writes nothing", func(p *probe) {
		for name, bad := range unstorable() {
			p.writesNothing(func() {
				err := p.tryPut(doc("good", 1), bad)
				require.Error(p, err, name)
				p.own(err)
			})
		}
		p.own(p.s.Put(p.ctx, "", []storage.Doc{doc("a", 1)}))
		p.own(p.s.Put(p.ctx, "\xff", []storage.Doc{doc("a", 1)}))
	}},
	{"Put refuses what no driver accepts before it looks at revisions", func(p *probe) {
		p.own(p.tryPut(doc("a", 7), sorted(doc("b", 1), "\xff")))
	}},
	{"Put accepts names and keys of the full length", func(p *probe) {
		long := doc(strings.Repeat("i", storage.MaxID), 1)
		long.Kind = storage.Kind(strings.Repeat("k", storage.MaxID))
		long.Sort = strings.Repeat("é", storage.MaxKey/2)
		long.Unique = []string{strings.Repeat("u", storage.MaxKey)}
		long.Terms = []string{strings.Repeat("t", storage.MaxKey), strings.Repeat("t", storage.MaxKey-1)}
		p.ws += storage.WorkspaceID(strings.Repeat("w", storage.MaxID-len(p.ws)))
		p.put(long)
		p.same(p.list(storage.Query{Kind: long.Kind, Terms: long.Terms, Limit: 1}), long)
		p.taken(long.Ref, unique(kinded(doc("other", 1), long.Kind), long.Unique...))
	}},
	{"Put keeps values of a megabyte, and opaque bytes as they are", func(p *probe) {
		big := doc("big", 1)
		big.Value = []byte(strings.Repeat("0123456789abcdef", 1<<16))
		raw := doc("raw", 1)
		raw.Value = []byte("\x00\xff{ \"b\": 1,\n\"a\": 1.0,\"a\":2 }\x00")
		p.put(big, raw)
		p.same(p.get(big.Ref, raw.Ref), big, raw)
		p.same(p.history(big.Ref), big)
	}},
	{"Put takes a thousand documents at once", func(p *probe) {
		docs := series("d", 1_000)
		p.put(docs...)
		p.same(p.list(storage.Query{Kind: kind, Limit: many}), docs...)
	}},
}

// unstorable returns documents that storage.CheckPut refuses, by what is wrong with them.
func unstorable() map[string]storage.Doc {
	change := func(f func(*storage.Doc)) storage.Doc {
		d := doc("bad", 1)
		f(&d)
		return d
	}
	return map[string]storage.Doc{
		"no kind":       change(func(d *storage.Doc) { d.Kind = "" }),
		"no id":         change(func(d *storage.Doc) { d.ID = "" }),
		"long kind":     change(func(d *storage.Doc) { d.Kind = storage.Kind(strings.Repeat("k", storage.MaxID+1)) }),
		"long id":       change(func(d *storage.Doc) { d.ID = strings.Repeat("i", storage.MaxID+1) }),
		"long sort":     change(func(d *storage.Doc) { d.Sort = strings.Repeat("s", storage.MaxKey+1) }),
		"long unique":   change(func(d *storage.Doc) { d.Unique = []string{strings.Repeat("u", storage.MaxKey+1)} }),
		"long term":     change(func(d *storage.Doc) { d.Terms = []string{strings.Repeat("t", storage.MaxKey+1)} }),
		"zero in id":    change(func(d *storage.Doc) { d.ID = "a\x00b" }),
		"broken kind":   change(func(d *storage.Doc) { d.Kind = "\xff" }),
		"broken id":     change(func(d *storage.Doc) { d.ID = "\xff" }),
		"broken sort":   change(func(d *storage.Doc) { d.Sort = "\xff" }),
		"zero in sort":  change(func(d *storage.Doc) { d.Sort = "a\x00" }),
		"broken unique": change(func(d *storage.Doc) { d.Unique = []string{"u", "\xff"} }),
		"broken term":   change(func(d *storage.Doc) { d.Terms = []string{"t", "\xff"} }),
		"broken by":     change(func(d *storage.Doc) { d.By = "\xff" }),
		"zero in note":  change(func(d *storage.Doc) { d.Note = "\x00" }),
	}
}
