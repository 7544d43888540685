package sqlite_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/storage"
	"github.com/sonajobs/sona/storage/sqlite"
)

// rows is how many jobs the file of the benchmarks has: SONA_ROWS, 10,000 by default.
func rows() int {
	if n, err := strconv.Atoi(os.Getenv("SONA_ROWS")); err == nil && n > 0 {
		return n
	}
	return 10_000
}

const office = storage.WorkspaceID("office")

// jobDoc returns job i of the benchmarks' file: a name of a few words, one in a thousand and 50 in all with a rare one, and
// a text of 1,000 characters, or 4,000 for the first 1,000.
func jobDoc(i int) storage.Doc {
	size := 1_000
	if i < 1_000 {
		size = 4_000
	}
	name := fmt.Sprintf("%s %s the %s %07d", verbs[i%len(verbs)], nouns[i/7%len(nouns)], nouns[i/3%len(nouns)], i)
	switch {
	case i%1_000 == 500:
		name = "zebra " + name
	case i%max(1, rows()/50) == 7:
		name = "quagga " + name
	}
	return storage.Doc{
		Ref:      storage.Ref{Kind: storage.KindJob, ID: fmt.Sprintf("job-%d-%08x", i%97, uint32(i)*2654435761)},
		Revision: 1, By: "ann", Sort: name, Value: []byte(`"` + strings.Repeat("x", size-2) + `"`),
	}
}

var (
	verbs = []string{"take", "book", "cancel", "move", "confirm", "check", "send", "explain", "sell", "return"}
	nouns = []string{"message", "table", "appointment", "order", "invoice", "delivery", "key", "room", "ticket", "contract", "parcel", "quote", "refund"}
)

// filled returns a path of a file with rows() jobs and 1,000 flows whose drafts name the first job. It is made
// once for all benchmarks; in the folder SONA_BENCH_DIR, if that is set, where the next run finds it again.
var filled = sync.OnceValues(func() (string, error) {
	dir := os.Getenv("SONA_BENCH_DIR")
	if dir == "" {
		var err error
		if dir, err = os.MkdirTemp("", "sona-sqlite-bench"); err != nil {
			return "", err
		}
		benchDir = dir
	}
	path := filepath.Join(dir, fmt.Sprintf("sona-%d.db", rows()))
	if _, err := os.Stat(path); err == nil {
		return path, nil
	}
	return path, fill(path)
})

// fill makes the file. It has its name only when it is complete.
func fill(path string) error {
	half := path + ".half"
	for _, end := range []string{"", "-wal", "-shm"} { // of a run that was ended
		if err := os.Remove(half + end); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	s, err := sqlite.Open(half, sqlite.Options{Synchronous: sqlite.Normal})
	if err != nil {
		return err
	}
	ctx := context.Background()
	for i := 0; i < rows(); i += 500 {
		docs := make([]storage.Doc, 0, 500)
		for j := i; j < min(i+500, rows()); j++ {
			docs = append(docs, jobDoc(j))
		}
		if err := s.Put(ctx, office, docs); err != nil {
			return err
		}
	}
	flows := make([]storage.Doc, 1_000)
	for i := range flows {
		flows[i] = storage.Doc{
			Ref: storage.Ref{Kind: storage.KindFlow, ID: fmt.Sprintf("flow-%04d", i)}, Revision: 1, Sort: fmt.Sprintf("flow %04d", i),
			Terms: []string{"draft:" + jobDoc(0).ID}, Value: []byte(strings.Repeat("x", 500)),
		}
	}
	if err := s.Put(ctx, office, flows); err != nil {
		return err
	}
	if err := s.Close(); err != nil {
		return err
	}
	return os.Rename(half, path)
}

func openFilled(b *testing.B) *sqlite.Storage {
	b.Helper()
	path, err := filled()
	require.NoError(b, err)
	s, err := sqlite.Open(path, sqlite.Options{})
	require.NoError(b, err)
	b.Cleanup(func() { require.NoError(b, s.Close()) })
	return s
}
