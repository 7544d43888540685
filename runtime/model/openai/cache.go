package openai

import (
	"bytes"
	"container/list"
	"slices"
	"sync"

	"github.com/sonajobs/sona/runtime/prompt"
)

const (
	mostCached      = 64       // published steps whose calls run at the same time on one client
	mostCachedBytes = 16 << 20 // of them all
)

// cache keeps the stable part of prompts and their tools as they stand in a request, the latest used ones.
// Its key is what the receipt says, and it is believed only where text and tools are the same.
type cache struct {
	mu     sync.Mutex
	byKey  map[cacheKey]*list.Element
	recent list.List // of *written, latest first
	size   int
}

type cacheKey struct{ stable, tools string }

// written is one stable part with its tools. Immutable once it is kept.
type written struct {
	key   cacheKey
	text  string
	tools []prompt.Tool

	escaped []byte // text, between the quotes of a JSON string
	offer   []byte // ,"tools":[…]; nil where there are none
}

func newCache() *cache { return &cache{byKey: map[cacheKey]*list.Element{}} }

func (w *written) size() int { return len(w.text) + len(w.escaped) + len(w.offer) }

func (w *written) is(p prompt.Prompt) bool {
	return w.text == p.Stable && slices.EqualFunc(w.tools, p.Tools, func(a, b prompt.Tool) bool {
		return a.Name == b.Name && a.Description == b.Description && bytes.Equal(a.Parameters, b.Parameters)
	})
}

// get returns the stable part of p as it is sent. Without a receipt nothing is kept.
func (c *cache) get(p prompt.Prompt) (*written, error) {
	key := cacheKey{p.Receipt.Stable, p.Receipt.Tools}
	if key.stable == "" {
		return write(key, p)
	}
	if w := c.find(key); w != nil && w.is(p) {
		return w, nil
	}
	w, err := write(key, p)
	if err == nil && w.size() <= mostCachedBytes/4 {
		c.keep(w)
	}
	return w, err
}

func (c *cache) find(key cacheKey) *written {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.byKey[key]
	if e == nil {
		return nil
	}
	c.recent.MoveToFront(e)
	return e.Value.(*written)
}

// keep takes w in, in place of what stood under its key, and drops what was not used for the longest time.
func (c *cache) keep(w *written) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e := c.byKey[w.key]; e != nil {
		c.drop(e)
	}
	c.byKey[w.key] = c.recent.PushFront(w)
	c.size += w.size()
	for c.size > mostCachedBytes || c.recent.Len() > mostCached {
		c.drop(c.recent.Back())
	}
}

func (c *cache) drop(e *list.Element) {
	w := c.recent.Remove(e).(*written)
	delete(c.byKey, w.key)
	c.size -= w.size()
}
