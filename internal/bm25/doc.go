// Package bm25 ranks a small, fixed set of texts by the words that they share with a query (Okapi
// BM25). Knowledge pages are searched with it, and the rehearsal model picks a job with it: no model,
// no network, the same answer every time.
//
//	x := bm25.New(slices.Values([]bm25.Doc{{Text: "opening hours"}, {Text: "parking"}}))
//	hits := x.Rank("when do you open?", 3) // hits[0].Doc == 0
//
// The package is a leaf: it may import the standard library and golang.org/x/text only, and does no I/O.
package bm25
