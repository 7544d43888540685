package sqlite

import (
	"context"
	"errors"
	"sync"
)

// pool lends connections, at most so many at a time. It opens them when they are needed first and lends the
// one that came back last, whose memory is the warmest.
type pool struct {
	open  func(context.Context) (*conn, error)
	turns chan struct{} // holds one for each connection that may be lent
	mu    sync.Mutex
	free  []*conn
}

func newPool(n int, open func(context.Context) (*conn, error)) *pool {
	p := &pool{open: open, turns: make(chan struct{}, n)}
	for range n {
		p.turns <- struct{}{}
	}
	return p
}

// take waits for a turn. What it lends must be given back.
func (p *pool) take(ctx context.Context) (*conn, error) {
	select {
	case <-p.turns:
	default:
		select {
		case <-p.turns:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	p.mu.Lock()
	if n := len(p.free); n > 0 {
		c := p.free[n-1]
		p.free = p.free[:n-1]
		p.mu.Unlock()
		return c, nil
	}
	p.mu.Unlock()
	c, err := p.open(ctx)
	if err != nil {
		p.turns <- struct{}{}
		return nil, err
	}
	return c, nil
}

// give takes a connection back. One that is not whole is closed, and a new one opened when it is needed.
func (p *pool) give(c *conn, whole bool) {
	if whole {
		p.mu.Lock()
		p.free = append(p.free, c)
		p.mu.Unlock()
	} else {
		c.discard()
	}
	p.turns <- struct{}{}
}

// close closes all connections. None may be lent.
func (p *pool) close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	var errs []error
	for _, c := range p.free {
		errs = append(errs, c.close())
	}
	p.free = nil
	return errors.Join(errs...)
}
