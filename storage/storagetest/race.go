package storagetest

import (
	"errors"
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
	{"Concurrent: 16 writers who load the same revision and save until it is done lose no update", func(p *probe) {
		const writers, rounds = 16, 5
		p.put(doc("a", 1))
		for round := range rounds {
			p.allDone(together(writers, func(int) error { return p.save("a", 1+round*writers) }))
		}
		require.Len(p, p.history(ref("a")), 1+writers*rounds)
		require.Len(p, p.changes(), 1+writers*rounds)
	}},
	{"Concurrent: Get sees both documents of a Put or neither", func(p *probe) {
		const readers, reads = 3, 60
		var reading atomic.Int64
		reading.Store(readers)
		p.allDone(together(readers+1, func(w int) error {
			if w == readers {
				for i := 1; reading.Load() > 0; i++ {
					if err := p.tryPut(doc("a", i), doc("b", i)); err != nil {
						return err
					}
				}
				return nil
			}
			defer reading.Add(-1)
			last := 0
			for range reads {
				revision, err := p.pair("a", "b")
				if err != nil {
					return err
				}
				if revision < last {
					return fmt.Errorf("revision %d was read after revision %d", revision, last)
				}
				last = revision
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
	{"Concurrent: the first Puts of a workspace are all kept", func(p *probe) {
		const writers = 8
		for range 30 {
			fresh := p.neighbour()
			p.allDone(together(writers, func(w int) error { return fresh.tryPut(doc(fmt.Sprint("w", w), 1)) }))
			require.Len(p, fresh.ids(storage.Query{}), writers)
			require.Len(p, fresh.changes(), writers)
		}
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

// save saves on top of base, and if somebody came between, on top of the newest revision, until it is done.
func (p *probe) save(id string, base int) error {
	for range many {
		err := p.tryPut(doc(id, base+1))
		if !errors.Is(err, storage.ErrConflict) {
			return err
		}
		docs, err := p.s.Get(p.ctx, p.ws, []storage.Want{{Ref: ref(id)}})
		if err != nil {
			return err
		}
		if len(docs) != 1 {
			return fmt.Errorf("%d documents were loaded", len(docs))
		}
		base = docs[0].Revision
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
