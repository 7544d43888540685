package sqlite

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/ncruces/go-sqlite3"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/storage"
)

func opened2(t *testing.T, o Options) *Storage {
	t.Helper()
	s, err := Open(filepath.Join(t.TempDir(), "sona.db"), o)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return s
}

func docs(from, n int) []storage.Doc {
	list := make([]storage.Doc, n)
	for i := range list {
		list[i] = storage.Doc{
			Ref: storage.Ref{Kind: storage.KindJob, ID: fmt.Sprintf("j%06d", from+i)}, Revision: 1,
			Sort: fmt.Sprintf("name %06d", from+i), Terms: []string{"all"}, Value: []byte("{}"),
		}
	}
	return list
}

// ending is a context that ends when it is asked for the nth time.
type ending struct {
	context.Context //nolint:containedctx // it is a context
	mu              sync.Mutex
	left            int
}

func (c *ending) Err() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.left--; c.left < 0 {
		return context.Canceled
	}
	return nil
}

// idle asserts that no connection is in a transaction.
func idle(t *testing.T, s *Storage) {
	t.Helper()
	c := <-s.writer
	require.True(t, c.db.GetAutocommit(), "the writer is in a transaction")
	s.writer <- c
	s.readers.mu.Lock()
	defer s.readers.mu.Unlock()
	for _, c := range s.readers.free {
		require.True(t, c.db.GetAutocommit(), "a reader is in a transaction")
	}
}

func TestAContextThatEndsAnywhereLeavesNoTransactionAndNothingHalf(t *testing.T) { //nolint:tparallel // its parts look at the same connections
	t.Parallel()
	s := opened2(t, Options{Synchronous: Normal})
	require.NoError(t, s.Put(t.Context(), "acme", docs(0, 250))) // Check reads them in two transactions
	calls := map[string]func(context.Context) error{
		"Get": func(ctx context.Context) error {
			_, err := s.Get(ctx, "acme", []storage.Want{{Ref: docs(5, 1)[0].Ref}, {Ref: docs(9, 1)[0].Ref}})
			return err
		},
		"List": func(ctx context.Context) error {
			_, err := s.List(ctx, "acme", storage.Query{Kind: storage.KindJob, Terms: []string{"all"}, Contains: "99", Limit: 100})
			return err
		},
		"History": func(ctx context.Context) error {
			_, err := s.History(ctx, "acme", docs(5, 1)[0].Ref, 0, 10)
			return err
		},
		"Changes": func(ctx context.Context) error {
			_, err := s.Changes(ctx, "acme", 0, 100)
			return err
		},
		"Check": func(ctx context.Context) error { return s.Check(ctx) },
	}
	for name, call := range calls {
		t.Run(name, func(t *testing.T) {
			ended := 0
			for left := 0; ; left += 1 + left/4 {
				err := call(&ending{Context: t.Context(), left: left})
				idle(t, s)
				if err == nil {
					break
				}
				require.ErrorIs(t, err, context.Canceled, "after %d", left)
				ended++
			}
			require.Positive(t, ended)
			require.NoError(t, call(t.Context()), "the connections are as good as before")
		})
	}
	t.Run("Put", func(t *testing.T) {
		for left, from := 0, 10_000; ; left, from = left+1+left/8, from+20 {
			batch := docs(from, 20)
			err := s.Put(&ending{Context: t.Context(), left: left}, "acme", batch)
			idle(t, s)
			want := make([]storage.Want, len(batch))
			for i := range batch {
				want[i].Ref = batch[i].Ref
			}
			there, errGet := s.Get(t.Context(), "acme", want)
			require.NoError(t, errGet)
			if err == nil {
				require.Len(t, there, len(batch))
				break
			}
			require.ErrorIs(t, err, context.Canceled)
			require.Empty(t, there)
		}
	})
	require.NoError(t, s.Check(t.Context()))
}

func TestWhoWaitsForAConnectionGivesUpWithTheContext(t *testing.T) {
	t.Parallel()
	s := opened2(t, Options{Synchronous: Normal, Readers: 1})
	require.NoError(t, s.Put(t.Context(), "acme", docs(0, 1)))
	late, cancel := context.WithTimeout(t.Context(), 5*time.Millisecond)
	defer cancel()

	writer := <-s.writer
	require.ErrorIs(t, s.Put(late, "acme", docs(1, 1)), context.DeadlineExceeded)
	s.writer <- writer

	reader, err := s.readers.take(t.Context())
	require.NoError(t, err)
	late, cancel = context.WithTimeout(t.Context(), 5*time.Millisecond)
	defer cancel()
	_, err = s.Get(late, "acme", []storage.Want{{Ref: docs(0, 1)[0].Ref}})
	require.ErrorIs(t, err, context.DeadlineExceeded)
	s.readers.give(reader, true)
	require.NoError(t, s.Put(t.Context(), "acme", docs(1, 1)))
}

func TestWhoWaitsForAnotherProcessGivesUpWithTheContextOrTheTimeout(t *testing.T) {
	t.Parallel()
	s := opened2(t, Options{Synchronous: Normal, BusyTimeout: 20 * time.Millisecond})
	other, err := Open(s.path, Options{Synchronous: Normal})
	require.NoError(t, err)
	c := <-other.writer
	require.NoError(t, c.db.Exec(`BEGIN IMMEDIATE`))
	require.ErrorIs(t, s.Put(t.Context(), "acme", docs(0, 1)), ErrBusy)
	late, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	require.ErrorIs(t, s.Put(late, "acme", docs(0, 1)), context.DeadlineExceeded)
	_, err = s.Get(t.Context(), "acme", []storage.Want{{Ref: docs(0, 1)[0].Ref}})
	require.NoError(t, err, "readers do not wait")
	require.NoError(t, c.db.Exec(`ROLLBACK`))
	other.writer <- c
	require.NoError(t, other.Close())
	require.NoError(t, s.Put(t.Context(), "acme", docs(0, 1)))
	idle(t, s)
}

func TestWhoWaitsToOpenAFileGivesUpWithTheContext(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "sona.db")
	other, err := sqlite3.Open(path)
	require.NoError(t, err)
	require.NoError(t, other.Exec(`PRAGMA user_version = 0; BEGIN EXCLUSIVE`))
	late, cancel := context.WithTimeout(t.Context(), 5*time.Millisecond)
	defer cancel()
	_, err = openWriter(late, path, Options{BusyTimeout: time.Hour}.withDefaults())
	require.ErrorIs(t, explain(late, path, err), context.DeadlineExceeded)
	require.NoError(t, other.Exec(`ROLLBACK`))
	require.NoError(t, other.Close())
	c, err := openWriter(t.Context(), path, Options{}.withDefaults())
	require.NoError(t, err)
	require.NoError(t, c.close())
}

func TestClosedIsClosed(t *testing.T) {
	t.Parallel()
	s := opened2(t, Options{Synchronous: Normal})
	require.NoError(t, s.Put(t.Context(), "acme", docs(0, 1)))
	require.NoError(t, s.Close())
	require.NoError(t, s.Close(), "a second Close does nothing")
	ctx := t.Context()
	_, errGet := s.Get(ctx, "acme", nil)
	_, errList := s.List(ctx, "acme", storage.Query{Kind: "k", Limit: 1})
	_, errHistory := s.History(ctx, "acme", storage.Ref{}, 0, 1)
	_, errChanges := s.Changes(ctx, "acme", 0, 1)
	for _, err := range []error{
		errGet, errList, errHistory, errChanges, s.Put(ctx, "acme", docs(1, 1)), s.Check(ctx),
		s.Backup(ctx, filepath.Join(t.TempDir(), "copy.db")),
	} {
		require.ErrorIs(t, err, ErrClosed)
	}
}

func TestCloseWaitsForRunningCallsAndNothingIsLost(t *testing.T) {
	t.Parallel()
	for range 20 {
		s := opened2(t, Options{Synchronous: Normal})
		errs := make([]error, 8)
		start := make(chan struct{})
		var all sync.WaitGroup
		for i := range errs {
			all.Go(func() {
				<-start
				if errs[i] = s.Put(t.Context(), "acme", docs(i*10, 10)); errs[i] == nil {
					_, errs[i] = s.Changes(t.Context(), "acme", 0, 10)
					if errors.Is(errs[i], ErrClosed) {
						errs[i] = nil
					}
				}
			})
		}
		close(start)
		require.NoError(t, s.Close())
		all.Wait()
		again, err := Open(s.path, Options{Synchronous: Normal})
		require.NoError(t, err)
		put := 0
		for _, err := range errs {
			if err == nil {
				put += 10
			} else {
				require.ErrorIs(t, err, ErrClosed)
			}
		}
		changes, err := again.Changes(t.Context(), "acme", 0, 1_000)
		require.NoError(t, err)
		require.Len(t, changes, put)
		require.NoError(t, again.Close())
	}
}

func TestAConnectionThatBreaksIsReplaced(t *testing.T) {
	t.Parallel()
	s := opened2(t, Options{Synchronous: Normal})
	require.NoError(t, s.Put(t.Context(), "acme", docs(0, 1)))
	for range 10 {
		require.ErrorContains(t, s.reading(t.Context(), func(*conn) error { panic("memory is used up") }), "connection lost: memory is used up")
		err := s.writing(t.Context(), func(c *conn) error {
			st := c.run(sqlAddSpace)
			st.text("half")
			require.NoError(t, st.exec())
			panic(errors.New("memory is used up"))
		})
		require.ErrorContains(t, err, "connection lost: memory is used up")
	}
	require.NoError(t, s.Put(t.Context(), "acme", docs(1, 1)))
	changes, err := s.Changes(t.Context(), "acme", 0, 10)
	require.NoError(t, err)
	require.Len(t, changes, 2)
	require.NoError(t, s.Check(t.Context()))
}

func TestAValueThatIsTooLargeIsRefusedAndTheLargestIsKept(t *testing.T) {
	t.Parallel()
	s := opened2(t, Options{Synchronous: Normal})
	d := docs(0, 1)
	d[0].Value = make([]byte, MaxValue+1)
	require.ErrorContains(t, s.Put(t.Context(), "acme", d), "at most")
	d[0].Value = d[0].Value[:MaxValue]
	d[0].Value[MaxValue-1] = 7
	require.NoError(t, s.Put(t.Context(), "acme", d))
	got, err := s.Get(t.Context(), "acme", []storage.Want{{Ref: d[0].Ref}})
	require.NoError(t, err)
	require.Len(t, got, 1)
	require.Len(t, got[0].Value, MaxValue)
	require.Equal(t, byte(7), got[0].Value[MaxValue-1])
}
