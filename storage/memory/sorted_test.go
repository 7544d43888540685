package memory

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/storage"
)

func TestSortedIsAPlainSortedSlice(t *testing.T) {
	for _, keys := range []int{3, 300, 3_000} { // few keys: it empties; many: it splits and joins
		t.Run(fmt.Sprint(keys, " keys"), func(t *testing.T) {
			r := rand.New(rand.NewPCG(1, uint64(keys)))
			c := newComparison(t)
			for range 4 {
				for range keys * 2 { // grow
					c.do(r.IntN(4) > 0, r.IntN(keys))
				}
				c.same()
				for range keys * 2 { // shrink
					c.do(r.IntN(4) == 0, r.IntN(keys))
				}
				c.same()
				for range 20 {
					c.sameFrom(r.IntN(keys + 1))
				}
			}
		})
	}
}

func TestSortedFillsItsChunksWhenDocumentsComeInOrder(t *testing.T) {
	c := newComparison(t)
	for k := range 10 * chunkSize {
		c.do(true, k)
	}
	c.same()
	require.Len(t, c.set.chunks, 10)
}

func TestSortedKeepsFewChunksWhenDocumentsGo(t *testing.T) {
	c := newComparison(t)
	for k := range 20 * chunkSize {
		c.do(true, k)
	}
	for k := range 20 * chunkSize {
		if k%chunkSize != 7 {
			c.do(false, k)
		}
	}
	c.same()
	require.LessOrEqual(t, len(c.set.chunks), 4, "20 documents")
	for k := range 20 * chunkSize {
		c.do(false, k)
	}
	c.same()
	require.Empty(t, c.set.chunks)
}

func TestSortedStopsWhenTheReaderDoes(t *testing.T) {
	c := newComparison(t)
	for k := range 3 * chunkSize {
		c.do(true, k)
	}
	n := 0
	for range c.set.up(storage.Key{}) {
		if n++; n == chunkSize+1 {
			break
		}
	}
	for range c.set.downAll {
		if n++; n == 2*chunkSize+2 {
			break
		}
	}
	require.Equal(t, 2*chunkSize+2, n)
}

func FuzzSorted(f *testing.F) {
	f.Add([]byte{0, 1, 0, 2, 0, 1})
	ramp := []byte{}
	for i := range uint16(1_000) {
		ramp = binary.BigEndian.AppendUint16(ramp, i<<1|1)
	}
	f.Add(ramp)
	f.Fuzz(func(t *testing.T, steps []byte) {
		c := newComparison(t)
		for ; len(steps) > 1; steps = steps[2:] {
			step := binary.BigEndian.Uint16(steps)
			c.do(step&1 == 1, int(step>>1))
		}
		c.same()
		c.sameFrom(len(c.plain) / 2)
	})
}

// comparison does the same to a sorted and to a plain sorted slice.
type comparison struct {
	*testing.T
	set   sorted
	plain []*storage.Doc
}

func newComparison(t *testing.T) *comparison { return &comparison{T: t} }

// keyed returns a document whose key rises with k; four in a row have the same Sort.
func keyed(k int) *storage.Doc {
	return &storage.Doc{Ref: storage.Ref{ID: fmt.Sprintf("%06d", k)}, Sort: fmt.Sprintf("%06d", k/4)}
}

func (c *comparison) place(k int) (int, bool) {
	return slices.BinarySearchFunc(c.plain, keyed(k), func(a, b *storage.Doc) int {
		return strings.Compare(a.Sort+"\x00"+a.ID, b.Sort+"\x00"+b.ID)
	})
}

// do inserts or removes the document k. Inserting one that is there and removing one that is not there
// are no steps.
func (c *comparison) do(insert bool, k int) {
	d := keyed(k)
	i, there := c.place(k)
	switch {
	case insert && !there:
		c.plain = slices.Insert(c.plain, i, d)
		c.set.insert(d)
	case !insert && there:
		c.plain = slices.Delete(c.plain, i, i+1)
		c.set.remove(d)
	case !insert:
		c.set.remove(d)
	}
}

func (c *comparison) same() {
	c.Helper()
	require.Equal(c, len(c.plain), c.set.len())
	require.True(c, slices.Equal(c.plain, slices.Collect(c.set.up(storage.Key{}))), "rising")
	down := slices.Collect(c.set.downAll)
	slices.Reverse(down)
	require.True(c, slices.Equal(c.plain, down), "falling")
	for _, chunk := range c.set.chunks {
		require.NotEmpty(c, chunk)
		require.LessOrEqual(c, len(chunk), chunkSize)
	}
}

func (c *comparison) sameFrom(k int) {
	c.Helper()
	i, _ := c.place(k)
	require.True(c, slices.Equal(c.plain[i:], slices.Collect(c.set.up(keyed(k).Key()))), "from %d up", k)
	down := slices.Collect(c.set.down(keyed(k).Key()))
	slices.Reverse(down)
	require.True(c, slices.Equal(c.plain[:i], down), "below %d", k)
}
