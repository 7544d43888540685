package sqlite_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ncruces/go-sqlite3"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/storage"
	"github.com/sonajobs/sona/storage/sqlite"
)

// The benchmarks of this file set what a call costs beside what it cannot be cheaper than: raw statements of the
// same driver on the same file, in the same run, turn by turn. They report how many times the floor it is.

// raw is a connection of the driver itself.
func raw(tb testing.TB, path string) *sqlite3.Conn {
	tb.Helper()
	db, err := sqlite3.Open(path)
	require.NoError(tb, err)
	require.NoError(tb, db.Exec(`PRAGMA cache_size = -8192; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 10000`))
	return db
}

func prepared(tb testing.TB, db *sqlite3.Conn, sql string) *sqlite3.Stmt {
	tb.Helper()
	st, _, err := db.Prepare(sql)
	require.NoError(tb, err)
	return st
}

// times runs the call and its floor in turns and reports the medians.
func times(b *testing.B, call, floor func() error) {
	b.Helper()
	var calls, floors []time.Duration
	took := func(do func() error) time.Duration {
		start := time.Now()
		if err := do(); err != nil {
			b.Fatal(err)
		}
		return time.Since(start)
	}
	for range 3 { // warm
		took(call)
		took(floor)
	}
	for b.Loop() {
		floors = append(floors, took(floor))
		calls = append(calls, took(call))
	}
	slices.Sort(calls)
	slices.Sort(floors)
	c, f := calls[len(calls)/2], floors[len(floors)/2]
	b.ReportMetric(float64(c.Nanoseconds())/1e3, "µs")
	b.ReportMetric(float64(f.Nanoseconds())/1e3, "µs-floor")
	b.ReportMetric(float64(c)/float64(f), "x-floor")
}

func held(n int, have int) []storage.Want {
	want := make([]storage.Want, n)
	for i := range want {
		want[i] = storage.Want{Ref: jobDoc(i * rows() / (n + 1)).Ref, Have: have}
	}
	return want
}

// BenchmarkCallStartUnchanged is the read of a call start when nothing changed: 22 documents, all of them held.
// The floor asks for SQLite's data_version and reads a counter.
func BenchmarkCallStartUnchanged(b *testing.B) {
	s := openFilled(b)
	path, _ := filled()
	db := raw(b, path)
	st := prepared(b, db, `PRAGMA data_version`)
	var own atomic.Int64
	want := held(22, 1)
	times(b, func() error {
		docs, err := s.Get(b.Context(), office, want)
		if err == nil && len(docs) != len(want) {
			err = fmt.Errorf("%d documents", len(docs))
		}
		return err
	}, func() error {
		if !st.Step() || st.ColumnInt64(0) < 0 || own.Load() != 0 {
			return st.Err()
		}
		return st.Reset()
	})
	require.NoError(b, st.Close())
	require.NoError(b, db.Close())
}

// BenchmarkCallStartCold is the read of a call start that holds nothing: 10 jobs of 4,000 bytes. The floor reads
// the same columns of the same rows with one prepared statement, in one transaction.
func BenchmarkCallStartCold(b *testing.B) {
	s := openFilled(b)
	path, _ := filled()
	db := raw(b, path)
	st := prepared(b, db, `SELECT r.revision, r.deleted, r.at, r.author, r.note, r.sort, r.uniques, r.terms, r.value
		FROM doc AS d CROSS JOIN revision AS r ON r.seq = d.seq WHERE d.shelf = 1 AND d.id = ?`)
	want := make([]storage.Want, 10)
	for i := range want {
		want[i] = storage.Want{Ref: jobDoc(i * 99).Ref}
	}
	times(b, func() error {
		docs, err := s.Get(b.Context(), office, want)
		if err == nil && (len(docs) != len(want) || len(docs[0].Value) != 4_000) {
			err = fmt.Errorf("%d documents", len(docs))
		}
		return err
	}, func() error {
		tx := db.Begin()
		for i := range want {
			if err := st.BindText(1, want[i].ID); err != nil {
				return err
			}
			if !st.Step() {
				return fmt.Errorf("no row: %w", st.Err())
			}
			_ = storage.Doc{
				Revision: st.ColumnInt(0), Deleted: st.ColumnInt(1) != 0, At: time.UnixMicro(st.ColumnInt64(2)), By: st.ColumnText(3),
				Note: st.ColumnText(4), Sort: st.ColumnText(5), Value: st.ColumnBlob(8, nil),
			}
			if err := st.Reset(); err != nil {
				return err
			}
		}
		return tx.Commit()
	})
	require.NoError(b, st.Close())
	require.NoError(b, db.Close())
}

// BenchmarkDurableSave saves the next revision of a job of 4,000 bytes. The floor writes 4 KiB to the end of a file
// of its own and waits for the disk.
func BenchmarkDurableSave(b *testing.B) {
	s := openFilled(b)
	path, _ := filled()
	f, err := os.Create(filepath.Join(filepath.Dir(path), "floor"))
	require.NoError(b, err)
	d := jobDoc(1)
	docs, err := s.Get(b.Context(), office, []storage.Want{{Ref: d.Ref}})
	require.NoError(b, err)
	d.Revision = docs[0].Revision
	page := make([]byte, 4_096)
	times(b, func() error {
		d.Revision++
		return s.Put(b.Context(), office, []storage.Doc{d})
	}, func() error {
		if _, err := f.Write(page); err != nil {
			return err
		}
		return datasync(f)
	})
	require.NoError(b, f.Close())
}

// BenchmarkPage reads pages of 50 jobs at any depth, and those of a name with a rare part. The floor is the first page.
func BenchmarkPage(b *testing.B) {
	s := openFilled(b)
	list := func(q storage.Query) func() error {
		q.Kind, q.Limit = storage.KindJob, 50
		return func() error {
			_, err := s.List(b.Context(), office, q)
			return err
		}
	}
	for _, c := range []struct {
		name string
		q    storage.Query
	}{
		{"middle", storage.Query{After: jobDoc(rows() / 2).Key()}},
		{"last but one", storage.Query{After: storage.Key{Sort: "zebra"}}},
		{"backwards", storage.Query{After: jobDoc(rows() / 2).Key(), Reverse: true}},
		{"rare/50 in the library", storage.Query{Contains: "quagga"}},
		{"rare/one in 1,000", storage.Query{Contains: "zebra"}},
		{"rare/one job", storage.Query{Contains: fmt.Sprintf("%07d", rows()/2)}},
		{"rare/none", storage.Query{Contains: "unicorn"}},
		{"common part", storage.Query{Contains: "appointment"}},
		{"two characters", storage.Query{Contains: "ze"}},
		{"two characters/none", storage.Query{Contains: "ü9"}},
	} {
		b.Run(c.name, func(b *testing.B) { times(b, list(c.q), list(storage.Query{})) })
	}
}

// BenchmarkImpact lists the 1,000 flows that name a job. The floor reads the same columns of the same rows with
// one prepared statement.
func BenchmarkImpact(b *testing.B) {
	s := openFilled(b)
	path, _ := filled()
	db := raw(b, path)
	st := prepared(b, db, `SELECT r.revision, r.at, r.author, r.note, r.sort, r.uniques, r.terms, r.value, k.id, r.deleted
		FROM term AS k CROSS JOIN doc AS d ON d.shelf = k.shelf AND d.id = k.id CROSS JOIN revision AS r ON r.seq = d.seq
		WHERE k.shelf = 2 AND k.term = ? ORDER BY k.sort, k.id LIMIT 1000`)
	term := "draft:" + jobDoc(0).ID
	times(b, func() error {
		docs, err := s.List(b.Context(), office, storage.Query{Kind: storage.KindFlow, Terms: []string{term}, Limit: 1_000})
		if err == nil && len(docs) != 1_000 {
			err = fmt.Errorf("%d flows", len(docs))
		}
		return err
	}, func() error {
		if err := st.BindText(1, term); err != nil {
			return err
		}
		docs := make([]storage.Doc, 0, 1_000)
		for st.Step() {
			docs = append(docs, storage.Doc{
				Ref:      storage.Ref{Kind: storage.KindFlow, ID: st.ColumnText(8)},
				Revision: st.ColumnInt(0), At: time.UnixMicro(st.ColumnInt64(1)), By: st.ColumnText(2), Note: st.ColumnText(3),
				Deleted: st.ColumnInt(9) != 0, Sort: st.ColumnText(4), Terms: strings.Split(st.ColumnText(6), "\x00"), Value: st.ColumnBlob(7, nil),
			})
		}
		if len(docs) != 1_000 {
			return fmt.Errorf("%d rows: %w", len(docs), st.Err())
		}
		return st.Reset()
	})
	require.NoError(b, st.Close())
	require.NoError(b, db.Close())
}

// BenchmarkReadersBesideAWriter lets 8 goroutines read single jobs for a second while one saves durably. The floor
// is the driver, raw: as many connections as the storage may have, each with its own statement, beside the same
// kind of writes. Of several rounds it reports medians.
func BenchmarkReadersBesideAWriter(b *testing.B) {
	path, err := filled()
	require.NoError(b, err)
	var ours, floors, reads, alone, p99s, waits []float64
	for b.Loop() {
		single, call, floor := besideWriter(b, path, 0, false), besideWriter(b, path, 8, false), besideWriter(b, path, 8, true)
		ours, floors, reads = append(ours, call.reads), append(floors, floor.reads), append(reads, call.reads/floor.reads)
		alone, p99s = append(alone, single.p99.Seconds()*1e3), append(p99s, call.p99.Seconds()*1e3)
		waits = append(waits, call.p99.Seconds()/single.p99.Seconds())
	}
	for unit, of := range map[string][]float64{
		"reads/s": ours, "reads/s-floor": floors, "x-floor": reads,
		"ms-save-p99": p99s, "ms-save-p99-alone": alone, "x-save-p99-alone": waits,
	} {
		slices.Sort(of)
		b.ReportMetric(of[len(of)/2], unit)
	}
}

type besides struct {
	reads float64 // a second
	p99   time.Duration
}

func besideWriter(b *testing.B, path string, readers int, floor bool) besides {
	b.Helper()
	s, err := sqlite.Open(path, sqlite.Options{})
	require.NoError(b, err)
	var (
		all   sync.WaitGroup
		stop  atomic.Bool
		reads atomic.Int64
		saves []time.Duration
	)
	conns := make(chan *sqlite3.Stmt, 4)
	if floor {
		for range cap(conns) {
			conns <- prepared(b, raw(b, path), `SELECT r.revision, r.at, r.author, r.note, r.sort, r.uniques, r.terms, r.value
				FROM doc AS d CROSS JOIN revision AS r ON r.seq = d.seq WHERE d.shelf = 1 AND d.id = ?`)
		}
	}
	for w := range readers {
		all.Go(func() {
			for i := w; !stop.Load(); i += 7 {
				id := jobDoc(i % rows()).ID
				if !floor {
					_, err := s.Get(b.Context(), office, []storage.Want{{Ref: storage.Ref{Kind: storage.KindJob, ID: id}}})
					if err != nil {
						b.Error(err)
					}
				} else {
					st := <-conns
					if err := st.BindText(1, id); err != nil || !st.Step() {
						b.Error(err, st.Err())
					}
					_ = storage.Doc{Revision: st.ColumnInt(0), By: st.ColumnText(2), Sort: st.ColumnText(4), Value: st.ColumnBlob(7, nil)}
					if err := st.Reset(); err != nil {
						b.Error(err)
					}
					conns <- st
				}
				reads.Add(1)
			}
		})
	}
	d := jobDoc(2)
	docs, err := s.Get(b.Context(), office, []storage.Want{{Ref: d.Ref}})
	require.NoError(b, err)
	d.Revision = docs[0].Revision
	start := time.Now()
	for time.Since(start) < time.Second {
		d.Revision++
		at := time.Now()
		require.NoError(b, s.Put(b.Context(), office, []storage.Doc{d}))
		saves = append(saves, time.Since(at))
	}
	took := time.Since(start)
	stop.Store(true)
	all.Wait()
	if floor {
		for range cap(conns) {
			st := <-conns
			db := st.Conn()
			require.NoError(b, st.Close())
			require.NoError(b, db.Close())
		}
	}
	require.NoError(b, s.Close())
	slices.Sort(saves)
	return besides{float64(reads.Load()) / took.Seconds(), saves[len(saves)*99/100]}
}
