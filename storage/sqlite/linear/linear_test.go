//go:build unix

// Package linear checks histories of several processes on one SQLite file with porcupine: whether every document
// behaved as one register with compare-and-set. It is a module of its own for the sake of that one requirement,
// and has no code but tests. It imports package storage, the driver, porcupine and testify.
package linear

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"unsafe"

	"github.com/anishathalye/porcupine"
	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/storage"
	"github.com/sonajobs/sona/storage/sqlite"
)

const (
	processes = 4
	documents = 3
	calls     = 120 // of each process
)

// call is one call of one process, with its result.
type call struct {
	Doc      string `json:"doc"`
	Put      bool   `json:"put"`
	Revision int    `json:"revision"` // put, or seen
	Value    string `json:"value"`    // put, or seen
	Conflict bool   `json:"conflict"`
	From     int64  `json:"from"` // the places of its begin and end in the order of all processes
	To       int64  `json:"to"`
}

// register is what one document is.
type register struct {
	revision int
	value    string
}

// model says how a document behaves: a Put of the next revision sets it, any other is a conflict; a Get tells
// what was set last.
var model = porcupine.Model{
	Partition: func(history []porcupine.Operation) [][]porcupine.Operation {
		byDoc := map[string][]porcupine.Operation{}
		for _, op := range history {
			doc := op.Input.(call).Doc
			byDoc[doc] = append(byDoc[doc], op)
		}
		var parts [][]porcupine.Operation
		for _, part := range byDoc {
			parts = append(parts, part)
		}
		return parts
	},
	Init: func() any { return register{} },
	Step: func(state, input, _ any) (bool, any) {
		r, c := state.(register), input.(call)
		switch {
		case !c.Put:
			return r == register{c.Revision, c.Value}, r
		case c.Conflict:
			return r.revision+1 != c.Revision, r
		default:
			return r.revision+1 == c.Revision, register{c.Revision, c.Value}
		}
	},
}

// histories runs the processes on one file and returns what they did.
func histories(t *testing.T, bug string, seed int) []porcupine.Operation {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "order"), make([]byte, 8), 0o600))
	exe, err := os.Executable()
	require.NoError(t, err)
	cmds := make([]*exec.Cmd, processes)
	outs := make([]*bufio.Scanner, processes)
	for i := range cmds {
		cmds[i] = exec.Command(exe)
		cmds[i].Env = append(os.Environ(), "SONA_LINEAR="+dir, "SONA_LINEAR_BUG="+bug, fmt.Sprint("SONA_LINEAR_SEED=", seed*processes+i))
		cmds[i].Stderr = os.Stderr
		out, err := cmds[i].StdoutPipe()
		require.NoError(t, err)
		outs[i] = bufio.NewScanner(out)
		require.NoError(t, cmds[i].Start())
	}
	var history []porcupine.Operation
	for i, out := range outs {
		for out.Scan() {
			var c call
			require.NoError(t, json.Unmarshal(out.Bytes(), &c))
			history = append(history, porcupine.Operation{ClientId: i, Input: c, Call: c.From, Return: c.To})
		}
		require.NoError(t, out.Err())
		require.NoError(t, cmds[i].Wait())
	}
	require.Len(t, history, processes*calls)
	return history
}

func rounds() int {
	if n, err := strconv.Atoi(os.Getenv("SONA_CHAOS")); err == nil && n > 0 {
		return n
	}
	if testing.Short() {
		return 2
	}
	return 10
}

func TestFourProcessesSeeEachDocumentAsOneRegister(t *testing.T) {
	for round := range rounds() {
		history := histories(t, "", round)
		puts, conflicts := 0, 0
		for _, op := range history {
			if c := op.Input.(call); c.Put && c.Conflict {
				conflicts++
			} else if c.Put {
				puts++
			}
		}
		require.Positive(t, puts)
		require.Positive(t, conflicts, "they did not meet")
		require.True(t, porcupine.CheckOperations(model, history), "round %d", round)
	}
}

func TestABugInCompareAndSetIsFound(t *testing.T) {
	for _, bug := range []string{"retries on top", "holds too long"} {
		t.Run(bug, func(t *testing.T) {
			for round := range rounds() {
				if !porcupine.CheckOperations(model, histories(t, bug, round)) {
					return
				}
			}
			require.Fail(t, "no history shows the bug")
		})
	}
}

func TestMain(m *testing.M) {
	if dir := os.Getenv("SONA_LINEAR"); dir != "" {
		if err := play(dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// play is one of the processes.
func play(dir string) error {
	order, err := shared(filepath.Join(dir, "order"))
	if err != nil {
		return err
	}
	file, err := sqlite.Open(filepath.Join(dir, "sona.db"), sqlite.Options{Synchronous: sqlite.Normal})
	if err != nil {
		return err
	}
	var s storage.Storage = file
	switch os.Getenv("SONA_LINEAR_BUG") {
	case "retries on top":
		s = retrying{file}
	case "holds too long":
		s = &holding{Storage: file, docs: map[storage.Ref]storage.Doc{}}
	}
	seed, err := strconv.ParseUint(os.Getenv("SONA_LINEAR_SEED"), 10, 64)
	if err != nil {
		return err
	}
	r := rand.New(rand.NewPCG(7, seed))
	out := json.NewEncoder(os.Stdout)
	known := map[string]int{}
	for n := range calls {
		c := call{Doc: fmt.Sprint("d", r.IntN(documents)), Put: r.IntN(2) == 0}
		c.Revision, c.Value = known[c.Doc]+1, fmt.Sprintf("%d/%d", seed, n)
		if err := do(s, &c, order); err != nil {
			return err
		}
		if c.Put && c.Conflict {
			known[c.Doc] += r.IntN(2) // guess on, or ask again by a Get
		} else {
			known[c.Doc] = c.Revision
		}
		if err := out.Encode(c); err != nil {
			return err
		}
	}
	return file.Close()
}

func do(s storage.Storage, c *call, order *atomic.Int64) error {
	ref := storage.Ref{Kind: storage.KindJob, ID: c.Doc}
	if c.Put {
		d := storage.Doc{Ref: ref, Revision: c.Revision, Note: c.Value, Value: []byte(strings.Repeat(c.Value, 100))}
		c.From = order.Add(1)
		err := s.Put(context.Background(), "acme", []storage.Doc{d})
		c.To = order.Add(1)
		c.Conflict = errors.Is(err, storage.ErrConflict)
		if c.Conflict {
			return nil
		}
		return err
	}
	c.From = order.Add(1)
	docs, err := s.Get(context.Background(), "acme", []storage.Want{{Ref: ref, Have: c.Revision - 1}})
	c.To = order.Add(1)
	c.Revision, c.Value = 0, ""
	if len(docs) > 0 {
		c.Revision, c.Value = docs[0].Revision, docs[0].Note
	}
	return err
}

// shared returns a counter that all processes share: the order of what they do, without a clock.
func shared(path string) (*atomic.Int64, error) {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return nil, err
	}
	b, err := syscall.Mmap(int(f.Fd()), 0, 8, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_SHARED)
	if err != nil {
		return nil, err
	}
	return (*atomic.Int64)(unsafe.Pointer(&b[0])), f.Close()
}

// retrying is a driver with a bug: where the revision is taken it puts the next one, and says that all is well.
type retrying struct{ storage.Storage }

func (s retrying) Put(ctx context.Context, ws storage.WorkspaceID, docs []storage.Doc) error {
	for {
		err := s.Storage.Put(ctx, ws, docs)
		if !errors.Is(err, storage.ErrConflict) {
			return err
		}
		docs[0].Revision++
		if past, err := s.History(ctx, ws, docs[0].Ref, 0, 1); err == nil && len(past) > 0 {
			docs[0].Revision = past[0].Revision + 1
		}
	}
}

// holding is a driver with a bug: it answers a Get with what it read before.
type holding struct {
	storage.Storage
	docs map[storage.Ref]storage.Doc
}

func (s *holding) Get(ctx context.Context, ws storage.WorkspaceID, want []storage.Want) ([]storage.Doc, error) {
	if d, ok := s.docs[want[0].Ref]; ok && want[0].Have == d.Revision {
		return []storage.Doc{d}, nil
	}
	docs, err := s.Storage.Get(ctx, ws, want)
	if err == nil && len(docs) > 0 {
		s.docs[docs[0].Ref] = docs[0]
	}
	return docs, err
}
