package cassette

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
)

// tape is what both cassettes have in common: recordings by what they answer, each of which is played once.
type tape[R any] struct {
	config Config
	kind   string

	mu      sync.Mutex
	doc     document[R]
	keys    []string         // of each recording
	waiting map[string][]int // by key: the recordings that were not played yet, in order
	all     map[string]int   // by key: how often it was recorded
	fresh   []func() R       // what was recorded since, in the order of the requests
	closed  bool
	failed  error // why Close is to write nothing
	result  error // of Close
}

var errClosed = errors.New("the cassette is closed")

func openTape[R keyed](c Config, kind string) (*tape[R], error) {
	doc, err := load[R](c, kind)
	if err != nil {
		return nil, err
	}
	t := &tape[R]{config: c, kind: kind, doc: doc, waiting: map[string][]int{}, all: map[string]int{}}
	for i, r := range doc.Recordings {
		key := r.key(doc.Prompts)
		t.keys = append(t.keys, key)
		t.waiting[key] = append(t.waiting[key], i)
		t.all[key]++
	}
	return t, nil
}

// keyed is a recording that knows what request it answers.
type keyed interface {
	key(prompts map[string]storedPrompt) string
}

// take returns the number of the next recording for a key, from 0; -1 when there is none and the request is to
// be made. What is neither recorded nor to be made is an error: missing says which.
func (t *tape[R]) take(key string, missing func(times int) error) (int, error) {
	t.mu.Lock()
	if t.closed {
		t.mu.Unlock()
		return 0, errClosed
	}
	if left := t.waiting[key]; len(left) > 0 {
		t.waiting[key] = left[1:]
		t.mu.Unlock()
		return left[0], nil
	}
	times := t.all[key]
	t.mu.Unlock()
	if t.config.Mode == Replay {
		return 0, missing(times)
	}
	return -1, nil
}

// add adds a recording that is under way. finished is called when the tape is closed, with its lock held.
func (t *tape[R]) add(finished func() R) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.closed {
		t.fresh = append(t.fresh, finished)
	}
}

// fail makes Close write nothing.
func (t *tape[R]) fail(err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.failed == nil {
		t.failed = err
	}
}

// left returns the numbers of the recordings that were not played, from 0.
func (t *tape[R]) left() []int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Sorted(func(yield func(int) bool) {
		for left := range maps.Values(t.waiting) {
			for _, i := range left {
				if !yield(i) {
					return
				}
			}
		}
	})
}

// close writes what was recorded. finish completes the document, and names what it holds text by text.
func (t *tape[R]) close(finish func(d *document[R], fresh []R), texts func(document[R], *scanner)) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed {
		return t.result
	}
	t.closed = true
	if t.config.Mode == Replay || len(t.fresh) == 0 {
		return nil
	}
	t.result = t.save(finish, texts)
	return t.result
}

func (t *tape[R]) save(finish func(d *document[R], fresh []R), texts func(document[R], *scanner)) error {
	var fresh []R
	for _, f := range t.fresh {
		fresh = append(fresh, f())
	}
	if t.failed != nil {
		return fmt.Errorf("cassette %s: nothing was written: %w", t.config.Path, t.failed)
	}
	d := t.doc
	d.Prompts, d.Recordings = maps.Clone(d.Prompts), slices.Clone(d.Recordings)
	finish(&d, fresh)
	scan := scanner{patterns: t.config.patterns()}
	texts(d, &scan)
	if scan.found != nil {
		scan.found.Path = t.config.Path
		return scan.found
	}
	return d.write(t.config.Path)
}
