package storagetest

import (
	"fmt"
	"slices"
	"sync"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/storage"
)

var pagingCases = []testCase{
	{"Paging: pages of every size hold each document once, in order", func(p *probe) {
		var docs []storage.Doc
		for i := range 23 {
			docs = append(docs, sorted(doc(fmt.Sprintf("%02d", i), 1), fmt.Sprint(i/4)))
		}
		p.put(docs...)
		all := p.ids(storage.Query{})
		slices.Sort(all)
		for size := 1; size <= 24; size++ {
			require.Equal(p, p.ids(storage.Query{}), p.pages(storage.Query{Limit: size}, nil), "size %d", size)
			require.Equal(p, p.ids(storage.Query{Reverse: true}), p.pages(storage.Query{Limit: size, Reverse: true}, nil), "size %d", size)
		}
	}},
	{"Paging: documents put before and behind the reader neither repeat nor hide others", func(p *probe) {
		for _, reversed := range []bool{false, true} {
			p := p.neighbour()
			docs := series("d", 60)
			p.put(docs...)
			page := 0
			seen := p.pages(storage.Query{Limit: 10, Reverse: reversed}, func(storage.Key) {
				page++
				p.put(
					sorted(doc(fmt.Sprintf("low %d", page), 1), "a"),
					sorted(doc(fmt.Sprintf("high %d", page), 1), "z"),
				)
				if page == 1 { // deletions behind the reader, too
					p.put(tombstone("d0000", 2), tombstone("d0059", 2))
				}
			})
			for _, d := range docs[1:59] {
				require.Equal(p, 1, count(seen, d.ID), "%s, reversed %v", d.ID, reversed)
			}
		}
	}},
	{"Paging: 10,000 documents, while others write, without a repeat or a loss of what stayed", func(p *probe) {
		n := heavy(10_000, 1_000)
		size := n / 25
		var stays []string
		for chunk := range slices.Chunk(series("d", n), 500) {
			for i := range chunk {
				chunk[i] = terms(chunk[i], "stays")
				stays = append(stays, chunk[i].ID)
			}
			p.put(chunk...)
		}
		stop, wrote := p.disturb(3, n)
		defer stop()
		meanwhile := func(storage.Key) { // a busy machine must not let the reader run through alone
			for range 3 {
				<-wrote
			}
		}
		for _, reversed := range []bool{false, true} {
			want := stays
			if reversed {
				want = reverse(stays)
			}
			seen := p.pages(storage.Query{Limit: size, Reverse: reversed}, meanwhile)
			guests := func(id string) bool { return id[0] == 'g' }
			require.Equal(p, want, slices.DeleteFunc(seen, guests), "reversed %v", reversed)
			require.Equal(p, want, p.pages(storage.Query{Limit: size, Reverse: reversed, Terms: []string{"stays"}}, nil))
		}
		p.allDone(stop())
	}},
}

// pages reads page after page, calls between before each but the first, and returns all IDs. Every key
// has to be beyond the one before it.
func (p *probe) pages(q storage.Query, between func(last storage.Key)) []string {
	p.Helper()
	q.Kind = kind
	var ids []string
	for pages := 0; ; pages++ {
		require.Less(p, pages, many, "paging does not end")
		docs := p.list(q)
		require.LessOrEqual(p, len(docs), q.Limit)
		for _, d := range docs {
			if q.After != (storage.Key{}) {
				rises := q.After.Sort < d.Sort || q.After.Sort == d.Sort && q.After.ID < d.ID
				require.Equal(p, !q.Reverse, rises, "%v comes after %v", d.Key(), q.After)
				require.NotEqual(p, q.After, d.Key(), "comes twice")
			}
			q.After = d.Key()
			ids = append(ids, d.ID)
		}
		if len(docs) < q.Limit {
			return ids
		}
		if between != nil {
			between(q.After)
		}
	}
}

// disturb starts writers that put, move and delete guests among the first n documents of a series until
// stop is called. stop returns their errors. wrote gives something after each Put that somebody waits for, and is closed when
// all writers are gone.
func (p *probe) disturb(writers, n int) (stop func() []error, wrote <-chan struct{}) {
	done, written := make(chan struct{}), make(chan struct{})
	errs := make([]error, writers)
	var all sync.WaitGroup
	for w := range writers {
		all.Go(func() {
			for i := 1; errs[w] == nil; i++ {
				select {
				case <-done:
					return
				default:
				}
				errs[w] = p.tryPut(guest(w, i, n)...)
				select {
				case written <- struct{}{}:
				default:
				}
			}
		})
	}
	go func() {
		all.Wait()
		close(written)
	}()
	return sync.OnceValue(func() []error {
		close(done)
		all.Wait()
		return errs
	}), written
}

// guest returns the next revision of a writer's guests: one moves on and on, one stays until the next Put.
func guest(w, i, n int) []storage.Doc {
	passing := func(i int) string { return fmt.Sprintf("g%d passing %d", w, i) }
	place := fmt.Sprintf("d%04d+", i*37%n)
	docs := []storage.Doc{
		sorted(doc(fmt.Sprintf("g%d moving", w), i), place),
		sorted(doc(passing(i), 1), place),
	}
	if i > 1 {
		docs = append(docs, tombstone(passing(i-1), 2))
	}
	return docs
}

func count(list []string, s string) int {
	n := 0
	for _, x := range list {
		if x == s {
			n++
		}
	}
	return n
}
