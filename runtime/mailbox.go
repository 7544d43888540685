package runtime

import "sync"

// mailbox brings what models, actions and hosts have to say to the goroutine that owns a call. Putting in
// never blocks, so nothing outside can hang on a call that nobody looks at any more.
type mailbox[T any] struct {
	mu    sync.Mutex
	queue queue[T]
	ready chan struct{} // holds a token while the queue may not be empty
}

func newMailbox[T any]() *mailbox[T] { return &mailbox[T]{ready: make(chan struct{}, 1)} }

// post adds v; the owner will take it.
func (m *mailbox[T]) post(v T) {
	m.mu.Lock()
	m.queue.push(v)
	m.mu.Unlock()
	select {
	case m.ready <- struct{}{}:
	default:
	}
}

// take returns the oldest entry; false when there is none.
func (m *mailbox[T]) take() (v T, ok bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.queue.pop()
}
