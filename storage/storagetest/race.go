package storagetest

import (
	"fmt"
	"slices"
	"sync/atomic"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/storage"
)

var raceCases = []testCase{
	{"Concurrent: of 16 writers of one revision exactly one wins, and its text stays", func(p *probe) {
		const rounds = 20
		want := make([]storage.Doc, rounds)
		for i := range rounds {
			mine := func(w int) storage.Doc { return value(doc("a", i+1), fmt.Sprintf("round %d, writer %d", i, w)) }
			errs := together(16, func(w int) error { return p.tryPut(mine(w)) })
			winner := slices.Index(errs, nil)
			require.GreaterOrEqual(p, winner, 0, "nobody won: %v", errs)
			for w, err := range errs {
				if w != winner {
					require.ErrorIs(p, err, storage.ErrConflict, "writer %d beside winner %d", w, winner)
				}
			}
			want[rounds-1-i] = mine(winner)
		}
		p.same(p.history(ref("a")), want...)
		require.Len(p, p.changes(), rounds)
	}},
	{"Concurrent: 16 writers who load and save again lose no update", func(p *probe) {
		const writers, saves = 16, 5
		p.put(doc("a", 1))
		p.allDone(together(writers, func(int) error {
			for range saves {
				if err := p.save("a"); err != nil {
					return err
				}
			}
			return nil
		}))
		require.Len(p, p.history(ref("a")), 1+writers*saves)
		require.Len(p, p.changes(), 1+writers*saves)
	}},
	{"Concurrent: Get sees both documents of a Put or neither", func(p *probe) {
		const puts = 150
		var writing atomic.Bool
		writing.Store(true)
		p.allDone(together(4, func(w int) error {
			if w == 0 {
				defer writing.Store(false)
				for i := range puts {
					if err := p.tryPut(doc("a", i+1), doc("b", i+1)); err != nil {
						return err
					}
				}
				return nil
			}
			last := 0
			for again := true; again; {
				again = writing.Load()
				revision, err := p.pair("a", "b")
				if err != nil {
					return err
				}
				if revision < last {
					return fmt.Errorf("revision %d was read after revision %d", revision, last)
				}
				last = revision
			}
			if last != puts {
				return fmt.Errorf("the last Put is over, and revision %d is read", last)
			}
			return nil
		}))
	}},
	{"Concurrent: a write that returned nil is seen by every later read, whoever reads", func(p *probe) {
		const writers, puts = 4, 15
		written := make(chan storage.Change)
		p.allDone(together(2*writers, func(w int) error {
			if w >= writers { // a reader
				var first error
				for range puts {
					if err := p.seen(<-written); err != nil && first == nil {
						first = err
					}
				}
				return first
			}
			var first error
			for i := range puts {
				d := doc(fmt.Sprint("w", w), i+1)
				if err := p.tryPut(d); err != nil && first == nil {
					first = err
				}
				written <- storage.Change{Ref: d.Ref, Revision: d.Revision}
			}
			return first
		}))
	}},
	{"Concurrent: writers of different documents do not refuse each other", func(p *probe) {
		const writers, puts = 8, 20
		p.allDone(together(writers, func(w int) error {
			id := fmt.Sprint("w", w)
			for i := range puts {
				d := terms(unique(sorted(doc(id, i+1), fmt.Sprint(i%3)), id), "all", fmt.Sprint(i%2))
				if err := p.tryPut(d); err != nil {
					return err
				}
			}
			return nil
		}))
		require.Len(p, p.ids(storage.Query{Terms: []string{"all"}}), writers)
		for w := range writers {
			require.Len(p, p.history(ref(fmt.Sprint("w", w))), puts)
		}
	}},
}

// save loads the newest revision and saves the next, until nobody came between.
func (p *probe) save(id string) error {
	for range many {
		docs, err := p.s.Get(p.ctx, p.ws, []storage.Want{{Ref: ref(id)}})
		if err != nil || len(docs) != 1 {
			return fmt.Errorf("load: %d documents, %w", len(docs), err)
		}
		err = p.tryPut(doc(id, docs[0].Revision+1))
		if err == nil || !isConflict(err) {
			return err
		}
	}
	return fmt.Errorf("%d saves in a row met a conflict", many)
}

// pair reads two documents that are always put together and returns their revision, 0 for none.
func (p *probe) pair(a, b string) (int, error) {
	docs, err := p.s.Get(p.ctx, p.ws, []storage.Want{{Ref: ref(a)}, {Ref: ref(b)}})
	switch {
	case err != nil:
		return 0, err
	case len(docs) == 0:
		return 0, nil
	case len(docs) == 1:
		return 0, fmt.Errorf("only %v is seen", docs[0].Ref)
	case docs[0].Revision != docs[1].Revision:
		return 0, fmt.Errorf("revisions %d and %d of one Put are seen", docs[0].Revision, docs[1].Revision)
	}
	return docs[0].Revision, nil
}
