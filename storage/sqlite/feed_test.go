package sqlite_test

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/storage"
	"github.com/sonajobs/sona/storage/sqlite"
)

func init() { //nolint:gochecknoinits // parts of other processes, which have no other place
	parts["write"] = writeSome
	parts["watch"] = watchOn
	parts["stamp"] = writeAndStamp
}

const feedWriters = 3

// writeSome puts batches of three documents, one of them deleted and brought back now and then. Its name ends in how
// many.
func writeSome(path, name string, _ io.Writer) error {
	name, puts, _ := strings.Cut(name, " ")
	most, err := strconv.Atoi(puts)
	if err != nil {
		return err
	}
	s, err := sqlite.Open(path, fast)
	if err != nil {
		return err
	}
	for revision := 1; revision <= most; revision++ {
		docs := []storage.Doc{doc(name+"-a", revision), doc(name+"-b", revision), doc(name+"-c", revision)}
		docs[0].Deleted = revision%10 == 9
		if err := s.Put(context.Background(), "acme", docs); err != nil {
			return err
		}
	}
	return s.Close()
}

// watchOn says what Watch yields after the place that its name is, until it is killed.
func watchOn(path, name string, out io.Writer) error {
	after, err := strconv.ParseInt(name, 10, 64)
	if err != nil {
		return err
	}
	s, err := sqlite.Open(path, fast)
	if err != nil {
		return err
	}
	for c, err := range storage.Open(s, "acme").Watch(context.Background(), storage.Seq(after)) {
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintln(out, told(c)); err != nil {
			return err
		}
		<-time.After(time.Millisecond) // so slow that it is killed in the middle of a page
	}
	return s.Close()
}

func told(c storage.Change) string {
	return fmt.Sprintf("%d %s %d %t", c.Seq, c.Ref.ID, c.Revision, c.Deleted)
}

// TestAWatcherThatIsKilledAndBegunAgainMissesNothingAndRepeatsNothing lets three processes write while the fourth, which
// watches, is killed again and again, and goes on after the last change that it told.
func TestAWatcherThatIsKilledAndBegunAgainMissesNothingAndRepeatsNothing(t *testing.T) {
	t.Parallel()
	path := newPath(t)
	r := rand.New(rand.NewPCG(3, 4))
	puts := 10 * rounds(t)
	total := 3 * feedWriters * puts
	var writers []*process
	for i := range feedWriters {
		writers = append(writers, start(t, "write", path, fmt.Sprintf("w%d %d", i, puts)))
	}
	var seen []string
	after := func() string {
		if len(seen) == 0 {
			return "0"
		}
		seq, _, _ := strings.Cut(seen[len(seen)-1], " ")
		return seq
	}
	killed := 0
	for ; len(seen) < total; killed++ {
		w := start(t, "watch", path, after())
		for range min(1+r.IntN(100), total-len(seen)) {
			seen = append(seen, w.says(t))
		}
		require.NoError(t, w.Process.Kill())
		seen = append(seen, w.lines()...)
		_ = w.Wait()
	}
	for _, w := range writers {
		require.NoError(t, w.Wait())
	}
	var want []string
	s := open(t, path, fast)
	for at := storage.Seq(0); ; {
		changes, err := s.Changes(t.Context(), "acme", at, 7)
		require.NoError(t, err)
		if len(changes) == 0 {
			break
		}
		for _, c := range changes {
			want, at = append(want, told(c)), c.Seq
		}
	}
	require.Len(t, want, total)
	require.Equal(t, want, seen)
	t.Logf("%d changes of %d processes, %d watchers killed: none missed, none repeated", total, feedWriters, killed)
}

// says returns the next line that a process says.
func (p *process) says(t testing.TB) string {
	t.Helper()
	line, err := p.out.ReadString('\n')
	require.NoError(t, err)
	return strings.TrimSuffix(line, "\n")
}

// lines returns the lines that a process said before it was killed. One without its end was not said.
func (p *process) lines() []string {
	said, _ := io.ReadAll(p.out)
	lines := strings.SplitAfter(string(said), "\n")
	var whole []string
	for _, line := range lines {
		if line, ok := strings.CutSuffix(line, "\n"); ok {
			whole = append(whole, line)
		}
	}
	return whole
}

const stamped = 1_000

// writeAndStamp saves a document again and again, with a break of up to 20 ms before each, and says the time when each
// save was acknowledged.
func writeAndStamp(path, _ string, out io.Writer) error {
	s, err := sqlite.Open(path, sqlite.Options{})
	if err != nil {
		return err
	}
	r := rand.New(rand.NewPCG(5, 6))
	for revision := 1; revision <= stamped; revision++ {
		<-time.After(time.Duration(r.Int64N(int64(20 * time.Millisecond))))
		if err := s.Put(context.Background(), "acme", []storage.Doc{doc("a", revision)}); err != nil {
			return err
		}
		if _, err := fmt.Fprintln(out, time.Now().UnixNano()); err != nil {
			return err
		}
	}
	return s.Close()
}

// BenchmarkFeed measures how long after the acknowledgement of a save in one process Watch yields it in another. While
// something is saved at every poll the poll lasts 25 ms; what comes on top of that is ours.
func BenchmarkFeed(b *testing.B) {
	const poll = 25 * time.Millisecond
	for b.Loop() {
		path := newPath(b)
		s, err := sqlite.Open(path, sqlite.Options{})
		require.NoError(b, err)
		w := start(b, "stamp", path, "")
		var came []time.Time
		for _, err := range storage.Open(s, "acme").Watch(b.Context(), 0) {
			require.NoError(b, err)
			if came = append(came, time.Now()); len(came) == stamped {
				break
			}
		}
		late := make([]time.Duration, stamped)
		for i := range late {
			nanos, err := strconv.ParseInt(w.says(b), 10, 64)
			require.NoError(b, err)
			late[i] = came[i].Sub(time.Unix(0, nanos))
		}
		require.NoError(b, w.Wait())
		require.NoError(b, s.Close())
		slices.Sort(late)
		at := func(p int) float64 { return float64(late[stamped*p/100].Microseconds()) / 1e3 }
		b.ReportMetric(at(50), "ms-p50")
		b.ReportMetric(at(99), "ms-p99")
		b.ReportMetric(at(99)-float64(poll.Milliseconds()), "ms-p99-over-poll")
	}
}
