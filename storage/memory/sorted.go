package memory

import (
	"cmp"
	"iter"
	"slices"
	"sort"

	"github.com/sonajobs/sona/storage"
)

// chunkSize bounds how much an insertion moves: one chunk, 2 kB, of pointers and, once in a hundred
// insertions, the list of chunks, which at a million documents is no longer than a few thousand.
const chunkSize = 256

// sorted is a set of documents in the order of their keys, with at most one document for each key. The
// zero value is an empty set. It is a list of sorted chunks, none of them empty: that is as fast as a tree
// at the sizes that fit into a process, and its order is plain to see.
type sorted struct {
	chunks [][]*storage.Doc
	count  int
}

func (s *sorted) len() int { return s.count }

// insert adds d. No document with its key is in the set.
func (s *sorted) insert(d *storage.Doc) {
	s.count++
	if len(s.chunks) == 0 {
		s.chunks = append(s.chunks, []*storage.Doc{d})
		return
	}
	c, i := s.find(d.Key())
	if c == len(s.chunks) { // above all: it goes to the end of the last chunk
		c--
		i = len(s.chunks[c])
	}
	if len(s.chunks[c]) == chunkSize {
		c, i = s.split(c, i)
	}
	s.chunks[c] = slices.Insert(s.chunks[c], i, d)
}

// remove takes out the document with the key of d.
func (s *sorted) remove(d *storage.Doc) {
	c, i := s.find(d.Key())
	if c == len(s.chunks) || compare(s.chunks[c][i], d.Key()) != 0 {
		return
	}
	s.count--
	s.chunks[c] = slices.Delete(s.chunks[c], i, i+1)
	s.join(c)
}

// split halves the full chunk c and returns where what was to stand at (c, i) stands now. Behind its last
// document, which is behind all documents, it opens a new chunk instead, so that documents that come in
// order fill their chunks.
func (s *sorted) split(c, i int) (int, int) {
	full := s.chunks[c]
	at := chunkSize / 2
	if i == chunkSize {
		at = chunkSize
	}
	upper := append(make([]*storage.Doc, 0, chunkSize), full[at:]...)
	clear(full[at:])
	s.chunks[c] = full[:at]
	s.chunks = slices.Insert(s.chunks, c+1, upper)
	if i < at {
		return c, i
	}
	return c + 1, i - at
}

// join merges chunk c into its neighbour when it has become small, so that deleting leaves no long list
// of nearly empty chunks behind.
func (s *sorted) join(c int) {
	switch {
	case len(s.chunks[c]) == 0:
	case len(s.chunks[c]) > chunkSize/4:
		return
	case c > 0 && len(s.chunks[c-1]) <= chunkSize/2:
		s.chunks[c-1] = append(s.chunks[c-1], s.chunks[c]...)
	case c+1 < len(s.chunks) && len(s.chunks[c+1]) <= chunkSize/2:
		s.chunks[c+1] = slices.Insert(s.chunks[c+1], 0, s.chunks[c]...)
	default:
		return
	}
	s.chunks = slices.Delete(s.chunks, c, c+1)
}

// up yields the documents from the key k on, that one included, in rising order.
func (s *sorted) up(k storage.Key) iter.Seq[*storage.Doc] {
	return func(yield func(*storage.Doc) bool) {
		c, i := s.find(k)
		for ; c < len(s.chunks); c, i = c+1, 0 {
			for _, d := range s.chunks[c][i:] {
				if !yield(d) {
					return
				}
			}
		}
	}
}

// down yields the documents below the key k in falling order.
func (s *sorted) down(k storage.Key) iter.Seq[*storage.Doc] {
	return func(yield func(*storage.Doc) bool) {
		c, i := s.find(k)
		s.downFrom(c, i, yield)
	}
}

// downAll yields all documents in falling order.
func (s *sorted) downAll(yield func(*storage.Doc) bool) {
	s.downFrom(len(s.chunks), 0, yield)
}

// downFrom yields in falling order what stands before place i of chunk c.
func (s *sorted) downFrom(c, i int, yield func(*storage.Doc) bool) {
	for {
		for i--; i >= 0; i-- {
			if !yield(s.chunks[c][i]) {
				return
			}
		}
		if c--; c < 0 {
			return
		}
		i = len(s.chunks[c])
	}
}

// find returns the chunk and the place of the first document that is not below k; the chunk is
// len(s.chunks) when all are below.
func (s *sorted) find(k storage.Key) (c, i int) {
	c = sort.Search(len(s.chunks), func(c int) bool {
		chunk := s.chunks[c]
		return compare(chunk[len(chunk)-1], k) >= 0
	})
	if c < len(s.chunks) {
		i = sort.Search(len(s.chunks[c]), func(i int) bool { return compare(s.chunks[c][i], k) >= 0 })
	}
	return c, i
}

func compare(d *storage.Doc, k storage.Key) int {
	if c := cmp.Compare(d.Sort, k.Sort); c != 0 {
		return c
	}
	return cmp.Compare(d.ID, k.ID)
}
