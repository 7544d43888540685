package sqlite

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/ext/fts5"
)

// conn is one connection with the statements that it has prepared so far. One goroutine uses it at a time.
type conn struct {
	path string
	db   *sqlite3.Conn
	kept map[string]*sqlite3.Stmt
	seen seen
	log  log // of the one that writes
}

// uninterrupted is the context of what no caller may end halfway: opening, closing, ending a transaction.
var uninterrupted = context.Background()

// connect opens the file. It neither creates tables nor looks at what is in there.
func connect(ctx context.Context, path string, o Options, flags sqlite3.OpenFlag) (*conn, error) {
	db, err := sqlite3.OpenFlags(path, flags)
	if err != nil {
		return nil, err
	}
	c := &conn{path: path, db: db, kept: map[string]*sqlite3.Stmt{}}
	if err := c.interruptible(ctx, func() error { return c.configure(o) }); err != nil {
		return nil, errors.Join(err, c.close())
	}
	return c, nil
}

func (c *conn) configure(o Options) error {
	if err := fts5.Register(c.db); err != nil {
		return err
	}
	if err := c.db.BusyTimeout(o.BusyTimeout); err != nil {
		return err
	}
	return c.db.Exec(fmt.Sprintf(`
		PRAGMA cache_size = -%d;
		PRAGMA synchronous = %s;
		PRAGMA temp_store = MEMORY;
		PRAGMA secure_delete = ON;
		PRAGMA cell_size_check = ON;
		PRAGMA trusted_schema = OFF;
		PRAGMA wal_autocheckpoint = 0; -- see log`,
		max(1, o.CacheBytes/1024), o.Synchronous.pragma()))
}

// interruptible runs do, whose statements end when ctx does.
func (c *conn) interruptible(ctx context.Context, do func() error) error {
	c.db.SetInterrupt(ctx)
	defer c.db.SetInterrupt(context.WithoutCancel(ctx))
	return do()
}

// close closes the connection; whatever it was doing is rolled back.
func (c *conn) close() error {
	if c == nil {
		return nil
	}
	c.db.SetInterrupt(uninterrupted)
	for _, st := range c.kept {
		_ = st.Close() // it repeats the error of the last step
	}
	clear(c.kept)
	return c.db.Close()
}

// discard closes a connection that broke in the middle of something, as well as it goes: its locks must go.
func (c *conn) discard() {
	defer func() { _ = recover() }()
	_ = c.close()
}

// statement is one run of a kept statement. Parameters are bound in order; the first error ends it.
type statement struct {
	*sqlite3.Stmt
	bound int
	err   error
}

// run begins a run of a statement. Its text is a constant or one of a bounded number of shapes.
func (c *conn) run(sql string) statement {
	st, ok := c.kept[sql]
	if !ok {
		var err error
		if st, _, err = c.db.PrepareFlags(sql, sqlite3.PREPARE_PERSISTENT); err != nil {
			return statement{err: fmt.Errorf("%w in %s", err, sql)}
		}
		c.kept[sql] = st
	}
	return statement{Stmt: st}
}

func (s *statement) text(v string) {
	if s.bound++; s.err == nil {
		s.err = s.BindText(s.bound, v)
	}
}

func (s *statement) int(v int64) {
	if s.bound++; s.err == nil {
		s.err = s.BindInt64(s.bound, v)
	}
}

func (s *statement) blob(v []byte) {
	if s.bound++; s.err == nil {
		s.err = s.BindBlob(s.bound, v)
	}
}

// next steps to the next row.
func (s *statement) next() bool {
	if s.err != nil {
		return false
	}
	if s.Step() {
		return true
	}
	s.err = s.Err()
	return false
}

// done ends the run; the statement can be run again.
func (s *statement) done() error {
	if s.Stmt != nil {
		// Reset repeats the error of the last step, unless the step was one of the interrupt in Go.
		if err := s.Reset(); s.err == nil {
			s.err = err
		}
	}
	return s.err
}

// exec runs the statement to its end and ends the run.
func (s *statement) exec() error {
	if s.err == nil {
		s.err = s.Exec()
	}
	return s.err
}

// number runs a statement that returns one row with one number, 0 if it returns none.
func (s *statement) number() (int64, error) {
	var n int64
	if s.next() {
		n = s.ColumnInt64(0)
	}
	return n, s.done()
}

const (
	sqlBegin    = `BEGIN`
	sqlWrite    = `BEGIN IMMEDIATE`
	sqlCommit   = `COMMIT`
	sqlRollback = `ROLLBACK`
)

// transact runs do in a transaction: begin is sqlBegin or sqlWrite. The transaction is over when it returns, and
// when it returned an error nothing was written; but a commit that failed halfway may have been made: then
// reading tells.
func (c *conn) transact(ctx context.Context, begin string, do func() error) error {
	c.db.SetInterrupt(ctx)
	ending := context.WithoutCancel(ctx) // what was begun is ended, one way or the other
	defer c.db.SetInterrupt(ending)
	st := c.run(begin)
	err := st.exec()
	if err == nil {
		err = do()
		if err == nil {
			err = ctx.Err()
		}
		c.db.SetInterrupt(ending)
		if err == nil {
			st := c.run(sqlCommit)
			err = st.exec()
			if begin == sqlBegin && c.db.GetAutocommit() {
				err = nil // one that met a damaged page says so once more when it ends
			}
		}
	}
	if err != nil && !c.db.GetAutocommit() {
		st := c.run(sqlRollback)
		if e := st.exec(); e != nil && !c.db.GetAutocommit() {
			return errors.Join(explain(ctx, c.path, err), fmt.Errorf("%w: %w", errStuck, e))
		}
	}
	return explain(ctx, c.path, err)
}

// read runs do, whose statements each read by themselves.
func (c *conn) read(ctx context.Context, do func() error) error {
	c.db.SetInterrupt(ctx)
	defer c.db.SetInterrupt(context.WithoutCancel(ctx))
	err := do()
	if err == nil {
		err = ctx.Err()
	}
	return explain(ctx, c.path, err)
}

// errStuck: a transaction could not be ended. The connection is of no use any more.
var errStuck = errors.New("rollback failed")

// patiently repeats what SQLite refuses to wait for by itself, for at most the busy timeout.
func patiently(ctx context.Context, most time.Duration, do func() error) error {
	end := time.Now().Add(most)
	for {
		err := do()
		if !busy(err) || time.Now().After(end) {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(5 * time.Millisecond):
		}
	}
}
