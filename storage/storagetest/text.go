package storagetest

import (
	"fmt"
	"strings"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/storage"
)

var textCases = []testCase{
	{"Text: any storable string is an ID, and no two of them are one", func(p *probe) {
		var docs []storage.Doc
		for _, id := range append(oddStrings, "a/b", "../a", "a\nb", strings.Repeat("x", storage.MaxID)) {
			if id != "" {
				docs = append(docs, doc(id, 1))
			}
		}
		p.put(docs...)
		for _, d := range docs {
			p.same(p.get(d.Ref), d)
			p.same(p.history(d.Ref), d)
		}
	}},
	{"Text: any storable string is a term, and no two of them are one", func(p *probe) {
		for i, term := range oddStrings {
			p.put(terms(doc(fmt.Sprint(i), 1), "all", term))
		}
		for i, term := range oddStrings {
			require.Equal(p, []string{fmt.Sprint(i)}, p.ids(storage.Query{Terms: []string{term, "all"}}), "term %q", term)
		}
	}},
	{"Text: any storable string is a kind", func(p *probe) {
		for _, k := range oddStrings {
			if k != "" {
				p.put(kinded(doc("a", 1), storage.Kind(k)))
			}
		}
		for _, k := range oddStrings {
			if k != "" {
				p.same(p.list(storage.Query{Kind: storage.Kind(k), Limit: 2}), kinded(doc("a", 1), storage.Kind(k)))
			}
		}
	}},
	{"Text: By, Note and Sort come back byte for byte", func(p *probe) {
		for i, s := range oddStrings {
			d := sorted(doc(fmt.Sprint(i), 1), s)
			d.By, d.Note = s, s+s
			p.put(d)
			p.same(p.get(d.Ref), d)
		}
	}},
	{"Text: Contains finds any storable string where it stands", func(p *probe) {
		for i, s := range oddStrings {
			p.put(sorted(doc(fmt.Sprint(i), 1), "<"+s+">"))
		}
		for _, s := range oddStrings {
			want := []string{}
			for i, other := range oddStrings {
				if strings.Contains("<"+other+">", s) {
					want = append(want, fmt.Sprint(i))
				}
			}
			require.ElementsMatch(p, want, p.ids(storage.Query{Contains: s}), "contains %q", s)
		}
	}},
	{"Text: kind and ID are two names, however they are put together", func(p *probe) {
		docs := []storage.Doc{
			kinded(doc("b:c", 1), "a"), kinded(doc("c", 1), "a:b"), kinded(doc("b/c", 1), "a"), kinded(doc("c", 1), "a/b"),
			kinded(doc("bc", 1), "a"), kinded(doc("c", 1), "ab"), kinded(doc("b c", 1), "a"), kinded(doc("c", 1), "a b"),
		}
		p.put(docs...)
		for _, d := range docs {
			p.same(p.get(d.Ref), d)
			p.same(p.history(d.Ref), d)
		}
	}},
}
