package memory

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/sonajobs/sona/storage"
)

// BenchmarkGet is what a call start asks: 22 documents of 10,000 characters, all of them held, and none.
func BenchmarkGet(b *testing.B) {
	s := New()
	docs := numbered(10_000)
	for i := range docs {
		docs[i].Value = []byte(strings.Repeat("x", 10_000))
	}
	fill(b, s, docs)
	for _, have := range []int{1, 0} {
		want := make([]storage.Want, 22)
		for i := range want {
			want[i] = storage.Want{Ref: docs[i*400].Ref, Have: have}
		}
		b.Run(fmt.Sprint("have=", have), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if got, err := s.Get(b.Context(), "acme", want); err != nil || len(got) != len(want) {
					b.Fatal(len(got), err)
				}
			}
		})
	}
}

// BenchmarkList reads a page of 50 from the middle of 100,000 documents.
func BenchmarkList(b *testing.B) {
	s := New()
	docs := numbered(100_000)
	for i := range docs {
		docs[i].Terms = []string{fmt.Sprint("tenth ", i%10), fmt.Sprint("thousandth ", i%1_000)}
	}
	fill(b, s, docs)
	q := storage.Query{Kind: storage.KindJob, After: docs[50_000].Key(), Limit: 50}
	for _, c := range []struct {
		name   string
		change func(*storage.Query)
	}{
		{"by key", func(*storage.Query) {}},
		{"reverse", func(q *storage.Query) { q.Reverse = true }},
		{"by term", func(q *storage.Query) { q.Terms = []string{"thousandth 7"} }},
		{"by two terms", func(q *storage.Query) { q.Terms = []string{"tenth 7", "thousandth 7"} }},
		{"contains", func(q *storage.Query) { q.Contains = "77" }},
		{"contains nothing", func(q *storage.Query) { q.Contains = "absent" }},
	} {
		b.Run(c.name, func(b *testing.B) {
			q := q
			c.change(&q)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := s.List(b.Context(), "acme", q); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkPut fills a workspace, 500 documents at a time, in the order of their keys and in none. The
// time is that of one document.
func BenchmarkPut(b *testing.B) {
	for _, n := range []int{10_000, 100_000, 1_000_000} {
		for _, shuffled := range []bool{false, true} {
			b.Run(fmt.Sprintf("n=%d/shuffled=%v", n, shuffled), func(b *testing.B) {
				docs := numbered(n)
				if shuffled {
					rand.New(rand.NewPCG(1, 2)).Shuffle(n, func(i, j int) { docs[i], docs[j] = docs[j], docs[i] })
				}
				for b.Loop() {
					fill(b, New(), docs)
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/doc")
			})
		}
	}
}

func fill(b *testing.B, s storage.Storage, docs []storage.Doc) {
	b.Helper()
	for chunk := range slices.Chunk(docs, 500) {
		if err := s.Put(b.Context(), "acme", chunk); err != nil {
			b.Fatal(err)
		}
	}
}
