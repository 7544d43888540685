package sqlite

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/ncruces/go-sqlite3"

	"github.com/sonajobs/sona/storage"
)

// Synchronous says when a Put returns.
type Synchronous int

const (
	// Full returns when the revision is on the disk: no power cut takes back what was saved. A Put costs
	// one wait for the disk.
	Full Synchronous = iota
	// Normal returns before the disk has it. A killed process loses nothing, a power cut may take the last
	// Puts back, whole and from the end. The file stays good.
	Normal
)

func (s Synchronous) pragma() string {
	if s == Normal {
		return "NORMAL"
	}
	return "FULL"
}

// Options of [Open]. The zero value is right for most hosts.
type Options struct {
	// Synchronous is Full by default.
	Synchronous Synchronous
	// Readers is how many reads may run at a time; more wait for their turn. 4 by default. Each costs up
	// to CacheBytes of memory once it is used.
	Readers int
	// BusyTimeout is how long a Put waits for another process to finish writing, 10 seconds by default. Writers
	// of this process wait for each other as long as their contexts allow.
	BusyTimeout time.Duration
	// CacheBytes is how much of the file each reader and the writer keep in memory, 8 MiB by default.
	CacheBytes int
}

func (o Options) withDefaults() Options {
	if o.Readers < 1 {
		o.Readers = 4
	}
	if o.BusyTimeout <= 0 {
		o.BusyTimeout = 10 * time.Second
	}
	if o.CacheBytes <= 0 {
		o.CacheBytes = 8 << 20
	}
	return o
}

// MaxValue is the largest Value that Put accepts, in bytes: SQLite's memory is bounded, and a document is a text.
const MaxValue = 64 << 20

// Storage is one open file. It is a [storage.Storage], safe for concurrent use.
type Storage struct {
	path    string
	options Options
	writer  chan *conn // holds the one writer while it is free
	readers *pool
	shelves *shelves
	held    *held

	longReads atomic.Int32 // of this process, under way

	mu      sync.Mutex
	closing chan struct{} // closed by Close
	calls   int           // running
	idle    chan struct{} // closed when calls is 0 after closing
	closed  chan struct{} // closed when the file is
}

var _ storage.Storage = (*Storage)(nil)

// Open opens the file at path, or makes it; the folder must be there. Files of older versions are brought up to
// date at once. Every process that uses the file opens it this way, and may do so at the same moment.
//
// The errors are [ErrNotDatabase], [ErrReadOnly], [ErrFull], [ErrBusy], [ErrCorrupt] and *[SchemaError], or the
// operating system's. A file that was refused is as it was.
func Open(path string, o Options) (*Storage, error) {
	o = o.withDefaults()
	full, err := resolve(path)
	if err != nil {
		return nil, err
	}
	writer, err := openWriter(uninterrupted, full, o)
	if err != nil {
		return nil, fmt.Errorf("sqlite: %s: %w", full, explain(uninterrupted, full, err))
	}
	s := &Storage{
		path: full, options: o, writer: make(chan *conn, 1), shelves: newShelves(), held: newHeld(heldBytes),
		closing: make(chan struct{}), idle: make(chan struct{}), closed: make(chan struct{}),
	}
	s.readers = newPool(o.Readers, s.connectReader)
	s.writer <- writer
	return s, nil
}

// openWriter opens the connection that writes and brings the file up to date.
func openWriter(ctx context.Context, path string, o Options) (c *conn, err error) {
	err = patiently(ctx, o.BusyTimeout, func() error {
		if c, err = connect(ctx, path, o, sqlite3.OPEN_READWRITE|sqlite3.OPEN_CREATE); err != nil {
			return err
		}
		c.countLog()
		if readOnly, _ := c.db.ReadOnly("main"); readOnly {
			return errors.Join(ErrReadOnly, c.close())
		}
		err := prepare(ctx, c, migrations())
		if err == nil {
			err = syncFolder(path) // the file and its log may be new
		}
		if err != nil {
			return errors.Join(err, c.close())
		}
		return nil
	})
	return c, err
}

func (s *Storage) connectReader(ctx context.Context) (c *conn, err error) {
	err = patiently(ctx, s.options.BusyTimeout, func() error {
		if c, err = connect(ctx, s.path, s.options, sqlite3.OPEN_READWRITE); err != nil {
			return err
		}
		if err := c.db.Exec(`PRAGMA query_only = ON`); err != nil {
			return errors.Join(err, c.close())
		}
		return nil
	})
	return c, err
}

// Close waits for the calls that are running, refuses new ones with [ErrClosed] and closes the file. A second
// Close waits for the first and does nothing.
func (s *Storage) Close() error {
	s.mu.Lock()
	select {
	case <-s.closing:
		s.mu.Unlock()
		<-s.closed
		return nil
	default:
	}
	defer close(s.closed)
	close(s.closing)
	if s.calls == 0 {
		close(s.idle)
	}
	s.mu.Unlock()
	<-s.idle
	err := s.readers.close()
	// The last connection of all processes takes the write-ahead log into the file and removes it.
	if writer := <-s.writer; writer != nil {
		err = errors.Join(err, writer.close())
	}
	s.writer <- nil
	if err != nil {
		return fmt.Errorf("sqlite: %s: %w", s.path, explain(uninterrupted, s.path, err))
	}
	return nil
}

// enter counts a call that begins; leave must follow.
func (s *Storage) enter() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	select {
	case <-s.closing:
		return fmt.Errorf("sqlite: %s: %w", s.path, ErrClosed)
	default:
		s.calls++
		return nil
	}
}

func (s *Storage) leave() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.calls--; s.calls > 0 {
		return
	}
	select {
	case <-s.closing:
		close(s.idle)
	default:
	}
}

// reading lends a reader to do.
func (s *Storage) reading(ctx context.Context, do func(*conn) error) (err error) {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := s.enter(); err != nil {
		return err
	}
	defer s.leave()
	c, err := s.readers.take(ctx)
	if err != nil {
		return s.name(explain(ctx, s.path, err))
	}
	whole := false
	defer func() {
		if p := recover(); p != nil {
			err = s.name(panicked(p))
		}
		s.readers.give(c, whole)
	}()
	err = do(c)
	whole = !errors.Is(err, errStuck)
	return s.name(err)
}

// consistently runs do in one read transaction. It may run it again from the start, when others who open or
// close the file were in the way: that is the one time when a reader waits.
func (s *Storage) consistently(ctx context.Context, do func(*conn) error) error {
	return s.reading(ctx, func(c *conn) error { return s.snapshot(ctx, c, func() error { return do(c) }) })
}

func (s *Storage) snapshot(ctx context.Context, c *conn, do func() error) error {
	return patiently(ctx, s.options.BusyTimeout, func() error { return c.transact(ctx, sqlBegin, do) })
}

// alone runs do without a transaction, for a read of one statement; else it is as snapshot.
func (s *Storage) alone(ctx context.Context, c *conn, do func() error) error {
	return patiently(ctx, s.options.BusyTimeout, func() error { return c.read(ctx, do) })
}

// writing lends the writer to do, inside a write transaction.
func (s *Storage) writing(ctx context.Context, do func(*conn) error) (err error) {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := s.enter(); err != nil {
		return err
	}
	defer s.leave()
	var c *conn
	select {
	case c = <-s.writer:
	case <-ctx.Done():
		return ctx.Err()
	}
	whole := false
	defer func() {
		if p := recover(); p != nil {
			err = s.name(panicked(p))
		}
		if !whole {
			c.discard()
			c = nil
		}
		s.writer <- c
	}()
	if c == nil { // the one before broke
		if c, err = openWriter(ctx, s.path, s.options); err != nil {
			return s.name(explain(ctx, s.path, err))
		}
	}
	err = c.transact(ctx, sqlWrite, func() error { return do(c) })
	if err == nil {
		c.tidy(s.options.BusyTimeout, s.longReads.Load() > 0)
	}
	whole = !errors.Is(err, errStuck)
	return s.name(err)
}

// name puts the file's name before an error of the file. Those of the contract and of contexts speak for
// themselves.
func (s *Storage) name(err error) error {
	var ref *storage.RefError
	if err == nil || errors.As(err, &ref) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return fmt.Errorf("sqlite: %s: %w", s.path, err)
}

// panicked turns a panic of the translated SQLite, which has no other way to say that its memory is used up,
// into an error. The connection is thrown away.
func panicked(p any) error {
	if err, ok := p.(error); ok {
		return fmt.Errorf("connection lost: %w", err)
	}
	return fmt.Errorf("connection lost: %v", p)
}
