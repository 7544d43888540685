package openai

import (
	"io"
	"sync"
)

// payload is the body of a request, in pieces of which some are shared with other requests. It is let go of
// as soon as it is sent, so that a reply that is waited for does not keep its prompt in memory: what net/http
// holds on to while the answer streams is an empty reader.
type payload struct {
	size int64

	mu       sync.Mutex
	segments [][]byte
}

func newPayload(segments [][]byte) *payload {
	p := &payload{segments: segments}
	for _, s := range segments {
		p.size += int64(len(s))
	}
	return p
}

// open returns a reader of the whole.
func (p *payload) open() *sender {
	p.mu.Lock()
	defer p.mu.Unlock()
	return &sender{left: p.segments, released: p.segments == nil}
}

// release drops the payload once nobody can ask for another reader. Readers that are open go on.
func (p *payload) release() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.segments = nil
}

// sender reads a payload once and drops it at the end. A transport may close it while it reads.
type sender struct {
	mu       sync.Mutex
	left     [][]byte // shared: only its header is changed
	at       int      // within the first
	released bool
}

// Read reads on.
func (s *sender) Read(p []byte) (n int, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.released {
		return 0, io.ErrUnexpectedEOF
	}
	for n < len(p) && len(s.left) > 0 {
		k := copy(p[n:], s.left[0][s.at:])
		n += k
		if s.at += k; s.at == len(s.left[0]) {
			s.left, s.at = s.left[1:], 0
		}
	}
	if len(s.left) == 0 {
		s.left = nil
		if n == 0 && len(p) > 0 {
			return 0, io.EOF
		}
	}
	return n, nil
}

// Close drops what was not read.
func (s *sender) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.released = s.released || s.left != nil
	s.left = nil
	return nil
}
