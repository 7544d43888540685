package storage

import (
	"container/list"
	"sync"
)

// cacheBytes bounds what a Workspace keeps decoded, measured in bytes of stored JSON.
const cacheBytes = 64 << 20

// cache keeps the newest decoded revision of documents, least recently used out first. An entry can
// never be stale: a revision never changes, and Get always tells which revision is the newest.
type cache struct {
	mu    sync.Mutex
	most  int
	bytes int
	items map[Ref]*list.Element
	order *list.List // of *cached, most recently used first
}

type cached struct {
	ref      Ref
	revision int
	value    any
	bytes    int
}

func newCache(most int) *cache {
	return &cache{most: most, items: map[Ref]*list.Element{}, order: list.New()}
}

// held returns what is held of ref, nil for nothing. It is never written again.
func (c *cache) held(ref Ref) *cached {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.items[ref]
	if !ok {
		return nil
	}
	c.order.MoveToFront(e)
	return e.Value.(*cached)
}

func (c *cache) get(ref Ref, revision int) (any, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.items[ref]
	if !ok || e.Value.(*cached).revision != revision {
		return nil, false
	}
	c.order.MoveToFront(e)
	return e.Value.(*cached).value, true
}

// put keeps a revision unless a newer one is held already.
func (c *cache) put(ref Ref, revision int, value any, bytes int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e, ok := c.items[ref]; ok {
		if e.Value.(*cached).revision >= revision {
			return
		}
		c.drop(e)
	}
	bytes += 256 // an entry costs something, too
	if bytes > c.most {
		return
	}
	c.items[ref] = c.order.PushFront(&cached{ref, revision, value, bytes})
	for c.bytes += bytes; c.bytes > c.most; {
		c.drop(c.order.Back())
	}
}

// forget drops what is held of ref: after its values were erased nothing of them may stay.
func (c *cache) forget(ref Ref) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e, ok := c.items[ref]; ok {
		c.drop(e)
	}
}

func (c *cache) drop(e *list.Element) {
	c.order.Remove(e)
	old := e.Value.(*cached)
	delete(c.items, old.ref)
	c.bytes -= old.bytes
}
