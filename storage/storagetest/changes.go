package storagetest

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/storage"
)

var changesCases = []testCase{
	{"Changes tells of each revision once, in the order of the Puts and inside them", func(p *probe) {
		put := []storage.Doc{
			doc("b", 1), doc("a", 1), kinded(doc("a", 1), otherKind), doc("a", 2), tombstone("a", 3), doc("b", 2),
		}
		put[3].By = "ben"
		p.put(put[0])
		p.put(put[1:5]...)
		p.put(put[5])
		got := p.changes()
		require.Len(p, got, len(put))
		for i, c := range got {
			d := put[i]
			require.True(p, d.At.Truncate(time.Microsecond).Equal(c.At), "%v: %v is not %v", d.Ref, c.At, d.At)
			require.Same(p, time.UTC, c.At.Location())
			c.Seq, c.At = 0, time.Time{}
			require.Equal(p, storage.Change{Ref: d.Ref, Revision: d.Revision, Deleted: d.Deleted, By: d.By}, c)
		}
	}},
	{"Changes have a Seq above 0 that rises and is used once", func(p *probe) {
		for i := range 10 {
			p.put(doc("a", i+1), doc(fmt.Sprint(i), 1))
		}
		seq := storage.Seq(0)
		for _, c := range p.changes() {
			require.Greater(p, c.Seq, seq)
			seq = c.Seq
		}
	}},
	{"Changes returns what comes after, at most limit, and goes on where the reader stopped", func(p *probe) {
		p.put(series("d", 10)...)
		all := p.changes()
		for limit := 1; limit <= 11; limit++ {
			var read []storage.Change
			after := storage.Seq(0)
			for range all {
				page := p.changesAfter(after, limit)
				require.LessOrEqual(p, len(page), limit)
				if len(page) == 0 {
					break
				}
				read = append(read, page...)
				after = page[len(page)-1].Seq
			}
			require.Equal(p, all, read, "limit %d", limit)
		}
		for i, c := range all {
			require.Equal(p, all[i+1:], append([]storage.Change{}, p.changesAfter(c.Seq, many)...))
		}
		require.Equal(p, all, p.changesAfter(-5, many))
		require.Equal(p, all, p.changesAfter(math.MinInt64, math.MaxInt64))
	}},
	{"Changes at the end returns nothing and does not wait", func(p *probe) {
		require.Empty(p, p.changes())
		p.put(doc("a", 1))
		last := p.changes()[0].Seq
		require.Empty(p, p.changesAfter(last, 1))
		require.Empty(p, p.changesAfter(last+1_000, 1))
		require.Empty(p, p.changesAfter(math.MaxInt64, 1))
		p.put(doc("a", 2))
		require.Len(p, p.changesAfter(last, many), 1)
	}},
	{"Changes refuses a limit below 1", func(p *probe) {
		p.put(doc("a", 1))
		for _, limit := range []int{0, -1} {
			_, err := p.s.Changes(p.ctx, p.ws, 0, limit)
			p.own(err)
		}
	}},
	{"Changes tells nothing of a Put that failed", func(p *probe) {
		p.put(doc("a", 1))
		p.conflict(ref("a"), doc("b", 1), doc("a", 1))
		p.put(doc("c", 1))
		require.Len(p, p.changes(), 2)
	}},
	{"Changes still tells of revisions whose values were erased", func(p *probe) {
		p.put(doc("a", 1), doc("a", 2))
		before := p.changes()
		p.put(erasure("a", 3))
		require.Equal(p, before, p.changes()[:2])
	}},
	{"Changes read on while 8 others write misses nothing: none appears below one that was returned", func(p *probe) {
		const writers, puts = 8, 30
		var read []storage.Change
		errs := together(writers+1, func(w int) error {
			if w == writers {
				var err error
				read, err = p.follow(writers * puts * 2)
				return err
			}
			for i := range puts {
				if err := p.tryPut(doc(fmt.Sprintf("w%d", w), i+1), doc(fmt.Sprintf("w%d-%d", w, i), 1)); err != nil {
					return err
				}
			}
			return nil
		})
		p.allDone(errs)
		require.Equal(p, p.changes(), read)
		seen := map[string]int{}
		for _, c := range read {
			seen[fmt.Sprintf("%v@%d", c.Ref, c.Revision)]++
		}
		require.Len(p, seen, writers*puts*2)
	}},
	{"Changes tells only of what every later read sees", func(p *probe) {
		const puts = 60
		errs := together(3, func(w int) error {
			if w < 2 {
				for i := range puts {
					if err := p.tryPut(doc(fmt.Sprint("w", w), i+1)); err != nil {
						return err
					}
				}
				return nil
			}
			_, err := p.follow(2*puts, p.seen)
			return err
		})
		p.allDone(errs)
	}},
}

// follow reads changes in small pages until it has seen n, and hands each to look. Any goroutine may call
// it. It gives up when the storage stays silent for very long.
func (p *probe) follow(n int, look ...func(storage.Change) error) ([]storage.Change, error) {
	var read []storage.Change
	after := storage.Seq(0)
	for silent := 0; len(read) < n; silent++ {
		if silent > 1_000_000 {
			return read, fmt.Errorf("%d of %d changes were told of, then none any more", len(read), n)
		}
		page, err := p.s.Changes(p.ctx, p.ws, after, 7)
		if err != nil {
			return read, err
		}
		for _, c := range page {
			if c.Seq <= after {
				return read, fmt.Errorf("change %d comes after %d", c.Seq, after)
			}
			after = c.Seq
			for _, look := range look {
				if err := look(c); err != nil {
					return read, err
				}
			}
			silent = 0
		}
		read = append(read, page...)
	}
	return read, nil
}

// seen reports a change whose revision the other reads do not see.
func (p *probe) seen(c storage.Change) error {
	docs, err := p.s.Get(p.ctx, p.ws, []storage.Want{{Ref: c.Ref}})
	if err == nil && (len(docs) != 1 || docs[0].Revision < c.Revision) {
		err = fmt.Errorf("get does not see %v revision %d", c.Ref, c.Revision)
	}
	listed, errList := p.s.List(p.ctx, p.ws, storage.Query{Kind: c.Ref.Kind, Limit: many})
	if errList == nil && !slices.ContainsFunc(listed, func(d storage.Doc) bool { return d.Ref == c.Ref && d.Revision >= c.Revision }) {
		errList = fmt.Errorf("list does not see %v revision %d", c.Ref, c.Revision)
	}
	past, errPast := p.s.History(p.ctx, p.ws, c.Ref, c.Revision+1, 1)
	if errPast == nil && (len(past) != 1 || past[0].Revision != c.Revision) {
		errPast = fmt.Errorf("history does not see %v revision %d", c.Ref, c.Revision)
	}
	return errors.Join(err, errList, errPast)
}
