package storage

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// A snapshot that is used again and again is used with its jobs: they may not grow old beside it, or the
// cache would drop them while the snapshot keeps them alive, uncounted.
func TestCache_TouchKeepsTheDocumentsOfASnapshotThatIsUsed(t *testing.T) {
	c := newCache(3 * (256 + 100))
	for n := range 3 {
		c.put(numberedRef(n), 1, n, 100)
	}
	c.touch([]Want{{Ref: numberedRef(0)}, {Ref: numberedRef(9)}}) // the last was never held
	c.put(numberedRef(3), 1, 3, 100)

	for n, held := range map[int]bool{0: true, 1: false, 2: true, 3: true} {
		_, ok := c.get(numberedRef(n), 1)
		assert.Equal(t, held, ok, n)
	}
}
