package sqlite_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/callflow"
	"github.com/sonajobs/sona/callflow/knowledge"
	"github.com/sonajobs/sona/job"
	"github.com/sonajobs/sona/storage"
	"github.com/sonajobs/sona/storage/sqlite"
)

func init() { //nolint:gochecknoinits // a part of another process, which has no other place
	parts["edit"] = editWhenAsked
}

const (
	editedLine = callflow.Line("+15550100")
	editedJob  = job.ID("edited")
	editedPage = knowledge.ID("edited")
)

// edits is how many edits the test makes: SONA_EDITS, 1,000 by default, 100 with -short.
func edits() int {
	if n, err := strconv.Atoi(os.Getenv("SONA_EDITS")); err == nil && n > 0 {
		return n
	}
	if testing.Short() {
		return 100
	}
	return 1_000
}

// editWhenAsked is an author. Each line that comes in asks for an edit; each line out says that one is saved. It edits
// a job, then a page, then attaches or detaches a second job and publishes.
func editWhenAsked(path, _ string, out io.Writer) error {
	s, err := sqlite.Open(path, fast)
	if err != nil {
		return err
	}
	ctx, ws := context.Background(), storage.Open(s, "acme").By("ann")
	flow, err := ws.FlowByNumber(ctx, editedLine)
	if err != nil {
		return err
	}
	asked := bufio.NewScanner(os.Stdin)
	for n := 1; asked.Scan(); n++ {
		switch n % 3 {
		case 1:
			_, err = ws.SaveJob(ctx, editedJob, n/3+1, editedSpec(n/3+2), "")
		case 2:
			_, err = ws.SavePage(ctx, editedPage, n/3+1, editedText(n/3+2), "")
		default:
			toggle := ws.Attach
			if n%2 == 0 {
				toggle = ws.Detach
			}
			if flow, err = toggle(ctx, flow.ID(), callflow.Sona, "second"); err == nil {
				flow, err = ws.Publish(ctx, flow.ID(), flow.Revision())
			}
		}
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintln(out, n); err != nil {
			return err
		}
	}
	return s.Close()
}

func editedSpec(revision int) job.Spec {
	return job.Spec{Name: "Edited", Instructions: fmt.Sprintf("1. Say number %d.", revision)}
}

func editedText(revision int) knowledge.Spec {
	return knowledge.Spec{Title: "Edited", Text: fmt.Sprintf("The number is %d.", revision)}
}

// TestACallThatBeginsAfterAnEditOfAnotherProcessHasIt lets another process edit and, as soon as it said that an edit is
// saved, begins a call in this one. Meanwhile further calls begin at every moment, so that what is held is
// always in use.
func TestACallThatBeginsAfterAnEditOfAnotherProcessHasIt(t *testing.T) {
	t.Parallel()
	path := newPath(t)
	s := open(t, path, fast)
	ws := storage.Open(s, "acme").By("ann")
	ctx := t.Context()
	_, err := ws.CreateJobAs(ctx, editedJob, editedSpec(1))
	require.NoError(t, err)
	_, err = ws.CreateJobAs(ctx, "second", job.Spec{Name: "Second", Instructions: "1. Say hello."})
	require.NoError(t, err)
	_, err = ws.CreatePageAs(ctx, editedPage, editedText(1))
	require.NoError(t, err)
	flow, err := ws.CreateFlow(ctx, callflow.Simple("Desk", editedLine, callflow.SonaStep{Greeting: "Hello."}))
	require.NoError(t, err)
	_, err = ws.Attach(ctx, flow.ID(), callflow.Sona, editedJob)
	require.NoError(t, err)
	flow, err = ws.AttachPage(ctx, flow.ID(), callflow.Sona, editedPage)
	require.NoError(t, err)
	_, err = ws.Publish(ctx, flow.ID(), flow.Revision())
	require.NoError(t, err)

	var stop atomic.Bool
	begun := make(chan int)
	go func() {
		n := 0
		defer func() { begun <- n }()
		for last := 0; !stop.Load(); n++ {
			c, err := ws.SnapshotFor(ctx, editedLine)
			if err != nil {
				t.Error(err)
				return
			}
			if now := c.Jobs(callflow.Sona)[0].Revision(); now >= last {
				last = now
			} else {
				t.Errorf("revision %d after %d", now, last)
				return
			}
		}
	}()

	p := prepareProcess(executable(t), "edit", path, "")
	ask, err := p.StdinPipe()
	require.NoError(t, err)
	out, err := p.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, p.Start())
	t.Cleanup(func() { _ = p.Process.Kill() })
	author := process{p, bufio.NewReader(out)}
	want := struct{ job, page, version int }{1, 1, 1}
	stale := 0
	for n := 1; n <= edits(); n++ {
		_, err := io.WriteString(ask, "go on\n")
		require.NoError(t, err)
		require.Equal(t, strconv.Itoa(n), author.says(t))
		c, err := ws.SnapshotFor(ctx, editedLine)
		require.NoError(t, err)
		switch n % 3 {
		case 1:
			want.job++
		case 2:
			want.page++
		default:
			want.version++
		}
		jobs, pages := c.Jobs(callflow.Sona), c.Pages(callflow.Sona)
		require.Len(t, jobs, 1+(want.version+1)%2, "edit %d", n)
		if jobs[0].Revision() != want.job || pages[0].Revision() != want.page || c.Version().Number() != want.version {
			stale++
		}
		require.Equal(t, editedSpec(want.job).Instructions, jobs[0].Spec().Instructions)
		require.True(t, strings.HasSuffix(pages[0].Spec().Text, fmt.Sprintf(" %d.", want.page)))
	}
	require.Zero(t, stale)
	require.NoError(t, ask.Close())
	require.NoError(t, author.Wait())
	stop.Store(true)
	t.Logf("%d edits, 0 stale; %d calls beside them", edits(), <-begun)
}
