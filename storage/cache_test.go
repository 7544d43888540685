package storage

import (
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
)

func numberedRef(n int) Ref { return Ref{Kind: KindJob, ID: fmt.Sprint(n)} }

func TestTheCacheKeepsTheNewestRevisionOnly(t *testing.T) {
	c := newCache(10_000)
	ref := numberedRef(1)
	assert.Nil(t, c.held(ref))
	c.put(ref, 2, "two", 3)
	c.put(ref, 1, "one", 3)
	assert.Equal(t, "two", c.held(ref).value, "an older one does not push out a newer one")
	c.put(ref, 3, "three", 5)
	_, old := c.get(ref, 2)
	value, newest := c.get(ref, 3)
	assert.Equal(t, []any{false, true, "three"}, []any{old, newest, value})
	c.forget(ref)
	c.forget(ref)
	assert.Nil(t, c.held(ref))
	assert.Zero(t, c.bytes)
}

func TestTheCacheDropsWhatWasUsedLongestAgoAndNeverGrowsBeyondItsBound(t *testing.T) {
	c := newCache(1_000)
	for n := range 3 {
		c.put(numberedRef(n), 1, n, 50) // 306 with what an entry costs
	}
	c.held(numberedRef(0))
	c.put(numberedRef(3), 1, 3, 50)
	assert.Nil(t, c.held(numberedRef(1)))
	for _, n := range []int{0, 2, 3} {
		assert.NotNil(t, c.held(numberedRef(n)), n)
	}
	c.put(numberedRef(4), 1, 4, 1_000)
	assert.Nil(t, c.held(numberedRef(4)), "what is larger than the whole cache is not kept")
	assert.LessOrEqual(t, c.bytes, c.most)
}

func TestTheCacheIsSharedByManyGoroutines(t *testing.T) {
	c := newCache(5_000)
	var everybody sync.WaitGroup
	for g := range 8 {
		everybody.Go(func() {
			for n := range 500 {
				ref := numberedRef((g + n) % 40)
				c.put(ref, n, n, n)
				if h := c.held(ref); h != nil {
					_, _ = c.get(ref, h.revision)
				}
				if n%50 == 0 {
					c.forget(ref)
				}
			}
		})
	}
	everybody.Wait()
	sum := 0
	for _, e := range c.items {
		sum += e.Value.(*cached).bytes
	}
	assert.Equal(t, sum, c.bytes)
	assert.LessOrEqual(t, c.bytes, c.most)
	assert.Equal(t, len(c.items), c.order.Len())
}
