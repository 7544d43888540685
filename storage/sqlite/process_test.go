package sqlite_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/storage"
	"github.com/sonajobs/sona/storage/sqlite"
)

func init() { //nolint:gochecknoinits // parts of other processes, which have no other place
	parts["race"] = race
	parts["follow"] = follow
}

const racedRevisions = 40

// race puts each revision of one document once, whoever was faster, and says which ones it won.
func race(path, name string, out io.Writer) error {
	s, err := sqlite.Open(path, fast)
	if err != nil {
		return err
	}
	for revision := 1; revision <= racedRevisions; revision++ {
		d := doc("raced", revision)
		d.By = name
		err := s.Put(context.Background(), "acme", []storage.Doc{d, {Ref: storage.Ref{Kind: storage.KindPage, ID: name + strconv.Itoa(revision)}, Revision: 1}})
		switch {
		case err == nil:
			if _, err := fmt.Fprintln(out, revision); err != nil {
				return err
			}
		case !errors.Is(err, storage.ErrConflict):
			return err
		}
	}
	return s.Close()
}

// follow reads the feed until the document "end" is put, and says every number.
func follow(path, _ string, out io.Writer) error {
	s, err := sqlite.Open(path, fast)
	if err != nil {
		return err
	}
	for after := storage.Seq(0); ; {
		changes, err := s.Changes(context.Background(), "acme", after, 5)
		if err != nil {
			return err
		}
		for _, c := range changes {
			after = c.Seq
			if c.Ref.ID == "end" {
				return s.Close()
			}
			if _, err := fmt.Fprintf(out, "%d %s %d\n", c.Seq, c.Ref.ID, c.Revision); err != nil {
				return err
			}
		}
		if len(changes) == 0 {
			runtime.Gosched() // another process makes the next ones
		}
	}
}

func TestOfTwoProcessesExactlyOneWinsEachRevisionAndAThirdMissesNothing(t *testing.T) {
	t.Parallel()
	for range rounds(t) {
		path := newPath(t)
		racers := []*process{start(t, "race", path, "ann"), start(t, "race", path, "ben")}
		reader := start(t, "follow", path, "")
		won := map[int]string{}
		for i, p := range racers {
			name := []string{"ann", "ben"}[i]
			said, err := io.ReadAll(p.out)
			require.NoError(t, err)
			require.NoError(t, p.Wait())
			for line := range strings.FieldsSeq(string(said)) {
				revision, err := strconv.Atoi(line)
				require.NoError(t, err)
				require.Empty(t, won[revision], "revision %d was won twice", revision)
				won[revision] = name
			}
		}
		require.Len(t, won, racedRevisions)
		s := open(t, path, fast)
		past, err := s.History(t.Context(), "acme", doc("raced", 1).Ref, 0, 1_000)
		require.NoError(t, err)
		require.Len(t, past, racedRevisions)
		for _, d := range past {
			require.Equal(t, won[d.Revision], d.By)
		}
		changes, err := s.Changes(t.Context(), "acme", 0, 1_000)
		require.NoError(t, err)
		require.Len(t, changes, 2*racedRevisions, "a Put that lost put nothing else either")
		put(t, s, doc("end", 1))
		want := strings.Builder{}
		for _, c := range changes {
			fmt.Fprintf(&want, "%d %s %d\n", c.Seq, c.Ref.ID, c.Revision)
		}
		said, err := io.ReadAll(reader.out)
		require.NoError(t, err)
		require.NoError(t, reader.Wait())
		require.Equal(t, want.String(), string(said))
	}
}
