package storagetest

import (
	"fmt"
	"slices"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/storage"
)

// oddStrings are texts that databases like to sort, fold or match in ways of their own. In Go's order,
// which is that of their bytes.
var oddStrings = func() []string {
	list := []string{
		"", " ", "  ", "\t", "\n", "\x01", "\x7f", "!", "%", "_", "*", "'", `"`, `\`, "0", "00", "1", "10", "2", "-1",
		"A", "B", "Z", "a", "a ", "a b", "a-b", "a_b", "aa", "ab", "aB", "Ab", "z", "zz", "ch", "cz", "d",
		"é", "e\u0301", "e", "f", "ß", "ss", "i", "I", "ı", "İ", "Ω", "я", "Я", "中", "日本", "\u200b", "\ufeff",
		"\ue000", "\ufffd", "\U00010000", "😀", "\U0010ffff", "null", "NULL", "true", "1e3", "$1", "?", ":a", "{}", "[]",
	}
	slices.Sort(list)
	return list
}()

func reverse[T any](list []T) []T {
	list = slices.Clone(list)
	slices.Reverse(list)
	return list
}

var orderCases = []testCase{
	{"Order: lists rise by Sort, and Reverse turns them", func(p *probe) {
		p.put(sorted(doc("a", 1), "3"), sorted(doc("b", 1), "1"), sorted(doc("c", 1), "2"))
		require.Equal(p, []string{"b", "c", "a"}, p.ids(storage.Query{}))
		require.Equal(p, []string{"a", "c", "b"}, p.ids(storage.Query{Reverse: true}))
	}},
	{"Order: equal sort keys are ordered by ID", func(p *probe) {
		p.put(sorted(doc("b", 1), "x"), sorted(doc("c", 1), "x"), sorted(doc("a", 1), "x"), sorted(doc("d", 1), "w"))
		require.Equal(p, []string{"d", "a", "b", "c"}, p.ids(storage.Query{}))
		require.Equal(p, []string{"c", "b", "a", "d"}, p.ids(storage.Query{Reverse: true}))
	}},
	{"Order: Sort is compared byte for byte, in no language", func(p *probe) {
		want := make([]string, len(oddStrings))
		var docs []storage.Doc
		for i, s := range oddStrings {
			want[i] = fmt.Sprintf("%02d", i)
			docs = append(docs, sorted(doc(want[i], 1), s))
		}
		p.put(reverse(docs)...)
		require.Equal(p, want, p.ids(storage.Query{}))
		require.Equal(p, reverse(want), p.ids(storage.Query{Reverse: true}))
	}},
	{"Order: IDs are compared byte for byte, in no language", func(p *probe) {
		ids := slices.DeleteFunc(slices.Clone(oddStrings), func(s string) bool { return s == "" })
		var docs []storage.Doc
		for _, id := range ids {
			docs = append(docs, sorted(doc(id, 1), "same"))
		}
		p.put(reverse(docs)...)
		require.Equal(p, ids, p.ids(storage.Query{}))
		require.Equal(p, reverse(ids), p.ids(storage.Query{Reverse: true}))
	}},
	{"Order: From, To and After are compared byte for byte, in no language", func(p *probe) {
		var docs []storage.Doc
		for i, s := range oddStrings {
			docs = append(docs, sorted(doc(fmt.Sprintf("%02d", i), 1), s))
		}
		p.put(docs...)
		for i, s := range oddStrings {
			require.Len(p, p.ids(storage.Query{From: s}), len(docs)-i, "from %q", s)
			if s != "" {
				require.Len(p, p.ids(storage.Query{To: s}), i, "to %q", s)
			}
			require.Len(p, p.ids(storage.Query{After: docs[i].Key()}), len(docs)-i-1, "after %q", s)
			require.Len(p, p.ids(storage.Query{After: docs[i].Key(), Reverse: true}), i, "below %q", s)
		}
	}},
	{"Order: After itself is excluded and need not belong to a document", func(p *probe) {
		p.put(sorted(doc("a", 1), "k"), sorted(doc("c", 1), "k"), sorted(doc("b", 1), "m"))
		for _, c := range []struct {
			after    storage.Key
			up, down []string
			whatItIs string
		}{
			{storage.Key{}, []string{"a", "c", "b"}, []string{"b", "c", "a"}, "no place"},
			{storage.Key{Sort: "k", ID: "a"}, []string{"c", "b"}, []string{}, "the first document"},
			{storage.Key{Sort: "k", ID: "c"}, []string{"b"}, []string{"a"}, "a document"},
			{storage.Key{Sort: "m", ID: "b"}, []string{}, []string{"c", "a"}, "the last document"},
			{storage.Key{Sort: "k", ID: "b"}, []string{"c", "b"}, []string{"a"}, "between two of one sort key"},
			{storage.Key{Sort: "k"}, []string{"a", "c", "b"}, []string{}, "a sort key without an ID"},
			{storage.Key{Sort: "l"}, []string{"b"}, []string{"c", "a"}, "between two sort keys"},
			{storage.Key{Sort: "z"}, []string{}, []string{"b", "c", "a"}, "above all"},
			{storage.Key{Sort: "a"}, []string{"a", "c", "b"}, []string{}, "below all"},
			{storage.Key{ID: "b"}, []string{"a", "c", "b"}, []string{}, "an ID without a sort key"},
		} {
			require.Equal(p, c.up, p.ids(storage.Query{After: c.after}), c.whatItIs)
			require.Equal(p, c.down, p.ids(storage.Query{After: c.after, Reverse: true}), c.whatItIs)
		}
	}},
	{"Order: After outside [From, To) adds or takes nothing", func(p *probe) {
		p.put(series("d", 6)...)
		q := storage.Query{From: "d0002", To: "d0004", After: storage.Key{Sort: "d0000", ID: "d0000"}}
		require.Equal(p, []string{"d0002", "d0003"}, p.ids(q))
		q.After = storage.Key{Sort: "d0004", ID: "d0004"}
		require.Empty(p, p.ids(q))
		q.Reverse = true
		require.Equal(p, []string{"d0003", "d0002"}, p.ids(q))
		q.After = storage.Key{Sort: "d0001", ID: "d0001"}
		require.Empty(p, p.ids(q))
	}},
	{"Order: a document whose Sort changes moves", func(p *probe) {
		p.put(series("d", 3)...)
		p.put(sorted(doc("d0000", 2), "d0001x"))
		require.Equal(p, []string{"d0001", "d0000", "d0002"}, p.ids(storage.Query{}))
		p.put(sorted(doc("d0000", 3), "z"), sorted(doc("d0002", 2), ""))
		require.Equal(p, []string{"d0002", "d0001", "d0000"}, p.ids(storage.Query{}))
	}},
}
