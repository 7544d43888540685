package bm25

import (
	"cmp"
	"iter"
	"math"
	"slices"
)

// The constants of BM25: k1 is how much a repeated word still adds, lengthNorm how much a long text is
// held back. The values are those that do well in all settings of TestFloors, not the best of any one.
const (
	k1         = 2.5
	lengthNorm = 0.75

	commonWeight = 0.4 // what a common word counts, see common
	maxWeight    = 1e3 // of a field; keeps every score finite
)

// Doc is a text that may be found.
type Doc struct {
	Text   string  // weighs 1
	Fields []Field // further texts of the same document: a title, a caller intent
}

// Field is a text with a weight: a word in it counts as Weight words in Doc.Text. A weight that is
// not positive means 1; above 1,000 it means 1,000.
type Field struct {
	Text   string
	Weight float64
}

// Hit is a document that was found.
type Hit struct {
	Doc   int     // its position in the sequence given to New, from 0
	Score float64 // positive; comparable within one answer only
}

// Index ranks a fixed set of documents. It never changes after [New] and is safe for concurrent use.
// The zero Index holds no document.
type Index struct {
	docs  int
	terms map[string][]posting // by term, each list in the order of the documents
}

type posting struct {
	doc    int
	impact float64 // of the term in this document, without the term's rarity
}

// New reads the documents once.
func New(docs iter.Seq[Doc]) *Index {
	x := &Index{terms: map[string][]posting{}}
	var lengths []float64
	var total float64
	for d := range docs {
		length := x.add(len(lengths), d)
		lengths = append(lengths, length)
		total += length
	}
	x.docs = len(lengths)
	if total == 0 {
		return x
	}
	mean := total / float64(x.docs)
	for _, list := range x.terms {
		for i, p := range list {
			list[i].impact = p.impact * (k1 + 1) / (p.impact + k1*(1-lengthNorm+lengthNorm*lengths[p.doc]/mean))
		}
	}
	return x
}

// add counts the terms of document n and returns its length. Until New ends, impact holds the weighted
// number of times that the term stands there.
func (x *Index) add(n int, d Doc) (length float64) {
	count := func(text string, weight float64) {
		for _, term := range Tokens(text) {
			list := x.terms[term]
			if len(list) == 0 || list[len(list)-1].doc != n {
				list = append(list, posting{doc: n})
				x.terms[term] = list
			}
			list[len(list)-1].impact += weight
			length += weight
		}
	}
	count(d.Text, 1)
	for _, f := range d.Fields {
		weight := 1.0
		if f.Weight > 0 { // false for NaN, too
			weight = min(f.Weight, maxWeight)
		}
		count(f.Text, weight)
	}
	return length
}

// Rank returns at most n documents that share a word with the query, the best first; documents of
// equal score come in the order in which New got them. Common words (see stop.go) add a little to
// documents that another word has found; alone they find nothing. With n ≤ 0 there are no hits.
func (x *Index) Rank(query string, n int) []Hit {
	if n <= 0 || x.docs == 0 {
		return nil
	}
	scores := make([]float64, x.docs)
	telling, frequent := x.weigh(query)
	for _, q := range telling {
		for _, p := range q.list {
			scores[p.doc] += q.weight * p.impact
		}
	}
	for _, q := range frequent {
		for _, p := range q.list {
			if scores[p.doc] > 0 {
				scores[p.doc] += commonWeight * q.weight * p.impact
			}
		}
	}
	return best(scores, n)
}

type queryTerm struct {
	list   []posting
	weight float64
}

// weigh returns the query's terms that some document has, the common ones apart, each once, with its
// rarity times its number in the query. The order is that of the query: sums of floating-point numbers
// depend on it, and an answer must not.
func (x *Index) weigh(query string) (telling, frequent []queryTerm) {
	seen := map[string]int{}
	tokens := Tokens(query)
	for _, t := range tokens {
		seen[t]++
	}
	for _, t := range tokens {
		times, list := seen[t], x.terms[t]
		if times == 0 || len(list) == 0 {
			continue
		}
		seen[t] = 0
		q := queryTerm{list, float64(times) * x.rarity(len(list))}
		if common[t] {
			frequent = append(frequent, q)
		} else {
			telling = append(telling, q)
		}
	}
	return telling, frequent
}

// rarity is the inverse document frequency in the form that is never negative: a word that every
// document has still counts a little.
func (x *Index) rarity(docs int) float64 {
	return math.Log1p((float64(x.docs-docs) + 0.5) / (float64(docs) + 0.5))
}

func best(scores []float64, n int) []Hit {
	var hits []Hit
	for doc, score := range scores {
		if score > 0 {
			hits = append(hits, Hit{doc, score})
		}
	}
	slices.SortFunc(hits, func(a, b Hit) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.Doc, b.Doc))
	})
	return slices.Clip(hits[:min(n, len(hits))])
}
