package storagetest

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"sync/atomic"
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
		p.put(erasure("a", 11))
		p.put(doc("a", 12))
		p.inOrder(p.changes(), 0)
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
		after := p.changes()
		require.Len(p, after, 3)
		require.Equal(p, before, after[:2])
	}},
	{"Changes read on while 8 others write misses nothing: none appears below one that was returned", func(p *probe) {
		const writers, puts = 8, 30
		read := p.followed(writers, func(w int) error {
			for i := range puts {
				if err := p.tryPut(doc(fmt.Sprintf("w%d", w), i+1), doc(fmt.Sprintf("w%d-%d", w, i), 1)); err != nil {
					return err
				}
			}
			return nil
		}, nil)
		require.Equal(p, p.changes(), read)
		seen := map[string]int{}
		for _, c := range read {
			seen[fmt.Sprintf("%v@%d", c.Ref, c.Revision)]++
		}
		require.Len(p, seen, writers*puts*2)
	}},
	{"Changes tells only of what every later read sees", func(p *probe) {
		p.followed(2, func(w int) error {
			for i := range 60 {
				if err := p.tryPut(doc(fmt.Sprint("w", w), i+1)); err != nil {
					return err
				}
			}
			return nil
		}, p.seen)
	}},
}

// followed lets n writers write while it reads the changes on and on in small pages, up to the last one
// that they made. Each change is handed to look, if there is one.
func (p *probe) followed(n int, write func(w int) error, look func(storage.Change) error) []storage.Change {
	p.Helper()
	var read []storage.Change
	var writing atomic.Int64
	writing.Store(int64(n))
	p.allDone(together(n+1, func(w int) error {
		if w < n {
			defer writing.Add(-1)
			return write(w)
		}
		for after := storage.Seq(0); ; {
			last := writing.Load() == 0 // if so, this read sees the end
			page, err := p.s.Changes(p.ctx, p.ws, after, 7)
			if err != nil || last && len(page) == 0 {
				return err
			}
			for _, c := range page {
				if c.Seq <= after {
					return fmt.Errorf("change %d comes after %d", c.Seq, after)
				}
				after = c.Seq
				if look == nil {
					continue
				}
				if err := look(c); err != nil {
					return err
				}
			}
			read = append(read, page...)
		}
	}))
	return read
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
