package bm25_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/internal/bm25"
)

func ExampleIndex_Rank() {
	docs := []bm25.Doc{
		{Text: "The caller asks when we are open."},
		{Text: "The caller wants to book a table."},
		{Text: "The caller has lost something.", Fields: []bm25.Field{{Text: "Lost property", Weight: 3}}},
	}
	x := bm25.New(slices.Values(docs))
	for _, hit := range x.Rank("I lost my umbrella at your table", 2) {
		fmt.Println(docs[hit.Doc].Text)
	}
	// Output:
	// The caller has lost something.
	// The caller wants to book a table.
}

func TestRank(t *testing.T) {
	texts := []string{
		0: "Parking is behind the house.",
		1: "We are open from nine to five.",
		2: "The garage has parking for vans. Parking is free.",
		3: "Nothing to see here.",
		4: "Parking is behind the house.",
	}
	for _, c := range []struct {
		what, query string
		n           int
		want        []int
	}{
		{"who has the word more often comes first, equals keep their order", "parking", 10, []int{2, 0, 4}},
		{"at most n", "parking", 1, []int{2}},
		{"n of 0 asks for nothing", "parking", 0, nil},
		{"a negative n, too", "parking", -1, nil},
		{"a rare word counts more than a frequent one", "parking nine", 1, []int{1}},
		{"no shared word, no hit", "swimming pool", 10, nil},
		{"common words alone find nothing", "is the to", 10, nil},
		{"common words help what another word has found", "here from to", 10, []int{3}},
		{"no words, no hit", "?!", 10, nil},
		{"the number of the word does not matter", "van", 10, []int{2}},
	} {
		t.Run(c.what, func(t *testing.T) {
			if diff := cmp.Diff(c.want, ranked(index(texts...), c.query, c.n)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestCommonWordsDecideBetweenEquals(t *testing.T) {
	x := index("a table for the garden", "a table in the garden", "something else")
	require.Equal(t, []int{1, 0}, ranked(x, "in garden", 10))
}

func TestAWordInAWeightyFieldCountsMore(t *testing.T) {
	field := func(weight float64) []int {
		return ranked(bm25.New(slices.Values([]bm25.Doc{
			{Text: "parking parking", Fields: []bm25.Field{{Text: "hours of the house", Weight: 1}}},
			{Text: "hours house", Fields: []bm25.Field{{Text: "parking of the house", Weight: weight}}},
		})), "parking", 10)
	}
	require.Equal(t, []int{0, 1}, field(1))
	require.Equal(t, []int{1, 0}, field(8))
}

func TestAWeightThatIsNoneIsOne(t *testing.T) {
	with := func(weight float64) []bm25.Hit {
		return bm25.New(slices.Values([]bm25.Doc{
			{Text: "hours", Fields: []bm25.Field{{Text: "parking lot", Weight: weight}}}, {Text: "other text"},
		})).Rank("parking", 1)
	}
	for _, weight := range []float64{0, -3, math.NaN(), math.Inf(-1)} {
		require.Equal(t, with(1), with(weight), "%v", weight)
	}
	require.Equal(t, with(1000), with(math.Inf(1)), "above 1,000 is 1,000")
}

func TestAnIndexOfNothingFindsNothing(t *testing.T) {
	var zero bm25.Index
	require.Empty(t, zero.Rank("parking", 5))
	require.Empty(t, index().Rank("parking", 5))
	require.Empty(t, index("", "...").Rank("parking", 5))
}

func TestAWordOfEveryDocumentStillCounts(t *testing.T) {
	hits := index("parking", "parking", "parking").Rank("parking", 5)
	require.Len(t, hits, 3)
	require.Positive(t, hits[2].Score)
}

func TestTheSameQuestionHasTheSameAnswer(t *testing.T) {
	x := index(many(200)...)
	want := x.Rank(strings.Join(many(30), " "), 50)
	require.Len(t, want, 50)
	for range 20 {
		require.Equal(t, want, index(many(200)...).Rank(strings.Join(many(30), " "), 50))
	}
}

func TestManyMayAskAtOnce(t *testing.T) {
	x := index(many(100)...)
	want := x.Rank("word7 word3", 10)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 50 {
				if diff := cmp.Diff(want, x.Rank("word7 word3", 10)); diff != "" {
					t.Error(diff)
					return
				}
			}
		})
	}
	all.Wait()
}

func FuzzRank(f *testing.F) {
	f.Add("opening hours", "parking", "open parking", 2.0, 3)
	f.Add("", "the the", "the", math.MaxFloat64, 1)
	f.Add("营业时间", "时间", "时间", math.SmallestNonzeroFloat64, 1<<30)
	f.Fuzz(func(t *testing.T, one, two, query string, weight float64, n int) {
		docs := []bm25.Doc{{Text: one}, {Text: two, Fields: []bm25.Field{{Text: one, Weight: weight}}}, {Text: query}}
		hits := bm25.New(slices.Values(docs)).Rank(query, n)
		require.LessOrEqual(t, len(hits), max(0, min(n, len(docs))))
		seen := map[int]bool{}
		for i, h := range hits {
			require.Positive(t, h.Score)
			require.False(t, math.IsInf(h.Score, 0))
			require.False(t, seen[h.Doc])
			seen[h.Doc] = true
			if i > 0 {
				require.LessOrEqual(t, h.Score, hits[i-1].Score)
			}
		}
	})
}

func index(texts ...string) *bm25.Index {
	return bm25.New(func(yield func(bm25.Doc) bool) {
		for _, text := range texts {
			if !yield(bm25.Doc{Text: text}) {
				return
			}
		}
	})
}

func ranked(x *bm25.Index, query string, n int) []int {
	var docs []int
	for _, h := range x.Rank(query, n) {
		docs = append(docs, h.Doc)
	}
	return docs
}

// many returns n texts of words that overlap.
func many(n int) []string {
	texts := make([]string, n)
	for i := range texts {
		texts[i] = fmt.Sprintf("word%d word%d word%d word%d", i%7, i%11, i%13, i)
	}
	return texts
}
