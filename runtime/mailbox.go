package runtime

import "sync"

// mailbox brings what models, actions and hosts have to say to the goroutine that owns a call. Posting
// never blocks, so nothing outside can hang on a call that nobody looks at any more.
type mailbox struct {
	mu    sync.Mutex
	queue []func()
	ready chan struct{} // holds a token while the queue may not be empty
}

func newMailbox() *mailbox { return &mailbox{ready: make(chan struct{}, 1)} }

// post adds f; the owner will run it.
func (m *mailbox) post(f func()) {
	m.mu.Lock()
	m.queue = append(m.queue, f)
	m.mu.Unlock()
	select {
	case m.ready <- struct{}{}:
	default:
	}
}

// take returns the oldest entry, nil when there is none.
func (m *mailbox) take() func() {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.queue) == 0 {
		return nil
	}
	f := m.queue[0]
	m.queue = m.queue[1:]
	return f
}
