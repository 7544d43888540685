package sqlite_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/storage"
	"github.com/sonajobs/sona/storage/memory"
)

// syllables make names that share parts, in scripts whose characters have one to four bytes.
var syllables = []string{"ta", "ke", " a ", "me", "ss", "age", "ü", "日", "本", "\"", "%", "😀", "x", "\x01", "AND ", "*"}

func randomText(r *rand.Rand, most int) string {
	var text strings.Builder
	for range r.IntN(most + 1) {
		text.WriteString(syllables[r.IntN(len(syllables))])
	}
	return text.String()
}

// TestListsAreThoseOfThePlainestDriver asks both drivers the same questions about the same documents, which
// move, lose terms, are deleted and come back.
func TestListsAreThoseOfThePlainestDriver(t *testing.T) {
	t.Parallel()
	for seed := range uint64(6) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewPCG(1, seed))
			ours, plain := open(t, newPath(t), fast), memory.New()
			revision := map[string]int{}
			for range 8 {
				var docs []storage.Doc
				for range 60 {
					d := doc(fmt.Sprint("j", r.IntN(120)), 0)
					revision[d.ID]++
					d.Revision, d.Sort = revision[d.ID], randomText(r, 5)
					for term := range 4 {
						if r.IntN(term+1) == 0 {
							d.Terms = append(d.Terms, fmt.Sprint("t", term))
						}
					}
					d.Deleted = r.IntN(5) == 0
					docs = append(docs, d)
				}
				put(t, ours, docs...)
				put(t, plain, docs...)
				for range 150 {
					q := randomQuery(r)
					want, err := plain.List(t.Context(), "acme", q)
					require.NoError(t, err)
					got, err := ours.List(t.Context(), "acme", q)
					require.NoError(t, err)
					if reflect.DeepEqual(want, got) { // a hundred times as fast
						continue
					}
					require.Empty(t, cmp.Diff(want, got, cmpopts.EquateEmpty(), cmpopts.SortSlices(func(a, b string) bool { return a < b })), "%+v", q)
				}
			}
			require.NoError(t, ours.Check(t.Context()))
		})
	}
}

func randomQuery(r *rand.Rand) storage.Query {
	q := storage.Query{Kind: storage.KindJob, Limit: 1 + r.IntN(30), Reverse: r.IntN(2) == 0}
	for term := range 3 {
		if r.IntN(4) == 0 {
			q.Terms = append(q.Terms, fmt.Sprint("t", term))
		}
	}
	if r.IntN(2) == 0 {
		q.Contains = randomText(r, 3)
	}
	if r.IntN(4) == 0 {
		q.From = randomText(r, 2)
	}
	if r.IntN(4) == 0 {
		q.To = randomText(r, 2)
	}
	if r.IntN(3) == 0 {
		q.After = storage.Key{Sort: randomText(r, 3), ID: fmt.Sprint("j", r.IntN(120))}
	}
	return q
}
